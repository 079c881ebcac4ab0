"""Charts as SVG for a page or a file, as PNG, and photographs as JPEG."""

import re
from io import BytesIO, StringIO
from itertools import count
from typing import TYPE_CHECKING

import cv2
from PIL import Image

from workstation.pictures.canvas import Pixels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

JPEG_QUALITY = 88
_PREAMBLE = re.compile(r"^.*?(?=<svg)|<metadata>.*?</metadata>|\sxmlns(:xlink)?=\"[^\"]*\"", re.DOTALL)
_ID = re.compile(r'(?<=\sid=")[^"]+(?=")')
_REFERENCE = re.compile(r'(?<=url\(#)[^)]+(?=\))|(?<=href="#)[^"]+(?=")')


def svg_file(figure: "Figure") -> bytes:
    """A figure as an SVG file; text is drawn, so that it looks the same without its font."""
    data = BytesIO()
    laid_out(figure).savefig(data, format="svg", metadata={"Date": None, "Creator": None})
    return data.getvalue()


def svg_element(figure: "Figure", prefix: str) -> str:
    """A figure as an element of an HTML page: without a preamble and metadata, all its ids beginning with `prefix`."""
    data = StringIO()
    laid_out(figure).savefig(data, format="svg", metadata={"Date": None, "Creator": None})
    text = _PREAMBLE.sub("", data.getvalue()).replace("xlink:href", "href").strip()
    numbers = count()
    named = {old: f"{prefix}-{next(numbers)}" for old in dict.fromkeys(_ID.findall(text))}
    text = _ID.sub(lambda found: named[found[0]], text)
    return _REFERENCE.sub(lambda found: named[found[0]], text)


def png_file(figure: "Figure", dpi: int) -> bytes:
    """A figure as a PNG file."""
    data = BytesIO()
    laid_out(figure).savefig(data, format="png", dpi=dpi, metadata={"Software": None})
    return data.getvalue()


def jpeg_of(pixels: Pixels, long_side_px: int) -> tuple[bytes, tuple[int, int]]:
    """A photograph, (H, W, 3) RGB, as JPEG no larger than so many pixels; its bytes, and its width and height."""
    height, width = pixels.shape[:2]
    scale = min(1.0, long_side_px / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = pixels if scale == 1 else cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    data = BytesIO()
    Image.fromarray(small).save(data, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True)
    return data.getvalue(), size


def png_of_jpeg(jpeg: bytes) -> bytes:
    """The same photograph as a PNG file."""
    data = BytesIO()
    with Image.open(BytesIO(jpeg)) as image:
        image.save(data, "PNG")
    return data.getvalue()


def laid_out(figure: "Figure") -> "Figure":
    """The figure with its parts in their places for good: to find these takes longer than to draw it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    if figure.get_layout_engine() is not None:
        FigureCanvasAgg(figure)  # one that needs no window
        figure.draw_without_rendering()
        figure.set_layout_engine(None)
    return figure
