"""Which end of a shaft is its root, and whether the root is in the field.

Beyond a root the skin is darkened by the hair inside it; beyond a tip it is plain skin. Where that says little, the
neighbours' direction decides, weighed by their distance: hair of one place lies one way, and a whole field need not.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.decoder.shaft import Shaft
from analysis.evidence import Evidence, Votes
from analysis.sampling import sample

BEYOND_UM = (25.0, 90.0)
ASIDE_UM = (-42.0, -21.0, 0.0, 21.0, 42.0)
"""Where beyond an end the skin's darkness is read."""
PLAIN_SKIN = 0.15
"""Darkness, as a share of the shaft's own, midway between what lies beyond a root and beyond a tip."""
SPREAD = 0.12
"""Of that darkness: the unit of evidence."""
NEIGHBOUR_UM = 1200.0
VOTE_WEIGHT = 5.0
VOTE_WEIGHT_LONG = 0.7
"""Long hair lies over its neighbours' roots and crosses them."""
ROUNDS = 3
EDGE_UM = 45.0
END_REACH = 3
"""Pixels of the votes' planes."""
HEAT_WEIGHT = 4.0
"""Of the likelihood of a root less that of a tip, between both ends."""

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def orient(shafts: list[Shaft], evidence: Evidence, vote_weight: float = VOTE_WEIGHT) -> list[Shaft]:
    """Shafts with their root first."""
    if not shafts:
        return []
    leaves = np.array([[leaves_field(evidence, s.axis[end]) for end in (0, -1)] for s in shafts])
    own = np.array([_own_evidence(evidence, s, gone) for s, gone in zip(shafts, leaves, strict=True)])
    total = _with_neighbours(shafts, own, NEIGHBOUR_UM / evidence.frame.um_per_work_px, vote_weight)
    return [s if t >= 0 else s.reversed() for s, t in zip(shafts, total, strict=True)]


def roots_inside(roots_px: FloatArray, field_px: FloatArray, um_per_px: float) -> BoolArray:
    """Which roots (N, 2) lie so far inside the field's outline (K, 2) that the shaft does not come from outside.

    A burnt-in text is no edge of the field: what ends there is taken to be rooted there.
    """
    outline = field_px.astype(np.float32).reshape(-1, 1, 2)
    inside = [cv2.pointPolygonTest(outline, (float(x), float(y)), True) * um_per_px > EDGE_UM for x, y in roots_px]
    return np.array(inside, dtype=bool)


def _with_neighbours(shafts: list[Shaft], own: FloatArray, reach: float, vote_weight: float) -> FloatArray:
    """Each shaft's own evidence and its neighbours' vote; neighbours that are sure themselves count more."""
    ends = np.array([[s.axis[0], s.axis[-1]] for s in shafts])
    chord = ends[:, 1] - ends[:, 0]
    unit = chord / np.maximum(np.linalg.norm(chord, axis=1, keepdims=True), 1e-9)
    middle = ends.mean(axis=1)
    near = np.exp(-np.sum((middle[:, None] - middle[None]) ** 2, axis=2) / (2 * reach**2))
    np.fill_diagonal(near, 0)
    crowd = np.maximum(near.sum(axis=1, keepdims=True), 1.0)
    total = own
    for _ in range(ROUNDS):
        flow = near @ (unit * np.tanh(total)[:, None]) / crowd
        total = own + vote_weight * np.sum(flow * unit, axis=1)
    return total


def end_likelihood(votes: Votes, place: FloatArray) -> tuple[float, float]:
    """How surely a root, and a tip, lies within `END_REACH` of a place (2,), 0 to 1 each."""
    x, y = np.round((place + 0.5) / votes.stride - 0.5).astype(int)
    near = votes.ends[:, max(0, y - END_REACH) : y + END_REACH + 1, max(0, x - END_REACH) : x + END_REACH + 1]
    return (float(near[0].max()), float(near[1].max())) if near.size else (0.0, 0.0)


def leaves_field(evidence: Evidence, point: FloatArray) -> bool:
    """Whether a shaft's end lies so near the edge of the visible field that the shaft goes on outside."""
    reach = round(EDGE_UM / evidence.frame.um_per_work_px)
    x, y = np.round(point).astype(int)
    height, width = evidence.visible.shape
    if not (reach <= x < width - reach and reach <= y < height - reach):
        return True
    return not evidence.visible[y - reach : y + reach + 1, x - reach : x + reach + 1].all()


def _own_evidence(evidence: Evidence, shaft: Shaft, leaves: BoolArray) -> float:
    """Above 0 where the first end looks more like a root than the last, in units of about one standard deviation."""
    core = float(np.percentile(sample(evidence.contrast, shaft.axis), 60))
    other_polarity, core = core < 0, max(0.05, core)
    first, last = (
        PLAIN_SKIN if gone or other_polarity else darkness_beyond(evidence, axis, core)
        for gone, axis in zip(leaves, (shaft.axis, shaft.axis[::-1]), strict=True)
    )
    own = (first - last) / SPREAD
    if evidence.votes is not None:
        likely = [
            (0.0, 0.0) if gone else end_likelihood(evidence.votes, shaft.axis[end])
            for gone, end in zip(leaves, (0, -1), strict=True)
        ]
        own += HEAT_WEIGHT * (likely[0][0] - likely[0][1] - likely[1][0] + likely[1][1])
    return own


def darkness_beyond(evidence: Evidence, axis: FloatArray, core: float) -> float:
    """Contrast of the skin beyond a line's first point as a share of the shaft's, other hairs left out."""
    um = evidence.frame.um_per_work_px
    ahead = axis[0] - axis[min(2, len(axis) - 1)]
    ahead = ahead / max(float(np.hypot(*ahead)), 1e-9)
    aside = np.array([-ahead[1], ahead[0]])
    steps = np.arange(BEYOND_UM[0] / um, BEYOND_UM[1] / um)
    points = axis[0] + ahead * steps[:, None, None] + aside * (np.array(ASIDE_UM) / um)[None, :, None]
    dark = np.clip(sample(evidence.contrast, points) / core, 0, 1.2)
    skin = sample(evidence.score, points) < 0.5
    return float(dark[skin].mean() if skin.sum() > 8 else dark.mean())
