"""When reads were made: their places in the order of reading, and their days."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workstation.model.read import Read
from workstation.model.study import Study

SECONDS = 86400.0


@dataclass(frozen=True, slots=True)
class Times:
    """Of all reads of people."""

    places: Mapping[int, int]
    """From 1, in the order in which a reader began the reads, by read."""
    days: Mapping[int, float]
    """Since the study's first read, by read; none where the time cannot be told."""

    def of(self, first: Read, second: Read) -> tuple[float, float]:
        """Mean place and mean day of two reads; NaN where the time of one is not known."""
        place = (self.places[first.id] + self.places[second.id]) / 2
        if first.id not in self.days or second.id not in self.days:
            return place, math.nan
        return place, (self.days[first.id] + self.days[second.id]) / 2


def times_of(study: Study) -> Times:
    """When the reads of a study were begun."""
    begun = {read.id: _seconds(read.created_utc) for read in study.reads.values() if read.editable}
    of_reader: dict[str, list[int]] = defaultdict(list)
    for read_id in sorted(begun, key=lambda i: (study.reads[i].created_utc, i)):
        of_reader[study.reads[read_id].reader].append(read_id)
    known = {read_id: seconds for read_id, seconds in begun.items() if seconds is not None}
    start = min(known.values(), default=0.0)
    return Times(
        {read_id: place for ids in of_reader.values() for place, read_id in enumerate(ids, 1)},
        {read_id: (seconds - start) / SECONDS for read_id, seconds in known.items()},
    )


def _seconds(utc: str) -> float | None:
    try:
        return datetime.fromisoformat(utc).timestamp()
    except ValueError:
        return None
