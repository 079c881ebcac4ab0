"""What makes a read valid: said once, checked whole for a file and in part after an edit."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import shapely

from analysis.detection import FloatArray
from analysis.geometry import SAME_PX, step_lengths
from workstation.model.columns import table_of
from workstation.model.field import Field
from workstation.model.hair import Hair, Unit, median_width_px
from workstation.model.patch import Kind, Patch
from workstation.model.read import Read
from workstation.model.soundness import unsound
from workstation.model.study import ImageRecord

MIN_HAIR_LENGTH_PX = 2.0
"""A shorter line has no direction that could be trusted."""
MIN_AREA_PX = 1.0
"""A region smaller than one pixel is none."""
EDGE_TOLERANCE_PX = 1e-6
"""How far a coordinate may lie beyond the image's edge: rounding, nothing more."""
MANY_HAIRS = 10
"""From so many on it is quicker to look at all at once first."""


def problems(read: Read, image: ImageRecord) -> list[str]:
    """Everything that is wrong with a read of an image, one sentence each; empty when it is valid."""
    used = {hair.unit_id for hair in read.hairs.values()}
    found = [] if read.image_id == image.id else [f"read {read.id} is not of image {image.id}"]
    found += _misplaced(Kind.HAIR, read.hairs) + _misplaced(Kind.UNIT, read.units)
    suspects = _suspects(list(read.hairs.values()), image)
    for hair in read.hairs.values():
        found += _hair_problems(hair, read, image) if hair.id in suspects else _place_problems(hair, read)
    found += [_empty_unit(unit_id) for unit_id in read.units if unit_id not in used]
    found += _comment_problems("the image", read.review.comment)
    for unit in read.units.values():
        found += _comment_problems(f"unit {unit.id}", unit.comment)
    found += _field_problems(read.field, image)
    found += _id_problems(read, [*read.hairs, *read.units, *(e.id for e in read.field.exclusions)])
    return found


def problems_after(before: Read, after: Read, patch: Patch, image: ImageRecord) -> list[str]:
    """What a patch made wrong in its read: the same rules, looked up only where it changed something.

    It also finds a new hair, unit or exclusion with an id that was used before.

    Args:
        before: the valid read that the patch was applied to.
        after: the read with the patch.
        patch: a new edit; the undoing of one brings old ids back and is not checked.
        image: the read's image.
    """
    found: list[str] = []
    touched: list[int] = []
    hairs = [after.hairs[c.id] for c in patch.changes if c.kind is Kind.HAIR and c.id in after.hairs]
    suspects = _suspects(hairs, image)
    for change in patch.changes:
        match change.kind:
            case Kind.HAIR if change.id in after.hairs:
                hair = after.hairs[change.id]
                found += _hair_problems(hair, after, image) if hair.id in suspects else _place_problems(hair, after)
                touched.append(change.id)
            case Kind.UNIT if change.id in after.units:
                found += _comment_problems(f"unit {change.id}", after.units[change.id].comment)
                touched.append(change.id)
            case Kind.FIELD:
                found += _field_problems(after.field, image)
                touched += [e.id for e in after.field.exclusions]
            case Kind.REVIEW:
                found += _comment_problems("the image", after.review.comment)
            case _:
                pass
    found += _orphan_problems(after, patch)
    found += _id_problems(after, touched)
    known = (before.hairs, before.units, {e.id for e in before.field.exclusions})
    reused = (i for i in touched if i < before.next_id and not any(i in ids for ids in known))
    return found + [f"the id {id_} was used before" for id_ in reused]


def _suspects(hairs: Sequence[Hair], image: ImageRecord) -> set[int]:
    """The ids of the hairs whose own values must be looked into; of many, most are found sound at once."""
    if len(hairs) < MANY_HAIRS:
        return {hair.id for hair in hairs}
    shaped = [hair for hair in hairs if _has_shape(hair)]
    size_px = np.array([image.width_px, image.height_px], dtype=np.float64)
    bad = unsound(table_of(shaped), size_px, EDGE_TOLERANCE_PX, MIN_HAIR_LENGTH_PX).tolist()
    suspects = {hair.id for hair, is_bad in zip(shaped, bad, strict=True) if is_bad or hair.comment}
    return suspects | {hair.id for hair in hairs if not _has_shape(hair)}


def _has_shape(hair: Hair) -> bool:
    n = len(hair.vertices_px)
    return hair.vertices_px.shape == (n, 2) and hair.vertex_width_px.shape == (n,)


def _hair_problems(hair: Hair, read: Read, image: ImageRecord) -> list[str]:
    name = f"hair {hair.id}"
    line, widths = hair.vertices_px, hair.vertex_width_px
    if line.ndim != 2 or line.shape[1:] != (2,) or len(line) < 2:
        return [f"{name} has fewer than two points"]
    if widths.shape != (len(line),):
        return [f"{name} has {len(line)} points but {widths.size} widths"]
    return list(_line_problems(name, line, image)) + list(_value_problems(name, hair)) + _place_problems(hair, read)


