"""Which edits must say why: what the study's reading rules ask for, and an amendment always."""

from workstation.errors import ReasonNeeded
from workstation.model.patch import IN_READ, Change, Kind, Patch
from workstation.model.read import WITH_READER, Read, ReadState, Review
from workstation.model.reading import ReasonFor
from workstation.model.study import Study

RESTS_ON = frozenset({Kind.IMAGE, Kind.CUTOFFS, Kind.RULES, Kind.PLAN, Kind.READING, Kind.PERSON})
"""What every read and result rests on: changed after the fact, it is to be explained."""
SAID_ALREADY = frozenset({Kind.PAIR, Kind.REGISTRATION, Kind.REMARK, Kind.SIGNATURE, Kind.PACKAGE})
"""Never needs a reason: made by the program, or a statement itself."""


def refuse_unreasoned(study: Study, patch: Patch, reason: str) -> None:
    """Refuse an edit without a reason where the study asks for one.

    Raises:
        ReasonNeeded: if the reason is empty and the study, or the edit itself, asks for one.
    """
    if not reason.strip() and needs_reason(study, patch):
        raise ReasonNeeded(f"a reason is needed: {patch.operation}", remedy="Say why.")


def needs_reason(study: Study, patch: Patch) -> bool:
    """Whether an edit must say why: the study's rule before the edit counts. An amendment always says why."""
    begun = [c.after for c in patch.changes if isinstance(c.after, Read) and c.before is None]
    if any(read.amends is not None and not read.package for read in begun):
        return True
    if study.reading.reasons is ReasonFor.NEVER:
        return False
    read = study.reads.get(patch.read_id or 0)
    always = study.reading.reasons is ReasonFor.ALWAYS
    return any(_needs_reason(change, read, always) for change in patch.changes)


def _needs_reason(change: Change, read: Read | None, always: bool) -> bool:
    if change.kind in SAID_ALREADY:
        return False
    before, after = change.before, change.after
    if isinstance(before, Review) and isinstance(after, Review) and before.state is not after.state:
        # what is handed on says so itself
        return after.state in WITH_READER or (before.state, after.state) == (ReadState.ACCEPTED, ReadState.SUBMITTED)
    if change.kind in IN_READ:
        return always or (read is not None and read.review.n_submitted > 0)
    if change.kind in RESTS_ON:
        return change.before is not None
    # what is entered for the first time speaks for itself; a decision or landmark does not
    return always and (change.before is not None or change.kind in (Kind.DECISION, Kind.LANDMARK))
