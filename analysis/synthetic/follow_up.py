"""The same scalp at a later visit: units kept, lost and new, hair grown again, another capture."""

import math
from dataclasses import dataclass, replace

import numpy as np

from analysis.detection import FloatArray
from analysis.synthetic.camera import Pose
from analysis.synthetic.noise import stream
from analysis.synthetic.scalp import (
    HARD_CORE_MM,
    GrownHair,
    Scalp,
    Unit,
    draw_colour,
    flow_field,
    grow_scalp,
    grow_unit,
)
from analysis.synthetic.scene import Phantom, photograph
from analysis.synthetic.spec import ScalpSpec
from analysis.synthetic.strands import grow_strand

NEW_IDS_FROM = 1_000_000
"""Ids of units that appear after the first visit: far above those of the first."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happens between two visits. The defaults are twelve weeks of a treatment that works."""

    visit: str = "week 12"
    lost_share: float = 0.03
    """Of the units: 0 to 0.15."""
    new_share: float = 0.10
    """New units, as a share of the first visit's: 0 to 0.2."""
    hair_lost_share: float = 0.02
    """Of the hairs of units that stay, their last hair excepted."""
    hair_new_share: float = 0.03
    """Further hairs in units that stay, as a share of the hairs."""
    width_gain: float = 1.02
    """Mean ratio of width after to before: 0.9 to 1.1."""
    width_spread: float = 0.04
    """Standard deviation of that ratio between hairs."""
    swing_deg: float = 12.0
    """How differently a unit's hair lies after it has grown again: 5 to 40."""
    drift_um: float = 15.0
    """How far a root is found from its old place for reasons no smooth transform describes: 0 to 40."""
    shift_mm: float = 0.5
    """How far the camera misses the old field, each way, at most: 0 to 1.5."""
    turn_deg: float = 8.0
    """The camera's turn, at most: 0 to 30."""
    zoom: float = 0.02
    """The camera's change of scale, at most: 0 to 0.05."""
    stretch_mm: float = 0.08
    """Bending of the skin at the field's edge, standard deviation: 0 to 0.15."""

    def __post_init__(self) -> None:
        if self.shift_mm > 1.5:
            raise ValueError(f"the camera may miss the old field by 1.5 mm at most, not {self.shift_mm:g}")


@dataclass(frozen=True, eq=False)
class FollowUp:
    """A later visit's phantom and the true transform from the first visit's image."""

    phantom: Phantom
    first_pose: Pose
    pose: Pose
    lost_unit_ids: frozenset[int]
    """Over the whole grown scalp, not the field alone."""
    new_unit_ids: frozenset[int]

    def to_follow_up(self, points_px: FloatArray) -> FloatArray:
        """(N, 2) pixels of the later image that show what lies at (N, 2) pixels of the first."""
        return self.pose.to_px(self.first_pose.to_mm(points_px))

    def to_baseline(self, points_px: FloatArray) -> FloatArray:
        """(N, 2) pixels of the first image that show what lies at (N, 2) pixels of the later one."""
        return self.first_pose.to_px(self.pose.to_mm(points_px))


def follow_up(spec: ScalpSpec, seed: int, change: Change | None = None, *, later: ScalpSpec | None = None) -> FollowUp:
    """The later visit of the subject whose first image is `make_phantom(spec, seed)`.

    Args:
        spec: of the first visit.
        seed: of the first visit.
        change: what happened in between.
        later: skin surface, camera and scale of the later capture; as at the first visit where not given. The hair's
            parameters are the subject's and stay those of `spec`.
    """
    change = change or Change()
    later = replace(later or spec, hair=spec.hair, case=spec.case)
    before = grow_scalp(spec, seed)
    after, lost, new = regrown(before, spec, seed, change)
    pose = moved_pose(later, seed, change)
    # the new scale is the camera's, and the later image's calibration knows it
    later = replace(later, um_per_px=pose.um_per_px)
    phantom = photograph(after, later, pose, seed, change.visit)
    return FollowUp(phantom, Pose(spec.size_px, spec.um_per_px), pose, lost, new)


