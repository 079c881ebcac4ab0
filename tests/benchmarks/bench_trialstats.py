"""How often the tests of a trial are wrong, and how often its intervals and its power hold: trials made of numbers.

Ten subjects, baseline and weeks 4, 6, 7, 10 and 12; values of follicular units and hairs per cm² with the spread
between subjects and of their changes as in the literature. Under no effect: false positives and coverage. Under an
effect at week 12: power against what `power_of` says for the subjects with both visits.
"""

import math
import time
from dataclasses import dataclass

import numpy as np

from analysis.trialstats.covariances import compound_symmetry, random_slope
from analysis.trialstats.kenward_roger import SmallSample
from analysis.trialstats.mixed_model import modelled_changes
from analysis.trialstats.paired import paired_change
from analysis.trialstats.power import power_of
from analysis.trialstats.reml import maximise
from analysis.trialstats.signed_rank import signed_rank
from analysis.trialstats.student import two_sided_p
from analysis.trialstats.visit_cells import gather
from tests.benchmarks.figure import Figure

SECTION = "Trial statistics"
WEEKS = np.array([0.0, 4, 6, 7, 10, 12])
N_SUBJECTS, N_TRIALS, N_ALTERNATIVE = 10, 5000, 2000
LEVEL, MISSING = 0.05, 0.15
BY_SUBJECT = 0.75
"""Share of the variance of the change at week 12 that is a property of the subject, where there is one."""


@dataclass(frozen=True)
class Endpoint:
    name: str
    mean: float
    between_sd: float
    change_sd: float
    effect: float


UNITS = Endpoint("units/cm²", 74.4, 13.3, 8.0, 7.4)
HAIRS = Endpoint("hairs/cm²", 143.0, 28.0, 20.0, 20.0)

# How a subject's own change grows from baseline to week 12, where it has one of its own
COURSES = {"exchangeable": 0 * WEEKS, "slopes": WEEKS / 12, "a step after baseline": np.sign(WEEKS)}


def figures() -> list[Figure]:
    """Errors, coverage and power of each test; other models that were thought of; speed."""
    rows = []
    for endpoint, course, missing in (
        (UNITS, "exchangeable", 0.0),
        (UNITS, "slopes", 0.0),
        (UNITS, "exchangeable", MISSING),
        (UNITS, "slopes", MISSING),
        (HAIRS, "slopes", MISSING),
    ):
        rows += _setting(endpoint, course, missing)
    for course in ("slopes", "a step after baseline"):
        rows += _alternatives(course)
    return [*rows, *_speed()]


def simulate(rng: np.random.Generator, endpoint: Endpoint, course: str, missing: float) -> np.ndarray:
    """(10, 6) values without an effect, NaN where a visit was missed."""
    own = COURSES[course]
    share = BY_SUBJECT if own.any() else 0.0
    level = rng.normal(endpoint.mean, endpoint.between_sd, (N_SUBJECTS, 1))
    change = rng.normal(0, endpoint.change_sd * math.sqrt(share), (N_SUBJECTS, 1)) * own
    noise = rng.normal(0, endpoint.change_sd * math.sqrt((1 - share) / 2), (N_SUBJECTS, WEEKS.size))
    values = level + change + noise
    values[rng.random(values.shape) < missing] = np.nan
    return values


