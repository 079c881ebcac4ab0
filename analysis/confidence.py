"""How sure a detected hair is, from what can be measured along, beside and beyond it."""

import numpy as np
from numpy.typing import NDArray

from analysis.decoder.shaft import Shaft
from analysis.evidence import Evidence
from analysis.geometry import resample
from analysis.roots import darkness_beyond, leaves_field
from analysis.sampling import normals, sample

FloatArray = NDArray[np.float64]

FEATURES = ("contrast", "relative contrast", "side drop", "continuity", "evenness", "length", "width", "root")
"""Of each shaft; the hair is the surer the larger any of them is.

* contrast: median along the axis; relative contrast: the same over the image's usual contrast, at most 1;
* side drop: share of the contrast that is gone a little beyond the edge, on the lesser side, median along the axis;
* continuity: share of the axis that is hair; evenness: minus the spread of the contrast along the axis, as a share;
* length: logarithm over 300 µm, at most that of 2.5; width: logarithm over 40 µm, at most 0;
* root: darkness of the skin beyond the darker end as a share of the shaft's own, at most 0.5, which is what an end
  outside the field counts as.
"""
WEIGHTS = np.array([2.78, 2.69, 0.86, 0.60, 0.48, 0.91, 0.0, 1.27])
BIAS = -4.50
"""Of a logistic model: `tools/fit_confidence.py` fits both on synthetic truth."""

BESIDE_UM = 28.0


def features(evidence: Evidence, shafts: list[Shaft]) -> FloatArray:
    """(N, 8) float64, the columns as in `FEATURES`."""
    if not shafts:
        return np.zeros((0, len(FEATURES)))
    axes = [resample(s.axis, 2.0) for s in shafts]
    along = [sample(evidence.contrast, axis) for axis in axes]
    core = np.array([max(0.02, float(np.median(a))) for a in along])
    usual = float(np.percentile(core, 75))
    um = evidence.frame.um_per_work_px
    rows = []
    for shaft, axis, on_axis, own in zip(shafts, axes, along, core, strict=True):
        aside = normals(axis) * (shaft.half_width + BESIDE_UM / um)
        drop = 1 - np.maximum(sample(evidence.contrast, axis - aside), sample(evidence.contrast, axis + aside)) / own
        rows.append((
            own,
            min(1.0, own / usual),
            float(np.clip(np.median(drop), 0, 1)),
            float((sample(evidence.score, axis) > 0.4).mean()),
            -min(1.0, float(on_axis.std()) / own),
            float(np.log(min(2.5, max(0.1, shaft.length * um / 300)))),
            min(0.0, float(np.log(2 * shaft.half_width * um / 40))),
            _rooted(evidence, shaft, own),
        ))  # fmt: skip
    return np.array(rows)


def confidence(measured: FloatArray) -> FloatArray:
    """(N,) probability, 0 to 1, that each shaft is a hair and right."""
    likely: FloatArray = 1 / (1 + np.exp(-(measured @ WEIGHTS + BIAS)))
    return likely


def _rooted(evidence: Evidence, shaft: Shaft, core: float) -> float:
    beyond = [
        0.5 if leaves_field(evidence, axis[0]) else darkness_beyond(evidence, axis, core)
        for axis in (shaft.axis, shaft.axis[::-1])
    ]
    return min(0.5, max(beyond))
