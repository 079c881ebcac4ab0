"""Who may do what: looked at before every edit, undo and redo becomes real. docs/quality.md has it as a table.

Where nobody is listed in the study, everybody has every role; where somebody is, those who are not listed are
assessors. Whatever the roles, nobody decides on a read of their own.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from workstation.adjudication.third_read import n_open, unfinished_sources
from workstation.counting import counted
from workstation.errors import EditRefused
from workstation.model.package import Package
from workstation.model.pair import Decision
from workstation.model.patch import IN_READ, Change, Kind, Patch
from workstation.model.people import Person, Role
from workstation.model.read import WITH_READER, Read, ReadState, Review
from workstation.model.reading import Remark
from workstation.model.signature import Meaning, Signature
from workstation.model.study import Study

DECIDES = frozenset({Role.QA_REVIEWER, Role.ADJUDICATOR})
"""Who has one of these roles accepts and returns the reads of others."""
IN_WORK_FILE = IN_READ | {Kind.READ, Kind.REMARK, Kind.SIGNATURE}
"""What a blinded reader may change."""


def roles_of(study: Study, user: str) -> frozenset[Role]:
    """What somebody may do in a study."""
    if not study.people:
        return frozenset(Role)
    person = study.people.get(user)
    return frozenset({Role.ASSESSOR}) if person is None else frozenset(person.roles)


def may_decide(study: Study, read: Read, user: str) -> bool:
    """Whether somebody may accept or return a read once it is submitted."""
    return read.editable and read.reader != user and not DECIDES.isdisjoint(roles_of(study, user))


def owners_of(people: Mapping[str, Person]) -> frozenset[str]:
    """Who owns a study; empty where nobody is named as such."""
    return frozenset(name for name, person in people.items() if Role.OWNER in person.roles)


def refuse(study: Study, patch: Patch, user: str, *, repeats: bool = False) -> None:
    """Refuse an edit that this user may not make. An undo is judged as the edit that it is.

    Args:
        study: as it is before the edit.
        patch: the edit.
        user: who makes it.
        repeats: it takes back an edit of this user's own, or does it again: whatever decision of a match that puts
            back or takes out, it was theirs to make.

    Raises:
        EditRefused: with the reason and what can be done instead.
    """
    if study.blinding is not None:
        _refuse_in_work_file(study, patch, user)
    read = None if patch.read_id is None else study.reads.get(patch.read_id)
    if read is not None and any(change.kind in IN_READ for change in patch.changes):
        _refuse_in_read(study, read, patch, user)
    merged = frozenset(c.after.reader for c in patch.changes if isinstance(c.after, Package) and c.after.returned)
    for change in patch.changes:
        if (rule := _RULES.get(change.kind)) is not None and not (repeats and change.kind is Kind.DECISION):
            rule(study, change, user, merged)
    _refuse_people(study, patch, user)


# --- a read ------------------------------------------------------------------------------------------------------


def _refuse_in_read(study: Study, read: Read, patch: Patch, user: str) -> None:
    state, reviews = read.review.state, [change for change in patch.changes if change.kind is Kind.REVIEW]
    if state is ReadState.DETECTED:
        raise EditRefused("an untouched detection is never changed", remedy="Begin a read of the image first.")
    if state is ReadState.SIGNED:
        raise EditRefused("this read is signed and locked", remedy="Begin an amendment of it.")
    moves = [change for change in reviews if _moves(change)]
    if len(moves) < sum(change.kind in IN_READ for change in patch.changes):
        _refuse_content(read, user)
    for change in moves:
        if isinstance(change.before, Review) and isinstance(change.after, Review):
            _refuse_move(study, read, change.before, change.after, patch, user)


def _moves(change: Change) -> bool:
    """Whether a change of the review is of how far the read has come, not of what it says."""
    before, after = change.before, change.after
    if not isinstance(before, Review) or not isinstance(after, Review):
        return False
    return (before.state, before.n_submitted, before.decided_by) != (after.state, after.n_submitted, after.decided_by)


def _refuse_content(read: Read, user: str) -> None:
    """Content is its reader's alone, as long as the reader has the read."""
    if read.reader != user:
        raise EditRefused(f"this is the read of {read.reader}", remedy="Begin a read of your own.")
    match read.review.state:
        case ReadState.SUBMITTED:
            raise EditRefused("this read is submitted", remedy="Withdraw it first: Image ▸ Withdraw read.")
        case ReadState.ACCEPTED:
            by = f" by {read.review.decided_by}" if read.review.decided_by else ""
            raise EditRefused(f"this read is accepted{by}", remedy="Ask for it to be returned to you.")
        case _:
            return


