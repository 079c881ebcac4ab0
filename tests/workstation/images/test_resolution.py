from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.workstation.images.files import saved
from workstation.images import load, read_header

PIXELS = np.zeros((8, 8, 3), np.uint8)
INCH_UM = 25400.0


def exif(x: float, y: float, unit: int) -> Image.Exif:
    tags = Image.Exif()
    tags[282], tags[283], tags[296] = x, y, unit
    return tags


def scale_of(data: bytes, tmp_path: Path) -> float | None:
    path = tmp_path / "image"
    path.write_bytes(data)
    from_header = read_header(path).um_per_px
    assert from_header == load(data).metadata_um_per_px
    return from_header


@pytest.mark.parametrize("um_per_px", [0.6, 5.34, 5.525, 11.0, 40.0])
def test_a_scalp_scale_is_read_from_every_format(um_per_px: float, tmp_path: Path) -> None:
    dpi = INCH_UM / um_per_px
    written = [
        saved(PIXELS, "PNG", dpi=(dpi, dpi)),
        saved(PIXELS, "BMP", dpi=(dpi, dpi)),
        saved(PIXELS, "TIFF", dpi=(dpi, dpi)),
        saved(PIXELS, "TIFF", resolution_unit=3, x_resolution=1e4 / um_per_px, y_resolution=1e4 / um_per_px),
        saved(PIXELS, "JPEG", dpi=(dpi, dpi)),
        saved(PIXELS, "JPEG", exif=exif(1e4 / um_per_px, 1e4 / um_per_px, 3)),
        saved(PIXELS, "WEBP", exif=exif(dpi, dpi, 2)),
    ]
    for data in written:
        # whole dots per inch in JPEG: at 40 µm/px that is 0.08 %
        assert scale_of(data, tmp_path) == pytest.approx(um_per_px, rel=1e-3)


@pytest.mark.parametrize("dpi", [1, 72, 96, 100, 120, 150, 180, 240, 300, 350, 360])
def test_a_printers_resolution_is_no_scale(dpi: int, tmp_path: Path) -> None:
    for kind in ("PNG", "TIFF", "JPEG", "BMP"):
        data = saved(PIXELS, kind, dpi=(dpi, dpi))
        assert scale_of(data, tmp_path) is None
        assert load(data).conversions == ()


@pytest.mark.parametrize("dpi", [600, 1200, 2400, 4800, 9600])
def test_a_scanners_resolution_is_no_scale_and_that_is_said(dpi: int, tmp_path: Path) -> None:
    for kind in ("PNG", "TIFF", "JPEG", "BMP"):
        data = saved(PIXELS, kind, dpi=(dpi, dpi))
        assert scale_of(data, tmp_path) is None
        assert load(data).conversions == (
            f"resolution in the file not used as a scale: {dpi} dpi is a printer's or scanner's default",
        )


def test_pixels_that_are_not_square_give_no_scale_and_that_is_said(tmp_path: Path) -> None:
    data = saved(PIXELS, "PNG", dpi=(INCH_UM / 5, INCH_UM / 6))
    assert scale_of(data, tmp_path) is None
    assert load(data).conversions == ("resolution in the file not used as a scale: pixels not square (5 × 6 µm)",)


@pytest.mark.parametrize(
    ("unit", "per_unit"),
    [("micron", 0.2), ("\\u00B5m", 0.2), ("mm", 200), ("cm", 2000), ("inch", 5080), ("pixel", None), ("", None)],
)
def test_an_image_calibrated_in_imagej(unit: str, per_unit: float | None, tmp_path: Path) -> None:
    description = f"ImageJ=1.54f\nunit={unit}\nloop=false\n"
    options = {"resolution_unit": 1, "x_resolution": per_unit or 1, "y_resolution": per_unit or 1}
    data = saved(PIXELS, "TIFF", description=description, **options)
    assert scale_of(data, tmp_path) == (pytest.approx(5.0, rel=1e-6) if per_unit else None)


def test_nothing_said_or_nonsense_said_is_no_scale(tmp_path: Path) -> None:
    assert scale_of(saved(PIXELS, "PNG"), tmp_path) is None
    assert scale_of(saved(PIXELS, "JPEG"), tmp_path) is None
    assert scale_of(saved(PIXELS, "WEBP"), tmp_path) is None
    assert scale_of(saved(PIXELS, "TIFF", resolution_unit=1, x_resolution=200, y_resolution=200), tmp_path) is None
    assert scale_of(saved(PIXELS, "JPEG", exif=exif(0, 0, 2)), tmp_path) is None
    for beyond_um in (0.4, 61.0):
        assert scale_of(saved(PIXELS, "PNG", dpi=(INCH_UM / beyond_um,) * 2), tmp_path) is None
