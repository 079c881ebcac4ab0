"""Puts the scene together, window by window, and says what is in it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.detection import FloatArray
from analysis.synthetic import optics
from analysis.synthetic.camera import Pose
from analysis.synthetic.crumbs import strewn
from analysis.synthetic.marks import Mark, draw_marks, loose_marks, skin_marks
from analysis.synthetic.noise import Float32, SmoothField, smooth_field, stream
from analysis.synthetic.overhead import lay_overhead
from analysis.synthetic.overlays import burn_in, clear_box_px, frame_circle_px
from analysis.synthetic.scalp import Scalp, grow_scalp
from analysis.synthetic.shafts import HairLayer, PlacedHair, draw_shaft, place_hairs
from analysis.synthetic.skin import VEIL, Skin, make_skin
from analysis.synthetic.spec import ScalpSpec
from analysis.synthetic.strips import Window
from analysis.synthetic.truth import TrueHair, TrueUnit, Truth
from analysis.synthetic.underlay import draw_underlay

TILE_PX = 1024
MARGIN_PX = 32
"""Rendered around each tile, so that blur knows what lies beyond; a multiple of the underlay's cell."""


@dataclass(frozen=True, eq=False)
class Phantom:
    """A synthetic image and what is in it."""

    image: NDArray[np.uint8]
    """(H, W, 3) RGB."""
    truth: Truth


def make_phantom(spec: ScalpSpec, seed: int) -> Phantom:
    """The phantom of a subject: the same for the same arguments."""
    pose = Pose(spec.size_px, spec.um_per_px)
    return photograph(grow_scalp(spec, seed), spec, pose, seed, "baseline")


def photograph(scalp: Scalp, spec: ScalpSpec, pose: Pose, seed: int, visit: str) -> Phantom:
    """One capture of a scalp.

    Args:
        scalp: what grows.
        spec: skin and camera at this visit; its size and scale are the pose's.
        pose: where the camera stands.
        seed: of the subject; the visit's own texture, light and noise come from it and the visit's name.
        visit: the name that the truth carries.
    """
    scalp = without_hidden(scalp, spec, pose)
    placed = place_hairs(scalp.hairs, pose)
    under = skin_marks(scalp, spec, pose, seed)
    loose = loose_marks(scalp, spec, pose, seed, visit)
    scene = _Scene(spec, placed, make_skin(spec, seed, visit), under, loose, seed, visit)
    width, height = spec.size_px
    image = np.empty((height, width, 3), np.uint8)
    for y in range(0, height, TILE_PX):
        for x in range(0, width, TILE_PX):
            tile = Window(x, y, min(TILE_PX, width - x), min(TILE_PX, height - y))
            image[y : y + tile.height, x : x + tile.width] = scene.tile(tile)
    burn_in(image, spec, seed, visit)
    return Phantom(optics.compressed(image, spec.camera.jpeg_quality), tell_truth(scalp, spec, placed, visit))


