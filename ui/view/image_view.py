"""The widget that shows one image with its read: `ui.view.hand` has mouse and keys, `ui.view.drawing` the layers."""

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.background import Background
from ui.pixels import PixelStore
from ui.pointing import TargetKind
from ui.tools.host import ToolHost
from ui.view import furniture
from ui.view.drawing import Drawing
from ui.view.found_part import FADED, FoundLayer, FoundPart
from ui.view.hair_shapes import Look
from ui.view.hand import Hand
from ui.view.overlay import Emphasis
from ui.view.prepared_image import PreparedImage
from ui.view.zoomable import ZoomableWidget, device_viewport
from ui.workspace import Workspace
from workstation.model.study import ImageRecord

KEY_FOCUS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class ImageView(ZoomableWidget):
    """One image of the study that is open.

    Args:
        image_id: the image.
        workspace: what is shown and selected.
        pixels: where the images come from.
        tools: the tool in hand.
        background: prepares the image for drawing.
        parent: the Qt parent.
    """

    menu_asked = Signal(object, QPoint)
    """The `Target` under the mouse or crosshair, or None, and where on the screen a menu should open."""
    peek_changed = Signal(bool)
    """The key that hides the overlay is held, or let go."""
    preview_answered = Signal(bool)
    """While a detection is previewed: Enter says yes, Esc says no."""

    def __init__(
        self,
        image_id: int,
        workspace: Workspace,
        pixels: PixelStore,
        tools: ToolHost,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._image_id = image_id
        self.workspace = workspace
        self.tools = tools
        self._peeking = self._previewing = False
        self._partner: tuple[float, float] | None = None
        self._preview = FoundLayer()
        self._badge = ""
        self._focus_by_key = False
        self._image = PreparedImage(image_id, pixels, background, self)
        self._drawing = Drawing(self.font().family())
        self._hand = Hand(self)
        self._set_up()
        self._connect()
        self._follow_study()
        self._drawing.set_display(workspace.display)
        self._image.fetch(local_contrast=workspace.display.adjustments.local_contrast)

    def _set_up(self) -> None:
        self.setObjectName(f"image_view_{self._image_id}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)
        self.setAccessibleName("Image")
        self.setAccessibleDescription(
            "Arrow keys move a crosshair, Enter clicks there, the context menu key offers what fits the thing below it."
        )
        self._drawing.set_canvas(theme.current().colour("canvas"))
        self._hand.take_cursor()

    def _connect(self) -> None:
        workspace = self.workspace
        workspace.document_changed.connect(self._follow_study)
        workspace.settings_changed.connect(self._follow_study)
        workspace.selection_changed.connect(self._follow_emphasis)
        workspace.hover_changed.connect(self._follow_emphasis)
        workspace.display_changed.connect(self._follow_display)
        self._image.changed.connect(self._follow_image)
        self.tools.preview_changed.connect(self.update)
        self.tools.changed.connect(self._follow_tool)
        theme.watcher().changed.connect(self._follow_theme)

    # --- what it shows -----------------------------------------------------------------------------------------

    @property
    def image_id(self) -> int:
        """The image."""
        return self._image_id

    @property
    def record(self) -> ImageRecord | None:
        """The image as the study has it; None once the study is closed."""
        study = self.workspace.study
        return None if study is None else study.images.get(self._image_id)

    @property
    def image_size(self) -> tuple[int, int]:
        """Width and height of the image."""
        record = self.record
        return (1, 1) if record is None else (record.width_px, record.height_px)

    @property
    def um_per_px(self) -> float | None:
        """The image's scale."""
        record = self.record
        return None if record is None or record.calibration is None else record.calibration.um_per_px

    @property
    def drawing(self) -> Drawing:
        """What is drawn, for tests and measurements."""
        return self._drawing

    @property
    def ready(self) -> bool:
        """Whether the image is there to be looked at."""
        return self._drawing.pyramid is not None

    @property
    def failed(self) -> bool:
        """Whether there is no image to look at, and why is known."""
        return not self.ready and self._image.error is not None

    def retry(self) -> None:
        """Try once more to load an image that could not be."""
        self._image.retry()

    def set_badge(self, text: str) -> None:
        """Show a few words at the lower right, such as `12 of 143 doubtful`."""
        if text != self._badge:
            self._badge = text
            self.update()

    def set_peeking(self, peeking: bool) -> None:
        """Hide the overlay while a key is held."""
        if peeking != self._peeking:
            self._peeking = peeking
            self.update()

    @property
    def previewing(self) -> bool:
        """Whether a detection is previewed in it, be it that nothing is there to be shown yet."""
        return self._previewing

    @property
    def preview(self) -> FoundPart | None:
        """What a detection would find."""
        return self._preview.found

    def set_preview(self, preview: FoundPart | None, *, previewing: bool) -> None:
        """Show what a detection would find, over the read, which is faint meanwhile.

        Args:
            preview: what is shown; None where there is nothing yet, or no more.
            previewing: whether the user is asked for an answer.
        """
        if (preview, previewing) != (self._preview.found, self._previewing):
            self._previewing = previewing
            self._preview.show(preview)
            self.update()

    @property
    def partner(self) -> tuple[float, float] | None:
        """The place of the cursor of another image, where it lies in this one."""
        return self._partner

    def set_partner(self, place_px: tuple[float, float] | None) -> None:
        """Mark the place where the cursor of a registered image is; nothing where it lies beside this image."""
        width, height = self.image_size
        inside = place_px and -0.5 <= place_px[0] <= width - 0.5 and -0.5 <= place_px[1] <= height - 0.5
        before, self._partner = self._partner, place_px if inside else None
        for place in (before, self._partner):
            if place is not None and before != self._partner:
                self.update(furniture.partner_rect(self._in_view(place)))

    def _in_view(self, place_px: tuple[float, float]) -> tuple[float, float]:
        x, y = self.viewport.to_view(place_px).tolist()
        return x, y

    def zoom_anchor(self) -> tuple[float, float] | None:
        """The point under the crosshair or the mouse."""
        return self._hand.anchor()

    def retire(self) -> None:
        """The view is going to be deleted: nothing that is under way comes back to it, and its memory is free now."""
        self.end_motion()
        self._image.release()
        self._drawing.release()
        self._preview.show(None)

    # --- what it follows ---------------------------------------------------------------------------------------

    def _follow_study(self, _change: object = None) -> None:
        study, record = self.workspace.study, self.record
        if study is None or record is None:
            return
        look = Look(self.um_per_px, study.cutoffs, self.workspace.settings.doubtful_below)
        self._drawing.set_read(self.workspace.read(self._image_id), look)
        self._follow_emphasis()
        self.update()

    def _follow_emphasis(self) -> None:
        emphasis = self._emphasis()
        if emphasis != self._drawing.emphasis:
            self._drawing.set_emphasis(emphasis)
            self.update()

    def _emphasis(self) -> Emphasis:
        workspace, hover = self.workspace, self.workspace.hover
        here = hover if hover is not None and hover.image_id == self._image_id else None
        selection = workspace.selection if workspace.selected_image == self._image_id else None
        return Emphasis(
            selected_hairs=workspace.selected_hairs() if selection else frozenset(),
            selected_units=selection.unit_ids if selection else frozenset(),
            hovered_hairs=frozenset({here.id}) if here and here.kind is TargetKind.HAIR else frozenset(),
            hovered_units=frozenset({here.id}) if here and here.kind is TargetKind.UNIT else frozenset(),
            hovered_exclusion=here.id if here and here.kind is TargetKind.EXCLUSION else None,
        )

    def _follow_display(self) -> None:
        before, now = self._drawing.display, self.workspace.display
        self._drawing.set_display(now)
        if before.adjustments.local_contrast != now.adjustments.local_contrast:
            self._image.fetch(local_contrast=now.adjustments.local_contrast)
        self.update()

    def _follow_image(self) -> None:
        if self._image.pyramid is not self._drawing.pyramid:
            self._drawing.set_pyramid(self._image.pyramid)
        self.update()

    def _follow_tool(self) -> None:
        self._hand.take_cursor()

    def _follow_theme(self, now: theme.Theme) -> None:
        self._drawing.set_canvas(now.colour("canvas"))
        self.update()

    def _settle(self) -> None:
        super()._settle()
        self._hand.settled()

    # --- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """See Qt."""
        painter = QPainter(self)
        try:
            if self.ready:
                self._paint_image(painter)
            else:
                painter.fillRect(self.rect(), theme.current().colour("canvas"))
                title, more = self._words()
                furniture.paint_words(painter, title, more, self.viewport.size, self.font(), theme.current())
            if self._focus_by_key and self.hasFocus():
                self._paint_focus(painter)
        finally:
            painter.end()

    def _paint_image(self, painter: QPainter) -> None:
        ratio, size, overlay = self.devicePixelRatioF(), self.viewport.size, not self._peeking
        preview = self._preview.found if overlay else None
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        drawn = device_viewport(self.viewport, ratio)
        strength = 0.0 if self._peeking else 1.0 if preview is None else FADED
        sharp = self._drawing.paint(painter, drawn, ratio, moving=self.moving, overlay=strength)
        if preview is not None:
            sharp &= self._preview.paint(painter, drawn, ratio, moving=self.moving)
        painter.restore()
        if not sharp:
            self.settle_soon()
        if preview is not None:
            preview.paint_frame(painter, self.viewport, self.font())
        if overlay:
            painter.save()
            self.tools.current.paint(painter, self.viewport, self._image_id)
            painter.restore()
        if (crosshair := self._hand.crosshair) is not None:
            furniture.paint_crosshair(painter, self._in_view(crosshair))
        elif self._partner is not None:
            furniture.paint_partner(painter, self._in_view(self._partner))
        bar = furniture.scale_bar(self.viewport.scale, self.um_per_px, size[0])
        if bar is not None:
            furniture.paint_scale_bar(painter, bar, size, self.font())
        if self._badge:
            furniture.paint_badge(painter, self._badge, size, self.font())

    def _paint_focus(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.current().colour("link"), 2))
        painter.drawRect(QRectF(1, 1, self.width() - 2, self.height() - 2))

    def _words(self) -> tuple[str, str]:
        error = self._image.error
        if error is not None:
            what = error.what[:1].upper() + error.what[1:] if error.file is None else f"{error.file.name}: {error.what}"
            return f"{what}.", f"{error.remedy} Double-click here, or press Enter, to try again.".strip()
        if self.record is None:
            return "No image", "Choose one of the study's images, or drop images here."
        return "Loading …", ""

    # --- events ------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Pinches, and keys that would else be taken for commands."""
        # Qt sends events already while the object is being made
        hand = getattr(self, "_hand", None)
        return (hand is not None and hand.takes(event)) or super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the mouse."""
        self._hand.wheel(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """See `Hand`."""
        self._hand.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """See `Hand`."""
        self._hand.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """See `Hand`."""
        self._hand.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """See `Hand`."""
        self._hand.double_click(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See `Hand`."""
        if not self._hand.key_press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """See `Hand`."""
        if not self._hand.key_release(event):
            super().keyReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu, or end a gesture."""
        self._hand.menu(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keys act on this image now."""
        super().focusInEvent(event)
        # whoever clicked knows where
        self._focus_by_key = event.reason() in KEY_FOCUS
        self.workspace.set_active(self._image_id)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go of what was held."""
        super().focusOutEvent(event)
        self._hand.let_go()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse any more."""
        super().leaveEvent(event)
        self._hand.leave()
