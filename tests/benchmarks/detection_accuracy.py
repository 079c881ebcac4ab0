"""How right detection is, on annotated fields and on phantoms, by both sources of evidence.

The fields and the scorers are no part of the product: where they are not, the figures say so. Fields whose name ends in
an even digit were looked at while the detector was made; the others never were.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np

from analysis.detection import Detection, DetectionParameters, Source
from analysis.pipeline import detect
from analysis.synthetic import phantom
from tests.benchmarks.figure import Figure
from tests.benchmarks.measuring_data import FIELDS, shared
from tests.benchmarks.share import some

SECTION = "detection: accuracy"
FIELD_UM_PER_PX = 5.525
CLIPPED = ("dark", "dense", "blond", "grey", "glare", "dark_skin")
LONG = ("long_sparse", "long_medium")
OTHERS = (
    "brown", "vellus", "vessels", "flakes_bubbles", "frame_text", "round", "defocus", "tattoo", "whorl", "parting",
    "long_curly", "long_dense",
)  # fmt: skip
SEEDS = (70001, 70002, 70003, 70004, 70005)
"""Of phantoms that nothing was trained, fitted or calibrated on."""
OTHERS_SEEDS = SEEDS[:2]
CORNER = 0.5
FIELD_GOALS = {"hair_f1": "≥ 0.93", "shaft_f1": "≥ 0.94", "fu_f1": "≥ 0.94", "recall": "", "precision": ""}
MEAN_GOALS = {"shaft_f1": "≥ 0.96", "hair_f1": "≥ 0.95", "fu_f1": "≥ 0.95"}
WORST_GOALS = {"count error": ("%", "≤ 3"), "width bias": ("µm", "≤ 2"), "width error": ("µm", "≤ 4")}
LONG_GOALS = {"hair_f1": "≥ 0.88", "traced": "≥ 0.9"}
WORDS = {"hair_f1": "hair F1", "shaft_f1": "shaft F1", "fu_f1": "unit F1", "traced": "length traced"}
Scores = dict[str, Any]
BySource = dict[Source, Scores]


def as_geojson(detection: Detection) -> Scores:
    """What the scorers read of a detection."""
    hairs = [
        {
            "geometry": {"type": "LineString", "coordinates": (detection.vertices_of(i) + CORNER).tolist()},
            "properties": {
                "width_um": float(detection.width_px[i] * detection.um_per_px),
                "root_visible": bool(detection.root_visible[i]),
            },
        }
        for i in range(detection.n_hairs)
    ]
    roots = detection.vertices_px[detection.first_vertex] + CORNER
    centres = [roots[detection.unit == unit].mean(axis=0).tolist() for unit in range(detection.n_units)]
    units = [{"geometry": {"type": "Point", "coordinates": c}, "properties": {}} for c in centres]
    return {"features": hairs + units, "trichodesk": {"seconds": detection.seconds}}


def _scored(image: np.ndarray, truth: str, scorer: str) -> BySource:
    """Detect by either source, and ask the scorer, which is a program of its own."""
    scores: BySource = {}
    with TemporaryDirectory() as folder:
        truth_path, found_path = Path(folder, "truth.json"), Path(folder, "found.geojson")
        truth_path.write_text(truth, encoding="utf-8")
        for source in Source:
            found = detect(image, FIELD_UM_PER_PX, DetectionParameters(source=source))
            if found.parameters.source is not source:
                raise RuntimeError(f"{source} could not be run: {found.notes}")
            found_path.write_text(json.dumps(as_geojson(found)), encoding="utf-8")
            command = [sys.executable, str(shared() / "tools" / scorer), str(truth_path), str(found_path)]
            scores[source] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return scores


def score_field(path: Path) -> BySource:
    """Score one annotated field, given its truth's path."""
    image = cv2.cvtColor(cv2.imread(str(path.with_suffix(".jpg"))), cv2.COLOR_BGR2RGB)
    return _scored(image, path.read_text(encoding="utf-8"), "score_fields.py")


def score_case(case: str, seed: int) -> BySource:
    """Score one phantom."""
    made = phantom(case, seed)
    return _scored(made.image, made.truth.to_json(), "score_phantom.py")


def mean(scores: Sequence[Scores], key: str) -> float | None:
    """Mean of a score over the images that have it."""
    known = [s[key] for s in scores if s.get(key) is not None]
    return float(np.mean(known)) if known else None


