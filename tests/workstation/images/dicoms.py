"""Small DICOM files, written by pydicom for the tests."""

import io

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

VL_PHOTOGRAPHIC = "1.2.840.10008.5.1.4.1.1.77.1.4"
DERMOSCOPIC = "1.2.840.10008.5.1.4.1.1.77.1.7"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def dicom(pixels, sop_class=DERMOSCOPIC, *, syntax=ExplicitVRLittleEndian, stored=None, compress=None, **elements):
    """The bytes of a file of (H, W) or (H, W, 3) samples; `elements` by keyword, None leaves one out."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = syntax
    found = FileDataset(
        None, {}, file_meta=meta, preamble=b"\0" * 128,
        is_little_endian=meta.TransferSyntaxUID.is_little_endian,
        is_implicit_VR=meta.TransferSyntaxUID.is_implicit_VR,
    )  # fmt: skip
    found.SOPClassUID, found.SOPInstanceUID = sop_class, meta.MediaStorageSOPInstanceUID
    found.PatientName = "Doe^Jane"
    found.Rows, found.Columns = pixels.shape[:2]
    grey = pixels.ndim == 2
    found.SamplesPerPixel = 1 if grey else 3
    found.PhotometricInterpretation = "MONOCHROME2" if grey else "RGB"
    if not grey:
        found.PlanarConfiguration = 0
    found.BitsAllocated = 8 * pixels.dtype.itemsize
    found.BitsStored = stored or found.BitsAllocated
    found.HighBit = found.BitsStored - 1
    found.PixelRepresentation = 0
    found.PixelData = pixels.tobytes()
    for keyword, value in elements.items():
        if value is None:
            delattr(found, keyword)
        else:
            setattr(found, keyword, value)
    if compress is not None:
        found.compress(compress)
    buffer = io.BytesIO()
    found.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def region(meaning):
    item = Dataset()
    item.CodeMeaning, item.CodeValue, item.CodingSchemeDesignator = meaning, "43799004", "SCT"
    return [item]


def colours(height=60, width=80):
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)
