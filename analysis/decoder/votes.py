"""Lines from votes: every pixel of an axis names the chord of its hair, and chords that many name may be hairs.

A generalised Hough transform: votes are gathered by mean shift in the space of chords (`chords.py`), and a line is laid
through the pixels that named each.

Source of the method: Ballard, "Generalizing the Hough transform", 1981; Comaniciu and Meer, "Mean shift", 2002.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.decoder.chords import apart, chords, reach
from analysis.evidence import Map, Votes
from analysis.lines import SAMPLES, between
from analysis.sampling import sample

FloatArray = NDArray[np.float64]

SEED_ABOVE = 0.4
AXIS_ABOVE = 0.3
"""Of the line map: there is an axis."""
SHIFTS = 3
NEIGHBOURS = 40
LEAST_SUPPORT = 2.0
ONE_HAIR = 0.7
"""Gathered votes less far `apart` are one."""
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


def voted_lines(votes: Votes) -> FloatArray:
    """(N, SAMPLES, 2) a line for each chord that votes gather at, without ends where no axis is."""
    ballot = cast(votes)
    if len(ballot.place) == 0:
        return np.zeros((0, SAMPLES, 2))
    gathered, support = gather(ballot)
    return _without_bare_ends(_lines(gathered[_peaks(gathered, support)], ballot), votes.line)


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


def _without_bare_ends(lines: FloatArray, axes: Map) -> FloatArray:
    """Lines (N, SAMPLES, 2) from where an axis is first seen along them to where one is last seen, sampled anew."""
    seen = sample(axes, lines) > AXIS_ABOVE
    first, last = seen.argmax(axis=1), SAMPLES - 1 - seen[:, ::-1].argmax(axis=1)
    return between(lines, first, np.maximum(last, first + 1))


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
