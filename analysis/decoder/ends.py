"""Where a shaft ends: where its contrast does, not where the blurred halo at its root does."""

import numpy as np

from analysis.decoder.shaft import Shaft
from analysis.evidence import Evidence
from analysis.geometry import cut, resample
from analysis.sampling import band, sample

END_LEVEL = 0.75
"""Share of the shaft's own contrast at which annotators see its root end."""
CORE_PERCENTILE = 70
CORE_UM = 600.0
"""How much of a shaft, from an end, its contrast there is judged by: a long hair may be paler elsewhere."""


def trim(evidence: Evidence, shaft: Shaft) -> Shaft | None:
    """The shaft less what has under `END_LEVEL` of its own contrast at either end; None if nothing is left."""
    axis = resample(shaft.axis, 1.0)
    if len(axis) < 4:
        return None
    along = sample(evidence.contrast, band(axis, 0.5 * shaft.half_width, 3)).mean(axis=1)
    along = np.convolve(np.pad(along, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")
    if np.median(along) < 0:  # lighter than skin among dark hair, or the other way round
        along = -along
    near = max(4, round(CORE_UM / evidence.frame.um_per_work_px))
    first = int(np.argmax(along >= END_LEVEL * np.percentile(along[:near], CORE_PERCENTILE)))
    last = len(along) - 1 - int(np.argmax(along[::-1] >= END_LEVEL * np.percentile(along[-near:], CORE_PERCENTILE)))
    if last - first < 3:
        return None
    step = shaft.length / (len(axis) - 1)
    return Shaft(cut(shaft.axis, first * step, min(last * step, shaft.length)), shaft.half_width)
