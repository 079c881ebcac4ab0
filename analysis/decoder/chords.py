"""The space of chords, in which votes are gathered and compared.

A chord is its middle, and half its length at twice its angle: four numbers in pixels that do not change when the two
ends are swapped, and near one another where chords are alike.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.evidence import Votes

FloatArray = NDArray[np.float64]

ALONG, ALONG_PER_LENGTH = 10.0, 0.10
ACROSS, ACROSS_PER_LENGTH = 3.0, 0.05
"""Pixels, and shares of half the length, by which votes for one hair differ along it and across it.

A pixel knows better on which line its hair lies than where that ends.
"""


def chords(place: FloatArray, middle: NDArray[np.floating[Any]], half: NDArray[np.floating[Any]]) -> FloatArray:
    """(N, 4) chords as points of the space, given places, ways to the middle and half chords, each (N, 2)."""
    length = np.hypot(*half.T)
    angle = 2 * np.arctan2(half[:, 1], half[:, 0])
    chord: FloatArray = np.column_stack([place + middle, length * np.cos(angle), length * np.sin(angle)])
    return chord.astype(np.float64)


def chords_of(lines: FloatArray) -> FloatArray:
    """(N, 4) the chords of lines (N, V, 2)."""
    first, last = lines[:, 0], lines[:, -1]
    return chords((first + last) / 2, np.zeros((len(lines), 2)), (last - first) / 2)


def chord_map(votes: Votes) -> NDArray[np.float32]:
    """The chord that every pixel names, (h, w, 4) at the votes' resolution."""
    height, width = votes.middle.shape[:2]
    rows, columns = np.mgrid[:height, :width]
    place = (np.column_stack([columns.ravel(), rows.ravel()]) + 0.5) * votes.stride - 0.5
    named = chords(place, votes.middle.reshape(-1, 2), votes.half_chord.reshape(-1, 2))
    return named.reshape(height, width, 4).astype(np.float32)


def agreement(votes: Votes, lines: FloatArray) -> FloatArray:
    """(N, V) 0 to 1: how much the pixels along each line (N, V, 2) name its chord."""
    named = chord_map(votes)
    cells = np.round((lines + 0.5) / votes.stride - 0.5).astype(int)
    cells = np.clip(cells, 0, np.array(named.shape[1::-1]) - 1)
    agree: FloatArray = np.exp2(-(apart(chords_of(lines), named[cells[..., 1], cells[..., 0]]) ** 2))
    return agree


def apart(chord: FloatArray, others: FloatArray) -> FloatArray:
    """How unlike chords are, 1 where votes for one hair lie apart: (N, 4) and (N, ..., 4), or what broadcasts so."""
    chord = chord.reshape(len(chord), *(1,) * (others.ndim - chord.ndim), 4)
    length = np.hypot(chord[..., 2], chord[..., 3])
    angle = np.arctan2(chord[..., 3], chord[..., 2])
    off = others - chord
    c, s = np.cos(angle / 2), np.sin(angle / 2)
    along, across = c * off[..., 0] + s * off[..., 1], c * off[..., 1] - s * off[..., 0]
    c, s = np.cos(angle), np.sin(angle)
    longer, turned = c * off[..., 2] + s * off[..., 3], c * off[..., 3] - s * off[..., 2]
    lengthwise = (along**2 + longer**2) / (ALONG + ALONG_PER_LENGTH * length) ** 2
    # the turn's share of an end's way is half, as the space doubles angles
    sidewise = (across**2 + turned**2 / 4) / (ACROSS + ACROSS_PER_LENGTH * length) ** 2
    distance: FloatArray = np.sqrt(lengthwise + sidewise)
    return distance


def reach(chord: FloatArray) -> FloatArray:
    """(N,) pixels in the space of chords beyond which none is like a chord (N, 4)."""
    far: FloatArray = ALONG + ALONG_PER_LENGTH * np.hypot(chord[:, 2], chord[:, 3])
    return far
