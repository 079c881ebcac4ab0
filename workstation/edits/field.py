"""The measured field: its outline and what is left out of it, drawn or painted."""

from collections.abc import Iterable
from dataclasses import replace

import shapely
from numpy.typing import ArrayLike

from workstation.edits.drafting import Draft, NothingToDo
from workstation.edits.outlines import brushed, circle, clean_outline, outline_of, polygons, rectangle
from workstation.errors import EditRefused
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.patch import Patch
from workstation.model.read import Read
from workstation.model.study import ImageRecord


def set_field_polygon(read: Read, image: ImageRecord, polygon_px: ArrayLike) -> Patch:
    """Measure inside a drawn polygon (M, 2), clipped to the image. Exclusions stay.

    Raises:
        EditRefused: if the polygon has fewer than three points, crosses itself, misses the image, or is cut into
            several parts by its edge.
        NothingToDo: if it is the field already.
    """
    return _outlined(read, image, FieldShape.POLYGON, polygon_px, "set field polygon")


def set_field_rectangle(read: Read, image: ImageRecord, corner_px: ArrayLike, opposite_px: ArrayLike) -> Patch:
    """Measure inside the upright rectangle between two opposite corners (2,), clipped to the image.

    Raises:
        EditRefused: if a corner is not two finite numbers, or nothing of the image lies in it.
        NothingToDo: if it is the field already.
    """
    return _outlined(read, image, FieldShape.RECTANGLE, rectangle(corner_px, opposite_px), "set field rectangle")


def set_field_circle(read: Read, image: ImageRecord, centre_px: ArrayLike, radius_px: float) -> Patch:
    """Measure inside a circle, kept as a polygon of 128 vertices with the same area, clipped to the image.

    Raises:
        EditRefused: if the centre is not two finite numbers, the radius is not positive, or nothing of the image lies
            in it.
        NothingToDo: if it is the field already.
    """
    return _outlined(read, image, FieldShape.CIRCLE, circle(centre_px, radius_px), "set field circle")


def set_field_image(read: Read, image: ImageRecord) -> Patch:
    """Measure the whole image. Exclusions stay.

    Raises:
        NothingToDo: if it is the field already.
    """
    whole = Field.whole_image(image.width_px, image.height_px)
    return _with_field(read, replace(whole, exclusions=read.field.exclusions), "set field to image")


def add_exclusion(
    read: Read, image: ImageRecord, polygon_px: ArrayLike, cause: ExclusionCause = ExclusionCause.OTHER
) -> Patch:
    """Leave the region inside a drawn polygon (M, 2) out of the field.

    Raises:
        EditRefused: if the polygon is not a simple one in the image, or nothing of the field would be left.
    """
    draft = Draft(read)
    added = Exclusion(draft.new_id(), clean_outline(polygon_px, image), cause)
    return _with_exclusions(draft, [*read.field.exclusions, added], "add exclusion")


def remove_exclusions(read: Read, exclusion_ids: Iterable[int]) -> Patch:
    """Count regions again that were left out.

    Raises:
        EditRefused: if an exclusion does not exist or none is given.
    """
    gone = {_find(read, i).id for i in exclusion_ids}
    if not gone:
        raise EditRefused("no excluded region is selected", remedy="Select one or more first.")
    return _with_exclusions(Draft(read), [e for e in read.field.exclusions if e.id not in gone], "remove exclusions")


def reshape_exclusion(read: Read, image: ImageRecord, exclusion_id: int, polygon_px: ArrayLike) -> Patch:
    """Give an exclusion another outline (M, 2).

    Raises:
        EditRefused: if it does not exist, the polygon is not a simple one in the image, or nothing of the field would
            be left.
        NothingToDo: if it is the old outline.
    """
    after = replace(_find(read, exclusion_id), polygon_px=clean_outline(polygon_px, image))
    return _with_exclusions(Draft(read), _exchanged(read, after), "reshape exclusion")


