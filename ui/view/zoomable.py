"""A widget with a viewport: fitted, zoomed, panned, glided."""

import math

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStyle, QWidget

from analysis.detection import FloatArray
from ui.view.gliding import Glide
from ui.view.viewport import MAX_SCALE, Viewport

SETTLED_MS = 90
"""After so long without motion everything is drawn sharp."""
KEEPS_SCALE = 2.5
"""A place is shown at the present scale unless that is so many times too small or too large for it."""
SMALLEST_SHARE = 0.4
"""An image is never zoomed out below so much of its fitted size."""


class ZoomableWidget(QWidget):
    """The part of an image view that knows nothing of what the image is. The image stays in sight, on whole pixels.

    Args:
        parent: the Qt parent.
    """

    viewport_changed = Signal(object)
    """A `Viewport`: panned, zoomed or resized."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewport = Viewport()
        self._fitted = True
        self._free = False
        self._moving = False
        self._glide = Glide(self._show_on_way, self)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self._settle)

    @property
    def image_size(self) -> tuple[int, int]:
        """Width and height of the image."""
        raise NotImplementedError

    def zoom_anchor(self) -> tuple[float, float] | None:
        """The point of the view that stays when nobody says which; None for the middle."""
        return None

    @property
    def viewport(self) -> Viewport:
        """Which part of the image is seen."""
        return self._viewport

    @property
    def fitted(self) -> bool:
        """Whether the whole image is seen and stays so when the view is resized."""
        return self._fitted

    @property
    def moving(self) -> bool:
        """Whether more frames will follow at once."""
        return self._moving

    def set_viewport(self, viewport: Viewport) -> None:
        """Show another part of the image; what leaves it is brought back."""
        self._fitted = self._free = False
        self._set(viewport)

    def fitted_viewport(self) -> Viewport:
        """The viewport that shows the whole image."""
        return Viewport.fitted(self.image_size, (self.width(), self.height()), self._viewport.turn)

    def fit(self, viewport: Viewport | None = None) -> None:
        """Show the whole image.

        Args:
            viewport: which shows all of it, for images that should be seen alike; in the middle and as large as it
                gets if None.
        """
        self._glide.stop()
        self._fitted, self._free = True, viewport is not None
        self._set(self.fitted_viewport() if viewport is None else viewport)

    def follow(self, viewport: Viewport) -> None:
        """Show what another view that this one is linked to asks for, though it may lie beside the image."""
        self._glide.stop()
        self._fitted, self._free = False, True
        self._set(viewport)

    def set_turn(self, turn: float) -> None:
        """Turn the image about the middle of the view, clockwise, in radians."""
        self._glide.stop()
        self._set(self._viewport.turned_to(turn))

    def one_to_one(self) -> None:
        """Show a pixel of the image as one of the screen."""
        self._glide.stop()
        self.set_viewport(self._viewport.one_to_one(self.devicePixelRatioF(), self.zoom_anchor()))

    def zoom_by(self, factor: float, at_view: tuple[float, float] | None = None) -> None:
        """Zoom; the point under the mouse or crosshair stays where it is, unless another is given."""
        self._glide.stop()
        at = self.zoom_anchor() if at_view is None else at_view
        self.set_viewport(self._limited(self._viewport.zoomed(factor, at), at))

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the image by so many view pixels."""
        self._glide.stop()
        self.set_viewport(self._viewport.panned(dx, dy))

    def centre_on(self, point_px: FloatArray, scale: float | None = None, *, animated: bool = True) -> None:
        """Bring a point (2,) of the image into the middle, at another scale if one is given."""
        target = self._viewport if scale is None else self._viewport.scaled_to(scale)
        self.glide_to(target.centred_on(point_px), animated=animated)

    def glide_to(self, viewport: Viewport, *, animated: bool = True) -> None:
        """Go to another viewport, smoothly where the desktop has animations."""
        target = self._limited(viewport, None).kept_on(self.image_size)
        wanted = animated and self.isVisible()
        self._fitted = self._free = False
        if wanted and self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0:
            self._glide.go(self._viewport, target)
        else:
            self._glide.stop()
            self._set(target)

    def show_points(self, points_px: FloatArray, *, zoom: bool = True) -> None:
        """Glide to a place in the image.

        Args:
            points_px: (N, 2), N ≥ 1, what should be seen.
            zoom: to a scale that suits the place; else as it is, if the place fits into the view.
        """
        target = self.viewport.showing(points_px)
        centred = self.viewport.centred_on(target.centre_px)
        fits = centred.scale <= self.viewport.showing(points_px, share=0.9).scale
        suits = 1 / KEEPS_SCALE <= centred.scale / target.scale <= KEEPS_SCALE
        self.glide_to(centred if fits and (suits or not zoom) else target)

    def settle_soon(self) -> None:
        """Something was drawn in haste: draw again when nothing moves."""
        if not self._settled.isActive():
            self._settled.start()

    def settle_now(self) -> None:
        """Nothing moves any more."""
        self._settled.stop()
        self._settle()

    def end_motion(self) -> None:
        """Stay where it is, for good: the widget is going to be deleted."""
        self._glide.stop()
        self._settled.stop()

    def _limited(self, viewport: Viewport, at: tuple[float, float] | None) -> Viewport:
        least = min(SMALLEST_SHARE * self.fitted_viewport().scale, 1.0)
        most = MAX_SCALE / self.devicePixelRatioF()
        scale = min(max(viewport.scale, least), most)
        # from where it was, so that the point stays also at the limit
        return viewport if scale == viewport.scale else self._viewport.scaled_to(scale, at)

    def _show_on_way(self, viewport: Viewport) -> None:
        self._fitted = self._free = False
        self._set(viewport)

    def _set(self, viewport: Viewport) -> None:
        ratio = self.devicePixelRatioF()
        wanted = viewport.resized((self.width(), self.height()))
        wanted = (wanted if self._free else wanted.kept_on(self.image_size)).snapped(ratio)
        if wanted == self._viewport:
            return
        self._moving = True
        self._settled.start()
        self._viewport = wanted
        self.viewport_changed.emit(wanted)
        self.update()

    def _settle(self) -> None:
        self._moving = False
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the middle, or the whole image, in sight."""
        super().resizeEvent(event)
        self._resized()

    def event(self, event: QEvent) -> bool:
        """A screen of another pixel density."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._resized()
        return super().event(event)

    def _resized(self) -> None:
        self._glide.stop()
        self._set(self.fitted_viewport() if self._fitted else self._viewport)


def device_viewport(viewport: Viewport, ratio: float) -> Viewport:
    """The same part of the image on a drawing in device pixels."""
    size = (math.ceil(viewport.size[0] * ratio), math.ceil(viewport.size[1] * ratio))
    # the drawing's middle is not quite the view's where the size in device pixels was rounded
    x, y = viewport.to_image((size[0] / ratio / 2, size[1] / ratio / 2)).tolist()
    return Viewport(viewport.scale * ratio, (x, y), size, viewport.turn)
