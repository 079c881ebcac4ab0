"""A patch: what an edit changes, from what, to what. Its inverse swaps the two, so undo is written once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from workstation.model.creation import Creation
from workstation.model.field import Field
from workstation.model.hair import Hair, Unit
from workstation.model.package import Package
from workstation.model.pair import Decision, Landmark, Pair, RegistrationRecord
from workstation.model.people import Person
from workstation.model.read import Read, ReadState, Review
from workstation.model.reading import ReadingRules, Remark
from workstation.model.settlement import Settlement
from workstation.model.signature import Signature
from workstation.model.study import ChangeRules, ImageRecord, Study, Subject, Visit, WidthCutoffs
from workstation.model.trial import AdverseEvent, Questionnaire, Response, TrialPlan

Value = (
    Hair | Unit | Field | Review | Read | ImageRecord | Visit | Subject | WidthCutoffs | ChangeRules
    | Pair | RegistrationRecord | Landmark | Decision | TrialPlan | Questionnaire | Response | AdverseEvent
    | Settlement | Person | ReadingRules | Remark | Signature | Package | Creation
)  # fmt: skip


Key = int | str | tuple[int, int]


class Kind(StrEnum):
    """What a change is about. Hair, unit, field, review and settlement belong to the patch's read; the rest to the
    study.

    A registration, a landmark and a decision belong to a pair: the id of the registration is the pair's own.
    """

    HAIR = "hair"
    UNIT = "unit"
    FIELD = "field"
    REVIEW = "review"
    READ = "read"
    IMAGE = "image"
    VISIT = "visit"
    SUBJECT = "subject"
    CUTOFFS = "cutoffs"
    RULES = "rules"
    PAIR = "pair"
    REGISTRATION = "registration"
    LANDMARK = "landmark"
    DECISION = "decision"
    PLAN = "plan"
    QUESTIONNAIRE = "questionnaire"
    RESPONSE = "response"
    EVENT = "event"
    SETTLEMENT = "settlement"
    PERSON = "person"
    READING = "reading rules"
    REMARK = "remark"
    SIGNATURE = "signature"
    PACKAGE = "package"
    STUDY = "study"
    """That it was made, and with what: only in the first row of a trail, never applied."""


IN_READ = frozenset({Kind.HAIR, Kind.UNIT, Kind.FIELD, Kind.REVIEW, Kind.SETTLEMENT})
NAMED = (Subject, Questionnaire, Person, Package)
"""Values that are known by a code or a name, not by a number."""
FOR_EVER = frozenset({Kind.READ, Kind.PAIR, Kind.SIGNATURE, Kind.PACKAGE, Kind.STUDY})
"""What, once there, no undo takes out."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after; None means that it does not exist."""

    kind: Kind
    id: int
    """Of the hair, unit, read, image, visit or pair; of a landmark and a decision it is unique in their pair; 0 for
    that of which there is one (field, review, cut-offs, rules, plan), and for what is known by a code or a name."""
    before: Value | None
    after: Value | None
    source: Read | None = field(default=None, compare=False, repr=False)
    """Of a read that begins as another one: that read. What they share need not be checked or written again."""

    @property
    def key(self) -> Key:
        """What tells the value from others of its kind: the id, a subject's code, or a pair's id and the id in it."""
        value = self.after if self.before is None else self.before
        if isinstance(value, Landmark | Decision):
            return value.pair_id, value.id
        return value.id if isinstance(value, NAMED) else self.id

    @property
    def undoable(self) -> bool:
        """Whether it may be undone: reads and pairs, once there, are kept for ever, as signatures and image files are.
        A subject and a visit that were added are taken out by an edit of their own, which looks whether anything rests
        on them.
        """
        match self.kind:
            case Kind.IMAGE:
                return _file_of(self.before) == _file_of(self.after)
            case Kind.VISIT | Kind.SUBJECT:
                return self.before is not None
            case Kind.REVIEW:
                return not _locks(self.after) and not _locks(self.before)
            case _:
                return self.kind not in FOR_EVER

    def inverse(self) -> "Change":
        """The change back."""
        return Change(self.kind, self.id, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Patch:
    """All that one edit changes, at once or not at all."""

    operation: str
    """The edit's name in the journal: `add hair`, `split hair`, …"""
    read_id: int | None
    """The read that is changed; None where the patch is about the study."""
    changes: tuple[Change, ...]

    def inverse(self) -> "Patch":
        """The patch that undoes this one."""
        return Patch(self.operation, self.read_id, tuple(c.inverse() for c in reversed(self.changes)))

    @property
    def undoable(self) -> bool:
        """Whether it may be undone: if each of its changes may."""
        return bool(self.changes) and all(change.undoable for change in self.changes)


def _file_of(image: Value | None) -> str | None:
    return image.path if isinstance(image, ImageRecord) else None


def _locks(review: Value | None) -> bool:
    return isinstance(review, Review) and review.state is ReadState.SIGNED


class StalePatchError(ValueError):
    """The patch was made for another state than the one it is applied to: a bug, and nothing is changed."""


def apply(study: Study, patch: Patch) -> Study:
    """The study after a patch.

    Raises:
        StalePatchError: if a value is not what the patch says it was before.
    """
    in_read = [c for c in patch.changes if c.kind in IN_READ]
    of_study = [c for c in patch.changes if c.kind not in IN_READ]
    after = study
    if in_read:
        if patch.read_id is None or patch.read_id not in study.reads:
            raise StalePatchError(f"there is no read {patch.read_id}")
        read = _apply_to_read(study.reads[patch.read_id], in_read)
        after = replace(after, reads=MappingProxyType({**study.reads, read.id: read}))
    if of_study:
        after = _apply_to_study(after, of_study)
    return after.following(study)


def _apply_to_read(read: Read, changes: list[Change]) -> Read:
    hairs: dict[int, Hair] | None = None
    units: dict[int, Unit] | None = None
    settlements: dict[int, Settlement] | None = None
    field, review, next_id = read.field, read.review, read.next_id
    for change in changes:
        match change.kind:
            case Kind.HAIR:
                hairs = dict(read.hairs) if hairs is None else hairs
                _swap(hairs, change, Hair)
                next_id = max(next_id, change.id + 1)
            case Kind.UNIT:
                units = dict(read.units) if units is None else units
                _swap(units, change, Unit)
                next_id = max(next_id, change.id + 1)
            case Kind.FIELD:
                field = _exchange(field, change, Field)
                next_id = max([next_id, *(e.id + 1 for e in field.exclusions)])
            case Kind.SETTLEMENT:
                settlements = dict(read.settlements) if settlements is None else settlements
                _swap(settlements, change, Settlement)
            case _:
                review = _exchange(review, change, Review)
    return replace(
        read,
        hairs=read.hairs if hairs is None else MappingProxyType(hairs),
        units=read.units if units is None else MappingProxyType(units),
        settlements=read.settlements if settlements is None else MappingProxyType(settlements),
        field=field,
        review=review,
        next_id=next_id,
    )


TABLES: Mapping[Kind, tuple[str, type[Any]]] = {
    Kind.READ: ("reads", Read),
    Kind.IMAGE: ("images", ImageRecord),
    Kind.VISIT: ("visits", Visit),
    Kind.SUBJECT: ("subjects", Subject),
    Kind.PAIR: ("pairs", Pair),
    Kind.QUESTIONNAIRE: ("questionnaires", Questionnaire),
    Kind.RESPONSE: ("responses", Response),
    Kind.EVENT: ("events", AdverseEvent),
    Kind.PERSON: ("people", Person),
    Kind.REMARK: ("remarks", Remark),
    Kind.SIGNATURE: ("signatures", Signature),
    Kind.PACKAGE: ("packages", Package),
}
"""Where a study keeps the values of a kind, by their ids or codes."""
SINGLES: Mapping[Kind, tuple[str, type[Any]]] = {
    Kind.CUTOFFS: ("cutoffs", WidthCutoffs),
    Kind.RULES: ("rules", ChangeRules),
    Kind.PLAN: ("plan", TrialPlan),
    Kind.READING: ("reading", ReadingRules),
}
"""Where a study keeps that of which there is one."""


def _apply_to_study(study: Study, changes: Sequence[Change]) -> Study:
    parts: dict[str, Any] = {}  # each table that is changed is copied once, however many changes it takes

    def table(name: str) -> dict[Any, Any]:
        if name not in parts:
            parts[name] = dict(getattr(study, name))
        found: dict[Any, Any] = parts[name]
        return found

    for change in changes:
        if change.kind in TABLES:
            name, of = TABLES[change.kind]
            _swap(table(name), change, of)
        elif change.kind in SINGLES:
            name, of = SINGLES[change.kind]
            parts[name] = _exchange(parts.get(name, getattr(study, name)), change, of)
        else:
            pairs = table("pairs")
            pair_id = change.key[0] if isinstance(change.key, tuple) else change.id
            if pair_id not in pairs:
                raise StalePatchError(f"there is no pair {pair_id}")
            pairs[pair_id] = _apply_to_pair(pairs[pair_id], change)
    frozen: dict[str, Any] = {
        name: MappingProxyType(part) if isinstance(part, dict) else part for name, part in parts.items()
    }
    return replace(study, **frozen)


def _apply_to_pair(pair: Pair, change: Change) -> Pair:
    next_id = max(pair.next_id, change.id + 1)
    match change.kind:
        case Kind.LANDMARK:
            landmarks = dict(pair.landmarks)
            _swap(landmarks, change, Landmark)
            return replace(pair, landmarks=MappingProxyType(landmarks), next_id=next_id)
        case Kind.DECISION:
            decisions = dict(pair.decisions)
            _swap(decisions, change, Decision)
            return replace(pair, decisions=MappingProxyType(decisions), next_id=next_id)
        case _:
            if pair.registration != change.before or not isinstance(change.after, RegistrationRecord | None):
                raise StalePatchError(f"the registration of pair {pair.id} is not what the patch says it was")
            return replace(pair, registration=change.after)


def _swap(values: dict[Any, Any], change: Change, of: type[Any]) -> None:
    key = str(change.key) if of in NAMED else change.id
    if values.get(key) != change.before:
        raise StalePatchError(f"{change.kind} {key!r} is not what the patch says it was")
    after: Any = change.after
    if after is None:
        values.pop(key, None)
    elif isinstance(after, of) and after.id == key:
        values[key] = after
    else:
        raise StalePatchError(f"a change of {change.kind} {key!r} carries something else")


Single = TypeVar("Single", Field, Review, WidthCutoffs, ChangeRules, TrialPlan, ReadingRules)


def _exchange(value: Single, change: Change, of: type[Single]) -> Single:
    if value != change.before or not isinstance(change.after, of):
        raise StalePatchError(f"the {change.kind} is not what the patch says it was")
    return change.after


def changed_ids(patch: Patch) -> Mapping[Kind, frozenset[int]]:
    """Which ids a patch touches, by kind: what a view must draw again."""
    ids: dict[Kind, set[int]] = {}
    for change in patch.changes:
        ids.setdefault(change.kind, set()).add(change.id)
    return {kind: frozenset(found) for kind, found in ids.items()}
