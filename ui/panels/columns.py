"""Columns of numbers and text that a table shows, sorts and filters: numpy arrays, one value a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtGui import QIcon

from analysis.detection import BoolArray, IntArray

ID = "id"

Values = Mapping[str, np.ndarray]
"""Columns by name, all (N,); `id` (N,) int64, rising."""


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """How a column is called and written."""

    name: str
    title: str
    text: Callable[[Any], str]
    tip: str = ""
    is_number: bool = True
    """Stands at the right; else at the left."""
    icon: Callable[[Any], QIcon | None] | None = None
    sort_key: str = ""
    """The column of values that it is sorted by, where it is another."""


def merged(values: Values, removed: IntArray, fresh: Values) -> Values:
    """The columns without some rows and with others, by rising id.

    Args:
        values: the columns as they are.
        removed: (K,) ids of rows to leave out; those of `fresh` are left out anyway.
        fresh: rows to put in.
    """
    kept = ~np.isin(values[ID], np.concatenate([removed, fresh[ID]]))
    joined = {name: np.concatenate([column[kept], fresh[name]]) for name, column in values.items()}
    order = np.argsort(joined[ID], kind="stable")
    return {name: column[order] for name, column in joined.items()}


def sorted_rows(column: np.ndarray, chosen: BoolArray, *, descending: bool) -> IntArray:
    """The chosen rows in the order of a column's values; what is not known (NaN, empty) always comes last.

    Args:
        column: (N,) numbers or text.
        chosen: (N,) which rows to show.
        descending: from the largest.
    """
    rows = np.flatnonzero(chosen)
    keys = column[rows]
    if keys.dtype == object:
        keys = np.unique(np.array([str(key).casefold() for key in keys] or [""]), return_inverse=True)[1][: len(rows)]
        blank = np.array([not key for key in column[rows]], dtype=np.bool_)
    else:
        blank = np.isnan(keys.astype(np.float64))
        keys = np.where(blank, 0, keys)
    order = np.lexsort((-keys.astype(np.float64) if descending else keys, blank))
    found: IntArray = rows[order]
    return found


def texts(values: list[str]) -> np.ndarray:
    """Text as a column, (N,) of objects."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
