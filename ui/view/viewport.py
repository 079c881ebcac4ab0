"""Which part of an image a view shows, and turned how: the algebra between view and image, without any widget.

View points are logical pixels from the widget's top-left corner; image points are pixels from the centre of the
image's top-left pixel.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtGui import QPainter

from analysis.detection import FloatArray
from ui.view.boxes import Box, around, corners

FIT_MARGIN = 0.97
"""How much of the view a fitted image fills."""
MAX_SCALE = 64.0
"""View pixels per image pixel at the most: an image pixel is then as large as a finger."""
MIN_SCALE = 1e-3


@dataclass(frozen=True, slots=True)
class Viewport:
    """A window onto an image.

    Raises:
        ValueError: if the scale is not positive.
    """

    scale: float = 1.0
    """View pixels per image pixel."""
    centre_px: tuple[float, float] = (0.0, 0.0)
    """The image point in the middle of the view."""
    size: tuple[int, int] = (1, 1)
    """Width and height of the view, in view pixels."""
    turn: float = 0.0
    """How far the image is turned in the view, clockwise as it is seen, in radians."""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.scale) and self.scale > 0):
            raise ValueError(f"a viewport's scale must be positive, not {self.scale:g}")

    @classmethod
    def fitted(
        cls, image_size: tuple[int, int], size: tuple[int, int], turn: float = 0.0, *, margin: float = FIT_MARGIN
    ) -> "Viewport":
        """The whole image (width, height), turned so far, in the middle of a view."""
        width, height = max(image_size[0], 1), max(image_size[1], 1)
        along, across = abs(math.cos(turn)), abs(math.sin(turn))
        needed = width * along + height * across, width * across + height * along
        scale = margin * min(size[0] / needed[0], size[1] / needed[1])
        centre = ((image_size[0] - 1) / 2, (image_size[1] - 1) / 2)
        return cls(max(scale, MIN_SCALE), centre, size, turn)

    @property
    def origin(self) -> tuple[float, float]:
        """Where in the view the image point (0, 0) lies."""
        x, y = self.step_to_view(self.centre_px).tolist()
        return self.size[0] / 2 - x, self.size[1] / 2 - y

    @property
    def visible_px(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of what is seen, in the image; it may reach beyond the image."""
        return self.box_in_image((0, 0, *self.size))

    def to_view(self, points_px: ArrayLike) -> FloatArray:
        """Image points, (2,) or (N, 2), as view points of the same shape."""
        points: FloatArray = self.step_to_view(points_px) + self.origin
        return points

    def to_image(self, points: ArrayLike) -> FloatArray:
        """View points, (2,) or (N, 2), as image points of the same shape."""
        return self.step_to_image(np.asarray(points, dtype=np.float64) - self.origin)

    def step_to_view(self, steps_px: ArrayLike) -> FloatArray:
        """Steps in the image, (2,) or (N, 2), as steps in the view."""
        steps: FloatArray = np.asarray(steps_px, dtype=np.float64) @ self._turning.T * self.scale
        return steps

    def step_to_image(self, steps: ArrayLike) -> FloatArray:
        """Steps in the view, (2,) or (N, 2), as steps in the image."""
        found: FloatArray = np.asarray(steps, dtype=np.float64) @ self._turning / self.scale
        return found

    def box_in_view(self, box_px: Box) -> Box:
        """The upright box of the view that holds one of the image."""
        return around(self.to_view(corners(box_px)))

    def box_in_image(self, box: Box) -> Box:
        """The upright box of the image that holds one of the view."""
        return around(self.to_image(corners(box)))

    def place(self, painter: QPainter) -> None:
        """Have a painter of the view paint in image pixels."""
        painter.translate(*self.origin)
        painter.rotate(math.degrees(self.turn))
        painter.scale(self.scale, self.scale)

    @property
    def _turning(self) -> FloatArray:
        along, across = math.cos(self.turn), math.sin(self.turn)
        return np.array([[along, -across], [across, along]])

    def scaled_to(self, scale: float, at_view: tuple[float, float] | None = None) -> "Viewport":
        """At another scale; the image point under `at_view`, by default the middle, stays where it is."""
        at = (self.size[0] / 2, self.size[1] / 2) if at_view is None else at_view
        scale = min(max(scale, MIN_SCALE), MAX_SCALE)
        stays = self.to_image(at)
        scaled = replace(self, scale=scale)
        return scaled.centred_on(stays + scaled.step_to_image(np.array(self.size) / 2 - at))

    def zoomed(self, factor: float, at_view: tuple[float, float] | None = None) -> "Viewport":
        """Larger by a factor; as `scaled_to`."""
        return self.scaled_to(self.scale * factor, at_view)

    def panned(self, dx: float, dy: float) -> "Viewport":
        """With the image moved by so much in the view."""
        return self.centred_on(np.array(self.centre_px) - self.step_to_image((dx, dy)))

    def turned_to(self, turn: float) -> "Viewport":
        """Turned so far, about its middle."""
        return replace(self, turn=turn)

    def centred_on(self, point_px: ArrayLike) -> "Viewport":
        """With an image point (2,) in the middle."""
        x, y = np.asarray(point_px, dtype=np.float64)
        return replace(self, centre_px=(float(x), float(y)))

    def resized(self, size: tuple[int, int]) -> "Viewport":
        """In a view of another size, the same point in its middle."""
        return replace(self, size=size)

    def one_to_one(self, device_pixel_ratio: float = 1.0, at_view: tuple[float, float] | None = None) -> "Viewport":
        """With an image pixel as large as one of the screen."""
        return self.scaled_to(1.0 / device_pixel_ratio, at_view)

    def kept_on(self, image_size: tuple[int, int]) -> "Viewport":
        """With a point of the image in the middle, so that it cannot be lost from sight."""
        x = min(max(self.centre_px[0], -0.5), image_size[0] - 0.5)
        y = min(max(self.centre_px[1], -0.5), image_size[1] - 0.5)
        return replace(self, centre_px=(x, y))

    def snapped(self, device_pixel_ratio: float = 1.0) -> "Viewport":
        """Moved by less than a device pixel, so that the image's corner lies on the edge of one.

        Moving the image then moves its drawing by whole device pixels: what was drawn before can be used again.
        """
        corner = np.round(self.to_view((-0.5, -0.5)) * device_pixel_ratio) / device_pixel_ratio
        return self.centred_on(self.step_to_image(np.array(self.size) / 2 - corner) - 0.5)

    def showing(self, points_px: ArrayLike, *, share: float = 0.4, max_scale: float = 12.0) -> "Viewport":
        """With points (N, 2) in the middle and surroundings around them.

        Args:
            points_px: what should be seen.
            share: how much of the view they fill at the most.
            max_scale: not larger than this, however small they are.
        """
        points = np.asarray(points_px, dtype=np.float64).reshape(-1, 2)
        low, high = points.min(axis=0), points.max(axis=0)
        needed = np.maximum(np.ptp(self.step_to_view(points) / self.scale, axis=0), 1e-6)
        scale = float(min(max_scale, *(share * np.array(self.size) / needed)))
        return replace(self, scale=max(scale, MIN_SCALE)).centred_on((low + high) / 2)

    def between(self, other: "Viewport", share: float) -> "Viewport":
        """On the way to another viewport of the same view, from 0, this one, to 1, the other.

        The scale changes by equal factors, and where the way ends comes nearer to the middle at an even pace.
        """
        ratio = other.scale / self.scale
        left = (1 - share) * ratio**-share
        start, end = np.array(self.centre_px), np.array(other.centre_px)
        x, y = end - left * (end - start)
        turn = self.turn + share * (other.turn - self.turn)
        return Viewport(self.scale * ratio**share, (float(x), float(y)), other.size, turn)
