"""What lies on or in the skin besides hair: vessels, pores, moles, tattoo dots, flakes, cuttings and specks.

All have places on the scalp, so that vessels, pores and moles are found again at the next visit; what lies loose on the
skin is drawn anew for each visit.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from analysis.detection import FloatArray
from analysis.synthetic.camera import Pose
from analysis.synthetic.noise import Float32, stream
from analysis.synthetic.scalp import Scalp
from analysis.synthetic.shafts import CORE
from analysis.synthetic.spec import HairColour, ScalpSpec
from analysis.synthetic.strips import Strip, Window, draw_strip

VESSEL = np.array([0.08, 0.25, 0.22], np.float32)
"""Share of each colour that a vessel takes away."""


@dataclass(frozen=True, eq=False)
class Line:
    """A vessel or a cut piece of hair, in image pixels."""

    points_px: FloatArray
    half_width_px: FloatArray
    soft_px: float
    absorbed: Float32
    """(3,) share of each colour taken away at full coverage."""
    light: Float32
    """(3,) light given back at full coverage."""


@dataclass(frozen=True, eq=False)
class Blob:
    """A spot with an uneven rim, in image pixels."""

    centre_px: FloatArray
    radius_px: float
    rim_px: float
    """How soft the rim is."""
    shape: FloatArray
    """(5,) phases and (5,) amplitudes of the rim's waves, stacked (2, 5)."""
    absorbed: Float32
    light: Float32
    ring: float = 0.0
    """0 full, towards 1 only the rim."""


Mark = Line | Blob


def draw_marks(ground: Float32, window: Window, marks: list[Mark]) -> None:
    """Lays the marks over the window's (height, width, 3) light, in order."""
    for mark in marks:
        if isinstance(mark, Line):
            _draw_line(ground, window, mark)
        else:
            _draw_blob(ground, window, mark)


def _draw_line(ground: Float32, window: Window, line: Line) -> None:
    strip = draw_strip(window, line.points_px, line.half_width_px, np.full(len(line.points_px), line.soft_px))
    if strip is not None:
        _tint(ground, strip, line.absorbed, line.light)


def _tint(ground: Float32, strip: Strip, absorbed: Float32, light: Float32) -> None:
    pixels = ground.reshape(-1, 3)
    share = strip.coverage[:, None]
    pixels[strip.index] = pixels[strip.index] * (1 - share * absorbed) + share * light


def _draw_blob(ground: Float32, window: Window, blob: Blob) -> None:
    reach = blob.radius_px * 1.5 + 3 * blob.rim_px + 1
    if not window.meets(blob.centre_px - reach, blob.centre_px + reach):
        return
    x0 = max(0, int(blob.centre_px[0] - reach) - window.x0)
    x1 = min(window.width, int(blob.centre_px[0] + reach) + 2 - window.x0)
    y0 = max(0, int(blob.centre_px[1] - reach) - window.y0)
    y1 = min(window.height, int(blob.centre_px[1] + reach) + 2 - window.y0)
    if x0 >= x1 or y0 >= y1:
        return
    dx = (np.arange(x0, x1) + window.x0 - blob.centre_px[0])[None, :]
    dy = (np.arange(y0, y1) + window.y0 - blob.centre_px[1])[:, None]
    angle, radius = np.arctan2(dy, dx), np.hypot(dx, dy)
    phases, amplitudes = blob.shape
    rim = blob.radius_px * (
        1 + sum(a * np.cos(k * angle + p) for k, p, a in zip(range(1, 6), phases, amplitudes, strict=True))
    )
    inside = 1 / (1 + np.exp(np.clip((radius - rim) / max(blob.rim_px, 0.3), -30, 30)))
    if blob.ring:
        inside = inside * (1 - blob.ring * np.clip(1 - (radius / np.maximum(rim, 1)) ** 2, 0, 1))
    share = inside[..., None].astype(np.float32)
    part = ground[y0:y1, x0:x1]
    part *= 1 - share * blob.absorbed
    part += share * blob.light


def skin_marks(scalp: Scalp, spec: ScalpSpec, pose: Pose, seed: int) -> list[Mark]:
    """What belongs to the skin, the same at every visit."""
    marks: list[Mark] = []
    skin = spec.skin
    rng = stream(seed, "moles")
    for at in _places(rng, scalp, skin.moles_per_cm2):
        deep = float(rng.uniform(0.12, 0.5))
        marks.append(_blob(rng, pose, at, rng.uniform(60, 330), 45, deep * np.array([0.55, 0.8, 0.95]), ragged=0.14))
    rng = stream(seed, "vessels")
    for at in _places(rng, scalp, skin.vessels_per_cm2):
        marks += _vessel(rng, pose, at)
    rng = stream(seed, "pores")
    for at in _places(rng, scalp, skin.pores_per_cm2):
        marks += _pore(rng, pose, at, pale=skin.tone > 0.45)
    rng = stream(seed, "tattoo")
    for _ in range(skin.tattoo_dots):
        at = rng.uniform(-0.4, 0.4, 2) * spec.size_mm
        ink = np.array([0.85, 0.75, 0.55]) if rng.random() < 0.6 else np.array([0.9, 0.9, 0.88])
        marks.append(_blob(rng, pose, at, rng.uniform(90, 260), 30, ink * rng.uniform(0.7, 0.95), ragged=0.12))
    return marks


