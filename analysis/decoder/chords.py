"""The space of chords, in which votes are gathered and compared.

A chord is its middle, and half its length at twice its angle: four numbers in pixels that do not change when the two
ends are swapped, and near one another where chords are alike.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.evidence import Votes

FloatArray = NDArray[np.float64]

AGREE = 14.0
AGREE_PER_LENGTH = 0.1
"""Pixels in the space of chords, and a share of half the length, at which a pixel half agrees with a chord."""


def chords(place: FloatArray, middle: FloatArray, half: FloatArray) -> FloatArray:
    """(N, 4) chords as points of the space in which they are gathered."""
    length = np.hypot(*half.T)
    angle = 2 * np.arctan2(half[:, 1], half[:, 0])
    return np.column_stack([place + middle, length * np.cos(angle), length * np.sin(angle)])


def chord_of(line: FloatArray) -> FloatArray:
    """(4,) the chord of a line (V, 2)."""
    chord: FloatArray = chords((line[:1] + line[-1:]) / 2, np.zeros((1, 2)), (line[-1:] - line[:1]) / 2)[0]
    return chord


def chord_map(votes: Votes) -> NDArray[np.float32]:
    """The chord that every pixel names, (h, w, 4) at the votes' resolution."""
    height, width = votes.middle.shape[:2]
    rows, columns = np.mgrid[:height, :width]
    place = (np.column_stack([columns.ravel(), rows.ravel()]) + 0.5) * votes.stride - 0.5
    named = chords(place, votes.middle.reshape(-1, 2), votes.half_chord.reshape(-1, 2))
    return named.reshape(height, width, 4).astype(np.float32)


def agreement(chord: FloatArray, points: FloatArray, named: NDArray[np.float32], stride: int) -> FloatArray:
    """(n,) 0 to 1: how much the pixels at points (n, 2) name a chord (4,), given the map of what they name."""
    cells = np.round((points + 0.5) / stride - 0.5).astype(int)
    cells = np.clip(cells, 0, np.array(named.shape[1::-1]) - 1)
    distance = np.linalg.norm(named[cells[:, 1], cells[:, 0]] - chord, axis=1)
    agree: FloatArray = np.exp2(-((distance / (AGREE + AGREE_PER_LENGTH * np.hypot(*chord[2:]))) ** 2))
    return agree
