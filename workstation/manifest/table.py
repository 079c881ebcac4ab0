"""From a CSV file's bytes to cells that know their line and column."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workstation.errors import UserFacingError

REQUIRED_COLUMNS = ("subject", "visit", "site", "image")
MAX_BYTES = 20 * 1024**2
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of cells."""

    number: int
    """Of the line in the file where the row starts; the header's is 1 as a rule."""
    cells: dict[str, str]
    """By column, in the header's order; surrounding blanks taken off."""
    surplus: tuple[str, ...] = ()
    """Cells beyond the header's last column that are not empty."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as text."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    separator: str
    warnings: tuple[str, ...]
    header_line: int = 1
    """The line of the columns' names."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a table is called, and what it must have."""

    what: str
    required: tuple[str, ...]

    @property
    def wanted(self) -> str:
        return f"The first line must name the columns {', '.join(self.required)}."


def read_table(path: Path, required: Sequence[str] = REQUIRED_COLUMNS, what: str = "manifest") -> Table:
    """Read a CSV file with a header; comma, semicolon or tab is found out, blank lines are passed over.

    Args:
        path: the file.
        required: columns that the header must name, in plain spelling: `subject`.
        what: names the table in what is said of its faults.

    Raises:
        UserFacingError: if the file cannot be read, is no text, or its header lacks a required column.
    """
    kind = _Kind(what, tuple(required))
    text, warnings = _decoded(_bytes_of(path, kind), path)
    first, declared = _declared_separator(text)
    separator = declared or _separator_of(text, kind)
    rows = _rows(text, separator, path)
    for _ in range(first):
        next(rows)
    header_line, header = next(rows, (1, []))
    columns = _columns(header, header_line, separator, path, kind)
    lines = tuple(_line(number, cells, columns) for number, cells in rows)
    return Table(tuple(c for c in columns if c), lines, separator, warnings, header_line)


def _bytes_of(path: Path, kind: _Kind) -> bytes:
    try:
        if path.is_dir():
            raise UserFacingError(f"this is a folder, not a {kind.what}", file=path, remedy="Name the CSV file in it.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise UserFacingError("there is no such file", file=path, remedy="Check its name and folder.") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        said = f"the {kind.what} cannot be read ({why})"
        raise UserFacingError(said, file=path, remedy="Check its rights.") from error
    if not data.strip():
        raise UserFacingError(f"the {kind.what} is empty", file=path, remedy=kind.wanted)
    if len(data) > MAX_BYTES:
        raise UserFacingError(
            f"the {kind.what} is larger than {MAX_BYTES // 1024**2} MB", file=path, remedy="Is it the right file?"
        )
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UserFacingError("this is a workbook, not a CSV file", file=path, remedy="Save the sheet as CSV (UTF-8).")
    return data


def _decoded(data: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tries = [("utf-16", "the file is in UTF-16, not UTF-8")]
    else:
        told = "the file is not in UTF-8; read as Windows-1252: check accents and other special letters"
        tries = [("utf-8-sig", ""), ("cp1252", told)]
    for encoding, warning in tries:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, (warning,) if warning else ()
    raise UserFacingError("this is not a text file", file=path, remedy="Save the table as CSV (UTF-8).")


def _declared_separator(text: str) -> tuple[int, str]:
    """Spreadsheets may write `sep=;` as a first line: how many lines that takes, and the separator."""
    first = text.split("\n", 1)[0].strip().strip('"')
    return (1, first[4]) if len(first) == 5 and first.lower().startswith("sep=") else (0, "")


def _separator_of(text: str, kind: _Kind) -> str:
    """The separator with which the first line holds the most required columns."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def found(separator: str) -> int:
        return len({plain_name(cell) for cell in first.replace('"', "").split(separator)} & set(kind.required))

    return max(SEPARATORS, key=found)


def _rows(text: str, separator: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with the number of the line it starts on, line breaks in quotes counted."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise UserFacingError(
            f"line {start}: the quotation marks do not fit together ({error})",
            file=path,
            remedy='Put the whole cell in quotation marks and write each one inside it twice: "".',
        ) from error


def _columns(header: list[str], line: int, separator: str, path: Path, kind: _Kind) -> list[str]:
    """Column names in plain spelling, empty where the header's cell is."""
    columns = [plain_name(cell) for cell in header]
    missing = [name for name in kind.required if name not in columns]
    if missing:
        shown = ", ".join(repr(c.strip()) for c in header[:12] if c.strip())
        raise UserFacingError(
            f"line {line} is not the header of a {kind.what}: it lacks {', '.join(map(repr, missing))} "
            f"(found {shown}, separated by {SEPARATORS.get(separator, repr(separator))})",
            file=path,
            remedy=kind.wanted,
        )
    twice = sorted({c for c in columns if c and columns.count(c) > 1})
    if twice:
        raise UserFacingError(
            f"line {line}: more than one column is named {', '.join(map(repr, twice))}",
            file=path,
            remedy="Give each column a name of its own.",
        )
    return columns


def plain_name(name: str) -> str:
    """A column's name in plain spelling: `Um-per px` is `um_per_px`."""
    return "_".join(name.strip().lower().replace("-", " ").split())


def _line(number: int, cells: list[str], columns: list[str]) -> Line:
    stripped = [cell.strip() for cell in cells]
    padded = stripped + [""] * (len(columns) - len(stripped))
    named = {name: cell for name, cell in zip(columns, padded, strict=False) if name}
    unnamed = [cell for name, cell in zip(columns, padded, strict=False) if not name]
    return Line(number, named, tuple(c for c in (*unnamed, *stripped[len(columns) :]) if c))