def _refuse_move(study: Study, read: Read, before: Review, after: Review, patch: Patch, user: str) -> None:
    way, counted = (before.state, after.state), after.n_submitted - before.n_submitted
    handed = _times(after) - _times(before)
    same_decider = before.decided_by == after.decided_by
    if before.comment != after.comment:
        raise EditRefused("a comment is not written while a read is handed on")
    if after.state is ReadState.SUBMITTED and same_decider and _hands_in(before, handed):
        _refuse_others(read, user, "submits")
        _refuse_unsettled(study, read)
    elif before.state is ReadState.SUBMITTED and same_decider and _hands_in(after, -handed):
        _refuse_others(read, user, "withdraws")
    elif way in _DECISIONS and counted == 0 and after.decided_by == user:
        _refuse_decider(study, read, user)
    elif way[::-1] in _DECISIONS and counted == 0 and before.decided_by == user != read.reader:
        return  # who decided takes it back
    elif way == (ReadState.ACCEPTED, ReadState.SIGNED) and same_decider and counted == 0:
        if not any(isinstance(c.after, Signature) and c.after.read_id == read.id for c in patch.changes):
            raise EditRefused("a read is locked only by a signature", remedy="Sign it.")
    else:
        raise EditRefused(f"a read that is {before.state} does not become {after.state} in this way")


def _times(review: Review) -> int:
    """How often a read was submitted. Before format 1.4 that was not counted: what was submitted, was so once."""
    return max(review.n_submitted, int(review.state is ReadState.SUBMITTED))


def _hands_in(open_review: Review, counted: int) -> bool:
    """Whether a read goes from its reader into the queue, so often more submitted than before.

    A withdrawn submission stays counted, so what undoes a withdrawal counts none.
    """
    match open_review.state:
        case ReadState.IN_REVIEW:
            return counted in (0, 1) and open_review.n_submitted + counted > 0
        case ReadState.RETURNED:
            return counted == 1
        case _:
            return False


_DECISIONS = frozenset(
    {
        (ReadState.SUBMITTED, ReadState.ACCEPTED),
        (ReadState.SUBMITTED, ReadState.RETURNED),
        (ReadState.ACCEPTED, ReadState.RETURNED),
    }
)


def _refuse_unsettled(study: Study, read: Read) -> None:
    """A third read is done only when nothing that its two reads differ in is open."""
    if read.adjudicates is None:
        return
    for source in unfinished_sources(study, read):
        raise EditRefused(
            f"read {source.id} of {source.reader} is {source.review.state} and may change",
            remedy="Submit when it is submitted again.",
        )
    if left := n_open(study, read):
        raise EditRefused(f"{counted(left, 'difference')} {'is' if left == 1 else 'are'} not settled yet",
                          remedy="Settle what is left: N goes to the next one.")  # fmt: skip


def _refuse_others(read: Read, user: str, does: str) -> None:
    if read.reader != user:
        raise EditRefused(f"this is the read of {read.reader}, who alone {does} it")


def _refuse_decider(study: Study, read: Read, user: str) -> None:
    if read.reader == user:
        raise EditRefused("nobody decides on a read of their own", remedy="Have somebody else look through it.")
    if not may_decide(study, read, user):
        raise EditRefused(
            f"{user} is neither QA reviewer nor adjudicator in this study",
            remedy="The study's owner can give you the role: Study ▸ People…",
        )


# --- the study ---------------------------------------------------------------------------------------------------


def _refuse_in_work_file(study: Study, patch: Patch, user: str) -> None:
    assert study.blinding is not None
    if user != study.blinding.reader:
        raise EditRefused(
            f"this work file is for {study.blinding.reader} alone, and you are {user or 'nobody'}",
            remedy="Enter the name that it was made for in the settings, if it is yours.",
        )
    if foreign := [change for change in patch.changes if change.kind not in IN_WORK_FILE]:
        raise EditRefused(f"the {foreign[0].kind} cannot be changed in a work file: only reads are made in it")
    if any(isinstance(change.after, Read) and not change.after.editable for change in patch.changes):
        raise EditRefused("nothing is detected in a work file: it begins with what was handed out")


