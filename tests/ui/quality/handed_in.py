"""Reads of several people, submitted, for a QA reviewer to look through."""

from workstation import edits
from workstation.model.hair import Status
from workstation.session import open_study

QA = "Quinn"


def handed_in(path, user, reject=()):
    """This user's reads of both images, some hairs rejected in the first, submitted."""
    with open_study(path, user) as session:
        for image_id in (1, 2):
            read = session.document.current_reader_read(image_id)
            if reject and image_id == 1:
                session.document.apply(edits.set_status(session.study.reads[read.id], reject, Status.REJECTED))
            session.document.apply(edits.submit(session.study.reads[read.id]))
        session.save()
