"""What lies on the hair itself: scale around the root and on the shaft, and dark debris that clings to it."""

import math

import numpy as np

from analysis.detection import FloatArray
from analysis.synthetic.marks import Blob, Mark
from analysis.synthetic.noise import stream
from analysis.synthetic.shafts import PlacedHair
from analysis.synthetic.spec import ScalpSpec


def strewn(placed: list[PlacedHair], spec: ScalpSpec, seed: int, visit: str) -> list[Mark]:
    """Marks over the hair, in image pixels; none where `spec.skin.crumbs` is 0."""
    amount, marks = spec.skin.crumbs, []
    if not amount:
        return []
    rng = stream(seed, visit, "crumbs")
    for hair in placed:
        width_um = hair.hair.width_um
        if rng.random() < 0.5 * amount:
            marks += _collar(rng, hair.centreline_px[0], width_um, spec.um_per_px)
        for _ in range(int(rng.poisson(1.2 * amount))):
            at = hair.centreline_px[int(len(hair.centreline_px) * rng.random() ** 1.5)]
            off = rng.normal(0, 0.35 * width_um, 2) / spec.um_per_px
            size = float(np.clip(np.exp(rng.normal(2.9, 0.5)), 6, 60))
            marks.append(_crumb(rng, at + off, size, spec.um_per_px, dark=rng.random() < 0.3))
    return list(marks)


def _collar(rng: np.random.Generator, root_px: FloatArray, width_um: float, um_per_px: float) -> list[Blob]:
    """Small translucent scales about the place where a hair leaves the skin."""
    collar = []
    for _ in range(int(rng.integers(3, 11))):
        angle, far = rng.uniform(0, 2 * math.pi), width_um * rng.uniform(0.2, 1.6) / um_per_px
        at = root_px + far * np.array([math.cos(angle), math.sin(angle)])
        collar.append(_crumb(rng, at, float(rng.uniform(8, 30)), um_per_px, dark=False))
    return collar


def _crumb(rng: np.random.Generator, at_px: FloatArray, size_um: float, um_per_px: float, *, dark: bool) -> Blob:
    shape = np.stack([rng.uniform(0, 2 * math.pi, 5), rng.normal(0, 0.35, 5) / np.arange(1, 6) ** 0.5])
    if dark:
        absorbed, light = np.array([0.6, 0.7, 0.75]) * rng.uniform(0.5, 1.2), np.zeros(3)
    else:
        opaque = float(rng.uniform(0.15, 0.85))
        absorbed, light = np.full(3, opaque), opaque * float(rng.uniform(0.35, 0.75)) * np.array([0.97, 1.0, 1.02])
    rim = float(rng.uniform(2, 7)) / um_per_px
    return Blob(at_px, size_um / um_per_px, rim, shape, absorbed.astype(np.float32), light.astype(np.float32))
