"""Which source of evidence is asked: the network, or the filters where it cannot be run."""

import logging

import cv2

from analysis.detection import Source
from analysis.evidence import Evidence
from analysis.learned import learned_evidence
from analysis.preprocess import Prepared
from analysis.progress import Report, silent
from analysis.ridges import ridge_evidence

log = logging.getLogger(__name__)

FELL_BACK = "The network that finds hair could not be run: filters found the hair instead, less well."


def find_evidence(
    prepared: Prepared, sensitivity: float = 0.5, source: Source = Source.NETWORK, report: Report = silent
) -> tuple[Evidence, Source, str]:
    """The evidence of an image, which source gave it, and where that is not the one asked a sentence that says why.

    Args:
        prepared: the image made ready.
        sensitivity: 0 to 1.
        source: what to ask; where the network cannot be read or run, the filters answer.
        report: told of the share done, 0 to 1.
    """
    note = ""
    if source is Source.NETWORK:
        try:
            return learned_evidence(prepared, sensitivity, report), Source.NETWORK, note
        except (cv2.error, OSError) as error:
            log.warning("the network could not be run", exc_info=True)
            note = f"{FELL_BACK} The reason: {_reason(error)}"
    return ridge_evidence(prepared, sensitivity, report), Source.RIDGES, note


def _reason(error: Exception) -> str:
    """What went wrong, in a line; OpenCV's message would also name its own source files."""
    told = str(getattr(error, "err", None) or error).strip() or type(error).__name__
    return told.splitlines()[0]
