"""How far a read has come: what its reader says of it, and what somebody else decides. Who may: `permissions`."""

from dataclasses import replace
from types import MappingProxyType

from workstation.clock import utc_seconds
from workstation.edits.drafting import Draft, NothingToDo, clean_text
from workstation.edits.reads import begin_read
from workstation.edits.remarks import is_open, remark_change
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch
from workstation.model.read import WITH_READER, Read, ReadState, Review
from workstation.model.study import Study


def submit(read: Read) -> Patch:
    """Say that the read is done: somebody else decides on it now.

    Raises:
        EditRefused: unless its reader has it.
        NothingToDo: if it is submitted.
    """
    if read.review.state is ReadState.SUBMITTED:
        raise NothingToDo
    if read.review.state not in WITH_READER:
        raise EditRefused(f"the read is {read.review.state}, so it cannot be submitted")
    return _move(
        read, "submit", replace(read.review, state=ReadState.SUBMITTED, n_submitted=read.review.n_submitted + 1)
    )


def withdraw_read(read: Read) -> Patch:
    """Take a submitted read back, to go on with it; that it was submitted stays on record.

    Raises:
        EditRefused: unless it is submitted: what was decided stands.
        NothingToDo: if its reader has it.
    """
    if read.review.state in WITH_READER:
        raise NothingToDo
    if read.review.state is not ReadState.SUBMITTED:
        raise EditRefused(f"the read is {read.review.state}, so it cannot be withdrawn")
    n_submitted = max(read.review.n_submitted, 1)  # before format 1.4 that was not counted
    return _move(read, "withdraw", replace(read.review, state=ReadState.IN_REVIEW, n_submitted=n_submitted))


def accept_read(read: Read, user: str) -> Patch:
    """Say that another's read can be used.

    Raises:
        EditRefused: unless it is submitted.
        NothingToDo: if it is accepted.
    """
    if read.review.state is ReadState.ACCEPTED:
        raise NothingToDo
    if read.review.state is not ReadState.SUBMITTED:
        raise EditRefused(f"the read is {read.review.state}, so it cannot be accepted", remedy=_not_yet(read))
    return _move(read, "accept read", replace(read.review, state=ReadState.ACCEPTED, decided_by=user))


def return_read(
    study: Study, read: Read, user: str, remark: str = "", *, hair_id: int | None = None, now_utc: str | None = None
) -> Patch:
    """Give another's read back to its reader, who is told why by at least one remark.

    Args:
        study: the study.
        read: a submitted or accepted read of it.
        user: who decides.
        remark: what is to be done; empty where remarks that say so are open already.
        hair_id: the hair that the remark is about.
        now_utc: the moment, ISO 8601 in UTC to the second; now if None.

    Raises:
        EditRefused: if it cannot be returned in its state, or nothing says why.
        NothingToDo: if it is returned.
    """
    if read.review.state is ReadState.RETURNED:
        raise NothingToDo
    if read.review.state not in (ReadState.SUBMITTED, ReadState.ACCEPTED):
        raise EditRefused(f"the read is {read.review.state}, so it cannot be returned", remedy=_not_yet(read))
    said: tuple[Change, ...] = ()
    if remark.strip():
        said = (remark_change(study, read.id, user, remark, hair_id=hair_id, now_utc=now_utc or utc_seconds()),)
    elif not any(is_open(each) for each in study.remarks.values() if each.read_id == read.id):
        raise EditRefused("a read is returned with a remark that says why", remedy="Write what is to be done.")
    patch = _move(read, "return read", replace(read.review, state=ReadState.RETURNED, decided_by=user))
    return replace(patch, changes=(*patch.changes, *said))


def amend(study: Study, signed_read_id: int, reader: str, now_utc: str | None = None) -> Patch:
    """Begin the correction of a signed read: a copy beside it, which stands in its place once it is submitted.

    What is said of the whole image, and of a third read where each part is from, is copied, too. `Document.apply` asks
    for a reason.

    Raises:
        EditRefused: if there is no such read, it is not signed, or is being amended already.
    """
    signed = study.reads.get(signed_read_id)
    if signed is None:
        raise EditRefused(f"there is no read {signed_read_id}")
    if signed.review.state is not ReadState.SIGNED:
        raise EditRefused(f"the read is {signed.review.state}", remedy="Only a signed read is amended.")
    if others := [read for read in study.reads.values() if read.amends == signed.id]:
        latest = others[-1]
        raise EditRefused(
            f"read {signed.id} is amended already by read {latest.id} of {latest.reader}, which is "
            f"{latest.review.state}",
            remedy="Correct that one.",
        )
    patch = begin_read(study, signed.id, signed.image_id, reader, now_utc or utc_seconds())
    begun = patch.changes[0].after
    assert isinstance(begun, Read)
    amendment = replace(
        begun,
        review=Review(ReadState.IN_REVIEW, signed.review.comment),
        amends=signed.id,
        adjudicates=signed.adjudicates,
        settlements=MappingProxyType(dict(signed.settlements)),
    )
    return replace(patch, operation="begin amendment", changes=(replace(patch.changes[0], after=amendment),))


def signed_review(read: Read) -> Change:
    """The change that locks an accepted read: to be put into the patch with the signature that locks it.

    Raises:
        EditRefused: unless the read is accepted.
    """
    if read.review.state is not ReadState.ACCEPTED:
        raise EditRefused(f"the read is {read.review.state}", remedy="Only an accepted read is locked by a signature.")
    return Change(Kind.REVIEW, 0, read.review, replace(read.review, state=ReadState.SIGNED))


def comment_image(read: Read, comment: str) -> Patch:
    """Write a comment on the image in place of the one it had; an empty one takes it away.

    Raises:
        EditRefused: if the text cannot be stored.
        NothingToDo: if it has this comment.
    """
    draft = Draft(read)
    draft.put(replace(read.review, comment=clean_text(comment)))
    return draft.patch("comment on image")


def _move(read: Read, operation: str, after: Review) -> Patch:
    draft = Draft(read)
    draft.put(after)
    return draft.patch(operation)


def _not_yet(read: Read) -> str:
    if read.review.state is ReadState.SIGNED:
        return "A signed read changes only by an amendment."
    return f"{read.reader} submits it first." if read.editable else "A detection is nobody's read."
