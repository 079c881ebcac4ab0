"""Which parts of a study file depend on which of its bytes, as HDF5's own reading tells.

The reader takes a file part by part: the root, its tables, their columns, and whatever it makes of them follows from
those alone. A part can only come out otherwise if a byte was changed that HDF5 asks for on the way to it, in a file
opened for that part alone. So a changed byte need only be tried on the parts that touch it, through the reader's own
functions, and on the whole reader where one of them comes out otherwise: every byte of a file can so be tried.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from workstation.storage import inspection, reader, schema

Observed = tuple[Any, ...]
Part = Callable[[h5py.File, Path], Observed]
MANY_PARTS = 40
"""A byte that so many parts touch is tried on the whole file."""


@dataclass(frozen=True)
class Touched:
    """The parts of a file, what each gives, and which bytes it touches."""

    parts: tuple[Part, ...]
    values: tuple[Observed, ...]
    bytes_of: np.ndarray[Any, np.dtype[np.bool_]]
    """(P, N): whether HDF5 asks for the byte on the way to the part."""

    def by(self, position: int) -> list[int]:
        """The parts that touch a byte."""
        return np.flatnonzero(self.bytes_of[:, position]).tolist()


def touched_bytes(path: Path) -> Touched:
    """Read every part of a good file by itself, and note what HDF5 asks for."""
    whole = path.read_bytes()
    with h5py.File(path, "r", locking=False) as file:
        parts = tuple(_parts(file))
    values, masks = [], []
    for part in parts:
        log = _Logged(whole)
        with h5py.File(log, "r") as file:
            values.append(part(file, path))
        masks.append(log.mask)
    return Touched(parts, tuple(values), np.array(masks))


def alike(one: Observed, other: Observed) -> bool:
    """Whether two readings of a part are the same to the last bit."""
    return len(one) == len(other) and all(
        np.array_equal(a, b, equal_nan=b.dtype.kind == "f") if isinstance(b, np.ndarray) else a == b
        for a, b in zip(one, other, strict=True)
    )


def _parts(file: h5py.File) -> Iterator[Part]:
    yield _root
    for name in file:
        yield _table(name)
        for column in file[name]:
            yield _column(name, column)


def _root(file: h5py.File, path: Path) -> Observed:
    minor = reader._minor_version(file, path)
    return (minor, reader._attributes(file, minor, path), list(inspection._members(file, path, "its root")))


def _table(name: str) -> Part:
    def observe(file: h5py.File, path: Path) -> Observed:
        group = inspection._open(file, name, path)
        if not isinstance(group, h5py.h5g.GroupID):
            raise inspection.refuse(path, f"/{name} is not a group")
        return tuple(inspection._members(h5py.Group(group), path, f"/{name}"))

    return observe


def _column(table: str, name: str) -> Part:
    limit = None if table == schema.IMAGE_FILES else inspection.MAX_COLUMN_BYTES

    def observe(file: h5py.File, path: Path) -> Observed:
        group = h5py.Group(inspection._open(file, table, path))
        found = inspection._column(group, table, name, path, limit)
        return (found.dtype, found.length, found.dataset[:])

    return observe


class _Logged(io.BytesIO):
    """A file in memory that notes what is read of it."""

    def __init__(self, whole: bytes) -> None:
        super().__init__(whole)
        self.mask = np.zeros(len(whole), dtype=bool)

    def readinto(self, buffer: Any) -> int:
        at = self.tell()
        self.mask[at : at + len(buffer)] = True
        return super().readinto(buffer)
