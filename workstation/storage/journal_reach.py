"""How far the edits of each study file reach, noted beside the journal after every commit.

SQLite takes a damaged write-ahead log for one that was cut by a power failure, and goes on in silence without the edits
behind the damage. This note, of one row and apart from the log, tells that they were there. It is written after the
edit is on disk, so that it never speaks of one that was not committed; a note that is damaged itself is passed over.
"""

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from workstation.storage.atomic import sync_folder
from workstation.storage.audit import AuditRow
from workstation.storage.codec import sha256_hex

_BLOCK = 512
"""Notes are as long as disks write at once."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The last edit that was committed in a study file."""

    path: str
    seq: int
    utc: str
    sha256: str
    """Of its audit row."""


def note(journal: Path, path: str, row: AuditRow) -> None:
    """Write down that an edit was committed. A disk that refuses the note has the edit all the same."""
    reach = Reach(path, row.seq, row.utc, row.sha256)
    text = json.dumps({**asdict(reach), "check": _check(reach)}).encode()
    data = text.ljust(-(-len(text) // _BLOCK) * _BLOCK)
    place = _place(journal, path)
    with contextlib.suppress(OSError):
        is_new = not place.exists()
        descriptor = os.open(place, os.O_CREAT | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
        try:
            os.write(descriptor, data)
            os.ftruncate(descriptor, len(data))
            getattr(os, "fdatasync", os.fsync)(descriptor)
        finally:
            os.close(descriptor)
        if is_new:
            sync_folder(place.parent)


def reaches(journal: Path) -> list[Reach]:
    """What was noted of all files with this study."""
    found: list[Reach] = []
    for file in sorted(journal.parent.glob(f"{_study_id(journal)}.*.reach")):
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            values = json.loads(file.read_bytes())
            check = values.pop("check")
            reach = Reach(**values)
            if _check(reach) == check:
                found.append(reach)
    return found


def forget(journal: Path, path: str) -> None:
    """Speak no more of what is missing in a file."""
    with contextlib.suppress(OSError):
        _place(journal, path).unlink(missing_ok=True)


def _place(journal: Path, path: str) -> Path:
    key = hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return journal.with_name(f"{_study_id(journal)}.{key}.reach")


def _study_id(journal: Path) -> str:
    return journal.name.partition(".")[0]


def _check(reach: Reach) -> str:
    return sha256_hex(json.dumps(asdict(reach), sort_keys=True).encode())
