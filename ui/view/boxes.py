"""Upright boxes: left, top, right, bottom, in image pixels unless it is said otherwise."""

import numpy as np

from analysis.detection import FloatArray, IntArray

Box = tuple[float, float, float, float]


def corners(box: Box) -> FloatArray:
    """The corners of a box, (4, 2), clockwise from the upper left."""
    left, top, right, bottom = box
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float64)


def around(points: FloatArray) -> Box:
    """The box that holds points (N, 2)."""
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return left, top, right, bottom


def meeting(boxes: FloatArray, box: Box) -> IntArray:
    """The indices of the boxes, (N, 4), that meet a box; touching is enough."""
    left, top, right, bottom = box
    found = (boxes[:, 0] <= right) & (boxes[:, 2] >= left) & (boxes[:, 1] <= bottom) & (boxes[:, 3] >= top)
    return np.flatnonzero(found)
