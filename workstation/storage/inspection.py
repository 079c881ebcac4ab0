"""What a study file may consist of, checked before anything in it is read.

A file from a stranger can make HDF5 read other files (external links and storage, virtual datasets), load code (filter
plugins) or ask for more memory than there is. Only hard links to plain groups and 1-D columns with the built-in
filters pass, and no column may claim more than its stored bytes can hold.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from workstation.errors import UserFacingError
from workstation.storage import schema
from workstation.storage.tables import Type

ALLOWED_FILTERS = frozenset({h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32})
MAX_COLUMN_BYTES = 1 << 30
MAX_TOTAL_BYTES = 2 << 30
"""Of all columns together, unpacked; embedded images apart."""
MAX_CHUNK_BYTES = 64 << 20
MAX_MEMBERS = 256
"""Of the root and of a table; a study has about a hundred columns in all."""
MAX_ATTRIBUTE_BYTES = 4096
DEFLATE_RATIO = 1100
"""Deflate packs at most 1032 to 1: a column that claims more was never written."""
_NAME = re.compile(r"[A-Za-z0-9_]{1,64}")


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column that may be read."""

    group: str
    name: str
    dtype: np.dtype[np.generic]
    length: int
    dataset: h5py.Dataset


def refuse(path: Path, what: str) -> UserFacingError:
    """A file that is not read because of what it is made of."""
    return UserFacingError(
        f"the file is not read because {what}", file=path, remedy="Ask whoever sent it for a study saved by trichodesk."
    )


def inspect(file: h5py.File, path: Path) -> list[FoundColumn]:
    """All columns of a study file, embedded images included.

    Raises:
        UserFacingError: if the file has a part that is not allowed.
    """
    columns: list[FoundColumn] = []
    for group_name in _members(file, path, "its root"):
        group = _open(file, group_name, path)
        if not isinstance(group, h5py.h5g.GroupID):
            raise refuse(path, f"/{group_name} is not a group")
        table = h5py.Group(group)
        limit = None if group_name == schema.IMAGE_FILES else MAX_COLUMN_BYTES
        for name in _members(table, path, f"/{group_name}", limit=100_000 if limit is None else MAX_MEMBERS):
            columns.append(_column(table, group_name, name, path, limit))
    total = sum(c.length * c.dtype.itemsize for c in columns if c.group != schema.IMAGE_FILES)
    if total > MAX_TOTAL_BYTES:
        raise refuse(path, f"its tables claim {total / 2**30:.1f} GiB")
    return columns


def root_attribute(file: h5py.File, name: str, path: Path) -> str | int | float:
    """A root attribute: a short text or a number.

    Raises:
        UserFacingError: if it is missing or something else.
    """
    missing = UserFacingError(
        f"the study file has no proper attribute `{name}`", file=path, remedy="Open a backup of it, or another study."
    )
    if not h5py.h5a.exists(file.id, name.encode()):
        raise missing
    attribute = h5py.h5a.open(file.id, name.encode())
    kind = attribute.get_type()
    is_text = isinstance(kind, h5py.h5t.TypeStringID) and not kind.is_variable_str()
    is_number = isinstance(kind, h5py.h5t.TypeIntegerID | h5py.h5t.TypeFloatID)
    if not (is_text or is_number) or attribute.shape != () or attribute.get_storage_size() > MAX_ATTRIBUTE_BYTES:
        raise missing
    value = file.attrs[name]
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, np.generic):
        value = value.item()
    if not isinstance(value, str | int | float):
        raise missing
    return value


def _members(group: h5py.Group, path: Path, where: str, *, limit: int = MAX_MEMBERS) -> Iterator[str]:
    if len(group) > limit:
        raise refuse(path, f"{where} has {len(group)} members")
    for name in group:
        if not _NAME.fullmatch(name):
            raise refuse(path, f"{where} has a member with a strange name")
        link = group.get(name, getlink=True)
        if not isinstance(link, h5py.HardLink):
            raise refuse(path, f"{where} has a link to another place ({name})")
        yield name


def _open(group: h5py.Group, name: str, path: Path) -> h5py.h5g.GroupID | h5py.h5d.DatasetID:
    found = h5py.h5o.open(group.id, name.encode())
    if not isinstance(found, h5py.h5g.GroupID | h5py.h5d.DatasetID):
        raise refuse(path, f"{name} is neither a group nor a column")
    return found


def _column(group: h5py.Group, group_name: str, name: str, path: Path, max_bytes: int | None) -> FoundColumn:
    where = f"/{group_name}/{name}"
    found = _open(group, name, path)
    if not isinstance(found, h5py.h5d.DatasetID):
        raise refuse(path, f"{where} is not a column")
    properties = found.get_create_plist()
    # before the shape: asking a virtual dataset for its shape opens other files
    if properties.get_layout() == h5py.h5d.VIRTUAL or properties.get_external_count():
        raise refuse(path, f"{where} takes its values from another file")
    if properties.get_layout() == h5py.h5d.CHUNKED:
        chunk_bytes = math.prod(properties.get_chunk()) * found.get_type().get_size()
        if chunk_bytes > MAX_CHUNK_BYTES:
            raise refuse(path, f"{where} is stored in pieces of {chunk_bytes:,} bytes")
    filters = {properties.get_filter(i)[0] for i in range(properties.get_nfilters())}
    if filters - ALLOWED_FILTERS:
        raise refuse(path, f"{where} needs a filter that a study never has")
    dtype = _plain_dtype(found)
    if dtype is None or found.rank != 1:
        raise refuse(path, f"{where} is not a column of numbers or text")
    length = int(found.shape[0])
    claimed, stored = length * dtype.itemsize, int(found.get_storage_size())
    if (max_bytes is not None and claimed > max_bytes) or claimed > DEFLATE_RATIO * stored:
        raise refuse(path, f"{where} claims {claimed:,} bytes but holds {stored:,}")
    return FoundColumn(group_name, name, dtype, length, h5py.Dataset(found))


def _plain_dtype(dataset: h5py.h5d.DatasetID) -> np.dtype[np.generic] | None:
    """The numpy type of a column that may be read; None for variable-length, compound and other types."""
    kind = dataset.get_type()
    if isinstance(kind, h5py.h5t.TypeStringID):
        return None if kind.is_variable_str() else np.dtype(f"S{kind.get_size()}")
    if not isinstance(kind, h5py.h5t.TypeIntegerID | h5py.h5t.TypeFloatID | h5py.h5t.TypeEnumID):
        return None
    dtype: np.dtype[np.generic] = kind.dtype
    return dtype if dtype in {t.dtype for t in Type} else None