def set_exclusion_cause(read: Read, exclusion_id: int, cause: ExclusionCause) -> Patch:
    """Say why a region is left out.

    Raises:
        EditRefused: if it does not exist.
        NothingToDo: if that is the cause already.
    """
    after = replace(_find(read, exclusion_id), cause=cause)
    return _with_exclusions(Draft(read), _exchanged(read, after), "set exclusion cause")


def paint_exclusion(read: Read, image: ImageRecord, stroke_px: ArrayLike, radius_px: float) -> Patch:
    """Leave out what a round brush covers along a stroke (K, 2).

    Painted regions that it touches become one with it, under the lowest of their ids. A ring is kept as two halves.

    Raises:
        EditRefused: if the stroke misses the image, its radius is not positive, or nothing of the field would be left.
        NothingToDo: if the region was painted already.
    """
    region = brushed(stroke_px, radius_px, image)
    touched = [
        e
        for e in read.field.exclusions
        if e.cause is ExclusionCause.PAINTED and shapely.intersects(region, shapely.Polygon(e.polygon_px))
    ]
    old = [shapely.Polygon(e.polygon_px) for e in touched]
    if old and shapely.covers(shapely.union_all(old), region):
        raise NothingToDo
    draft = Draft(read)
    kept = [e for e in read.field.exclusions if e not in touched]
    parts = polygons(shapely.union_all([region, *old]))
    painted = _numbered(draft, parts, sorted(e.id for e in touched), ExclusionCause.PAINTED)
    return _with_exclusions(draft, kept + painted, "paint exclusion")


def erase_exclusion(read: Read, image: ImageRecord, stroke_px: ArrayLike, radius_px: float) -> Patch:
    """Count again what a round brush covers along a stroke (K, 2), whatever it was left out for.

    An exclusion that falls apart keeps its id for the largest part; what is smaller than a pixel vanishes.

    Raises:
        EditRefused: if the stroke misses the image or its radius is not positive.
        NothingToDo: if nothing is left out there.
    """
    region = brushed(stroke_px, radius_px, image)
    draft = Draft(read)
    after: list[Exclusion] = []
    for exclusion in read.field.exclusions:
        polygon = shapely.Polygon(exclusion.polygon_px)
        if polygon.intersection(region).area == 0:
            after.append(exclusion)
        else:
            after += _numbered(draft, polygons(polygon.difference(region)), [exclusion.id], exclusion.cause)
    return _with_exclusions(draft, after, "erase exclusion")


def _numbered(draft: Draft, parts: list[shapely.Polygon], ids: list[int], cause: ExclusionCause) -> list[Exclusion]:
    """Polygons as exclusions: the first ones take the given ids, the others new ones."""
    return [
        Exclusion(ids[i] if i < len(ids) else draft.new_id(), outline_of(part), cause) for i, part in enumerate(parts)
    ]


def _find(read: Read, exclusion_id: int) -> Exclusion:
    for exclusion in read.field.exclusions:
        if exclusion.id == exclusion_id:
            return exclusion
    raise EditRefused(f"this read has no excluded region {exclusion_id}")


def _exchanged(read: Read, after: Exclusion) -> list[Exclusion]:
    return [after if e.id == after.id else e for e in read.field.exclusions]


def _outlined(read: Read, image: ImageRecord, shape: FieldShape, polygon_px: ArrayLike, operation: str) -> Patch:
    return _with_field(read, Field(shape, clean_outline(polygon_px, image), read.field.exclusions), operation)


def _with_exclusions(draft: Draft, exclusions: list[Exclusion], operation: str) -> Patch:
    ordered = tuple(sorted(exclusions, key=lambda e: e.id))
    draft.put(replace(draft.read.field, exclusions=ordered))
    return draft.patch(operation)


def _with_field(read: Read, field: Field, operation: str) -> Patch:
    draft = Draft(read)
    draft.put(field)
    return draft.patch(operation)
