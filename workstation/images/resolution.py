"""The physical resolution that a file claims, and whether it can be meant as a calibration."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import ExifTags

MIN_METADATA_UM_PER_PX = 0.5
MAX_METADATA_UM_PER_PX = 60.0

USUAL_DPI = (600, 720, 1200, 1440, 2400, 2880, 3600, 4800, 5760, 7200, 9600, 19200)
"""What printers and scanners write by default within the plausible range; lower ones (72, 96, 300 …) lie outside it."""

RELATIVE_TOLERANCE = 1e-3
"""Covers the rounding to whole pixels per metre or centimetre."""

UM_PER_INCH = 25400.0
UM_PER_UNIT = {2: UM_PER_INCH, 3: 10_000.0}
"""By the TIFF and EXIF tag ResolutionUnit: inch and centimetre; any other value gives no physical scale."""

IMAGEJ_UNITS_UM = {"micron": 1.0, "microns": 1.0, "um": 1.0, "µm": 1.0, "mm": 1e3, "cm": 1e4, "inch": UM_PER_INCH}


def from_tags(tags: Mapping[int, Any]) -> tuple[float, float] | None:
    """µm/px along x and y from the TIFF or EXIF tags XResolution, YResolution, ResolutionUnit; None if not given."""
    try:
        unit_um = UM_PER_UNIT[int(tags.get(ExifTags.Base.ResolutionUnit, 2))]
        per_unit = float(tags[ExifTags.Base.XResolution]), float(tags[ExifTags.Base.YResolution])
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return _scale(unit_um, per_unit)


def from_imagej(description: object, tags: Mapping[int, Any]) -> tuple[float, float] | None:
    """µm/px along x and y of a TIFF that was calibrated and saved with ImageJ; None for any other.

    ImageJ writes pixels per unit into XResolution and YResolution, whatever the unit, and names it in the description.
    """
    if not isinstance(description, str) or not description.startswith("ImageJ="):
        return None
    said = dict(line.split("=", 1) for line in description.splitlines() if "=" in line)
    unit_um = IMAGEJ_UNITS_UM.get(said.get("unit", "").replace("\\u00B5", "µ"))
    try:
        per_unit = float(tags[ExifTags.Base.XResolution]), float(tags[ExifTags.Base.YResolution])
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return _scale(unit_um, per_unit) if unit_um else None


def from_dpi(dpi: object) -> tuple[float, float] | None:
    """µm/px along x and y from pixels per inch; None if they are no two positive numbers."""
    try:
        x, y = np.asarray(dpi, dtype=np.float64)
        return _scale(UM_PER_INCH, (float(x), float(y)))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None


def _scale(unit_um: float, per_unit: tuple[float, float]) -> tuple[float, float] | None:
    x, y = per_unit
    return (unit_um / x, unit_um / y) if x > 0 and y > 0 else None


def calibration_of(um_per_px_xy: tuple[float, float] | None) -> tuple[float | None, str]:
    """The scale in µm/px if the claimed resolution can be meant as one, and a remark where it is put aside.

    Taken is a resolution with square pixels from 0.5 to 60 µm/px that is none of the usual values of printers and
    scanners. Everything else is put aside; that is remarked only where somebody may have meant it.
    """
    if um_per_px_xy is None:
        return None, ""
    x, y = um_per_px_xy
    if not (MIN_METADATA_UM_PER_PX <= x <= MAX_METADATA_UM_PER_PX):
        return None, ""
    if abs(x - y) > RELATIVE_TOLERANCE * x:
        return None, f"resolution in the file not used as a scale: pixels not square ({x:.4g} × {y:.4g} µm)"
    dpi = UM_PER_INCH / x
    if any(abs(dpi - usual) <= RELATIVE_TOLERANCE * usual for usual in USUAL_DPI):
        return None, f"resolution in the file not used as a scale: {dpi:.0f} dpi is a printer's or scanner's default"
    return x, ""


def stated_scale(um_per_px_xy: tuple[float, float], told: str) -> tuple[float | None, str]:
    """The scale in µm/px from a size of pixels that was meant as one, and a remark where it is put aside.

    Args:
        um_per_px_xy: along x and y.
        told: what the file calls it: `pixel spacing`, say.
    """
    x, y = um_per_px_xy
    if not (np.isfinite(x) and np.isfinite(y) and min(x, y) > 0):
        return None, f"{told} in the file not used as a scale: it is no positive number"
    if abs(x - y) > RELATIVE_TOLERANCE * x:
        return None, f"{told} in the file not used as a scale: pixels not square ({x:.4g} × {y:.4g} µm)"
    if not MIN_METADATA_UM_PER_PX <= x <= MAX_METADATA_UM_PER_PX:
        return None, f"{told} in the file not used as a scale: {x:.4g} µm a pixel is none of a scalp image"
    return float(x), ""
