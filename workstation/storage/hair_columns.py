"""The hairs and units of all reads as columns, without an object a hair where a read came from a file."""

from collections.abc import Mapping, Sequence
from enum import Enum

import numpy as np

from analysis import measures
from analysis.detection import FloatArray, IntArray
from analysis.measures.counts import width_classes
from workstation.model.columns import ORIGINS, STATUSES, HairTable, UnitsInColumns, stacked
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study
from workstation.storage.tables import Array, Columns, text_column


def hair_columns(study: Study, reads: Sequence[Read], names: Mapping[int, str]) -> dict[str, Columns]:
    """The groups /hairs and /vertices.

    Args:
        study: the study.
        reads: its reads, in the order of their ids.
        names: of its images, as `image_names` gives them.
    """
    tables = [read.table.by_id() for read in reads]
    counts = [len(table) for table in tables]
    hairs = stacked(tables)
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
    }


def unit_columns(reads: Sequence[Read], names: Mapping[int, str]) -> Columns:
    """The group /units. Arguments as for `hair_columns`."""
    counts = [len(read.units) for read in reads]
    ids, comments, n_hairs, centres = [], [], [], []
    for read in reads:
        own, texts = _units_of(read)
        measured = measures.unit_centres(read.columns)
        n, centre = np.zeros(len(own), dtype=np.int64), np.full((len(own), 2), np.nan)
        place = np.searchsorted(own, measured.unit)
        there = own[np.minimum(place, len(own) - 1)] == measured.unit if len(own) else np.zeros(len(place), np.bool_)
        n[place[there]], centre[place[there]] = measured.n_hairs[there], measured.centre_px[there]
        ids.append(own)
        comments.append(texts)
        n_hairs.append(n)
        centres.append(centre)
    places = np.concatenate([np.empty((0, 2)), *centres])
    none = np.empty(0, dtype=np.int64)
    return _of_reads(reads, names, counts) | {
        "id": np.concatenate([none, *ids]),
        "hairs": np.concatenate([none, *n_hairs]),
        "x_px": places[:, 0],
        "y_px": places[:, 1],
        "comment": _comments(np.concatenate([np.empty(0, dtype=np.object_), *comments])),
    }


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
