"""A map between two images, worked out at the nodes of a grid and looked up between them: quick for many places."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import ndimage

from analysis.detection import FloatArray
from analysis.registration.way import Size

NODES = 64
"""Along the longer side of the image."""
LEAST_STEP_PX = 8
BESIDE = 3
"""Nodes beyond each edge: the spline is not at its best at the end of what it is given."""
AT_ONCE = 1024
"""Nodes that are worked out together: a spline of many knots takes memory for each of them."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaceTable:
    """Where places of one image lie in another. Made by `tabulated`.

    What is kept is the distance from an affine map, which is small and smooth; beyond the grid the nearest is taken.
    """

    step_px: int
    """From node to node; the first `BESIDE` lie beyond the edge, the next is in the middle of the first square."""
    affine: FloatArray
    """(2, 3)"""
    coefficients: FloatArray
    """(2, rows, columns), of the cubic spline through those distances in x and y."""

    def places(self, points_px: ArrayLike) -> FloatArray:
        """(N, 2) pixels of the other image for (N, 2) pixels of the one, by cubic splines."""
        points = np.asarray(points_px, dtype=np.float64).reshape(-1, 2)
        nodes = ((points + 0.5) / self.step_px + BESIDE - 0.5).T[::-1]
        offsets = [
            ndimage.map_coordinates(part, nodes, order=3, mode="nearest", prefilter=False) for part in self.coefficients
        ]
        placed: FloatArray = points @ self.affine[:, :2].T + self.affine[:, 2] + np.column_stack(offsets)
        return placed


def tabulated(there: Callable[[FloatArray], FloatArray], size: Size) -> PlaceTable:
    """The table of a map over an image.

    Args:
        there: maps (N, 2) pixels of one image to those of the other.
        size: width and height of the one image.
    """
    step = max(LEAST_STEP_PX, -(-max(size) // NODES))
    columns, rows = ((np.arange(-(-length // step) + 2 * BESIDE) - BESIDE + 0.5) * step - 0.5 for length in size)
    x, y = np.meshgrid(columns, rows)
    nodes = np.column_stack([x.ravel(), y.ravel()])
    placed = np.concatenate([there(nodes[i : i + AT_ONCE]) for i in range(0, len(nodes), AT_ONCE)])
    ones = np.column_stack([nodes, np.ones(len(nodes))])
    affine = np.linalg.lstsq(ones, placed, rcond=None)[0].T
    offsets = (placed - ones @ affine.T).T.reshape(2, len(rows), len(columns))
    coefficients = np.array([ndimage.spline_filter(part, order=3, mode="nearest") for part in offsets])
    return PlaceTable(step, affine, coefficients)
