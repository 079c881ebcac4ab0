"""What stands beside the drawing: the scale bar and the legend."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.detection import FloatArray
from analysis.matching.match import Status
from analysis.measures import WidthClass
from workstation.model.study import WidthCutoffs
from workstation.palette import BLACK, CLASS_COLOURS, EXCLUDED, FIELD, UNIT, Rgb
from workstation.pictures import marks
from workstation.pictures.canvas import WHITE, Canvas, Pixels, text_font

TEXT_PENS = 13.0
PAPER: Rgb = (255, 255, 255)
BARS_MM = (1.0, 0.5, 0.2, 0.1)


def scale_bar(canvas: Canvas, um_per_canvas_px: float) -> None:
    """A bar of 1 mm at the lower right; shorter where the picture shows less than 2 mm."""
    height, width = canvas.pixels.shape[:2]
    pen = canvas.pen_px
    length_mm = next((mm for mm in BARS_MM if mm * 1000 / um_per_canvas_px <= width / 2), BARS_MM[-1])
    length = length_mm * 1000 / um_per_canvas_px
    right, y = width - 20 * pen, height - 18 * pen
    bar = np.array([[right - length, y], [right, y]])
    ends = [np.array([[x, y - 5 * pen], [x, y + 5 * pen]]) for x in bar[:, 0]]
    for colour, pens in ((BLACK, 5.0), (WHITE, 2.0)):
        for line in (bar, *ends):
            canvas.line(line, colour, pens)
    text = f"{length_mm:g} mm"
    canvas.texts([(right - length / 2, y - 15 * pen, text)], 1.2 * TEXT_PENS * pen, WHITE, BLACK)


@dataclass(frozen=True)
class _Entry:
    """A sign of the legend, drawn in a box whose left middle is at (x, y), and its meaning."""

    draw: Callable[[Canvas, float, float], None]
    text: str


def legend(width_px: int, pen_px: float, cutoffs: WidthCutoffs, *, has_scale: bool) -> Pixels:
    """The legend as a strip, (h, width_px, 3), of as many lines as it takes."""
    return _strip(width_px, pen_px, _entries(cutoffs, has_scale))


def match_legend(width_px: int, pen_px: float, counts: Mapping[Status, int]) -> Pixels:
    """The legend of a registered pair, with how many units each status has: a strip as of `legend`."""
    return _strip(width_px, pen_px, [_Entry(_match(status), f"{n} {status}") for status, n in counts.items()])


def _strip(width_px: int, pen_px: float, entries: Sequence[_Entry]) -> Pixels:
    sign, row, gap = 34 * pen_px, 24 * pen_px, 22 * pen_px
    font = text_font(round(TEXT_PENS * pen_px))
    places: list[tuple[float, int]] = []
    x, line = gap / 2, 0
    for entry in entries:
        needed = sign + font.getlength(entry.text)
        if x > gap and x + needed > width_px:
            x, line = gap / 2, line + 1
        places.append((x, line))
        x += needed + gap
    canvas = Canvas(np.full((round((line + 1.4) * row), width_px, 3), PAPER, np.uint8), pen_px)
    texts = []
    for entry, (x, line) in zip(entries, places, strict=True):
        y = (line + 0.7) * row
        entry.draw(canvas, x, y)
        texts.append((x + sign + font.getlength(entry.text) / 2, y, entry.text))
    canvas.texts(texts, TEXT_PENS * pen_px, BLACK, None)
    return canvas.pixels


def _entries(cutoffs: WidthCutoffs, has_scale: bool) -> list[_Entry]:
    low, high = cutoffs.vellus_below_um, cutoffs.terminal_from_um
    classes = [(WidthClass.VELLUS, f"vellus < {low:g} µm"), (WidthClass.TERMINAL, f"terminal ≥ {high:g} µm")]
    if low < high:
        classes.insert(1, (WidthClass.INTERMEDIATE, f"intermediate {low:g}–{high:g} µm"))
    shown = [_Entry(_hair(name), text) for name, text in classes] if has_scale else [_Entry(_hair(None), "hair")]
    return [
        *shown,
        _Entry(_rejected, "rejected"),
        _Entry(_added, "added by a reader"),
        _Entry(_unit, "follicular unit, hairs in it"),
        _Entry(_field, "field"),
        _Entry(_excluded, "excluded"),
    ]


def _dash(x: float, y: float, pen: float) -> FloatArray:
    return np.array([[x + 4 * pen, y], [x + 24 * pen, y]])


def _box(x: float, y: float, pen: float) -> FloatArray:
    left, right, top, bottom = x + 4 * pen, x + 24 * pen, y - 6 * pen, y + 6 * pen
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def _hair(width_class: WidthClass | None) -> Callable[[Canvas, float, float], None]:
    colour = CLASS_COLOURS[width_class]

    def draw(canvas: Canvas, x: float, y: float) -> None:
        line = _dash(x, y, canvas.pen_px)
        canvas.line(line, BLACK, marks.CASING_PENS)
        canvas.line(line, colour, marks.CORE_PENS)
        marks.root_mark(canvas, line, colour)
        marks.class_mark(canvas, line, width_class, colour)

    return draw


def _rejected(canvas: Canvas, x: float, y: float) -> None:
    marks.rejected_line(canvas, _dash(x, y, canvas.pen_px))


def _added(canvas: Canvas, x: float, y: float) -> None:
    line = _dash(x, y, canvas.pen_px)
    canvas.line(line, BLACK, marks.CASING_PENS)
    canvas.line(line, CLASS_COLOURS[None], marks.CORE_PENS)
    marks.added_mark(canvas, line, 20 * canvas.pen_px, WHITE)


def _unit(canvas: Canvas, x: float, y: float) -> None:
    pen = canvas.pen_px
    canvas.ring(np.array([x + 14 * pen, y]), 9 * pen, UNIT, 2)
    canvas.texts([(x + 14 * pen, y, "2")], TEXT_PENS * pen, BLACK, None)


def _field(canvas: Canvas, x: float, y: float) -> None:
    canvas.line(_box(x, y, canvas.pen_px), FIELD, 2, closed=True)


def _excluded(canvas: Canvas, x: float, y: float) -> None:
    canvas.hatch(_box(x, y, canvas.pen_px), EXCLUDED)


def _match(status: Status) -> Callable[[Canvas, float, float], None]:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        marks.match_mark(canvas, np.array([x + 14 * canvas.pen_px, y]), status)

    return draw
