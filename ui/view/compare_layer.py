"""One visit of a pair that is shown one over the other, drawn in the first one's frame."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter

from analysis.detection import FloatArray
from analysis.registration.way import Way, similarity_of
from ui import theme
from ui.background import Background, Task
from ui.pixels import Pixels, PixelStore
from ui.view.boxes import corners
from ui.view.drawing import Drawing
from ui.view.emphasis import emphasis_of
from ui.view.hair_shapes import Look
from ui.view.image_view import ImageView
from ui.view.mapped_read import ReadMapper, in_pieces
from ui.view.match_layer import MatchLayer
from ui.view.prepared_image import PreparedImage
from ui.view.viewport import Viewport
from ui.workspace import Workspace
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study


@dataclass(frozen=True, slots=True)
class Frame:
    """The image in whose pixels a layer is drawn, and the way there."""

    image_id: int
    way: Way
    """From the layer's image to the frame's; without a step where it is the same one."""


@dataclass(frozen=True, slots=True, eq=False)
class Mapped:
    """What is worked out of a read on a thread."""

    mapper: ReadMapper
    outline_px: FloatArray
    """(K, 2) the edge of the layer's image, in the frame."""
    read: Read | None


class CompareLayer(QObject):
    """See the module.

    Args:
        image_id: the visit's image.
        frame: in which it is drawn.
        workspace: what is shown and selected.
        view: that of the image where it stands beside the others, whose matches are shown here too.
        prepared: the image, made ready in the frame; whoever made it has it fetched.
        background: maps the read.
        font: the family of the numbers.
        parent: the Qt parent.
    """

    changed = Signal()
    """It looks otherwise."""

    def __init__(
        self,
        image_id: int,
        frame: Frame,
        workspace: Workspace,
        view: ImageView,
        prepared: PreparedImage,
        background: Background,
        font: str,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.image_id, self.frame = image_id, frame
        self._workspace, self._background = workspace, background
        self.prepared = prepared
        self.drawing = Drawing(font)
        self._view, self._matches = view, MatchLayer()
        self._released = False
        self._mapped: Mapped | None = None
        self._task: Task[Mapped] | None = None
        self.drawing.set_canvas(theme.current().colour("canvas"))
        self.drawing.set_display(workspace.display)
        view.matches_changed.connect(self._follow_matches)
        for changed in (workspace.document_changed, workspace.settings_changed):
            changed.connect(self._follow_study)
        for changed in (workspace.selection_changed, workspace.hover_changed):
            changed.connect(self._follow_emphasis)
        workspace.display_changed.connect(self._follow_display)
        theme.watcher().changed.connect(self._follow_theme)
        prepared.changed.connect(self._follow_image)
        self._follow_image()
        self._follow_study()
        self._follow_matches()

    @property
    def own_frame(self) -> bool:
        """Whether it is drawn in its own pixels."""
        return not self.frame.way.steps

    @property
    def ready(self) -> bool:
        """Whether its image is there to be looked at."""
        return self.drawing.pyramid is not None and (self.own_frame or self._mapped is not None)

    def to_frame(self, points_px: FloatArray) -> FloatArray:
        """(N, 2) pixels of the frame for pixels of its image."""
        return self.frame.way.there(points_px)

    def from_frame(self, points_px: FloatArray) -> FloatArray:
        """(N, 2) pixels of its image for pixels of the frame."""
        return self.frame.way.back(points_px)

    @property
    def matches(self) -> MatchLayer:
        """What is shown of matches."""
        return self._matches

    def paint(
        self, painter: QPainter, viewport: Viewport, pen_px: float, *, moving: bool, overlay: float, image: float = 1.0
    ) -> bool:
        """Draw it with its matches; see `Drawing.paint`."""
        sharp = self.drawing.paint(painter, viewport, pen_px, moving=moving, overlay=overlay, image=image)
        sharp &= self._matches.paint_over(painter, self.drawing, viewport, pen_px, moving=moving, overlay=overlay)
        return sharp

    def release(self) -> None:
        """It will not be shown any more: nothing that is under way comes back, and its memory is free."""
        self._released = True
        if self._task is not None:
            self._task.drop()
        if not self.own_frame:
            self.prepared.release()
            self.prepared.deleteLater()
        self.drawing.release()
        self._matches.release()
        self.deleteLater()

    def _follow_study(self, _change: object = None) -> None:
        study, read = self._workspace.study, self._workspace.read(self.image_id)
        if self._released or study is None or not {self.image_id, self.frame.image_id} <= study.images.keys():
            return
        if self.own_frame:
            self._show(read)
            return
        if self._task is not None:
            self._task.drop()
        work = self._work(study, read)
        self._task = self._background.submit(work, self._take, name="drawing hairs through the registration")

    def _work(self, study: Study, read: Read | None) -> Callable[[], Mapped]:
        mapped = self._mapped
        if mapped is not None:
            return partial(_mapped_again, mapped, read)
        own, frame = study.images[self.image_id], study.images[self.frame.image_id]
        return partial(_mapped, self.frame.way, own, frame, read)

    def _take(self, mapped: Mapped) -> None:
        self._task = None
        if self._mapped is None:
            self.drawing.set_edge(mapped.outline_px)
        self._mapped = mapped
        self._show(mapped.read)

    def _show(self, read: Read | None) -> None:
        study = self._workspace.study
        if study is None:
            return
        calibration = study.images[self.frame.image_id].calibration
        um_per_px = None if calibration is None else calibration.um_per_px
        self.drawing.set_read(read, Look(um_per_px, study.cutoffs, self._workspace.settings.doubtful_below))
        self._follow_emphasis()
        self.changed.emit()

    def _follow_emphasis(self) -> None:
        emphasis = emphasis_of(self._workspace, self.image_id)
        if emphasis != self.drawing.emphasis:
            self.drawing.set_emphasis(emphasis)
            self.changed.emit()

    def _follow_matches(self) -> None:
        if self._released:
            return
        shown = self._view.matches
        partners, ghost = shown.partners, shown.partners.ghost
        if ghost is not None:
            x, y = self.to_frame(np.array([ghost]))[0].tolist()
            partners = replace(partners, ghost=(x, y))
        if self._matches.show(shown.marks, partners):
            self._follow_display()

    def _follow_display(self) -> None:
        if self._released:
            return
        before, now = self.drawing.display.adjustments, self._workspace.display.adjustments
        self.drawing.set_display(self._matches.display_beside(self._workspace.display))
        if before.local_contrast != now.local_contrast and not self.own_frame:
            self.prepared.fetch(local_contrast=now.local_contrast)
        self.changed.emit()

    def _follow_image(self) -> None:
        if self._released:
            return
        if self.prepared.pyramid is not self.drawing.pyramid:
            self.drawing.set_pyramid(self.prepared.pyramid)
        self.changed.emit()

    def _follow_theme(self, now: theme.Theme) -> None:
        self.drawing.set_canvas(now.colour("canvas"))
        self.changed.emit()


def prepared_in_frame(
    record: ImageRecord,
    frame: ImageRecord,
    way: Way,
    pixels: PixelStore,
    background: Background,
    parent: QObject,
) -> PreparedImage:
    """An image made ready as it lies in another.

    Args:
        record: the image.
        frame: the other one.
        way: from the image to the other.
        pixels: where it comes from.
        background: makes it ready.
        parent: the Qt parent.
    """
    resample = partial(_resampled, way=way, size=(frame.width_px, frame.height_px))
    return PreparedImage(record.id, pixels, background, parent, resample)


def _resampled(pixels: Pixels, way: Way, size: tuple[int, int]) -> Pixels:
    """On a thread."""
    from analysis.registration.place_table import tabulated
    from analysis.registration.resample import resampled

    return resampled(pixels, tabulated(way.back, size).places, size)


def _mapped(way: Way, record: ImageRecord, frame: ImageRecord, read: Read | None) -> Mapped:
    """On a thread."""
    from analysis.registration.place_table import tabulated

    size, frame_size = (record.width_px, record.height_px), (frame.width_px, frame.height_px)
    there = tabulated(way.there, size).places
    if record.calibration is not None and frame.calibration is not None:
        # so that its width in µm, and with it its class, is the same
        ratio = record.calibration.um_per_px / frame.calibration.um_per_px
    else:
        ratio = similarity_of(way.there, size, frame_size).scale
    edge = corners((-0.5, -0.5, size[0] - 0.5, size[1] - 0.5))
    return _mapped_again(Mapped(ReadMapper(there, ratio, frame_size), there(in_pieces(edge)), None), read)


def _mapped_again(mapped: Mapped, read: Read | None) -> Mapped:
    """On a thread."""
    return Mapped(mapped.mapper, mapped.outline_px, None if read is None else mapped.mapper.mapped(read))
