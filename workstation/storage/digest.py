"""Digests of a study's content: of each group, and of the whole, which tells one state of the study from another."""

import hashlib
from collections.abc import Mapping

import numpy as np

from workstation.storage.codec import canonical, sha256_hex
from workstation.storage.tables import Columns

Attributes = Mapping[str, str | int | float]
_NO_CONTENT = frozenset({"content_sha256", "saved_utc"})


def group_digest(columns: Columns) -> str:
    """SHA-256 of the columns' names, types, lengths and little-endian bytes, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(columns):
        array = np.ascontiguousarray(columns[name])
        little = array.dtype.newbyteorder("<")
        digest.update(canonical([name, little.str, len(array)]).encode())
        digest.update(np.asarray(array, dtype=little).view(np.uint8).data if len(array) else b"")
    return digest.hexdigest()


def content_digest(attributes: Attributes, group_digests: Mapping[str, str]) -> str:
    """SHA-256 of the root attributes, but the time of saving, and of the groups' digests."""
    content = {name: value for name, value in attributes.items() if name not in _NO_CONTENT}
    return sha256_hex(canonical([content, dict(group_digests)]).encode())