class _Scene:
    def __init__(
        self,
        spec: ScalpSpec,
        placed: list[PlacedHair],
        skin: Skin,
        under: list[Mark],
        loose: list[Mark],
        seed: int,
        visit: str,
    ) -> None:
        self.spec, self.placed, self.skin, self.seed, self.visit = spec, placed, skin, seed, visit
        self.under, self.loose = under, loose
        # far enough for halos and shadows, which leave the shaft's own box
        far = 600 / spec.um_per_px
        self.low = np.array([p.centreline_px.min(0) - far for p in placed]).reshape(-1, 2)
        self.high = np.array([p.centreline_px.max(0) + far for p in placed]).reshape(-1, 2)
        self.crumbs = strewn(placed, spec, seed, visit)
        self.overhead = lay_overhead(spec, placed, seed, visit)
        rng = stream(seed, visit, "scene")
        size = (float(spec.size_px[0]), float(spec.size_px[1]))
        self.focus: SmoothField = smooth_field(rng, size, 3000 / spec.um_per_px)
        angle = rng.uniform(0, 2 * np.pi)
        self.light: FloatArray = np.array([np.cos(angle), np.sin(angle)])

    def tile(self, tile: Window) -> NDArray[np.uint8]:
        wide = Window(tile.x0 - MARGIN_PX, tile.y0 - MARGIN_PX, tile.width + 2 * MARGIN_PX, tile.height + 2 * MARGIN_PX)
        seen = optics.fringed(optics.blurred(self.compose(wide), wide, self.spec, self.focus), wide, self.spec)
        inner = seen[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX]
        return optics.sensed(optics.exposed(inner, tile, self.spec), tile, self.spec, self.seed, self.visit)

    def compose(self, window: Window) -> Float32:
        """(height, width, 3) light of the scene before the lens."""
        spec = self.spec
        corner = np.array([window.x0, window.y0])
        extent = np.array([window.width, window.height])
        near = (self.high >= corner).all(1) & (self.low < corner + extent).all(1)
        hairs = [self.placed[i] for i in np.flatnonzero(near)]
        texture = self.skin.texture(window)
        ground = self.skin.diffuse(window, texture)
        draw_marks(ground, window, self.under)
        ground = draw_underlay(window, hairs, spec, self.light, self.seed).darken(ground)
        ground += self.skin.reflected(window, texture)[..., None] * VEIL.astype(np.float32)
        draw_marks(ground, window, self.loose)
        layer = HairLayer(window)
        for placed in hairs:
            draw_shaft(layer, window, placed, spec, self.seed)
        free = (1 - layer.cover).reshape(window.height, window.width, 1)
        scene: Float32 = ground * free + layer.light.reshape(window.height, window.width, 3)
        draw_marks(scene, window, self.crumbs)
        self.overhead.draw(scene, window)
        return scene


def without_hidden(scalp: Scalp, spec: ScalpSpec, pose: Pose) -> Scalp:
    """The scalp less the hair rooted under an opaque bar or banner.

    Whether a shaft that comes out from under a bar is to be counted would be a matter of opinion: there is none.
    """
    left, top, right, bottom = clear_box_px(spec)
    width, height = spec.size_px

    def hidden(root_px: FloatArray) -> bool:
        x, y = root_px
        if not (-0.5 <= x < width - 0.5 and -0.5 <= y < height - 0.5):
            return False
        return not (left <= x < right and top <= y < bottom)

    kept = (
        replace(unit, hairs=tuple(h for h in unit.hairs if not hidden(pose.to_px(h.strand.curve_mm[:1])[0])))
        for unit in scalp.units
    )
    return replace(scalp, units=tuple(unit for unit in kept if unit.hairs))


def tell_truth(scalp: Scalp, spec: ScalpSpec, placed: list[PlacedHair], visit: str) -> Truth:
    """The hairs that are visible in the image, wherever rooted, and their units."""
    visible = {p.hair.id: p for p in placed if _touches(p, spec)}
    units, hairs = [], []
    everywhere = {p.hair.id: p for p in placed}
    for unit in scalp.units:
        if not any(h.id in visible for h in unit.hairs):
            continue
        own = [everywhere[h.id] for h in unit.hairs]
        units.append(
            TrueUnit(unit.id, np.mean([p.centreline_px[0] for p in own], axis=0), tuple(p.hair.id for p in own))
        )
        hairs += [TrueHair(p.hair.id, unit.id, p.hair.width_um, p.hair.colour.value, p.centreline_px) for p in own]
    return Truth(spec.size_px, spec.um_per_px, spec.case, visit, tuple(hairs), tuple(units), frame_circle_px(spec))


def _touches(placed: PlacedHair, spec: ScalpSpec) -> bool:
    p = placed.centreline_px
    inside = (p > -0.5).all(1) & (p < np.array(spec.size_px) - 0.5).all(1)
    return bool(inside.any())
