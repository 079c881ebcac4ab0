"""An image file as pixels that can be shown and measured, with what was changed to get there.

It is decoded by a worker: a file that crashes a decoder, stalls it or has it take all memory is an error like any
other.
"""

import hashlib
import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from workstation.errors import UserFacingError
from workstation.images.budget import for_header, for_pixels
from workstation.images.header import DEFAULT_MAX_MEGAPIXELS, opened
from workstation.images.signature import SIGNATURE_BYTES, refuse_other_kinds
from workstation.isolation import Answer, Died, How, call
from workstation.isolation.task import read_exactly

TASK = "workstation.images.isolated_task:decode_image"
MAX_FILE_BYTES = 2 * 1024**3
AGAIN = "Copy it again from where it came, or export it again as PNG or TIFF from the program that made it."
DEATHS = {
    How.CRASHED: "the decoder crashed over the image",
    How.TOO_LONG: "the image takes far longer to decode than one of its size may",
    How.TOO_MUCH: "decoding the image takes more memory than one of its size may, or than there is",
    How.FAILED: "the decoder failed over the image",
}


@dataclass(frozen=True, slots=True, eq=False)
class LoadedImage:
    """An image as it is displayed."""

    pixels: NDArray[np.uint8]
    """`uint8 (H, W, 3)` RGB, C-contiguous, upright."""
    sha256: str
    """Of the file's bytes, hexadecimal."""
    metadata_um_per_px: float | None
    """The scale that the file itself gives, where it can be meant as one."""
    conversions: tuple[str, ...]
    """What decoding changed or put aside, in plain words."""

    @property
    def width_px(self) -> int:
        """Number of columns."""
        return int(self.pixels.shape[1])

    @property
    def height_px(self) -> int:
        """Number of rows."""
        return int(self.pixels.shape[0])


def load(
    source: Path | bytes, *, max_megapixels: float = DEFAULT_MAX_MEGAPIXELS, name: Path | None = None
) -> LoadedImage:
    """Decode an image file; from any thread.

    Args:
        source: the file, or its bytes.
        max_megapixels: larger images are refused by their header, before anything is decoded.
        name: what to call the file in errors, where only its bytes are given.

    Raises:
        UserFacingError: if the file cannot be read, is no image, too large, truncated or damaged, holds what would be
            shown wrongly (several pages, moving frames, floating-point values), or is more than a decoder can bear.
    """
    name = name if isinstance(source, bytes) else source
    data = source if isinstance(source, bytes) else read_bytes(source)
    try:
        return call(
            TASK,
            {"n_bytes": len(data), "max_megapixels": max_megapixels},
            partial(_taken, data, max_megapixels),
            first=for_header(len(data)),
            most=for_pixels(len(data), max_megapixels),
            data=data,
        )
    except UserFacingError as error:
        raise UserFacingError(error.what, file=name, remedy=error.remedy) from error
    except Died as death:
        raise UserFacingError(DEATHS[death.how], file=name, remedy=AGAIN) from death


def read_bytes(path: Path) -> bytes:
    """The bytes of an image file, once its first ones say that it is one.

    Raises:
        UserFacingError: as `load`.
    """
    with opened(path) as file:
        first = read_all(file, path, SIGNATURE_BYTES)
        refuse_other_kinds(first, path)
        return first + read_all(file, path)


def read_all(file: BinaryIO, path: Path, most: int = -1) -> bytes:
    """The bytes of an open file that are left, or so many of them.

    Raises:
        UserFacingError: if the disk or drive fails, or the file is too large.
    """
    try:
        data = file.read(MAX_FILE_BYTES + 1 if most < 0 else most)
    except OSError as error:
        raise UserFacingError(
            f"the file could not be read ({error.strerror})",
            file=path,
            remedy="See that its drive is connected, or copy it again from the camera.",
        ) from error
    if len(data) > MAX_FILE_BYTES:
        raise UserFacingError("the file is larger than 2 GB", file=path, remedy="Save it compressed.")
    return data


def _taken(data: bytes, max_megapixels: float, answer: Answer) -> LoadedImage:
    """What the worker found, its size believed only within the limit."""
    found = answer.result
    height, width, um_per_px = int(found["height_px"]), int(found["width_px"]), found["um_per_px"]
    if not (height > 0 and width > 0 and height * width <= max_megapixels * 1e6):
        raise Died(How.FAILED, "no such size")
    if um_per_px is not None and not (math.isfinite(um_per_px) and um_per_px > 0):
        raise Died(How.FAILED, "no such scale")
    pixels = np.empty((height, width, 3), np.uint8)
    answer.shared.seek(0)
    read_exactly(answer.shared, pixels)
    return LoadedImage(
        pixels=pixels,
        sha256=hashlib.sha256(data).hexdigest(),
        metadata_um_per_px=um_per_px,
        conversions=tuple(str(said) for said in found["conversions"]),
    )
