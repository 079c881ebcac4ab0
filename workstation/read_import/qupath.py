"""QuPath's annotations as a read: lines are hairs, points units or roots, polygons the field and what it leaves out.

Annotations that this product wrote keep their ids, units and widths, as far as QuPath kept the names and measurements.
"""

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from analysis.detection import FloatArray
from workstation.model.field import ExclusionCause, FieldShape
from workstation.model.hair import Status
from workstation.read_import.found import Faults, FoundExclusion, FoundHair, FoundRead, number, places_px, ring_px, text

LINES = ("LineString", "MultiLineString")
POINTS = ("Point", "MultiPoint")
AREAS = ("Polygon", "MultiPolygon")
FIELD_CLASSES = ("field", "region", "roi", "measured field")
UNIT_CLASSES = ("follicular unit", "unit", "fu", "")
ROOT_CLASSES = ("root", "ostium")
EXCLUDED = {
    "exclusion": ExclusionCause.OTHER, "excluded": ExclusionCause.OTHER, "ignore": ExclusionCause.OTHER,
    "ignore*": ExclusionCause.OTHER, "artifact": ExclusionCause.OTHER, "artefact": ExclusionCause.OTHER,
    **{cause.value: cause for cause in ExclusionCause},
}  # fmt: skip
REJECTED_CLASSES = ("rejected", "ignore", "ignore*")
REACH_UM = 200.0
"""A hair belongs to the unit whose point lies so near to one of its ends."""
REACH_PX = 30.0
"""The same where no scale is known."""
_NAMED = re.compile(r"(?:hair|unit) (\d{1,9})")


@dataclass(frozen=True, slots=True, eq=False)
class QuPathRead(FoundRead):
    """A read whose hairs are still to be put into units, by points."""

    units: tuple[tuple[str, int | None, FloatArray], ...] = ()
    """Of each point: where it stands, its id if it has one, its place (2,)."""
    roots: tuple[tuple[str, FloatArray], ...] = ()
    widths_um: tuple[float, ...] = ()
    """Of each hair."""


def qupath_read(features: list[Any], file: Path) -> QuPathRead:
    """What annotations say; their points are put to use by `joined_to_points`, once the scale is known.

    Raises:
        UserFacingError: if something in it cannot be a part of a read; all of it is told.
    """
    faults = Faults(file)
    hairs: list[FoundHair] = []
    widths: list[float] = []
    units: list[tuple[str, int | None, FloatArray]] = []
    roots: list[tuple[str, FloatArray]] = []
    fields: list[FloatArray] = []
    exclusions: list[FoundExclusion] = []
    for index, feature in enumerate(features, start=1):
        where = f"feature {index}"
        with faults.of(where):
            properties, geometry = feature.get("properties") or {}, feature["geometry"]
            name, kind = _class_of(properties), geometry["type"]
            if kind in LINES:
                for line in _parts(geometry, "LineString"):
                    hairs.append(_hair(where, line, properties, name))
                    widths.append(_measured(properties, "Width µm"))
            elif kind in POINTS:
                points = places_px(_parts(geometry, "Point"))
                if name in ROOT_CLASSES:
                    roots += [(where, point) for point in points]
                elif name in UNIT_CLASSES:
                    units += [(where, _named_id(properties) if len(points) == 1 else None, p) for p in points]
                else:
                    raise ValueError(f"a point of class {name!r} is neither a follicular unit nor a root")
            elif kind in AREAS:
                _take_area(where, name, geometry, fields, exclusions)
            else:
                raise ValueError(f"a {kind} is neither a hair, a unit, a root nor the field")
    if len(fields) > 1:
        faults.add("the field", f"there are {len(fields)} of them; keep one")
    if not hairs:
        faults.add("the file", "it has no line, and a read is made of hairs")
    faults.raise_if_any()
    return QuPathRead(
        kind="QuPath GeoJSON",
        shape=FieldShape.POLYGON if fields else FieldShape.IMAGE,
        field_px=fields[0] if fields else None,
        exclusions=exclusions,
        hairs=_with_free_ids(hairs),
        notes=() if fields else ("The file names no field: the whole image is taken.",),
        units=tuple(units),
        roots=tuple(roots),
        widths_um=tuple(widths),
    )


def joined_to_points(read: QuPathRead, um_per_px: float | None) -> FoundRead:
    """The read with its hairs turned root first and put into units as its points have it, and widths in pixels.

    A hair belongs to the unit whose point is nearest to one of its ends, if that is within 0.2 mm (30 px without a
    scale), and that end is its root; a point for a root tells the root alone. A hair without a point begins where its
    line does and is of a unit of its own.
    """
    reach = REACH_PX if um_per_px is None else REACH_UM / um_per_px
    hairs: list[FoundHair] = []
    used: set[int] = set()
    points = [*(place for _, _, place in read.units), *(place for _, place in read.roots)]
    places = np.array(points).reshape(-1, 2)
    for hair, width_um in zip(read.hairs, read.widths_um, strict=True):
        width_px = width_um / um_per_px if um_per_px else math.nan
        hair = replace(hair, width_px=width_px)
        apart = np.linalg.norm(places[:, None] - hair.line_px[[0, -1]], axis=2)  # (points, 2 ends)
        near = apart <= reach
        used |= set(np.flatnonzero(near.any(axis=1)).tolist())
        hairs.append(_joined(hair, np.where(near, apart, np.inf), len(read.units)))
    unused = len(points) - len(used)
    notes = list(read.notes)
    if unused:
        lie, stand = ("points lie", "stand") if unused > 1 else ("point lies", "stands")
        notes.append(f"{unused} {lie} at no end of a hair and {stand} for nothing here.")
    if any(not math.isnan(width) for width in read.widths_um) and um_per_px is None:
        notes.append("Widths in µm were left out: the image has no scale.")
    return FoundRead(
        kind=read.kind,
        shape=read.shape,
        field_px=read.field_px,
        exclusions=read.exclusions,
        hairs=_numbered_units(read, hairs),
        notes=tuple(notes),
    )


