"""What an image file says of itself, read without decoding its pixels."""

import io
import stat
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image, TiffImagePlugin, UnidentifiedImageError

from workstation.errors import UserFacingError
from workstation.images import png, resolution, signature
from workstation.images.dicom import GREY, DicomHeader, dicom_header

# The limit is ours (`refuse_too_large`), in our words and set by the user; Pillow's own would refuse earlier.
Image.MAX_IMAGE_PIXELS = None

DEFAULT_MAX_MEGAPIXELS = 150.0
RESAVE = "Export it again from the program that made it, as PNG or TIFF."

TIFF_SUBFILE_TYPE = 254
TIFF_BITS_PER_SAMPLE = 258
TIFF_PHOTOMETRIC = 262
TIFF_PLANAR_CONFIGURATION = 284
TIFF_EXTRA_SAMPLES = 338
TIFF_SAMPLE_FORMAT = 339

BAD_FILE = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError,
    EOFError, OverflowError, ZeroDivisionError, MemoryError, RuntimeError, NotImplementedError, struct.error,
)  # fmt: skip
"""What Pillow raises on damaged files: none of it is a bug of ours."""


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """What the file says of itself."""

    format: str
    """`JPEG`, `PNG`, `TIFF`, `BMP`, `WebP` or `DICOM`, by the file's first bytes."""
    width_px: int
    height_px: int
    """As displayed, orientation applied."""
    bits: int
    """Per sample, as stored."""
    mode: str
    """Pillow's name of the pixel layout: `L`, `RGB`, `RGBA`, `P`, `CMYK`, `I;16`, `F`, …"""
    pages: int
    """Full-size pages, frames or pictures in the file; thumbnails of a TIFF do not count."""
    orientation: int
    """EXIF orientation, 1 to 8; 1 is upright."""
    um_per_px: float | None
    """The physical resolution where it can be meant as a calibration."""
    remarks: tuple[str, ...] = ()
    """What was put aside, in plain words."""
    icc_profile: bytes = field(default=b"", repr=False)
    has_alpha: bool = False
    premultiplied: bool = False
    """Colours are stored already multiplied with alpha."""
    zero_is_white: bool = False
    """A grey TIFF whose brightness is stored upside down."""
    signed: bool = False
    """Samples are signed integers."""
    channels_apart: bool = False
    """A TIFF that stores one channel after the other."""
    frame_is_preview: bool = False
    """A TIFF whose first page is a thumbnail of another."""
    complete: bool = True
    """False where the end of the file is visibly missing."""
    dicom: DicomHeader | None = None
    """Of a DICOM file, what it says of its picture."""


def read_header(path: Path) -> ImageHeader:
    """What an image file says of itself; its pixels are not decoded.

    Raises:
        UserFacingError: if the file is missing, unreadable, empty, a folder, or no image of a kind that is read.
    """
    with opened(path) as file:
        return header_of(file, path)


def opened(path: Path) -> BinaryIO:
    """An ordinary, non-empty file, open for reading.

    Raises:
        UserFacingError: if it is missing, a folder, not an ordinary file, empty, or may not be read.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise UserFacingError("this is a folder, not an image", file=path, remedy="Name the image files in it.")
        if not stat.S_ISREG(found.st_mode):
            raise UserFacingError("this is not an ordinary file", file=path, remedy="Name an image file.")
        if found.st_size == 0:
            raise UserFacingError("the file is empty", file=path, remedy="Copy it again from the camera.")
        return path.open("rb")
    except FileNotFoundError as error:
        raise UserFacingError("there is no such file", file=path, remedy="Check its name and folder.") from error
    except PermissionError as error:
        raise UserFacingError(
            "the file may not be read",
            file=path,
            remedy="Ask for permission to read it, or copy it to a folder of yours.",
        ) from error
    except (OSError, ValueError) as error:
        raise UserFacingError(f"the file cannot be opened ({error})", file=path, remedy="Check its name.") from error


def header_of(file: BinaryIO, name: Path | None) -> ImageHeader:
    """As `read_header`, from an open file; `name` stands in the errors."""
    kind = signature.refuse_other_kinds(file.read(signature.SIGNATURE_BYTES), name)
    file.seek(0)
    header = _of_dicom(dicom_header(file, name)) if kind == "DICOM" else _of_picture(file, kind, name)
    if header.width_px < 1 or header.height_px < 1:
        raise UserFacingError(f"the {kind} image has no pixels", file=name, remedy=RESAVE)
    return header


def _of_picture(file: BinaryIO, kind: str, name: Path | None) -> ImageHeader:
    try:
        chunks = png.read_chunks(file) if kind == "PNG" else None
        file.seek(0)
        formats = ["JPEG", "MPO"] if kind == "JPEG" else [kind]
        with pillow_silent(), Image.open(file, formats=formats) as image:
            return _described(image, kind, chunks)
    except BAD_FILE as error:
        raise UserFacingError(
            f"the {kind} file is damaged or of a variety that is not read", file=name, remedy=RESAVE
        ) from error


def _of_dicom(found: DicomHeader) -> ImageHeader:
    grey = found.photometric in GREY
    return ImageHeader(
        format="DICOM",
        width_px=found.columns,
        height_px=found.rows,
        bits=found.bits_stored,
        mode="L" if grey else "RGB",
        pages=1,
        orientation=1,
        um_per_px=found.um_per_px,
        remarks=found.remarks,
        icc_profile=found.icc_profile,
        dicom=found,
    )


@contextmanager
def pillow_silent() -> Iterator[None]:
    """Pillow warns of what it mends in damaged files; what cannot be mended is told as an error of ours."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield


