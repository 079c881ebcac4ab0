"""Matching of two visits: how fast and how right it is, and how far widths are to be trusted.

The whole takes some fifteen minutes on two cores; `TRICHODESK_BENCH_SHARE`, a number up to 1, takes so many pairs.
"""

import time
from collections.abc import Iterator

from analysis.matching.matcher import match
from analysis.registration.registering import register
from analysis.synthetic import Change, case_spec
from tests.analysis.phantom_visits import constellation_of, fitted_warp, truth_pair, truth_visit
from tests.benchmarks.figure import Figure
from tests.benchmarks.matching_accuracy import SECTION, pair_figures
from tests.benchmarks.matching_fields import field_figures
from tests.benchmarks.matching_numbers import many_figures, width_figures
from tests.benchmarks.processes import pool

GOALS_S = {500: 0.3, 2000: 2.0}
SEED = 3
TIMES = 5


def figures() -> list[Figure]:
    """Speed first, while nothing else runs."""
    rows = list(_speed())
    with pool() as processes:
        return [*pair_figures(processes), *many_figures(processes), *field_figures(processes),
                *width_figures(processes), *rows]  # fmt: skip


def _speed() -> Iterator[Figure]:
    for wanted, goal_s in GOALS_S.items():
        # 72 units/cm² on a field of 5 : 4
        height_px = round((wanted * 100 / 72 * 0.8) ** 0.5 * 1000 / 12)
        spec = case_spec("dark", size_px=(round(1.25 * height_px), height_px), um_per_px=12.0)
        pair = truth_pair(spec, SEED, Change())
        before, after = truth_visit(pair.before), truth_visit(pair.after)
        here, there = constellation_of(before), constellation_of(after)
        started = time.perf_counter()
        warp = register(here, there).warp
        registering_s = time.perf_counter() - started
        note = f"{len(here.n_hairs):,} and {len(there.n_hairs):,} units, {len(before.id):,} and {len(after.id):,} hairs"
        if warp is None:
            warp, note = fitted_warp(pair.to_followup, spec.size_px), f"{note}; by the true transform"
        times = []
        for _ in range(TIMES):
            started = time.perf_counter()
            match(before, after, warp)
            times.append(time.perf_counter() - started)
        yield Figure(SECTION, f"time of matching {wanted:,} units", min(times), "s", f"≤ {goal_s:g}", note)
        yield Figure(SECTION, f"time of registering {wanted:,} units", registering_s, "s", "", note)
