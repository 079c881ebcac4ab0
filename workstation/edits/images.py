"""How images, with their subjects and visits, come into a study that is open.

Once there, they stay: reads are made on them, and the study file is never to hold less than it did.
"""

from workstation.edits.drafting import NothingToDo
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch
from workstation.model.study import Study


def add_to_study(before: Study, after: Study) -> Patch:
    """What must be added to a study to make it another one: subjects, visits and images, and blanks of theirs.

    It cannot be undone, and stands in the way of no undo of another edit. `Document.apply` checks it.

    Args:
        before: the study as it is.
        after: the same with more images; its reads and cut-offs are not looked at.

    Raises:
        EditRefused: if it is not the same study.
        NothingToDo: if it has nothing more.
    """
    if before.id != after.id:
        raise EditRefused("these images belong to another study")
    tables = (
        (Kind.SUBJECT, before.subjects, after.subjects),
        (Kind.VISIT, before.visits, after.visits),
        (Kind.IMAGE, before.images, after.images),
    )
    changes = tuple(
        Change(kind, key if isinstance(key, int) else 0, old.get(key), new.get(key))
        for kind, old, new in tables
        for key in (*new, *(old.keys() - new.keys()))
        if old.get(key) != new.get(key)
    )
    if not changes:
        raise NothingToDo
    return Patch("add images", None, changes)