def _setting(endpoint: Endpoint, course: str, missing: float) -> list[Figure]:
    rng = np.random.default_rng(2026)
    found: dict[str, list[float]] = {}

    def note_down(**numbers: float) -> None:
        for name, number in numbers.items():
            found.setdefault(name, []).append(number)

    for _ in range(N_TRIALS):
        values = simulate(rng, endpoint, course, missing)
        before, after = values[:, 0], values[:, -1]
        change = paired_change(before, after)
        if change.reasons:
            note_down(left_out=1)
            continue
        shifted = signed_rank((after - before + endpoint.effect)[~np.isnan(after - before)])
        modelled = modelled_changes(values, WEEKS)[-1]
        se = change.sd / math.sqrt(change.n)
        note_down(
            t_error=change.p_t < LEVEL,
            t_cover=change.ci_low < 0 < change.ci_high,
            t_power=two_sided_p((change.mean + endpoint.effect) / se, change.df) < LEVEL,
            t_computed=power_of(change.n, endpoint.effect, endpoint.change_sd),
            w_error=change.p_wilcoxon < LEVEL,
            w_level=attainable_level(change.n),
            w_power=shifted.p < LEVEL,
            m_error=modelled.p < LEVEL,
            m_cover=modelled.ci_low < 0 < modelled.ci_high,
            m_power=two_sided_p((modelled.estimate + endpoint.effect) / modelled.se, modelled.df) < LEVEL,
        )
    share = {name: 100 * float(np.mean(numbers)) for name, numbers in found.items()}
    where = f"{endpoint.name}, {course}{f', {MISSING:.0%} of visits missing' if missing else ''}"
    size = f"{N_TRIALS - len(found.get('left_out', ())):,} trials"
    wilcoxon = f"the ranks can reach {share['w_level']:.2f} %"
    power = f"computed for the paired t: {share['t_computed']:.1f} %"
    near = f"{share['t_computed'] - 2:.0f}–{share['t_computed'] + 2:.0f}"
    names = ("false positives", "coverage of the 95 % interval", f"power for {endpoint.effect:g}")
    rows = [
        (f"{names[0]}, paired t", share["t_error"], "4.4–5.6", size),
        (f"{names[0]}, Wilcoxon", share["w_error"], "", wilcoxon),
        (f"{names[0]}, mixed model", share["m_error"], "4.4–5.6", ""),
        (f"{names[1]}, paired t", share["t_cover"], "94–96", ""),
        (f"{names[1]}, mixed model", share["m_cover"], "94–96", ""),
        (f"{names[2]}, paired t", share["t_power"], near, power),
        (f"{names[2]}, Wilcoxon", share["w_power"], "", ""),
        (f"{names[2]}, mixed model", share["m_power"], "", ""),
    ]
    return [Figure(SECTION, f"{where}: {name}", value, "%", goal, note) for name, value, goal, note in rows]


def attainable_level(n: int) -> float:
    """The largest false positive rate up to 5 % that the exact signed-rank test of `n` differences can have."""
    ways = np.ones(1)
    for rank in range(1, n + 1):
        grown = np.zeros(ways.size + rank)
        grown[: ways.size] += ways
        grown[rank:] += ways
        ways = grown
    tails = 2 * np.cumsum(ways) / 2.0**n
    return float(max(tails[tails < LEVEL], default=0.0))


def _alternatives(course: str) -> list[Figure]:
    """Models whose own standard errors are used, and the one in use, where a covariance may not hold."""
    rng = np.random.default_rng(2026)
    contrast = np.array([-1.0, 0, 0, 0, 0, 1])
    tried = {
        "random intercept, Kenward–Roger": (compound_symmetry(6), np.array([0.6, 0.4])),
        "random slope, Kenward–Roger": (random_slope(WEEKS), np.array([0.6, 0.0, 0.1, 0.3])),
    }
    wrong: dict[str, list[bool]] = {name: [] for name in (*tried, "in use")}
    for _ in range(N_ALTERNATIVE):
        values = simulate(rng, UNITS, course, MISSING)
        cells = gather((values - UNITS.mean) / UNITS.between_sd, np.eye(6)[None], np.zeros(N_SUBJECTS, int))
        for name, (basis, start) in tried.items():
            fit = maximise(cells, basis, start)
            if fit is not None:
                variance, df = SmallSample(cells, basis, fit).variance_and_df(contrast)
                wrong[name].append(two_sided_p(float(contrast @ fit.effects) / math.sqrt(variance), df) < LEVEL)
        modelled = modelled_changes(values, WEEKS)[-1]
        if not modelled.reasons:
            wrong["in use"].append(modelled.p < LEVEL)
    where = f"{UNITS.name}, {course}, {MISSING:.0%} of visits missing: false positives of the model"
    return [
        Figure(SECTION, f"{where} {name}", 100 * float(np.mean(of)), "%", note=f"{len(of):,} trials")
        for name, of in wrong.items()
    ]


def _speed() -> list[Figure]:
    rng = np.random.default_rng(1)
    complete, gaps = (simulate(rng, UNITS, "slopes", missing) for missing in (0.0, MISSING))
    actions = {
        "mixed model of 10 subjects, 6 visits, none missing": lambda: modelled_changes(complete, WEEKS),
        "mixed model of 10 subjects, 6 visits, some missing": lambda: modelled_changes(gaps, WEEKS),
        "paired statistics of 10 subjects": lambda: paired_change(complete[:, 0], complete[:, 5]),
    }
    rows = []
    for name, action in actions.items():
        times = []
        for _ in range(20):
            start = time.perf_counter()
            action()
            times.append(time.perf_counter() - start)
        rows.append(Figure(SECTION, name, 1000 * min(times), "ms", "100" if "mixed" in name else ""))
    return rows
