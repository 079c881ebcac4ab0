"""Image files: what their headers say, their pixels as upright 8-bit RGB, and the images of a study."""

from workstation.images.header import DEFAULT_MAX_MEGAPIXELS, ImageHeader, read_header
from workstation.images.loading import LoadedImage, load
from workstation.images.of_study import file_of, load_of, verified_bytes, verify_unchanged

__all__ = [
    "DEFAULT_MAX_MEGAPIXELS",
    "ImageHeader",
    "LoadedImage",
    "file_of",
    "load",
    "load_of",
    "read_header",
    "verified_bytes",
    "verify_unchanged",
]
