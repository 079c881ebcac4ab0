"""A study that goes back in time: the edits of its trail are taken back one after the other, the latest first."""

from collections import defaultdict
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from workstation.model.pair import Pair
from workstation.model.patch import IN_READ, SINGLES, TABLES, Change, Key, Kind, Patch
from workstation.model.read import Read
from workstation.model.study import Study

_TABLES = {kind: name for kind, (name, _) in TABLES.items() if kind is not Kind.PAIR}
"""Where a study keeps what is one value each; a pair is several, each with changes of its own."""


class Past:
    """A study that changes in place. Applying patches to the frozen one would copy every hair for every row.

    Args:
        study: as it is now.
        check_values: see whether each edit left what is there when it is taken back.
    """

    def __init__(self, study: Study, *, check_values: bool = True) -> None:
        self._latest = study
        self._check_values = check_values
        self._of_study: dict[tuple[Kind, Key], Any] = {
            **{(kind, key): value for kind, name in _TABLES.items() for key, value in getattr(study, name).items()},
            **{(kind, 0): getattr(study, name) for kind, (name, _) in SINGLES.items()},
        }
        for pair in study.pairs.values():
            self._of_study |= _parts(pair)
        self._reads = study.reads
        self._of_read: dict[int, dict[tuple[Kind, int], Any]] = {}
        """What is in a read, of those that were changed."""

    def take_back(self, patch: Patch) -> None:
        """Go back to before an edit: the latest that was not taken back yet.

        Raises:
            ValueError, KeyError: if it cannot have led to what is there.
        """
        for change in reversed(patch.changes):
            if change.kind in IN_READ:
                if patch.read_id is None or (Kind.READ, patch.read_id) not in self._of_study:
                    raise ValueError(f"there is no read {patch.read_id}")
                self._take_back(self._parts_of(patch.read_id), change)
            elif change.kind is Kind.STUDY:
                continue  # before it there was none
            elif change.kind is Kind.READ:
                del self._of_study[change.kind, change.id]
            else:
                self._take_back(self._of_study, change)

    def read(self, read_id: int) -> Read:
        """A read as it was, but for the id of its next hair, which is the latest one's.

        Raises:
            KeyError: if there was none.
        """
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

    def study(self) -> Study:
        """The study as it was, but for the ids that come next, which are the latest ones."""
        tables: dict[str, dict[Any, Any]] = {name: {} for name in (*_TABLES.values(), "pairs")}
        singles: dict[str, Any] = {}
        of_pairs: dict[int, dict[tuple[Kind, Key], Any]] = defaultdict(dict)
        for (kind, key), value in self._of_study.items():
            if kind in _TABLES:
                tables[_TABLES[kind]][key] = self.read(value.id) if kind is Kind.READ else value
            elif kind in SINGLES:
                singles[SINGLES[kind][0]] = value
            else:
                of_pairs[key[0] if isinstance(key, tuple) else int(key)][kind, key] = value
        tables["pairs"] = {i: self._pair(i, parts) for i, parts in of_pairs.items()}
        frozen: dict[str, Any] = {name: MappingProxyType(dict(sorted(table.items()))) for name, table in tables.items()}
        return replace(self._latest, **frozen, **singles)

    def _pair(self, pair_id: int, parts: dict[tuple[Kind, Key], Any]) -> Pair:
        made: Pair = parts[Kind.PAIR, pair_id]
        return replace(
            made,
            registration=parts.get((Kind.REGISTRATION, pair_id)),
            landmarks=_by_id(parts, Kind.LANDMARK),
            decisions=_by_id(parts, Kind.DECISION),
            next_id=self._latest.pairs[pair_id].next_id,
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


def _by_id(parts: dict[tuple[Kind, Key], Any], wanted: Kind) -> MappingProxyType[int, Any]:
    found = {value.id: value for (kind, _), value in parts.items() if kind is wanted}
    return MappingProxyType(dict(sorted(found.items())))


def _parts(pair: Pair) -> dict[tuple[Kind, Key], Any]:
    """A pair as it was made, and what was said of it since, each under its key."""
    made = Pair(pair.id, pair.baseline_image_id, pair.followup_image_id)
    parts: dict[tuple[Kind, Key], Any] = {(Kind.PAIR, pair.id): made}
    if pair.registration is not None:
        parts[Kind.REGISTRATION, pair.id] = pair.registration
    parts |= {(Kind.LANDMARK, (pair.id, i)): landmark for i, landmark in pair.landmarks.items()}
    return parts | {(Kind.DECISION, (pair.id, i)): decision for i, decision in pair.decisions.items()}
