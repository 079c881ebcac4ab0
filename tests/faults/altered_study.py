"""A study file cut short, or with one byte changed: refused, or read as it was; never a crash, never another value."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tests.faults.touched import MANY_PARTS, Touched, alike, touched_bytes
from workstation.errors import UserFacingError
from workstation.storage.content import Content
from workstation.storage.reader import opened, read_content, read_study

REFUSED, EQUAL, DIFFERENT = "refused", "equal", "different"
Alteration = tuple[int, int]
"""A position, and what its byte is xored with; 0: the file ends before it."""


def altered(whole: bytes, alteration: Alteration) -> bytes:
    """The file with the alteration."""
    position, mask = alteration
    if not mask:
        return whole[:position]
    return b"".join((whole[:position], bytes([whole[position] ^ mask]), whole[position + 1 :]))


def checking(file: str, folder: str, by_parts: bool = False) -> Callable[[Alteration], tuple[str, str]]:
    """For `Worker`: reads the file with an alteration.

    Args:
        file: a good study file.
        folder: for scratch files.
        by_parts: read only what the changed byte touches, and all where that comes out otherwise.
    """
    whole = Path(file).read_bytes()
    good, _ = read_content(Path(file))
    scratch = Path(tempfile.mkdtemp(dir=folder)) / "altered.h5"
    touched = touched_bytes(Path(file)) if by_parts else None

    def check(alteration: Alteration) -> tuple[str, str]:
        scratch.write_bytes(altered(whole, alteration))
        try:
            if touched is not None and alteration[1] and _parts_alike(touched, scratch, alteration[0]):
                return EQUAL, ""
            content, newer = read_content(scratch)
            if not newer and same_content(content, good):
                return EQUAL, ""  # all else follows from the columns alone
            read_study(scratch)
        except UserFacingError as error:
            return REFUSED, error.what
        return DIFFERENT, f"byte {alteration[0]} ^ {alteration[1]}"

    return check


def _parts_alike(touched: Touched, path: Path, position: int) -> bool:
    """Whether all parts that touch a byte come out as they should; False where there are too many to try.

    Raises:
        UserFacingError: as the reader does.
    """
    numbers = touched.by(position)
    if len(numbers) > MANY_PARTS:
        return False
    for number in numbers:
        with opened(path) as file:  # anew each time: HDF5 keeps what it has read
            if not alike(touched.parts[number](file, path), touched.values[number]):
                return False
    return True


def same_content(one: Content, other: Content) -> bool:
    """Whether all attributes and columns are the same."""
    return dict(one.attributes) == dict(other.attributes) and _same_groups(one.groups, other.groups)


def _same_groups(one: Mapping[str, Mapping[str, Any]], other: Mapping[str, Mapping[str, Any]]) -> bool:
    return one.keys() == other.keys() and all(
        one[name].keys() == other[name].keys()
        and all(
            one[name][column].dtype == values.dtype
            and np.array_equal(one[name][column], values, equal_nan=values.dtype.kind == "f")
            for column, values in other[name].items()
        )
        for name in other
    )
