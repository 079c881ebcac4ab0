"""Reads as a reviewer sees them: how far each has come, what was edited, how long that took, where it stands."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workstation.edits.remarks import open_remarks
from workstation.endpoints import Cell, endpoints_of, read_columns
from workstation.image_names import image_names
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.quality.edits_made import EditsMade, edits_made
from workstation.quality.kinds import ReadKind, kind_of
from workstation.quality.queue import Factors, queue
from workstation.quality.time_spent import TimeSpent, TrailRow, times_spent


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One read of a person."""

    read: Read
    image: str
    """The image's name, as in every table."""
    kind: ReadKind
    hair_count: int
    made: EditsMade
    time: TimeSpent | None
    """None where the trail tells of no edit."""
    open_remarks: int
    factors: Factors | None
    """Why it stands where it does in the queue; None where it does not wait for a decision."""

    @property
    def changed_percent(self) -> float:
        """Hairs added, removed, rejected or moved, in percent of the detected ones; NaN without a detection."""
        return self.made.percent(self.made.hairs_changed)

    def cells(self) -> dict[str, Cell]:
        """The row by the names of its columns."""
        made, time, review = self.made, self.time, self.read.review
        factors = self.factors
        scored: dict[str, Cell] = {} if factors is None else {
            "score": _rounded(factors.score, 4),
            "doubt_percent": _rounded(factors.doubt_percent, 2),
            "effect_per_cm2_per_percent": _rounded(factors.effect_per_cm2, 4),
            "disagreement": _rounded(factors.disagreement, 3),
            "reason": factors.reason,
        }  # fmt: skip
        return {
            **read_columns(self.read, self.image),
            "kind": self.kind.value,
            "hair_count": self.hair_count,
            "changed_percent": _rounded(self.changed_percent, 1),
            "added": made.added,
            "removed": made.removed,
            "rejected": made.rejected,
            "moved": made.moved,
            "units_regrouped": made.regrouped,
            "widths_set": made.widths_set,
            "field_changed": made.field_changed,
            "edits": 0 if time is None else time.edits,
            "seconds": None if time is None else round(time.seconds),
            "n_submitted": review.n_submitted,
            "decided_by": review.decided_by,
            "open_remarks": self.open_remarks,
            **scored,
        }


def queue_rows(study: Study, trail: Sequence[TrailRow]) -> tuple[ReadRow, ...]:
    """The reads that wait for a decision, worst first."""
    waiting = queue(study)
    factors = {each.read.id: each.factors for each in waiting}
    return _rows(study, trail, [each.read for each in waiting], factors)


def read_rows(study: Study, trail: Sequence[TrailRow], reads: Iterable[Read]) -> tuple[ReadRow, ...]:
    """Any reads of persons, in the order given, without their place in the queue."""
    return _rows(study, trail, reads, {})


def all_rows(study: Study, trail: Sequence[TrailRow]) -> tuple[ReadRow, ...]:
    """Every read of a person: those that wait for a decision first, worst first; then the others by image and id."""
    waiting = queue(study)
    factors = {each.read.id: each.factors for each in waiting}
    names = image_names(study)
    others = [read for read in study.reads.values() if read.editable and read.id not in factors]
    others.sort(key=lambda read: (names[read.image_id], read.id))
    return _rows(study, trail, [*(each.read for each in waiting), *others], factors)


def _rows(
    study: Study, trail: Sequence[TrailRow], reads: Iterable[Read], factors: dict[int, Factors]
) -> tuple[ReadRow, ...]:
    names, times = image_names(study), times_spent(study, trail)
    return tuple(
        ReadRow(
            read,
            names[read.image_id],
            kind_of(read),
            int(endpoints_of(study, read).hair_count),
            edits_made(study, read),
            times.get(read.id),
            len(open_remarks(study, read.id)),
            factors.get(read.id),
        )
        for read in reads
    )


def _rounded(value: float, digits: int) -> float | None:
    return None if math.isnan(value) else round(value, digits)


def edits_text(made: EditsMade) -> str:
    """What was edited, in words: `+4 −2, 3 rejected, 5 moved; 2 units regrouped`."""
    if not made.from_detection:
        return f"{made.added} drawn on a blank start"
    hairs = [
        f"+{made.added}" if made.added else "",
        f"−{made.removed}" if made.removed else "",
        f"{made.rejected} rejected" if made.rejected else "",
        f"{made.moved} moved" if made.moved else "",
    ]
    more = [
        f"{made.regrouped} units regrouped" if made.regrouped else "",
        f"{made.widths_set} widths set" if made.widths_set else "",
        "field changed" if made.field_changed else "",
    ]
    said = "; ".join(text for text in (", ".join(filter(None, hairs)), ", ".join(filter(None, more))) if text)
    return said or "nothing"


def time_text(time: TimeSpent | None) -> str:
    """Minutes and seconds; a dash where the trail tells of no edit."""
    if time is None:
        return "–"
    seconds = round(time.seconds)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}" if seconds >= 3600 else (
        f"{seconds // 60}:{seconds % 60:02d}"
    )  # fmt: skip


def changed_text(row: ReadRow) -> str:
    """How many of the detected hairs were changed; how many were drawn where the read began blank."""
    return f"{row.changed_percent:.1f} %" if row.made.hairs_detected else f"{row.made.added} drawn"
