"""A picture to draw on: smooth lines at fractions of a pixel, and text with any sign in it."""

from functools import cache
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from analysis.detection import FloatArray
from analysis.geometry import arc_length, cut
from workstation.palette import BLACK, Rgb
from workstation.storage.atomic import replacing

Pixels = NDArray[np.uint8]
"""(H, W, 3) RGB."""

_SHIFT = 4
"""Binary places after the point that OpenCV draws with."""
WHITE: Rgb = (255, 255, 255)
DASH_PENS, GAP_PENS, HATCH_PENS = 7.0, 8.0, 22.0
"""In pens, as all sizes of the drawing are."""


class Canvas:
    """A picture being drawn.

    Args:
        pixels: (H, W, 3) uint8 RGB; drawn on in place.
        pen_px: the width of a thin line; every other size is a multiple of it.
    """

    def __init__(self, pixels: Pixels, pen_px: float) -> None:
        self.pixels = pixels
        self.pen_px = pen_px

    def line(self, points_px: FloatArray, colour: Rgb, pens: float = 1.0, *, closed: bool = False) -> None:
        """A line, (V, 2), so many pens wide."""
        cv2.polylines(self.pixels, [_fixed(points_px)], closed, colour, self._thickness(pens), cv2.LINE_AA, _SHIFT)

    def dashes(self, points_px: FloatArray, colour: Rgb, pens: float = 1.0) -> None:
        """A dashed line."""
        period, length = (DASH_PENS + GAP_PENS) * self.pen_px, arc_length(points_px)
        for start in np.arange(0.0, length, period):
            end = min(length, start + DASH_PENS * self.pen_px)
            if end - start > 0.5:
                self.line(cut(points_px, start, end), colour, pens)

    def ring(self, centre_px: FloatArray, radius_px: float, colour: Rgb, pens: float = 1.0) -> None:
        """A circle."""
        x, y = _fixed(centre_px)
        radius = round(radius_px * 2**_SHIFT)
        cv2.circle(self.pixels, (int(x), int(y)), radius, colour, self._thickness(pens), cv2.LINE_AA, _SHIFT)

    def area(self, points_px: FloatArray, colour: Rgb) -> None:
        """A filled polygon, (V, 2)."""
        cv2.fillPoly(self.pixels, [_fixed(points_px)], colour, cv2.LINE_AA, _SHIFT)

    def hatch(self, outline_px: FloatArray, colour: Rgb) -> None:
        """Slanting lines inside an outline, (V, 2), and the outline."""
        height, width = self.pixels.shape[:2]
        inside = np.zeros((height, width), np.uint8)
        cv2.fillPoly(inside, [_fixed(outline_px)], 255, cv2.LINE_8, _SHIFT)
        lined = self.pixels.copy()
        (left, top), (right, bottom) = outline_px.min(axis=0), outline_px.max(axis=0)
        for x in np.arange(left - (bottom - top), right, HATCH_PENS * self.pen_px):
            slant = np.array([[x, bottom], [x + bottom - top, top]])
            Canvas(lined, self.pen_px).line(slant, BLACK, 3)
            Canvas(lined, self.pen_px).line(slant, colour, 1.5)
        self.pixels[inside > 0] = lined[inside > 0]
        self.line(outline_px, BLACK, 3, closed=True)
        self.line(outline_px, colour, 1.5, closed=True)

    def texts(self, texts: list[tuple[float, float, str]], size_px: float, colour: Rgb, halo: Rgb | None) -> None:
        """Texts, each centred at a place (x, y), with a rim in another colour if one is given."""
        image = Image.fromarray(self.pixels)
        draw, font = ImageDraw.Draw(image), text_font(round(size_px))
        rim = max(1, round(size_px / 9)) if halo else 0
        for x, y, text in texts:
            draw.text((x, y), text, colour, font, anchor="mm", stroke_width=rim, stroke_fill=halo)
        self.pixels[:] = np.asarray(image)

    def _thickness(self, pens: float) -> int:
        return max(1, round(pens * self.pen_px))


@cache
def text_font(size_px: int) -> ImageFont.FreeTypeFont:
    """DejaVu Sans, which comes with matplotlib and knows µ, ², ≥."""
    import matplotlib

    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf", size_px)


def blend(below: Pixels, above: Pixels, share: float) -> Pixels:
    """Two pictures mixed, with so great a share (0 to 1) of the one above."""
    mixed: Pixels = cv2.addWeighted(below, 1 - share, above, share, 0)
    return mixed


def write_png(path: Path, pixels: Pixels) -> None:
    """Write a picture as PNG, at once or not at all.

    Raises:
        UserFacingError: if it cannot be written.
    """
    data = BytesIO()
    Image.fromarray(pixels).save(data, "PNG", optimize=True)
    with replacing(path) as temporary:
        temporary.write_bytes(data.getvalue())


def _fixed(points_px: FloatArray) -> NDArray[np.int32]:
    fixed: NDArray[np.int32] = np.round(np.asarray(points_px) * 2**_SHIFT).astype(np.int32)
    return fixed
