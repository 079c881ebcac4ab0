"""What a reader says of the whole image: a comment, and that it is reviewed."""

from dataclasses import replace

from workstation.edits.drafting import Draft, clean_text
from workstation.errors import EditRefused
from workstation.model.patch import Patch
from workstation.model.read import Read, ReadState


def mark_reviewed(read: Read) -> Patch:
    """Say that the image is reviewed.

    Raises:
        EditRefused: unless the read is in review.
        NothingToDo: if it is reviewed already.
    """
    return _between(read, ReadState.IN_REVIEW, ReadState.SUBMITTED, "mark as reviewed")


def reopen(read: Read) -> Patch:
    """Take a reviewed image back into review.

    Raises:
        EditRefused: unless the read is reviewed: an accepted or adjudicated one stands.
        NothingToDo: if it is in review already.
    """
    return _between(read, ReadState.SUBMITTED, ReadState.IN_REVIEW, "reopen review")


def comment_image(read: Read, comment: str) -> Patch:
    """Write a comment on the image in place of the one it had; an empty one takes it away.

    Raises:
        EditRefused: if the text cannot be stored.
        NothingToDo: if it has this comment.
    """
    draft = Draft(read)
    draft.put(replace(read.review, comment=clean_text(comment)))
    return draft.patch("comment on image")


def _between(read: Read, before: ReadState, after: ReadState, operation: str) -> Patch:
    if read.review.state not in (before, after):
        raise EditRefused(f"the read is {read.review.state}, so it can be neither marked as reviewed nor reopened")
    draft = Draft(read)
    submitted = read.review.n_submitted + (after is ReadState.SUBMITTED)
    draft.put(replace(read.review, state=after, n_submitted=submitted))
    return draft.patch(operation)
