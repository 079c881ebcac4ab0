"""An image file as pixels that can be shown and measured, with what was changed to get there."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from workstation.errors import UserFacingError
from workstation.images.convert import UInt8Array, to_rgb8
from workstation.images.decode import decode
from workstation.images.header import DEFAULT_MAX_MEGAPIXELS, header_of, header_of_bytes, opened, refuse_too_large

MAX_FILE_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True, eq=False)
class LoadedImage:
    """An image as it is displayed."""

    pixels: UInt8Array
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
    """Decode an image file.

    Args:
        source: the file, or its bytes.
        max_megapixels: larger images are refused by their header, before anything is decoded.
        name: what to call the file in errors, where only its bytes are given.

    Raises:
        UserFacingError: if the file cannot be read, is no image, too large, truncated or damaged, or holds what would
            be shown wrongly: several pages, moving frames, floating-point values.
    """
    name = name if isinstance(source, bytes) else source
    data = source if isinstance(source, bytes) else read_bytes(source, max_megapixels)
    header = header_of_bytes(data, name)
    refuse_too_large(header, max_megapixels, name)
    pixels, changed = to_rgb8(decode(data, header, name), header)
    first_of = (f"first of {header.pages} pictures in the file",) if header.pages > 1 else ()
    return LoadedImage(
        pixels=pixels,
        sha256=hashlib.sha256(data).hexdigest(),
        metadata_um_per_px=header.um_per_px,
        conversions=(*first_of, *changed, *header.remarks),
    )


def read_bytes(path: Path, max_megapixels: float) -> bytes:
    """The bytes of an image file, once its header says that it is one of a size that may be decoded.

    Raises:
        UserFacingError: as `load`.
    """
    with opened(path) as file:
        refuse_too_large(header_of(file, path), max_megapixels, path)
        file.seek(0)
        try:
            data = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise UserFacingError(
                f"the file could not be read ({error.strerror})", file=path, remedy="Copy it again from the camera."
            ) from error
    if len(data) > MAX_FILE_BYTES:
        raise UserFacingError("the file is larger than 2 GB", file=path, remedy="Save it compressed.")
    return data
