"""Clipped hair from votes: every pixel of an axis names the chord of its hair, and chords that many name are hairs.

A generalised Hough transform: votes are gathered by their mean shift in the space of chords, where a chord is its middle
and half its length at twice its angle, so that swapping its ends changes nothing. What is gathered is chosen, best first, by
how much of the axes along it is there, agrees, and is explained by no other.

Source of the method: Ballard, "Generalizing the Hough transform", 1981; Comaniciu and Meer, "Mean shift", 2002.
"""

import heapq
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.decoder.rods import Rods, axis_points
from analysis.decoder.shaft import Shaft
from analysis.evidence import Evidence, Map, Votes
from analysis.progress import Report
from analysis.sampling import sample

FloatArray = NDArray[np.float64]

SEED_ABOVE = 0.4
AXIS_ABOVE = 0.3
"""Of the line map: an axis counts as there above it."""
REACH = 8.0
"""Pixels in the space of chords within which votes are for one hair; more for a long hair, whose votes spread."""
REACH_PER_LENGTH = 0.06
SHIFTS = 3
NEIGHBOURS = 24
AGREE = 14.0
"""Pixels in the space of chords at which a pixel half agrees with a chord."""
UNSURE_WORTH = 0.35
"""What a pixel that names another chord is worth: hairs that cross are seen by one vote."""
SHARED_WORTH = 0.1
MARK_HALF_WIDTH = 3.0
LEAST_NEW = 8.0
"""Pixels of axis that a hair must explain alone."""
SAMPLES = 32
MAX_BEND = 0.16


@dataclass(frozen=True)
class Ballot:
    """Votes of the pixels on axes."""

    place: FloatArray
    """(N, 2) work pixels."""
    chord: FloatArray
    """(N, 4) x and y of the middle, then half the length times cosine and sine of twice the angle."""
    weight: FloatArray
    """(N,)"""


def by_votes(evidence: Evidence, votes: Votes, report: Report) -> list[Shaft]:
    """Shafts, either end first."""
    ballot = cast(votes)
    if len(ballot.place) == 0:
        return []
    gathered, support = gather(ballot)
    report("tracing hairs", 0.3)
    rods = _rods(gathered[_peaks(gathered, support)], ballot)
    report("tracing hairs", 0.5)
    chosen = _choose(rods, votes, ballot_maps(votes))
    return [_as_shaft(rod, evidence) for rod in chosen]


def cast(votes: Votes) -> Ballot:
    """The votes of all pixels where an axis is likely."""
    here = cv2.resize(votes.line, votes.middle.shape[1::-1], interpolation=cv2.INTER_AREA)
    rows, columns = np.nonzero(here > SEED_ABOVE)
    place = (np.column_stack([columns, rows]) + 0.5) * votes.stride - 0.5
    chord = chords(place, votes.middle[rows, columns], votes.half_chord[rows, columns])
    return Ballot(place, chord, here[rows, columns].astype(np.float64))


def chords(place: FloatArray, middle: FloatArray, half: FloatArray) -> FloatArray:
    """(N, 4) chords as points of the space in which they are gathered."""
    length = np.hypot(*half.T)
    angle = 2 * np.arctan2(half[:, 1], half[:, 0])
    return np.column_stack([place + middle, length * np.cos(angle), length * np.sin(angle)])


def gather(ballot: Ballot) -> tuple[FloatArray, FloatArray]:
    """Each vote moved to the mean of its like, (N, 4), and how many those are, (N,)."""
    from scipy.spatial import cKDTree

    at, support = ballot.chord, np.zeros(len(ballot.chord))
    tree = cKDTree(ballot.chord)
    for _ in range(SHIFTS):
        distance, index = tree.query(at, k=min(NEIGHBOURS, len(at)), workers=1)
        distance, index = distance.reshape(len(at), -1), index.reshape(len(at), -1)
        reach = REACH + REACH_PER_LENGTH * np.hypot(at[:, 2], at[:, 3])
        like = np.exp(-((distance / reach[:, None]) ** 2)) * ballot.weight[index]
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
        if support[i] < 2.0:
            break
        if free[i]:
            kept.append(i)
            free[tree.query_ball_point(at[i], 0.6 * REACH + REACH_PER_LENGTH * np.hypot(*at[i, 2:]))] = False
    return np.array(kept, dtype=np.int64)


