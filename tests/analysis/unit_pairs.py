"""Two visits' follicular units, as places alone, and where the same units truly lie."""

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from scipy.spatial import cKDTree

from analysis.registration.result import Constellation
from analysis.registration.warp import Warp
from analysis.synthetic import Change, HairSpec, ScalpSpec, case_spec
from analysis.synthetic.camera import Pose
from analysis.synthetic.follow_up import moved_pose, regrown
from analysis.synthetic.noise import stream
from analysis.synthetic.scalp import Scalp, grow_scalp

SIZE_PX, UM_PER_PX = (1280, 1024), 5.525


@dataclass(frozen=True)
class UnitPair:
    """Units at two visits, and the true places of those that both images show."""

    baseline: Constellation
    followup: Constellation
    here_px: np.ndarray
    there_px: np.ndarray

    def error_um(self, warp: Warp | None) -> float:
        """Root mean square of how far the shared units are placed from where they are; infinite without a transform."""
        if warp is None:
            return math.inf
        off_px = warp.to_followup(self.here_px) - self.there_px
        return float(np.sqrt(np.mean(np.sum(off_px**2, axis=1)))) * self.followup.um_per_px


@dataclass(frozen=True)
class Hardship:
    """How differently the later visit is seen; the defaults are the hardest that is asked for."""

    turn_deg: float = 15.0
    zoom: float = 0.10
    shift: float = 0.5
    """Of the field's width or height, along one of these."""
    lost_share: float = 0.10
    new_share: float = 0.30
    stretch_mm: float = 0.12


def whole_image(size_px: tuple[int, int]) -> shapely.Geometry:
    return shapely.box(-0.5, -0.5, size_px[0] - 0.5, size_px[1] - 0.5)


def hard_pair(
    seed: int,
    hardship: Hardship | None = None,
    *,
    per_cm2: float = 75,
    size_px: tuple[int, int] = SIZE_PX,
    um_per_px: float = UM_PER_PX,
) -> UnitPair:
    """A later visit that misses half the field, turned, scaled and stretched, with units gained and lost."""
    hardship = hardship or Hardship()
    rng = stream(seed, "hard pair")
    spec = ScalpSpec(size_px=size_px, um_per_px=um_per_px, hair=HairSpec(units_per_cm2=per_cm2))
    before = grow_scalp(spec, seed, margin_mm=(0.25 + hardship.shift) * max(spec.size_mm))
    change = Change(lost_share=hardship.lost_share, new_share=hardship.new_share)
    after, _, _ = regrown(before, spec, seed, change)
    axis = int(rng.integers(2))
    missed_mm = [0.0, 0.0]
    missed_mm[axis] = float(rng.choice([-1, 1])) * hardship.shift * spec.size_mm[axis]
    pose = Pose(
        size_px,
        um_per_px * float(rng.uniform(1 - hardship.zoom, 1 + hardship.zoom)),
        (missed_mm[0], missed_mm[1]),
        math.radians(float(rng.uniform(-hardship.turn_deg, hardship.turn_deg))),
        tuple(rng.normal(0, hardship.stretch_mm, 6).tolist()),
    )
    return _seen_twice(before, Pose(size_px, um_per_px), after, pose)


def ordinary_pair(case: str, seed: int) -> UnitPair:
    """A named case and its follow-up as `phantom_pair` makes them, but for the images."""
    spec, change = case_spec(case), Change()
    before = grow_scalp(spec, seed)
    after, _, _ = regrown(before, spec, seed, change)
    return _seen_twice(before, Pose(spec.size_px, spec.um_per_px), after, moved_pose(spec, seed, change))


def unrelated_pair(seed: int, per_cm2: float = 75) -> UnitPair:
    """Images of two people."""
    one, other = (hard_pair(seed + person, per_cm2=per_cm2) for person in (1_000_000, 2_000_000))
    return replace(one, followup=other.followup)


def as_detected(pair: UnitPair, seed: int) -> UnitPair:
    """The pair as detection would find it at either visit."""
    rng = stream(seed, "detected")
    return replace(pair, baseline=_detected(pair.baseline, rng), followup=_detected(pair.followup, rng))


def annotated_units(path: Path) -> Constellation:
    """The units that somebody drew in a real field; what was marked as debris left out."""
    field = json.loads(path.read_text())
    hairs = [h for h in field["hairs"] if h["class"] != "abnormal"]
    units: dict[int, list[list[float]]] = {}
    for hair in hairs:
        units.setdefault(hair["fu"], []).append(hair["root"])
    centres = np.array([np.mean(roots, axis=0) for roots in units.values()]).reshape(-1, 2)
    counts = np.array([len(roots) for roots in units.values()])
    return Constellation(centres, counts, whole_image(tuple(field["size"])), 1000 / field["px_per_mm"])


