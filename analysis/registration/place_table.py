"""A map between two images, worked out at the nodes of a grid and looked up between them: quick for many places."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from analysis.detection import FloatArray
from analysis.registration.way import Size

Pixels = NDArray[np.uint8]

NODES = 64
"""Along the longer side of the image."""
LEAST_STEP_PX = 8
AT_ONCE = 1024
"""Nodes that are worked out together: a spline of many knots takes memory for each of them."""
STRIP_NODES = 4
"""Rows of nodes that are spread over pixels together."""
REACH_NODES = 2
"""Rows beside a strip that its pixels depend on."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaceTable:
    """Where places of one image lie in another. Made by `tabulated`.

    What is kept is the distance from an affine map, which is small and smooth; beyond the grid the nearest is taken.
    """

    size: Size
    """Of the one image."""
    step_px: int
    """From node to node; the first is in the middle of the first square of so many pixels."""
    affine: FloatArray
    """(2, 3)"""
    offsets_px: FloatArray
    """(2, rows, columns), x and y."""
    coefficients: FloatArray
    """(2, rows, columns), of the cubic spline through the offsets."""

    def places(self, points_px: ArrayLike) -> FloatArray:
        """(N, 2) pixels of the other image for (N, 2) pixels of the one, by cubic splines."""
        points = np.asarray(points_px, dtype=np.float64).reshape(-1, 2)
        nodes = ((points + 0.5) / self.step_px - 0.5).T[::-1]
        offsets = [
            ndimage.map_coordinates(part, nodes, order=3, mode="nearest", prefilter=False) for part in self.coefficients
        ]
        placed: FloatArray = points @ self.affine[:, :2].T + self.affine[:, 2] + np.column_stack(offsets)
        return placed

    def strips(self) -> Iterator[tuple[int, FloatArray, FloatArray]]:
        """Every pixel of the image in strips of rows: the first row; x and y in the other image, float32 (R, W)."""
        width, height = self.size
        n_rows, n_columns = self.offsets_px.shape[1:]
        beyond = np.pad(self.offsets_px, ((0, 0), (REACH_NODES, REACH_NODES), (0, 0)), mode="edge")
        x = np.arange(width, dtype=np.float64)
        for first in range(0, n_rows, STRIP_NODES):
            some = beyond[:, first : first + STRIP_NODES + 2 * REACH_NODES]
            size = n_columns * self.step_px, some.shape[1] * self.step_px
            top, above = first * self.step_px, REACH_NODES * self.step_px
            rows = min(STRIP_NODES * self.step_px, height - top)
            y = np.arange(top, top + rows, dtype=np.float64)[:, None]
            spread = [
                cv2.resize(part.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)[above : above + rows, :width]
                for part in some
            ]
            straight = (row[0] * x + (row[1] * y + row[2]) for row in self.affine)
            placed = [(part + even).astype(np.float32) for part, even in zip(spread, straight, strict=True)]
            yield top, placed[0], placed[1]


def tabulated(there: Callable[[FloatArray], FloatArray], size: Size) -> PlaceTable:
    """The table of a map over an image.

    Args:
        there: maps (N, 2) pixels of one image to those of the other.
        size: width and height of the one image.
    """
    step = max(LEAST_STEP_PX, -(-max(size) // NODES))
    columns, rows = ((np.arange(-(-length // step)) + 0.5) * step - 0.5 for length in size)
    x, y = np.meshgrid(columns, rows)
    nodes = np.column_stack([x.ravel(), y.ravel()])
    placed = np.concatenate([there(nodes[i : i + AT_ONCE]) for i in range(0, len(nodes), AT_ONCE)])
    ones = np.column_stack([nodes, np.ones(len(nodes))])
    affine = np.linalg.lstsq(ones, placed, rcond=None)[0].T
    offsets = (placed - ones @ affine.T).T.reshape(2, len(rows), len(columns))
    coefficients = np.array([ndimage.spline_filter(part, order=3, mode="nearest") for part in offsets])
    return PlaceTable(size, step, affine, offsets, coefficients)


def resampled(image_rgb: Pixels, table: PlaceTable) -> Pixels:
    """An image as it lies in another: each pixel is what the image shows at that place, by cubic convolution.

    Args:
        image_rgb: (H, W, 3) uint8, the image that is looked into.
        table: from the pixels of the image that is made to those of that one.

    Returns:
        uint8 of the table's size; beyond the edge of the image its nearest pixel.
    """
    width, height = table.size
    made = np.empty((height, width, 3), dtype=np.uint8)
    for top, x, y in table.strips():
        rows = slice(top, top + len(x))
        cv2.remap(image_rgb, x, y, cv2.INTER_CUBIC, dst=made[rows], borderMode=cv2.BORDER_REPLICATE)
    return made
