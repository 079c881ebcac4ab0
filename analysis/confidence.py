"""How sure a detected hair is, from what can be measured along and beside it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.decoder.shaft import Shaft
from analysis.evidence import Evidence
from analysis.geometry import resample

FEATURES = ("contrast", "side drop", "continuity", "length", "width", "width ratio")
WEIGHTS = np.array([2.0, 8.0, 4.0, 1.0, 0.5, -1.0])
BIAS = -4.5
"""Of a logistic model; `tools/fit_confidence.py` fits it on synthetic truth."""

BESIDE_UM = 28.0


@dataclass(frozen=True)
class Features:
    """What is measured of one shaft."""

    contrast: float
    """Median along the axis."""
    side_drop: float
    """Fall of the contrast from the axis to the lesser of both sides, median along the axis."""
    continuity: float
    """Share of the axis that is hair."""
    log_length: float
    """Natural logarithm of the length in units of 300 µm, at most 1."""
    thinness: float
    """Natural logarithm of the width in units of 40 µm, at most 0."""
    excess: float
    """Natural logarithm of the width over the image's usual width, at least 0."""

    def row(self) -> NDArray[np.float64]:
        """(6,) in the order of `FEATURES`."""
        return np.array([self.contrast, self.side_drop, self.continuity, self.log_length, self.thinness, self.excess])


def features(evidence: Evidence, shaft: Shaft, usual_half_width: float) -> Features:
    """Measure one shaft."""
    um = evidence.frame.um_per_work_px
    axis = resample(shaft.axis, 2.0)
    direction = np.gradient(axis, axis=0)
    direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-9)
    normal = np.column_stack([-direction[:, 1], direction[:, 0]])
    on_axis = _sample(evidence.contrast, axis)
    aside = shaft.half_width + BESIDE_UM / um
    left, right = (_sample(evidence.contrast, axis + side * normal * aside) for side in (-1, 1))
    drop = on_axis - np.maximum(left, right)
    width_um = 2 * shaft.half_width * um
    return Features(
        contrast=float(np.median(on_axis)),
        side_drop=float(np.median(drop)),
        continuity=float((_sample(evidence.score, axis) > 0.4).mean()),
        log_length=min(1.0, float(np.log(shaft.length * um / 300))),
        thinness=min(0.0, float(np.log(width_um / 40))),
        excess=max(0.0, float(np.log(shaft.half_width / usual_half_width))),
    )


def confidence(measured: Features) -> float:
    """Probability, 0 to 1, that the shaft is a hair and right."""
    return float(1 / (1 + np.exp(-(measured.row() @ WEIGHTS + BIAS))))


def _sample(image: NDArray[np.float32], points: NDArray[np.float64]) -> NDArray[np.float64]:
    xy = points.astype(np.float32)
    return np.asarray(cv2.remap(image, xy[:, 0], xy[:, 1], cv2.INTER_LINEAR).ravel(), dtype=np.float64)
