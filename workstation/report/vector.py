"""A chart drawn on a PDF page as lines and text, not as pixels: sharp at any size, and its words can be searched."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Transform
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject
from reportlab.platypus import Flowable

from workstation.report.pdf_style import BOLD, FONT
from workstation.report.rendering import laid_out

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Stroke = Callable[[Canvas], None]
_CAPS = {"butt": 0, "round": 1, "projecting": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}
HATCH_PT = 72.0
"""The side of the square that a hatch repeats, as in matplotlib's own writers."""


class ChartFlowable(Flowable):
    """A figure of matplotlib as a piece of a page.

    Args:
        figure: the figure.
        width: on the page, in points.
    """

    def __init__(self, figure: "Figure", width: float) -> None:
        super().__init__()
        self.strokes, size = drawn(figure)
        self.scale = min(1.0, width / size[0])
        self.width, self.height = (self.scale * side for side in size)

    def wrap(self, *_: float) -> tuple[float, float]:
        """Its size, in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it at the place where the page has it."""
        self.canv.scale(self.scale, self.scale)
        for stroke in self.strokes:
            self.canv.saveState()
            stroke(self.canv)
            self.canv.restoreState()


def drawn(figure: "Figure") -> tuple[list[Stroke], tuple[float, float]]:
    """What it takes to draw a figure, in points from its lower left corner, and its width and height."""
    width, height = (72 * float(side) for side in figure.get_size_inches())
    renderer, dpi = _Recorder(width, height), figure.dpi
    figure.set_dpi(72)
    try:
        laid_out(figure).draw(renderer)
    finally:
        figure.set_dpi(dpi)
    return renderer.strokes, (width, height)


class _Recorder(RendererBase):
    """Notes what matplotlib draws, in points."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.size = width, height
        self.strokes: list[Stroke] = []

    def flipy(self) -> bool:
        return False  # as on paper, y grows upwards

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.size

    def draw_path(self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None) -> None:
        outline = _path(path, transform)
        if not outline.getCode():
            return
        paint, line, clip = _fill(gc, rgbFace), _line(gc), _clip(gc)
        hatch = _hatch(gc, path, transform)

        def stroke(canvas: Canvas) -> None:
            clip(canvas)
            for prepare in (paint, line):
                if prepare is not None:
                    prepare(canvas)
            canvas.drawPath(outline, stroke=line is not None, fill=paint is not None)
            if hatch is not None:
                canvas.clipPath(outline, stroke=0, fill=0)
                hatch(canvas)

        self.strokes.append(stroke)

    def draw_text(
        self, gc: GraphicsContextBase, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False,
        mtext: Any = None,
    ) -> None:  # fmt: skip
        colour, font = gc.get_rgb(), BOLD if prop.get_weight() in ("bold", 700) else FONT
        size, text = prop.get_size_in_points(), s.replace(r"\$", "$")

        def stroke(canvas: Canvas) -> None:
            canvas.translate(x, y)
            canvas.rotate(angle)
            canvas.setFillColorRGB(*colour[:3])
            canvas.setFillAlpha(colour[3])
            canvas.setFont(font, size)
            canvas.drawString(0, 0, text)

        self.strokes.append(stroke)


def _path(path: Path, transform: Transform) -> PDFPathObject:
    """A path as PDF has it; worked out once, for a page may be laid out several times."""
    found = PDFPathObject(code=[])
    at = 0.0, 0.0
    for points, code in path.iter_segments(transform, remove_nans=True, simplify=False):
        place: list[float] = np.asarray(points, dtype=np.float64).tolist()
        if code == Path.CLOSEPOLY:
            found.close()
            continue
        end = place[-2], place[-1]
        if code == Path.MOVETO:
            found.moveTo(*end)
        elif code == Path.LINETO:
            found.lineTo(*end)
        elif code == Path.CURVE4:
            found.curveTo(*place)
        elif code == Path.CURVE3:
            (x0, y0), (x1, y1) = at, place[:2]
            first = x0 + 2 / 3 * (x1 - x0), y0 + 2 / 3 * (y1 - y0)
            second = end[0] + 2 / 3 * (x1 - end[0]), end[1] + 2 / 3 * (y1 - end[1])
            found.curveTo(*first, *second, *end)
        at = end
    return found


def _fill(gc: GraphicsContextBase, face: Any) -> Stroke | None:
    if face is None:
        return None
    alpha = gc.get_alpha() if gc.get_forced_alpha() else face[3] if len(face) > 3 else 1.0

    def prepare(canvas: Canvas) -> None:
        canvas.setFillColorRGB(*face[:3])
        canvas.setFillAlpha(alpha)

    return prepare if alpha else None


def _line(gc: GraphicsContextBase) -> Stroke | None:
    colour, width = gc.get_rgb(), gc.get_linewidth()
    alpha = gc.get_alpha() if gc.get_forced_alpha() else colour[3]
    offset, dashes = gc.get_dashes()

    def prepare(canvas: Canvas) -> None:
        canvas.setStrokeColorRGB(*colour[:3])
        canvas.setStrokeAlpha(alpha)
        canvas.setLineWidth(width)
        canvas.setLineCap(_CAPS[gc_cap])
        canvas.setLineJoin(_JOINS[gc_join])
        if dashes is not None:
            canvas.setDash(np.asarray(dashes, dtype=np.float64).tolist(), float(offset or 0))

    gc_cap, gc_join = gc.get_capstyle(), gc.get_joinstyle()
    return prepare if width and alpha else None


def _clip(gc: GraphicsContextBase) -> Stroke:
    rectangle = gc.get_clip_rectangle()
    box = None if rectangle is None else tuple(np.asarray(rectangle.bounds).tolist())  # now: it changes with the figure
    path, transform = gc.get_clip_path()
    edge = None if path is None or transform is None else _path(cast(Path, path), transform)

    def prepare(canvas: Canvas) -> None:
        if box is not None:
            outline = canvas.beginPath()
            outline.rect(*box)
            canvas.clipPath(outline, stroke=0, fill=0)
        if edge is not None:
            canvas.clipPath(edge, stroke=0, fill=0)

    return prepare


def _hatch(gc: GraphicsContextBase, path: Path, transform: Transform) -> Stroke | None:
    """The pattern of a filled path: a square of it, repeated over the path's box."""
    pattern = gc.get_hatch_path()
    if pattern is None:
        return None
    box = path.get_extents(transform)
    colour, width = gc.get_hatch_color(), gc.get_hatch_linewidth()
    columns = range(math.floor(box.x0 / HATCH_PT), math.ceil(box.x1 / HATCH_PT))
    rows = range(math.floor(box.y0 / HATCH_PT), math.ceil(box.y1 / HATCH_PT))
    tiles = [_path(pattern, Affine2D().translate(column, row).scale(HATCH_PT)) for column in columns for row in rows]

    def stroke(canvas: Canvas) -> None:
        canvas.setStrokeColorRGB(*colour[:3])
        canvas.setFillColorRGB(*colour[:3])
        canvas.setLineWidth(width)
        for tile in tiles:
            canvas.drawPath(tile, stroke=1, fill=1)

    return stroke