def loose_marks(scalp: Scalp, spec: ScalpSpec, pose: Pose, seed: int, visit: str) -> list[Mark]:
    """What lies on the skin below the hair: specks, flakes and cut pieces. None of it is hair in the truth."""
    marks: list[Mark] = []
    rng = stream(seed, visit, "specks")
    for at in _places(rng, scalp, spec.skin.specks_per_cm2):
        marks.append(_speck(rng, pose, at))
    rng = stream(seed, visit, "flakes")
    for at in _places(rng, scalp, spec.skin.flakes_per_cm2):
        marks += _flake(rng, pose, at)
    rng = stream(seed, visit, "cuttings")
    for at in _places(rng, scalp, spec.skin.cuttings_per_cm2):
        marks += _cutting(rng, spec, pose, at)
    rng = stream(seed, visit, "crusts")
    for at in _places(rng, scalp, spec.skin.crusts_per_cm2):
        marks.append(_crust(rng, pose, at))
    return marks


def _places(rng: np.random.Generator, scalp: Scalp, per_cm2: float) -> Iterator[FloatArray]:
    """Random places (2,) in mm over the grown region."""
    area_cm2 = float(np.prod(scalp.high_mm - scalp.low_mm)) / 100
    for _ in range(int(rng.poisson(per_cm2 * area_cm2))):
        yield rng.uniform(scalp.low_mm, scalp.high_mm)


def _blob(
    rng: np.random.Generator,
    pose: Pose,
    at_mm: FloatArray,
    radius_um: float,
    rim_um: float,
    absorbed: FloatArray,
    *,
    light: FloatArray | None = None,
    ragged: float = 0.1,
    ring: float = 0.0,
) -> Blob:
    scale = pose.um_per_px
    shape = np.stack([rng.uniform(0, 2 * math.pi, 5), rng.normal(0, ragged, 5) / np.arange(1, 6) ** 0.5])
    give = np.zeros(3) if light is None else light
    return Blob(
        pose.to_px(at_mm[None])[0],
        float(radius_um) / scale,
        rim_um / scale,
        shape,
        absorbed.astype(np.float32),
        give.astype(np.float32),
        ring,
    )


def _crooked(rng: np.random.Generator, at_mm: FloatArray, length_mm: float, turn: float) -> FloatArray:
    """A line that wanders, in steps of 50 µm."""
    n = max(4, round(length_mm / 0.05))
    heading = rng.uniform(0, 2 * math.pi) + np.cumsum(rng.normal(0, turn, n))
    heading = np.convolve(np.pad(heading, 2, mode="edge"), np.full(5, 0.2), mode="valid")
    steps = 0.05 * np.column_stack([np.cos(heading), np.sin(heading)])
    line: FloatArray = at_mm + np.vstack([np.zeros((1, 2)), np.cumsum(steps, axis=0)])
    return line


def _vessel(rng: np.random.Generator, pose: Pose, at_mm: FloatArray) -> list[Mark]:
    """A red, soft, branching thread: loops are short and bent, branching ones long."""
    loop = rng.random() < 0.35
    width_um = rng.uniform(14, 28) if loop else rng.uniform(14, 60)
    length = rng.uniform(0.25, 0.6) if loop else rng.uniform(0.8, 3.2)
    strength = rng.uniform(0.5, 1.3)
    trunk = _crooked(rng, at_mm, float(length), 0.5 if loop else 0.25)
    marks: list[Mark] = [_thread(pose, trunk, float(width_um), float(strength))]
    for _ in range(0 if loop else int(rng.integers(0, 4))):
        start = trunk[int(rng.integers(1, len(trunk)))]
        branch = _crooked(rng, start, float(rng.uniform(0.3, 1.2)), 0.3)
        marks.append(_thread(pose, branch, float(width_um * rng.uniform(0.4, 0.8)), float(strength * 0.8)))
    return marks


def _thread(pose: Pose, line_mm: FloatArray, width_um: float, strength: float) -> Line:
    half = np.full(len(line_mm), width_um / 2 / pose.um_per_px)
    faded = np.minimum(1, 3 * np.sin(np.linspace(0.06, 0.97, len(line_mm)) * math.pi))
    return Line(
        pose.to_px(line_mm),
        half * faded,
        0.35 * width_um / pose.um_per_px,
        VESSEL * np.float32(strength),
        np.zeros(3, np.float32),
    )


