"""What this product's own files say of a read, its hairs and its field: GeoJSON and COCO have the same properties."""

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np

from workstation.model.field import ExclusionCause, FieldShape
from workstation.model.hair import Origin, Status
from workstation.read_import.found import (
    Faults,
    FoundExclusion,
    FoundHair,
    FoundRead,
    Json,
    listed,
    number,
    places_px,
    ring_px,
    text,
    whole,
)

Named = TypeVar("Named", bound=StrEnum)


def own_hair(where: str, line: object, properties: Json) -> FoundHair:
    """A hair.

    Args:
        where: what it is called in errors.
        line: its places, root first.
        properties: as `workstation.export.properties` writes them.

    Raises:
        ValueError: if something is not of the right form.
    """
    line_px = places_px(line, 2)
    root_visible = properties["root_visible"]
    if not isinstance(root_visible, bool):
        raise ValueError("its root_visible is neither true nor false")
    return FoundHair(
        where=where,
        line_px=line_px,
        id=whole(properties["id"], "id"),
        unit=whole(properties.get("fu"), "unit"),
        vertex_width_px=_widths(properties.get("vertex_widths_px"), len(line_px)),
        width_px=number(properties.get("width_px"), "width"),
        width_is_set=properties.get("width_is_set"),
        root_visible=root_visible,
        confidence=number(properties["confidence"], "confidence"),
        origin=_one_of(Origin, properties["origin"], "origin"),
        status=_one_of(Status, properties["status"], "status"),
        comment=text(properties.get("comment")),
    )


def own_read(
    kind: str, about: Json, hairs: Sequence[FoundHair], unit_comments: dict[int, str], faults: Faults
) -> FoundRead:
    """A read: `about` is the `trichodesk` block of a GeoJSON file or of a COCO image."""
    field = about.get("field")
    shape, field_px, exclusions = FieldShape.IMAGE, None, []
    if isinstance(field, dict):
        with faults.of("the field"):
            shape, field_px = _one_of(FieldShape, field["shape"], "shape"), ring_px(field["polygon"])
        for index, one in enumerate(listed(field.get("exclusions"), "exclusions of the field", faults), start=1):
            where = f"exclusion {index}"
            with faults.of(where):
                cause = _one_of(ExclusionCause, one["cause"], "cause")
                exclusions.append(FoundExclusion(where, ring_px(one["polygon"]), cause, whole(one["id"], "id")))
    else:
        faults.add("the field", "it is missing")
    size = about.get("width_px"), about.get("height_px")
    scale = math.nan
    with faults.of("the scale"):
        scale = number(about.get("um_per_px"), "um_per_px")
        if scale <= 0:
            raise ValueError("its um_per_px is not above 0")
    return FoundRead(
        kind=kind,
        image_name=text(about.get("image")),
        sha256=text(about.get("sha256")).lower(),
        size_px=size if all(isinstance(side, int) for side in size) else None,  # type: ignore[arg-type]
        um_per_px=None if math.isnan(scale) else scale,
        reader=text(about.get("reader")),
        comment=text(about.get("comment")),
        shape=shape,
        field_px=field_px,
        exclusions=exclusions,
        hairs=hairs,
        unit_comments=unit_comments,
    )


def _widths(values: object, n_vertices: int) -> Any:
    if values is None:
        return None
    if not isinstance(values, list) or len(values) != n_vertices:
        raise ValueError("it has not one width for each point")
    return np.array([math.nan if value is None else number(value, "width") for value in values])


def _one_of(kind: type[Named], value: object, what: str) -> Named:
    known = {one.value: one for one in kind}
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"its {what} is {value!r}, not one of {', '.join(known)}")
    return known[value]
