"""Clipped hair from votes: every pixel of an axis names the chord of its hair, and chords that many name are hairs.

A generalised Hough transform: votes are gathered by mean shift in the space of chords (`chords.py`). What is gathered
is chosen, best first, by how much of the axes along it is there, agrees, and is explained by no other.

Source of the method: Ballard, "Generalizing the Hough transform", 1981; Comaniciu and Meer, "Mean shift", 2002.
"""

import heapq
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.decoder.chords import agreement, apart, chord_map, chord_of, chords, reach
from analysis.decoder.cover import peaks_of_cells
from analysis.decoder.shaft import Shaft
from analysis.decoder.traces import follow
from analysis.evidence import Evidence, Map, Votes
from analysis.geometry import arc_length, resample
from analysis.sampling import sample

FloatArray = NDArray[np.float64]

SEED_ABOVE = 0.4
AXIS_ABOVE, SURE_ABOVE = 0.3, 0.75
"""Of the line map: an axis counts as there above the one and fully above the other."""
SHIFTS = 3
NEIGHBOURS = 40
LEAST_SUPPORT = 2.0
ONE_HAIR = 0.7
"""Gathered votes less far `apart` are one."""
SHARED_WORTH = 0.1
MARK_SHARE, MARK_HALF_WIDTHS, MARK_MARGIN = 0.8, (3.0, 6.0), 8
"""A hair explains this share of its half width, so many pixels at least and at most."""
LEAST_NEW, LEAST_NEW_SHARE = 12.0, 0.5
"""Pixels of axis that a hair must explain alone, and share of its length."""
PROLONGED_PX = 15.0
SAMPLES = 33
SPACING = 4.0
CELL = 10
"""One trace a cell: pixels."""
GAP_UM = 40.0
"""A trace runs on over so much skin."""
KNOTS = np.linspace(-1, 1, 9)
SECOND = np.diff(np.eye(len(KNOTS)), 2, axis=0)
STIFFNESS = 2.0 * SECOND.T @ SECOND + np.diag([30.0, *np.zeros(len(KNOTS) - 2), 30.0]) + 1e-6 * np.eye(len(KNOTS))
"""Least squares' price for a line's bends and for ends off the chord."""


@dataclass(frozen=True)
class Ballot:
    """Votes of the pixels on axes."""

    place: FloatArray
    """(N, 2) work pixels."""
    chord: FloatArray
    """(N, 4) x and y of the middle, then half the length times cosine and sine of twice the angle."""
    weight: FloatArray
    """(N,)"""


def by_votes(evidence: Evidence, votes: Votes, known: list[Shaft]) -> list[Shaft]:
    """Shafts, either end first, for what those known do not explain."""
    ballot = cast(votes)
    if len(ballot.place) == 0:
        return []
    gathered, support = gather(ballot)
    voted = _lines(gathered[_peaks(gathered, support)], ballot)
    traced = _traced(evidence, votes)
    lines = np.concatenate([_without_bare_ends(part, votes.line) for part in (voted, traced) if len(part)])
    return _choose([_as_shaft(line, votes) for line in lines], votes, known)


def cast(votes: Votes) -> Ballot:
    """The votes of all pixels where an axis is likely."""
    height, width = votes.middle.shape[:2]
    spare = np.array([height, width]) * votes.stride - votes.line.shape
    whole = np.pad(votes.line, ((0, spare[0]), (0, spare[1])))
    here = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    rows, columns = np.nonzero(here > SEED_ABOVE)
    place: FloatArray = (np.column_stack([columns, rows]).astype(np.float64) + 0.5) * votes.stride - 0.5
    chord = chords(place, votes.middle[rows, columns], votes.half_chord[rows, columns])
    return Ballot(place, chord, here[rows, columns].astype(np.float64))


