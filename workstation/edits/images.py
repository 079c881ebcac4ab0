"""How images, with their subjects and visits, come into a study that is open.

Once there, they stay: reads are made on them, and the study file is never to hold less than it did.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from workstation.edits.drafting import NothingToDo
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch
from workstation.model.study import ImageRecord, Study, Subject, Visit

KeyT = TypeVar("KeyT", str, int)
ValueT = TypeVar("ValueT", Subject, Visit, ImageRecord)


def add_to_study(before: Study, after: Study) -> Patch:
    """What must be added to a study to make it another one: subjects, visits and images, and blanks of theirs.

    It cannot be undone, and stands in the way of no undo of another edit. `Document.apply` checks it.

    Args:
        before: the study as it is.
        after: the same with more images; its reads and cut-offs are not looked at.

    Raises:
        EditRefused: if it is not the same study, or lacks what is there.
        NothingToDo: if it has nothing more.
    """
    if before.id != after.id:
        raise EditRefused("these images belong to another study")
    changes = (
        *_more(Kind.SUBJECT, before.subjects, after.subjects),
        *_more(Kind.VISIT, before.visits, after.visits),
        *_more(Kind.IMAGE, before.images, after.images),
    )
    if not changes:
        raise NothingToDo
    return Patch("add images", None, changes)


def _more(kind: Kind, old: Mapping[KeyT, ValueT], new: Mapping[KeyT, ValueT]) -> Iterator[Change]:
    if lost := [key for key in old if key not in new]:
        raise EditRefused(f"{kind} {lost[0]} is kept for ever")
    for key, value in new.items():
        if old.get(key) != value:
            yield Change(kind, key if isinstance(key, int) else 0, old.get(key), value)
