"""Writing a study file: built whole in memory, so that HDF5 never meets a full disk, and then written at once.

HDF5 keeps a file open, and the disk space with it, when a write fails under it; Python's own writes do not.
"""

import io
import zlib
from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np

from workstation.storage import schema
from workstation.storage.columns import ENDPOINTS
from workstation.storage.content import Content
from workstation.storage.known_files import mark_of, note
from workstation.storage.tables import Array, Columns

CHUNK_BYTES = IMAGE_CHUNK_BYTES = 1 << 20
PACKED_BELOW_BYTES = CHUNK_BYTES // 2
"""A smaller column is packed in any case."""
WORTH_PACKING = 0.7
"""A column is packed if that leaves less than this share of it."""
_TABLES = schema.GROUPS | {schema.ENDPOINTS: ENDPOINTS, "manifest": schema.MANIFEST}


def write_content(path: Path, content: Content, image_files: Mapping[int, bytes]) -> None:
    """Write a study file over an empty one.

    Args:
        path: where to; the caller sees to replacing the study with it.
        content: the columns.
        image_files: the bytes of each embedded image by its id.

    Raises:
        OSError: as the operating system gives it.
    """
    memory = io.BytesIO()
    with h5py.File(memory, "w", libver=("v110", "v110"), track_order=True) as file:
        for name, value in content.attributes.items():
            # text of fixed length: a damaged reference to text of variable length can keep HDF5 busy for ever
            text = value.encode() if isinstance(value, str) else b""
            dtype = h5py.string_dtype("utf-8", max(len(text), 1)) if isinstance(value, str) else None
            file.attrs.create(name, text if dtype is not None else value, dtype=dtype)
        for name, columns in content.groups.items():
            _write_group(file, name, columns)
        if image_files:
            _write_images(file, image_files)
    with path.open("wb") as out:
        out.write(memory.getbuffer())
    note(mark_of(path))  # known also under the name that it will get


def _write_group(file: h5py.File, name: str, columns: Columns) -> None:
    group = file.create_group(name, track_order=True)
    table = _TABLES[name]
    group.attrs["description"] = table.description
    about = {c.name: (c.units, c.description) for c in table.columns}
    for column, array in columns.items():
        dataset = _dataset(group, column, array)
        dataset.attrs["units"], dataset.attrs["description"] = about[column]


def _dataset(group: h5py.Group, name: str, array: Array) -> h5py.Dataset:
    dtype = h5py.string_dtype("utf-8", array.dtype.itemsize) if array.dtype.kind == "S" else array.dtype
    if not len(array):
        return group.create_dataset(name, shape=(0,), dtype=dtype)
    data = array.astype(dtype) if array.dtype.kind == "S" else array
    # one chunk where it is small, about 1 MiB where it is not
    chunk = min(len(array), max(1, CHUNK_BYTES // array.dtype.itemsize))
    packing = {"compression": "gzip", "compression_opts": 1, "shuffle": True} if _packs(array) else {}
    return group.create_dataset(name, data=data, chunks=(chunk,), fletcher32=True, **packing)


def _packs(array: Array) -> bool:
    """Whether a column is worth packing: measured numbers hardly shrink, and unpacking them takes longest of all when
    a large study is opened.
    """
    sample = np.ascontiguousarray(array[: CHUNK_BYTES // array.dtype.itemsize])
    if sample.nbytes < PACKED_BELOW_BYTES:
        return True
    shuffled = sample.view(np.uint8).reshape(len(sample), -1).T
    return len(zlib.compress(shuffled.tobytes(), 1)) < WORTH_PACKING * sample.nbytes


def _write_images(file: h5py.File, image_files: Mapping[int, bytes]) -> None:
    group = file.create_group(schema.IMAGE_FILES, track_order=True)
    group.attrs["description"] = "The image files as they were imported, named by their image_id."
    for image_id, data in image_files.items():
        array = np.frombuffer(data, dtype=np.uint8)
        chunk = (min(len(array), IMAGE_CHUNK_BYTES),)
        dataset = group.create_dataset(str(image_id), data=array, chunks=chunk, fletcher32=True)
        dataset.attrs["units"], dataset.attrs["description"] = "", "the bytes of one image file"
