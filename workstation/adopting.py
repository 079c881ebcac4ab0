"""Detection in an open study: what to detect in, and what was found as a read of the study."""

from functools import partial

from workstation.clock import utc_seconds
from workstation.detecting import Outcome, Request
from workstation.document import Document
from workstation.edits.reads import adopt_detection
from workstation.endpoints import um_per_px
from workstation.images.of_study import verified_bytes
from workstation.model.patch import Patch
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study
from workstation.session import Session
from workstation.storage.journal import pack_ahead
from workstation.version import software_version


def undetected(study: Study) -> list[ImageRecord]:
    """The images without a detection, in the order of their ids."""
    return [image for image in study.images.values() if all(read.editable for read in study.reads_of(image.id))]


def request_of(session: Session, record: ImageRecord) -> Request:
    """What detection needs to know of an image of an open study; its bytes are read, and checked, when asked for."""
    folder = session.path.parent
    bytes_of = partial(verified_bytes, folder, record, lambda image: session.image_file(image.id))
    return Request(record.id, folder / record.path, bytes_of, um_per_px(record))


def prepare(study: Study, outcome: Outcome) -> Patch:
    """What adopting an outcome will put into the study, with all that takes long done: on any thread.

    Args:
        study: as it is now; it may go on meanwhile.
        outcome: what was found.

    Raises:
        ValueError: if the outcome is an error.
        EditRefused: if the study has no such image.
    """
    if outcome.detection is None:
        raise ValueError(f"nothing was detected in image {outcome.request.image_id}: {outcome.error}")
    patch = adopt_detection(study, outcome.request.image_id, outcome.detection, utc_seconds(), software_version())
    pack_ahead(patch.changes)
    return patch


def adopt(document: Document, outcome: Outcome, prepared: Patch | None = None) -> Read:
    """Put what was found beside the reads that the image has; no correction is touched.

    In the thread that the document belongs to.

    Args:
        document: of the open study.
        outcome: what was found.
        prepared: the same from `prepare`, which makes this quick.

    Returns:
        The new read. Its `detection` says how it was made.

    Raises:
        ValueError: if the outcome is an error.
        EditRefused: if the study has no such image.
        UserFacingError: if the journal could not be written.
    """
    if prepared is None or prepared.changes[0].id in document.study.reads:  # another read began meanwhile
        prepared = prepare(document.study, outcome)
    return document.apply(prepared).after.reads[prepared.changes[0].id]
