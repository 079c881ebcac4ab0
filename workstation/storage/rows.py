"""Rows of values from the columns of a file's tables."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from analysis.detection import FloatArray, IntArray
from workstation.storage.tables import Columns


def rows_of(columns: Columns) -> Iterator[dict[str, Any]]:
    """The rows of a table, each value under its column's name."""
    lists = [values_of(array) for array in columns.values()]
    return (dict(zip(columns, values, strict=True)) for values in zip(*lists, strict=True))


def values_of(array: np.ndarray) -> list[Any]:
    """The values of a column as Python's own."""
    if array.dtype.kind != "S":
        values: list[Any] = array.tolist()
        return values
    known: dict[bytes, str] = {}  # a text column repeats few texts many times
    return [known[v] if v in known else known.setdefault(v, v.decode()) for v in array.tolist()]


def by_id(values: Iterator[Any], what: str) -> dict[Any, Any]:
    """Values under their ids.

    Raises:
        ValueError: if two have the same.
    """
    found: dict[Any, Any] = {}
    for value in values:
        if value.id in found:
            raise ValueError(f"{what} {value.id} is there twice")
        found[value.id] = value
    return found


def pieces_of(first: np.ndarray, count: np.ndarray, n_points: int) -> Callable[[int], slice]:
    """Which rows of a table of points belong to row i: one piece after the other, without gaps.

    Raises:
        ValueError: if the pieces do not make up the table.
    """
    stops = stops_of(first, count, n_points)
    begin, end = np.asarray(first, dtype=np.int64).tolist(), stops.tolist()
    return lambda i: slice(begin[i], end[i])


def stops_of(first: np.ndarray, count: np.ndarray, n_points: int) -> IntArray:
    """Where each piece of a table of points ends, (N,): one after the other, without gaps.

    Raises:
        ValueError: if the pieces do not make up the table.
    """
    starts: IntArray = np.asarray(first, dtype=np.int64)
    lengths: IntArray = np.asarray(count, dtype=np.int64)
    stops: IntArray = np.cumsum(lengths)
    impossible = (lengths < 0) | (lengths > n_points)
    if impossible.any() or not np.array_equal(starts, stops - lengths) or stops[-1:].sum() != n_points:
        raise ValueError("the table of points does not fit")
    return stops


def frozen(array: FloatArray) -> FloatArray:
    """The array, from now on read-only."""
    array.flags.writeable = False
    return array