def gather(ballot: Ballot) -> tuple[FloatArray, FloatArray]:
    """Each vote moved to the mean of its like, (N, 4), and how many those are, (N,)."""
    from scipy.spatial import cKDTree

    at, support = ballot.chord, np.zeros(len(ballot.chord))
    tree = cKDTree(ballot.chord)
    for _ in range(SHIFTS):
        index = tree.query(at, k=min(NEIGHBOURS, len(at)))[1].reshape(len(at), -1)
        like = np.exp(-(apart(at, ballot.chord[index]) ** 2)) * ballot.weight[index]
        support = like.sum(axis=1)
        at = np.einsum("nk,nkc->nc", like, ballot.chord[index]) / np.maximum(support, 1e-9)[:, None]
    return at, support


def _peaks(at: FloatArray, support: FloatArray) -> NDArray[np.int64]:
    """Indices of gathered votes of which none nearby has more support."""
    from scipy.spatial import cKDTree

    tree = cKDTree(at)
    order = np.argsort(-support, kind="stable")
    free = np.ones(len(at), bool)
    kept = []
    for i in order:
        if support[i] < LEAST_SUPPORT:
            break
        if free[i]:
            kept.append(i)
            near = np.array(tree.query_ball_point(at[i], reach(at[i : i + 1])[0]))
            free[near[apart(at[i : i + 1], at[near]) < ONE_HAIR]] = False
    return np.array(kept, dtype=np.int64)


def _lines(chord: FloatArray, ballot: Ballot) -> FloatArray:
    """(N, SAMPLES, 2) lines from end to end of the chords, through the pixels that named them."""
    from scipy.spatial import cKDTree

    tree = cKDTree(ballot.chord)
    length = np.hypot(chord[:, 2], chord[:, 3])
    angle = np.arctan2(chord[:, 3], chord[:, 2]) / 2
    along = np.column_stack([np.cos(angle), np.sin(angle)])
    across = np.column_stack([-along[:, 1], along[:, 0]])
    near = tree.query_ball_point(chord, reach(chord))
    t = np.linspace(-1, 1, SAMPLES)
    lines = np.empty((len(chord), SAMPLES, 2))
    for i, nearby in enumerate(near):
        pixels = np.array(nearby, dtype=np.int64)
        pixels = pixels[apart(chord[i : i + 1], ballot.chord[pixels]) < 1]
        off = ballot.place[pixels] - chord[i, :2]
        aside = _profile(off @ along[i] / max(length[i], 1.0), off @ across[i], ballot.weight[pixels])
        lines[i] = chord[i, :2] + (t * length[i])[:, None] * along[i] + np.interp(t, KNOTS, aside)[:, None] * across[i]
    return lines


def _traced(evidence: Evidence, votes: Votes) -> FloatArray:
    """(N, SAMPLES, 2) lines followed along the axes from wherever these are clear."""
    seeds = peaks_of_cells(votes.line, CELL, SEED_ABOVE)
    columns, rows = seeds.astype(int).T
    gap = GAP_UM / evidence.frame.um_per_work_px
    lines = follow(votes.line, seeds, evidence.axis[rows, columns].astype(np.float64), gap)
    kept = [resample(line, arc_length(line) / (SAMPLES - 1)) for line in lines if len(line) > 2]
    return np.array([line[:SAMPLES] for line in kept if len(line) >= SAMPLES]).reshape(-1, SAMPLES, 2)


def _without_bare_ends(lines: FloatArray, axes: Map) -> FloatArray:
    """Lines (N, SAMPLES, 2) from where an axis is first seen along them to where one is last seen, sampled anew."""
    seen = sample(axes, lines) > AXIS_ABOVE
    first, last = seen.argmax(axis=1), SAMPLES - 1 - seen[:, ::-1].argmax(axis=1)
    at = np.linspace(first, np.maximum(last, first + 1), SAMPLES, axis=1)
    low = np.minimum(at.astype(int), SAMPLES - 2)
    rows = np.arange(len(lines))[:, None]
    share = (at - low)[..., None]
    anew: FloatArray = lines[rows, low] * (1 - share) + lines[rows, low + 1] * share
    return anew


