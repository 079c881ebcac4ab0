"""The rows of the record: the audit trail with what it speaks of, work files that were merged included.

Cheap for 100,000 rows: what a change was from and to is told of one row when it is asked for (`record.differences`).
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate

from workstation.clock import utc_seconds
from workstation.counting import counted
from workstation.image_names import image_names
from workstation.model.field import Field
from workstation.model.package import Package
from workstation.model.patch import Kind
from workstation.model.read import Read, ReadState, Review
from workstation.model.study import Study
from workstation.storage.audit import AuditRow, row_of_text
from workstation.storage.codec import read_digest

CONTENT = frozenset({Kind.HAIR, Kind.UNIT, Kind.FIELD, Kind.SETTLEMENT})
"""What a read says."""
_KIND = re.compile(r'"kind":"([^"]+)"')
"""No text of a change matches it: a quotation mark in a text has a backslash before it."""
_DONE = {"do": "", "undo": "undo: ", "redo": "redo: "}
BEFORE_1_4 = ("reviewed", "adjudicated")
"""What a read's state was called when its reader held it to be right."""
_OF_READS = {Kind.READ: "id", Kind.REMARK: "read_id", Kind.SIGNATURE: "read_id"}
"""What a change of each kind names its read by."""
_SHOWN = 3
"""So many things are named; of more, how many there are."""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One change."""

    row: AuditRow
    kinds: tuple[str, ...]
    """What it is about: `hair`, `unit`, `review`, …"""
    image_id: int | None
    image: str
    """The image's name; empty where the change is about none, or about more than one."""
    reader: str
    """Whose read was changed; empty where none was."""
    package_id: str = ""
    """The work file that it was made in; empty: in the study itself."""
    package_reader: str = ""
    after_submission: bool = False
    """It changed what a read says that had been submitted before."""
    read_ids: frozenset[int] = frozenset()
    """The reads that it changed, brought in, remarked on or signed, as its own trail numbers them."""

    @property
    def what(self) -> str:
        """`Add hair`, `Undo: split hair`."""
        text = f"{_DONE.get(self.row.action, '')}{self.row.operation}"
        return text[:1].upper() + text[1:]

    @property
    def place(self) -> str:
        """Where in the trails it stands: `12`, or `3 of Bo's work file`."""
        return f"{self.row.seq} of {self.package_reader}’s work file" if self.package_id else str(self.row.seq)


@dataclass(frozen=True)
class Record:
    """All rows in the order in which things were done, and the study that they lead to."""

    study: Study
    rows: tuple[RecordRow, ...]

    @cached_property
    def head_sha256(self) -> str:
        """Hash of the last row of the study's own trail; empty where there is none."""
        return next((found.row.sha256 for found in reversed(self.rows) if not found.package_id), "")

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Of each row what a search looks through, in small letters."""
        return tuple(
            "\n".join(
                (f.what, f.row.target, f.row.user, f.image, f.reader, f.row.reason, f.row.utc, f.row.sha256)
            ).casefold()
            for f in self.rows
        )


def record_of(study: Study, trail: Sequence[AuditRow]) -> Record:
    """The record of a study.

    Args:
        study: as it is after the last row.
        trail: its audit trail, oldest first.

    Raises:
        ValueError: if the trail of a merged package is not in the form in which it was written.
    """
    names = image_names(study)
    in_study = {i: (read.image_id, read.reader) for i, read in study.reads.items()}
    own = list(_rows(trail, in_study, names))
    times = list(accumulate((found.row.utc for found in own), max))  # a clock that was set back moves nothing
    placed: dict[int, list[RecordRow]] = {}
    for package in study.packages.values():
        if package.returned is not None:
            rows = [row_of_text(text) for text in package.returned.rows]
            for found in _rows(rows, _in_package(study, package, rows), names, package):
                placed.setdefault(bisect_right(times, found.row.utc), []).append(found)
    for found_there in placed.values():
        found_there.sort(key=lambda found: found.row.utc)
    merged: list[RecordRow] = list(placed.get(0, ()))
    for number, found in enumerate(own, start=1):
        merged.append(found)
        merged += placed.get(number, ())
    return Record(study, tuple(merged))


Whereabouts = Mapping[int, tuple[int | None, str]]
"""By read: its image's id in the study, and its reader."""


