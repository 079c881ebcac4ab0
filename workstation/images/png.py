"""The chunks of a PNG file: what Pillow keeps to itself or finds only by decoding the pixels.

Layout: PNG specification, third edition (W3C, 2025), sections 5 and 11.
"""

import struct
import zlib
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
    """Whether the closing chunk is there, and enough pixel data for the size that the header names."""


MAX_DEFLATE_RATIO = 1032
"""Deflate never packs more than that into a byte (zlib's technical notes): a small file cannot hold a large image."""

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""By the header's colour type."""


def read_chunks(file: BinaryIO) -> PngChunks:
    """Walk over the chunks from the file's start; pixel data is skipped, not read.

    Raises:
        ValueError: if the first chunk is not a whole header.
    """
    file.seek(8)
    bits, frames, exif, closed = 0, 1, b"", False
    needed = pixel_data = 0
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IHDR":
            bits, needed = _header(file, length)
            continue
        elif kind == b"acTL" and length == 8:
            frames = int.from_bytes(file.read(8)[:4], "big")
        elif kind == b"eXIf" and length < 1 << 20:
            exif = file.read(length)
        elif kind == b"IEND":
            closed = len(file.read(4)) == 4
            break
        else:
            pixel_data += length if kind == b"IDAT" else 0
            file.seek(length, SEEK_CUR)
        file.seek(4, SEEK_CUR)
    if not bits:
        raise ValueError("the PNG header is missing")
    return PngChunks(bits, frames, exif, closed and needed <= MAX_DEFLATE_RATIO * pixel_data)


def _header(file: BinaryIO, length: int) -> tuple[int, int]:
    """Bits per sample, and how many bytes the unpacked pixels take at least."""
    body = file.read(17) if length == 13 else b""
    if len(body) != 17 or zlib.crc32(b"IHDR" + body[:13]) != int.from_bytes(body[13:], "big"):
        raise ValueError("the PNG header is damaged")
    width, height, bits, colour_type = struct.unpack(">IIBB", body[:10])
    row_bytes = (width * CHANNELS.get(colour_type, 1) * bits + 7) // 8
    return bits, height * (row_bytes + 1)
