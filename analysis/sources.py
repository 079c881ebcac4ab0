"""Which source of evidence is asked: the network, or the filters where it cannot be run."""

import cv2

from analysis.detection import Source
from analysis.evidence import Evidence
from analysis.learned import learned_evidence
from analysis.preprocess import Prepared
from analysis.progress import Report, silent
from analysis.ridges import ridge_evidence

FELL_BACK = "The network that finds hair could not be run: filters found the hair instead, less well."


def find_evidence(
    prepared: Prepared, sensitivity: float = 0.5, source: Source = Source.NETWORK, report: Report = silent
) -> tuple[Evidence, Source]:
    """The evidence of an image, and which source gave it.

    Args:
        prepared: the image made ready.
        sensitivity: 0 to 1.
        source: what to ask; where the network cannot be read or run, the filters answer.
        report: told of the share done, 0 to 1.
    """
    if source is Source.NETWORK:
        try:
            return learned_evidence(prepared, sensitivity, report), Source.NETWORK
        except (cv2.error, OSError):
            pass
    return ridge_evidence(prepared, sensitivity, report), Source.RIDGES
