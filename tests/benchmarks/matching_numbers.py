"""Synthetic pairs told by the numbers that units and hairs keep: many that change a lot, and some whose widths stay."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor

import numpy as np

from analysis.matching.match import Level, Status
from analysis.pipeline import detect
from analysis.synthetic import Change, case_spec, phantom_pair
from tests.analysis.phantom_visits import detected_visit, truth_pair, truth_visit
from tests.benchmarks.figure import Figure
from tests.benchmarks.matching_accuracy import CLIPPED, SECTION, SEEDS, found_between
from tests.benchmarks.share import some

MANY_SEEDS = range(80000, 80025)
MANY_CASES = ("dark", "dense", "vellus", "whorl")
HARD = Change(
    lost_share=0.1, new_share=0.2, hair_lost_share=0.05, hair_new_share=0.05, drift_um=25, swing_deg=20,
    shift_mm=1.5, turn_deg=15, stretch_mm=0.12,
)  # fmt: skip
STILL_WIDTH = Change(width_gain=1.0, width_spread=0.0)


def many_figures(pool: Executor) -> Iterator[Figure]:
    """Truth of many pairs that change a lot, registered: units and hairs, by the numbers they keep."""
    tasks = [(case, seed) for case in MANY_CASES for seed in some(MANY_SEEDS)]
    tallies = sum(pool.map(_by_numbers, *zip(*tasks, strict=True)), Counter())
    note = f"{len(tasks)} pairs, a tenth lost, a fifth new, up to 1.5 mm and 15° off"
    for level in Level:
        for status in (Status.KEPT, Status.LOST, Status.NEW):
            right, said = (tallies[level, status, what] for what in ("right", "said"))
            share = 100 * right / said if said else None
            name = f"truth, much changed: {'units' if level is Level.UNIT else 'hairs'} said {status.value} and right"
            yield Figure(SECTION, name, share, "%", "", f"{said:,} of {note}")


def _by_numbers(case: str, seed: int) -> Counter[tuple[Level, Status, str]]:
    pair = truth_pair(case_spec(case, size_px=(1600, 1280)), seed, HARD)
    before, after = truth_visit(pair.before), truth_visit(pair.after)
    matching = found_between(before, after)
    told: Counter[tuple[Level, Status, str]] = Counter()
    for m in () if matching is None else (*matching.units, *matching.hairs):
        numbers = [set((v.unit if m.level is Level.UNIT else v.id).tolist()) for v in (before, after)]
        right = {
            Status.KEPT: m.baseline_id == m.followup_id,
            Status.LOST: m.baseline_id not in numbers[1],
            Status.NEW: m.followup_id not in numbers[0],
        }.get(m.status, False)
        told[m.level, m.status, "said"] += 1
        told[m.level, m.status, "right"] += right
    return told


def width_figures(pool: Executor) -> Iterator[Figure]:
    """How much a hair's width changes where nothing changed."""
    tasks = [(case, seed) for seed in some(SEEDS[:2]) for case in CLIPPED]
    wider = np.concatenate(list(pool.map(_width_changes, *zip(*tasks, strict=True))))
    note = f"{len(wider):,} hairs of {len(tasks)} pairs, detected at both visits"
    for name, value in (("half of them", np.percentile(abs(wider), 50)), ("95 of 100", np.percentile(abs(wider), 95))):
        yield Figure(SECTION, f"change of width without change: {name} below", float(value), "µm", "", note)
    yield Figure(SECTION, "change of width without change: mean", float(wider.mean()), "µm", "", note)


def _width_changes(case: str, seed: int) -> np.ndarray:
    first, later = phantom_pair(case, seed, STILL_WIDTH)
    before, after = (detected_visit(detect(p.image, p.truth.um_per_px)) for p in (first, later.phantom))
    matching = found_between(before, after)
    rows = () if matching is None else matching.hairs
    wider = np.array([m.width_change_um for m in rows if m.status is Status.KEPT])
    return wider[np.isfinite(wider)]
