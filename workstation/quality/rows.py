"""Reads as rows of a table: how far each has come, what was edited in it, how long that took, where it stands."""

import math
from collections.abc import Iterable, Mapping, Sequence

from workstation.edits.remarks import open_remarks
from workstation.endpoints import Cell, endpoints_of, read_columns
from workstation.image_names import image_names
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.quality.edits_made import edits_made
from workstation.quality.queue import Waiting, kind_of, queue
from workstation.quality.time_spent import TimeSpent, TrailRow, times_spent


def queue_rows(study: Study, trail: Sequence[TrailRow]) -> list[dict[str, Cell]]:
    """The reads that wait for a decision, worst first, with their score and what it is made of."""
    times = times_spent(study, trail)
    return [
        _row(study, waiting.read, waiting.image, times.get(waiting.read.id)) | _scored(waiting)
        for waiting in queue(study)
    ]


def read_rows(study: Study, trail: Sequence[TrailRow], reads: Iterable[Read]) -> list[dict[str, Cell]]:
    """Any reads of persons, in the order given."""
    names, times = image_names(study), times_spent(study, trail)
    return [_row(study, read, names[read.image_id], times.get(read.id)) for read in reads]


def _row(study: Study, read: Read, image: str, time: TimeSpent | None) -> dict[str, Cell]:
    made, nothing = edits_made(study, read), math.nan
    percent = made.percent(made.hairs_changed) if made.from_detection else nothing
    return {
        **read_columns(read, image),
        "kind": kind_of(read).value,
        "hair_count": int(endpoints_of(study, read).hair_count),
        "changed_percent": _known(percent, 1),
        "added": made.added,
        "removed": made.removed,
        "rejected": made.rejected,
        "moved": made.moved,
        "units_regrouped": made.regrouped,
        "widths_set": made.widths_set,
        "field_changed": made.field_changed,
        "edits": 0 if time is None else time.edits,
        "seconds": None if time is None else round(time.seconds),
        "n_submitted": read.review.n_submitted,
        "decided_by": read.review.decided_by,
        "open_remarks": len(open_remarks(study, read.id)),
    }


def _scored(waiting: Waiting) -> Mapping[str, Cell]:
    factors = waiting.factors
    return {
        "score": _known(factors.score, 4),
        "doubt_percent": _known(factors.doubt_percent, 2),
        "effect_per_cm2_per_percent": _known(factors.effect_per_cm2, 4),
        "disagreement": _known(factors.disagreement, 3),
        "reason": factors.reason,
    }


def _known(value: float, digits: int) -> float | None:
    return None if math.isnan(value) else round(value, digits)
