"""The chunks of a PNG file: what Pillow keeps to itself or finds only by decoding the pixels.

Layout: PNG specification, third edition (W3C, 2025), sections 5 and 11.
"""

import struct
from dataclasses import dataclass
from io import SEEK_CUR
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class PngChunks:
    """What matters here of a PNG's chunks."""

    bits: int
    """Per sample, as stored."""
    frames: int
    """More than 1 for an animated PNG."""
    exif: bytes
    """The eXIf chunk, which may stand after the pixels; empty where there is none."""
    complete: bool
    """Whether the closing chunk is there: without it the file was cut."""


def read_chunks(file: BinaryIO) -> PngChunks:
    """Walk over the chunks from the file's start; pixel data is skipped, not read.

    Raises:
        ValueError: if the first chunk is not a whole header.
    """
    file.seek(8)
    bits, frames, exif, complete = 0, 1, b"", False
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IHDR":
            body = file.read(length) if length == 13 else b""
            if len(body) != 13:
                raise ValueError("the PNG header is damaged")
            bits = body[8]
        elif kind == b"acTL" and length == 8:
            frames = int.from_bytes(file.read(8)[:4], "big")
        elif kind == b"eXIf" and length < 1 << 20:
            exif = file.read(length)
        elif kind == b"IEND":
            complete = len(file.read(4)) == 4
            break
        else:
            file.seek(length, SEEK_CUR)
        file.seek(4, SEEK_CUR)
    if not bits:
        raise ValueError("the PNG header is missing")
    return PngChunks(bits, frames, exif, complete)
