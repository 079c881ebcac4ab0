"""Detection: accuracy on annotated fields and on phantoms, and speed against a Gaussian blur of the image.

The annotated fields are no part of the product. They are looked for in the folder that `TRICHODESK_SHARED` names, else
in `shared` beside the checkout; where they are not, the figures say so. Fields whose name ends in an even digit were
looked at while the detector was made; the others never were.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np

from analysis.detection import Detection, DetectionParameters, Source
from analysis.learned import learned_evidence
from analysis.pipeline import detect
from analysis.preprocess import prepare_image
from analysis.ridges import ridge_evidence
from analysis.snapping import prepare, snap
from analysis.synthetic import phantom
from tests.benchmarks.figure import Figure

SECTION = "detection"
FIELD_UM_PER_PX = 5.525
PHANTOMS = (
    "dark", "dense", "brown", "blond", "grey", "glare", "dark_skin", "vellus", "vessels", "flakes_bubbles",
    "frame_text", "round", "defocus", "tattoo", "whorl", "parting",
    "long_sparse", "long_medium", "long_curly", "long_dense",
)  # fmt: skip
SEEDS = (1, 2, 3)
BLUR_NOTE = "GaussianBlur of one float32 channel, σ = 6 px, one thread"
CORNER = 0.5
PROCESSES = 2
Scores = dict[str, Any]


def shared() -> Path:
    """Where measuring data and scorers lie, if they are there."""
    named = os.environ.get("TRICHODESK_SHARED")
    return Path(named) if named else Path(__file__).parents[3] / "shared"


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


def _scored(image: np.ndarray, truth: str, scorer: Path, source: Source) -> Scores:
    """Detect on one thread and ask the scorer, which is a program of its own."""
    cv2.setNumThreads(1)
    with TemporaryDirectory() as folder:
        truth_path, found_path = Path(folder, "truth.json"), Path(folder, "found.geojson")
        truth_path.write_text(truth, encoding="utf-8")
        found = detect(image, FIELD_UM_PER_PX, DetectionParameters(source=source))
        found_path.write_text(json.dumps(as_geojson(found)), encoding="utf-8")
        command = [sys.executable, str(scorer), str(truth_path), str(found_path)]
        scores: Scores = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return scores


def score_field(source: Source, path: Path) -> Scores:
    """Score one annotated field, given its truth's path."""
    image = cv2.cvtColor(cv2.imread(str(path.with_suffix(".jpg"))), cv2.COLOR_BGR2RGB)
    return _scored(image, path.read_text(encoding="utf-8"), shared() / "tools" / "score_fields.py", source)


def score_case(source: Source, case: str, seed: int) -> Scores:
    """Score one phantom, of a seed that nothing was fitted on."""
    made = phantom(case, seed)
    return _scored(made.image, made.truth.to_json(), shared() / "tools" / "score_phantom.py", source)


def _mean(scores: list[Scores], key: str) -> float | None:
    known = [s[key] for s in scores if s.get(key) is not None]
    return round(float(np.mean(known)), 3) if known else None


def field_figures(pool: Executor, source: Source) -> list[Figure]:
    """Means over the development fields and over the untouched ones."""
    truths = sorted((shared() / "realdata" / "clipped_annotated").glob("*.json"))
    if not truths:
        return [Figure(SECTION, "annotated fields", None, "", note="the annotated fields are not on this machine")]
    rows = []
    for name, even in (("development", True), ("untouched", False)):
        chosen = [t for t in truths if (int(t.stem[-1]) % 2 == 0) is even]
        scores = list(pool.map(partial(score_field, source), chosen))
        note = f"{source}, {len(scores)} {name} fields"
        goals = {"hair_f1": "≥ 0.93", "shaft_f1": "≥ 0.94", "recall": "", "precision": "", "fu_f1": "≥ 0.94"}
        rows += [Figure(SECTION, f"{k}, {name}", _mean(scores, k), "", goal, note) for k, goal in goals.items()]
        thin = sum(s["n_thin"] for s in scores)
        found = sum((s["thin_recall"] or 0) * s["n_thin"] for s in scores)
        rows.append(
            Figure(
                SECTION, f"thin recall, {name}", round(found / max(1, thin), 3), "", "≥ 0.67", f"{source}, {thin} hairs"
            )
        )
        rows.append(
            Figure(
                SECTION, f"time of a field, {name}", _mean(scores, "seconds"), "s", "", f"{source}, 1.3 MP, one thread"
            )
        )
    return rows


def phantom_figures(pool: Executor, source: Source) -> list[Figure]:
    """Hair F1, unit F1 and width errors, case by case, each the mean over `SEEDS`."""
    if not (shared() / "tools" / "score_phantom.py").exists():
        return [Figure(SECTION, "phantoms", None, "", note="the scorer is not on this machine")]
    rows = []
    tasks = [(case, seed) for case in PHANTOMS for seed in SEEDS]
    scores = list(pool.map(partial(score_case, source), *zip(*tasks, strict=True)))
    for case in PHANTOMS:
        own = [s for (name, _), s in zip(tasks, scores, strict=True) if name == case]
        note = f"{source}, shaft F1 {_mean(own, 'shaft_f1')}, unit F1 {_mean(own, 'fu_f1')}, "
        note += f"count error {_mean(own, 'count_err')}, traced {_mean(own, 'traced')}, "
        note += f"width bias {_mean(own, 'width_bias')}, MAE {_mean(own, 'width_mae')} µm"
        rows.append(Figure(SECTION, f"hair F1, phantom {case}", _mean(own, "hair_f1"), "", "", note))
    return rows


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def speed_figures() -> list[Figure]:
    """Speed on one thread on a phantom of 12 MP."""
    cv2.setNumThreads(1)
    image = phantom("dark", 1, size_px=(4000, 3000), um_per_px=FIELD_UM_PER_PX).image
    plane = image[..., 1].astype(np.float32)
    blur = _seconds(lambda: cv2.GaussianBlur(plane, (0, 0), 6))
    prepared = prepare_image(image, FIELD_UM_PER_PX)
    ridges = _seconds(lambda: ridge_evidence(prepared))
    network = _seconds(lambda: learned_evidence(prepared))
    evidence = prepare(image, FIELD_UM_PER_PX)
    clicks = np.array([[2000.0, 1500.0], [2150.0, 1630.0]])
    snap(evidence, clicks)
    snap_ms = round(_seconds(lambda: snap(evidence, clicks)) * 1e3, 1)
    whole = round(detect(image, FIELD_UM_PER_PX).seconds, 1)
    return [
        Figure(SECTION, "ridge evidence of 12 MP", round(ridges / blur, 1), "× blur", "≤ 10", BLUR_NOTE),
        Figure(SECTION, "network's evidence of 12 MP", round(network / blur, 1), "× blur", "≤ 25", BLUR_NOTE),
        Figure(SECTION, "a snap of 200 px in 12 MP", snap_ms, "ms", "≤ 30"),
        Figure(SECTION, "detection of 12 MP", whole, "s", "", "one thread"),
    ]


def figures() -> list[Figure]:
    """Accuracy on fields and phantoms, and speed."""
    rows = speed_figures()
    with ProcessPoolExecutor(PROCESSES) as pool:
        for source in Source:
            rows += field_figures(pool, source)
            rows += phantom_figures(pool, source)
    return rows