def moved_pose(spec: ScalpSpec, seed: int, change: Change) -> Pose:
    """Where the camera stands at the later visit."""
    rng = stream(seed, change.visit, "pose")
    shift = rng.uniform(-change.shift_mm, change.shift_mm, 2)
    stretch = rng.normal(0, change.stretch_mm, 6)
    return Pose(
        spec.size_px,
        spec.um_per_px * (1 + float(rng.uniform(-change.zoom, change.zoom))),
        (float(shift[0]), float(shift[1])),
        math.radians(float(rng.uniform(-change.turn_deg, change.turn_deg))),
        tuple(stretch.tolist()),
    )


def regrown(scalp: Scalp, spec: ScalpSpec, seed: int, change: Change) -> tuple[Scalp, frozenset[int], frozenset[int]]:
    """The scalp at the later visit, and which units were lost and are new."""
    rng = stream(seed, change.visit, "units")
    lost = frozenset(unit.id for unit in scalp.units if rng.random() < change.lost_share)
    kept = [_grown_again(unit, spec, seed, change) for unit in scalp.units if unit.id not in lost]
    new = _new_units(scalp, spec, seed, change, rng)
    return replace(scalp, units=(*kept, *new)), lost, frozenset(unit.id for unit in new)


def _grown_again(unit: Unit, spec: ScalpSpec, seed: int, change: Change) -> Unit:
    """A unit that stays: its hairs cut and grown anew, some lost, perhaps one more."""
    rng = stream(seed, change.visit, "unit", unit.id)
    direction = unit.direction_rad + math.radians(change.swing_deg) * float(rng.standard_normal())
    length = spec.hair.length_mm * math.exp(spec.hair.length_spread * float(rng.standard_normal()))
    hairs = [h for h in unit.hairs if rng.random() >= change.hair_lost_share] or [unit.hairs[0]]
    grown = []
    for hair in hairs:
        gain = change.width_gain * (1 + change.width_spread * float(rng.standard_normal()))
        width = float(np.clip(hair.width_um * gain, 12, 150))
        root = hair.strand.curve_mm[0] + rng.normal(0, change.drift_um / 1000, 2)
        grown.append(replace(hair, width_um=width, strand=grow_strand(spec.hair, rng, root, direction, length, width)))
    if rng.random() < change.hair_new_share * len(hairs):
        width = float(rng.uniform(25, 50))
        root = unit.centre_mm + rng.normal(0, 0.06, 2)
        strand = grow_strand(spec.hair, rng, root, direction, 0.7 * length, width)
        grown.append(GrownHair(unit.id * 10 + 9, unit.id, width, draw_colour(spec.hair, rng), strand))
    return replace(unit, direction_rad=direction, hairs=tuple(grown))


def _new_units(scalp: Scalp, spec: ScalpSpec, seed: int, change: Change, rng: np.random.Generator) -> list[Unit]:
    """Units where there was none: not on top of an old one, lost ones included, so that none is both lost and new."""
    wanted = round(change.new_share * len(scalp.units))
    places: list[FloatArray] = []
    taken = np.array([unit.centre_mm for unit in scalp.units]).reshape(-1, 2)
    for _ in range(200 * wanted):
        if len(places) == wanted:
            break
        at = rng.uniform(scalp.low_mm, scalp.high_mm)
        if len(taken) and np.hypot(*(taken - at).T).min() < 1.4 * HARD_CORE_MM:
            continue
        places.append(at)
        taken = np.vstack([taken, at])
    directions = flow_field(spec, seed, scalp.high_mm)(np.array(places).reshape(-1, 2))
    thin = replace(spec.hair, width_um=0.8 * spec.hair.width_um, unit_shares=(0.6, 0.35, 0.05))
    return [
        grow_unit(thin, seed, NEW_IDS_FROM + k, at, float(direction))
        for k, (at, direction) in enumerate(zip(places, directions, strict=True))
    ]