def refuse_too_large(header: ImageHeader, max_megapixels: float, name: Path | None) -> None:
    """Refuse an image that is larger than the limit, before anything is decoded.

    Raises:
        UserFacingError: if it is.
    """
    megapixels = header.width_px * header.height_px / 1e6
    if megapixels > max_megapixels:
        raise UserFacingError(
            f"the image has {header.width_px} × {header.height_px} pixels, {megapixels:.0f} megapixels; "
            f"the limit is {max_megapixels:g}",
            file=name,
            remedy="Crop it or save it smaller, or raise max_megapixels in the settings.",
        )


def header_of_bytes(data: bytes, name: Path | None) -> ImageHeader:
    """As `read_header`, from a file's bytes."""
    if not data:
        raise UserFacingError("the file is empty", file=name, remedy="Copy it again from the camera.")
    return header_of(io.BytesIO(data), name)


def _described(image: Image.Image, kind: str, chunks: png.PngChunks | None) -> ImageHeader:
    exif = Image.Exif()
    if chunks is not None:
        exif.load(chunks.exif)
    else:
        exif = image.getexif()
    orientation = exif.get(ExifTags.Base.Orientation, 1)
    orientation = orientation if orientation in range(1, 9) else 1
    width, height = image.size
    # Pillow has already exchanged the sides of a turned TIFF, and of no other format.
    if orientation >= 5 and kind != "TIFF":
        width, height = height, width
    claimed = _resolution(image, kind, exif)
    um_per_px, remark = resolution.calibration_of(claimed)
    tiff = _tiff_details(image) if isinstance(image, TiffImagePlugin.TiffImageFile) else _TiffDetails()
    return ImageHeader(
        format=kind,
        width_px=width,
        height_px=height,
        bits=chunks.bits if chunks else tiff.bits,
        mode=image.mode,
        pages=chunks.frames if chunks else tiff.pages or getattr(image, "n_frames", 1),
        orientation=orientation,
        um_per_px=um_per_px,
        remarks=(remark,) if remark else (),
        icc_profile=image.info.get("icc_profile") or b"",
        has_alpha=image.has_transparency_data,
        premultiplied=tiff.premultiplied,
        zero_is_white=tiff.zero_is_white,
        signed=tiff.signed,
        channels_apart=tiff.channels_apart,
        frame_is_preview=tiff.first_is_preview,
        complete=chunks.complete if chunks else True,
    )


def _resolution(image: Image.Image, kind: str, exif: Image.Exif) -> tuple[float, float] | None:
    if kind == "JPEG" and image.info.get("jfif_unit") in (1, 2):
        return resolution.from_dpi(image.info.get("dpi"))
    if kind in ("PNG", "BMP") and "dpi" in image.info:
        return resolution.from_dpi(image.info["dpi"])
    tags = dict(exif)
    return resolution.from_imagej(tags.get(ExifTags.Base.ImageDescription), tags) or resolution.from_tags(tags)


@dataclass(frozen=True, slots=True)
class _TiffDetails:
    bits: int = 8
    pages: int = 0
    premultiplied: bool = False
    zero_is_white: bool = False
    signed: bool = False
    channels_apart: bool = False
    first_is_preview: bool = False


def _tiff_details(image: TiffImagePlugin.TiffImageFile) -> _TiffDetails:
    bits = image.tag_v2.get(TIFF_BITS_PER_SAMPLE, (1,))
    premultiplied = image.tag_v2.get(TIFF_EXTRA_SAMPLES, ()) == (1,)
    zero_is_white = image.tag_v2.get(TIFF_PHOTOMETRIC, 1) == 0
    signed = 2 in image.tag_v2.get(TIFF_SAMPLE_FORMAT, (1,))
    channels_apart = len(bits) > 1 and image.tag_v2.get(TIFF_PLANAR_CONFIGURATION, 1) == 2
    previews = []
    for number in range(image.n_frames):
        image.seek(number)
        previews.append(bool(image.tag_v2.get(TIFF_SUBFILE_TYPE, 0) & 1))
    image.seek(0)
    return _TiffDetails(
        max(bits), max(previews.count(False), 1), premultiplied, zero_is_white, signed, channels_apart, previews[0]
    )
