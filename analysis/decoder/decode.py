"""Which hairs the evidence shows: the same decoder for every source of evidence.

Candidates come from all that can name lines; a model that was fitted on synthetic truth says what each is worth; the
set that is worth most together is what there is.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.confidence import model_for
from analysis.decoder.candidates import candidates
from analysis.decoder.choose import choose
from analysis.decoder.ends import trimmed
from analysis.decoder.features import features
from analysis.decoder.shaft import Shaft
from analysis.detection import DetectionParameters, Preset
from analysis.evidence import Evidence
from analysis.progress import Report, part_of, silent

FloatArray = NDArray[np.float64]

BLURRED_UM = 45.0
"""The blur at both ends belongs to the hair's length."""
CLIPPED_EXTENT_UM = 2000.0
"""Half of a clipped field's hair area lies in parts smaller than this."""
USUAL_SENSITIVITY, PER_SENSITIVITY = 0.5, 2.0
"""Where a hair needs a value of 0, and how fast what it needs falls."""


def choose_preset(evidence: Evidence) -> Preset:
    """Clipped where most hair lies in small separate parts, long where it hangs together."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((evidence.score > 0.5).view(np.uint8), connectivity=8)
    extent = np.hypot(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]) * evidence.frame.um_per_work_px
    area = stats[1:, cv2.CC_STAT_AREA].astype(np.float64)
    if area.sum() == 0:
        return Preset.CLIPPED
    in_large = area[extent > CLIPPED_EXTENT_UM].sum() / area.sum()
    return Preset.LONG if in_large > 0.5 else Preset.CLIPPED


def decode(
    evidence: Evidence, parameters: DetectionParameters, report: Report = silent
) -> tuple[list[Shaft], FloatArray]:
    """Shafts, without order, either end first, and how sure each is, (N,) 0 to 1.

    Args:
        evidence: score, axis and half width.
        parameters: lengths to accept and sensitivity; the preset must be `CLIPPED` or `LONG`.
        report: told of the share of the work that is done, 0 to 1.
    """
    shortest = max(1.0, (parameters.min_length_um - BLURRED_UM) / evidence.frame.um_per_work_px)
    clipped = parameters.preset is not Preset.LONG
    found = candidates(evidence, shortest, clipped, part_of(report, 0, 0.7))
    if len(found.lines) == 0:
        return [], np.zeros(0)
    report("choosing hairs", 0.7)
    model = model_for(evidence, Preset.CLIPPED if clipped else Preset.LONG)
    value = model.value(features(evidence, found))
    least = PER_SENSITIVITY * (USUAL_SENSITIVITY - parameters.sensitivity)
    which, gain = choose(found.lines, found.half_width, value - least)
    lines = trimmed(evidence, found.lines[which], found.half_width[which])
    shafts = [Shaft(line, float(half)) for line, half in zip(lines, found.half_width[which], strict=True)]
    return shafts, model.confidence(value[which], gain + least)
