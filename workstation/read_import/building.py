"""A read as the study keeps it, made of what a file says: every rule of a read is checked, each fault told."""

import math
from collections import Counter
from pathlib import Path
from types import MappingProxyType

import numpy as np

from analysis.detection import FloatArray
from analysis.geometry import arc_length, moves_on
from workstation.edits.outlines import clean_outline
from workstation.model.field import Exclusion, Field
from workstation.model.hair import Hair, Unit, frozen_array, median_width_px
from workstation.model.read import Read, ReadState, Review
from workstation.model.study import ImageRecord
from workstation.model.validity import MIN_HAIR_LENGTH_PX, problems, storable
from workstation.read_import.found import Faults, FoundHair, FoundRead

MAX_BEYOND_PX = 1.0
"""A point may lie so far beyond the image's edge and is put on it: other programs' lines end on the border."""


def read_from(found: FoundRead, image: ImageRecord, *, read_id: int, reader: str, created_utc: str, file: Path) -> Read:
    """A read in review.

    Ids of the file are kept; what has none gets one above them. A hair whose unit the file does not tell is of a unit
    of its own.

    Args:
        found: what the file says.
        image: the image that it is of.
        read_id: of the new read.
        reader: whose it will be.
        created_utc: when, ISO 8601 in UTC to the second.
        file: named in errors.

    Raises:
        UserFacingError: if it would not be a valid read; all faults are told.
    """
    faults = Faults(file)
    _refuse_shared_ids(found, faults)
    field_ids = [e.id for e in found.exclusions if e.id is not None]
    known = [*(h.id for h in found.hairs if h.id), *(h.unit for h in found.hairs if h.unit), *field_ids]
    ids = _Ids(max(known, default=0) + 1)
    hairs: dict[int, Hair] = {}
    hair_ids = [one.id or ids.new() for one in found.hairs]  # before any unit's, so that hairs are numbered in order
    for hair_id, one in zip(hair_ids, found.hairs, strict=True):
        with faults.of(one.where):
            hairs[hair_id] = _hair(one, hair_id, image, ids)
    with faults.of("the field"):
        outline = _outline(found, image)
    exclusions = []
    for part in found.exclusions:
        with faults.of(part.where):
            polygon = clean_outline(part.polygon_px, image)
            exclusions.append(Exclusion(part.id or ids.new(), polygon, part.cause))
    comment = ""
    with faults.of("the image"):
        comment = _comment(found.comment)
    faults.raise_if_any()
    unit_ids = sorted({hair.unit_id for hair in hairs.values() if hair.unit_id is not None})
    read = Read(
        id=read_id,
        image_id=image.id,
        reader=reader,
        created_utc=created_utc,
        review=Review(ReadState.IN_REVIEW, comment),
        field=Field(found.shape, outline, tuple(sorted(exclusions, key=lambda e: e.id))),
        hairs=MappingProxyType(dict(sorted(hairs.items()))),
        units=MappingProxyType({i: Unit(i, _comment(found.unit_comments.get(i, ""))) for i in unit_ids}),
        next_id=ids.next,
    )
    for problem in problems(read, image):
        faults.add("the read", problem)
    faults.raise_if_any()
    return read


class _Ids:
    """Gives ids that nothing has yet."""

    def __init__(self, first: int) -> None:
        self.next = first

    def new(self) -> int:
        self.next += 1
        return self.next - 1


def _refuse_shared_ids(found: FoundRead, faults: Faults) -> None:
    hairs = Counter(hair.id for hair in found.hairs if hair.id is not None)
    exclusions = Counter(e.id for e in found.exclusions if e.id is not None)
    units = {hair.unit for hair in found.hairs if hair.unit is not None}
    for id_, n in (hairs + exclusions).items():
        if n + (id_ in units) > 1:
            faults.add(f"the id {id_}", "two hairs, units or exclusions have it")


def _hair(one: FoundHair, hair_id: int, image: ImageRecord, ids: _Ids) -> Hair:
    line = _inside(one.line_px, image)
    moves = moves_on(line)
    widths = np.full(len(line), math.nan) if one.vertex_width_px is None else one.vertex_width_px
    line, widths = line[moves], frozen_array(widths[moves])
    if len(line) < 2 or arc_length(line) < MIN_HAIR_LENGTH_PX:
        raise ValueError(f"it is shorter than {MIN_HAIR_LENGTH_PX:g} px")
    measured = median_width_px(widths)
    is_set = one.width_is_set if one.width_is_set is not None else math.isnan(measured)
    if is_set or math.isnan(measured):
        is_set = not math.isnan(one.width_px)
    width_px = one.width_px if is_set else measured
    for width in (width_px, *widths.tolist()):
        if width <= 0 or math.isinf(width):
            raise ValueError("it has a width that is not positive")
    if not 0 <= one.confidence <= 1:
        raise ValueError("its confidence is not from 0 to 1")
    unit = (one.unit or ids.new()) if one.root_visible else None
    return Hair(
        id=hair_id,
        unit_id=unit,
        vertices_px=frozen_array(line, 2),
        vertex_width_px=widths,
        width_px=width_px,
        width_is_set=is_set,
        confidence=one.confidence,
        origin=one.origin,
        status=one.status,
        root_visible=one.root_visible,
        comment=_comment(one.comment),
    )


def _inside(line_px: FloatArray, image: ImageRecord) -> FloatArray:
    low, high = np.array([-0.5, -0.5]), np.array([image.width_px - 0.5, image.height_px - 0.5])
    inside = np.clip(line_px, low, high)
    beyond = float(np.abs(line_px - inside).max())
    if beyond > MAX_BEYOND_PX:
        raise ValueError(f"it leaves the image, which is {image.width_px} × {image.height_px} px")
    return inside


def _outline(found: FoundRead, image: ImageRecord) -> FloatArray:
    if found.field_px is None:
        return Field.whole_image(image.width_px, image.height_px).polygon_px
    return clean_outline(found.field_px, image)


def _comment(text: str) -> str:
    if not storable(text):
        raise ValueError("its comment has a character that cannot be stored")
    return text.strip()