def _joined(hair: FoundHair, apart: FloatArray, n_units: int) -> FoundHair:
    """The hair from its root on; its unit is the position of the nearest one's point.

    Args:
        hair: the hair.
        apart: (points, 2) how far each point is from both ends, infinite where that is too far; units before roots.
        n_units: how many are units.
    """
    if not np.isfinite(apart).any():
        return hair
    of_units, of_roots = apart[:n_units], apart[n_units:]
    unit = int(of_units.min(axis=1).argmin()) if np.isfinite(of_units).any() else None
    telling = of_roots if np.isfinite(of_roots).any() else of_units
    end = int(telling.min(axis=0).argmin())
    return replace(hair, line_px=hair.line_px[::-1].copy() if end else hair.line_px, unit=unit)


def _numbered_units(read: QuPathRead, hairs: list[FoundHair]) -> list[FoundHair]:
    """Positions of units become ids: the unit's own where its name gives one that is free, else a new one."""
    taken = {hair.id for hair in hairs if hair.id is not None}
    ids: dict[int, int] = {}
    next_id = max([0, *taken, *(id_ for _, id_, _ in read.units if id_ is not None)]) + 1
    for position, (_, id_, _) in enumerate(read.units):
        if id_ is None or id_ in taken:
            id_, next_id = next_id, next_id + 1
        taken.add(id_)
        ids[position] = id_
    return [hair if hair.unit is None else replace(hair, unit=ids[hair.unit]) for hair in hairs]


def _with_free_ids(hairs: list[FoundHair]) -> list[FoundHair]:
    """Of hairs that share an id, only the first keeps it: QuPath copies names with annotations."""
    taken: set[int | None] = {None}
    kept = []
    for hair in hairs:
        kept.append(replace(hair, id=None) if hair.id in taken else hair)
        taken.add(hair.id)
    return kept


def _hair(where: str, line: object, properties: dict[str, Any], name: str) -> FoundHair:
    confidence = _measured(properties, "Confidence")
    return FoundHair(
        where=where,
        line_px=places_px(line, 2),
        id=_named_id(properties),
        confidence=confidence if 0 <= confidence <= 1 else 1.0,
        status=Status.REJECTED if name in REJECTED_CLASSES else Status.UNREVIEWED,
    )


def _take_area(
    where: str, name: str, geometry: dict[str, Any], fields: list[FloatArray], exclusions: list[FoundExclusion]
) -> None:
    """A polygon as the field, its holes left out, or as an exclusion."""
    for rings in _parts(geometry, "Polygon"):
        outline, *holes = (ring_px(ring) for ring in rings)
        if name in FIELD_CLASSES:
            fields.append(outline)
            exclusions += [FoundExclusion(where, hole, ExclusionCause.OTHER) for hole in holes]
        elif name in EXCLUDED:
            exclusions.append(FoundExclusion(where, outline, EXCLUDED[name]))
        else:
            told = f"of class {name!r}" if name else "without a class"
            raise ValueError(f"a polygon {told} is neither the field nor an exclusion; class it Field or Exclusion")


def _parts(geometry: dict[str, Any], single: str) -> list[Any]:
    """The coordinates of a geometry's parts: one of `Point`, several of `MultiPoint`."""
    coordinates = geometry["coordinates"]
    parts: list[Any] = [coordinates] if geometry["type"] == single else coordinates
    if not isinstance(parts, list):
        raise ValueError("its coordinates are not a list")
    return parts


def _class_of(properties: dict[str, Any]) -> str:
    """The class as QuPath names it, in small letters; of a derived class (`Hair: Vellus`) the last part."""
    found = properties.get("classification")
    names = found.get("names") if isinstance(found, dict) else None
    if isinstance(names, list) and names:
        return text(names[-1]).strip().casefold()
    name = text(found.get("name")) if isinstance(found, dict) else text(found)
    return name.rpartition(":")[2].strip().casefold()


def _named_id(properties: dict[str, Any]) -> int | None:
    told = _NAMED.fullmatch(text(properties.get("name")).strip())
    return int(told[1]) or None if told else None


def _measured(properties: dict[str, Any], name: str) -> float:
    """One of QuPath's measurements, which it writes as an object or, earlier, as a list of names and values."""
    found = properties.get("measurements")
    if isinstance(found, list):
        found = {one.get("name"): one.get("value") for one in found if isinstance(one, dict)}
    value = found.get(name) if isinstance(found, dict) else None
    try:
        measured = number(value, name)
    except ValueError:
        return math.nan
    return measured if measured > 0 else math.nan
