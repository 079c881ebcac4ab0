"""Drawing the shafts of hair over the skin."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.detection import FloatArray
from analysis.synthetic.camera import Pose
from analysis.synthetic.noise import Float32, stream
from analysis.synthetic.scalp import GrownHair
from analysis.synthetic.spec import HairColour, HairStyle, ScalpSpec
from analysis.synthetic.strips import Strip, Window, arc_length, draw_strip

CORE = {
    HairColour.BLACK: (np.array([0.130, 0.115, 0.108]), np.array([0.24, 0.185, 0.14])),
    HairColour.BROWN: (np.array([0.17, 0.115, 0.075]), np.array([0.36, 0.26, 0.17])),
    HairColour.BLOND: (np.array([0.44, 0.34, 0.20]), np.array([0.60, 0.50, 0.34])),
    HairColour.GREY: (np.array([0.34, 0.33, 0.33]), np.array([0.52, 0.51, 0.50])),
    HairColour.WHITE: (np.array([0.78, 0.79, 0.82]), np.array([0.90, 0.90, 0.90])),
}
"""Colour of thick and of thin hair."""


@dataclass(frozen=True, eq=False)
class PlacedHair:
    """A hair as the camera sees it."""

    hair: GrownHair
    centreline_px: FloatArray
    half_width_px: FloatArray
    """(V,)"""


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
    return [
        PlacedHair(h, pose.to_px(h.strand.curve_mm), h.strand.profile * (h.width_um / pose.um_per_px / 2))
        for h in ordered
    ]


def draw_shaft(layer: HairLayer, window: Window, placed: PlacedHair, spec: ScalpSpec, seed: int) -> None:
    """Adds one shaft: of true width everywhere, blurred towards the root, and before it what shows below the skin."""
    points = placed.centreline_px
    strand = placed.hair.strand
    s_um = arc_length(points) * spec.um_per_px
    depth = np.exp(-s_um / 120) if spec.hair.style is HairStyle.CLIPPED else np.exp(-s_um / 80) * 0.5
    soft_um = spec.camera.root_blur_um * depth * (0.5 + strand.look)
    if spec.hair.style is HairStyle.LONG:
        # hair that lies high over the skin leaves the depth of field
        soft_um = np.hypot(soft_um, spec.camera.lift_blur_um * strand.lift**4 * np.clip(s_um / 3000, 0, 1))
    soft = soft_um / spec.um_per_px
    if spec.skin.neck_um:
        _draw_neck(layer, window, placed, spec, seed, float(soft[0]))
    strip = draw_strip(window, points, placed.half_width_px, soft, slant=strand.slant, bevel=0.35)
    if strip is not None:
        slender = np.clip((46 - placed.hair.width_um) / 30, 0, 1)
        seen = np.float32(1 - spec.hair.pallor * slender * (0.5 + strand.look / 2))
        strip = replace(strip, coverage=strip.coverage * seen)
        layer.lay(strip, _shaft_colour(strip, placed, spec, seed))


def _draw_neck(
    layer: HairLayer, window: Window, placed: PlacedHair, spec: ScalpSpec, seed: int, soft_px: float
) -> None:
    """The first of a shaft below its root, where the skin over it is thinnest: as sharp, and fading."""
    rng = stream(seed, "neck", placed.hair.id)
    length = spec.skin.neck_um * float(rng.uniform(0.3, 1.7)) / spec.um_per_px
    points = placed.centreline_px
    back = points[0] - points[min(3, len(points) - 1)]
    line = points[0] + back / np.hypot(*back) * np.linspace(1, -0.2, 7)[:, None] * max(length, 1.0)
    half = float(np.median(placed.half_width_px)) * rng.uniform(0.7, 1.2)
    strip = draw_strip(window, line, np.full(7, half), np.full(7, soft_px))
    if strip is not None:
        deep = np.clip(1 - strip.along_px / max(length, 1.0), 0, 1)
        share = float(rng.uniform(0.25, 0.75)) * darkness(placed.hair.colour) * (1 - deep) ** 0.7
        grey = np.array([0.26, 0.29, 0.32], np.float32) * np.float32(rng.uniform(0.7, 1.3))
        faded = replace(strip, coverage=strip.coverage * share.astype(np.float32))
        layer.lay(faded, np.broadcast_to(grey, (len(strip.index), 3)))


def darkness(colour: HairColour) -> float:
    """How dark a hair makes the skin around and below it, next to black hair."""
    return {HairColour.BLOND: 0.5, HairColour.GREY: 0.55, HairColour.WHITE: 0.12}.get(colour, 1.0)


def _shaft_colour(strip: Strip, placed: PlacedHair, spec: ScalpSpec, seed: int) -> Float32:
    """(P, 3) of a rounded, slightly rough cylinder with a highlight along it."""
    hair = placed.hair
    rng = stream(seed, "shaft", hair.id)
    thick, thin = CORE[hair.colour]
    slender = np.clip((75 - hair.width_um) / 60, 0, 1) ** 1.5
    base = thick + (thin - thick) * slender
    base = base * (0.8 + 0.5 * hair.strand.look)
    clipped = spec.hair.style is HairStyle.CLIPPED
    if not clipped:
        # a shaft in the open is lit from all sides; clipped ones lie close to the skin
        base = base + 0.05 * spec.hair.shine
    across = np.clip(strip.across, -1, 1)
    length_px = float(arc_length(placed.centreline_px)[-1])
    # roughness: bands along the shaft of about 40 µm, different on its two sides
    knots = rng.standard_normal((2, max(4, int(length_px * spec.um_per_px / 40) + 4)))
    t = np.clip(strip.along_px * spec.um_per_px / 40, 0, knots.shape[1] - 1)
    side = (across + 1) / 2
    rough = np.interp(t, np.arange(knots.shape[1]), knots[0]) * (1 - side) + side * np.interp(
        t, np.arange(knots.shape[1]), knots[1]
    )
    relief = spec.hair.relief * (0.16 if clipped and darkness(hair.colour) == 1 else 0.06)
    rounding = spec.hair.relief * (0.22 if clipped else 0.40)
    light = base * (1 + relief * rough - rounding * across**2)[:, None]
    where = rng.uniform(-0.55, 0.55)
    # a highlight comes and goes along the shaft, as it turns to the light
    turns = rng.standard_normal(8)
    lit = np.clip(0.6 + 0.9 * np.interp(strip.along_px, np.linspace(0, 1, 8) * length_px, turns), 0, 2)
    gloss = spec.hair.shine * (0.05 + 0.30 * rng.random() ** 2) * lit * np.clip(1 + 3 * relief * rough, 0, 2)
    wide = rng.uniform(0.15, 0.45)
    light += (gloss * np.exp(-(((across - where) / wide) ** 2)))[:, None] * (0.35 + base) * np.array([1.1, 1.15, 1.3])
    coloured: Float32 = np.clip(light, 0.02, 1).astype(np.float32)
    return coloured
