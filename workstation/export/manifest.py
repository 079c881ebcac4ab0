"""`export.json`: what lies in a folder of exports, and which state of the study each of them was made from.

One entry for each format that was exported there; exporting a format again replaces its entry. `docs/export.md`
describes the file.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workstation.errors import UserFacingError
from workstation.export.state import ExportState, staleness
from workstation.storage.atomic import replacing

FILE_NAME = "export.json"
_FORMAT = "trichodesk export"
_VERSION = 1
_MAX_BYTES = 64 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One export: what it was made from, and its files."""

    format: str
    state: ExportState
    files: Mapping[str, str]
    """SHA-256 of each file by its name; all lie in the folder itself."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How one export compares with the study as it is, and with its files as they were."""

    entry: Entry
    stale: str
    """Why it is not what would be made now, as a clause; empty where it is."""
    changed: tuple[str, ...]
    """Files that are not as they were written."""
    missing: tuple[str, ...]

    @property
    def up_to_date(self) -> bool:
        """Whether exporting again would give the same."""
        return not (self.stale or self.changed or self.missing)

    @property
    def text(self) -> str:
        """All of it as a clause: `up to date`, or what is wrong."""
        found = [self.stale] if self.stale else []
        if self.changed:
            found.append(f"{_listed(self.changed)} {'was' if len(self.changed) == 1 else 'were'} changed since")
        if self.missing:
            found.append(f"{_listed(self.missing)} {'is' if len(self.missing) == 1 else 'are'} missing")
        return "; ".join(found) or "up to date"


def read_entries(folder: Path) -> tuple[Entry, ...]:
    """What was exported into a folder; nothing where it has no `export.json`.

    Raises:
        UserFacingError: if that cannot be read or makes no sense.
    """
    path = folder / FILE_NAME
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ValueError("it is too large")
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != _FORMAT or content["version"] != _VERSION:
            raise ValueError("it is of another program or version")
        return tuple(_entry(found) for found in content["exports"])
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise UserFacingError(
            f"it cannot be read ({error.strerror})", file=path, remedy="Ask for permission to read it."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserFacingError(
            f"it does not say what was exported here ({error})", file=path, remedy="Remove it and export again."
        ) from error


def replaced(before: Sequence[Entry], now: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries of a folder after an export: those of other formats stay, as far as their files do."""
    formats = {entry.format for entry in now}
    written = {name for entry in now for name in entry.files}
    kept = [
        Entry(entry.format, entry.state, {name: sha for name, sha in entry.files.items() if name not in written})
        for entry in before
        if entry.format not in formats
    ]
    return (*(entry for entry in kept if entry.files), *now)


def left_over(folder: Path, before: Sequence[Entry], now: Sequence[Entry]) -> list[Path]:
    """Files of an earlier export of the same formats and study that the new one has no more, and nobody touched."""
    formats = {entry.format: entry.state.study_id for entry in now}
    written = {name for entry in (*now, *(e for e in before if e.format not in formats)) for name in entry.files}
    return [
        folder / name
        for entry in before
        if formats.get(entry.format) == entry.state.study_id
        for name, sha256 in entry.files.items()
        if name not in written and sha256_of(folder / name) == sha256
    ]


def write_entries(path: Path, entries: Sequence[Entry]) -> None:
    """Write the file.

    Raises:
        OSError: if it cannot be written.
    """
    exports = [
        {
            "format": entry.format,
            "state": entry.state.as_dict(),
            "files": [{"name": name, "sha256": sha256} for name, sha256 in entry.files.items()],
        }
        for entry in entries
    ]
    content = {"format": _FORMAT, "version": _VERSION, "exports": exports}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def entries_before(folder: Path) -> tuple[Entry, ...]:
    """What was exported into a folder, as far as that can be read: what cannot is replaced."""
    try:
        return read_entries(folder)
    except UserFacingError:
        return ()


def record(folder: Path, format: str, state: ExportState, files: Sequence[Path]) -> None:
    """Note in `export.json` what was written into a folder by other means: pictures, a report.

    Args:
        folder: where the files lie.
        format: what they are, in a word; an earlier entry of it is replaced.
        state: what they were made from.
        files: the files.

    Raises:
        UserFacingError: if it cannot be written.
    """
    now = Entry(format, state, {path.name: sha256_of(path) or "" for path in files})
    with replacing(folder / FILE_NAME) as temporary:
        write_entries(temporary, replaced(entries_before(folder), [now]))


def check_export(folder: Path, now: ExportState) -> tuple[Checked, ...]:
    """How the exports of a folder compare with a study, in the order in which they were made.

    Raises:
        UserFacingError: if there are none, or `export.json` makes no sense.
    """
    entries = read_entries(folder)
    if not entries:
        raise UserFacingError(
            f"there is no {FILE_NAME} that says what was exported here", file=folder, remedy="Export into it first."
        )
    return tuple(_checked(folder, entry, now) for entry in entries)


def sha256_of(path: Path) -> str | None:
    """Of a file's bytes; None where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _checked(folder: Path, entry: Entry, now: ExportState) -> Checked:
    found = {name: sha256_of(folder / name) for name in entry.files}
    return Checked(
        entry,
        staleness(entry.state, now),
        changed=tuple(name for name, sha256 in found.items() if sha256 not in (None, entry.files[name])),
        missing=tuple(name for name, sha256 in found.items() if sha256 is None),
    )


def _entry(found: Mapping[str, Any]) -> Entry:
    files = {str(file["name"]): str(file["sha256"]) for file in found["files"]}
    for name, sha256 in files.items():
        # on the word of such a file nothing outside the folder is ever read or removed
        if name in ("", ".", "..") or "/" in name or "\\" in name or not _SHA256.fullmatch(sha256):
            raise ValueError(f"{name!r} is no file of it")
    return Entry(str(found["format"]), ExportState.from_dict(found["state"]), files)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more files" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"
