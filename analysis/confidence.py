"""What a candidate is worth, and how sure a chosen hair is: a small model for each source of evidence and preset.

The model is monotone: a hair that shows more is never worth less. `tools/fit_confidence.py` fits it on synthetic truth.

Source of the method: Sill, "Monotonic networks", 1998; Platt, "Probabilistic outputs", 1999.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from analysis.detection import Preset, Source
from analysis.evidence import Evidence

FloatArray = NDArray[np.float64]

WEIGHTS = "weights/confidence-{source}-{preset}.npz"


@dataclass(frozen=True)
class Model:
    """Features (F,) to a value, by one layer of H units; value to probability."""

    mean: FloatArray
    scale: FloatArray
    """(F,) mean and spread of the features."""
    weights: FloatArray
    """(H, F)"""
    bias: FloatArray
    """(H,)"""
    out: FloatArray
    """(H,), none negative."""
    level: float
    """Such that the set worth most has the best F1 when no candidate below 0 is taken."""
    calibration: FloatArray
    """(3,) weights of value and gain, and bias."""

    def value(self, measured: FloatArray) -> FloatArray:
        """(N,) what each candidate is worth, given its features (N, F): log-odds of being a hair, less a constant."""
        hidden = np.tanh((measured - self.mean) / self.scale @ self.weights.T + self.bias)
        worth: FloatArray = hidden @ self.out + self.level
        return worth

    def confidence(self, value: FloatArray, gain: FloatArray) -> FloatArray:
        """(N,) probability, 0 to 1, that each chosen hair is right, given its value alone and beside the others."""
        odds = self.calibration[0] * value + self.calibration[1] * gain + self.calibration[2]
        likely: FloatArray = 1 / (1 + np.exp(-odds))
        return likely


def model_for(evidence: Evidence, preset: Preset) -> Model:
    """The model for this evidence, and clipped or long hair."""
    return _model(Source.RIDGES if evidence.votes is None else Source.NETWORK, preset)


@cache
def _model(source: Source, preset: Preset) -> Model:
    data = files("resources").joinpath(WEIGHTS.format(source=source, preset=preset)).read_bytes()
    with np.load(BytesIO(data)) as stored:
        arrays = {name: stored[name].astype(np.float64) for name in stored.files}
    return Model(**{**arrays, "level": float(arrays["level"])})
