"""Reading a study file: inspected first, then read whole, its digests compared, and only then believed."""

import errno
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import h5py

from workstation.errors import UserFacingError
from workstation.model.study import Study
from workstation.storage import schema
from workstation.storage.atomic import backup_paths
from workstation.storage.audit import AuditRow, genesis
from workstation.storage.content import Content, FileState
from workstation.storage.digest import content_digest, group_digest
from workstation.storage.inspection import FoundColumn, inspect, root_attribute
from workstation.storage.rebuilding import rebuild
from workstation.storage.strangers import meet
from workstation.storage.tables import NO_ID, Array, Columns, Group, array_of

SIGNATURE = b"\x89HDF\r\n\x1a\n"
LOOKED_FOR_BACKUPS = 9
BAD_HDF5 = (OSError, RuntimeError, KeyError, ValueError, TypeError, MemoryError, OverflowError)
"""What h5py raises on a damaged file."""


@dataclass(frozen=True)
class StudyFile:
    """A study as it stands in a file."""

    study: Study
    audit_rows: tuple[AuditRow, ...]
    state: FileState
    saved_utc: str
    from_newer: str
    """The file's version where it is a newer minor one, parts of which were not read; else empty."""
    endpoints: Columns
    """The endpoint table as the program that saved the file wrote it; nothing says that its values are right."""


def read_study(path: Path) -> StudyFile:
    """A study, checked against the digests in its file.

    Raises:
        UserFacingError: if the file is missing, not a study, damaged, of a newer major version, or has parts that a
            study file must not have.
    """
    content, newer = read_content(path)
    with _making_sense(path):
        study, rows, state = rebuild(content), audit_rows(content), content.state
    endpoints = content.groups[schema.ENDPOINTS]
    return StudyFile(study, rows, state, str(content.attributes["saved_utc"]), newer, endpoints)


def read_content(path: Path) -> tuple[Content, str]:
    """All columns of a study file, checked against its digests, and its version where that is a newer minor one.

    Raises:
        UserFacingError: as `read_study`.
    """
    with opened(path) as file:
        minor = _minor_version(file, path)
        attributes = _attributes(file, minor, path)
        columns = inspect(file, path)
        groups, digests = _read_and_digested(file, columns)
    with _making_sense(path):
        content = Content(attributes, groups)
        _compare_digests(content, digests, path)
        newer = str(attributes["format_version"]) if minor > schema.MINOR else ""
        attributes = {name: v for name, v in attributes.items() if schema.ADDED_ATTRIBUTES.get(name, 0) <= minor}
        return Content(attributes, _known_groups(content, minor, path)), newer


def _read_and_digested(file: h5py.File, columns: list[FoundColumn]) -> tuple[dict[str, Columns], dict[str, str]]:
    """All tables and their digests, each taken while the next one is read."""
    groups: dict[str, dict[str, Array]] = {name: {} for name in file if name != schema.IMAGE_FILES}
    digests: dict[str, Future[str]] = {}
    with ThreadPoolExecutor(1) as other:
        for name, group in groups.items():
            for column in columns:
                if column.group == name:
                    group[column.name] = column.dataset[:]
            digests[name] = other.submit(group_digest, group)
        return dict(groups), {name: digest.result() for name, digest in digests.items()}


def read_state(path: Path) -> FileState:
    """Which state of which study a file holds, from its attributes alone.

    Raises:
        UserFacingError: if the file cannot be opened or is not a study.
    """
    with opened(path) as file:
        _minor_version(file, path)
        names = ("study_id", "revision", "audit_sha256", "content_sha256")
        return Content({name: root_attribute(file, name, path) for name in names}, {}).state


def read_image_file(path: Path, image_id: int) -> bytes:
    """The bytes of an embedded image; whether they are what was imported, its record's SHA-256 says.

    Raises:
        UserFacingError: if the file cannot be read or does not hold the image.
    """
    with image_files(path) as files:
        if image_id in files:
            return files[image_id]()
    raise damaged(path, f"the embedded image {image_id} is missing")