def _refuse_read(study: Study, change: Change, user: str, merged: frozenset[str]) -> None:
    """A read that begins. One brought in for another person is in review: only that person says that it is done."""
    read = change.after
    if not isinstance(read, Read) or change.before is not None or not read.editable:
        return
    if read.package and read.reader in merged:
        if read.review.state not in (*WITH_READER, ReadState.SUBMITTED):
            raise EditRefused(f"a read does not come out of a work file as {read.review.state}")
        return
    if read.package or read.repeat:
        raise EditRefused("a read comes out of a work file only when that is merged")
    if read.review != Review(ReadState.IN_REVIEW, read.review.comment):
        raise EditRefused("a read begins in review")
    if read.adjudicates is not None or read.amends is not None:
        _refuse_others(read, user, "begins")
    if read.adjudicates is not None and Role.ADJUDICATOR not in roles_of(study, user):
        raise EditRefused(
            f"{user} is no adjudicator in this study",
            remedy="The study's owner can give you the role: Study ▸ People…",
        )
    if read.amends is not None:
        amended = study.reads.get(read.amends)
        if amended is None or amended.review.state is not ReadState.SIGNED:
            raise EditRefused("only a signed read is amended", remedy="Correct the read itself.")


def _refuse_remark(study: Study, change: Change, user: str, merged: frozenset[str]) -> None:
    before, after = change.before, change.after
    if after is None and isinstance(before, Remark):
        if before.author != user:
            raise EditRefused(f"this remark is {before.author}'s, who alone takes it back")
        return
    if not isinstance(after, Remark):
        return
    if not isinstance(before, Remark):
        if after.author != user and after.author not in merged:
            raise EditRefused(f"nobody writes a remark in the name of {after.author}")
        return
    said = (before.read_id, before.author, before.created_utc, before.text, before.hair_id, before.answers)
    says = (after.read_id, after.author, after.created_utc, after.text, after.hair_id, after.answers)
    if said != says and (before.author, after.author) != (user, user):
        raise EditRefused(f"this remark is {before.author}'s, who alone changes it")
    if (before.done_by, before.done_utc) != (after.done_by, after.done_utc):
        read = study.reads[after.read_id]
        if user != read.reader and not may_decide(study, read, user):
            raise EditRefused(f"{read.reader} or a QA reviewer says when this remark is dealt with")
        if after.done_by not in ("", user) and before.done_by:  # an undo may bring back what somebody else said
            raise EditRefused(f"nobody says for {after.done_by} that a remark is dealt with")


def _refuse_signature(study: Study, change: Change, user: str, merged: frozenset[str]) -> None:
    signature = change.after
    if not isinstance(signature, Signature):
        return
    if signature.signer != user and signature.signer not in merged:
        raise EditRefused(f"nobody signs in the name of {signature.signer}")
    read = study.reads.get(signature.read_id)
    if read is None:  # it comes with its read out of a work file
        return
    own = read.reader == signature.signer
    if signature.meaning in (Meaning.AUTHORSHIP, Meaning.ADJUDICATION):
        if not own:
            raise EditRefused(f"“{signature.meaning}” is for {read.reader} to sign")
        if signature.meaning is Meaning.ADJUDICATION and read.adjudicates is None:
            raise EditRefused(f"“{signature.meaning}” is signed on a third read alone")
    else:
        _refuse_decider(study, read, signature.signer)


def _refuse_decision(study: Study, change: Change, user: str, _merged: frozenset[str]) -> None:
    """Of a match: one's own is taken back. A listed adjudicator takes back anybody's, for people leave."""
    decision = change.before if change.after is None else change.after
    if not isinstance(decision, Decision) or decision.reader == user:
        return
    if study.people and Role.ADJUDICATOR in roles_of(study, user):
        return
    if change.after is not None:
        raise EditRefused(f"nobody decides in the name of {decision.reader}")
    raise EditRefused(
        f"{decision.reader} decided otherwise here, and alone takes that back",
        remedy=f"Ask {decision.reader}, or an adjudicator who is listed in the study.",
    )


_RULES: Mapping[Kind, Callable[[Study, Change, str, frozenset[str]], None]] = MappingProxyType(
    {
        Kind.READ: _refuse_read,
        Kind.REMARK: _refuse_remark,
        Kind.SIGNATURE: _refuse_signature,
        Kind.DECISION: _refuse_decision,
    }
)


def _refuse_people(study: Study, patch: Patch, user: str) -> None:
    """Where there are owners, they alone say who takes part and how reads are made; and one of them stays."""
    changed = [change for change in patch.changes if change.kind in (Kind.PERSON, Kind.READING)]
    owners = owners_of(study.people)
    if not changed or not owners:
        return
    if user not in owners:
        what = "the people" if changed[0].kind is Kind.PERSON else "the reading rules"
        raise EditRefused(f"only the study's owner changes {what}", remedy=f"Ask {' or '.join(sorted(owners))}.")
    people = dict(study.people)
    for change in changed:
        if isinstance(change.after, Person):
            people[change.after.name] = change.after
        elif change.kind is Kind.PERSON:
            people.pop(str(change.key), None)
    if people and not owners_of(people):
        raise EditRefused("a study that has an owner keeps one", remedy="Make somebody else an owner first.")
