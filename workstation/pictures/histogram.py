"""Hair widths of one visit, or of two laid over each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.detection import FloatArray
from workstation.model.study import WidthCutoffs
from workstation.palette import BLACK, SKY_BLUE, Rgb
from workstation.pictures.canvas import Pixels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BIN_UM = 5.0
NARROW_IN = 4.5
"""In a figure no wider than this the visits stand below each other in the legend."""
LETTER_IN = 0.085
"""Width of a small letter with its share of the margins, enough to tell whether a name fits."""


@dataclass(frozen=True, eq=False)
class WidthSeries:
    """The widths at one visit."""

    label: str
    width_um: FloatArray
    """(N,) of the counted hairs; NaN, not known, is left out."""
    field_cm2: float | None = None
    """If every series has one, the histogram shows hairs per cm²."""


@dataclass(frozen=True, slots=True)
class ChartColours:
    """What a figure is drawn in beside the colour of the first visit."""

    paper: Rgb = (255, 255, 255)
    ink: Rgb = BLACK
    """Outline of the second visit, and text."""
    quiet: Rgb = (77, 77, 77)
    """Axes, cut-offs and their names."""


ON_WHITE = ChartColours()


def width_figure(
    series: Sequence[WidthSeries],
    cutoffs: WidthCutoffs,
    *,
    size_in: tuple[float, float] = (6.4, 3.6),
    colours: ChartColours = ON_WHITE,
) -> "Figure":
    """The histogram as a matplotlib figure, for PDF and SVG.

    The first visit is an area, the second an outline: they stay apart without colour.

    Raises:
        ValueError: unless there are one or two series.
    """
    from matplotlib.figure import Figure

    if not 1 <= len(series) <= 2:
        raise ValueError(f"a width histogram shows one or two visits, not {len(series)}")
    ink = _unit_rgb(colours.ink)
    figure = Figure(figsize=size_in, layout="constrained", facecolor=_unit_rgb(colours.paper))
    axes = figure.add_subplot()
    known = [s.width_um[np.isfinite(s.width_um)] for s in series]
    top_um = max([cutoffs.terminal_from_um * 1.5, *(w.max() for w in known if len(w))])
    bins = np.arange(0, top_um + BIN_UM, BIN_UM)
    by_area = all(s.field_cm2 for s in series)
    for place, (one, width_um) in enumerate(zip(series, known, strict=True)):
        height = np.histogram(width_um, bins)[0] / (one.field_cm2 if by_area and one.field_cm2 else 1.0)
        mean = f", mean {width_um.mean():.1f} µm" if len(width_um) else ""
        label = f"{one.label} (n = {len(width_um)}{mean})"
        if place == 0:
            axes.stairs(height, bins, fill=True, color=_unit_rgb(SKY_BLUE), alpha=0.7, label=label)
        else:
            axes.stairs(height, bins, color=ink, linewidth=1.6, label=label)
    axes.margins(y=0.18)
    _cutoff_lines(axes, cutoffs, float(bins[-1]), size_in[0], colours)
    axes.set_xlim(0, bins[-1])
    axes.set_xlabel("hair width (µm)", color=ink)
    axes.set_ylabel(f"hairs per cm² and {BIN_UM:g} µm" if by_area else f"hairs per {BIN_UM:g} µm", color=ink)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_unit_rgb(colours.quiet))
    axes.tick_params(color=_unit_rgb(colours.quiet), labelcolor=ink)
    axes.set_facecolor("none")
    ncols = 1 if size_in[0] <= NARROW_IN else len(series)
    figure.legend(loc="outside upper left", ncols=ncols, frameon=False, fontsize="small", labelcolor=ink)
    return figure


def figure_pixels(figure: "Figure", dpi: int = 150) -> Pixels:
    """A figure drawn to pixels, (H, W, 3) uint8 RGB."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    rgba = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    return rgba[..., :3].copy()


def width_histogram(
    series: Sequence[WidthSeries],
    cutoffs: WidthCutoffs,
    *,
    size_in: tuple[float, float] = (6.4, 3.6),
    dpi: int = 150,
    colours: ChartColours = ON_WHITE,
) -> Pixels:
    """The histogram as pixels; see `width_figure`."""
    return figure_pixels(width_figure(series, cutoffs, size_in=size_in, colours=colours), dpi)


def _cutoff_lines(axes: "Axes", cutoffs: WidthCutoffs, top_um: float, width_in: float, colours: ChartColours) -> None:
    """The cut-offs as dashed lines, and between them the names of the classes, where there is room for them."""
    low, high = cutoffs.vellus_below_um, cutoffs.terminal_from_um
    quiet = _unit_rgb(colours.quiet)
    for cutoff in sorted({low, high}):
        axes.axvline(cutoff, color=quiet, linewidth=1, linestyle=(0, (4, 3)))
    spans = [(0.0, low, "vellus"), (low, high, "intermediate"), (high, top_um, "terminal")]
    for start, end, name in spans:
        if (end - start) / top_um * width_in > LETTER_IN * (len(name) + 1):
            axes.text(
                (start + end) / 2,
                0.98,
                name,
                transform=axes.get_xaxis_transform(),
                ha="center",
                va="top",
                fontsize="small",
                color=quiet,
            )


def _unit_rgb(colour: Rgb) -> tuple[float, float, float]:
    red, green, blue = colour
    return red / 255, green / 255, blue / 255
