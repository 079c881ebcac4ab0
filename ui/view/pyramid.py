"""An image in halves of halves, so that it is shown quickly and without flicker at any scale."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from ui.view.boxes import Box
from ui.view.toning import locally_equalised
from ui.view.viewport import Viewport

Pixels = NDArray[np.uint8]

SMALLEST_PX = 256
"""An image is not halved below this."""
SMOOTH_UP_TO = 6.0
"""Device pixels per image pixel; beyond, image pixels are shown as squares."""


@dataclass(frozen=True, eq=False)
class Pyramid:
    """The levels, the image itself first, 32 bits a pixel in the machine's own order."""

    levels: tuple[QImage, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the image."""
        return self.levels[0].width(), self.levels[0].height()

    def paint(self, painter: QPainter, viewport: Viewport, box_px: Box) -> None:
        """Draw what meets a box of the image.

        Args:
            painter: paints in device pixels.
            viewport: in device pixels.
            box_px: left, top, right, bottom in the image.
        """
        scale = viewport.scale
        level = min(max(math.floor(-math.log2(scale) + 1e-6), 0), len(self.levels) - 1)
        picture = self.levels[level]
        width, height = self.size
        share_x, share_y = picture.width() / width, picture.height() / height
        whole_pixels = scale == 1.0 and viewport.turn == 0.0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not whole_pixels and scale < SMOOTH_UP_TO)
        # a few pixels more than needed, for smoothing reaches beyond the edge
        left, top = max(0, math.floor(box_px[0]) - 4), max(0, math.floor(box_px[1]) - 4)
        right, bottom = min(width, math.ceil(box_px[2]) + 5), min(height, math.ceil(box_px[3]) + 5)
        if right <= left or bottom <= top:
            return
        # from the corners of pixels, not their centres
        source = QRectF(left * share_x, top * share_y, (right - left) * share_x, (bottom - top) * share_y)
        x, y = viewport.to_view((left - 0.5, top - 0.5)).tolist()
        target = QRectF(x, y, (right - left) * scale, (bottom - top) * scale)
        if viewport.turn == 0.0:
            painter.drawImage(target, picture, source)
            return
        painter.save()
        painter.translate(x, y)
        painter.rotate(math.degrees(viewport.turn))
        painter.drawImage(target.translated(-x, -y), picture, source)
        painter.restore()


def pyramid_of(
    image_rgb: Pixels, *, local_contrast: bool = False, resample: Callable[[Pixels], Pixels] | None = None
) -> Pyramid:
    """The pyramid of an image; does not touch the window, so that it can be made on any thread.

    Args:
        image_rgb: (H, W, 3) uint8.
        local_contrast: of the image with its local contrast raised, see `ui.view.toning`.
        resample: of what this makes of it.
    """
    pixels = locally_equalised(image_rgb) if local_contrast else image_rgb
    pixels = pixels if resample is None else resample(pixels)
    levels = [_as_qimage(pixels)]
    while max(pixels.shape[:2]) >= 2 * SMALLEST_PX:
        height, width = pixels.shape[:2]
        half = (max(1, (width + 1) // 2), max(1, (height + 1) // 2))
        pixels = cv2.resize(pixels, half, interpolation=cv2.INTER_AREA)
        levels.append(_as_qimage(pixels))
    return Pyramid(tuple(levels))


def _as_qimage(pixels: Pixels) -> QImage:
    height, width = pixels.shape[:2]
    made = QImage(width, height, QImage.Format.Format_RGB32)
    cv2.cvtColor(pixels, cv2.COLOR_RGB2BGRA, dst=pixels_of(made))
    return made


def pixels_of(image: QImage) -> Pixels:
    """The memory of a 32-bit image, (H, W, 4): blue, green, red, alpha. Valid as long as the image."""
    seen = np.frombuffer(image.bits(), np.uint8)
    return seen.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width()]
