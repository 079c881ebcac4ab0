"""What hair does to the skin around it: its shadow, and the halo where it goes on below the surface.

Both are blurred so widely that they are drawn on a grid of a quarter of the image's resolution.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from analysis.detection import FloatArray
from analysis.synthetic.noise import Float32, stream
from analysis.synthetic.shafts import PlacedHair, darkness
from analysis.synthetic.spec import HairStyle, ScalpSpec
from analysis.synthetic.strips import Strip, Window, draw_strip

COARSE = 4
"""Image pixels to a pixel of the underlay; windows start at multiples of it."""
HALO = np.array([0.20, 0.25, 0.31], np.float32)
"""Hair seen through the skin looks blue-grey: short waves are scattered back before they reach it."""
SHADE = np.array([0.80, 0.95, 1.0], np.float32)
"""How much of a shadow's darkness each colour takes: red light from within the skin fills it."""


@dataclass(frozen=True, eq=False)
class Underlay:
    """Darkening of a window's skin."""

    shadow: Float32
    """(height, width) 0 to 1."""
    halo: Float32

    def darken(self, ground: Float32) -> Float32:
        """The skin's (height, width, 3) light below the hair."""
        shaded = ground * (1 - self.shadow[..., None] * SHADE)
        share = self.halo[..., None]
        dark: Float32 = shaded + share * (HALO * (0.15 + 1.0 * ground) - shaded)
        return dark


def draw_underlay(window: Window, placed: list[PlacedHair], spec: ScalpSpec, light: FloatArray, seed: int) -> Underlay:
    """Shadows and halos of all hairs.

    Args:
        window: starts at multiples of `COARSE`.
        placed: the hairs.
        spec: how dark the shadows are and how clear the halos.
        light: (2,) unit direction, in the image, in which shadows fall.
        seed: of the subject.
    """
    width, height = -(-window.width // COARSE), -(-window.height // COARSE)
    small = Window(window.x0 // COARSE, window.y0 // COARSE, width, height)
    maps = np.zeros((2, height * width), np.float32)
    for hair in placed:
        if spec.camera.shadow:
            _add(maps[0], _shadow(small, hair, spec, light), spec.camera.shadow * darkness(hair.hair.colour))
            _add(maps[0], _contact(small, hair, spec), 0.45 * darkness(hair.hair.colour))
        if spec.skin.halo:
            share = spec.skin.halo * darkness(hair.hair.colour) * (0.85 + 0.6 * hair.hair.strand.look)
            _add(maps[1], _halo(small, hair, spec, seed), share)
    full = (width * COARSE, height * COARSE)
    grown = [
        cv2.resize(m.reshape(height, width), full, interpolation=cv2.INTER_LINEAR)[: window.height, : window.width]
        for m in maps
    ]
    return Underlay(grown[0], grown[1])


def _add(dark: Float32, strip: Strip | None, share: float) -> None:
    if strip is not None:
        dark[strip.index] += (1 - dark[strip.index]) * np.minimum(strip.coverage * np.float32(share), 1)


def _coarse(points_px: FloatArray) -> FloatArray:
    """Pixel centres of the image in pixels of the underlay."""
    coarse: FloatArray = (points_px - (COARSE - 1) / 2) / COARSE
    return coarse


def _shadow(small: Window, placed: PlacedHair, spec: ScalpSpec, light: FloatArray) -> Strip | None:
    """Beside the shaft, on the side away from the light; further off and softer where the hair stands higher."""
    points, scale = placed.centreline_px, spec.um_per_px * COARSE
    rise = np.linspace(0, 1, len(points)) ** 0.8
    high = (160 if spec.hair.style is HairStyle.LONG else 60) * (0.4 + placed.hair.strand.lift)
    offset = light * rise[:, None] * high / spec.um_per_px
    half = placed.half_width_px / COARSE
    return draw_strip(small, _coarse(points + offset), half, (12 + 0.4 * high * rise) / scale)


def _contact(small: Window, placed: PlacedHair, spec: ScalpSpec) -> Strip | None:
    """The dim seam all around the first part of a shaft, where it lies close to the skin."""
    points, scale = placed.centreline_px, spec.um_per_px * COARSE
    n = max(3, min(len(points), 16))
    half = placed.half_width_px[:n] / COARSE
    return draw_strip(small, _coarse(points[:n]), half, np.full(n, 32 / scale))


def _halo(small: Window, placed: PlacedHair, spec: ScalpSpec, seed: int) -> Strip | None:
    """The shaft below the skin: it goes on backwards, ever more blurred and fainter."""
    points, scale = placed.centreline_px, spec.um_per_px
    strand = placed.hair.strand
    back = points[0] - points[min(3, len(points) - 1)]
    wide, long = spec.skin.halo_width * np.exp(
        spec.skin.halo_variety * stream(seed, "halo", placed.hair.id).standard_normal(2)
    )
    length = (150 + 200 * strand.look) * long / scale
    t = np.linspace(-0.12, 1, 12)
    line = points[0] + back / np.hypot(*back) * (t * length)[:, None]
    deep = np.clip(t, 0, 1)
    half = np.median(placed.half_width_px) * (1.1 + 1.3 * deep) * wide / COARSE
    strip = draw_strip(small, _coarse(line), half, (14 + 58 * deep * wide) / (scale * COARSE))
    if strip is None:
        return None
    fade = np.clip(1.05 - strip.along_px * COARSE / (1.12 * length), 0, 1) ** 0.8
    return Strip(strip.index, strip.coverage * fade.astype(np.float32), strip.across, strip.along_px)
