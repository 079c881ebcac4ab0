"""An image decoded in a worker: the file's bytes stand in the shared file, and its pixels after."""

from typing import BinaryIO

from workstation.images.budget import for_pixels
from workstation.images.header import ImageHeader
from workstation.images.here import decode_here
from workstation.isolation.task import Allow, Plain, read_exactly, write_all


def decode_image(arguments: Plain, file: BinaryIO, allow: Allow) -> Plain:
    """Decode what the shared file holds, and put the pixels in its place.

    Args:
        arguments: `n_bytes` of the image file, `max_megapixels`.
        file: the shared file.
        allow: what the header says is allowed.
    """
    n_bytes = arguments["n_bytes"]
    data = bytearray(n_bytes)
    read_exactly(file, data)

    def on_header(header: ImageHeader) -> None:
        allow(for_pixels(n_bytes, header.width_px * header.height_px / 1e6))

    decoded = decode_here(bytes(data), arguments["max_megapixels"], on_header)
    file.seek(0)
    write_all(file, decoded.pixels)
    height, width, _ = decoded.pixels.shape
    return {
        "height_px": height,
        "width_px": width,
        "um_per_px": decoded.metadata_um_per_px,
        "conversions": list(decoded.conversions),
    }
