"""Where a shaft ends: where its contrast does, not where the blurred halo at its root does."""

import numpy as np
from numpy.typing import NDArray

from analysis.evidence import Evidence
from analysis.lines import SAMPLES, across, between, directions, lengths
from analysis.sampling import sample

FloatArray = NDArray[np.float64]

END_LEVEL = 0.75
"""Share of the shaft's own contrast at which annotators see its root end."""
CORE_PERCENTILE = 70
LEAST_LEFT = 3
"""Samples: a line of which less would be left stays as it is."""
CORE_UM = 600.0
"""How much of a shaft, from an end, its contrast there is judged by: a long hair may be paler elsewhere."""


def trimmed(evidence: Evidence, lines: FloatArray, half_width: FloatArray) -> FloatArray:
    """Lines (N, SAMPLES, 2) of half widths (N,) less what has under `END_LEVEL` of their contrast at either end."""
    first, last = _ends(evidence, lines, half_width)
    left = last - first >= LEAST_LEFT
    return between(lines, np.where(left, first, 0.0), np.where(left, last, SAMPLES - 1.0))


def _ends(evidence: Evidence, lines: FloatArray, half_width: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Where lines first and last have so much contrast, in samples."""
    aside = across(directions(lines)) * (0.5 * half_width)[:, None, None]
    along = np.mean([sample(evidence.contrast, lines + way * aside) for way in (-1, 0, 1)], axis=0)
    along = np.where(np.median(along, axis=1)[:, None] < 0, -along, along)
    step = lengths(lines) / (SAMPLES - 1)
    near = np.maximum(4, np.ceil(CORE_UM / evidence.frame.um_per_work_px / np.maximum(step, 1e-9)))
    at = np.arange(SAMPLES)
    ends = []
    for way in (along, along[:, ::-1]):
        ordered = np.sort(np.where(at < near[:, None], way, np.inf), axis=1)
        rank = (CORE_PERCENTILE / 100 * (np.minimum(near, SAMPLES) - 1)).round().astype(int)
        core = ordered[np.arange(len(way)), rank]
        ends.append(np.argmax(way >= END_LEVEL * core[:, None], axis=1).astype(np.float64))
    return ends[0], SAMPLES - 1 - ends[1]
