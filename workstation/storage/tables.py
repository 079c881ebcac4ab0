"""What the tables of a study file are made of: columns, their types, and arrays of these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]
Columns = Mapping[str, Array]
"""The columns of one group by name, all of one length."""

NO_ID = -1
"""Stands in an integer column where there is no id."""


class Type(Enum):
    """What a column holds, by numpy's letter for it."""

    TEXT = "S"
    """UTF-8 of fixed length, filled up with null bytes."""
    INTEGER = "i"
    """64 bits, signed."""
    NUMBER = "f"
    """64-bit float; NaN where a value is unknown or undefined."""
    FLAG = "b"
    """True or false, an HDF5 enumeration."""
    BYTES = "u"
    """8 bits, unsigned."""

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """The column's numpy type; for text the shortest."""
        return np.dtype({"S": "S1", "i": "<i8", "f": "<f8", "b": "?", "u": "u1"}[self.value])


@dataclass(frozen=True, slots=True)
class Column:
    """One dataset."""

    name: str
    type: Type
    description: str
    units: str = ""
    derived: bool = False
    """Computed on saving for other programs; not read back."""
    since: int = 0
    """The minor version of the format that first had it."""
    absent: int | str | None = None
    """What an older file is read as where it has the table without this column; None: such a table has no rows."""


@dataclass(frozen=True, slots=True)
class Group:
    """One table."""

    name: str
    description: str
    columns: tuple[Column, ...]
    since: int = 0
    """The minor version of the format that first had it."""

    def columns_in(self, minor: int) -> tuple[Column, ...]:
        """The columns that a file of a minor version has."""
        return tuple(c for c in self.columns if max(self.since, c.since) <= minor)


def text(name: str, description: str, *, derived: bool = False, since: int = 0) -> Column:
    """A column of text, empty in files that are older."""
    return Column(name, Type.TEXT, description, "", derived, since, "")


def integer(
    name: str, description: str, units: str = "", *, derived: bool = False, since: int = 0, absent: int | None = None
) -> Column:
    """A column of whole numbers."""
    return Column(name, Type.INTEGER, description, units, derived, since, absent)


def number(name: str, description: str, units: str = "", *, derived: bool = False, since: int = 0) -> Column:
    """A column of numbers."""
    return Column(name, Type.NUMBER, description, units, derived, since)


def flag(name: str, description: str, *, derived: bool = False, since: int = 0) -> Column:
    """A column of true and false."""
    return Column(name, Type.FLAG, description, "", derived, since)


def text_column(values: Sequence[str]) -> Array:
    """Fixed-length UTF-8, as short as the longest value allows.

    Raises:
        ValueError: for text with a null character or half of a surrogate pair, which a file cannot hold.
    """
    encoded = [value.encode() for value in values]
    if any(b"\0" in value for value in encoded):
        raise ValueError("a text has a null character, which cannot be stored")
    width = max((len(value) for value in encoded), default=0)
    return np.array(encoded, dtype=f"S{max(width, 1)}")


def array_of(type_: Type, values: Sequence[object]) -> Array:
    """An array of a column's type."""
    return text_column([str(v) for v in values]) if type_ is Type.TEXT else np.array(values, dtype=type_.dtype)


def table(columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> dict[str, Array]:
    """The arrays of some columns from rows of their values."""
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    return {c.name: array_of(c.type, tuple(v)) for c, v in zip(columns, values, strict=True)}


def starts_of(lengths: Sequence[int]) -> list[int]:
    """Where each of several pieces begins when they stand one after the other."""
    ends = np.cumsum(lengths, dtype=np.int64)
    starts: list[int] = (ends - np.asarray(lengths, dtype=np.int64)).tolist()
    return starts
