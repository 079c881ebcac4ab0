"""Reads a manifest: all that is wrong with it is said at once, and nothing is done by halves."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from workstation.errors import UserFacingError
from workstation.manifest.checks import contradictions, oddities
from workstation.manifest.fault import Fault, Oddity
from workstation.manifest.row import COLUMNS, MAX_NOTE, ManifestRow
from workstation.manifest.table import Line, Table, read_table

PROBLEMS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest without faults."""

    path: Path
    rows: tuple[ManifestRow, ...]
    warnings: tuple[str, ...]
    """What may not have been meant."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """A manifest as it is, faults and all, for whoever mends it."""

    path: Path
    table: Table
    rows: tuple[ManifestRow, ...]
    """The lines without a fault of their own."""
    faults: tuple[Fault, ...]
    """By line."""
    oddities: tuple[Oddity, ...]
    """What may not have been meant; of the rows without faults."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What may not have been meant, in words; of the file itself too."""
        return (*self.table.warnings, *(oddity.text for oddity in self.oddities))


class ManifestError(UserFacingError):
    """A manifest with faults; the first twenty are in the message."""

    def __init__(self, faults: Sequence[Fault], path: Path) -> None:
        self.faults = tuple(faults)
        self.problems = problems = tuple(fault.sentence for fault in faults)
        many = len(problems)
        shown = [
            *problems[:PROBLEMS_SHOWN],
            *([f"… and {many - PROBLEMS_SHOWN} more"] if many > PROBLEMS_SHOWN else []),
        ]
        what = problems[0] if many == 1 else "\n  ".join([f"{many} faults in the manifest:", *shown])
        super().__init__(what, file=path, remedy="Mend the manifest; nothing was imported.")

    def __reduce__(self) -> tuple[object, ...]:
        """Keep its faults when it comes back from another process."""
        return type(self), (self.faults, self.file)


def read_manifest(path: Path) -> Manifest:
    """Read a CSV manifest.

    Columns: `subject`, `visit`, `site`, `image`, and if present `date`, `um_per_px`, `device`, `sex`, `age`, `grade`,
    `arm`, `week`; all others are kept as notes. Paths of images are relative to the manifest's folder.

    Raises:
        UserFacingError: if the file cannot be read as a table.
        ManifestError: if cells, or rows together, do not make sense, or an image is missing.
    """
    found = inspect_manifest(path)
    if found.faults:
        raise ManifestError(found.faults, path)
    return Manifest(path, found.rows, found.warnings)


def inspect_manifest(path: Path) -> Inspection:
    """Look at a CSV manifest, whatever is wrong with its cells; as `read_manifest`.

    Raises:
        UserFacingError: if the file cannot be read as a table, or names no image.
    """
    table = read_table(path)
    if not table.lines:
        raise UserFacingError("the manifest names no image", file=path, remedy="Add a line for each image.")
    faults: list[Fault] = []
    rows = [row for line in table.lines if (row := _row(line, table, path, faults)) is not None]
    faults += contradictions(rows)
    return Inspection(path, table, tuple(rows), tuple(sorted(faults, key=lambda f: f.line)), tuple(oddities(rows)))


def _row(line: Line, table: Table, path: Path, faults: list[Fault]) -> ManifestRow | None:
    """The checked row; None, with what is wrong added to `faults`, if it is faulty."""
    found: list[Fault] = []

    def say(column: str, text: str) -> None:
        found.append(Fault(line.number, column, text))

    if line.surplus:
        say("", f"{line.surplus[0]!r} stands in no named column; is a quotation mark or a separator missing?")
    cells = {name: cell for name, cell in line.cells.items() if name in COLUMNS}
    notes = {name: cell for name, cell in line.cells.items() if name not in COLUMNS and cell}
    for name, cell in notes.items():
        if len(cell) > MAX_NOTE:
            say(name, f"longer than {MAX_NOTE} characters")
    image, missing = _image_file(cells.pop("image"), path)
    if missing:
        say("image", missing)
    row = None
    try:
        row = ManifestRow.model_validate(
            {**cells, "line": line.number, "image": image, "notes": notes},
            context={"decimal_comma": table.separator != ","},
        )
    except ValidationError as error:
        for fault in error.errors():
            column = str(fault["loc"][0])
            say(column, f"{_quoted(cells[column])}{fault.get('ctx', {}).get('error', fault['msg'])}")
    faults += found
    return None if found else row


def _quoted(cell: str) -> str:
    return f"{cell[:60]!r} " if cell else ""


def _image_file(cell: str, manifest: Path) -> tuple[Path, str]:
    """The image's absolute path, and what is wrong with it. A Windows path works elsewhere too if it is relative."""
    if not cell:
        return manifest, "is empty"
    folder = manifest.absolute().parent
    try:
        for spelling in (cell, cell.replace("\\", "/")):
            if (candidate := folder / spelling).is_file():
                return candidate.resolve(), ""
        what = "is a folder, not a file" if (folder / cell).is_dir() else "does not exist"
    except (OSError, ValueError):
        what = "cannot be the name of a file"
    return folder / "missing", f"{_quoted(cell)}{what}"
