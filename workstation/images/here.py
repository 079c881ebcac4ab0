"""Decoding in this process: what a worker does. Everybody else has it done, by `workstation.images.load`."""

from collections.abc import Callable
from dataclasses import dataclass

from workstation.images.convert import UInt8Array, to_rgb8
from workstation.images.decode import decode
from workstation.images.header import ImageHeader, header_of_bytes, refuse_too_large


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """An image as it is displayed, and what was done to get there."""

    pixels: UInt8Array
    """`uint8 (H, W, 3)` RGB, C-contiguous, upright."""
    metadata_um_per_px: float | None
    conversions: tuple[str, ...]


def decode_here(
    data: bytes, max_megapixels: float, on_header: Callable[[ImageHeader], None] = lambda _: None
) -> Decoded:
    """Decode an image file's bytes.

    Args:
        data: the file.
        max_megapixels: larger images are refused by their header, before anything is decoded.
        on_header: told of the header of an image that is small enough, before it is decoded.

    Raises:
        UserFacingError: as `workstation.images.load`, without the file's name.
    """
    header = header_of_bytes(data, None)
    refuse_too_large(header, max_megapixels, None)
    on_header(header)
    pixels, changed = to_rgb8(decode(data, header, None), header)
    first_of = (f"first of {header.pages} pictures in the file",) if header.pages > 1 else ()
    return Decoded(pixels, header.um_per_px, (*first_of, *changed, *header.remarks))
