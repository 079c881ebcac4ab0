"""Which objects of two reads of one image are the same: hairs by their roots, units by their centres."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.detection import FloatArray, IntArray
from analysis.matching.assignment import assign
from analysis.matching.edges import Edges

TOLERANCE_UM = 100.0
"""Roots no further apart may be one hair's: six times as far as readers put them, and less than units are apart."""
TOLERANCE_WITHOUT_SCALE = 0.02
"""Of the image's width, where the scale is not known."""
TURN_SHARE = 2.0
"""What the opposite direction costs, next to roots at the tolerance: hairs that share an ostium are told by it.

Readers differ by 17 µm in a root and by 1° in a direction (medians): a turn of 10° costs what 11 µm do."""
LEAST_WEIGHT = 1e-3
"""Of the worst pair that is possible, next to a perfect one of about 3: better one than none."""


@dataclass(frozen=True, slots=True, eq=False)
class Objects:
    """N objects of one read, in columns.

    Raises:
        ValueError: if the columns differ in length, or a place is not finite.
    """

    place_px: FloatArray
    """(N, 2) of a hair its root, of a unit its centre."""
    direction: FloatArray | None = None
    """(N, 2) where each points, of any length; nought or NaN where that is not known. None: of no object."""
    width_px: FloatArray | None = None
    """(N,) NaN where it is not known. None: of no object."""

    def __post_init__(self) -> None:
        n = len(self.place_px)
        columns = [(self.place_px, (n, 2)), (self.direction, (n, 2)), (self.width_px, (n,))]
        if any(column is not None and column.shape != shape for column, shape in columns):
            raise ValueError("the columns of objects differ in length")
        if not np.isfinite(self.place_px).all():
            raise ValueError("an object's place is not finite")

    def __len__(self) -> int:
        return len(self.place_px)


@dataclass(frozen=True, eq=False)
class ObjectMatch:
    """What two reads of one image both have, and what only one of them has."""

    first: IntArray
    """(P,) indices into the first read's objects, rising."""
    second: IntArray
    """(P,) their partners."""
    only_first: IntArray
    """Rising."""
    only_second: IntArray
    distance_px: FloatArray
    """(P,) between partners."""
    width_difference_px: FloatArray
    """(P,) second less first; NaN where one is not known."""
    tolerance_px: float

    def __len__(self) -> int:
        return len(self.first)

    @cached_property
    def n_first(self) -> int:
        """Objects of the first read."""
        return len(self.first) + len(self.only_first)

    @cached_property
    def n_second(self) -> int:
        """Objects of the second read."""
        return len(self.second) + len(self.only_second)

    @cached_property
    def f1(self) -> float:
        """2P / (objects of both), 0 to 1, the same whichever read is first; NaN where neither has any."""
        return f1_score(len(self), self.n_first, self.n_second)


def f1_score(n_shared: int, n_first: int, n_second: int) -> float:
    """Dice's coefficient, which is the F1 score of one read against the other; NaN of nothing.

    Source: L. R. Dice, Ecology 26 (1945) 297–302.
    """
    return 2 * n_shared / (n_first + n_second) if n_first + n_second else float("nan")


def tolerance_px(image_width_px: float, um_per_px: float | None) -> float:
    """How far apart the roots of one hair may be in two reads: 100 µm, without a scale 2 % of the image's width."""
    return TOLERANCE_WITHOUT_SCALE * image_width_px if um_per_px is None else TOLERANCE_UM / um_per_px


def first_directions(
    vertices_px: FloatArray, first_vertex: IntArray, n_vertices: IntArray, length_px: float
) -> FloatArray:
    """(N, 2) from each hair's root to its first vertex at least so far along the shaft, or to its tip.

    Args:
        vertices_px: (ΣV, 2) the points of one hair after those of the one before, root first.
        first_vertex: (N,) where the points of each hair begin.
        n_vertices: (N,) each at least 2.
        length_px: along the shaft.
    """
    steps = np.linalg.norm(np.diff(vertices_px, axis=0), axis=1)
    steps[first_vertex[1:] - 1] = 0.0
    along = np.concatenate([[0.0], np.cumsum(steps)])[: len(vertices_px)]
    reached = np.searchsorted(along, along[first_vertex] + length_px)
    directions: FloatArray = vertices_px[np.minimum(reached, first_vertex + n_vertices - 1)] - vertices_px[first_vertex]
    return directions


def match_objects(first: Objects, second: Objects, tolerance_px: float) -> ObjectMatch:
    """Pair the objects of two reads one to one.

    Only objects within the tolerance can be partners. Of all such pairings that one is taken which costs least in
    total: a pair costs the distance of its places by the tolerance, and twice the turn between its directions by 180°;
    two objects left without each other cost a little more than the worst pair.

    Args:
        first: of one read.
        second: of another read of the same image.
        tolerance_px: above 0.

    Raises:
        ValueError: if the tolerance is not a positive number.
    """
    if not 0 < tolerance_px < np.inf:
        raise ValueError(f"the tolerance must be a positive number of pixels, not {tolerance_px}")
    row, column, distance_px = _near(first.place_px, second.place_px, tolerance_px)
    cost = distance_px / tolerance_px + TURN_SHARE * _turn(first.direction, second.direction, row, column)
    chosen = assign(Edges(row, column, 1 + TURN_SHARE + LEAST_WEIGHT - cost))
    row, column, distance_px = row[chosen], column[chosen], distance_px[chosen]
    return ObjectMatch(
        first=row,
        second=column,
        only_first=np.setdiff1d(np.arange(len(first)), row),
        only_second=np.setdiff1d(np.arange(len(second)), column),
        distance_px=distance_px,
        width_difference_px=_width_difference(first, second, row, column),
        tolerance_px=tolerance_px,
    )


def _near(first_px: FloatArray, second_px: FloatArray, tolerance_px: float) -> tuple[IntArray, IntArray, FloatArray]:
    """All pairs of places within the tolerance, by the first and then the second, with their distances."""
    from scipy.spatial import cKDTree

    empty = np.empty(0, np.int64)
    if not len(first_px) or not len(second_px):
        return empty, empty, np.empty(0)
    found = cKDTree(first_px).sparse_distance_matrix(cKDTree(second_px), tolerance_px, output_type="ndarray")
    order = np.lexsort((found["j"], found["i"]))
    return found["i"][order].astype(np.int64), found["j"][order].astype(np.int64), found["v"][order]


def _turn(first: FloatArray | None, second: FloatArray | None, row: IntArray, column: IntArray) -> FloatArray:
    """(E,) the angle between the directions of each pair by 180°, 0 to 1; a half where one is not known.

    Where no read has directions every pair has the half, which then decides nothing.
    """
    if first is None or second is None:
        return np.full(len(row), 0.5)
    a, b = first[row], second[column]
    cross, dot = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], (a * b).sum(axis=1)
    known = np.isfinite(a).all(axis=1) & np.isfinite(b).all(axis=1) & a.any(axis=1) & b.any(axis=1)
    turn: FloatArray = np.where(known, np.abs(np.arctan2(cross, dot)) / np.pi, 0.5)
    return turn


def _width_difference(first: Objects, second: Objects, row: IntArray, column: IntArray) -> FloatArray:
    if first.width_px is None or second.width_px is None:
        return np.full(len(row), np.nan)
    difference: FloatArray = second.width_px[column] - first.width_px[row]
    return difference
