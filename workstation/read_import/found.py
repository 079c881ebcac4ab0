"""What a file says of the hairs of one image, whatever its format, before it is a read."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from analysis.detection import FloatArray
from workstation.errors import UserFacingError
from workstation.model.field import ExclusionCause, FieldShape
from workstation.model.hair import Origin, Status

CORNER_PX = 0.5
"""From the centre of the top-left pixel, the product's origin, to its corner, that of GeoJSON and COCO."""
FAR_PX = 1e6
"""Farther out lies no image; working out such a shape would take long for nothing."""
FAULTS_SHOWN = 20
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class FoundHair:
    """A hair as the file has it."""

    where: str
    """What it is called in errors: `feature 12`."""
    line_px: FloatArray
    """(V, 2), root first."""
    id: int | None = None
    unit: int | None = None
    """Hairs with the same one are of one unit; None: of a unit of its own."""
    vertex_width_px: FloatArray | None = None
    """(V,), NaN where it was not measured."""
    width_px: float = math.nan
    width_is_set: bool | None = None
    """None where the file does not tell."""
    root_visible: bool = True
    confidence: float = 1.0
    origin: Origin = Origin.ADDED
    status: Status = Status.UNREVIEWED
    comment: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class FoundExclusion:
    """A region that is left out, as the file has it."""

    where: str
    polygon_px: FloatArray
    cause: ExclusionCause
    id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FoundRead:
    """All that a file says of one image."""

    kind: str
    """The format and the program: `trichodesk GeoJSON`."""
    image_name: str = ""
    sha256: str = ""
    size_px: tuple[int, int] | None = None
    um_per_px: float | None = None
    reader: str = ""
    comment: str = ""
    """On the whole image."""
    shape: FieldShape = FieldShape.IMAGE
    field_px: FloatArray | None = None
    """(K, 2); None: the whole image."""
    exclusions: Sequence[FoundExclusion] = ()
    hairs: Sequence[FoundHair] = ()
    unit_comments: Mapping[int, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    """What was put aside or taken in one of several ways, as sentences."""


class Faults:
    """Collects what is wrong with a file, so that all of it is told at once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._found: list[str] = []

    @contextmanager
    def of(self, where: str) -> Iterator[None]:
        """What goes wrong inside with a value of the file is a fault of that place, and the next place is looked at."""
        try:
            yield
        except UserFacingError as error:
            self.add(where, error.what)
        except KeyError as error:
            self.add(where, f"it has no {error}")
        except (ValueError, TypeError, OverflowError, AttributeError, IndexError) as error:
            self.add(where, str(error) or "it is not of the right form")

    def add(self, where: str, what: str) -> None:
        """Note a fault."""
        self._found.append(f"{where}: {what}")

    def raise_if_any(self) -> None:
        """Tell all faults.

        Raises:
            UserFacingError: if there is one.
        """
        if not self._found:
            return
        remedy = "Mend the file, or leave that out; nothing was imported."
        if len(self._found) == 1:
            raise UserFacingError(self._found[0], file=self._file, remedy=remedy)
        shown = self._found[:FAULTS_SHOWN]
        if len(self._found) > FAULTS_SHOWN:
            shown.append(f"… and {len(self._found) - FAULTS_SHOWN} more")
        what = "\n  ".join([f"{len(self._found)} parts of the file cannot be imported:", *shown])
        raise UserFacingError(what, file=self._file, remedy=remedy)


def places_px(coordinates: object, at_least: int = 1) -> FloatArray:
    """(N, 2) places from a file's list of pairs, moved from the origin at the corner to that at the pixel's centre.

    Raises:
        ValueError: if they are no list of finite pairs.
    """
    try:
        points = np.array(coordinates, dtype=np.float64)
    except (ValueError, TypeError) as error:
        raise ValueError("its coordinates are not a list of pairs of numbers") from error
    if points.ndim != 2 or points.shape[1] not in (2, 3) or not np.isfinite(points).all():
        raise ValueError("its coordinates are not a list of pairs of numbers")
    if np.abs(points).max(initial=0.0) > FAR_PX:
        raise ValueError("its coordinates lie outside of any image")
    if len(points) < at_least:
        raise ValueError(f"it has {len(points)} points instead of at least {at_least}")
    return np.asarray(points[:, :2] - CORNER_PX)


def ring_px(coordinates: object) -> FloatArray:
    """(K, 2) corners of a ring, not closed. Raises as `places_px`."""
    points = places_px(coordinates, 3)
    points = points[:-1] if np.array_equal(points[0], points[-1]) else points
    if len(points) < 3:
        raise ValueError("its outline has fewer than three corners")
    return points


def listed(value: object, what: str, faults: Faults) -> list[Any]:
    """A list, empty for null; anything else is a fault."""
    if value is None or isinstance(value, list):
        return value or []
    faults.add("the file", f"its {what} are not a list")
    return []


def number(value: object, what: str) -> float:
    """A finite number, or NaN for null.

    Raises:
        ValueError: if it is anything else.
    """
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"its {what} is not a number")
    return float(value)


def whole(value: object, what: str) -> int | None:
    """A whole number from 1 on, or None for null.

    Raises:
        ValueError: if it is anything else.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value < 2**31:
        raise ValueError(f"its {what} is not a whole number from 1 on")
    return value


def text(value: object) -> str:
    """A text, empty for anything else."""
    return value if isinstance(value, str) else ""
