"""The first row of the audit trail: who made the study, when, and with what.

What a study holds from the start (subjects, visits, images, and the reads that came with them) is in no edit. The row
binds it by one SHA-256, and the chain binds the row. Files of format 1.3 and before have no such row.
"""

from collections.abc import Iterable
from typing import Any

from workstation.entry import Action, Entry
from workstation.model.creation import Creation
from workstation.model.pair import Pair
from workstation.model.patch import Change, Kind, Patch
from workstation.model.study import Study
from workstation.storage.audit import AuditRow, genesis, row_of
from workstation.storage.codec import canonical, plain, read_digest, sha256_hex
from workstation.storage.record_codec import plain_fields

CREATED = "create study"
"""The operation."""
_SINGLES = ("cutoffs", "rules", "plan", "reading")
_TABLES = (
    "subjects", "visits", "images", "questionnaires", "responses", "events", "people", "remarks", "signatures",
    "packages",
)  # fmt: skip


def creation_row(study: Study, user: str, utc: str) -> AuditRow:
    """The row that a new study's trail begins with.

    Args:
        study: all that the file will hold.
        user: who makes it.
        utc: now, ISO 8601.
    """
    patch = Patch(CREATED, None, (Change(Kind.STUDY, 0, None, creation_of(study)),))
    row, _ = row_of(Entry(1, utc, user, Action.DO, patch), genesis(study.id))
    return row


def created_with(entry: Entry) -> Creation | None:
    """What a study was made with, if that is what an entry tells."""
    found = (change.after for change in entry.patch.changes)
    return next((value for value in found if isinstance(value, Creation)), None)


def creation_of(study: Study) -> Creation:
    """All that a study holds as one hash.

    The hash is over canonical JSON, in which every number is written as a float, as a file gives it back; what a study
    has none of is left out, so that kinds of content that are added later change no hash. Ids that come next are no
    part of it.
    """
    parts: dict[str, object] = {
        "id": study.id,
        "created_utc": study.created_utc,
        **{name: plain(getattr(study, name)) for name in _SINGLES},
        **{name: [plain(table[key]) for key in sorted(table)] for name in _TABLES if (table := getattr(study, name))},
    }
    if study.reads:
        parts["reads"] = [read_digest(study.reads[i]) for i in sorted(study.reads)]
    if study.pairs:
        parts["pairs"] = [_plain_pair(study.pairs[i]) for i in sorted(study.pairs)]
    if study.blinding is not None:
        parts["blinding"] = plain_fields(study.blinding)
    digest = sha256_hex(canonical(_floats(parts)).encode())
    return Creation(digest, len(study.subjects), len(study.visits), len(study.images), len(study.reads))


def _plain_pair(pair: Pair) -> dict[str, object]:
    return plain(pair) | {
        "registration": None if pair.registration is None else plain(pair.registration),
        "landmarks": _listed(pair.landmarks[i] for i in sorted(pair.landmarks)),
        "decisions": _listed(pair.decisions[i] for i in sorted(pair.decisions)),
    }


def _listed(values: Iterable[Any]) -> list[object]:
    return [plain(value) for value in values]


def _floats(value: Any) -> Any:
    match value:
        case dict():
            return {key: _floats(item) for key, item in value.items()}
        case list() | tuple():
            return [_floats(item) for item in value]
        case int() if not isinstance(value, bool):
            return float(value)
    return value
