"""Which source of evidence is asked: the network, or the filters where it cannot be run."""

from enum import StrEnum

import cv2

from analysis.evidence import Evidence
from analysis.learned import learned_evidence
from analysis.preprocess import Prepared
from analysis.progress import Report, silent
from analysis.ridges import ridge_evidence


class Source(StrEnum):
    """What evidence comes from."""

    NETWORK = "network"
    RIDGES = "ridges"


FELL_BACK = "The network that finds hair could not be run: filters found the hair instead, less well."


def find_evidence(
    prepared: Prepared, sensitivity: float = 0.5, source: Source = Source.NETWORK, report: Report = silent
) -> tuple[Evidence, tuple[str, ...]]:
    """The evidence of an image, and notes for the user.

    Args:
        prepared: the image made ready.
        sensitivity: 0 to 1.
        source: what to ask; where the network cannot be read, the filters answer, and a note says so.
        report: told of the share done, 0 to 1.
    """
    if source is Source.NETWORK:
        try:
            return learned_evidence(prepared, sensitivity, report), ()
        except (cv2.error, OSError):
            return ridge_evidence(prepared, sensitivity, report), (FELL_BACK,)
    return ridge_evidence(prepared, sensitivity, report), ()
