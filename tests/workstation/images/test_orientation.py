import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.workstation.images.files import saved, tiff
from workstation.images import load, read_header

SHOWN = np.zeros((32, 48, 3), np.uint8)
SHOWN[:16, :16], SHOWN[:16, 16:], SHOWN[16:, :16], SHOWN[16:, 16:] = 220, (200, 0, 0), (0, 180, 0), (0, 0, 160)


def held(shown: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """How a picture is stored that has this orientation: where row 0 and column 0 are seen (EXIF 2.32, tag 0x0112)."""
    row_0, column_0 = {
        1: ("top", "left"), 2: ("top", "right"), 3: ("bottom", "right"), 4: ("bottom", "left"),
        5: ("left", "top"), 6: ("right", "top"), 7: ("right", "bottom"), 8: ("left", "bottom"),
    }[orientation]  # fmt: skip
    height, width = shown.shape[:2]
    rows, columns = (height, width) if row_0 in ("top", "bottom") else (width, height)
    stored = np.zeros((rows, columns, 3), np.uint8)
    for r in range(rows):
        for c in range(columns):
            place = {
                "top": ("y", r), "bottom": ("y", height - 1 - r), "left": ("x", r), "right": ("x", width - 1 - r),
            }[row_0]  # fmt: skip
            other = {
                "top": ("y", c), "bottom": ("y", height - 1 - c), "left": ("x", c), "right": ("x", width - 1 - c),
            }[column_0]  # fmt: skip
            at = dict([place, other])
            stored[r, c] = shown[at["y"], at["x"]]
    return stored


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "TIFF16"])
def test_every_orientation_is_turned_upright_once(kind: str, orientation: int, tmp_path) -> None:  # type: ignore[no-untyped-def]
    stored = held(SHOWN, orientation)
    if kind == "TIFF16":
        data = tiff(stored.astype(np.uint16) * 257, orientation=orientation)
    elif kind == "TIFF":
        data = tiff(stored, orientation=orientation)
    else:
        options = {"JPEG": {"quality": 100, "subsampling": 0}, "PNG": {}, "WEBP": {"lossless": True}}[kind]
        data = saved(stored, kind, exif=exif(orientation), **options)
    image = load(data)
    assert image.pixels.shape == SHOWN.shape
    assert np.abs(image.pixels.astype(int) - SHOWN).max() <= (8 if kind == "JPEG" else 0)
    assert image.pixels.flags.c_contiguous
    said = [c for c in image.conversions if "turned" in c]
    assert said == ([f"turned upright (orientation {orientation})"] if orientation > 1 else [])
    path = tmp_path / "image"
    path.write_bytes(data)
    header = read_header(path)
    assert (header.width_px, header.height_px, header.orientation) == (48, 32, orientation)


def test_an_orientation_that_does_not_exist_is_upright() -> None:
    image = load(saved(SHOWN, "PNG", exif=exif(9)))
    np.testing.assert_array_equal(image.pixels, SHOWN)
    assert image.conversions == ()


def test_a_png_that_tells_its_orientation_after_the_pixels() -> None:
    data = saved(held(SHOWN, 6), "PNG", exif=exif(6))
    start = data.index(b"eXIf") - 4
    length = int.from_bytes(data[start : start + 4], "big") + 12
    moved = data[:start] + data[start + length : -12] + data[start : start + length] + data[-12:]
    np.testing.assert_array_equal(load(moved).pixels, SHOWN)
