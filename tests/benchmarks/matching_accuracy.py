"""How right matching is on synthetic pairs: their truth taken for detections, and real detections; both registered.

The scorer is no part of the product: where it is not, the figures say so. Of the clipped cases `bare` is left out: it
has no hair.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from analysis.matching.match import Matching, Status
from analysis.matching.matcher import match
from analysis.matching.visit import VisitHairs, units_of
from analysis.pipeline import detect
from analysis.registration.registering import register
from analysis.synthetic import CASES, Truth, phantom_pair
from tests.analysis.phantom_visits import constellation_of, detected_visit, truth_visit
from tests.benchmarks.figure import Figure
from tests.benchmarks.measuring_data import shared
from tests.benchmarks.share import some

SECTION = "Matching"
CLIPPED = tuple(case for case in CASES if not case.startswith("long") and case != "bare")
SEEDS = (70001, 70002, 70003, 70004, 70005)
"""Of phantoms that nothing was trained, fitted or calibrated on."""
CORNER = 0.5
DETECTED_WITHIN_UM = 200.0
GOALS = {
    "truth": {"kept_f1": "≥ 0.99", "lost_f1": "≥ 0.9", "new_f1": "≥ 0.95", "change_err": ""},
    "detected": {"kept_f1": "≥ 0.97", "lost_f1": "", "new_f1": "", "change_err": "≤ 0.02"},
}
WORDS = {"kept_f1": "kept F1", "lost_f1": "lost F1", "new_f1": "new F1", "change_err": "error of net change"}
KINDS = {"truth": "truth as detection", "detected": "real detections"}
Scores = dict[str, Any]


def found_between(before: VisitHairs, after: VisitHairs) -> Matching | None:
    """Registered and matched; None where registration failed."""
    warp = register(constellation_of(before), constellation_of(after)).warp
    return None if warp is None else match(before, after, warp)


def as_geojson(visit: VisitHairs) -> Scores:
    """What the scorer reads of a visit."""
    units = units_of(visit)
    return {
        "features": [
            {"geometry": {"type": "Point", "coordinates": (place + CORNER).tolist()}, "properties": {"id": int(number)}}
            for number, place in zip(units.unit, units.centre_px, strict=True)
        ]
    }


def as_csv(matching: Matching) -> str:
    """What the scorer reads of a matching."""
    lines = ["level,baseline_image,followup_image,baseline_id,followup_id,status"]
    for m in (*matching.units, *matching.hairs):
        ids = ("" if i is None else str(i) for i in (m.baseline_id, m.followup_id))
        lines.append(",".join((m.level.value, "before.png", "after.png", *ids, m.status.value)))
    return "\n".join(lines) + "\n"


def asked(truths: tuple[Truth, Truth], visits: tuple[VisitHairs, VisitHairs], matching: Matching) -> Scores:
    """What the scorer, a program of its own, says."""
    with TemporaryDirectory() as folder:
        names = ("true_before.json", "true_after.json", "before.geojson", "after.geojson", "matches.csv")
        paths = [Path(folder, name) for name in names]
        texts = [*(t.to_json() for t in truths), *(json.dumps(as_geojson(v)) for v in visits), as_csv(matching)]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8")
        command = [sys.executable, str(shared() / "tools" / "score_match.py"), *map(str, paths)]
        scores: Scores = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return scores


def score_pair(case: str, seed: int) -> Scores:
    """Scores of one pair, by its truth and by detection, and how the statuses of detected units turned out."""
    first, later = phantom_pair(case, seed)
    phantoms = (first, later.phantom)
    truths = (first.truth, later.phantom.truth)
    detected = [detected_visit(detect(phantom.image, phantom.truth.um_per_px)) for phantom in phantoms]
    scores: Scores = {"case": case}
    for kind, (before, after) in (("truth", map(truth_visit, truths)), ("detected", detected)):
        matching = found_between(before, after)
        scores[kind] = None if matching is None else asked(truths, (before, after), matching)
        if kind == "detected" and matching is not None:
            scores["outcomes"] = outcomes(truths, (before, after), matching)
    return scores


def outcomes(
    truths: tuple[Truth, Truth], visits: tuple[VisitHairs, VisitHairs], matching: Matching
) -> Counter[tuple[str, str]]:
    """How often each status of a unit was right, or why not."""
    true_id = [true_ids(truth, visit) for truth, visit in zip(truths, visits, strict=True)]
    there = [{u.id for u in truth.units} for truth in truths]
    told: Counter[tuple[str, str]] = Counter()
    for m in matching.units:
        ends = [(m.baseline_id, true_id[0], there[1]), (m.followup_id, true_id[1], there[0])]
        named = [(own.get(number), other) for number, own, other in ends if number is not None]
        if any(true is None for true, _ in named):
            what = "no true unit"
        elif len(named) == 2:
            what = "right" if named[0][0] == named[1][0] else "wrong"
        else:
            what = "missed there" if named[0][0] in named[0][1] else "right"
        told[m.status.value, what] += 1
    return told


def true_ids(truth: Truth, visit: VisitHairs) -> dict[int, int]:
    """Detected unit to true unit, one to one, within 0.2 mm."""
    from scipy.optimize import linear_sum_assignment

    units = units_of(visit)
    places = np.array([u.centre_px for u in truth.units]).reshape(-1, 1, 2)
    apart = np.hypot(*(places - units.centre_px).transpose(2, 0, 1)) * truth.um_per_px
    near = apart < DETECTED_WITHIN_UM
    true, found = linear_sum_assignment(np.where(near, apart, 1e6))
    return {int(units.unit[f]): truth.units[t].id for t, f in zip(true, found, strict=True) if near[t, f]}


def pair_figures(pool: Executor) -> Iterator[Figure]:
    """Scores of the clipped cases together and of the worst, and how sure each status is."""
    if not (shared() / "tools" / "score_match.py").exists():
        yield Figure(SECTION, "synthetic pairs", None, "", note="the scorer is not on this machine")
        return
    tasks = [(case, seed) for seed in some(SEEDS) for case in CLIPPED]
    scores = list(pool.map(score_pair, *zip(*tasks, strict=True)))
    for kind, goals in GOALS.items():
        known = [s for s in scores if s[kind] is not None]
        note = f"{len(known)} of {len(scores)} pairs registered; {len(CLIPPED)} cases"
        for key, goal in goals.items():
            by_case = {case: _mean([s[kind][key] for s in known if s["case"] == case]) for case in CLIPPED}
            every = _mean([s[kind][key] for s in known])
            yield Figure(SECTION, f"{KINDS[kind]}: {WORDS[key]}, mean", every, "", goal, note)
            worst, case = _worst(by_case, highest=key == "change_err")
            yield Figure(SECTION, f"{KINDS[kind]}: {WORDS[key]}, the worst case", worst, "", goal, case)
    yield from _sureness(sum((s["outcomes"] for s in scores if "outcomes" in s), Counter()))


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _worst(by_case: dict[str, float | None], *, highest: bool) -> tuple[float | None, str]:
    known = {case: value for case, value in by_case.items() if value is not None}
    if not known:
        return None, "nothing to score"
    case = (max if highest else min)(known, key=lambda c: known[c])
    return known[case], f"{case}: the scorer counts units in its black corners" if case == "round" else case


def _sureness(told: Counter[tuple[str, str]]) -> Iterator[Figure]:
    """What share of each status is right, detection's own errors included."""
    for status in Status:
        own = {what: n for (name, what), n in sorted(told.items()) if name == status.value}
        total = sum(own.values())
        if status is Status.UNCERTAIN:
            share = 100 * total / sum(told.values()) if told else None
            yield Figure(SECTION, "real detections: units said to be uncertain", share, "%", "", _listed(own))
        else:
            right = 100 * own.get("right", 0) / total if total else None
            yield Figure(SECTION, f"real detections: said {status.value} and right", right, "%", "", _listed(own))


def _listed(own: dict[str, int]) -> str:
    return ", ".join(f"{what} {n}" for what, n in own.items())
