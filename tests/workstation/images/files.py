"""Small image files made for the tests."""

import io
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def saved(pixels: NDArray[Any] | Image.Image, kind: str, **options: Any) -> bytes:
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def texture(height: int = 60, width: int = 80, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def tiff(samples: NDArray[Any], **more: int | tuple[int, ...]) -> bytes:
    """An uncompressed little-endian TIFF written by hand, tag by tag (TIFF 6.0), for what Pillow does not write.

    With `planar=2` the channels stand one after the other.
    """
    height, width = samples.shape[:2]
    channels = 1 if samples.ndim == 2 else samples.shape[2]
    bits = samples.dtype.itemsize * 8
    tags: dict[int, tuple[int, ...]] = {
        256: (width,), 257: (height,), 258: (bits,) * channels, 259: (1,), 262: (1 if channels < 3 else 2,),
        273: (8,), 277: (channels,), 278: (height,), 279: (samples.nbytes,), 284: (1,),
    }  # fmt: skip
    names = {"photometric": 262, "orientation": 274, "extra": 338, "sample_format": 339, "subfile": 254}
    data = samples.astype(samples.dtype.newbyteorder("<")).tobytes()
    if more.pop("planar", 1) == 2:
        planes = np.moveaxis(samples, 2, 0).astype(samples.dtype.newbyteorder("<"))
        data, plane_bytes = planes.tobytes(), planes[0].nbytes
        tags[273], tags[279] = tuple(8 + plane_bytes * n for n in range(channels)), (plane_bytes,) * channels
        tags[284] = (2,)
    tags |= {names[k]: v if isinstance(v, tuple) else (v,) for k, v in more.items()}
    tail_at = 8 + len(data) + 2 + 12 * len(tags) + 4
    entries, tail = b"", b""
    for tag, values in sorted(tags.items()):
        packed = struct.pack(f"<{len(values)}I", *values)
        if len(packed) > 4:
            entries += struct.pack("<HHII", tag, 4, len(values), tail_at + len(tail))
            tail += packed
        else:
            entries += struct.pack("<HHI", tag, 4, len(values)) + packed
    return (
        b"II*\x00" + struct.pack("<I", 8 + len(data)) + data + struct.pack("<H", len(tags)) + entries + bytes(4) + tail
    )
