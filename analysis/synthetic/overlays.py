"""What the capture software burns into the image: a text banner, a scale bar, a measuring circle, a frame."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.synthetic.noise import stream
from analysis.synthetic.spec import ScalpSpec

FONT = cv2.FONT_HERSHEY_SIMPLEX
Image = NDArray[np.uint8]
FRAME_SHARE = 0.485
"""Radius of a round field of view, as a share of the shorter side."""
BANNER_SHARE = 0.018
"""Height of the banner, as a share of the image's."""


def frame_circle_px(spec: ScalpSpec) -> tuple[float, float, float] | None:
    """x, y and radius of the round field of view, if there is one."""
    if not spec.camera.round_frame:
        return None
    width, height = spec.size_px
    return (width - 1) / 2, (height - 1) / 2, FRAME_SHARE * min(spec.size_px)


def clear_box_px(spec: ScalpSpec) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what banner and bars leave free, in pixels from the top-left pixel's centre."""
    width, height = spec.size_px
    left = _bar_px(spec) if spec.camera.letterbox else 0
    top = _banner_px(spec) if spec.camera.banner else 0
    return left - 0.5, top - 0.5, width - left - 0.5, height - 0.5


def burn_in(image: Image, spec: ScalpSpec, seed: int, visit: str) -> None:
    """Draws the overlays that the spec asks for into the (H, W, 3) image."""
    rng = stream(seed, visit, "overlays")
    camera = spec.camera
    if camera.measuring_circle:
        _measuring_circle(image, spec, rng)
    if camera.scale_bar:
        _scale_bar(image, spec, rng)
    if camera.round_frame:
        _round_frame(image, spec)
    if camera.letterbox:
        left = _bar_px(spec)
        grey = int(rng.choice([0, 16, 127, 240]))
        image[:, :left] = grey
        image[:, image.shape[1] - left :] = grey
    if camera.banner:
        _banner(image, spec, rng)


def _bar_px(spec: ScalpSpec) -> int:
    return round(0.10 * spec.size_px[0])


def _banner_px(spec: ScalpSpec) -> int:
    return max(14, round(BANNER_SHARE * spec.size_px[1]))


def _text(image: Image, words: str, at: tuple[int, int], height_px: float, colour: tuple[int, int, int]) -> int:
    """Writes with the baseline's left end at a place; returns where the words end, x."""
    size = height_px / 22
    thickness = max(1, round(size * 1.6))
    cv2.putText(image, words, at, FONT, size, colour, thickness, cv2.LINE_AA)
    return int(at[0] + cv2.getTextSize(words, FONT, size, thickness)[0][0])


def _banner(image: Image, spec: ScalpSpec, rng: np.random.Generator) -> None:
    height = _banner_px(spec)
    width, tall = spec.size_px
    words = (
        f"{width}x{tall} | 20{rng.integers(20, 27)}/{rng.integers(1, 13):02d}/{rng.integers(1, 29):02d} "
        f"{rng.integers(8, 19):02d}:{rng.integers(0, 60):02d} | unit: mm | zoom: {rng.integers(20, 90)}x"
    )
    image[:height] = 0 if rng.random() < 0.8 else 235
    ink = (235, 235, 235) if image[0, 0, 0] == 0 else (20, 20, 20)
    end = _text(image, f"A{rng.integers(100, 999)}", (5, round(0.78 * height)), 0.72 * height, (60, 220, 220))
    _text(image, words, (end + 12, round(0.78 * height)), 0.72 * height, ink)


def _scale_bar(image: Image, spec: ScalpSpec, rng: np.random.Generator) -> None:
    """A bar of one millimetre in the lower left corner, sometimes with an upright one."""
    millimetre = round(1000 / spec.um_per_px)
    width, height = spec.size_px
    x, y = round(0.015 * width), round(0.955 * height)
    if spec.camera.letterbox:
        x += _bar_px(spec)
    ink = (20, 20, 20) if rng.random() < 0.7 else (245, 245, 245)
    thick = int(rng.integers(1, 4)) if rng.random() < 0.7 else max(3, round(0.008 * height))
    cv2.line(image, (x, y), (x + millimetre, y), ink, thick)
    if rng.random() < 0.6:
        cv2.line(image, (x, y), (x, y - millimetre), ink, thick)
    _text(image, "1.0 mm", (x + millimetre + 8, y), 0.016 * height, ink)


def _measuring_circle(image: Image, spec: ScalpSpec, rng: np.random.Generator) -> None:
    """A thin vivid circle, a spoke, and a translucent box with its measures, through which hair is seen."""
    width, height = spec.size_px
    radius_mm = float(rng.uniform(0.38, 0.46)) * min(spec.size_mm)
    radius = round(1000 * radius_mm / spec.um_per_px)
    middle = (round(width * rng.uniform(0.42, 0.58)), round(height * rng.uniform(0.45, 0.55)))
    ink = (225, 30, 30) if rng.random() < 0.8 else (40, 70, 230)
    cv2.circle(image, middle, radius, ink, 1, cv2.LINE_AA)
    angle = float(rng.uniform(-0.5, 0.6))
    rim = (round(middle[0] + radius * math.cos(angle)), round(middle[1] + radius * math.sin(angle)))
    if rng.random() < 0.7:
        cv2.line(image, middle, rim, ink, 1, cv2.LINE_AA)
    line = 0.020 * height
    x = min(rim[0], width - round(8 * line))
    y = min(rim[1], height - round(5 * line))
    box = image[y : y + round(4.6 * line), x : x + round(8 * line)]
    box[:] = (0.45 * box + 0.55 * 225).astype(np.uint8)
    measures = (
        f"RC{rng.integers(0, 9)}",
        f"C={2 * math.pi * radius_mm:.3f} mm",
        f"A={math.pi * radius_mm**2:.3f} mm^2",
        f"r={radius_mm:.3f} mm",
    )
    for k, words in enumerate(measures):
        _text(image, words, (x + 4, y + round((k + 0.95) * 1.1 * line)), 0.8 * line, (25, 25, 190))


def _round_frame(image: Image, spec: ScalpSpec) -> None:
    circle = frame_circle_px(spec)
    if circle is None:
        return
    x, y, radius = circle
    rows, columns = np.ogrid[: image.shape[0], : image.shape[1]]
    for y0 in range(0, image.shape[0], 512):
        part = slice(y0, y0 + 512)
        away = np.hypot(columns - x, rows[part] - y)
        lit = np.clip(radius + 0.5 - away, 0, 1)[..., None]
        image[part] = np.rint(image[part] * lit + 6 * (1 - lit)).astype(np.uint8)