def seen_by_two(one: Constellation, other: Constellation, pose: Pose) -> UnitPair:
    """Two people's units of one image, those of the second as another camera would have shown them to him."""
    first = Pose(pose.size_px, one.um_per_px)

    def moved(points_px: np.ndarray) -> np.ndarray:
        return pose.to_px(first.to_mm(points_px))

    outline = shapely.transform(shapely.segmentize(other.region, 20), moved)
    region = shapely.intersection(outline, whole_image(pose.size_px))
    there = _kept(Constellation(moved(other.centre_px), other.n_hairs, region, pose.um_per_px))
    apart_px, _ = cKDTree(other.centre_px).query(one.centre_px)
    placed = moved(one.centre_px)
    both = (apart_px * one.um_per_px < 100) & shapely.contains_xy(region, placed)
    return UnitPair(one, there, one.centre_px[both], placed[both])


def _seen_twice(before: Scalp, first: Pose, after: Scalp, later: Pose) -> UnitPair:
    (here, here_ids), (there, there_ids) = _seen(before, first), _seen(after, later)
    _, i, j = np.intersect1d(here_ids, there_ids, return_indices=True)
    return UnitPair(here, there, here.centre_px[i], there.centre_px[j])


def _seen(scalp: Scalp, pose: Pose) -> tuple[Constellation, np.ndarray]:
    """The units of a scalp whose centres an image shows, and their ids."""
    roots = [np.mean([hair.strand.curve_mm[0] for hair in unit.hairs], axis=0) for unit in scalp.units]
    at = pose.to_px(np.array(roots).reshape(-1, 2))
    inside = shapely.contains_xy(whole_image(pose.size_px), at)
    counts = np.array([len(unit.hairs) for unit in scalp.units])
    ids = np.array([unit.id for unit in scalp.units])
    return Constellation(at[inside], counts[inside], whole_image(pose.size_px), pose.um_per_px), ids[inside]


def _kept(units: Constellation) -> Constellation:
    """Those within the field."""
    inside = shapely.contains_xy(units.region, units.centre_px)
    return replace(units, centre_px=units.centre_px[inside], n_hairs=units.n_hairs[inside])


def _detected(units: Constellation, rng: np.random.Generator) -> Constellation:
    """With 7 % missed, 7 % false, some split or merged, and places off by 14 µm (median), 35 µm (root mean square).

    So far off are the units that detection finds on synthetic images of clipped hair.
    """
    n = len(units.n_hairs)
    off_um = np.where(rng.random(n) < 0.75, 12, 45)[:, None]
    at = units.centre_px + rng.normal(0, 1, (n, 2)) * off_um / units.um_per_px
    found = rng.random(n) >= 0.07
    at, n_hairs = _split(*_merged(at[found], units.n_hairs[found], units.um_per_px, rng), units.um_per_px, rng)
    n_false = rng.binomial(n, 0.07)
    low_x, low_y, high_x, high_y = units.region.bounds
    false = rng.uniform([low_x, low_y], [high_x, high_y], (n_false, 2))
    everything = np.vstack([at, false]), np.concatenate([n_hairs, np.ones(n_false, np.int64)])
    return _kept(replace(units, centre_px=everything[0], n_hairs=everything[1]))


def _split(at: np.ndarray, n_hairs: np.ndarray, um_per_px: float, rng: np.random.Generator) -> tuple:
    """Of the units of several hairs 3 % taken apart, over 120 µm."""
    apart = np.flatnonzero((n_hairs >= 2) & (rng.random(len(at)) < 0.03))
    turn = rng.uniform(0, 2 * np.pi, len(apart))
    gap_px = (120 / um_per_px) * np.column_stack([np.cos(turn), np.sin(turn)])
    first = n_hairs[apart] // 2
    share = (first / n_hairs[apart])[:, None]
    moved, left = at.copy(), n_hairs.copy()
    moved[apart] += gap_px * (1 - share)
    left[apart] = first
    return np.vstack([moved, at[apart] - gap_px * share]), np.concatenate([left, n_hairs[apart] - first])


def _merged(at: np.ndarray, n_hairs: np.ndarray, um_per_px: float, rng: np.random.Generator) -> tuple:
    """Of the units nearer to another than 450 µm 3 % taken together with it."""
    pairs = cKDTree(at).query_pairs(450 / um_per_px, output_type="ndarray")
    gone = np.zeros(len(at), bool)
    at, n_hairs = at.copy(), n_hairs.copy()
    for i, j in pairs[rng.random(len(pairs)) < 0.03]:
        if gone[i] or gone[j]:
            continue
        together = n_hairs[i] + n_hairs[j]
        at[i] = (at[i] * n_hairs[i] + at[j] * n_hairs[j]) / together
        n_hairs[i], gone[j] = together, True
    return at[~gone], n_hairs[~gone]
