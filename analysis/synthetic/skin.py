"""The skin without hair: colour, blotches, furrows, pigment, and the bluish sparkle of its surface."""

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.spatial import cKDTree

from analysis.detection import FloatArray
from analysis.synthetic.noise import Float32, SmoothField, grain, smooth_field, stream, tiled
from analysis.synthetic.spec import ScalpSpec
from analysis.synthetic.strips import Window

PATCH_PX = 1024
"""Fine texture repeats after this many pixels, at most; small images need no more than their own size."""

LIGHT, MIDDLE, DARK = (
    np.array([0.556, 0.552, 0.500]),
    np.array([0.520, 0.400, 0.320]),
    np.array([0.290, 0.205, 0.160]),
)
"""Diffuse colour of very light, olive and very dark skin under the camera's own light."""
REDDENING = np.array([0.10, -0.07, -0.06])
VEIL = np.array([0.74, 0.82, 1.10])
"""Colour of light reflected by the skin's surface."""


@dataclass(frozen=True, eq=False)
class Skin:
    """Everything needed to paint any window of one capture's skin, alike however it is cut into windows."""

    spec: ScalpSpec
    base: FloatArray
    blotches: tuple[SmoothField, SmoothField, SmoothField]
    lighting: SmoothField
    warmth: SmoothField
    veil: SmoothField
    fine: Float32
    furrows: Float32
    sparkle: Float32
    cluster: Float32
    network: Float32 | None

    def diffuse(self, window: Window, texture: Float32) -> Float32:
        """(height, width, 3) light from within the skin, 0 to 1."""
        x, y = window.columns, window.rows
        skin = self.spec.skin
        red, mottle, small = (field.on_grid(x, y).astype(np.float32) for field in self.blotches)
        shade = 1 + skin.texture * (0.024 * texture + 0.03 * mottle + 0.026 * small)
        shade *= 1 + self.spec.camera.unevenness * 0.13 * self.lighting.on_grid(x, y).astype(np.float32)
        if self.network is not None:
            ridges = tiled(self.network, window.x0, window.y0, window.width, window.height)
            shade *= 1 - skin.pigment_network * 0.45 * ridges
        colour: Float32 = shade[..., None] * self.base.astype(np.float32)
        blush = np.clip(0.25 + 0.5 * red, 0, 2) * (0.3 + skin.redness)
        colour += blush[..., None] * (0.35 * REDDENING).astype(np.float32)
        warmth = self.spec.camera.unevenness * np.tanh(0.8 * self.warmth.on_grid(x, y)).astype(np.float32)
        colour *= 1 + warmth[..., None] * np.array([0.05, 0.0, -0.34], np.float32)
        return colour

    def reflected(self, window: Window, texture: Float32) -> Float32:
        """(height, width) light from the skin's surface: a haze, and sparkles in it where the skin is oily."""
        x, y = window.columns, window.rows
        oil = self.spec.skin.oil
        place = self.veil.on_grid(x, y).astype(np.float32)
        box = (window.x0, window.y0, window.width, window.height)
        patchy = tiled(self.cluster, *box)
        haze = np.logaddexp(0, 1.4 * place - 0.5 + 0.25 * self.spec.skin.texture * patchy) * (0.07 + 0.08 * oil)
        cluster = np.clip(0.9 * patchy + 1.1 * place - 1.5 + 1.9 * oil, 0, 2.2)
        glints = tiled(self.sparkle, *box)
        glare = (0.015 + np.clip(glints - 0.9, 0, None) ** 1.5 * 0.22) * cluster * (0.25 * oil**0.5 + 0.75 * oil)
        sheen = np.clip(0.4 + texture, 0, None) * haze * 0.4 * self.spec.skin.texture
        specks = np.clip(glints - 2.2, 0, None) * 0.16 * self.spec.skin.texture
        total: Float32 = haze + sheen + glare + specks
        return total

    def texture(self, window: Window) -> Float32:
        """(height, width) grain and furrows, of about unit variance."""
        box = (window.x0, window.y0, window.width, window.height)
        mixed: Float32 = np.float32(0.8) * tiled(self.fine, *box) + np.float32(0.6) * tiled(self.furrows, *box)
        return mixed