def _rods(chord: FloatArray, ballot: Ballot) -> Rods:
    """(N, 6) rods of the chords, bowed as the pixels that named them lie."""
    length = np.hypot(chord[:, 2], chord[:, 3])
    angle = np.arctan2(chord[:, 3], chord[:, 2]) / 2
    along = np.column_stack([np.cos(angle), np.sin(angle)])
    half = along * length[:, None]
    rods = np.column_stack([chord[:, :2] - half, chord[:, :2] + half, np.zeros((len(chord), 1)), np.full(len(chord), 2.0)])
    from scipy.spatial import cKDTree

    tree = cKDTree(ballot.chord)
    for rod, middle, ahead, reach in zip(rods, chord, along, length, strict=True):
        own = tree.query_ball_point(middle, REACH + REACH_PER_LENGTH * reach)
        off = ballot.place[own] - middle[:2]
        t = off @ ahead / max(reach, 1.0)
        shape = np.clip(1 - t**2, 0, 1)
        weight = ballot.weight[own] * shape
        aside = off @ np.array([-ahead[1], ahead[0]])
        rod[4] = np.clip((weight * aside).sum() / max((weight * shape).sum(), 1e-6), -2 * MAX_BEND * reach, 2 * MAX_BEND * reach)
    return rods


@dataclass(frozen=True)
class BallotMaps:
    """Chords as planes, for reading along a rod."""

    weight: Map
    chord: NDArray[np.float32]


def ballot_maps(votes: Votes) -> BallotMaps:
    """Weight at the working scale, -1 to 1, and the votes (h/stride, w/stride, 4)."""
    weight = np.clip((votes.line - AXIS_ABOVE) / (0.75 - AXIS_ABOVE), -1, 1).astype(np.float32)
    h, w = votes.middle.shape[:2]
    rows, columns = np.mgrid[:h, :w]
    place = (np.column_stack([columns.ravel(), rows.ravel()]) + 0.5) * votes.stride - 0.5
    chord = chords(place, votes.middle.reshape(-1, 2), votes.half_chord.reshape(-1, 2))
    return BallotMaps(weight, chord.reshape(h, w, 4).astype(np.float32))


def _agreement(rod: NDArray[np.float64], points: FloatArray, maps: BallotMaps, stride: int) -> FloatArray:
    """(n,) 0 to 1: how much the pixels along a rod name it."""
    cells = np.round((points + 0.5) / stride - 0.5).astype(int)
    cells = np.clip(cells, 0, np.array(maps.chord.shape[1::-1]) - 1)
    named = maps.chord[cells[:, 1], cells[:, 0]]
    half = (rod[None, 2:4] - rod[None, 0:2]) / 2
    own = chords((rod[None, 0:2] + rod[None, 2:4]) / 2, np.zeros((1, 2)), half)[0]
    distance = np.linalg.norm(named - own, axis=1)
    agree: FloatArray = np.exp(-np.log(2) * (distance / (AGREE + 0.1 * np.hypot(*half[0]))) ** 2)
    return agree


def _value(rod: NDArray[np.float64], left: Map, maps: BallotMaps, stride: int) -> tuple[float, float]:
    """Pixels of axis explained, less those missing; and how many of them are explained by nothing else."""
    points = axis_points(rod[None], SAMPLES)[0]
    length = float(np.hypot(*(rod[2:4] - rod[0:2])))
    seen = sample(left, points)
    worth = np.where(seen > 0, UNSURE_WORTH + (1 - UNSURE_WORTH) * _agreement(rod, points, maps, stride), 1.0)
    new = seen > SHARED_WORTH + 0.05
    return float((seen * worth).mean() * length), float((new * worth * seen).mean() * length)


def _choose(rods: Rods, votes: Votes, maps: BallotMaps) -> list[NDArray[np.float64]]:
    left = maps.weight.copy()
    queue = [(-_value(rod, left, maps, votes.stride)[0], i) for i, rod in enumerate(rods)]
    heapq.heapify(queue)
    chosen: list[NDArray[np.float64]] = []
    while queue:
        _, i = heapq.heappop(queue)
        value, new = _value(rods[i], left, maps, votes.stride)
        if queue and value < -0.98 * queue[0][0]:
            if value > LEAST_NEW:
                heapq.heappush(queue, (-value, i))
            continue
        if new < LEAST_NEW or value < LEAST_NEW:
            continue
        chosen.append(rods[i])
        line = np.round(axis_points(rods[i][None], 16)[0] * 16).astype(np.int32)
        under = np.zeros(left.shape, np.uint8)
        cv2.polylines(under, [line], False, 1, round(2 * MARK_HALF_WIDTH), cv2.LINE_8, 4)
        left[(under > 0) & (left > 0)] = SHARED_WORTH
    return chosen


def _as_shaft(rod: NDArray[np.float64], evidence: Evidence) -> Shaft:
    length = float(np.hypot(*(rod[2:4] - rod[0:2])))
    axis = axis_points(rod[None], max(2, 1 + round(length / 6.0)))[0]
    return Shaft(axis, float(max(0.5, np.median(sample(evidence.half_width, axis)))))
