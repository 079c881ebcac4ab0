"""Opening and editing a study in a test, and leaving it as a killed program does."""

from tests.workstation.storage.studies import comment
from workstation.session import open_study


def opened(path, user="Zoë"):
    return open_study(path, user)


def edit_and_crash(path, *texts):
    """Edits that are committed and never saved: all that a killed program leaves behind but its lock."""
    with opened(path) as session:
        for text in texts:
            comment(session.document, text)


def texts_of(session):
    return session.study.reads[3].hairs[1].comment
