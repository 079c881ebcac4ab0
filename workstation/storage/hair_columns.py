"""The hairs and units of all reads as columns, without an object a hair where a read came from a file."""

from collections.abc import Mapping, Sequence
from enum import Enum

import numpy as np

from analysis import measures
from analysis.detection import FloatArray, IntArray
from analysis.measures.counts import NO_UNIT, HairColumns, width_classes
from workstation.model.columns import ORIGINS, STATUSES, HairTable, UnitsInColumns, stacked
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study
from workstation.storage.tables import Array, Columns, text_column


def hair_columns(study: Study, reads: Sequence[Read], names: Mapping[int, str]) -> dict[str, Columns]:
    """The groups /hairs, /vertices and /units.

    Args:
        study: the study.
        reads: its reads, in the order of their ids.
        names: of its images, as `image_names` gives them.

    Raises:
        ValueError: if a hair has no points, a root that is not finite, or a width that cannot be.
    """
    tables = [read.table for read in reads]
    in_order = [table.by_id() for table in tables]
    counts = [len(table) for table in tables]
    hairs = stacked(in_order)
    as_they_are = hairs if all(a is b for a, b in zip(tables, in_order, strict=True)) else stacked(tables)
    first = hairs.first_vertex
    scale = np.repeat([_scale(study.images[read.image_id]) for read in reads], counts)
    own: dict[str, Array] = {
        "id": hairs.id,
        "fu": hairs.unit,
        "class": _classes(hairs.width_px * scale, study),
        "width_um": hairs.width_px * scale,
        "width_px": hairs.width_px,
        "width_is_set": hairs.width_is_set,
        "length_um": _lengths_px(hairs) * scale,
        "confidence": hairs.confidence,
        "origin": _values(ORIGINS)[hairs.origin],
        "status": _values(STATUSES)[hairs.status],
        "root_visible": hairs.root_visible,
        "root_x_px": hairs.x_px[first],
        "root_y_px": hairs.y_px[first],
        "first_vertex": first,
        "n_vertices": hairs.n_vertices,
        "comment": _comments(hairs.comment),
    }
    return {
        "hairs": _of_reads(reads, names, counts) | own,
        "vertices": {"x_px": hairs.x_px, "y_px": hairs.y_px, "width_px": hairs.vertex_width_px},
        "units": _unit_columns(reads, names, as_they_are.measured(), counts),
    }


def _unit_columns(
    reads: Sequence[Read], names: Mapping[int, str], hairs: HairColumns, n_hairs: Sequence[int]
) -> Columns:
    """The group /units.

    Args:
        reads: whose units.
        names: of the images.
        hairs: of all reads, one after the other.
        n_hairs: how many of them each read has.
    """
    owned = [_units_of(read) for read in reads]
    counts = [len(ids) for ids, _ in owned]
    ids = np.concatenate([np.empty(0, dtype=np.int64), *(ids for ids, _ in owned)])
    n, centres = _measured_units(ids, counts, hairs, n_hairs)
    return _of_reads(reads, names, counts) | {
        "id": ids,
        "hairs": n,
        "x_px": centres[:, 0],
        "y_px": centres[:, 1],
        "comment": _comments(np.concatenate([np.empty(0, dtype=np.object_), *(texts for _, texts in owned)])),
    }


def _measured_units(
    ids: IntArray, counts: Sequence[int], hairs: HairColumns, n_hairs: Sequence[int]
) -> tuple[IntArray, FloatArray]:
    """The hairs that count of each unit (M,) and the mean of their roots (M, 2), of all reads at once.

    Units of several reads have the same ids: each gets a number that no unit of another read has.
    """
    known = np.unique(ids)
    n, centres = np.zeros(len(ids), dtype=np.int64), np.full((len(ids), 2), np.nan)
    if not len(known):
        return n, centres
    place = np.minimum(np.searchsorted(known, hairs.unit), len(known) - 1)
    is_known = (known[place] == hairs.unit) & (hairs.unit != NO_UNIT)
    of_hair = np.repeat(np.arange(len(n_hairs)), n_hairs) * len(known) + place
    of_unit = np.repeat(np.arange(len(counts)), counts) * len(known) + np.searchsorted(known, ids)
    numbered = HairColumns(hairs.root_px, hairs.width_px, np.where(is_known, of_hair, NO_UNIT), hairs.counts)
    measured = measures.unit_centres(numbered)
    row = np.minimum(np.searchsorted(of_unit, measured.unit), len(of_unit) - 1)
    there = of_unit[row] == measured.unit
    n[row[there]], centres[row[there]] = measured.n_hairs[there], measured.centre_px[there]
    return n, centres


def _units_of(read: Read) -> tuple[IntArray, np.ndarray]:
    """The ids of a read's units, rising, and their comments."""
    units = read.units
    if isinstance(units, UnitsInColumns):
        ids, comments = units.ids, units.comments
        if not (ids[1:] > ids[:-1]).all():
            order = np.argsort(ids)
            ids, comments = ids[order], comments[order]
        return ids, comments
    numbers = sorted(units)
    texts = np.empty(len(numbers), dtype=np.object_)
    texts[:] = [units[i].comment for i in numbers]
    return np.array(numbers, dtype=np.int64), texts


def _of_reads(reads: Sequence[Read], names: Mapping[int, str], counts: Sequence[int]) -> dict[str, Array]:
    """The columns that say for each row of a table to which read it belongs."""
    which = np.repeat(np.arange(len(reads)), np.asarray(counts, dtype=np.int64))
    return {
        "image": text_column([names[r.image_id] for r in reads])[which],
        "read_id": np.array([r.id for r in reads], dtype=np.int64)[which],
        "reader": text_column([r.reader for r in reads])[which],
        "read_state": text_column([r.review.state.value for r in reads])[which],
    }


def _values(members: Sequence[Enum]) -> Array:
    return text_column([str(member.value) for member in members])


def _comments(texts: np.ndarray) -> Array:
    """A column of text of which hardly a row has any."""
    filled = np.flatnonzero(texts != "")
    encoded = text_column(texts[filled].tolist())
    found = np.zeros(len(texts), dtype=encoded.dtype)
    found[filled] = encoded
    return found


def _scale(image: ImageRecord) -> float:
    return float("nan") if image.calibration is None else image.calibration.um_per_px


def _lengths_px(hairs: HairTable) -> FloatArray:
    """Length of each hair (N,) along its points."""
    if not len(hairs):
        return np.empty(0)
    steps = np.hypot(np.diff(hairs.x_px, append=hairs.x_px[-1:]), np.diff(hairs.y_px, append=hairs.y_px[-1:]))
    steps[hairs.first_vertex + hairs.n_vertices - 1] = 0.0  # the step from one line's end to the next one's start
    lengths: FloatArray = np.add.reduceat(steps, hairs.first_vertex)
    return lengths


def _classes(width_um: FloatArray, study: Study) -> Array:
    """The class of each hair, and nothing for one without a width."""
    masks = width_classes(width_um, study.cutoffs.vellus_below_um, study.cutoffs.terminal_from_um)
    names = text_column(["", *masks])
    which = np.zeros(len(width_um), dtype=np.int64)
    for number, mask in enumerate(masks.values(), start=1):
        which[mask] = number
    longest = max((len(name) for name, mask in masks.items() if mask.any()), default=1)
    return names[which].astype(f"S{longest}")
