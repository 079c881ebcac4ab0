"""A scalp in millimetres: where follicular units sit and what grows from them, whatever camera looks at it."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from analysis.detection import FloatArray
from analysis.synthetic.noise import SmoothField, smooth_field, stream
from analysis.synthetic.spec import Flow, HairColour, HairSpec, HairStyle, ScalpSpec
from analysis.synthetic.strands import Strand, grow_strand

HARD_CORE_MM = 0.30
"""No two units are nearer than this: closer openings are read as one unit."""
ORDER = 0.62
"""Units keep this share of the mean spacing from most of their neighbours; sets the nearest-neighbour distance.

On clipped fields the mean nearest-neighbour distance is 0.58 of 1/√density (0.5 were no order at all, 1.07 a lattice).
"""


@dataclass(frozen=True, eq=False)
class GrownHair:
    """One hair, in scalp coordinates."""

    id: int
    unit_id: int
    width_um: float
    colour: HairColour
    strand: Strand


@dataclass(frozen=True, eq=False)
class Unit:
    """One follicular unit with its hairs."""

    id: int
    centre_mm: FloatArray
    """(2,) about which the roots lie."""
    direction_rad: float
    hairs: tuple[GrownHair, ...]


@dataclass(frozen=True, eq=False)
class Scalp:
    """All units of a piece of scalp. The origin is the middle of the field at the first visit."""

    low_mm: FloatArray
    """(2,) upper left corner of the grown region."""
    high_mm: FloatArray
    units: tuple[Unit, ...]

    @property
    def hairs(self) -> tuple[GrownHair, ...]:
        """All hairs, in the order in which they lie: later ones over earlier ones."""
        return tuple(hair for unit in self.units for hair in unit.hairs)


def grow_scalp(spec: ScalpSpec, seed: int, margin_mm: float | None = None) -> Scalp:
    """The scalp of one subject, large enough for every hair that can reach the field, and for a moved camera.

    Args:
        spec: the subject and the field.
        seed: of the subject.
        margin_mm: how far outside the field it is grown; `reach_mm` where not given.
    """
    margin = reach_mm(spec) if margin_mm is None else margin_mm
    half = np.array(spec.size_mm) / 2 + margin
    centres = place_units(stream(seed, "units"), spec.hair.units_per_cm2, -half, half)
    directions = flow_field(spec, seed, half)(centres)
    units = tuple(
        grow_unit(spec.hair, seed, i, centre, float(direction))
        for i, (centre, direction) in enumerate(zip(centres, directions, strict=True))
    )
    return Scalp(-half, half, units)


def reach_mm(spec: ScalpSpec) -> float:
    """How far outside the field scalp is grown.

    Long hair would need all the scalp upstream; combed aside, much of it never crosses the field, so that a few
    millimetres give the crowding of real images.
    """
    return 1.5 + (1.6 * spec.hair.length_mm if spec.hair.style is HairStyle.CLIPPED else 3.0)


def place_units(rng: np.random.Generator, per_cm2: float, low: FloatArray, high: FloatArray) -> FloatArray:
    """(N, 2) unit centres in mm with a hard core and local order, by soft sequential placing.

    A candidate nearer than `HARD_CORE_MM` to a placed unit is refused; one nearer than `ORDER` of the mean spacing is
    refused seven times in eight.
    """
    n = round(float(np.prod(high - low)) / 100 * per_cm2)
    if n == 0:
        return np.zeros((0, 2))
    order = ORDER * 10 / math.sqrt(per_cm2)
    cell = max(order, HARD_CORE_MM)
    grid: dict[tuple[int, int], list[tuple[float, float]]] = {}
    placed: list[tuple[float, float]] = []
    for _ in range(60 * n):
        if len(placed) == n:
            break
        x, y = rng.uniform(low, high)
        column, row = int(x // cell), int(y // cell)
        near = [
            math.hypot(x - a, y - b)
            for i in (-1, 0, 1)
            for j in (-1, 0, 1)
            for a, b in grid.get((column + i, row + j), ())
        ]
        nearest = min(near, default=math.inf)
        if nearest < min(HARD_CORE_MM, 0.8 * order) or (nearest < order and rng.random() < 0.875):
            continue
        placed.append((float(x), float(y)))
        grid.setdefault((column, row), []).append((float(x), float(y)))
    return np.array(placed).reshape(-1, 2)


class _FlowField:
    """Direction of growth as a function of place."""

    def __init__(self, flow: Flow, base_rad: float, wander: SmoothField, wander_rad: float, centre: FloatArray) -> None:
        self._flow, self._base, self._wander, self._spread, self._centre = flow, base_rad, wander, wander_rad, centre

    def __call__(self, points_mm: FloatArray) -> FloatArray:
        direction = self._base + self._spread * self._wander.at(points_mm)
        away = points_mm - self._centre
        if self._flow is Flow.WHORL:
            # hair leaves a whorl outwards and turning; far from it the whorl still rules the direction
            direction = np.arctan2(away[:, 1], away[:, 0]) + 0.9 + self._spread * self._wander.at(points_mm)
        elif self._flow is Flow.PARTING:
            side = np.tanh((away[:, 0] * -math.sin(self._base) + away[:, 1] * math.cos(self._base)) / 0.25)
            direction = direction + 1.1 * side
        wrapped: FloatArray = direction
        return wrapped


def flow_field(spec: ScalpSpec, seed: int, half_mm: FloatArray) -> _FlowField:
    """The direction of growth (radians, x towards y) over the grown region."""
    rng = stream(seed, "flow")
    base = float(rng.uniform(0, 2 * math.pi))
    width, height = (2 * half_mm).tolist()
    wander = smooth_field(rng, (width, height), 4.0, (-float(half_mm[0]), -float(half_mm[1])))
    centre = rng.uniform(-0.35, 0.35, 2) * spec.size_mm
    return _FlowField(spec.hair.flow, base, wander, math.radians(12 + spec.hair.disorder_deg / 2), centre)


def grow_unit(hair: HairSpec, seed: int, unit_id: int, centre_mm: FloatArray, direction_rad: float) -> Unit:
    """One unit with its hairs, from the unit's own stream of numbers."""
    rng = stream(seed, "unit", unit_id)
    direction = direction_rad + math.radians(hair.disorder_deg) * float(rng.standard_normal())
    shares = np.array(hair.unit_shares)
    n = 1 + int(rng.choice(len(shares), p=shares / shares.sum()))
    widths = [draw_width_um(hair, rng) for _ in range(n)]
    offsets = _root_offsets_mm(hair, rng, widths, direction)
    length = hair.length_mm * math.exp(hair.length_spread * float(rng.standard_normal()))
    hairs = tuple(
        GrownHair(
            id=unit_id * 10 + k,
            unit_id=unit_id,
            width_um=widths[k],
            colour=draw_colour(hair, rng),
            strand=grow_strand(hair, rng, centre_mm + offsets[k], direction, length, widths[k]),
        )
        for k in range(n)
    )
    return Unit(unit_id, centre_mm, direction, hairs)


