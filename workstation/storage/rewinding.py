"""Walking back from a study's present state through its audit trail: what the history is made of after a restart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from workstation.entry import Entry
from workstation.model.pair import Pair
from workstation.model.patch import IN_READ, Change, Key, Kind, Patch
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.storage.audit import AuditRow, entry_of
from workstation.storage.codec import Plain, beginning, read_digest


@dataclass(frozen=True)
class Rewound:
    """A study's past."""

    entries: tuple[Entry, ...]
    """The edits that lead without a gap to the present state, oldest first."""
    problem: str
    """Why the edits before the first of `entries` do not fit; empty where the trail reaches back to the start."""


def rewind(study: Study, rows: Sequence[AuditRow], *, check_values: bool = True, check_reads: bool = False) -> Rewound:
    """Walk back from the present state through the whole trail.

    A row names a whole read by its digest alone; going back to that row gives the read itself.

    Args:
        study: the state after the last row.
        rows: all rows, oldest first.
        check_values: see whether each row left what the row after it found; needless for a trail that this program
            wrote and checked itself.
        check_reads: compare each whole read with its digest, which takes a while.
    """
    entries: list[Entry] = []
    past = _Past(study, check_values)

    def as_it_was(read_id: int, value: Plain) -> Read:
        read = past.read(read_id)
        if check_reads and not _is_described(read, value, past):
            raise ValueError(f"read {read_id} is not the one that was brought in then")
        return read

    for row in reversed(rows):
        try:
            entry = entry_of(row, as_it_was)
            past.take_back(entry.patch)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            return Rewound(tuple(reversed(entries)), f"audit row {row.seq} does not agree with the study ({error})")
        entries.append(entry)
    return Rewound(tuple(reversed(entries)), "")


def _is_described(read: Read, value: Plain, past: "_Past") -> bool:
    """Whether a read, as it was, is the one that a row brought into the study."""
    begun = beginning(value, past.read)
    if begun is None:
        return read_digest(read) == str(value["read_sha256"])
    same_origin = (read.image_id, read.created_utc) == (begun.image_id, begun.created_utc)
    return same_origin and read.same_content(begun)


class _Past:
    """A study that changes in place. Applying patches to the frozen one would copy every hair for every row."""

    def __init__(self, study: Study, check_values: bool) -> None:
        self._check_values = check_values
        self._of_study: dict[tuple[Kind, Key], Any] = {
            (Kind.CUTOFFS, 0): study.cutoffs,
            **{(Kind.SUBJECT, code): subject for code, subject in study.subjects.items()},
            **{(Kind.VISIT, i): visit for i, visit in study.visits.items()},
            **{(Kind.IMAGE, i): image for i, image in study.images.items()},
            **{(Kind.READ, i): read for i, read in study.reads.items()},
            (Kind.RULES, 0): study.rules,
            (Kind.PLAN, 0): study.plan,
            **{(Kind.QUESTIONNAIRE, code): questionnaire for code, questionnaire in study.questionnaires.items()},
            **{(Kind.RESPONSE, i): response for i, response in study.responses.items()},
            **{(Kind.EVENT, i): event for i, event in study.events.items()},
            (Kind.READING, 0): study.reading,
            **{(Kind.PERSON, name): person for name, person in study.people.items()},
            **{(Kind.REMARK, i): remark for i, remark in study.remarks.items()},
            **{(Kind.SIGNATURE, i): signature for i, signature in study.signatures.items()},
            **{(Kind.PACKAGE, i): package for i, package in study.packages.items()},
        }
        for pair in study.pairs.values():
            self._of_study |= _parts(pair)
        self._reads = study.reads
        self._of_read: dict[int, dict[tuple[Kind, int], Any]] = {}
        """What is in a read, of those that were changed."""

    def take_back(self, patch: Patch) -> None:
        for change in reversed(patch.changes):
            if change.kind in IN_READ:
                if patch.read_id is None or (Kind.READ, patch.read_id) not in self._of_study:
                    raise ValueError(f"there is no read {patch.read_id}")
                self._take_back(self._parts_of(patch.read_id), change)
            elif change.kind is Kind.READ:
                del self._of_study[change.kind, change.id]
            else:
                self._take_back(self._of_study, change)

    def read(self, read_id: int) -> Read:
        """A read as it was."""
        latest: Read = self._of_study[Kind.READ, read_id]
        values = self._of_read.get(read_id)
        if values is None:
            return latest
        return replace(
            latest,
            field=values[Kind.FIELD, 0],
            review=values[Kind.REVIEW, 0],
            hairs=MappingProxyType({i: value for (kind, i), value in values.items() if kind is Kind.HAIR}),
            units=MappingProxyType({i: value for (kind, i), value in values.items() if kind is Kind.UNIT}),
            settlements=MappingProxyType({i: value for (kind, i), value in values.items() if kind is Kind.SETTLEMENT}),
        )

    def _parts_of(self, read_id: int) -> dict[tuple[Kind, int], Any]:
        if read_id not in self._of_read:
            read = self._reads[read_id]
            self._of_read[read_id] = {
                (Kind.FIELD, 0): read.field,
                (Kind.REVIEW, 0): read.review,
                **{(Kind.HAIR, i): hair for i, hair in read.hairs.items()},
                **{(Kind.UNIT, i): unit for i, unit in read.units.items()},
                **{(Kind.SETTLEMENT, i): settlement for i, settlement in read.settlements.items()},
            }
        return self._of_read[read_id]

    def _take_back(self, values: dict[Any, Any], change: Change) -> None:
        key = change.kind, change.key
        if self._check_values and values.get(key) != change.after:
            raise ValueError(f"{change.kind} {change.key} is not what that edit left")
        if change.before is None:
            values.pop(key, None)
        else:
            values[key] = change.before


def _parts(pair: Pair) -> dict[tuple[Kind, Key], Any]:
    """A pair as it was made, and what was said of it since, each under its key."""
    made = Pair(pair.id, pair.baseline_image_id, pair.followup_image_id)
    parts: dict[tuple[Kind, Key], Any] = {(Kind.PAIR, pair.id): made}
    if pair.registration is not None:
        parts[Kind.REGISTRATION, pair.id] = pair.registration
    parts |= {(Kind.LANDMARK, (pair.id, i)): landmark for i, landmark in pair.landmarks.items()}
    return parts | {(Kind.DECISION, (pair.id, i)): decision for i, decision in pair.decisions.items()}