def _profile(t: FloatArray, aside: FloatArray, weight: FloatArray) -> FloatArray:
    """(len(KNOTS),) how far aside of its chord a line runs: a penalised spline, 0 at both ends."""
    inside = np.abs(t) <= 1
    place = (t[inside] + 1) / 2 * (len(KNOTS) - 1)
    low = np.minimum(place.astype(int), len(KNOTS) - 2)
    basis = np.zeros((len(low), len(KNOTS)))
    rows = np.arange(len(low))
    basis[rows, low], basis[rows, low + 1] = 1 - (place - low), place - low
    normal = (basis * weight[inside, None]).T @ basis + STIFFNESS
    return np.asarray(np.linalg.solve(normal, basis.T @ (weight[inside] * aside[inside])), dtype=np.float64)


def _choose(shafts: list[Shaft], votes: Votes, known: list[Shaft]) -> list[Shaft]:
    """The best first, each for what no other explains and no known one."""
    left = np.clip((votes.line - AXIS_ABOVE) / (SURE_ABOVE - AXIS_ABOVE), -1, 1).astype(np.float32)
    for shaft in known:
        _mark(_prolonged(shaft), left)
    named = chord_map(votes)
    queue = [(-_worth(shaft, left, named, votes.stride)[0], i) for i, shaft in enumerate(shafts)]
    heapq.heapify(queue)
    chosen: list[Shaft] = []
    while queue:
        _, i = heapq.heappop(queue)
        value, new = _worth(shafts[i], left, named, votes.stride)
        if queue and value < -0.98 * queue[0][0]:
            if value > LEAST_NEW:
                heapq.heappush(queue, (-value, i))
            continue
        if min(new, value) >= max(LEAST_NEW, LEAST_NEW_SHARE * shafts[i].length):
            chosen.append(shafts[i])
            _mark(shafts[i], left)
    return chosen


def _worth(shaft: Shaft, left: Map, named: NDArray[np.float32], stride: int) -> tuple[float, float]:
    """Pixels of axis along a shaft, less those missing; and how many of them nothing else explains."""
    seen = sample(left, shaft.axis)
    agree = agreement(chord_of(shaft.axis), shaft.axis, named, stride)
    value = np.where(seen > 0, agree, 1.0) * seen
    new = float(value[seen > SHARED_WORTH + 0.05].sum() / len(seen))
    return float(value.mean() * shaft.length), new * shaft.length


def _mark(shaft: Shaft, left: Map) -> None:
    """Make what a shaft explains worth little to others, in place."""
    wide = float(np.clip(MARK_SHARE * shaft.half_width, *MARK_HALF_WIDTHS))
    low = np.maximum(np.floor(shaft.axis.min(axis=0)).astype(int) - MARK_MARGIN, 0)
    high = np.maximum(np.ceil(shaft.axis.max(axis=0)).astype(int) + MARK_MARGIN, 0)
    window = left[low[1] : high[1], low[0] : high[0]]
    under = np.zeros(window.shape, np.uint8)
    places = np.round((shaft.axis - low) * 16).astype(np.int32)
    cv2.polylines(under, [places], False, 1, round(2 * wide), cv2.LINE_8, 4)
    window[(under > 0) & (window > 0)] = SHARED_WORTH


def _prolonged(shaft: Shaft) -> Shaft:
    """A shaft with the blur beyond its ends, which is no other hair."""
    axis = shaft.axis
    ends = [end + PROLONGED_PX * (end - inner) / max(float(np.hypot(*(end - inner))), 1e-9)
            for end, inner in ((axis[0], axis[1]), (axis[-1], axis[-2]))]  # fmt: skip
    return Shaft(np.vstack([ends[0], axis, ends[1]]), shaft.half_width)


def _as_shaft(line: FloatArray, votes: Votes) -> Shaft:
    axis = resample(line, SPACING)
    return Shaft(axis, foretold_half_width(votes, axis))


def foretold_half_width(votes: Votes, axis: FloatArray) -> float:
    """Half a shaft's width in work pixels as the network has it."""
    return float(max(0.5, np.median(sample(votes.half_width, axis))))