def draw_width_um(hair: HairSpec, rng: np.random.Generator) -> float:
    """A hair's width: vellus, or from the normal distribution of the rest, cut at 30 and 140 µm."""
    if rng.random() < hair.vellus_share:
        return float(rng.uniform(14, 30))
    return float(np.clip(rng.normal(hair.width_um, hair.width_sd_um), 30, 140))


def draw_colour(hair: HairSpec, rng: np.random.Generator) -> HairColour:
    """The subject's colour, or white."""
    return HairColour.WHITE if rng.random() < hair.white_share else hair.colour


def _root_offsets_mm(
    hair: HairSpec, rng: np.random.Generator, widths_um: list[float], direction: float
) -> list[FloatArray]:
    """Roots of a unit, side by side across the direction of growth with some stagger, about their mean."""
    gaps = rng.gamma(1.6, hair.spacing_um / 1.6, len(widths_um) - 1)
    steps = (np.array(widths_um[:-1]) + np.array(widths_um[1:])) / 2 + gaps
    if hair.overlap:
        steps *= 1 - hair.overlap * rng.random(len(steps))
    across = np.concatenate([[0.0], np.cumsum(steps)]) / 1000
    # shafts that lie over one another leave the skin one behind the other
    along = rng.normal(0, 0.045 + 0.06 * hair.overlap, len(widths_um))
    turn = direction + math.pi / 2 + float(rng.normal(0, 0.45))
    line = np.array([math.cos(turn), math.sin(turn)])
    forth = np.array([math.cos(direction), math.sin(direction)])
    offsets = across[:, None] * line + along[:, None] * forth
    return list(offsets - offsets.mean(0))


def nearest_neighbour_mm(centres_mm: FloatArray) -> FloatArray:
    """(N,) distance of each unit to the nearest other one."""
    distances: FloatArray = cKDTree(centres_mm).query(centres_mm, 2)[0][:, 1]
    return distances
