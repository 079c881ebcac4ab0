"""Which rows of the record are looked at."""

from dataclasses import dataclass

from workstation.model.patch import Kind
from workstation.record.rows import Record, RecordRow

GROUPS: dict[str, frozenset[str]] = {
    "hairs and units": frozenset({Kind.HAIR, Kind.UNIT}),
    "field": frozenset({Kind.FIELD}),
    "reads and states": frozenset({Kind.READ, Kind.REVIEW}),
    "third reads": frozenset({Kind.SETTLEMENT}),
    "remarks": frozenset({Kind.REMARK}),
    "signatures": frozenset({Kind.SIGNATURE}),
    "work files": frozenset({Kind.PACKAGE}),
    "matching": frozenset({Kind.PAIR, Kind.REGISTRATION, Kind.LANDMARK, Kind.DECISION}),
    "images and scale": frozenset({Kind.IMAGE}),
    "subjects and visits": frozenset({Kind.SUBJECT, Kind.VISIT}),
    "answers and events": frozenset({Kind.QUESTIONNAIRE, Kind.RESPONSE, Kind.EVENT}),
    "people and rules": frozenset({Kind.PERSON, Kind.READING, Kind.RULES, Kind.CUTOFFS, Kind.PLAN}),
    "the study": frozenset({Kind.STUDY}),
}
"""Kinds of changes as people look for them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row must be; what is empty leaves all rows in."""

    by: str = ""
    """Who made the change."""
    reader: str = ""
    """Whose read it is of."""
    image_id: int | None = None
    read_id: int | None = None
    """In the study; work files number theirs otherwise. What brought the read in, remarks and signatures are of it."""
    group: str = ""
    """One of `GROUPS`."""
    since_utc: str = ""
    """From this time on, ISO 8601, be it a day alone."""
    until_utc: str = ""
    """Up to this time; a day alone is meant with all of it."""
    text: str = ""
    """Every word of it is in what the row says, whatever its capitals."""
    after_submission: bool = False
    """Only what changed a read that had been submitted before."""

    @property
    def everything(self) -> bool:
        """Whether it leaves all rows in."""
        return self == Wanted()


def matching(record: Record, wanted: Wanted) -> list[int]:
    """The places in the record of the rows that are wanted, in order."""
    if wanted.everything:
        return list(range(len(record.rows)))
    kinds = GROUPS.get(wanted.group, frozenset())
    found = [i for i, row in enumerate(record.rows) if _is_wanted(row, wanted, kinds)]
    if words := wanted.text.casefold().split():
        texts = record.texts
        found = [i for i in found if all(word in texts[i] for word in words)]
    return found


def _is_wanted(found: RecordRow, wanted: Wanted, kinds: frozenset[str]) -> bool:
    row = found.row
    return not (
        (wanted.by and row.user != wanted.by)
        or (wanted.reader and found.reader != wanted.reader)
        or (wanted.image_id is not None and found.image_id != wanted.image_id)
        or (wanted.read_id is not None and (wanted.read_id not in found.read_ids or found.package_id))
        or (kinds and kinds.isdisjoint(found.kinds))
        or (wanted.after_submission and not found.after_submission)
        or (wanted.since_utc and row.utc < wanted.since_utc)
        or (wanted.until_utc and row.utc[: len(wanted.until_utc.rstrip("Z"))] > wanted.until_utc.rstrip("Z"))
    )
