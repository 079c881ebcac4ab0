"""From samples as stored to upright 8-bit sRGB. Each step says in plain words what it changed."""

import io
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from workstation.images.decode import Layout, Samples
from workstation.images.header import ImageHeader

UInt8Array = NDArray[np.uint8]

SIGNIFICANT_BITS = (8, 12, 14, 16)
"""The depths of cameras that write 16-bit files. Steps are fixed, so that brightness is never fitted to an image."""

WHITE = 255
STRIP_ROWS = 64


def to_rgb8(samples: Samples, header: ImageHeader) -> tuple[UInt8Array, tuple[str, ...]]:
    """Convert to what is displayed.

    Returns:
        `uint8 (H, W, 3)` RGB, C-contiguous, and what was changed on the way.
    """
    said: list[str] = []
    values = to_8_bit(samples.values, said.append)
    alpha = values[..., 3] if samples.layout is Layout.RGBA else None
    colours = np.ascontiguousarray(values[..., :3]) if alpha is not None else values
    layout = Layout.RGB if alpha is not None else samples.layout
    rgb = to_srgb(colours, layout, header.icc_profile, said.append)
    if alpha is not None and header.has_alpha:
        rgb = on_white(rgb, alpha, samples.premultiplied, said.append)
    upright = turned(rgb, samples.orientation)
    if header.orientation != 1:
        said.append(f"turned upright (orientation {header.orientation})")
    return np.ascontiguousarray(upright), tuple(said)


def to_8_bit(values: NDArray[Any], say: Callable[[str], None] = lambda _: None) -> UInt8Array:
    """16-bit samples by their high bits: of the smallest of 8, 12, 14 and 16 bits that holds the brightest sample.

    A camera of 12 bits in a file of 16 is so shown at its own brightness instead of nearly black; within one depth the
    factor is the same for every image.
    """
    if values.dtype == np.uint8:
        return values
    brightest = int(values[..., :3].max()) if values.ndim == 3 else int(values.max())
    bits = next(b for b in SIGNIFICANT_BITS if brightest < 1 << b)
    say("16 bit reduced to 8 bit" if bits == 16 else f"16 bit with {bits} bits in use reduced to 8 bit")
    shifted = values >> (bits - 8)
    if values.ndim == 3 and values.shape[2] == 4:
        shifted[..., 3] = values[..., 3] >> 8  # opacity always spans the whole range
    return shifted.astype(np.uint8)


def to_srgb(
    values: UInt8Array, layout: Layout, icc_profile: bytes, say: Callable[[str], None] = lambda _: None
) -> UInt8Array:
    """Grey, RGB or CMYK to sRGB by the file's colour profile; without one grey and RGB are taken as sRGB."""
    if icc_profile:
        try:
            return _by_profile(values, layout, icc_profile, say)
        except (ImageCms.PyCMSError, OSError, ValueError):
            say("colour profile unusable: colours taken as sRGB")
    if layout is Layout.CMYK:
        say("CMYK converted to RGB without a colour profile")
        return np.array(Image.fromarray(values, "CMYK").convert("RGB"))
    return values if layout is Layout.RGB else cv2.cvtColor(values, cv2.COLOR_GRAY2RGB)


def _by_profile(values: UInt8Array, layout: Layout, icc_profile: bytes, say: Callable[[str], None]) -> UInt8Array:
    source = ImageCms.ImageCmsProfile(io.BytesIO(icc_profile))
    transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), layout.value, "RGB")
    if layout is not Layout.CMYK and _changes_nothing(transform, layout):
        return to_srgb(values, layout, b"")
    name = ImageCms.getProfileDescription(source).strip()[:80]
    say(f"colours converted to sRGB from the profile '{name}'")
    return _transformed(values, layout, transform)


def _transformed(values: UInt8Array, layout: Layout, transform: ImageCms.ImageCmsTransform) -> UInt8Array:
    """Strip by strip on a few threads: Pillow works without the interpreter's lock, and strips stay in the cache."""
    rgb = np.empty((*values.shape[:2], 3), np.uint8)

    def convert_from(row: int) -> None:
        rows = slice(row, row + STRIP_ROWS)
        rgb[rows] = ImageCms.applyTransform(Image.fromarray(values[rows], layout.value), transform)

    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        list(pool.map(convert_from, range(0, len(values), STRIP_ROWS)))
    return rgb


def _changes_nothing(transform: ImageCms.ImageCmsTransform, layout: Layout) -> bool:
    """Whether no colour changes by more than one step: the profile is sRGB, whatever its name."""
    steps = np.linspace(0, 255, 18).astype(np.uint8)
    if layout is Layout.GREY:
        probe = steps[None, :]
        expected = np.repeat(probe[..., None], 3, axis=2)
    else:
        probe = expected = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    result = ImageCms.applyTransform(Image.fromarray(probe, layout.value), transform)
    return bool(np.abs(np.asarray(result).astype(int) - expected).max() <= 1)


def on_white(
    rgb: UInt8Array, alpha: UInt8Array, premultiplied: bool = False, say: Callable[[str], None] = lambda _: None
) -> UInt8Array:
    """Lay an image on white, as viewers do; `alpha` is 0 (clear) to 255 (opaque)."""
    if alpha.min() == WHITE:
        return rgb
    if alpha.max() == 0:
        say("alpha channel without content left out")
        return rgb
    say("transparent parts laid on white")
    laid = np.empty_like(rgb)
    for row in range(0, len(rgb), STRIP_ROWS):  # in float, the whole takes many times its memory
        rows = slice(row, row + STRIP_ROWS)
        opacity = alpha[rows].astype(np.float32)[..., None] / 255
        own = rgb[rows].astype(np.float32) if premultiplied else rgb[rows] * opacity
        laid[rows] = np.rint(np.minimum(own + WHITE * (1 - opacity), 255)).astype(np.uint8)
    return laid


FLIP_X, FLIP_Y, FLIP_BOTH = 1, 0, -1
FLIPS = {2: FLIP_X, 3: FLIP_BOTH, 4: FLIP_Y, 6: FLIP_X, 7: FLIP_BOTH, 8: FLIP_Y}
"""What undoes each EXIF orientation, after rows and columns were exchanged for 5 to 8."""


def turned(pixels: UInt8Array, orientation: int) -> UInt8Array:
    """EXIF orientation 1 to 8 undone: what the camera held sideways stands upright."""
    if orientation >= 5:
        pixels = cv2.transpose(pixels)
    return cv2.flip(pixels, FLIPS[orientation]) if orientation in FLIPS else pixels
