"""Differences between two readings against their mean, with limits of agreement."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workstation.agreement.results import OutcomeAgreement
from workstation.palette import BLUE
from workstation.report.charts.style import FAINT, QUIET, SMALL_PT, hex_of, plain, plain_text, sheet, shortened
from workstation.trial.wording import titled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_HEIGHT_IN = 2.1
MOST_LETTERS = 58


def bland_altman_chart(panels: Sequence[tuple[str, str, OutcomeAgreement]]) -> "Figure":
    """A panel a comparison.

    Args:
        panels: at least one; of each its title, what a difference is of, and an endpoint that has points.
    """
    n_rows = (len(panels) + 1) // 2
    figure = sheet(0.2 + PANEL_HEIGHT_IN * n_rows)
    every = figure.subplots(n_rows, 2 if len(panels) > 1 else 1, squeeze=False).ravel()
    for axes, (title, difference, found) in zip(every, panels, strict=False):
        _panel(axes, title, difference, found)
    for axes in every[len(panels) :]:
        axes.set_visible(False)
    return figure


def _panel(axes: "Axes", title: str, difference: str, found: OutcomeAgreement) -> None:
    plain(axes, title=plain_text(shortened(title, MOST_LETTERS)))
    colour = hex_of(BLUE)
    axes.axhline(0, color=QUIET, linewidth=0.8)
    limits = found.limits
    if limits is not None:
        for value, low, high, dashes in (
            (limits.mean, limits.mean_low, limits.mean_high, "-"),
            (limits.lower, limits.lower_low, limits.lower_high, "--"),
            (limits.upper, limits.upper_low, limits.upper_high, "--"),
        ):
            if math.isfinite(value):
                axes.axhline(value, color=colour, linewidth=1.2, linestyle=dashes)
            if math.isfinite(low) and math.isfinite(high):
                axes.axhspan(low, high, color=colour, alpha=0.12, linewidth=0)
    axes.plot(
        [point.mean for point in found.points], [point.difference for point in found.points], "o", color="#333333",
        markersize=3.5, markeredgecolor="white", markeredgewidth=0.4,
    )  # fmt: skip
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    axes.set_xlabel(plain_text(f"mean of the two: {titled(found.outcome)}"), fontsize=SMALL_PT, labelpad=1)
    axes.set_ylabel(plain_text(shortened(difference, 30)), fontsize=SMALL_PT, labelpad=1)
    axes.margins(x=0.05, y=0.08)
