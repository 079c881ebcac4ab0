"""Changes from the baseline with their intervals: of all main outcomes at one week, and of each over the weeks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workstation.palette import BLACK
from workstation.report.charts.style import (
    FAINT,
    QUIET,
    SMALL_PT,
    TEXT_PT,
    Look,
    hex_of,
    looks,
    plain,
    plain_text,
    sheet,
    shortened,
)
from workstation.trial.results import VisitResult
from workstation.trial.wording import capitalised, estimate, p_equals, titled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW_IN = 0.27
PANEL_HEIGHT_IN = 1.7
BESIDE = 0.012
"""How far the groups of one week stand apart, as a share of the weeks' span."""


@dataclass(frozen=True, slots=True)
class _Bar:
    """A change in per cent of the mean at the baseline."""

    label: str
    group: str
    said: str
    middle: float
    low: float
    high: float
    look: Look
    is_primary: bool


def forest_chart(results: Sequence[VisitResult], groups: Sequence[str]) -> "Figure | None":
    """One row an outcome and group: the mean change with its 95 % interval, in per cent of the mean at the baseline.

    Args:
        results: of one week, in the order of the rows.
        groups: the arms by name; one empty text where there is none.

    Returns:
        None where no result has an interval.
    """
    styles = dict(zip(groups, looks(len(groups)), strict=True))
    bars = [bar for result in results if (bar := _bar(result, styles[result.group])) is not None]
    if not bars:
        return None
    figure = sheet(0.75 + ROW_IN * len(bars))
    axes = figure.add_subplot()
    plain(axes)
    axes.axvline(0, color=hex_of(BLACK), linewidth=0.8, zorder=1)
    for place, bar in enumerate(bars):
        colour, dashes, mark = bar.look
        axes.plot([bar.low, bar.high], [place, place], color=colour, linestyle=dashes, linewidth=1.5, zorder=2)
        for end in (bar.low, bar.high):
            axes.plot([end, end], [place - 0.16, place + 0.16], color=colour, linewidth=1.2, zorder=2)
        axes.plot(
            bar.middle, place, marker=mark, color=colour, markersize=8 if bar.is_primary else 6, zorder=3,
            markeredgecolor="white", markeredgewidth=0.6,
        )  # fmt: skip
        weight = "bold" if bar.is_primary else "normal"
        axes.text(
            1.02, place, plain_text(bar.said), transform=axes.get_yaxis_transform(), va="center", fontsize=SMALL_PT,
            fontweight=weight,
        )  # fmt: skip
    names = [bar.label if place == 0 or bar.label != bars[place - 1].label else "" for place, bar in enumerate(bars)]
    axes.set_yticks(range(len(bars)), [plain_text(name) for name in names], fontsize=TEXT_PT)
    for text, bar in zip(axes.get_yticklabels(), bars, strict=True):
        text.set_fontweight("bold" if bar.is_primary else "normal")
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.set_xlabel("mean change in % of the mean at baseline, with 95 % interval", fontsize=SMALL_PT)
    if len(groups) > 1:
        _legend(figure, styles)
    return figure


def change_chart(by_outcome: Sequence[Sequence[VisitResult]], groups: Sequence[str]) -> "Figure":
    """A panel an outcome: the mean change at each week with its 95 % interval.

    Args:
        by_outcome: the results of each outcome, of any week and group; no list is empty.
        groups: the arms by name; one empty text where there is none.
    """
    n_rows = (len(by_outcome) + 1) // 2
    figure = sheet(0.3 + PANEL_HEIGHT_IN * n_rows)
    panels = figure.subplots(n_rows, 2 if len(by_outcome) > 1 else 1, squeeze=False).ravel()
    styles = dict(zip(groups, looks(len(groups)), strict=True))
    for axes, results in zip(panels, by_outcome, strict=False):
        _panel(axes, results, groups, styles)
    for axes in panels[len(by_outcome) :]:
        axes.set_visible(False)
    if len(groups) > 1:
        _legend(figure, styles)
    return figure


def _legend(figure: "Figure", styles: dict[str, Look]) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=colour, linestyle=dashes, marker=mark, label=plain_text(shortened(group or "no arm", 40)))
        for group, (colour, dashes, mark) in styles.items()
    ]
    figure.legend(handles=handles, loc="outside lower left", ncols=3, frameon=False, fontsize=SMALL_PT)


def _panel(axes: "Axes", results: Sequence[VisitResult], groups: Sequence[str], styles: dict[str, Look]) -> None:
    plain(axes, title=shortened(capitalised(titled(results[0].outcome)), 46))
    axes.axhline(0, color=QUIET, linewidth=0.8)
    weeks = sorted({0.0, *(result.week for result in results)})
    span = max(weeks[-1] - weeks[0], 1.0)
    for place, group in enumerate(groups):
        own = [r for r in results if r.group == group and math.isfinite(r.change.mean)]
        beside = (place - (len(groups) - 1) / 2) * BESIDE * span
        colour, dashes, mark = styles[group]
        x = [0.0, *(r.week + beside for r in own)]
        axes.plot(
            x, [0.0, *(r.change.mean for r in own)], color=colour, linestyle=dashes, linewidth=1, alpha=0.8,
            marker=mark, markersize=4, markevery=slice(1, None),
        )  # fmt: skip
        known = [r for r in own if math.isfinite(r.change.ci_low)]
        axes.errorbar(
            [r.week + beside for r in known],
            [r.change.mean for r in known],
            [[r.change.mean - r.change.ci_low for r in known], [r.change.ci_high - r.change.mean for r in known]],
            fmt=mark, color=colour, markersize=5, capsize=2.5, linewidth=1.3, markeredgecolor="white",
            markeredgewidth=0.5,         )  # fmt: skip
    axes.set_xticks(weeks, ["baseline" if week == 0 else f"{week:g}" for week in weeks])
    axes.set_xlabel("week", fontsize=SMALL_PT, labelpad=1)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    axes.margins(x=0.06, y=0.08)


def _bar(result: VisitResult, look: Look) -> _Bar | None:
    change = result.change
    if not (math.isfinite(change.ci_low) and math.isfinite(change.percent) and change.mean):
        return None
    per_unit = change.percent / change.mean
    low, high = sorted((change.ci_low * per_unit, change.ci_high * per_unit))
    said = f"{estimate(change.mean, change.ci_low, change.ci_high, result.outcome.digits)} {_unit(result)}".strip()
    said += f"  {p_equals(change.p_t)}" if math.isfinite(change.p_t) else ""
    return _Bar(
        shortened(capitalised(result.outcome.label), 40),
        result.group,
        said,
        change.percent,
        low,
        high,
        look,
        result.is_primary,
    )


def _unit(result: VisitResult) -> str:
    return "" if result.outcome.unit == "1/cm²" else result.outcome.unit
