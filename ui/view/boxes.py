"""Upright boxes: left, top, right, bottom in image pixels."""

import numpy as np

from analysis.detection import FloatArray, IntArray

Box = tuple[float, float, float, float]


def meeting(boxes: FloatArray, box: Box) -> IntArray:
    """The indices of the boxes, (N, 4), that meet a box; touching is enough."""
    left, top, right, bottom = box
    found = (boxes[:, 0] <= right) & (boxes[:, 2] >= left) & (boxes[:, 1] <= bottom) & (boxes[:, 3] >= top)
    return np.flatnonzero(found)
