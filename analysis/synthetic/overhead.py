"""What lies over hair and skin alike: air bubbles in the gel, flakes caught on the hair, and glare."""

import math
from dataclasses import dataclass

import numpy as np

from analysis.detection import FloatArray
from analysis.synthetic.noise import Float32, stream
from analysis.synthetic.shafts import PlacedHair
from analysis.synthetic.skin import VEIL
from analysis.synthetic.spec import ScalpSpec
from analysis.synthetic.strips import Window, draw_strip


@dataclass(frozen=True, eq=False)
class Bubble:
    """A bubble of air: a dark rim, a bright one inside it, reflexes, and a slightly enlarged inside."""

    centre_px: FloatArray
    radius_px: float
    rim: float
    """Strength, 0 to 1."""
    reflex_rad: float


@dataclass(frozen=True, eq=False)
class Streak:
    """Light reflected by an oily film: drawn out, ragged, brighter than white in its middle."""

    points_px: FloatArray
    half_width_px: FloatArray
    soft_px: float
    strength: float


@dataclass(frozen=True, eq=False)
class Overhead:
    """All of it, in image pixels."""

    bubbles: tuple[Bubble, ...]
    streaks: tuple[Streak, ...]

    def draw(self, scene: Float32, window: Window) -> None:
        """Lays it over the window's (height, width, 3) light."""
        for bubble in self.bubbles:
            _draw_bubble(scene, window, bubble)
        for streak in self.streaks:
            soft = np.full(len(streak.points_px), streak.soft_px)
            strip = draw_strip(window, streak.points_px, streak.half_width_px, soft)
            if strip is not None:
                share = (strip.coverage * np.float32(streak.strength))[:, None]
                pixels = scene.reshape(-1, 3)
                pixels[strip.index] += share * (VEIL.astype(np.float32) * 1.05 - 0.5 * pixels[strip.index])


def lay_overhead(spec: ScalpSpec, placed: list[PlacedHair], seed: int, visit: str) -> Overhead:
    """Bubbles anywhere; streaks of glare near roots, across shafts, and alone, where they look like hair."""
    rng = stream(seed, visit, "overhead")
    area_cm2 = math.prod(spec.size_mm) / 100
    bubbles = tuple(_bubble(rng, spec) for _ in range(int(rng.poisson(spec.skin.bubbles_per_cm2 * area_cm2))))
    streaks = []
    for hair in placed:
        if rng.random() < 0.75 * spec.skin.oil**2:
            points = hair.centreline_px
            at = points[int(rng.integers(0, len(points)))] + rng.normal(0, 25, 2) / spec.um_per_px
            streaks += _patch(rng, spec, at)
    for _ in range(int(rng.poisson(130 * area_cm2 * spec.skin.oil**3))):
        streaks += _patch(rng, spec, rng.uniform(0, spec.size_px))
    return Overhead(bubbles, tuple(streaks))


def _bubble(rng: np.random.Generator, spec: ScalpSpec) -> Bubble:
    radius_um = float(np.clip(np.exp(rng.normal(4.7, 0.7)), 30, 900))
    return Bubble(
        rng.uniform(0, spec.size_px),
        radius_um / spec.um_per_px,
        float(rng.uniform(0.25, 0.8)),
        float(rng.uniform(0, 2 * math.pi)),
    )


def _patch(rng: np.random.Generator, spec: ScalpSpec, at_px: FloatArray) -> list[Streak]:
    """A few streaks side by side."""
    angle = float(rng.uniform(0, math.pi))
    patch = []
    for _ in range(int(rng.integers(1, 5))):
        turn = angle + float(rng.normal(0, 0.35))
        length_um, width_um = float(np.exp(rng.normal(4.3, 0.6))), float(np.exp(rng.normal(2.9, 0.45)))
        t = np.linspace(-0.5, 0.5, 7)
        heading = turn + 0.8 * t * float(rng.standard_normal())
        line = np.column_stack([np.cos(heading), np.sin(heading)]) * (t * length_um / spec.um_per_px)[:, None]
        place = at_px + rng.normal(0, 45, 2) / spec.um_per_px
        half = width_um / 2 / spec.um_per_px * (1.05 - (2 * t) ** 2) * rng.uniform(0.6, 1.4, 7)
        patch.append(Streak(place + line, np.maximum(half, 0.15), 0.4, float(rng.uniform(0.25, 0.95))))
    return patch


def _draw_bubble(scene: Float32, window: Window, bubble: Bubble) -> None:
    reach = bubble.radius_px * 1.25 + 3
    if not window.meets(bubble.centre_px - reach, bubble.centre_px + reach):
        return
    low = np.maximum(np.floor(bubble.centre_px - reach).astype(int) - (window.x0, window.y0), 0)
    high = np.minimum(
        np.ceil(bubble.centre_px + reach).astype(int) + 1 - (window.x0, window.y0), (window.width, window.height)
    )
    if (low >= high).any():
        return
    part = scene[low[1] : high[1], low[0] : high[0]]
    dx = (np.arange(low[0], high[0]) + window.x0 - bubble.centre_px[0])[None, :].astype(np.float32)
    dy = (np.arange(low[1], high[1]) + window.y0 - bubble.centre_px[1])[:, None].astype(np.float32)
    radius = np.hypot(dx, dy) / bubble.radius_px
    wide = max(0.05, 1.5 / bubble.radius_px)
    dark = np.exp(-(((radius - 1) / wide) ** 2))
    bright = np.exp(-(((radius - 1 + 2 * wide) / (1.2 * wide)) ** 2))
    facing = 0.35 + 0.65 * np.clip(np.cos(np.arctan2(dy, dx) - bubble.reflex_rad), 0, 1) ** 3
    part *= 1 - (0.55 * bubble.rim * dark)[..., None]
    part += (0.5 * bubble.rim * bright * facing)[..., None]
    spot = np.array([math.cos(bubble.reflex_rad), math.sin(bubble.reflex_rad)]) * 0.55 * bubble.radius_px
    glint = np.exp(-((dx - spot[0]) ** 2 + (dy - spot[1]) ** 2) / (0.13 * bubble.radius_px) ** 2 / 2)
    part += (0.9 * bubble.rim * glint)[..., None]
