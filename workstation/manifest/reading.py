"""Reads a manifest: all that is wrong with it is said at once, and nothing is done by halves."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from workstation.errors import UserFacingError
from workstation.manifest.checks import contradictions, oddities
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


class ManifestError(UserFacingError):
    """A manifest with faults; the first twenty are in the message."""

    def __init__(self, problems: list[str], path: Path) -> None:
        self.problems = tuple(problems)
        many = len(problems)
        shown = [
            *problems[:PROBLEMS_SHOWN],
            *([f"… and {many - PROBLEMS_SHOWN} more"] if many > PROBLEMS_SHOWN else []),
        ]
        what = problems[0] if many == 1 else "\n  ".join([f"{many} faults in the manifest:", *shown])
        super().__init__(what, file=path, remedy="Mend the manifest; nothing was imported.")


def read_manifest(path: Path) -> Manifest:
    """Read a CSV manifest.

    Columns: `subject`, `visit`, `site`, `image`, and if present `date`, `um_per_px`, `device`, `sex`, `age`, `grade`,
    `week`; all others are kept as notes. Paths of images are relative to the manifest's folder.

    Raises:
        UserFacingError: if the file cannot be read as a table.
        ManifestError: if cells, or rows together, do not make sense, or an image is missing.
    """
    table = read_table(path)
    problems: list[tuple[int, str]] = []
    rows = [row for line in table.lines if (row := _row(line, table, path, problems)) is not None]
    problems += contradictions(rows)
    if problems:
        raise ManifestError([f"line {line}{said}" for line, said in sorted(problems, key=lambda p: p[0])], path)
    if not rows:
        raise UserFacingError("the manifest names no image", file=path, remedy="Add a line for each image.")
    return Manifest(path, tuple(rows), (*table.warnings, *oddities(rows)))


def _row(line: Line, table: Table, path: Path, problems: list[tuple[int, str]]) -> ManifestRow | None:
    """The checked row; None, with what is wrong added to `problems`, if it is faulty."""
    found: list[str] = []
    if line.surplus:
        found.append(f": {line.surplus[0]!r} stands in no named column; is a quotation mark or a separator missing?")
    cells = {name: cell for name, cell in line.cells.items() if name in COLUMNS}
    notes = {name: cell for name, cell in line.cells.items() if name not in COLUMNS and cell}
    found += [f", column {n!r}: longer than {MAX_NOTE} characters" for n, cell in notes.items() if len(cell) > MAX_NOTE]
    image = _image_file(cells.pop("image"), path, found)
    row = None
    try:
        row = ManifestRow.model_validate(
            {**cells, "line": line.number, "image": image, "notes": notes},
            context={"decimal_comma": table.separator != ","},
        )
    except ValidationError as error:
        for fault in error.errors():
            column = str(fault["loc"][0])
            said = fault.get("ctx", {}).get("error", fault["msg"])
            found.append(f", column {column!r}: {_quoted(cells[column])}{said}")
    problems += [(line.number, said) for said in found]
    return None if found else row


def _quoted(cell: str) -> str:
    return f"{cell[:60]!r} " if cell else ""


def _image_file(cell: str, manifest: Path, found: list[str]) -> Path:
    """The image's absolute path. A Windows path works elsewhere too if it is relative."""
    if not cell:
        found.append(", column 'image': is empty")
        return manifest
    folder = manifest.absolute().parent
    try:
        for spelling in (cell, cell.replace("\\", "/")):
            if (candidate := folder / spelling).is_file():
                return candidate.resolve()
        what = "is a folder, not a file" if (folder / cell).is_dir() else "does not exist"
    except (OSError, ValueError):
        what = "cannot be the name of a file"
    found.append(f", column 'image': {_quoted(cell)}{what}")
    return folder / "missing"