def _pore(rng: np.random.Generator, pose: Pose, at_mm: FloatArray, *, pale: bool) -> list[Mark]:
    """An opening without a hair: a dark or yellowish dot, on dark skin a white one, often with a pale rim."""
    size = float(rng.uniform(30, 75))
    if pale:
        white = np.array([0.16, 0.17, 0.18]) * rng.uniform(0.5, 1.3)
        return [_blob(rng, pose, at_mm, size, 14, np.full(3, 0.15), light=white)]
    if rng.random() < 0.35:
        return [_blob(rng, pose, at_mm, 2.0 * size, 40, np.array([0.03, 0.12, 0.30]) * rng.uniform(0.5, 1.3))]
    rim = _blob(rng, pose, at_mm, 1.7 * size, 16, np.zeros(3), light=np.array([0.05, 0.05, 0.045]), ring=1.0)
    return [rim, _blob(rng, pose, at_mm, size, 14, np.array([0.35, 0.42, 0.45]) * rng.uniform(0.4, 1.4))]


def _speck(rng: np.random.Generator, pose: Pose, at_mm: FloatArray) -> Blob:
    """Dust, ink or a crust: small, sharp, ragged."""
    kinds: list[Callable[[], FloatArray]] = [
        lambda: np.array([0.75, 0.60, 0.30]),
        lambda: np.array([0.80, 0.82, 0.85]),
        lambda: np.array([0.35, 0.60, 0.75]),
    ]
    colour = kinds[int(rng.choice(3, p=[0.3, 0.4, 0.3]))]()
    return _blob(rng, pose, at_mm, float(np.exp(rng.normal(2.5, 0.6))), 4, colour * rng.uniform(0.4, 1), ragged=0.35)


def _crust(rng: np.random.Generator, pose: Pose, at_mm: FloatArray) -> Blob:
    """Dried blood or serum: brown, as large as a hair is wide or a few times that."""
    size = float(np.clip(np.exp(rng.normal(3.7, 0.5)), 12, 150))
    absorbed = np.array([0.5, 0.75, 0.9]) * rng.uniform(0.4, 1.05)
    return _blob(rng, pose, at_mm, size, float(rng.uniform(3, 12)), np.minimum(absorbed, 0.97), ragged=0.3)


def _flake(rng: np.random.Generator, pose: Pose, at_mm: FloatArray) -> list[Mark]:
    """A scale: a bright ragged plate, its rim brighter than its middle."""
    size = float(np.exp(rng.normal(4.3, 0.55)))
    bright = float(rng.uniform(0.12, 0.5))
    plate = _blob(
        rng,
        pose,
        at_mm,
        size,
        9,
        np.full(3, 0.35),
        light=bright * np.array([1, 1, 1.02]),
        ragged=0.3,
        ring=float(rng.uniform(0, 0.8)),
    )
    inner = at_mm + rng.normal(0, size / 3000, 2)
    return [plate, _blob(rng, pose, inner, 0.5 * size, 8, np.zeros(3), light=0.4 * bright * np.ones(3), ragged=0.4)]


def _cutting(rng: np.random.Generator, spec: ScalpSpec, pose: Pose, at_mm: FloatArray) -> list[Mark]:
    """A loose piece of shaft at any angle, with no halo: what annotators call debris."""
    length = float(rng.uniform(0.06, 0.35)) if rng.random() < 0.85 else float(rng.uniform(0.35, 1.0))
    width_um = float(np.clip(rng.normal(0.8 * spec.hair.width_um, 15), 14, 110))
    line = pose.to_px(_crooked(rng, at_mm, length, 0.03 if length < 0.35 else 0.08))
    colour = CORE[spec.hair.colour if rng.random() < 0.95 else HairColour.WHITE]
    light = (colour[0] + (colour[1] - colour[0]) * rng.random()) * rng.uniform(0.8, 1.4)
    opaque = float(rng.uniform(0.85, 1.0))
    half = width_um / 2 / spec.um_per_px * (1 + 0.05 * rng.standard_normal(len(line)))
    body = Line(line, half, 0.3, np.full(3, opaque, np.float32), (opaque * light).astype(np.float32))
    # the side that faces the light, or the bright middle of a translucent piece
    step = line[1] - line[0]
    beside = np.array([-step[1], step[0]]) / np.hypot(*step) * half.mean() * float(rng.uniform(-0.5, 0.5))
    shine = np.float32(rng.uniform(0.03, 0.2)) * np.array([0.95, 1.0, 1.1], np.float32)
    edge = Line(line + beside, 0.3 * half, 0.5, np.zeros(3, np.float32), shine)
    return [body, edge]
