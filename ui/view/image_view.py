"""The widget that shows one image with its read: `ui.view.hand` has mouse and keys, `ui.view.drawing` the layers."""

from PySide6.QtCore import Signal
from PySide6.QtGui import (
    QPainter,
)
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.background import Background
from ui.pixels import PixelStore
from ui.tools.host import ToolHost
from ui.view import furniture
from ui.view.adjudication_layer import AdjudicationLayer, ReadMarks
from ui.view.drawing import Drawing
from ui.view.emphasis import emphasis_of
from ui.view.found_part import FADED, FoundLayer, FoundPart
from ui.view.hair_shapes import Look
from ui.view.hand_view import HandView
from ui.view.match_layer import MatchLayer
from ui.view.match_marks import Marks, Partners
from ui.view.prepared_image import PreparedImage
from ui.view.zoomable import device_viewport
from ui.workspace import Workspace


class ImageView(HandView):
    """One image of the study that is open.

    Args:
        image_id: the image.
        workspace: what is shown and selected.
        pixels: where the images come from.
        tools: the tool in hand.
        background: prepares the image for drawing.
        parent: the Qt parent.
    """

    matches_changed = Signal()
    """Other marks of matches are shown."""

    def __init__(
        self,
        image_id: int,
        workspace: Workspace,
        pixels: PixelStore,
        tools: ToolHost,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(workspace, tools, parent)
        self._image_id = image_id
        self._previewing = self._retired = False
        self._preview = FoundLayer()
        self._matches = MatchLayer()
        self._two_reads = AdjudicationLayer()
        self._badge = ""
        self._image = PreparedImage(image_id, pixels, background, self)
        self._drawing = Drawing(self.font().family())
        self.setObjectName(f"image_view_{image_id}")
        self._drawing.set_canvas(theme.current().colour("canvas"))
        self._hand.take_cursor()
        self._connect()
        tools.preview_changed.connect(self.update)
        tools.changed.connect(self._follow_tool)
        self._follow_study()
        self._drawing.set_display(workspace.display)
        self._image.fetch(local_contrast=workspace.display.adjustments.local_contrast)

    def _connect(self) -> None:
        workspace = self.workspace
        for changed in (workspace.document_changed, workspace.shown_changed):
            changed.connect(self._follow_study)
        workspace.settings_changed.connect(self._follow_study)
        workspace.selection_changed.connect(self._follow_emphasis)
        workspace.hover_changed.connect(self._follow_emphasis)
        workspace.display_changed.connect(self._follow_display)
        self._image.changed.connect(self._follow_image)
        theme.watcher().changed.connect(self._follow_theme)

    # --- what it shows -----------------------------------------------------------------------------------------

    @property
    def image_id(self) -> int:
        """The image."""
        return self._image_id

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
    def prepared(self) -> PreparedImage:
        """The image as it is made ready for drawing."""
        return self._image

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
    def matches(self) -> MatchLayer:
        """What is shown of matches."""
        return self._matches

    def set_matches(self, marks: Marks | None, partners: Partners) -> None:
        """Show what became of the units, in place of their outlines and numbers of hairs.

        Args:
            marks: of the units; None: matches are not shown.
            partners: what stands out because of what is selected or pointed at in another image.
        """
        if self._matches.show(marks, partners):
            self._follow_display()
            self.matches_changed.emit()

    @property
    def two_reads(self) -> ReadMarks | None:
        """What is shown of two reads that are settled; None: nothing."""
        return self._two_reads.marks

    def set_two_reads(self, marks: ReadMarks | None) -> None:
        """Show what two reads differ in, over their third, which is faint meanwhile; None: no more."""
        if marks is not self._two_reads.marks:
            self._two_reads.marks = marks
            self.update()

    def retire(self) -> None:
        """The view is going to be deleted: nothing that is under way comes back to it, and its memory is free now."""
        self._retired = True
        self.end_motion()
        self._image.release()
        self._drawing.release()
        self._preview.show(None)
        self._matches.release()

    # --- what it follows ---------------------------------------------------------------------------------------

    def _follow_study(self, _change: object = None) -> None:
        study, record = self.workspace.study, self.record
        if study is None or record is None or self._retired:
            return
        look = Look(self.um_per_px, study.cutoffs, self.workspace.settings.doubtful_below)
        self._drawing.set_read(self.workspace.read(self._image_id), look)
        self._follow_emphasis()
        self.update()

    def _follow_emphasis(self) -> None:
        emphasis = emphasis_of(self.workspace, self._image_id)
        if emphasis != self._drawing.emphasis:
            self._drawing.set_emphasis(emphasis)
            self.update()

    def _follow_display(self) -> None:
        before, now = self._drawing.display, self._matches.display_beside(self.workspace.display)
        self._drawing.set_display(now)
        if before.adjustments.local_contrast != now.adjustments.local_contrast:
            self._image.fetch(local_contrast=now.adjustments.local_contrast)
        self.update()

    def _follow_image(self) -> None:
        if self._image.pyramid is not self._drawing.pyramid:
            self._drawing.set_pyramid(self._image.pyramid)
        self.update()

    def _follow_theme(self, now: theme.Theme) -> None:
        self._drawing.set_canvas(now.colour("canvas"))
        self.update()

    # --- painting ----------------------------------------------------------------------------------------------

    def _paint(self, painter: QPainter) -> None:
        ratio, size, overlay = self.devicePixelRatioF(), self.viewport.size, not self._peeking
        preview = self._preview.found if overlay else None
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        drawn = device_viewport(self.viewport, ratio)
        strength = 0.0 if self._peeking else self._two_reads.below if preview is None else FADED
        sharp = self._drawing.paint(painter, drawn, ratio, moving=self.moving, overlay=strength)
        if preview is not None:
            sharp &= self._preview.paint(painter, drawn, ratio, moving=self.moving)
        elif overlay:
            sharp &= self._matches.paint_over(painter, self._drawing, drawn, ratio, moving=self.moving)
            self._two_reads.paint_over(painter, self._drawing, drawn, ratio)
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

    def _words(self) -> tuple[str, str]:
        error = self._image.error
        if error is not None:
            return furniture.error_words(error)
        if self.record is None:
            return "No image", "Choose one of the study's images, or drop images here."
        return "Loading …", ""
