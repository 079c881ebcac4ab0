"""Hair widths and the make-up of units, before and after."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.detection import FloatArray
from workstation.model.study import WidthCutoffs
from workstation.palette import BLACK, BLUE, ORANGE, SKY_BLUE, YELLOW
from workstation.report.charts.style import QUIET, SMALL_PT, TEXT_PT, hex_of, plain, plain_text, sheet
from workstation.trial.wording import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BIN_UM = 5.0
LEAST_LABELLED = 0.045
"""A smaller share of a bar has no room for its number."""


def bins_um(widest_um: float, cutoffs: WidthCutoffs) -> FloatArray:
    """The edges of the classes of the chart of widths: (B + 1,)."""
    top = max(1.5 * cutoffs.terminal_from_um, widest_um)
    return np.arange(0.0, top + BIN_UM, BIN_UM)


def width_chart(
    before: FloatArray, after: FloatArray, edges_um: FloatArray, labels: Sequence[str], cutoffs: WidthCutoffs
) -> "Figure":
    """Two histograms over each other: an area and an outline, told apart without colour.

    Args:
        before: (B,) hairs per cm² at the baseline.
        after: (B,) later; (0,) where there is no later visit.
        edges_um: (B + 1,)
        labels: of each.
        cutoffs: drawn as dashed lines.
    """
    figure = sheet(2.4)
    axes = figure.add_subplot()
    plain(axes)
    axes.stairs(before, edges_um, fill=True, color=hex_of(SKY_BLUE), alpha=0.75, label=plain_text(labels[0]))
    if len(after):
        axes.stairs(after, edges_um, color=hex_of(BLACK), linewidth=1.6, label=plain_text(labels[1]))
    for cutoff in sorted({cutoffs.vellus_below_um, cutoffs.terminal_from_um}):
        axes.axvline(cutoff, color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.margins(y=0.16)
    top = float(edges_um[-1])
    edges = (0.0, cutoffs.vellus_below_um, cutoffs.terminal_from_um, top)
    for low, high, name in zip(edges[:-1], edges[1:], ("vellus", "intermediate", "terminal"), strict=True):
        if (high - low) / top > 0.1:
            axes.text(
                (low + high) / 2, 0.99, name, transform=axes.get_xaxis_transform(), ha="center", va="top",
                fontsize=SMALL_PT, color=QUIET,
            )  # fmt: skip
    axes.set_xlim(0, top)
    axes.set_xlabel("hair width (µm)", fontsize=SMALL_PT)
    axes.set_ylabel(f"hairs per cm² and {BIN_UM:g} µm", fontsize=SMALL_PT)
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=TEXT_PT)
    return figure


def composition_chart(shares: Sequence[tuple[str, Sequence[float]]]) -> "Figure":
    """One bar a line, its parts the shares of units with 1, 2, 3 and 4 or more hairs.

    Args:
        shares: of each bar its name and its four shares, 0 to 1.
    """
    figure = sheet(0.75 + 0.42 * len(shares))
    axes = figure.add_subplot()
    _bars(axes, shares)
    plain(axes)
    axes.spines[["left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, 1)
    axes.set_xticks(np.linspace(0, 1, 6), [f"{100 * share:.0f} %" for share in np.linspace(0, 1, 6)])
    axes.set_xlabel("share of the follicular units", fontsize=SMALL_PT)
    axes.set_yticks(range(len(shares)), [plain_text(name) for name, _ in shares], fontsize=TEXT_PT)
    axes.set_ylim(len(shares) - 0.5, -0.5)
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside upper left", ncols=4, frameon=False, fontsize=SMALL_PT
    )
    return figure


def _bars(axes: "Axes", shares: Sequence[tuple[str, Sequence[float]]]) -> None:
    names = ("1 hair", "2 hairs", "3 hairs", "4 hairs or more")
    paints = ((hex_of(YELLOW), ""), (hex_of(SKY_BLUE), "///"), (hex_of(ORANGE), "\\\\\\"), (hex_of(BLUE), ""))
    left = np.zeros(len(shares))
    for part, (name, (colour, hatch)) in enumerate(zip(names, paints, strict=True)):
        widths = np.array([parts[part] for _, parts in shares])
        axes.barh(
            range(len(shares)), widths, 0.62, left=left, color=colour, edgecolor="white", hatch=hatch, label=name,
            linewidth=0.6,
        )  # fmt: skip
        for row, width in enumerate(widths):
            if width > LEAST_LABELLED:
                axes.text(
                    left[row] + width / 2, row, f"{number(100 * width, 0)} %", ha="center", va="center",
                    fontsize=SMALL_PT, color="white" if colour == hex_of(BLUE) else "black",
                    bbox=None if not hatch else {"facecolor": colour, "edgecolor": "none", "pad": 1.2},
                )  # fmt: skip
        left += widths
