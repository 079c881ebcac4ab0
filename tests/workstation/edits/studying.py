"""Apply a patch to a study the way every edit of a study must bear."""

from workstation.document import Document
from workstation.model.patch import apply


class NoJournal:
    """Takes entries and keeps none."""

    def append(self, entry):
        pass


def changed(study, patch):
    """The study after the patch, which a document takes and whose inverse gives the study back."""
    document = Document(study, NoJournal(), "Ada")
    document.apply(patch)
    assert apply(document.study, patch.inverse()) == study
    return document.study


def undone_and_redone(document):
    """The study after undo; the document then stands where it stood."""
    after = document.study
    document.undo()
    before = document.study
    document.redo()
    assert document.study == after
    return before
