"""Which end of a shaft is its root, and whether the root is in the field.

Beyond a root the skin is darkened by the hair inside it; beyond a tip it is plain skin. Where that says little, the
neighbours' direction decides, weighed by their distance: hair of one place lies one way, and a whole field need not.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.decoder.shaft import Shaft
from analysis.evidence import Evidence

BEYOND_UM = (40.0, 120.0)
NEIGHBOUR_UM = 1200.0
EDGE_UM = 45.0
VOTE_WEIGHT = 1.0

FloatArray = NDArray[np.float64]


def orient(shafts: list[Shaft], evidence: Evidence) -> tuple[list[Shaft], NDArray[np.bool_], FloatArray]:
    """Shafts with their root first.

    Returns:
        The shafts; bool (N,) whether the root is visible; float64 (N,) how clear the choice was, 0 to 1.
    """
    if not shafts:
        return [], np.zeros(0, bool), np.zeros(0)
    um = evidence.frame.um_per_work_px
    ends = np.array([[s.axis[0], s.axis[-1]] for s in shafts])
    leaves = np.array([[leaves_field(evidence, p) for p in pair] for pair in ends])
    own = np.array([_own_evidence(evidence, s, gone) for s, gone in zip(shafts, leaves, strict=True)])
    chord = ends[:, 1] - ends[:, 0]
    unit = chord / np.maximum(np.linalg.norm(chord, axis=1, keepdims=True), 1e-9)
    middle = ends.mean(axis=1)
    apart = np.sum((middle[:, None] - middle[None]) ** 2, axis=2)
    near = np.exp(-apart / (2 * (NEIGHBOUR_UM / um) ** 2))
    np.fill_diagonal(near, 0)
    flow = near @ (unit * np.tanh(own)[:, None]) / np.maximum(near.sum(axis=1, keepdims=True), 1.0)
    total = own + VOTE_WEIGHT * 3.0 * np.sum(flow * unit, axis=1)
    turned = [s if t >= 0 else s.reversed() for s, t in zip(shafts, total, strict=True)]
    root_leaves = np.where(total >= 0, leaves[:, 0], leaves[:, 1])
    return turned, ~root_leaves, np.tanh(np.abs(total))


def leaves_field(evidence: Evidence, point: FloatArray) -> bool:
    """Whether a shaft's end lies so near the edge of the visible field that the shaft goes on outside."""
    reach = round(EDGE_UM / evidence.frame.um_per_work_px)
    x, y = np.round(point).astype(int)
    height, width = evidence.visible.shape
    if not (reach <= x < width - reach and reach <= y < height - reach):
        return True
    return not evidence.visible[y - reach : y + reach + 1, x - reach : x + reach + 1].all()


def _own_evidence(evidence: Evidence, shaft: Shaft, leaves: NDArray[np.bool_]) -> float:
    """Above 0 where the first end looks more like a root than the last, in units of about one standard deviation."""
    um = evidence.frame.um_per_work_px
    core = float(np.median(_sample(evidence.contrast, shaft.axis)))
    ratios = []
    for end, inner, gone in ((0, 2, leaves[0]), (-1, -3, leaves[1])):
        if gone:
            ratios.append(0.22)
            continue
        tip = shaft.axis[end]
        before = shaft.axis[inner] if len(shaft.axis) > 2 else shaft.axis[-1 - end]
        along = (tip - before) / max(float(np.hypot(*(tip - before))), 1e-9)
        across = np.array([-along[1], along[0]])
        steps = np.arange(BEYOND_UM[0] / um, BEYOND_UM[1] / um, 1.0)
        points = tip + along * steps[:, None, None] + across * np.array([-2.0, 0.0, 2.0])[None, :, None]
        beyond = np.clip(_sample(evidence.contrast, points.reshape(-1, 2)) / max(core, 0.05), 0, 1)
        ratios.append(float(beyond.mean()))
    return (ratios[0] - ratios[1]) / 0.12


def _sample(image: NDArray[np.float32], points: FloatArray) -> NDArray[np.float32]:
    xy = points.astype(np.float32)
    sampled: NDArray[np.float32] = cv2.remap(
        image, xy[:, 0], xy[:, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).ravel()
    return sampled
