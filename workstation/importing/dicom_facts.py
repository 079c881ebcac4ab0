"""What a DICOM file tells of the person, the day and the place, for who fills in a table of images.

Names of people are never looked at. Like what a file's name tells, it is offered; a manifest's own cells go before it.
"""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from workstation.errors import UserFacingError
from workstation.images.budget import for_header
from workstation.images.dicom import read_dataset
from workstation.images.header import opened
from workstation.images.signature import SIGNATURE_BYTES, format_of
from workstation.isolation import Died, call
from workstation.isolation.task import Allow, Plain
from workstation.manifest import ManifestRow

if TYPE_CHECKING:
    from pydicom import Dataset

TASK = f"{__name__}:read_facts"
MAX_TEXT = 60
DAYS = ("AcquisitionDate", "AcquisitionDateTime", "ContentDate", "StudyDate")
"""Where the day stands, the one nearest to the shot first."""
SEXES = {"F": "female", "M": "male", "O": "other"}
YEARS = {"Y": 1.0, "M": 1 / 12, "W": 7 / 365.25, "D": 1 / 365.25}
SIDES = {"L": "left", "R": "right"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file tells; empty where it tells nothing."""

    subject: str = ""
    date: str = ""
    """ISO 8601 day."""
    sex: str = ""
    age: float | None = None
    """Years."""
    site: str = ""
    device: str = ""


def is_dicom(path: Path) -> bool:
    """Whether a file is one by its first bytes; False where it cannot be read."""
    try:
        with path.open("rb") as file:
            return format_of(file.read(SIGNATURE_BYTES)) == "DICOM"
    except OSError:
        return False


def facts_of(path: Path) -> Facts:
    """What an image file tells of subject, day and place; nothing where it is no DICOM photograph that can be read."""
    if not is_dicom(path):
        return Facts()
    try:
        allowed = for_header(0)
        found = call(TASK, {"path": os.path.abspath(path)}, lambda a: a.result, first=allowed, most=allowed)
    except (UserFacingError, Died):  # an import tells it, or has told it
        return Facts()
    return Facts(**found)


def read_facts(arguments: Plain, _file: BinaryIO, _allow: Allow) -> Plain:
    """As `facts_of`, in a worker."""
    path = Path(arguments["path"])
    with opened(path) as file:
        return asdict(_facts_in(read_dataset(file, path)))


def _facts_in(found: "Dataset") -> Facts:
    return Facts(
        subject=_code(_text(found, "PatientID")),
        date=next((day for keyword in DAYS if (day := _day(_text(found, keyword)))), ""),
        sex=SEXES.get(_text(found, "PatientSex").upper(), ""),
        age=_age(_text(found, "PatientAge")),
        site=_site(found),
        device=_text(found, "ManufacturerModelName"),
    )


def filled(rows: Sequence[ManifestRow]) -> list[ManifestRow]:
    """The rows with day, sex, age and device from their DICOM files where they have none and all files agree.

    A day is filled in only where no image of the visit has another one, a sex only where no image of the subject has:
    what a manifest says is never contradicted. Of several ages the lowest is taken, that of the first visit.
    """
    facts = [facts_of(row.image) for row in rows]
    if all(told == Facts() for told in facts):
        return list(rows)
    days = _agreed(rows, lambda row: (row.subject, row.visit), lambda at: rows[at].date or facts[at].date)
    sexes = _agreed(rows, lambda row: (row.subject,), lambda at: rows[at].sex or facts[at].sex)
    ages: dict[str, float] = {}
    for row, told in zip(rows, facts, strict=True):
        if told.age is not None:
            ages[row.subject] = min(told.age, ages.get(row.subject, told.age))
    typed = {row.subject for row in rows if row.age is not None}
    return [
        row.model_copy(
            update={
                "date": row.date or days.get((row.subject, row.visit), ""),
                "sex": row.sex or sexes.get((row.subject,), ""),
                "device": row.device or told.device,
                "age": row.age if row.subject in typed else ages.get(row.subject),
            }
        )
        for row, told in zip(rows, facts, strict=True)
    ]


def _agreed(
    rows: Sequence[ManifestRow], group: Callable[[ManifestRow], tuple[str, ...]], value: Callable[[int], str]
) -> dict[tuple[str, ...], str]:
    """What all rows of a group that say something say alike."""
    said: dict[tuple[str, ...], set[str]] = {}
    for at, row in enumerate(rows):
        said.setdefault(group(row), set()).update([value(at)] if value(at) else [])
    return {key: next(iter(values)) for key, values in said.items() if len(values) == 1}


def _text(found: "Dataset", keyword: str) -> str:
    value = found.get(keyword)
    text = "" if value is None else " ".join(str(value).split())
    return "".join(c for c in text if c.isprintable())[:MAX_TEXT].strip()


def _code(text: str) -> str:
    """A patient's number; nothing where a person's name stands in its place, whose parts are parted so (PS3.5, 6.2)."""
    return "" if "^" in text else text


def _day(text: str) -> str:
    told = re.match(r"(\d{4})\.?(\d\d)\.?(\d\d)", text)
    try:
        day = None if told is None else date(*map(int, told.groups()))
    except ValueError:
        return ""
    return "" if day is None or not 1980 <= day.year <= 2100 else day.isoformat()


def _age(text: str) -> float | None:
    told = re.fullmatch(r"(\d{1,3})([YMWD])", text.upper())
    if told is None:
        return None
    age = int(told[1]) * YEARS[told[2]]
    return round(age, 2) if age <= 120 else None


def _site(found: "Dataset") -> str:
    """The region by its coded meaning, else the body part; its side before it."""
    region = found.get("AnatomicRegionSequence")
    place = _text(region[0], "CodeMeaning") if region else ""
    place = (place or _text(found, "BodyPartExamined")).casefold()
    side = SIDES.get((_text(found, "ImageLaterality") or _text(found, "Laterality")).upper(), "")
    return place if not side or side in place or not place else f"{side} {place}"