def _rows(
    trail: Sequence[AuditRow], reads: Whereabouts, names: Mapping[int, str], package: Package | None = None
) -> Iterator[RecordRow]:
    submitted: set[int] = set()
    whence = ("", "") if package is None else (package.id, package.reader)
    for row in trail:
        kinds = tuple(dict.fromkeys(_KIND.findall(row.changes)))
        read_id = row.read_id
        was_submitted = read_id in submitted
        changed = was_submitted and not CONTENT.isdisjoint(kinds)
        if read_id is not None and Kind.REVIEW in kinds:
            submits, comments = _of_review(row)
            changed = changed or (was_submitted and comments)
            if submits:
                submitted.add(read_id)
        about = read_id if read_id is not None else _only(row, Kind.READ) if Kind.READ in kinds else None
        image_id, reader = reads.get(about or 0, (None, ""))
        if image_id is None and Kind.IMAGE in kinds:
            image_id = _only(row, Kind.IMAGE)
        image = names.get(image_id or 0, "")
        yield RecordRow(row, kinds, image_id, image, reader, *whence, changed, _reads_of(row, kinds))


def _in_package(study: Study, package: Package, trail: Sequence[AuditRow]) -> Whereabouts:
    """Of the reads of a work file: of one that began from a detection its row tells the picture; of a blank one, the
    moment when it began, which came into the study with it, and where several began in that, the digest.
    """
    images = {item.package_image_id: item.image_id for item in package.items}
    begun: dict[str, list[Read]] = {}
    for read in study.reads.values():
        if read.package == package.id:
            begun.setdefault(read.created_utc, []).append(read)
    reads: dict[int, tuple[int | None, str]] = {}
    for row in trail:
        for change in json.loads(row.changes) if f'"kind":"{Kind.READ}"' in row.changes else ():
            if change["kind"] == Kind.READ:
                after = change["after"] or {}
                known = images.get(after.get("read", {}).get("image_id", 0))
                if known is None:
                    possible = [read for utc in _seconds(row.utc) for read in begun.get(utc, ())]
                    known = _begun_image(study, package, change["id"], after.get("read_sha256", ""), possible)
                reads[change["id"]] = known, package.reader
    return reads


def _begun_image(study: Study, package: Package, read_id: int, digest: str, possible: Sequence[Read]) -> int | None:
    """Which image a read of a work file is of, of those that reads which began then are of."""
    found = {read.image_id for read in possible}
    if len(found) < 2:
        return next(iter(found), None)
    numbers = {(item.image_id, item.repeat): item.package_image_id for item in package.items}
    for read in possible:
        image, number = study.images[read.image_id], numbers[read.image_id, read.repeat]
        whole = Field.whole_image(image.width_px, image.height_px)
        blank = Read(read_id, number, read.reader, read.created_utc, Review(ReadState.IN_REVIEW), whole)
        if read_digest(blank) == digest:
            return read.image_id
    return None


def _seconds(utc: str) -> tuple[str, str]:
    """The second in which a row was written, and the one before: its read may have begun at the end of that."""
    moment = datetime.fromisoformat(utc)
    return utc_seconds(moment), utc_seconds(moment - timedelta(seconds=1))


def _reads_of(row: AuditRow, kinds: Sequence[str]) -> frozenset[int]:
    found = set() if row.read_id is None else {row.read_id}
    if not _OF_READS.keys().isdisjoint(kinds):
        for change in json.loads(row.changes):
            if (name := _OF_READS.get(change["kind"])) is not None:
                found.add(change["id"] if name == "id" else (change["after"] or change["before"])[name])
    return frozenset(found)


def _only(row: AuditRow, kind: Kind) -> int | None:
    """What a row changes of a kind, where that is one thing."""
    ids = [change["id"] for change in json.loads(row.changes) if change["kind"] == kind]
    return int(ids[0]) if len(ids) == 1 else None


def _of_review(row: AuditRow) -> tuple[bool, bool]:
    """Whether a row submitted its read, and whether it changed the comment."""
    before, after = next((c["before"], c["after"]) for c in json.loads(row.changes) if c["kind"] == Kind.REVIEW)
    submitted = after.get("n_submitted", 0) > 0 or after["state"] in BEFORE_1_4
    return submitted, before.get("comment") != after.get("comment")


def about(found: RecordRow) -> str:
    """What was changed, in a few words: `hair 27, unit 12`, or `148 hairs`."""
    row = found.row
    if row.target == Kind.REVIEW:
        return "state and comment"
    if row.target.count(",") < _SHOWN and "changes:" not in row.target:
        return row.target
    ids = _KIND.findall(row.changes)
    return ", ".join(counted(ids.count(kind), kind) for kind in found.kinds)
