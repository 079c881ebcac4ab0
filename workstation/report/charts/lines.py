"""The values of every subject over the visits, a panel an outcome."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.detection import FloatArray
from workstation.palette import BLACK
from workstation.report.charts.style import (
    FAINT,
    QUIET,
    SMALL_PT,
    Look,
    hex_of,
    looks,
    plain,
    plain_text,
    sheet,
    shortened,
)
from workstation.trial.results import ValueTable
from workstation.trial.wording import capitalised, titled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_HEIGHT_IN = 1.95
MOST_NAMED = 14
"""So many subjects are named at the ends of their lines; more would not be read."""


def line_chart(tables: Sequence[ValueTable], arms: Mapping[str, str], groups: Sequence[str]) -> "Figure":
    """A thin line a subject, a bold one of the mean of each group.

    Args:
        tables: one a panel, at least one.
        arms: the arm of each subject.
        groups: the arms by name; one empty text where there is none.
    """
    n_rows = (len(tables) + 1) // 2
    figure = sheet(0.3 + PANEL_HEIGHT_IN * n_rows)
    panels = figure.subplots(n_rows, 2 if len(tables) > 1 else 1, squeeze=False).ravel()
    for axes, table in zip(panels, tables, strict=False):
        _panel(axes, table, arms, groups)
    for axes in panels[len(tables) :]:
        axes.set_visible(False)
    handles, labels = panels[0].get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc="outside lower left", ncols=4, frameon=False, fontsize=SMALL_PT)
    return figure


def _panel(axes: "Axes", table: ValueTable, arms: Mapping[str, str], groups: Sequence[str]) -> None:
    plain(axes, title=shortened(capitalised(titled(table.outcome)), 46))
    weeks = np.array(table.weeks)
    ends: list[tuple[float, str]] = []
    styles = dict(zip(groups, looks(len(groups)), strict=True))
    for subject, values in zip(table.subjects, table.values, strict=True):
        known = np.isfinite(values)
        if not known.any():
            continue
        colour, dashes, _ = styles.get(arms.get(subject, ""), styles[groups[0]])
        axes.plot(
            weeks[known], values[known], color=QUIET if len(groups) == 1 else colour, linewidth=0.7,
            linestyle=dashes, alpha=0.65, marker=".", markersize=3, zorder=2,
        )  # fmt: skip
        last = int(np.flatnonzero(known)[-1])
        if last == len(weeks) - 1:
            ends.append((float(values[last]), subject))
    for group in groups:
        inside = [arms.get(subject, "") == group or len(groups) == 1 for subject in table.subjects]
        _mean_line(axes, weeks, table.values[np.array(inside, dtype=bool)], styles[group], group)
    axes.set_xticks(weeks, ["baseline" if week == 0 else f"{week:g}" for week in weeks])
    axes.set_xlabel("week", fontsize=SMALL_PT, labelpad=1)
    span = max(float(np.ptp(weeks)), 1.0)
    axes.set_xlim(weeks[0] - 0.04 * span, weeks[-1] + (0.16 if len(ends) <= MOST_NAMED else 0.04) * span)
    axes.margins(y=0.08)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    if len(ends) <= MOST_NAMED:
        _names(axes, ends, float(weeks[-1]) + 0.025 * span)


def _mean_line(axes: "Axes", weeks: FloatArray, values: FloatArray, look: Look, group: str) -> None:
    known = np.isfinite(values).any(axis=0) if len(values) else np.zeros(len(weeks), dtype=bool)
    if not known.any() or len(values) < 2:
        return
    colour, dashes, mark = look
    mean = np.nanmean(values[:, known], axis=0)
    label = plain_text(f"mean, {shortened(group, 40)}") if group else "mean"
    axes.plot(
        weeks[known], mean, color=colour, linestyle=dashes, linewidth=2.2, marker=mark, markersize=5,
        markeredgecolor="white", zorder=4, label=label,
    )  # fmt: skip


def _names(axes: "Axes", ends: list[tuple[float, str]], x: float) -> None:
    """The subjects beside the ends of their lines, moved apart where they would overlap."""
    if not ends:
        return
    low, high = axes.get_ylim()
    apart = (high - low) * SMALL_PT / 72 / (PANEL_HEIGHT_IN - 0.75) * 0.95
    ends = sorted(ends)
    places = apart_from_each_other(np.array([value for value, _ in ends]), apart, low, high)
    for place, (_, subject) in zip(places, ends, strict=True):
        axes.text(
            x, place, plain_text(shortened(subject, 8)), fontsize=SMALL_PT - 1, color=hex_of(BLACK), va="center",
            clip_on=False,
        ).set_in_layout(False)  # fmt: skip


def apart_from_each_other(places: FloatArray, apart: float, low: float, high: float) -> FloatArray:
    """Places, rising (N,), moved so that no two are nearer than `apart`, and all between two ends if they have room."""
    apart = min(apart, (high - low) / max(1, len(places) - 1))
    moved = np.clip(places, low, high)
    for place in range(1, len(moved)):
        moved[place] = max(moved[place], moved[place - 1] + apart)
    moved[-1] = min(moved[-1], high)
    for place in range(len(moved) - 2, -1, -1):
        moved[place] = min(moved[place], moved[place + 1] - apart)
    return moved
