"""Two registered visits one over the other: blinking, on either side of a curtain, or one fading into the other."""

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from analysis.detection import FloatArray
from ui.comparing import Comparing, Mode
from ui.pixels import PixelStore
from ui.tools.looking import LookingHost
from ui.view import furniture
from ui.view.compare_layer import CompareLayer
from ui.view.hand_view import HandView
from ui.view.mapped_read import Map
from ui.view.zoomable import device_viewport
from ui.workspace import Workspace
from workstation.entry import Selection
from workstation.model.study import ImageRecord

HANDLE_REACH_PX = 10


class CompareView(HandView):
    """See the module. All is drawn in the pixels of the first visit's image; the hand works in what is on top.

    Args:
        first: the layer whose image is the frame.
        second: the other one.
        names: what the two are called.
        comparing: the mode.
        workspace: what is selected.
        pixels: see `Tool`.
        parent: the Qt parent.
    """

    def __init__(
        self,
        first: CompareLayer,
        second: CompareLayer,
        names: tuple[str, str],
        comparing: Comparing,
        workspace: Workspace,
        pixels: PixelStore,
        parent: QWidget | None = None,
    ) -> None:
        looking = LookingHost(workspace, pixels)
        super().__init__(workspace, looking, parent)
        looking.current.setParent(self)
        self._first, self._second, self._names = first, second, names
        self._comparing = comparing
        self._under_hand = first
        self._drags = False
        looking.current.stepped.connect(comparing.step)
        self.setObjectName("compare_view")
        self._hand.take_cursor()
        for layer in (first, second):
            layer.changed.connect(self.update)
        for changed in (comparing.changed, comparing.mode_changed):
            changed.connect(self._follow)
        workspace.tool_changed.connect(self._follow_tool)

    # --- what it is of -----------------------------------------------------------------------------------------

    @property
    def image_id(self) -> int:
        """The image on top, under the mouse where there is a curtain."""
        return self._under_hand.image_id

    @property
    def image_size(self) -> tuple[int, int]:
        """Width and height of the frame."""
        record = self.frame_record
        return (1, 1) if record is None else (record.width_px, record.height_px)

    @property
    def frame_record(self) -> ImageRecord | None:
        """The image whose pixels are the frame's; None once the study is closed."""
        study = self.workspace.study
        return None if study is None else study.images.get(self._first.image_id)

    @property
    def layers(self) -> tuple[CompareLayer, CompareLayer]:
        """The first and the second visit."""
        return self._first, self._second

    @property
    def top(self) -> CompareLayer:
        """The layer that is seen, or seen more of."""
        return self._second if self._comparing.second_on_top else self._first

    @property
    def ready(self) -> bool:
        """Whether there is anything to look at: the first visit, until the second is laid over it."""
        return self._first.ready and not self.failed

    @property
    def complete(self) -> bool:
        """Whether both are there."""
        return self._first.ready and self._second.ready

    @property
    def failed(self) -> bool:
        """Whether one cannot be shown."""
        return not self.complete and any(layer.prepared.error is not None for layer in self.layers)

    def retry(self) -> None:
        """Try once more to load what could not be."""
        for layer in self.layers:
            if layer.prepared.error is not None:
                layer.prepared.retry()

    def to_view(self, points_px: ArrayLike) -> FloatArray:
        """Points of the image on top as points of the view."""
        return self.viewport.to_view(_alike(points_px, self._under_hand.to_frame))

    def to_image(self, points: ArrayLike) -> FloatArray:
        """Points of the view as points of the image on top."""
        return _alike(self.viewport.to_image(points), self._under_hand.from_frame)

    def escape(self) -> None:
        """Select nothing; then leave."""
        if self.workspace.selection.read_id is not None:
            self.workspace.select(Selection())
        else:
            self._comparing.set_mode(Mode.SIDE_BY_SIDE)

    def layer_of(self, image_id: int) -> CompareLayer | None:
        """The layer of an image."""
        return next((layer for layer in self.layers if layer.image_id == image_id), None)

    def retire(self) -> None:
        """The view is going to be deleted."""
        self.end_motion()
        for layer in self.layers:
            layer.release()

    # --- painting ----------------------------------------------------------------------------------------------

    def _paint(self, painter: QPainter) -> None:
        self._paint_layers(painter)
        self._paint_furniture(painter)

    def _paint_layers(self, painter: QPainter) -> None:
        ratio, mode = self.devicePixelRatioF(), self._comparing.mode
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        whole = device_viewport(self.viewport, ratio).size
        if not self.complete:
            sharp = self._paint_layer(painter, self._first)
        elif mode is Mode.CURTAIN:
            edge = round(self._edge * ratio)
            sharp = self._paint_clipped(painter, self._first, QRect(0, 0, edge, whole[1]))
            sharp &= self._paint_clipped(painter, self._second, QRect(edge, 0, whole[0] - edge, whole[1]))
        elif mode is Mode.FADE:
            fade = self._comparing.fade
            sharp = fade == 1.0 or self._paint_layer(painter, self._first, 1.0, 1.0 - fade)
            sharp &= fade == 0.0 or self._paint_layer(painter, self._second, fade, fade)
        else:
            sharp = self._paint_layer(painter, self.top)
        painter.restore()
        if not sharp:
            self.settle_soon()

    def _paint_clipped(self, painter: QPainter, layer: CompareLayer, rect: QRect) -> bool:
        if rect.isEmpty():
            return True
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        sharp = self._paint_layer(painter, layer)
        painter.restore()
        return sharp

    def _paint_layer(self, painter: QPainter, layer: CompareLayer, image: float = 1.0, overlay: float = 1.0) -> bool:
        ratio = self.devicePixelRatioF()
        strength = 0.0 if self._peeking else overlay
        drawn = device_viewport(self.viewport, ratio)
        return layer.paint(painter, drawn, ratio, moving=self.moving, overlay=strength, image=image)

    def _paint_furniture(self, painter: QPainter) -> None:
        size, mode, record = self.viewport.size, self._comparing.mode, self.frame_record
        if not self.complete:
            furniture.paint_names(painter, (self._names[0], f"{self._names[1]} is coming …"), size, self.font())
        elif mode is Mode.CURTAIN:
            furniture.paint_curtain(painter, self._edge, size[1])
            furniture.paint_names(painter, self._names, size, self.font(), edge=self._edge)
        elif mode is Mode.FADE:
            shares = 1 - self._comparing.fade, self._comparing.fade
            named = tuple(f"{name}  {round(100 * share)} %" for name, share in zip(self._names, shares, strict=True))
            furniture.paint_names(painter, named, size, self.font())
        else:
            name = self._names[int(self._comparing.second_on_top)]
            furniture.paint_names(painter, (name,), size, self.font())
        if (crosshair := self._hand.crosshair) is not None:
            x, y = self.to_view(crosshair).tolist()
            furniture.paint_crosshair(painter, (x, y))
        um_per_px = None if record is None or record.calibration is None else record.calibration.um_per_px
        bar = furniture.scale_bar(self.viewport.scale, um_per_px, size[0])
        if bar is not None:
            furniture.paint_scale_bar(painter, bar, size, self.font())

    def _words(self) -> tuple[str, str]:
        error = next((layer.prepared.error for layer in self.layers if layer.prepared.error is not None), None)
        if error is not None:
            return furniture.error_words(error)
        return "Loading …", ""

    # --- the hand ----------------------------------------------------------------------------------------------

    @property
    def _edge(self) -> float:
        """Where the edge of the curtain is in the view."""
        return self._comparing.curtain * self.width()

    def _follow(self) -> None:
        if not self._comparing.over:
            return
        if self._comparing.mode is not Mode.CURTAIN:
            self._work_in(self.top)
        self.update()

    def _work_in(self, layer: CompareLayer) -> None:
        """Have the hand work in another layer; where it is, and on what, is another place there."""
        if layer is not self._under_hand:
            with self._hand.in_another_image():
                self._under_hand = layer

    def _reach_for(self, at: QPointF) -> bool:
        """Take what is under the mouse; whether that is the handle of the curtain."""
        if self._comparing.mode is not Mode.CURTAIN:
            return False
        self._work_in(self._first if at.x() < self._edge else self._second)
        return abs(at.x() - self._edge) <= HANDLE_REACH_PX

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle of the curtain, else see `Hand`."""
        if self._reach_for(event.position()) and event.button() == Qt.MouseButton.LeftButton:
            self._drags = True
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the curtain, else see `Hand`."""
        if self._drags:
            self._comparing.set_curtain(event.position().x() / max(self.width(), 1))
            return
        over_handle = self._reach_for(event.position()) and not event.buttons()
        super().mouseMoveEvent(event)
        if over_handle:
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            self._hand.take_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the curtain, else see `Hand`."""
        if self._drags and event.button() == Qt.MouseButton.LeftButton:
            self._drags = False
        else:
            super().mouseReleaseEvent(event)


def _alike(points: ArrayLike, through: Map) -> FloatArray:
    """Points through a map of (N, 2), in the shape that they came in."""
    shaped = np.asarray(points, dtype=np.float64)
    mapped: FloatArray = through(shaped.reshape(-1, 2)).reshape(shaped.shape)
    return mapped
