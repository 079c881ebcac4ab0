"""How a read comes into a study: a detection is adopted, a reader begins a copy to correct.

Once there, a read is never taken out again.
"""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import shapely

from analysis.detection import DetectedExclusion, Detection, FloatArray
from analysis.geometry import arc_length, moves_on
from workstation.edits.outlines import clipped, image_frame, outline_of
from workstation.errors import EditRefused
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import Hair, Origin, Status, Unit, frozen_array, median_width_px
from workstation.model.patch import Change, Kind, Patch
from workstation.model.read import DETECTOR, DetectionRecord, Read, ReadState, Review
from workstation.model.study import ImageRecord, Study
from workstation.model.validity import MIN_HAIR_LENGTH_PX


def adopt_detection(
    study: Study, image_id: int, detection: Detection, created_utc: str, software_version: str
) -> Patch:
    """A detection as an untouched read beside all others.

    Hairs are numbered from 1 in the order of the detection, then units, then exclusions. Lines, field and exclusions
    are clipped to the image; a hair of which less than 2 px is left is dropped.

    Args:
        study: the study.
        image_id: the image that was detected.
        detection: what was found.
        created_utc: when, ISO 8601 in UTC to the second.
        software_version: of the program that detected.

    Raises:
        EditRefused: if the image does not exist.
    """
    image = _find_image(study, image_id)
    hairs = _adopted_hairs(detection, image)
    unit_ids = sorted({hair.unit_id for hair in hairs if hair.unit_id is not None})
    next_id = max([len(hairs), *unit_ids]) + 1
    field = Field(FieldShape.DETECTED, *_adopted_field(detection, image, next_id))
    read = Read(
        id=_next_read_id(study),
        image_id=image_id,
        reader=DETECTOR,
        created_utc=created_utc,
        review=Review(ReadState.DETECTED),
        field=field,
        hairs=MappingProxyType({hair.id: hair for hair in hairs}),
        units=MappingProxyType({unit_id: Unit(unit_id) for unit_id in unit_ids}),
        next_id=next_id + len(field.exclusions),
        detection=DetectionRecord(
            software_version, detection.parameters, detection.um_per_px, detection.seconds, detection.notes
        ),
    )
    return _new_read("adopt detection", read)


def begin_read(study: Study, from_read_id: int | None, image_id: int, reader: str, created_utc: str) -> Patch:
    """A reader's own copy of a read, in review; a blank one where there is nothing to start from.

    Args:
        study: the study.
        from_read_id: the read to copy, as a rule the detection; None: no hairs, and the whole image as field.
        image_id: the image.
        reader: the reader's name.
        created_utc: when, ISO 8601 in UTC to the second.

    Raises:
        EditRefused: if the image or the read does not exist or do not belong together, or the name is empty or the
            detector's own.
    """
    image = _find_image(study, image_id)
    if not reader.strip() or reader == DETECTOR:
        raise EditRefused("a read needs a reader's name", remedy="Enter your name in the settings.")
    blank = Read(
        id=_next_read_id(study),
        image_id=image_id,
        reader=reader,
        created_utc=created_utc,
        review=Review(ReadState.IN_REVIEW),
        field=Field.whole_image(image.width_px, image.height_px),
    )
    if from_read_id is None:
        return _new_read("begin read", blank)
    source = study.reads.get(from_read_id)
    if source is None or source.image_id != image_id:
        raise EditRefused(f"image {image_id} has no read {from_read_id}")
    copy = replace(
        blank,
        field=source.field,
        hairs=source.hairs,
        units=source.units,
        next_id=source.next_id,
        based_on=source.id,
    )
    return _new_read("begin read", copy, source)


def _new_read(operation: str, read: Read, source: Read | None = None) -> Patch:
    return Patch(operation, None, (Change(Kind.READ, read.id, None, read, source),))


def _next_read_id(study: Study) -> int:
    return max(study.reads, default=0) + 1


def _find_image(study: Study, image_id: int) -> ImageRecord:
    if image_id not in study.images:
        raise EditRefused(f"this study has no image {image_id}")
    return study.images[image_id]


def _adopted_hairs(detection: Detection, image: ImageRecord) -> list[Hair]:
    """The hairs with ids from 1, each naming a unit id above the last hair's."""
    corner = np.array([image.width_px - 0.5, image.height_px - 0.5])
    vertices_px = np.clip(detection.vertices_px, -0.5, corner)
    widths_px = np.where(detection.vertex_width_px > 0, detection.vertex_width_px, np.nan)
    kept: list[tuple[int, FloatArray, FloatArray]] = []
    for index, (start, n) in enumerate(zip(detection.first_vertex, detection.n_vertices, strict=True)):
        line, widths = vertices_px[start : start + n], widths_px[start : start + n]
        moves = moves_on(line)
        if moves.sum() >= 2 and arc_length(line) >= MIN_HAIR_LENGTH_PX:
            kept.append((index, line[moves], widths[moves]))
    first_unit_id = len(kept) + 1
    return [
        _adopted_hair(detection, index, hair_id, first_unit_id, line, widths)
        for hair_id, (index, line, widths) in enumerate(kept, start=1)
    ]


def _adopted_hair(
    detection: Detection, index: int, hair_id: int, first_unit_id: int, line: FloatArray, widths: FloatArray
) -> Hair:
    visible = bool(detection.root_visible[index]) and int(detection.unit[index]) >= 0
    vertex_width_px = frozen_array(widths)
    return Hair(
        id=hair_id,
        unit_id=first_unit_id + int(detection.unit[index]) if visible else None,
        vertices_px=frozen_array(line, 2),
        vertex_width_px=vertex_width_px,
        width_px=median_width_px(vertex_width_px),
        width_is_set=False,
        confidence=float(np.clip(detection.confidence[index], 0.0, 1.0)),
        origin=Origin.DETECTED,
        status=Status.UNREVIEWED,
        root_visible=visible,
    )


def _adopted_field(detection: Detection, image: ImageRecord, next_id: int) -> tuple[FloatArray, tuple[Exclusion, ...]]:
    """The field's outline and its exclusions, numbered from `next_id`, clipped to the image."""
    outlines = _clipped(detection.field_polygon_px, image)
    outline = outline_of(outlines[0] if outlines else image_frame(image))
    parts = [(part, _cause(found)) for found in detection.exclusions for part in _clipped(found.polygon_px, image)]
    exclusions = [Exclusion(next_id + i, outline_of(part), cause) for i, (part, cause) in enumerate(parts)]
    return outline, tuple(exclusions)


def _clipped(polygon_px: FloatArray, image: ImageRecord) -> Sequence[shapely.Polygon]:
    """A detected polygon (M, 2) as simple ones inside the image, the largest first."""
    if len(polygon_px) < 3:
        return []
    polygon = shapely.Polygon(polygon_px)
    return clipped(polygon if polygon.is_valid else shapely.make_valid(polygon), image)


def _cause(found: DetectedExclusion) -> ExclusionCause:
    return ExclusionCause(found.cause) if found.cause in set(ExclusionCause) else ExclusionCause.OTHER
