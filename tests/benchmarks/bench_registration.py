"""How often a later visit is registered right, from follicular units alone, and how often something is called so."""

import math
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import numpy as np

from analysis.registration.registering import register
from analysis.registration.result import Constellation, Registration, Verdict
from analysis.synthetic.camera import Pose
from tests.analysis.unit_pairs import (
    SIZE_PX,
    Hardship,
    UnitPair,
    annotated_units,
    as_detected,
    hard_pair,
    ordinary_pair,
    seen_by_two,
    unrelated_pair,
)
from tests.benchmarks.figure import Figure
from tests.benchmarks.measuring_data import FIELDS, shared
from tests.benchmarks.share import some

SECTION = "Registration"
RIGHT_UM = 60.0
SEEDS = range(100)
CASES = ("dark", "dense", "vellus", "whorl", "parting", "long_medium", "long_dense")
TWICE = (("220316_A600", "220316_A604"), ("220316_A601", "220316_A605"))
"""Real fields that were annotated by two people."""


def figures() -> list[Figure]:
    """Hard pairs, ordinary ones, unrelated ones, real ones, and time."""
    return [*_hard(), *_ordinary(), *_unrelated(), *_real(), *_speed()]


def _tried(pairs: Iterable[UnitPair]) -> list[tuple[Registration, float]]:
    """Registrations, and how far off each is in µm."""
    done = [(register(pair.baseline, pair.followup), pair) for pair in pairs]
    return [(registration, pair.error_um(registration.warp)) for registration, pair in done]


def _verdicts(tried: list[tuple[Registration, float]]) -> str:
    counts = Counter(registration.verdict.value for registration, _ in tried)
    return ", ".join(f"{counts[verdict.value]} {verdict.value}" for verdict in Verdict)


def _row(name: str, pairs: Iterable[UnitPair], goal: str = "") -> list[Figure]:
    tried = _tried(pairs)
    off = np.array([error for _, error in tried])
    right = 100 * float(np.mean(off <= RIGHT_UM))
    good = np.array([registration.verdict is Verdict.GOOD for registration, _ in tried])
    farthest = float(off[good].max(initial=0))
    note = f"{len(tried)} pairs: {_verdicts(tried)}; median {np.median(off):.0f} µm"
    return [
        Figure(SECTION, f"{name}: right within 60 µm", right, "%", goal, note),
        Figure(SECTION, f"{name}: farthest off that was called good", farthest, "µm"),
    ]


def _hard() -> list[Figure]:
    seeds = some(SEEDS)
    less = Hardship(shift=0.25, new_share=0.1, lost_share=0.05)
    return [
        *_row("half the field missed, ±15°, ±10 %, 30 % new, 10 % lost", (hard_pair(s) for s in seeds), "≥ 95"),
        *_row("the same with errors of detection", (as_detected(hard_pair(s), s) for s in seeds)),
        *_row("the same, scales not known", (_same_scale(hard_pair(s)) for s in seeds)),
        *_row("30 units/cm², the same", (hard_pair(s, per_cm2=30) for s in seeds)),
        *_row("30 units/cm², a quarter missed, 10 % new", (hard_pair(s, less, per_cm2=30) for s in seeds)),
    ]


def _same_scale(pair: UnitPair) -> UnitPair:
    """The later image as if it had the first one's scale."""
    return replace(pair, followup=replace(pair.followup, um_per_px=pair.baseline.um_per_px))


def _ordinary() -> list[Figure]:
    return _row("ordinary pairs", (ordinary_pair(case, seed) for case in CASES for seed in range(5)), "100")


def _unrelated() -> list[Figure]:
    densities = (75, 75, 100, 50, 30)
    seeds = some(range(400))
    pairs = [as_detected(unrelated_pair(s, densities[s % len(densities)]), s) for s in seeds]
    tried = [register(pair.baseline, pair.followup) for pair in pairs]
    return [_called_good("unrelated images", tried)]


def _called_good(name: str, tried: list[Registration]) -> Figure:
    good = sum(registration.verdict is Verdict.GOOD for registration in tried)
    note = f"{len(tried)} pairs: {_verdicts([(registration, math.nan) for registration in tried])}"
    return Figure(SECTION, f"{name} called good", good, "", "0", note)


def _real() -> list[Figure]:
    folder = shared() / FIELDS
    paths = sorted(folder.glob("*.json"))
    if not paths:
        return [Figure(SECTION, "real fields", None, "", note="the fields are not here")]
    fields = {path.stem: annotated_units(path) for path in paths}
    strangers = [pair for pair in combinations(fields, 2) if pair not in TWICE]
    tried = [register(fields[a], fields[b]) for a, b in some(strangers)]
    pairs = [_moved(fields[a], fields[b], seed) for a, b in TWICE for seed in range(10)]
    return [
        *_row("real fields annotated twice, one of them moved", pairs, "100"),
        _called_good("unrelated real fields", tried),
    ]


def _moved(one: Constellation, other: Constellation, seed: int) -> UnitPair:
    """The second annotation turned, scaled, shifted and stretched."""
    rng = np.random.default_rng(seed)
    shift = rng.uniform(-1.5, 1.5, 2)
    turn_rad = math.radians(float(rng.uniform(-15, 15)))
    um_per_px = one.um_per_px * float(rng.uniform(0.9, 1.1))
    stretch = tuple(rng.normal(0, 0.1, 6).tolist())
    return seen_by_two(one, other, Pose(SIZE_PX, um_per_px, (float(shift[0]), float(shift[1])), turn_rad, stretch))


def _speed() -> list[Figure]:
    mild, hard = Hardship(turn_deg=8, zoom=0.02, shift=0.1, lost_share=0.03, new_share=0.1), Hardship()
    rows = []
    for n in (30, 500, 2000):
        side = math.sqrt(n / 30)
        size_px = (round(SIZE_PX[0] * side), round(SIZE_PX[1] * side))
        for name, hardship in (("as usual", mild), ("half the field missed, turned, scaled", hard)):
            pair = as_detected(hard_pair(1, hardship, size_px=size_px), 1)
            start = time.perf_counter()
            found = register(pair.baseline, pair.followup)
            seconds = time.perf_counter() - start
            note = f"{found.verdict.value}, {pair.error_um(found.warp):.0f} µm off"
            rows.append(Figure(SECTION, f"{n:,} units against {n:,}, {name}", seconds, "s", note=note))
    return rows
