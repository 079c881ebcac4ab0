"""What the network is to say about an image: maps made from the truth of a synthetic one.

All maps have half the resolution of the work image (`STRIDE`), one plane a quantity, in the order of `PLANES`.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from analysis.geometry import resample

STRIDE = 2
PLANES = (
    "line",
    "cover",
    "root",
    "tip",
    "cos",
    "sin",
    "half_width",
    "mid_x",
    "mid_y",
    "chord_c",
    "chord_s",
    "near",
    "whole",
)
"""Centreline, coverage, both ends as heat; direction by twice its angle; half width; the way to the middle of the chord
between both ends; half that chord, by twice its angle: unlike an end, neither changes when the ends are swapped. `near`
and `whole` say where direction and width, and where middle and chord, are known."""
LINE_SIGMA = 0.9
END_SIGMA = 1.5
LENGTH_UNIT = 50.0
"""Work pixels that count as 1 in planes of length; half width: `WIDTH_UNIT`."""
WIDTH_UNIT = 5.0
LONGEST = 240.0
"""Work pixels: the ends of a longer hair are not asked for, few pixels see both."""
FINE = 4
STEP = 0.4
SHORTEST = 2.0
"""Target pixels of a hair that a tile's border must leave for it to be there."""

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Samples:
    """Points along all axes, in target pixels, with what is true there, each (N,) or (N, 2)."""

    place: FloatArray
    tangent: FloatArray
    half_width: FloatArray
    middle: FloatArray
    chord: FloatArray
    whole: NDArray[np.bool_]


def targets(lines: list[FloatArray], widths: FloatArray, size: int) -> NDArray[np.float16]:
    """Planes (len(PLANES), size, size) of a square tile.

    Args:
        lines: axes in target pixels, root first, each (V, 2); what leaves the tile ends at its border.
        widths: full widths in target pixels.
        size: side of the tile in target pixels.
    """
    planes = np.zeros((len(PLANES), size, size), np.float32)
    ends = [np.array([line[end] for line in lines]) for end in (0, -1)]
    pieces = [(piece, width) for line, width in zip(lines, widths, strict=True) for piece in _inside(line, size)]
    lines, widths = [piece for piece, _ in pieces], np.array([width for _, width in pieces])
    if not lines:
        return planes.astype(np.float16)
    known = _samples(lines, widths)
    y, x = np.mgrid[:size, :size]
    pixels = np.column_stack([x.ravel(), y.ravel()]).astype(np.float64)
    distance, nearest = cKDTree(known.place).query(pixels)
    half = known.half_width[nearest]
    angle = np.arctan2(*known.tangent[nearest].T[::-1])
    chord = known.chord[nearest]
    turned = np.arctan2(chord[:, 1], chord[:, 0])
    length = np.hypot(*chord.T) * STRIDE / LENGTH_UNIT
    near = distance < np.maximum(1.3, 0.5 * half)
    middle = (known.middle[nearest] - pixels) * STRIDE / LENGTH_UNIT
    flat = {
        "line": np.exp(-(distance**2) / (2 * LINE_SIGMA**2)),
        "cos": np.cos(2 * angle),
        "sin": np.sin(2 * angle),
        "half_width": half * STRIDE / WIDTH_UNIT,
        "mid_x": middle[:, 0],
        "mid_y": middle[:, 1],
        "chord_c": length * np.cos(2 * turned),
        "chord_s": length * np.sin(2 * turned),
        "near": near,
        "whole": near & known.whole[nearest],
    }
    for name, values in flat.items():
        planes[PLANES.index(name)] = values.reshape(size, size)
    planes[PLANES.index("cover")] = _cover(lines, widths, size)
    for name, places in zip(("root", "tip"), ends, strict=True):
        planes[PLANES.index(name)] = _heat(places, pixels, size)
    return planes.clip(-60000, 60000).astype(np.float16)


def _inside(line: FloatArray, size: int) -> list[FloatArray]:
    """The pieces of a line that lie in the tile, as points `STEP` apart."""
    points = resample(line, STEP)
    inside = ((points >= -0.5) & (points <= size - 0.5)).all(axis=1)
    runs = np.split(np.arange(len(points)), np.flatnonzero(np.diff(inside.astype(int))) + 1)
    return [points[run] for run in runs if inside[run[0]] and len(run) > SHORTEST / STEP]


def _samples(pieces: list[FloatArray], widths: FloatArray) -> Samples:
    count = [len(piece) for piece in pieces]
    ends = np.array([[piece[0], piece[-1]] for piece in pieces])
    chord = (ends[:, 1] - ends[:, 0]) / 2
    short = 2 * np.hypot(*chord.T) * STRIDE < LONGEST
    return Samples(
        np.concatenate(pieces),
        np.concatenate([np.gradient(piece, axis=0) for piece in pieces]),
        *(np.repeat(values, count, axis=0) for values in (widths / 2, ends.mean(axis=1), chord, short)),
    )


def _cover(lines: list[FloatArray], widths: FloatArray, size: int) -> NDArray[np.float32]:
    fine = np.zeros((size * FINE, size * FINE), np.uint8)
    for line, width in zip(lines, widths, strict=True):
        points = np.round(((line + 0.5) * FINE - 0.5) * 16).clip(-30000, 60000).astype(np.int32)
        cv2.polylines(fine, [points], False, 255, max(1, round(width * FINE)), cv2.LINE_8, 4)
    small: NDArray[np.float32] = cv2.resize(fine, (size, size), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return small


def _heat(ends: FloatArray, pixels: FloatArray, size: int) -> NDArray[np.float32]:
    distance = cKDTree(ends).query(pixels)[0]
    heat: NDArray[np.float32] = np.exp(-(distance**2) / (2 * END_SIGMA**2)).reshape(size, size).astype(np.float32)
    return heat
