"""Drawing hair: the shaft over the skin, its halo below the skin, and its shadow."""

from dataclasses import dataclass

import numpy as np

from analysis.detection import FloatArray
from analysis.synthetic.camera import Pose
from analysis.synthetic.noise import stream
from analysis.synthetic.scalp import GrownHair
from analysis.synthetic.spec import HairColour, HairStyle, ScalpSpec
from analysis.synthetic.strips import Float32, Strip, Window, draw_strip

CORE = {
    HairColour.BLACK: (np.array([0.075, 0.065, 0.060]), np.array([0.20, 0.15, 0.11])),
    HairColour.BROWN: (np.array([0.17, 0.115, 0.075]), np.array([0.36, 0.26, 0.17])),
    HairColour.BLOND: (np.array([0.44, 0.34, 0.20]), np.array([0.60, 0.50, 0.34])),
    HairColour.GREY: (np.array([0.34, 0.33, 0.33]), np.array([0.52, 0.51, 0.50])),
    HairColour.WHITE: (np.array([0.78, 0.79, 0.82]), np.array([0.90, 0.90, 0.90])),
}
"""Colour of thick and of thin hair."""
HALO = np.array([0.22, 0.27, 0.33])
"""Hair seen through the skin looks blue-grey: short waves are scattered back before they reach it."""


@dataclass(frozen=True, eq=False)
class PlacedHair:
    """A hair as the camera sees it."""

    hair: GrownHair
    centreline_px: FloatArray
    half_width_px: float


class HairLayer:
    """The hair of one window: how much of each pixel is hair, and its light.

    A new hair first takes what is still free in a pixel and then covers older hair, so that touching neighbours leave
    no light seam between them.
    """

    def __init__(self, window: Window) -> None:
        self.cover = np.zeros(window.height * window.width, np.float32)
        self.light = np.zeros((window.height * window.width, 3), np.float32)

    def lay(self, strip: Strip, colour: Float32) -> None:
        """Adds one hair: `colour` is (P, 3) for the strip's pixels."""
        at, share = strip.index, strip.coverage
        older = self.cover[at]
        free = np.minimum(share, 1 - older)
        kept = 1 - (share - free) / np.maximum(older, 1e-6)
        self.light[at] = self.light[at] * kept[:, None] + share[:, None] * colour
        self.cover[at] = older + free


def place_hairs(hairs: tuple[GrownHair, ...], pose: Pose) -> list[PlacedHair]:
    """The hairs in the order in which they lie, lowest first."""
    ordered = sorted(hairs, key=lambda h: h.strand.lift)
    return [PlacedHair(h, pose.to_px(h.strand.curve_mm), h.width_um / pose.um_per_px / 2) for h in ordered]


def draw_shaft(layer: HairLayer, window: Window, placed: PlacedHair, spec: ScalpSpec, seed: int) -> None:
    """Adds one shaft: of true width everywhere, blurred towards the root."""
    points = placed.centreline_px
    n = len(points)
    strand = placed.hair.strand
    s_um = np.linspace(0, 1, n) * _length_um(points, spec)
    depth = np.exp(-s_um / 120) if spec.hair.style is HairStyle.CLIPPED else np.exp(-s_um / 80) * 0.5
    soft = spec.camera.root_blur_um * depth / spec.um_per_px * (0.5 + strand.look)
    half = np.full(n, placed.half_width_px)
    strip = draw_strip(window, points, half, soft, slant=strand.slant)
    if strip is not None:
        layer.lay(strip, _shaft_colour(strip, placed, spec, seed))


def draw_halo(ground: Float32, window: Window, placed: PlacedHair, spec: ScalpSpec) -> None:
    """Darkens the skin beyond the root, where the shaft goes on below the surface, ever more blurred."""
    scale, points = spec.um_per_px, placed.centreline_px
    strand = placed.hair.strand
    back = points[0] - points[min(3, len(points) - 1)]
    back = back / np.hypot(*back)
    length = (130 + 160 * strand.look) / scale
    t = np.linspace(-0.25, 1, 9)
    line = points[0] + back * (t * length)[:, None]
    grow = np.clip(t, 0, 1)
    half = placed.half_width_px * (1 + 0.5 * grow)
    soft = (12 + 60 * grow) / scale
    strip = draw_strip(window, line, half, soft)
    if strip is None:
        return
    dark = _darkness(placed.hair.colour)
    fade = np.clip(1 - strip.along_px / (1.25 * length), 0, 1) ** 0.7
    share = (spec.skin.halo * dark * 0.8 * strip.coverage * fade)[:, None].astype(np.float32)
    pixels = ground.reshape(-1, 3)
    pixels[strip.index] = pixels[strip.index] * (1 - share) + share * HALO.astype(np.float32)


def draw_shadow(ground: Float32, window: Window, placed: PlacedHair, spec: ScalpSpec, light: FloatArray) -> None:
    """Darkens the skin beside the shaft, on the side away from the light; further off where the hair stands higher."""
    points, scale = placed.centreline_px, spec.um_per_px
    rise = np.linspace(0, 1, len(points))[:, None] ** 0.8
    long = spec.hair.style is HairStyle.LONG
    offset = light * rise * (140 if long else 60) / scale * (0.4 + placed.hair.strand.lift)
    soft = (10 + 45 * rise[:, 0]) / scale
    strip = draw_strip(window, points + offset, np.full(len(points), placed.half_width_px), soft)
    if strip is None:
        return
    share = (spec.camera.shadow * _darkness(placed.hair.colour) * strip.coverage)[:, None]
    pixels = ground.reshape(-1, 3)
    pixels[strip.index] *= 1 - share


def _length_um(points: FloatArray, spec: ScalpSpec) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum()) * spec.um_per_px


def _darkness(colour: HairColour) -> float:
    return {HairColour.BLOND: 0.5, HairColour.GREY: 0.55, HairColour.WHITE: 0.12}.get(colour, 1.0)


def _shaft_colour(strip: Strip, placed: PlacedHair, spec: ScalpSpec, seed: int) -> Float32:
    """(P, 3) of a rounded, slightly rough cylinder with a highlight along it."""
    hair = placed.hair
    rng = stream(seed, "shaft", hair.id)
    thick, thin = CORE[hair.colour]
    slender = np.clip((75 - hair.width_um) / 60, 0, 1) ** 1.5
    base = thick + (thin - thick) * slender
    base = base * (0.8 + 0.5 * hair.strand.look)
    across = np.clip(strip.across, -1, 1)
    # roughness: bands along the shaft of about 40 µm, different on its two sides
    knots = rng.standard_normal((2, max(4, int(float(strip.along_px.max(initial=1)) * spec.um_per_px / 40) + 4)))
    t = np.clip(strip.along_px * spec.um_per_px / 40, 0, knots.shape[1] - 1)
    side = (across + 1) / 2
    rough = np.interp(t, np.arange(knots.shape[1]), knots[0]) * (1 - side) + side * np.interp(
        t, np.arange(knots.shape[1]), knots[1]
    )
    light = base * (1 + 0.16 * rough - 0.22 * across**2)[:, None]
    where = rng.uniform(-0.55, 0.55)
    gloss = spec.hair.shine * (0.05 + 0.25 * rng.random() ** 2) * np.clip(0.6 + 0.8 * rough, 0, 1.6)
    light += (gloss * np.exp(-(((across - where) / 0.22) ** 2)))[:, None] * np.array([0.9, 0.95, 1.1])
    coloured: Float32 = np.clip(light, 0.02, 1).astype(np.float32)
    return coloured
