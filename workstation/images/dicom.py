"""DICOM photographs: what the file says of its picture, its samples, and whose it is.

Read are Secondary Capture, VL Photographic and Dermoscopic Photography images (DICOM PS3.3, A.8 and A.32) of one frame.
pydicom, an optional package, is imported when the first such file is met.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from workstation.errors import UserFacingError
from workstation.images.resolution import stated_scale

if TYPE_CHECKING:
    from pydicom import Dataset

SOP_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.7": "Secondary Capture",
    "1.2.840.10008.5.1.4.1.1.77.1.4": "VL Photographic",
    "1.2.840.10008.5.1.4.1.1.77.1.7": "Dermoscopic Photography",
}
UNCOMPRESSED = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2")
DEFLATED = "1.2.840.10008.1.2.1.99"
RLE = "1.2.840.10008.1.2.5"
JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
GREY = ("MONOCHROME1", "MONOCHROME2")
COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422")
PALETTE = "PALETTE COLOR"
MAX_RLE_RATIO = 64
"""A run of two bytes stands for 128 (PS3.5, G.3.1): a smaller file cannot hold the picture that it claims."""

TRANSFER_SYNTAX = b"\x02\x00\x10\x00UI"
"""Tag and value representation, always in this form (PS3.10, 7.1)."""
META_BYTES = 4096
RESAVE = "Export it as PNG or TIFF from the program that holds it."
TAGS = (
    "SOPClassUID", "Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration",
    "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "NumberOfFrames", "PixelSpacing",
    "ImagerPixelSpacing", "WindowCenter", "ICCProfile", "OpticalPathSequence", "SpecificCharacterSet", "PatientID",
    "PatientSex", "PatientAge", "StudyDate", "AcquisitionDate", "AcquisitionDateTime", "ContentDate",
    "BodyPartExamined", "Laterality", "ImageLaterality", "AnatomicRegionSequence", "ManufacturerModelName",
)  # fmt: skip
"""All that is looked at; whatever else a file holds is skipped unread."""


@dataclass(frozen=True, slots=True)
class DicomHeader:
    """What a DICOM file says of its picture."""

    transfer_syntax: str
    photometric: str
    rows: int
    columns: int
    samples_per_pixel: int
    bits_allocated: int
    bits_stored: int
    signed: bool
    frames: int
    um_per_px: float | None
    remarks: tuple[str, ...]
    icc_profile: bytes
    pixel_bytes: int
    """Of the uncompressed picture, as stored."""


def read_dataset(file: BinaryIO, name: Path | None) -> "Dataset":
    """The elements of a file that are looked at, without its pixels.

    Raises:
        UserFacingError: if pydicom is missing, or the file is damaged or no photograph.
    """
    reader = _reader(name)
    first = file.read(META_BYTES)
    if _transfer_syntax(first) == DEFLATED:  # inflated whole by whoever reads it, however much that is
        raise _refusal("the DICOM file is deflated, which is not read", name)
    file.seek(0)
    with _telling_damage(name):
        found: Dataset = reader.dcmread(file, stop_before_pixels=True, specific_tags=list(TAGS))
        sop_class = str(found.get("SOPClassUID", ""))
        named = reader.uid.UID(sop_class).name
    if not sop_class:
        raise _damaged(name)
    if sop_class not in SOP_CLASSES:
        raise _refusal(
            f"this DICOM file is “{named[:80]}”, not a VL Photographic, Dermoscopic Photography "
            "or Secondary Capture image",
            name,
        )
    return found


def dicom_header(file: BinaryIO, name: Path | None) -> DicomHeader:
    """What a file says of its picture; its pixels are not read.

    Raises:
        UserFacingError: as `read_dataset`, and if the picture is of a kind that is not read.
    """
    found = read_dataset(file, name)
    file.seek(0, io.SEEK_END)
    file_bytes = file.tell()
    with _telling_damage(name):
        header = _described(found)
    _refuse_unsuitable(header, name)
    _refuse_cut(header, file_bytes, name)
    return header


def decode_dicom(data: bytes, header: DicomHeader, name: Path | None) -> NDArray[Any]:
    """The picture of a file whose header was looked at.

    Returns:
        uint8 or uint16, (H, W) where it is grey, white being the highest value, else (H, W, 3) RGB.

    Raises:
        UserFacingError: if it is truncated or damaged.
    """
    reader = _reader(name)
    from pydicom.pixels.processing import apply_color_lut
    from pydicom.pixels.utils import pixel_array

    with _telling_damage(name):
        dataset = reader.dcmread(io.BytesIO(data))
        values: NDArray[Any] = pixel_array(dataset)
        if header.photometric == PALETTE:
            values = apply_color_lut(values, dataset)
        values = values.astype(values.dtype.newbyteorder("="))
        if values.shape[:2] != (header.rows, header.columns) or values.dtype not in (np.uint8, np.uint16):
            raise ValueError("not the picture that the header tells of")
    return by_bits_stored(values, header)


def jpeg_of(data: bytes, header: DicomHeader, name: Path | None) -> bytes:
    """The JPEG file in a DICOM file; one that is told to hold RGB says so itself, so that no decoder converts it.

    Raises:
        UserFacingError: if there is none.
    """
    reader = _reader(name)
    from pydicom.encaps import get_frame

    with _telling_damage(name):
        dataset = reader.dcmread(io.BytesIO(data), defer_size=None)
        jpeg = get_frame(dataset.PixelData, 0, number_of_frames=1)
        if not jpeg.startswith(b"\xff\xd8\xff"):
            raise ValueError("no JPEG")
    if header.photometric == "RGB" and b"Adobe\x00" not in jpeg[:META_BYTES]:
        untransformed = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
        return jpeg[:2] + untransformed + jpeg[2:]
    return jpeg


def by_bits_stored(values: NDArray[Any], header: DicomHeader) -> NDArray[Any]:
    """Samples with white as the highest value; those of 9 to 15 bits by their high 8."""
    if header.photometric == "MONOCHROME1":
        values = ((1 << header.bits_stored) - 1) - np.minimum(values, (1 << header.bits_stored) - 1)
    if 8 < header.bits_stored < 16 and header.photometric != PALETTE:
        values = (values >> (header.bits_stored - 8)).astype(np.uint8)
    return values.astype(np.uint8) if header.bits_allocated == 8 and header.photometric in GREY else values


def _described(found: "Dataset") -> DicomHeader:
    photometric = str(found.get("PhotometricInterpretation", "")).strip()
    rows, columns = int(found.Rows), int(found.Columns)
    samples = int(found.get("SamplesPerPixel", 1))
    allocated = int(found.get("BitsAllocated", 0))
    um_per_px, remark = _scale(found)
    header = DicomHeader(
        transfer_syntax=str(found.file_meta.TransferSyntaxUID),
        photometric=photometric,
        rows=rows,
        columns=columns,
        samples_per_pixel=samples,
        bits_allocated=allocated,
        bits_stored=int(found.get("BitsStored") or allocated),
        signed=int(found.get("PixelRepresentation", 0)) == 1,
        frames=int(found.get("NumberOfFrames") or 1),
        um_per_px=um_per_px,
        remarks=(remark,) if remark else (),
        icc_profile=_icc_profile(found),
        pixel_bytes=rows * columns * (2 if photometric == "YBR_FULL_422" else samples) * allocated // 8,
    )
    return replace(header, remarks=(*header.remarks, *_remarks(header, found)))


def _remarks(header: DicomHeader, found: "Dataset") -> Iterator[str]:
    if 8 < header.bits_stored < 16 and header.photometric != PALETTE:
        yield f"{header.bits_stored} bit reduced to 8 bit"
    if header.photometric == "MONOCHROME1":
        yield "brightness turned round (MONOCHROME1)"
    if header.photometric == PALETTE:
        yield "palette converted to RGB"
    if found.get("WindowCenter") is not None:
        yield "window of the DICOM file not applied"


def _scale(found: "Dataset") -> tuple[float | None, str]:
    """The scale, and what is to be said of it; of the two the one on the patient goes before that on the sensor."""
    for keyword, told in (("PixelSpacing", "pixel spacing"), ("ImagerPixelSpacing", "imager pixel spacing")):
        spacing = found.get(keyword)
        if spacing is None or len(spacing) != 2:
            continue
        down_mm, across_mm = (float(part) for part in spacing)  # rows first: PS3.3, 10.7.1.3
        scale, remark = stated_scale((across_mm * 1000, down_mm * 1000), told)
        if scale is not None and keyword == "ImagerPixelSpacing":
            remark = "scale from the imager pixel spacing, which need not hold on the skin"
        return scale, remark
    return None, ""


def _icc_profile(found: "Dataset") -> bytes:
    path = found.get("OpticalPathSequence")
    profile = found.get("ICCProfile") or (path[0].get("ICCProfile") if path else None)
    return bytes(profile or b"").rstrip(b"\0") if profile and len(profile) > 128 else b""


def _refuse_unsuitable(header: DicomHeader, name: Path | None) -> None:
    syntax = header.transfer_syntax
    if syntax not in (*UNCOMPRESSED, RLE, JPEG_BASELINE):
        raise _refusal(f"the pixels of the DICOM file are stored as “{_syntax_name(syntax)}”, which is not read", name)
    if header.frames != 1:
        raise UserFacingError(
            f"the DICOM file holds {header.frames} frames",
            file=name,
            remedy="Save the frame that is meant as its own file.",
        )
    samples = {**dict.fromkeys(GREY, 1), PALETTE: 1, **dict.fromkeys(COLOUR, 3)}.get(header.photometric)
    if samples is None:
        raise _refusal(f"the DICOM file has colours of the kind “{header.photometric[:40]}”, which is not read", name)
    odd_depth = header.bits_allocated not in (8, 16) or not 8 <= header.bits_stored <= header.bits_allocated
    if header.signed or odd_depth or (samples == 3 and header.bits_stored != 8):
        kind = "signed" if header.signed else f"{header.bits_stored}-bit"
        raise _refusal(f"the DICOM file holds {kind} values of {header.photometric}, which are not read", name)
    if header.samples_per_pixel != samples:
        raise _damaged(name)


def _refuse_cut(header: DicomHeader, file_bytes: int, name: Path | None) -> None:
    """Refuse what cannot be whole by its size, before anything is decoded; of JPEG its own decoder does."""
    least = {RLE: header.pixel_bytes // MAX_RLE_RATIO, JPEG_BASELINE: 0}.get(header.transfer_syntax, header.pixel_bytes)
    if file_bytes < least:
        raise _damaged(name)


def _transfer_syntax(first_bytes: bytes) -> str:
    at = first_bytes.find(TRANSFER_SYNTAX, 132)
    if at < 0:
        return ""
    length = int.from_bytes(first_bytes[at + 6 : at + 8], "little")
    return first_bytes[at + 8 : at + 8 + length].rstrip(b"\0 ").decode("ascii", "replace")


def _syntax_name(uid: str) -> str:
    from pydicom.uid import UID

    return str(UID(uid).name)[:80]


def _reader(name: Path | None) -> Any:
    try:
        import pydicom
    except ImportError as error:
        raise UserFacingError(
            "reading DICOM files needs the package pydicom",
            file=name,
            remedy='Install it: pip install "trichodesk[dicom]"',
        ) from error
    pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
    return pydicom


@contextmanager
def _telling_damage(name: Path | None) -> Iterator[None]:
    """What pydicom cannot mend is told as damage, however it shows; of what it mends it would warn."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except UserFacingError:
        raise
    except MemoryError as error:
        raise UserFacingError(
            "there is not enough memory to decode the image", file=name, remedy="Close other programs."
        ) from error
    except Exception as error:
        raise _damaged(name) from error


def _damaged(name: Path | None) -> UserFacingError:
    return UserFacingError(
        "the DICOM file is truncated or damaged", file=name, remedy="Copy it again from where it came."
    )


def _refusal(what: str, name: Path | None) -> UserFacingError:
    return UserFacingError(what, file=name, remedy=RESAVE)
