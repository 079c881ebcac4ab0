"""A view that the user's hand works in: mouse, keys, focus, the cursor's partner; what it shows is its subclass's."""

from typing import Protocol

from numpy.typing import ArrayLike
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

from analysis.detection import FloatArray
from ui import theme
from ui.tools.tool import Tool
from ui.view import furniture
from ui.view.hand import Hand
from ui.view.zoomable import ZoomableWidget
from ui.workspace import Workspace
from workstation.entry import Selection
from workstation.model.study import ImageRecord

KEY_FOCUS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class Holder(Protocol):
    """Who holds the tool in hand."""

    @property
    def current(self) -> Tool:
        """The tool in hand."""

    def cancel(self) -> bool:
        """Discard what is begun; whether there was anything."""


class HandView(ZoomableWidget):
    """See the module.

    Args:
        workspace: what is shown and selected.
        tools: the tool in hand.
        parent: the Qt parent.
    """

    menu_asked = Signal(object, QPoint)
    """The `Target` under the mouse or crosshair, or None, and where on the screen a menu should open."""
    peek_changed = Signal(bool)
    """The key that hides the overlay is held, or let go."""
    preview_answered = Signal(bool)
    """While a detection is previewed: Enter says yes, Esc says no."""

    def __init__(self, workspace: Workspace, tools: Holder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.tools = tools
        self._peeking = False
        self._partner: tuple[float, float] | None = None
        self._focus_by_key = False
        self._hand = Hand(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)
        self.setAccessibleName("Image")
        self.setAccessibleDescription(
            "Arrow keys move a crosshair, Enter clicks there, the context menu key offers what fits the thing below it."
        )

    # --- what it is of -----------------------------------------------------------------------------------------

    @property
    def image_id(self) -> int:
        """The image that the hand works in."""
        raise NotImplementedError

    @property
    def record(self) -> ImageRecord | None:
        """The image as the study has it; None once the study is closed."""
        study = self.workspace.study
        return None if study is None else study.images.get(self.image_id)

    @property
    def frame_record(self) -> ImageRecord | None:
        """The image in whose pixels the viewport is."""
        return self.record

    @property
    def ready(self) -> bool:
        """Whether there is anything to be looked at."""
        raise NotImplementedError

    @property
    def failed(self) -> bool:
        """Whether there is nothing to look at, and why is known."""
        return False

    def retry(self) -> None:
        """Try once more to load an image that could not be."""

    @property
    def previewing(self) -> bool:
        """Whether a detection is previewed in it, be it that nothing is there to be shown yet."""
        return False

    def to_view(self, points_px: ArrayLike) -> FloatArray:
        """Points of the image, (2,) or (N, 2), as points of the view."""
        return self.viewport.to_view(points_px)

    def to_image(self, points: ArrayLike) -> FloatArray:
        """Points of the view, (2,) or (N, 2), as points of the image."""
        return self.viewport.to_image(points)

    def escape(self) -> None:
        """Esc was pressed when there was nothing else to discard."""
        self.workspace.select(Selection())

    # --- what it shows besides ---------------------------------------------------------------------------------

    def set_peeking(self, peeking: bool) -> None:
        """Hide the overlay while a key is held."""
        if peeking != self._peeking:
            self._peeking = peeking
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

    def _follow_tool(self) -> None:
        self._hand.take_cursor()

    def _settle(self) -> None:
        super()._settle()
        self._hand.settled()

    # --- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """See Qt."""
        painter = QPainter(self)
        try:
            if self.ready:
                self._paint(painter)
            else:
                painter.fillRect(self.rect(), theme.current().colour("canvas"))
                title, more = self._words()
                furniture.paint_words(painter, title, more, self.viewport.size, self.font(), theme.current())
            if self._focus_by_key and self.hasFocus():
                self._paint_focus(painter)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        """Paint what there is to be looked at."""
        raise NotImplementedError

    def _words(self) -> tuple[str, str]:
        """What stands where there is nothing to be looked at: in short, and what to do."""
        raise NotImplementedError

    def _paint_focus(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.current().colour("link"), 2))
        painter.drawRect(QRectF(1, 1, self.width() - 2, self.height() - 2))

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
        self.workspace.set_active(self.image_id)
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