def field_figures(pool: Executor) -> Iterator[Figure]:
    """Means over the development fields and over the untouched ones."""
    truths = sorted((shared() / FIELDS).glob("*.json"))
    if not truths:
        yield Figure(SECTION, "annotated fields", None, "", note="the annotated fields are not on this machine")
        return
    development = some([t for t in truths if int(t.stem[-1]) % 2 == 0])
    untouched = some([t for t in truths if int(t.stem[-1]) % 2 == 1])
    scores = list(pool.map(score_field, development + untouched))
    parts = {"development": scores[: len(development)], "untouched": scores[len(development) :]}
    for source in Source:
        for part, both in parts.items():
            yield from _of_fields(f"{source}, {part} fields", [s[source] for s in both])


def _of_fields(where: str, scores: list[Scores]) -> Iterator[Figure]:
    count = f"{len(scores)} fields, {sum(s['n_true'] for s in scores)} hairs"
    for key, goal in FIELD_GOALS.items():
        yield Figure(SECTION, f"{where}: {WORDS.get(key, key)}", mean(scores, key), "", goal, count)
    thin = sum(s["n_thin"] for s in scores)
    recall = sum((s["thin_recall"] or 0) * s["n_thin"] for s in scores) / max(1, thin)
    yield Figure(SECTION, f"{where}: thin recall, pooled", recall, "", "≥ 0.67", f"{thin} thin hairs")
    yield Figure(SECTION, f"{where}: time of a field", mean(scores, "seconds"), "s", "", "1.3 MP, one thread")


def phantom_figures(pool: Executor) -> Iterator[Figure]:
    """The clipped cases together and each, long hair, and the other cases."""
    if not (shared() / "tools" / "score_phantom.py").exists():
        yield Figure(SECTION, "phantoms", None, "", note="the scorer is not on this machine")
        return
    tasks = [(case, seed) for case in CLIPPED + LONG for seed in some(SEEDS)]
    tasks += [(case, seed) for case in OTHERS for seed in some(OTHERS_SEEDS)]
    scores = list(pool.map(score_case, *zip(*tasks, strict=True)))
    for source in Source:
        by_case: dict[str, list[Scores]] = {}
        for (case, _), both in zip(tasks, scores, strict=True):
            by_case.setdefault(case, []).append(both[source])
        yield from _of_clipped(source, {case: by_case[case] for case in CLIPPED})
        for case in LONG:
            for key, goal in LONG_GOALS.items():
                name = f"{source}, phantom {case}: {WORDS[key]}"
                yield Figure(SECTION, name, mean(by_case[case], key), "", goal, in_words(by_case[case]))
        for case in OTHERS:
            name = f"{source}, phantom {case}: hair F1"
            yield Figure(SECTION, name, mean(by_case[case], "hair_f1"), "", "", in_words(by_case[case]))


def _of_clipped(source: Source, by_case: dict[str, list[Scores]]) -> Iterator[Figure]:
    """Means over the clipped cases, the worst of them where each must hold, and each of them."""
    every = [s for own in by_case.values() for s in own]
    for key, goal in MEAN_GOALS.items():
        note = f"{len(every)} phantoms: {', '.join(by_case)}"
        yield Figure(SECTION, f"{source}, clipped phantoms: {WORDS[key]}", mean(every, key), "", goal, note)
    errors = {case: case_errors(own) for case, own in by_case.items()}
    for what, (unit, goal) in WORST_GOALS.items():
        worst = max(errors, key=lambda case: abs(errors[case][what]))
        name = f"{source}, clipped phantoms: {what}, the worst case"
        yield Figure(SECTION, name, errors[worst][what], unit, goal, worst)
    for case, own in by_case.items():
        yield Figure(SECTION, f"{source}, phantom {case}: hair F1", mean(own, "hair_f1"), "", "", in_words(own))


def case_errors(scores: list[Scores]) -> dict[str, float]:
    """Errors of a case: of the count in percent, either way, and of the widths in µm."""
    return {
        "count error": 100 * float(np.mean([abs(s["count_err"]) for s in scores])),
        "width bias": mean(scores, "width_bias") or 0.0,
        "width error": mean(scores, "width_mae") or 0.0,
    }


def in_words(scores: list[Scores]) -> str:
    """All else that was measured of a case, in a line."""
    errors = case_errors(scores)
    return (
        f"{len(scores)} of this case: shaft F1 {mean(scores, 'shaft_f1'):.3f}, unit F1 {mean(scores, 'fu_f1'):.3f}, "
        f"count error {errors['count error']:.1f} % ({100 * (mean(scores, 'count_err') or 0):+.1f} % on the whole), "
        f"width {errors['width bias']:+.1f} ± {errors['width error']:.1f} µm, traced {mean(scores, 'traced'):.2f}"
    )


def figures(pool: Executor) -> list[Figure]:
    """Fields, then phantoms."""
    return [*field_figures(pool), *phantom_figures(pool)]
