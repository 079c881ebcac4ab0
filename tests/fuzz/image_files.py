"""Images of every format that is read, small, as others' programs may have made or damaged them."""

import random
from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image, ImageCms
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian, RLELossless

from tests.fuzz import mutation
from tests.workstation.images.dicoms import SECONDARY_CAPTURE, colours, dicom
from tests.workstation.images.files import saved, texture, tiff
from workstation.errors import UserFacingError
from workstation.images import DEFAULT_MAX_MEGAPIXELS
from workstation.images.dicom import JPEG_BASELINE
from workstation.images.here import decode_here

HEIGHT, WIDTH = 24, 32


@cache
def seeds() -> tuple[bytes, ...]:
    """Good files: each must be read."""
    rgb = texture(HEIGHT, WIDTH)
    grey, wide = rgb[..., 0].copy(), rgb[..., 0].astype(np.uint16) * 16
    picture = Image.fromarray(rgb)
    alpha = Image.fromarray(np.dstack([rgb, grey]))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    turned = Image.Exif()
    turned[0x0112] = 6
    return (
        saved(rgb, "JPEG"), saved(rgb, "JPEG", progressive=True, icc_profile=profile),
        saved(grey, "JPEG", exif=turned.tobytes(), dpi=(4763, 4763)), saved(picture.convert("CMYK"), "JPEG"),
        saved(rgb, "PNG", dpi=(4763, 4763)), saved(alpha, "PNG", exif=turned.tobytes()), saved(wide, "PNG"),
        saved(picture.convert("P"), "PNG"), saved(picture.convert("1"), "PNG"),
        saved(rgb, "TIFF"), saved(rgb, "TIFF", compression="tiff_lzw"), saved(grey, "TIFF", compression="tiff_deflate"),
        saved(rgb, "TIFF", compression="jpeg"), saved(wide, "TIFF"), saved(alpha, "TIFF", compression="packbits"),
        saved(picture.convert("1"), "TIFF", compression="group4"), tiff(rgb, planar=2), tiff(grey, orientation=6),
        saved(rgb, "BMP"), saved(picture.convert("P"), "BMP"), saved(grey, "BMP"),
        saved(rgb, "WebP"), saved(alpha, "WebP", lossless=True, icc_profile=profile),
        *_dicoms(rgb, wide),
    )  # fmt: skip


def _dicoms(rgb: np.ndarray, wide: np.ndarray) -> tuple[bytes, ...]:
    spacing = ["0.005", "0.005"]
    jpeg = encapsulate([saved(rgb, "JPEG")])
    return (
        dicom(colours(HEIGHT, WIDTH), PixelSpacing=spacing),
        dicom(colours(HEIGHT, WIDTH), compress=RLELossless),
        dicom(colours(HEIGHT, WIDTH), syntax=ImplicitVRLittleEndian),
        dicom(wide, SECONDARY_CAPTURE, stored=12, WindowCenter="2000", WindowWidth="4000"),
        dicom(wide, SECONDARY_CAPTURE, syntax=ExplicitVRBigEndian, PixelData=wide.astype(">u2").tobytes()),
        dicom(rgb, syntax=JPEG_BASELINE, PhotometricInterpretation="YBR_FULL_422", PixelData=jpeg),
    )


def make(seed: int) -> bytes:
    """The changed file of a seed."""
    return mutation.binary(random.Random(seed), seeds())


def opening(folder: str) -> Callable[[int | bytes], tuple[str, str]]:
    """For `Worker`: decodes the file of a seed, or the one given, as the program's own worker does."""
    seeds()  # made before the first job, whose time they would take

    def check(job: int | bytes) -> tuple[str, str]:
        try:
            image = decode_here(make(job) if isinstance(job, int) else job, DEFAULT_MAX_MEGAPIXELS)
        except UserFacingError as error:
            return "refused", error.what
        assert image.pixels.dtype == np.uint8
        assert image.pixels.shape[2] == 3
        return "read", ""

    return check
