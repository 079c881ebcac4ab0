"""How much a read differs from the detection that it began with."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analysis.measures.counts import NO_UNIT
from workstation.model.columns import STATUSES, HairTable
from workstation.model.hair import Status
from workstation.model.read import Read, ReadState
from workstation.model.study import Study

REMEMBERED = "edits made"
_REJECTED = STATUSES.index(Status.REJECTED)


@dataclass(frozen=True, slots=True)
class EditsMade:
    """What was changed by hand, counted hair by hair: a hair that was changed back counts as unchanged."""

    from_detection: bool
    """False: the read began blank, so that everything in it was added."""
    hairs_detected: int
    units_detected: int
    added: int
    """Hairs that the detection does not have; cutting a hair in two adds one."""
    removed: int
    """Hairs of the detection that are gone; joining two removes one."""
    rejected: int
    """Still there, and count nowhere."""
    moved: int
    """Hairs with another line."""
    regrouped: int
    """Units of the detection whose hairs, as far as they are still there, are no longer together and by themselves."""
    widths_set: int
    """Hairs whose width was set by hand."""
    field_changed: bool

    @property
    def hairs_changed(self) -> int:
        """Added, removed, rejected or moved."""
        return self.added + self.removed + self.rejected + self.moved

    def percent(self, n: int) -> float:
        """A number of hairs in percent of the detected ones; NaN where none was detected."""
        return 100 * n / self.hairs_detected if self.hairs_detected else float("nan")

    @property
    def regrouped_percent(self) -> float:
        """In percent of the detected units; NaN where there was none."""
        return 100 * self.regrouped / self.units_detected if self.units_detected else float("nan")


def edits_made(study: Study, read: Read) -> EditsMade:
    """What was changed in a read, against the detection that it goes back to. Remembered with the read."""
    known: EditsMade | None = read.remembered.get(REMEMBERED)
    if known is None:
        known = _compared(detection_of(study, read), read)
        read.remembered[REMEMBERED] = known
    return known


def detection_of(study: Study, read: Read) -> Read | None:
    """The detection that a read goes back to, be it over other reads; None for a detection itself and a blank start."""
    seen = {read.id}
    source = study.reads.get(read.based_on or 0)
    while source is not None and source.id not in seen:
        if source.review.state is ReadState.DETECTED:
            return source
        seen.add(source.id)
        source = study.reads.get(source.based_on or 0)
    return None


def _compared(detection: Read | None, read: Read) -> EditsMade:
    after = read.table
    if detection is None:
        n_set = int(after.width_is_set.sum())
        return EditsMade(False, 0, 0, len(after), 0, 0, 0, 0, n_set, field_changed=False)
    before = detection.table
    ids, old, new = np.intersect1d(before.id, after.id, assume_unique=True, return_indices=True)
    rejected = (after.status[new] == _REJECTED) & (before.status[old] != _REJECTED)
    lines_before, lines_after = _lines(before), _lines(after)
    moved = np.array([lines_before[i] != lines_after[i] for i in ids.tolist()], dtype=np.bool_)
    width_set = after.width_is_set[new] & ~(before.width_is_set[old] & (before.width_px[old] == after.width_px[new]))
    fresh = ~np.isin(after.id, ids)
    return EditsMade(
        from_detection=True,
        hairs_detected=len(before),
        units_detected=len(detection.units),
        added=int(fresh.sum()),
        removed=len(before) - len(ids),
        rejected=int(rejected.sum()),
        moved=int(moved.sum()),
        regrouped=_regrouped(before.unit[old].tolist(), after.unit[new].tolist(), ids.tolist()),
        widths_set=int(width_set.sum() + after.width_is_set[fresh].sum()),
        field_changed=read.field != detection.field,
    )


def _lines(table: HairTable) -> dict[int, bytes]:
    """The points of every hair as bytes: equal for equal lines."""
    points = np.column_stack([table.x_px, table.y_px])
    first = table.first_vertex.tolist()
    return {
        i: points[start : start + n].tobytes()
        for i, start, n in zip(table.id.tolist(), first, table.n_vertices.tolist(), strict=True)
    }


def _regrouped(before: Iterable[int], after: Iterable[int], ids: Iterable[int]) -> int:
    groups_before: defaultdict[int, set[int]] = defaultdict(set)
    groups_after: defaultdict[int, set[int]] = defaultdict(set)
    for hair_id, unit_before, unit_after in zip(ids, before, after, strict=True):
        groups_before[unit_before].add(hair_id)
        groups_after[unit_after].add(hair_id)
    groups_before.pop(NO_UNIT, None)
    together = {frozenset(group) for unit, group in groups_after.items() if unit != NO_UNIT}
    return sum(frozenset(group) not in together for group in groups_before.values())
