"""Samples as they are stored, before any conversion: OpenCV where it is exact and quick, Pillow for the rest.

OpenCV takes JPEG, PNG, WebP and 16-bit TIFF: it is quick, refuses every truncated file and keeps 16 bits. Pillow takes
CMYK, all other TIFF and BMP, which OpenCV converts without saying so.
"""

import io
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from workstation.errors import UserFacingError
from workstation.images.dicom import JPEG_BASELINE, DicomHeader, by_bits_stored, decode_dicom, jpeg_of
from workstation.images.header import BAD_FILE, ImageHeader, header_of_bytes, pillow_silent

# Damaged files are told to the user as errors of ours; OpenCV would print its own to the terminal besides.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

MAX_JPEG_PIXELS_PER_BYTE = 8 * 64
"""Each block of 8 × 8 pixels takes at least one bit: a smaller file cannot hold all its blocks."""
MAX_JPEG_SCANS = 500
"""Progressive files have about ten; each takes as long as the whole image, so thousands would take hours."""
START_OF_SCAN = b"\xff\xda"
OPENCV_FORMATS = ("JPEG", "PNG", "WebP")


class Layout(StrEnum):
    """What the channels are."""

    GREY = "L"
    RGB = "RGB"
    RGBA = "RGBA"
    CMYK = "CMYK"


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Pixels as stored: uint8 or uint16, (H, W) for grey, else (H, W, C)."""

    values: NDArray[Any]
    layout: Layout
    orientation: int
    """EXIF orientation that is still to be applied."""
    premultiplied: bool = False
    """Colours are stored already multiplied with alpha."""


def decode(data: bytes, header: ImageHeader, name: Path | None) -> Samples:
    """Decode the first full picture of a file.

    Raises:
        UserFacingError: if the file is truncated or damaged, holds several pages or moving frames, or sample values
            without a defined brightness range (floating point, 32-bit integers).
    """
    if header.dicom is not None:
        return _of_dicom(data, header.dicom, name)
    _refuse_unsuitable(header, name)
    if not header.complete or (header.format == "JPEG" and not _plausible_jpeg(data, header)):
        raise _damaged(header, name)
    use_opencv = header.mode != "CMYK" and (header.format in OPENCV_FORMATS or header.bits == 16)
    try:
        with pillow_silent():
            samples = _with_opencv(data, header) if use_opencv else _with_pillow(data, header)
    except (cv2.error, *BAD_FILE) as error:
        if isinstance(error, MemoryError) or getattr(error, "code", 0) == cv2.Error.StsNoMem:
            raise UserFacingError(
                "there is not enough memory to decode the image",
                file=name,
                remedy="Close other programs, or save it smaller.",
            ) from error
        raise _damaged(header, name) from error
    height, width = samples.values.shape[:2]
    if samples.orientation >= 5:
        height, width = width, height
    if (width, height) != (header.width_px, header.height_px):
        raise _damaged(header, name)
    return samples


def _of_dicom(data: bytes, header: DicomHeader, name: Path | None) -> Samples:
    """JPEG by the ways, and within the limits, of any other JPEG; the rest by pydicom."""
    if header.transfer_syntax != JPEG_BASELINE:
        values = decode_dicom(data, header, name)
    else:
        jpeg = jpeg_of(data, header, name)
        inside = replace(header_of_bytes(jpeg, name), orientation=1)
        if (inside.width_px, inside.height_px) != (header.columns, header.rows):
            raise _damaged(replace(inside, format="DICOM"), name)
        values = by_bits_stored(decode(jpeg, inside, name).values, header)
    return Samples(values, Layout.GREY if values.ndim == 2 else Layout.RGB, 1)


def _plausible_jpeg(data: bytes, header: ImageHeader) -> bool:
    """Whether the file can hold as many pixels as it claims, and is not made to take for ever."""
    enough = header.width_px * header.height_px <= MAX_JPEG_PIXELS_PER_BYTE * len(data)
    return enough and data.count(START_OF_SCAN) <= MAX_JPEG_SCANS * header.pages


def _damaged(header: ImageHeader, name: Path | None) -> UserFacingError:
    return UserFacingError(
        f"the {header.format} file is truncated or damaged", file=name, remedy="Copy it again from where it came."
    )


def _refuse_unsuitable(header: ImageHeader, name: Path | None) -> None:
    if header.pages > 1 and header.format in ("PNG", "WebP"):
        raise UserFacingError(
            f"the image is animated ({header.pages} frames)", file=name, remedy="Save the one frame that is meant."
        )
    if header.pages > 1 and header.format == "TIFF":
        raise UserFacingError(
            f"the TIFF holds {header.pages} pages", file=name, remedy="Save the page that is meant as its own file."
        )
    if header.frame_is_preview:
        raise UserFacingError(
            "the first page of the TIFF is only a preview", file=name, remedy="Save the full image as its own file."
        )
    odd_depth = header.format == "TIFF" and header.bits not in (1, 2, 4, 8, 16)
    if header.mode in ("F", "I") or header.signed or odd_depth:
        kind = "floating-point" if header.mode == "F" else "signed" if header.signed else f"{header.bits}-bit"
        raise UserFacingError(
            f"the image holds {kind} values, which have no defined brightness",
            file=name,
            remedy="Save it with 8 or 16 bits per channel.",
        )
    if header.channels_apart and header.bits == 16:  # neither library reads it rightly, or says that it does not
        raise UserFacingError(
            "the TIFF stores 16-bit channels one after the other",
            file=name,
            remedy="Save it with interleaved channels.",
        )
    if header.mode == "LAB":
        raise UserFacingError("the image is in L*a*b* colours", file=name, remedy="Save it as RGB.")


def _with_opencv(data: bytes, header: ImageHeader) -> Samples:
    flags = cv2.IMREAD_UNCHANGED
    if header.format == "JPEG":
        colour = cv2.IMREAD_GRAYSCALE if header.mode == "L" else cv2.IMREAD_COLOR_RGB
        flags = colour | cv2.IMREAD_IGNORE_ORIENTATION
    values = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if values is None or values.dtype not in (np.uint8, np.uint16):
        raise ValueError("not decoded")
    orientation = _left_to_turn(header)
    if values.ndim == 2:
        return Samples(~values if header.zero_is_white else values, Layout.GREY, orientation)
    if values.shape[2] == 4:
        values = cv2.cvtColor(values, cv2.COLOR_BGRA2RGBA)
        return Samples(values, Layout.RGBA, orientation, header.premultiplied)
    if header.format != "JPEG":
        values = cv2.cvtColor(values, cv2.COLOR_BGR2RGB)
    return Samples(values, Layout.RGB, orientation)


def _with_pillow(data: bytes, header: ImageHeader) -> Samples:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        if image.mode in ("L", "1"):
            layout = Layout.RGBA if image.has_transparency_data else Layout.GREY
        elif image.mode == "CMYK":
            layout = Layout.CMYK
        else:
            layout = Layout.RGBA if image.has_transparency_data else Layout.RGB
        values = np.array(image.convert(layout.value))
    return Samples(values, layout, _left_to_turn(header))


def _left_to_turn(header: ImageHeader) -> int:
    """Both libraries turn a TIFF upright while they decode it, whatever one asks for; nothing else, as asked here."""
    return 1 if header.format == "TIFF" else header.orientation