def make_skin(spec: ScalpSpec, seed: int, visit: str) -> Skin:
    """The skin of one capture: its texture and light differ from visit to visit, its colour does not."""
    rng = stream(seed, visit, "skin")
    size = (float(spec.size_px[0]), float(spec.size_px[1]))

    def field(mm: float) -> SmoothField:
        return smooth_field(rng, size, mm * 1000 / spec.um_per_px)

    return Skin(
        spec=spec,
        base=base_colour(spec.skin.tone, spec.skin.redness),
        blotches=(field(1.6), field(0.8), field(0.28)),
        lighting=field(3.5),
        warmth=field(4.5),
        veil=field(1.5),
        fine=_grain(rng, spec, 12, 100, 0.5),
        furrows=_furrows(rng, spec),
        sparkle=_grain(rng, spec, 8, 45, 0.1),
        cluster=_grain(rng, spec, 90, 450, 0.6),
        network=_network(rng, spec) if spec.skin.pigment_network else None,
    )


def base_colour(tone: float, redness: float) -> FloatArray:
    """(3,) RGB of diffuse skin, 0 to 1."""
    between = LIGHT + (MIDDLE - LIGHT) * tone / 0.5 if tone < 0.5 else MIDDLE + (DARK - MIDDLE) * (tone - 0.5) / 0.5
    colour: FloatArray = between + (redness - 0.2) * 0.4 * REDDENING
    return colour


def _patch_px(spec: ScalpSpec) -> int:
    return PATCH_PX if max(spec.size_px) > PATCH_PX // 2 else PATCH_PX // 2


def _grain(rng: np.random.Generator, spec: ScalpSpec, fine_um: float, coarse_um: float, slope: float) -> Float32:
    return grain(rng, _patch_px(spec), max(fine_um / spec.um_per_px, 1.2), coarse_um / spec.um_per_px, slope=slope)


def _furrows(rng: np.random.Generator, spec: ScalpSpec) -> Float32:
    """Fine wavy lines, as the skin's relief runs: the slope of drawn-out noise, as slanting light shows it."""
    scale = spec.um_per_px
    band = grain(rng, _patch_px(spec), 55 / scale, 260 / scale, slope=0.8, stretch=float(rng.uniform(1.2, 2.2)))
    if rng.random() < 0.5:
        band = band.T
    relief = np.roll(band, 1, 0) - np.roll(band, -1, 0) + 0.7 * (np.roll(band, 1, 1) - np.roll(band, -1, 1))
    lines = np.tanh(1.2 * relief / relief.std())
    scaled: Float32 = lines / lines.std()
    return scaled


def _network(rng: np.random.Generator, spec: ScalpSpec) -> Float32:
    """A honeycomb of darker lines about uneven cells of 0.2 mm, drawn at a quarter of the resolution: it is soft."""
    size, coarse = _patch_px(spec), 4
    cells = max(4, round(size * spec.um_per_px / 200))
    pitch = size / coarse / cells
    column, row = np.meshgrid(np.arange(cells), np.arange(cells))
    lattice = np.column_stack([(column + 0.5 * (row % 2)).ravel(), row.ravel()]).astype(float)
    middles = ((lattice + rng.normal(0, 0.22, lattice.shape)) * pitch) % (size / coarse)
    x, y = np.meshgrid(np.arange(size // coarse) + 0.5, np.arange(size // coarse) + 0.5)
    distances = cKDTree(middles, boxsize=size / coarse).query(np.column_stack([x.ravel(), y.ravel()]), 2)[0]
    gap = ((distances[:, 1] - distances[:, 0]) / pitch).reshape(x.shape)
    strength = np.clip(1 + 0.35 * grain(rng, size // coarse, 20, 200, slope=0.5), 0.2, 1.6)
    mesh = 0.8 * np.exp(-((gap / 0.30) ** 2)) * strength
    # one cell of wrapping keeps the patch periodic when it is enlarged
    wrapped = cv2.resize(
        np.pad(mesh.astype(np.float32), 2, mode="wrap"), None, fx=coarse, fy=coarse, interpolation=cv2.INTER_CUBIC
    )
    network: Float32 = wrapped[2 * coarse : -2 * coarse, 2 * coarse : -2 * coarse]
    return network
