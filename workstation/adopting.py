"""Detection in an open study: what to detect in, and what was found as a read of the study."""

from functools import partial

from workstation.clock import utc_seconds
from workstation.detecting import Outcome, Request
from workstation.document import Document
from workstation.edits.reads import adopt_detection
from workstation.endpoints import um_per_px
from workstation.images.of_study import verified_bytes
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study
from workstation.session import Session
from workstation.version import software_version


def undetected(study: Study) -> list[ImageRecord]:
    """The images without a detection, in the order of their ids."""
    return [image for image in study.images.values() if all(read.editable for read in study.reads_of(image.id))]


def request_of(session: Session, record: ImageRecord) -> Request:
    """What detection needs to know of an image of an open study; its bytes are read, and checked, when asked for."""
    folder = session.path.parent
    bytes_of = partial(verified_bytes, folder, record, lambda image: session.image_file(image.id))
    return Request(record.id, folder / record.path, bytes_of, um_per_px(record))


def adopt(document: Document, outcome: Outcome) -> Read:
    """Put what was found beside the reads that the image has; no correction is touched.

    In the thread that the document belongs to.

    Returns:
        The new read. Its `detection` says how it was made.

    Raises:
        ValueError: if the outcome is an error.
        EditRefused: if the study has no such image.
        UserFacingError: if the journal could not be written.
    """
    if outcome.detection is None:
        raise ValueError(f"nothing was detected in image {outcome.request.image_id}: {outcome.error}")
    patch = adopt_detection(
        document.study, outcome.request.image_id, outcome.detection, utc_seconds(), software_version()
    )
    return document.apply(patch).after.reads[patch.changes[0].id]
