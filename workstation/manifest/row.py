"""One row of the manifest, each cell checked."""

import math
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationInfo

from analysis.calibration import MAX_UM_PER_PX, MIN_UM_PER_PX

MAX_TEXT = 200
MAX_NOTE = 10_000
SEXES = {"f": "female", "female": "female", "w": "female", "woman": "female", "women": "female",
         "m": "male", "male": "male", "man": "male", "men": "male"}  # fmt: skip


def _text(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise ValueError(f"is longer than {MAX_TEXT} characters")
    if any(not c.isprintable() for c in value):
        raise ValueError("holds a line break or another character that cannot be printed")
    return value


def _filled(value: str) -> str:
    if not value:
        raise ValueError("is empty")
    return value


def _number(value: object, info: ValidationInfo) -> float | None:
    if value is None or value == "":
        return None
    text = str(value)
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        if not (info.context or {}).get("decimal_comma"):
            raise ValueError(f"has a decimal comma: write {text.replace(',', '.')}")
        text = text.replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("is not a number")
    return number


def _scale(value: float | None) -> float | None:
    if value is not None and not MIN_UM_PER_PX <= value <= MAX_UM_PER_PX:
        raise ValueError(f"is not a scale: it must be from {MIN_UM_PER_PX:g} to {MAX_UM_PER_PX:g} µm per pixel")
    return value


def _age(value: float | None) -> float | None:
    if value is not None and not 0 <= value <= 120:
        raise ValueError("is not an age in years")
    return value


def _week(value: float | None) -> float | None:
    if value is not None and abs(value) > 2000:
        raise ValueError("is not a number of weeks since the baseline")
    return value


def _date(value: str) -> str:
    if value:
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                raise ValueError
            day = date.fromisoformat(value)
        except ValueError:
            raise ValueError("is not a date: write it as year-month-day, 2026-03-31") from None
        if not 1980 <= day.year <= 2100:
            raise ValueError("is no year of a scalp photograph")
    return value


def _sex(value: str) -> str:
    return SEXES.get(value.lower(), value)


Text = Annotated[str, AfterValidator(_text)]
Name = Annotated[str, AfterValidator(_text), AfterValidator(_filled)]
Number = Annotated[float | None, BeforeValidator(_number)]
Sex = Annotated[Text, AfterValidator(_sex)]
"""`female`, `male`, or as written."""
Age = Annotated[Number, AfterValidator(_age)]
Week = Annotated[Number, AfterValidator(_week)]
Day = Annotated[Text, AfterValidator(_date)]
"""ISO 8601 day, or empty."""


class ManifestRow(BaseModel):
    """One image, and of whom, when and where it was taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int
    """Where it stands in the manifest."""
    subject: Name
    visit: Name
    site: Name
    image: Path
    """Absolute."""
    date: Day = ""
    um_per_px: Annotated[Number, AfterValidator(_scale)] = None
    device: Text = ""
    sex: Sex = ""
    age: Age = None
    grade: Text = ""
    arm: Text = ""
    """The treatment group."""
    week: Week = None
    notes: Mapping[str, str] = {}
    """Further columns that are not empty."""


COLUMNS = frozenset(ManifestRow.model_fields) - {"line", "notes"}