@contextmanager
def image_files(path: Path) -> Iterator[Mapping[int, Callable[[], bytes]]]:
    """The embedded images of a study file by their numbers, each as what reads its bytes; for all of them at once.

    Raises:
        UserFacingError: if the file cannot be read; so does reading one.
    """
    with opened(path) as file:
        columns = [c for c in inspect(file, path) if c.group == schema.IMAGE_FILES and c.name.isdecimal()]
        yield {int(c.name): partial(_image_bytes, c, path) for c in columns}


def _image_bytes(column: FoundColumn, path: Path) -> bytes:
    try:
        data: bytes = column.dataset[:].tobytes()
    except BAD_HDF5 as error:
        raise _hdf5_says(error, path) from error
    return data


def damaged(path: Path, what: str) -> UserFacingError:
    """A file that cannot be read, and the newest backup of it that there is."""
    backup = next((b for b in backup_paths(path, LOOKED_FOR_BACKUPS) if b.is_file()), None)
    remedy = "Get it again from where it came from, or from your own copy."
    if backup is not None:
        remedy = f"Its last state but one is in {backup.name}: copy that under another name ending in .h5 and open it."
    return UserFacingError(f"the study file is damaged ({what})", file=path, remedy=remedy)


@contextmanager
def opened(path: Path) -> Iterator[h5py.File]:
    """A study file, open for reading, with every error of HDF5 said clearly.

    Raises:
        UserFacingError: if it is missing, a folder, empty, no HDF5 file, or damaged.
    """
    _check_is_hdf5(path)
    try:
        meet(path)
        # other programs may have the file open: it is never changed in place, so a lock would only be in the way
        with h5py.File(path, "r", locking=False) as file:
            yield file
    except BAD_HDF5 as error:
        raise _hdf5_says(error, path) from error


def _hdf5_says(error: Exception, path: Path) -> UserFacingError:
    return damaged(path, f"HDF5 says: {str(error).splitlines()[0][:120]}")


