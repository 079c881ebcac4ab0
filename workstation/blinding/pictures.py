"""The pictures of a work file: masked, without metadata, and no two of the same bytes."""

import struct
import zlib
from random import Random

import numpy as np
from numpy.typing import NDArray

from workstation.deidentifying.pictures import encoded

LEVELS = (1, 2, 3, 4)
"""Of compression: of more the file hardly gets smaller, and takes much longer."""
HEAD = 8
"""Bytes before a PNG's first chunk."""


def encodings(pixels: NDArray[np.uint8], n: int, chance: Random) -> list[bytes]:
    """The same picture as PNG several times, each time in other bytes, and as a rule in another number of them.

    That a picture is shown a second time is thus told neither by its checksum nor by its size.

    Args:
        pixels: uint8 (H, W, 3) RGB.
        n: how many are wanted.
        chance: where randomness comes from.
    """
    levels = [*chance.sample(LEVELS, min(n, len(LEVELS))), *chance.choices(LEVELS, k=max(0, n - len(LEVELS)))]
    found: dict[bytes, None] = {}
    while len(found) < n:
        found[cut(encoded(pixels, levels[len(found)]), chance)] = None
    return list(found)


def cut(png: bytes, chance: Random) -> bytes:
    """The same picture with its compressed pixels in two chunks, parted at a random place."""
    before, data, after = _parts(png)
    place = chance.randrange(1, len(data))
    return before + _chunk(b"IDAT", data[:place]) + _chunk(b"IDAT", data[place:]) + after


def _parts(png: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before the pixels, the compressed pixels, and what stands after them."""
    at, data = HEAD, b""
    before, after = [png[:HEAD]], list[bytes]()
    while at + HEAD <= len(png):
        length, kind = struct.unpack(">I4s", png[at : at + HEAD])
        end = at + 12 + length
        if kind == b"IDAT":
            data += png[at + HEAD : end - 4]
        else:
            (after if data else before).append(png[at:end])
        at = end
    return b"".join(before), data, b"".join(after)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
