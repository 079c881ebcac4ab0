"""The hairs and units of each read from the columns of a file, checked whole and kept as columns."""

from collections.abc import Iterator, Sequence
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from analysis.detection import IntArray
from workstation.model.columns import ORIGINS, STATUSES, HairsInColumns, HairTable, UnitsInColumns
from workstation.storage.rows import stops_of
from workstation.storage.tables import Array, Columns


def hairs_by_read(columns: Columns, vertices: Columns) -> dict[int, HairsInColumns]:
    """The hairs of each read that has any, by the read's id.

    Raises:
        ValueError: if the points do not fit, a hair has none or is there twice, or a value is none that it may have.
    """
    points = [np.asarray(vertices[name], dtype=np.float64) for name in ("x_px", "y_px", "width_px")]
    stops_of(columns["first_vertex"], columns["n_vertices"], len(points[0]))
    n_vertices: IntArray = np.asarray(columns["n_vertices"], dtype=np.int64)
    if (n_vertices < 1).any():  # it has no root, and nothing could be measured
        raise ValueError("a hair has no points")
    of_read: IntArray = np.asarray(columns["read_id"], dtype=np.int64)
    table = HairTable(
        id=np.asarray(columns["id"], dtype=np.int64),
        unit=np.asarray(columns["fu"], dtype=np.int64),
        n_vertices=n_vertices,
        width_px=np.asarray(columns["width_px"], dtype=np.float64),
        width_is_set=np.asarray(columns["width_is_set"], dtype=np.bool_),
        confidence=np.asarray(columns["confidence"], dtype=np.float64),
        origin=_codes(columns["origin"], ORIGINS),
        status=_codes(columns["status"], STATUSES),
        root_visible=np.asarray(columns["root_visible"], dtype=np.bool_),
        comment=_texts(columns["comment"]),
        x_px=points[0],
        y_px=points[1],
        vertex_width_px=points[2],
    )
    if (order := _order(of_read)) is not None:
        of_read, table = of_read[order], table.taken(order)
    for name in HairTable.__dataclass_fields__:
        getattr(table, name).flags.writeable = False
    _refuse_repeated(of_read, table.id, "hair")
    stops = np.concatenate([[0], np.cumsum(table.n_vertices)])  # no list of a million: it holds up all other threads
    return {
        read_id: HairsInColumns(table, rows, slice(int(stops[rows.start]), int(stops[rows.stop])))
        for read_id, rows in _runs(of_read)
    }


def units_by_read(columns: Columns) -> dict[int, UnitsInColumns]:
    """The units of each read that has any, by the read's id.

    Raises:
        ValueError: if a unit is there twice, or a comment is no text.
    """
    of_read: IntArray = np.asarray(columns["read_id"], dtype=np.int64)
    ids: IntArray = np.asarray(columns["id"], dtype=np.int64)
    comments = _texts(columns["comment"])
    if (order := _order(of_read)) is not None:
        of_read, ids, comments = of_read[order], ids[order], comments[order]
    ids.flags.writeable = comments.flags.writeable = False
    _refuse_repeated(of_read, ids, "unit")
    return {read_id: UnitsInColumns(ids[rows], comments[rows]) for read_id, rows in _runs(of_read)}


def _codes(column: Array, values: Sequence[Enum]) -> NDArray[np.uint8]:
    """For each text which of the values it is."""
    found = np.full(len(column), len(values), dtype=np.uint8)
    for code, value in enumerate(values):
        found[column == str(value.value).encode()] = code
    if (unknown := found == len(values)).any():
        raise ValueError(f"{column[unknown][0].decode()!r} is not among the values of that column")
    return found


def _texts(column: Array) -> NDArray[np.object_]:
    """A column of text, most of it empty as a rule."""
    found = np.full(len(column), "", dtype=np.object_)
    filled = np.flatnonzero(column != b"")
    for row, text in zip(filled.tolist(), column[filled].tolist(), strict=True):
        found[row] = text.decode()
    return found


def _order(of_read: IntArray) -> IntArray | None:
    """What puts the rows of each read together; None where they are."""
    return None if (of_read[1:] >= of_read[:-1]).all() else np.argsort(of_read, kind="stable")


def _runs(of_read: IntArray) -> Iterator[tuple[int, slice]]:
    """The reads in sorted rows, and the rows of each."""
    changes = (np.flatnonzero(of_read[1:] != of_read[:-1]) + 1).tolist()
    starts, stops = ([0, *changes], [*changes, len(of_read)]) if len(of_read) else ([], [])
    return ((int(of_read[start]), slice(start, stop)) for start, stop in zip(starts, stops, strict=True))


def _refuse_repeated(of_read: IntArray, ids: IntArray, what: str) -> None:
    if ((of_read[1:] > of_read[:-1]) | (ids[1:] > ids[:-1])).all():
        return
    order = np.lexsort((ids, of_read))
    of_read, ids = of_read[order], ids[order]
    twice = np.flatnonzero((np.diff(of_read) == 0) & (np.diff(ids) == 0))
    if len(twice):
        raise ValueError(f"{what} {ids[twice[0]]} of read {of_read[twice[0]]} is there twice")