def _line_problems(name: str, line: FloatArray, image: ImageRecord) -> Iterator[str]:
    if not np.isfinite(line).all():
        yield f"{name} has a point without a place"
        return
    if not inside_image(line, image):
        yield f"{name} leaves the image"
    steps_px = step_lengths(line)
    if (steps_px <= SAME_PX).any():
        yield f"{name} has the same point twice in a row"
    if steps_px.sum() < MIN_HAIR_LENGTH_PX:
        yield f"{name} is shorter than {MIN_HAIR_LENGTH_PX:g} px"


def _value_problems(name: str, hair: Hair) -> Iterator[str]:
    measured = hair.vertex_width_px[~np.isnan(hair.vertex_width_px)]
    if not (np.isfinite(measured).all() and (measured > 0).all()):
        yield f"{name} has a width that is not positive"
    elif hair.width_is_set:
        if not 0 < hair.width_px < math.inf:
            yield f"{name} has a width that is not positive"
    elif not _same_number(hair.width_px, median_width_px(hair.vertex_width_px)):
        yield f"the width of {name} is not the median of its measured widths"
    if not 0 <= hair.confidence <= 1:
        yield f"the confidence of {name} is not from 0 to 1"
    yield from _comment_problems(name, hair.comment)


def _same_number(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-9)


def _place_problems(hair: Hair, read: Read) -> list[str]:
    if hair.unit_id is None:
        return [f"hair {hair.id} belongs to no unit"] if hair.root_visible else []
    if not hair.root_visible:
        return [f"hair {hair.id} belongs to a unit although its root is not visible"]
    return [] if hair.unit_id in read.units else [f"hair {hair.id} names unit {hair.unit_id}, which does not exist"]


def _field_problems(field: Field, image: ImageRecord) -> list[str]:
    found = _outline_problems("the field", field.polygon_px, image)
    for exclusion in field.exclusions:
        found += _outline_problems(f"exclusion {exclusion.id}", exclusion.polygon_px, image)
    if not found and shapely.area(field.region()) < MIN_AREA_PX:
        found.append("the exclusions leave nothing of the field")
    return found


def _outline_problems(name: str, polygon_px: FloatArray, image: ImageRecord) -> list[str]:
    if polygon_px.ndim != 2 or polygon_px.shape[1:] != (2,) or len(polygon_px) < 3:
        return [f"the outline of {name} has fewer than three points"]
    if not np.isfinite(polygon_px).all():
        return [f"the outline of {name} has a point without a place"]
    polygon = shapely.Polygon(polygon_px)
    if not polygon.is_valid:
        return [f"the outline of {name} crosses or touches itself"]
    found = [] if polygon.area >= MIN_AREA_PX else [f"{name} is smaller than one pixel"]
    return found if inside_image(polygon_px, image) else [*found, f"{name} leaves the image"]


def inside_image(points_px: FloatArray, image: ImageRecord) -> bool:
    """Whether all points (N, 2) lie in the image, the outer edge of its border pixels included."""
    lowest, highest = points_px.min(axis=0) + 0.5, points_px.max(axis=0) + 0.5
    slack = EDGE_TOLERANCE_PX
    return bool(
        (lowest >= -slack).all() and highest[0] <= image.width_px + slack and highest[1] <= image.height_px + slack
    )


def _comment_problems(name: str, comment: str) -> list[str]:
    return [] if storable(comment) else [f"the comment on {name} has a character that cannot be stored"]


def storable(text: str) -> bool:
    """Whether a file can hold a text: no null character, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _orphan_problems(after: Read, patch: Patch) -> list[str]:
    """Units that a patch left or made without a hair, or removed although hairs name them."""
    doubtful: set[int] = set()
    for change in patch.changes:
        if change.kind is Kind.UNIT:
            doubtful.add(change.id)
        elif isinstance(change.before, Hair) and change.before.unit_id is not None:
            kept = isinstance(change.after, Hair) and change.after.unit_id == change.before.unit_id
            doubtful |= set() if kept else {change.before.unit_id}
    if not doubtful:
        return []
    used = {hair.unit_id for hair in after.hairs.values()}
    found = [_empty_unit(i) for i in sorted(doubtful) if i in after.units and i not in used]
    return found + [f"unit {i} is gone but has hairs" for i in sorted(doubtful) if i in used and i not in after.units]


def _empty_unit(unit_id: int) -> str:
    return f"unit {unit_id} has no hair"


def _misplaced(kind: Kind, values: Mapping[int, Hair] | Mapping[int, Unit]) -> list[str]:
    return [f"{kind} {value.id} is kept under the id {key}" for key, value in values.items() if value.id != key]


def _id_problems(read: Read, ids: Iterable[int]) -> list[str]:
    """Ids that two things share, or that are not below the next free one."""
    exclusions = [e.id for e in read.field.exclusions]
    found: list[str] = []
    for id_ in ids:
        if (id_ in read.hairs) + (id_ in read.units) + exclusions.count(id_) > 1:
            found.append(f"the id {id_} is used twice")
        if not 1 <= id_ < read.next_id:
            found.append(f"the id {id_} is not below the next free id {read.next_id}")
    return list(dict.fromkeys(found))
