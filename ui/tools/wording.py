"""Lengths and areas in words: with their unit, in sensible digits; in pixels where the image has no scale."""

from analysis.calibration import Calibration


def width_text(width_px: float, scale: Calibration | None) -> str:
    """A hair's width: `62 µm`, or `11.6 px`; empty where it is not known."""
    if not width_px > 0:
        return ""
    return f"{width_px:.1f} px" if scale is None else f"{scale.um(width_px):.0f} µm"


def length_text(length_px: float, scale: Calibration | None) -> str:
    """A length: `1.24 mm`, `340 µm`, or `63.5 px`."""
    if scale is None:
        return f"{length_px:.1f} px"
    return f"{scale.um(length_px):.0f} µm" if scale.um(length_px) < 999.5 else f"{scale.mm(length_px):.2f} mm"


def area_text(area_px: float, scale: Calibration | None) -> str:
    """An area: `0.412 cm²`, `3.21 mm²` where it is small, or `41,200 px²`."""
    if scale is None:
        return f"{area_px:,.0f} px²"
    area_cm2 = scale.cm2(area_px)
    return f"{area_cm2:.3f} cm²" if area_cm2 >= 0.1 else f"{area_cm2 * 100:.2f} mm²"


def count_text(n: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 hair`, `3 hairs`."""
    return f"{n} {one}" if n == 1 else f"{n} {many or one + 's'}"
