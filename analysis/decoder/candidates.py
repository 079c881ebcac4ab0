"""Lines that may be hairs, from every source at once: many times more than there are hairs.

Traces follow the axes and the shafts as wide as they are; votes name chords; without votes, rods describe whole parts
of clipped hair. Each line is offered as it was found and with its ends where the contrast stops. Which of them are
hairs is no question here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.decoder.ends import trimmed
from analysis.decoder.parts import rod_lines
from analysis.decoder.traces import STIFF, SUPPLE, Manner, follow, peaks_of_cells, shaftness
from analysis.decoder.votes import voted_lines
from analysis.evidence import Evidence, Map
from analysis.geometry import arc_length
from analysis.lines import SAMPLES, even, lengths
from analysis.progress import Report, silent
from analysis.sampling import sample

FloatArray = NDArray[np.float64]

CELL, CELL_LONG = 14, 20
"""One trace a cell: pixels, in clipped and in long hair."""
SEED_ABOVE = 0.4
MANNERS = (SUPPLE, STIFF)
GAPS_UM = (40.0, 100.0)
"""A trace runs on over so much skin, or not so much."""
SAME_PX = 3.0
"""Lines whose ends and middles lie in the same squares of this side are one."""
NARROW_PERCENTILE = 35
"""At crossings and beside neighbours the map of widths shows both hairs' width."""


@dataclass(frozen=True)
class Candidates:
    """Lines in work pixels, either end first."""

    lines: FloatArray
    """(N, SAMPLES, 2), points evenly along each."""
    half_width: FloatArray
    """(N,) of the shafts, in work pixels."""
    describes: NDArray[np.bool_]
    """(N,) whether it is one of the rods that describe a part."""


def candidates(evidence: Evidence, shortest: float, clipped: bool, report: Report = silent) -> Candidates:
    """All lines at least so many pixels long that traces and votes name, or rods where clipped hair has no votes."""
    um = evidence.frame.um_per_work_px
    # beside votes rods add nothing to what is found, and take half the time
    with_rods = clipped and evidence.votes is None
    rods = rod_lines(evidence, shortest, report) if with_rods else np.zeros((0, SAMPLES, 2))
    cell = CELL if clipped else CELL_LONG
    maps = [shaftness(evidence.score)]
    found = []
    if evidence.votes is not None:
        maps.append(evidence.votes.line)
        found.append(voted_lines(evidence.votes))
    found += [_traced(axes, evidence.axis, um, manner, cell) for axes in maps for manner in MANNERS]
    others = _with_trimmed(evidence, _distinct(np.concatenate(found)))
    rods = _with_trimmed(evidence, rods)
    lines = np.concatenate([rods, _distinct(others)])
    describes = np.arange(len(lines)) < len(rods)
    enough = lengths(lines) >= shortest
    lines, describes = lines[enough], describes[enough]
    return Candidates(lines, half_widths_of(evidence, lines), describes)


def half_widths_of(evidence: Evidence, lines: FloatArray) -> FloatArray:
    """(N,) half the shafts' widths in work pixels, as the evidence has them along the lines."""
    if len(lines) == 0:
        return np.zeros(0)
    if evidence.votes is not None:
        return np.asarray(np.maximum(0.5, np.median(sample(evidence.votes.half_width, lines), axis=1)))
    along = sample(evidence.half_width, lines)
    return np.asarray(np.maximum(1.0, np.percentile(along, NARROW_PERCENTILE, axis=1)))


def _traced(axes: Map, axis: Map, um: float, manner: Manner, cell: int) -> FloatArray:
    seeds = peaks_of_cells(axes, cell, SEED_ABOVE)
    if len(seeds) == 0:
        return np.zeros((0, SAMPLES, 2))
    columns, rows = seeds.astype(int).T
    lines = follow(axes, seeds, axis[rows, columns].astype(np.float64), np.array(GAPS_UM) / um, manner)
    return even([line for line in lines if len(line) > 2 and arc_length(line) > 0])


def _with_trimmed(evidence: Evidence, lines: FloatArray) -> FloatArray:
    if len(lines) == 0:
        return lines
    return np.concatenate([lines, trimmed(evidence, lines, half_widths_of(evidence, lines))])


def _distinct(lines: FloatArray) -> FloatArray:
    """Lines that differ, each turned so that its last end lies below its first."""
    ahead = lines[:, -1] - lines[:, 0]
    back = (ahead[:, 1] < 0) | ((ahead[:, 1] == 0) & (ahead[:, 0] < 0))
    turned = np.where(back[:, None, None], lines[:, ::-1], lines)
    key = np.round(turned[:, [0, SAMPLES // 2, -1]].reshape(-1, 6) / SAME_PX).astype(np.int64)
    distinct: FloatArray = turned[np.sort(np.unique(key, axis=0, return_index=True)[1])]
    return distinct
