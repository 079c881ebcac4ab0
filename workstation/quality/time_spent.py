"""How long somebody worked on a read, by the moments of the edits in the audit trail.

The time between one edit of a reader in a read and the next counts, each at most two minutes, if the reader edited
nothing else in between. It is thus a lower bound of the time spent: looking at an image before its first edit and after
its last, and thinking for longer than two minutes, are not in it, and an image that needs no edit takes no time. It
says how the work was spread, and is no measure of diligence.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from workstation.model.package import Package
from workstation.model.study import Study

LONGEST_GAP_S = 120.0
LATEST_START_S = 3.0


@dataclass(frozen=True, slots=True)
class Moment:
    """An edit as far as it matters here."""

    utc: str
    user: str
    read_id: int | None
    """The read that was edited, or began; None for any other edit."""


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """What the trail tells of the work on one read."""

    seconds: float = 0.0
    edits: int = 0
    first_utc: str = ""
    last_utc: str = ""


class TrailRow(Protocol):
    """A row of the audit trail: `workstation.storage.audit.AuditRow`."""

    @property
    def utc(self) -> str:
        """ISO 8601, UTC."""

    @property
    def user(self) -> str:
        """Who edited."""

    @property
    def read_id(self) -> int | None:
        """In which read."""

    @property
    def changes(self) -> str:
        """JSON."""


def times_spent(study: Study, trail: Sequence[TrailRow]) -> Mapping[int, TimeSpent]:
    """The time that each reader spent on each read of theirs, by read; one that nobody edited is not there.

    Reads that came back in a package were made in its work file: the trail that came with it counts for them.

    Args:
        study: the study.
        trail: its audit trail, oldest first.
    """
    readers = {read.id: read.reader for read in study.reads.values() if read.editable}
    found = dict(spent(moments_of(trail), readers))
    for package in study.packages.values():
        found.update(_in_package(study, package))
    return found


def spent(moments: Iterable[Moment], readers: Mapping[int, str]) -> Mapping[int, TimeSpent]:
    """The same of edits in the order of their doing.

    Args:
        moments: of one study or work file.
        readers: by read, whose edits in it count.
    """
    latest: dict[str, Moment] = {}
    found: dict[int, TimeSpent] = {}
    for moment in moments:
        before = latest.get(moment.user)
        latest[moment.user] = moment
        read_id = moment.read_id
        if read_id is None or readers.get(read_id) != moment.user:
            continue
        so_far = found.get(read_id, TimeSpent(first_utc=moment.utc))
        gap = 0.0 if before is None or before.read_id != read_id else _seconds_between(before.utc, moment.utc)
        found[read_id] = TimeSpent(
            so_far.seconds + min(max(gap, 0.0), LONGEST_GAP_S), so_far.edits + 1, so_far.first_utc, moment.utc
        )
    return found


def moments_of(trail: Iterable[TrailRow]) -> list[Moment]:
    """The rows of a trail as moments."""
    return [Moment(row.utc, row.user, row.read_id or _begun(row.changes)) for row in trail]


def _begun(changes: str) -> int | None:
    """The one read that begins in a row."""
    begun = _reads_in(changes)
    return begun[0]["id"] if len(begun) == 1 else None


def _reads_in(changes: str) -> list[dict[str, Any]]:
    """The changes of a row that bring a read; no other row is parsed."""
    if '"kind":"read"' not in changes:
        return []
    return [change for change in json.loads(changes) if change["kind"] == "read"]


def _in_package(study: Study, package: Package) -> Iterator[tuple[int, TimeSpent]]:
    """Of the reads that came in a package, by their ids in the study; the trail has those of the work file."""
    if package.returned is None:
        return
    rows: list[dict[str, Any]] = [json.loads(row) for row in package.returned.rows]
    begun = [_Begun.of(change, row["utc"]) for row in rows for change in _reads_in(row["changes"])]
    moments = [Moment(row["utc"], row["user"], row["read_id"] or _begun(row["changes"])) for row in rows]
    in_file = spent(moments, {one.file_id: package.reader for one in begun})
    pictures = {(item.image_id, item.repeat): item.package_image_id for item in package.items}
    for read in study.reads.values():
        if read.package == package.id:
            picture = pictures.get((read.image_id, read.repeat))
            fits = [one for one in begun if one.fits(picture, read.created_utc)]
            if fits and fits[-1].file_id in in_file:
                yield read.id, in_file[fits[-1].file_id]


@dataclass(frozen=True, slots=True)
class _Begun:
    """A read that began in a work file."""

    file_id: int
    utc: str
    picture: int | None
    """The image in the work file; None where the row names the read by its digest alone, as it does a blank one."""

    @classmethod
    def of(cls, change: Mapping[str, Any], utc: str) -> "_Begun":
        return cls(change["id"], utc, (change["after"] or {}).get("read", {}).get("image_id"))

    def fits(self, picture: int | None, created_utc: str) -> bool:
        """Whether a read that was made then is this one: the edit that brings a read is of the moment after."""
        later = _seconds_between(created_utc, self.utc)
        return 0 <= later < LATEST_START_S and self.picture in (None, picture)


def _seconds_between(before: str, after: str) -> float:
    return (datetime.fromisoformat(after) - datetime.fromisoformat(before)).total_seconds()
