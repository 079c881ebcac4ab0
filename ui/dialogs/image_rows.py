"""The table of images to import, as values: what is typed, what is wrong with it, the checked rows."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from pydantic import ValidationError

from workstation.devices import known_devices
from workstation.errors import UserFacingError
from workstation.importing.dicom_facts import Facts
from workstation.importing.guessing import SITES, guess, in_order
from workstation.importing.studies import SINGLE_VISIT, UNNAMED_SUBJECT
from workstation.importing.visits import with_subjects_and_visits
from workstation.manifest import ManifestRow
from workstation.manifest.checks import contradictions, oddities
from workstation.model.study import Study

USUAL_VISITS = ("baseline", "week 4", "week 8", "week 12", "week 24")
USUAL_SITE = "scalp"
"""Of images whose visits are known and whose site is not."""
_AGAINST_STUDY = re.compile(r"would have the (\w+) ")

Cell = tuple[int, str]
"""A row's position and a column's name."""


@dataclass(frozen=True, slots=True)
class ImageRow:
    """One image and what is typed about it."""

    path: Path
    subject: str = ""
    visit: str = ""
    site: str = ""
    date: str = ""
    week: str = ""
    um_per_px: str = ""
    device: str = ""

    def value(self, column: str) -> str:
        """What is typed in a column."""
        return str(getattr(self, column))

    def with_value(self, column: str, text: str) -> "ImageRow":
        """The row with something else in a column."""
        changed: ImageRow = replace(self, **{column: " ".join(text.split())})  # type: ignore[arg-type]
        return changed


COLUMNS = tuple(f.name for f in fields(ImageRow) if f.name != "path")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a table amounts to."""

    rows: tuple[ManifestRow, ...]
    """Those that can be imported; all of them where there are no faults."""
    faults: Mapping[Cell, str] = field(default_factory=dict)
    """What is wrong, as a clause."""
    notes: tuple[str, ...] = ()
    """What may not have been meant."""


def guessed_rows(paths: Iterable[Path], study: Study | None = None) -> list[ImageRow]:
    """A row for each image, filled in as far as its name, and the study that it is added to, tell.

    Images of which nothing is told become sites of one unnamed subject at one visit, as `trichodesk detect` has it: so
    they are never matched with each other.
    """
    listed = list(dict.fromkeys(path.absolute() for path in paths))
    guesses = [guess(path) for path in listed]
    only_subject = next(iter(study.subjects)) if study is not None and len(study.subjects) == 1 else UNNAMED_SUBJECT
    rows = []
    for at in in_order(guesses):
        path, told = listed[at], guesses[at]
        site = told.site or (USUAL_SITE if told.visit else path.stem)
        rows.append(ImageRow(path, told.subject or only_subject, told.visit or SINGLE_VISIT, site, told.date))
    return [_as_spelt_in(study, row) for row in rows] if study is not None else rows


def with_facts(row: ImageRow, facts: Facts, study: Study | None = None) -> ImageRow:
    """The row with what a file's content tells, in the cells of which its name told nothing and nobody typed."""
    named, (guessed,) = guess(row.path), guessed_rows([row.path], study)
    for column in ("subject", "site", "date"):
        told, is_free = getattr(facts, column), row.value(column) == guessed.value(column)
        if told and is_free and not getattr(named, column):
            row = row.with_value(column, told)
    return row if study is None else _as_spelt_in(study, row)


def suggestions(column: str, rows: Sequence[ImageRow], study: Study | None) -> list[str]:
    """What is likely to be meant in a column: what the study has, what the table has, what is usual."""
    known: dict[str, Iterable[str]] = {"subject": (), "visit": USUAL_VISITS, "site": SITES}
    known["device"] = [device.name for device in known_devices()]
    of_study: dict[str, Iterable[str]] = {}
    if study is not None:
        of_study = {
            "subject": study.subjects,
            "visit": [visit.name for visit in study.visits.values()],
            "site": [image.site for image in study.images.values()],
            "device": [image.device for image in study.images.values()],
        }
    found = [*of_study.get(column, ()), *(row.value(column) for row in rows), *known.get(column, ())]
    return list(dict.fromkeys(text for text in found if text))


def check(rows: Sequence[ImageRow], study: Study | None = None) -> Checked:
    """What is wrong with a table, cell by cell; its checked rows where nothing is."""
    faults: dict[Cell, str] = {}
    good: list[ManifestRow] = []
    for at, row in enumerate(rows):
        checked = _checked_row(at, row, faults)
        if checked is not None:
            good.append(checked)
    for fault in contradictions(good):
        faults.setdefault((fault.line - 1, fault.column), _in_rows(fault.text))
    if study is not None:
        for row_of_study in good:
            _check_against(study, row_of_study, faults)
    notes = () if faults else tuple(_in_rows(oddity.text) for oddity in oddities(good))
    return Checked(tuple(good), faults, notes)


def _checked_row(at: int, row: ImageRow, faults: dict[Cell, str]) -> ManifestRow | None:
    cells = {column: row.value(column) for column in COLUMNS}
    try:
        return ManifestRow.model_validate({**cells, "line": at + 1, "image": row.path}, context={"decimal_comma": True})
    except ValidationError as error:
        for fault in error.errors():
            column = str(fault["loc"][0])
            typed = f"“{cells[column]}” " if cells.get(column) else ""
            faults.setdefault((at, column), f"{typed}{fault.get('ctx', {}).get('error', fault['msg'])}")
        return None


def _in_rows(text: str) -> str:
    """A table on the screen has rows; a manifest has lines."""
    return re.sub(r"\bline (\d+)", r"row \1", text)


def _check_against(study: Study, row: ManifestRow, faults: dict[Cell, str]) -> None:
    try:
        with_subjects_and_visits(study, [row])
    except UserFacingError as error:
        told = _AGAINST_STUDY.search(error.what)
        faults.setdefault((row.line - 1, told[1] if told is not None else "visit"), error.what)


def _as_spelt_in(study: Study, row: ImageRow) -> ImageRow:
    """Names that differ from the study's in capitals or blanks alone are the study's."""
    row = _respelt(row, "subject", study.subjects)
    row = _respelt(row, "visit", (visit.name for visit in study.visits.values()))
    return _respelt(row, "site", (image.site for image in study.images.values()))


def _respelt(row: ImageRow, column: str, known: Iterable[str]) -> ImageRow:
    plain: Callable[[str], str] = lambda text: "".join(text.casefold().split())  # noqa: E731
    mine = plain(row.value(column))
    return next((row.with_value(column, name) for name in known if plain(name) == mine), row)
