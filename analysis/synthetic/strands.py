"""The course of one hair over the scalp, in millimetres."""

import math
from dataclasses import dataclass

import numpy as np

from analysis.detection import FloatArray
from analysis.synthetic.spec import HairSpec, HairStyle

STEP_MM = 0.03
"""Distance between the vertices of a strand; a chord leaves a curl of 1 mm radius by 0.1 µm."""


@dataclass(frozen=True, eq=False)
class Strand:
    """A hair's centreline and what distinguishes it from its neighbours."""

    curve_mm: FloatArray
    """(V, 2), root first, scalp coordinates."""
    profile: FloatArray
    """(V,) width at each vertex as a multiple of the hair's width; its median is 1."""
    slant: float
    """Of the cut at the tip: 0 straight across; in half widths over a half width."""
    lift: float
    """Height above its neighbours, 0 to 1: higher hairs lie over lower ones."""
    look: float
    """0 to 1: shade and highlight within the subject's colour."""


def grow_strand(
    hair: HairSpec,
    rng: np.random.Generator,
    root_mm: FloatArray,
    direction_rad: float,
    length_mm: float,
    width_um: float,
) -> Strand:
    """A strand that leaves `root_mm` in about the given direction.

    Thin hair is shorter and bends more. Heading is integrated along the arc: a steady bend, a slow wander, a wave.
    """
    thin, long = width_um < 30, hair.style is HairStyle.LONG
    length = length_mm * math.exp(float(rng.normal(0, 0.16))) * (float(rng.uniform(0.5, 1.0)) if thin else 1.0)
    length = max(length, 0.12)
    n = max(4, round(length / STEP_MM))
    s = np.linspace(0, length, n + 1)
    heading = direction_rad + math.radians(hair.fan_deg) * float(rng.standard_normal()) * (2.2 if thin else 1.0)
    bend = math.radians(hair.bend_deg_per_mm) * float(rng.standard_normal()) * (3.0 if thin else 1.0)
    course = np.full(n + 1, heading) + bend * s
    if long:
        course += _wander(rng, s)
    if hair.wave_deg:
        course += _wave(rng, s, math.radians(hair.wave_deg), hair.wave_mm)
    if rng.random() < (0.6 if long else 0.25):
        # many shafts leave the ostium at another angle and soon straighten
        course += math.radians(float(rng.normal(0, 35 if long else 22))) * np.exp(-s / (0.25 if long else 0.10))
    middle = (course[:-1] + course[1:]) / 2
    steps = np.diff(s)[:, None] * np.column_stack([np.cos(middle), np.sin(middle)])
    curve = root_mm + np.vstack([np.zeros((1, 2)), np.cumsum(steps, axis=0)])
    profile = _profile(rng, s, hair.relief, tapered=long and rng.random() < 0.4)
    return Strand(curve, profile, float(rng.normal(0, 0.25)), float(rng.random()), float(rng.random()))


def _profile(rng: np.random.Generator, s: FloatArray, relief: float, *, tapered: bool) -> FloatArray:
    """Slight unevenness along the shaft (3 %), and for some long hair an uncut, pointed tip."""
    rough = np.convolve(rng.standard_normal(len(s) + 4), [0.1, 0.25, 0.3, 0.25, 0.1], mode="valid")
    profile = 1 + 0.055 * relief * rough
    if tapered:
        profile = profile * np.clip((s[-1] - s) / min(1.5, 0.25 * s[-1]), 0.25, 1)
    level: FloatArray = profile / np.median(profile)
    return level


def _wander(rng: np.random.Generator, s: FloatArray) -> FloatArray:
    """A slow random turn of some 10 degrees over 5 mm."""
    knots = np.concatenate([[0.0], np.cumsum(rng.normal(0, math.radians(9), int(s[-1] / 4) + 3))])
    smooth: FloatArray = np.interp(s, np.arange(len(knots)) * 4.0, knots)
    width = max(3, round(1.5 / (s[1] - s[0])))
    padded = np.pad(smooth, width, mode="edge")
    kernel = np.hanning(2 * width + 1)
    rounded: FloatArray = np.convolve(padded, kernel / kernel.sum(), mode="valid")
    return rounded


def _wave(rng: np.random.Generator, s: FloatArray, swing_rad: float, wave_mm: float) -> FloatArray:
    length = wave_mm * math.exp(float(rng.normal(0, 0.25)))
    swing = swing_rad * float(rng.uniform(0.6, 1.4))
    wave: FloatArray = swing * np.sin(2 * math.pi * s / length + float(rng.uniform(0, 2 * math.pi)))
    return wave
