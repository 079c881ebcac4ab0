"""Which of the many reads of a study may be invalid, told for all at once: `validity` then looks into those alone."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from analysis.detection import BoolArray, FloatArray, IntArray
from analysis.measures.counts import NO_UNIT
from workstation.model.columns import HairsInColumns, HairTable, UnitsInColumns, stacked
from workstation.model.read import Read
from workstation.model.soundness import unsound
from workstation.model.study import ImageRecord, Study
from workstation.model.validity import EDGE_TOLERANCE_PX, MIN_AREA_PX, MIN_HAIR_LENGTH_PX, problems, storable

AT_A_TIME = 256
"""Reads looked at together: enough that numpy is quick, few enough to stay in the processor's cache."""
ID_BITS = 40
"""An id of more bits is looked into: it never came from counting."""
CAUTION = 1e-6
"""An area this near to its limit is left to the rule itself."""


def read_problems(study: Study) -> Iterator[tuple[Read, str]]:
    """Everything that is wrong with the reads of a study, as `validity.problems` says it."""
    reads = list(study.reads.values())
    for start in range(0, len(reads), AT_A_TIME):
        block = reads[start : start + AT_A_TIME]
        images = [study.images[read.image_id] for read in block]
        for place in np.flatnonzero(suspects(block, images)).tolist():
            for problem in problems(block[place], images[place]):
                yield block[place], problem


def suspects(reads: Sequence[Read], images: Sequence[ImageRecord]) -> BoolArray:
    """Of each read (N,) whether it may break a rule; never False where `validity.problems` finds something.

    Args:
        reads: up to 2²³ of them, whose hairs have as many widths as points.
        images: the image of each.
    """
    tables = [read.table for read in reads]
    owner = np.repeat(np.arange(len(reads)), [len(table) for table in tables])
    hairs, units = stacked(tables), _unit_ids(reads)
    unit_owner = np.repeat(np.arange(len(reads)), [len(ids) for ids in units])
    next_id = np.array([min(read.next_id, 1 << ID_BITS) for read in reads], dtype=np.int64)
    size_px = np.array([[image.width_px, image.height_px] for image in images], dtype=np.float64)

    found = np.array([_has_odd_text(read) for read in reads], dtype=np.bool_)
    found |= [read.image_id != image.id for read, image in zip(reads, images, strict=True)]
    found |= [_has_misplaced_hairs(read, table) for read, table in zip(reads, tables, strict=True)]
    found[owner[unsound(hairs, size_px[owner], EDGE_TOLERANCE_PX, MIN_HAIR_LENGTH_PX)]] = True
    said = np.flatnonzero(hairs.comment != "")
    found[owner[[row for row in said.tolist() if not storable(hairs.comment[row])]]] = True
    found |= _has_wrong_units(hairs, owner, np.concatenate(units), unit_owner, len(reads))
    found |= _has_wrong_ids(reads, hairs.id, owner, np.concatenate(units), unit_owner, next_id)
    return found | _has_odd_field([read.field.polygon_px for read in reads], reads, size_px)


def _unit_ids(reads: Sequence[Read]) -> list[IntArray]:
    return [np.fromiter(read.units, dtype=np.int64, count=len(read.units)) for read in reads]


def _has_misplaced_hairs(read: Read, table: HairTable) -> bool:
    return not isinstance(read.hairs, HairsInColumns) and list(read.hairs) != table.id.tolist()


def _has_odd_text(read: Read) -> bool:
    units = read.units
    if isinstance(units, UnitsInColumns):
        comments = units.comments.tolist()
    else:
        comments = [unit.comment if unit.id == key else "\0" for key, unit in units.items()]
    return not (storable(read.review.comment) and all(storable(comment) for comment in comments if comment))


def _keys(owner: IntArray, ids: IntArray) -> IntArray:
    """One number for a read and an id in it."""
    found: IntArray = (owner << ID_BITS) + np.clip(ids, 0, (1 << ID_BITS) - 1)
    return found


def _has_wrong_units(
    hairs: HairTable, owner: IntArray, units: IntArray, unit_owner: IntArray, n_reads: int
) -> BoolArray:
    """Hairs whose unit is not there or at odds with their root, and units without a hair."""
    found, has_unit = np.zeros(n_reads, dtype=np.bool_), hairs.unit != NO_UNIT
    found[owner[has_unit != hairs.root_visible]] = True
    named, there = _keys(owner[has_unit], hairs.unit[has_unit]), _keys(unit_owner, units)
    found[owner[has_unit][np.isin(named, there, invert=True)]] = True
    found[unit_owner[np.isin(there, named, invert=True)]] = True
    found[owner[has_unit & ((hairs.unit < 0) | (hairs.unit >= 1 << ID_BITS))]] = True
    return found


def _has_wrong_ids(
    reads: Sequence[Read], hairs: IntArray, owner: IntArray, units: IntArray, unit_owner: IntArray, next_id: IntArray
) -> BoolArray:
    """Ids that two things share, or that are not from 1 to below the next free one."""
    exclusions = [exclusion.id for read in reads for exclusion in read.field.exclusions]
    exclusion_owner = np.repeat(np.arange(len(reads)), [len(read.field.exclusions) for read in reads])
    owners = np.concatenate([owner, unit_owner, exclusion_owner])
    ids = np.concatenate([hairs, units, np.array(exclusions, dtype=np.int64)])
    found = np.zeros(len(reads), dtype=np.bool_)
    found[owners[(ids < 1) | (ids >= next_id[owners])]] = True
    keys = np.sort(_keys(owners, ids))
    found[keys[1:][keys[1:] == keys[:-1]] >> ID_BITS] = True
    return found


def _has_odd_field(fields: Sequence[FloatArray], reads: Sequence[Read], size_px: FloatArray) -> BoolArray:
    """Outlines that are not simple, small or beyond the image, and exclusions that may leave nothing of a field."""
    exclusions = [(i, e.polygon_px) for i, read in enumerate(reads) for e in read.field.exclusions]
    outlines = [*enumerate(fields), *exclusions]
    if not all(outline.ndim == 2 and outline.shape[1] == 2 and len(outline) > 2 for _, outline in outlines):
        return np.ones(len(reads), dtype=np.bool_)  # hardly ever: then all are looked into
    owner, n = np.array([i for i, _ in outlines]), np.array([len(outline) for _, outline in outlines])
    points_px = np.concatenate([outline for _, outline in outlines])
    first = np.cumsum(n) - n
    is_closed = (points_px[first] == points_px[first + n - 1]).all(axis=1)
    if not np.isfinite(points_px).all() or (n - is_closed < 3).any():
        return np.ones(len(reads), dtype=np.bool_)
    polygons = shapely.polygons(shapely.linearrings(points_px, indices=np.repeat(np.arange(len(n)), n)))
    area: FloatArray = np.asarray(shapely.area(polygons))
    good = shapely.is_valid(polygons) & (area >= MIN_AREA_PX + CAUTION)
    good &= (np.minimum.reduceat(points_px, first) + 0.5 >= -EDGE_TOLERANCE_PX).all(axis=1)
    good &= (np.maximum.reduceat(points_px, first) + 0.5 <= size_px[owner] + EDGE_TOLERANCE_PX).all(axis=1)
    left_out = np.bincount(owner[len(fields) :], weights=area[len(fields) :], minlength=len(reads))
    found = area[: len(fields)] - left_out < MIN_AREA_PX + CAUTION
    found[owner[~good]] = True
    return found