@contextmanager
def _making_sense(path: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise damaged(path, f"its content makes no sense: {str(error)[:120]}") from error


def _check_is_hdf5(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(len(SIGNATURE))
    except FileNotFoundError as error:
        raise UserFacingError("there is no such file", file=path, remedy="Check the name and the folder.") from error
    except IsADirectoryError as error:
        raise UserFacingError("this is a folder, not a study", file=path, remedy="Name the .h5 file in it.") from error
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM):
            remedy = "Ask its owner for permission to read it."
            raise UserFacingError("you may not read this file", file=path, remedy=remedy) from error
        raise UserFacingError(f"the file cannot be read ({error.strerror})", file=path, remedy="Try again.") from error
    if not start:
        raise damaged(path, "it is empty")
    if start != SIGNATURE:
        raise UserFacingError("this is not a study file", file=path, remedy="Choose an .h5 file made by trichodesk.")


def _attributes(file: h5py.File, minor: int, path: Path) -> dict[str, str | int | float]:
    """All root attributes: unknown ones count in the digest of a newer file."""
    due = [name for name in schema.ROOT_ATTRIBUTES if schema.ADDED_ATTRIBUTES.get(name, 0) <= minor]
    found = sorted(file.attrs) if len(file.attrs) <= 2 * len(schema.ROOT_ATTRIBUTES) else []
    return {name: root_attribute(file, name, path) for name in dict.fromkeys([*due, *found])}


def _minor_version(file: h5py.File, path: Path) -> int:
    if not h5py.h5a.exists(file.id, b"format") or root_attribute(file, "format", path) != schema.FORMAT:
        raise UserFacingError("this is not a study file", file=path, remedy="Choose an .h5 file made by trichodesk.")
    version = str(root_attribute(file, "format_version", path))
    major, _, minor = version.partition(".")
    if not (major.isdecimal() and minor.isdecimal()):
        raise damaged(path, f"its version is {version!r}")
    if int(major) > schema.MAJOR:
        by = root_attribute(file, "software_version", path)
        raise UserFacingError(
            f"the file has format {version}, which this program does not know (it knows {schema.MAJOR}.x)",
            file=path,
            remedy=f"Install trichodesk {by} or newer.",
        )
    if int(major) < schema.MAJOR:
        raise damaged(path, f"its version is {version!r}, which never was")
    return int(minor)


def _compare_digests(content: Content, digests: Mapping[str, str], path: Path) -> None:
    """Name the first group that is not what was saved."""
    manifest = content.groups.get("manifest", {})
    if set(manifest) != {"group", "sha256"}:
        raise damaged(path, "its list of checksums is missing")
    said = dict(zip(texts(manifest["group"]), texts(manifest["sha256"]), strict=True))
    for name, digest in digests.items():
        if name != "manifest" and said.get(name) != digest:
            raise damaged(path, f"the checksum of the table /{name} does not hold")
    if missing := said.keys() - content.groups.keys():
        raise damaged(path, f"the table /{min(missing)} is missing")
    if content.attributes["content_sha256"] != content_digest(content.attributes, said):
        raise damaged(path, "the checksum of the whole does not hold")


def _known_groups(content: Content, minor: int, path: Path) -> dict[str, Columns]:
    """The columns that this program knows, each as long as the others of its table.

    More of them are there only in a newer version; those that came with a later one are empty in an older file.
    """
    known = {group.name: _known_columns(content, group, minor, path) for group in schema.GROUPS.values()}
    due = {group.name for group in schema.GROUPS.values() if group.since <= minor}
    strange = content.groups.keys() - due - {"manifest", schema.ENDPOINTS}
    if strange and minor <= schema.MINOR:
        raise damaged(path, f"/{min(strange)} does not belong there")
    return known | {schema.ENDPOINTS: content.groups.get(schema.ENDPOINTS, {})}


def _known_columns(content: Content, group: Group, minor: int, path: Path) -> Columns:
    columns, due = content.groups.get(group.name, {}), group.columns_in(minor)
    for column in due:
        array = columns.get(column.name)
        if array is None or array.dtype.kind != column.type.value:
            raise damaged(path, f"the column /{group.name}/{column.name} is missing or of another type")
    if len({len(array) for array in columns.values()}) > 1:
        raise damaged(path, f"the columns of /{group.name} differ in length")
    strange = columns.keys() - {c.name for c in due}
    if strange and minor <= schema.MINOR:
        raise damaged(path, f"/{group.name}/{min(strange)} does not belong there")
    n_rows = max((len(array) for array in columns.values()), default=0)
    absent = [column for column in group.columns if column not in due]
    if n_rows and any(column.absent is None for column in absent):
        raise damaged(path, f"/{group.name} had no rows in that version")
    return {c.name: array_of(c.type, [c.absent] * n_rows) if c in absent else columns[c.name] for c in group.columns}


def texts(array: Array) -> list[str]:
    """The strings of a text column."""
    return [value.decode() for value in array.tolist()]


def audit_rows(content: Content) -> tuple[AuditRow, ...]:
    """The audit trail of a file.

    Raises:
        ValueError, KeyError, UnicodeError: if it is not of the right form.
    """
    columns = content.groups["audit"]
    text = content.groups["audit_text"]["json"].tobytes()
    table: dict[str, list[Any]] = {
        name: texts(array) if array.dtype.kind == "S" else array.tolist() for name, array in columns.items()
    }
    rows: list[AuditRow] = []
    previous = genesis(str(content.attributes["study_id"]))
    for values in zip(*table.values(), strict=True):
        row = dict(zip(table, values, strict=True))
        first, length = row.pop("first_byte"), row.pop("n_bytes")
        changes, selection = _split(text[first : first + length].decode())
        if row["read_id"] == NO_ID:
            row["read_id"] = None
        rows.append(AuditRow(**row, changes=changes, selection=selection, previous=previous))
        previous = rows[-1].sha256
    return tuple(rows)


def _split(text: str) -> tuple[str, str]:
    """The two JSON texts in one line of /audit_text, as they were written."""
    start, middle, end = '{"changes":', ',"selection":', "}\n"
    changes, found, selection = text.removeprefix(start).removesuffix(end).rpartition(middle)
    if not (found and text.startswith(start) and text.endswith(end)):
        raise ValueError("a row of the audit trail is not of the right form")
    return changes, selection
