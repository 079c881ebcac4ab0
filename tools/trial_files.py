"""Draws a synthetic trial into a folder: images, manifest, answers, adverse events, and the truth beside them."""

import csv
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path

import cv2

from analysis.measures import ENDPOINTS
from analysis.synthetic.noise import stream
from analysis.synthetic.trial import TrialDesign, TrialSubject, draw_subjects, true_endpoints, visit_phantom
from tools.trial_answers import ANSWERS, EVENTS, answer_rows, event_rows, visit_name
from workstation.questionnaires.bundled import bundled

FIRST_DAY = date(2026, 1, 5)
ENROLLED_OVER_DAYS = 18
DAYS_OFF = (-2, 3)
"""A visit is so many days from its planned day, at least and at most."""
LATE = ("S03", 7, 6)
"""One subject comes to one visit so many days late."""
MISSED = ("S04", 7)
"""The visit that is left out where one is to be missed."""
JPEG_QUALITY = 92
COMPARED = tuple(endpoint.name for endpoint in ENDPOINTS if endpoint.comparable)
MANIFEST = ("subject", "visit", "site", "image", "week", "date", "um_per_px", "device", "sex", "age", "grade")


@dataclass(frozen=True, slots=True)
class TrialFiles:
    """Where the files lie."""

    manifest: Path
    answers: Path
    events: Path
    truth: Path
    """Endpoints of the true hairs of each image: subject, week, then the comparable endpoints."""
    n_images: int


def draw_trial(folder: Path, design: TrialDesign, *, missed: bool = False, jobs: int = 2) -> TrialFiles:
    """Draw all images and write the tables.

    Args:
        folder: where to; made if need be.
        design: of the trial.
        missed: whether one visit is left out.
        jobs: how many images are drawn at once.
    """
    (folder / "images").mkdir(parents=True, exist_ok=True)
    subjects, left_out = draw_subjects(design), [MISSED] if missed else []
    visits = [(s, week) for s in subjects for week in design.weeks if (s.code, week) not in left_out]
    days = {subject.code: _days(design, subject) for subject in subjects}
    drawn = _drawn([(folder, design, subject, week) for subject, week in visits], jobs)
    truths = [{"subject": s.code, "week": week, **truth} for (s, week), truth in zip(visits, drawn, strict=True)]
    names = ("visits.csv", "answers.csv", "events.csv", "truth.csv")
    files = TrialFiles(*(folder / name for name in names), n_images=len(visits))
    write_table(files.manifest, MANIFEST, [_manifest_row(design, s, week, days[s.code][week]) for s, week in visits])
    write_table(files.answers, ANSWERS, list(answer_rows(design, subjects, bundled(), left_out)))
    write_table(files.events, EVENTS, event_rows(subjects, days))
    write_table(files.truth, ("subject", "week", *COMPARED), truths)
    return files


def read_truth(path: Path) -> dict[tuple[str, float], dict[str, float]]:
    """The true endpoints that `draw_trial` wrote, by subject and week."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["subject"], float(row["week"])): {name: float(row[name]) for name in COMPARED} for row in rows}


def write_table(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def _drawn(tasks: Sequence[tuple[Path, TrialDesign, TrialSubject, float]], jobs: int) -> list[dict[str, float]]:
    """The true endpoints of images that are drawn, so many at once."""
    if jobs == 1:
        return [_draw(*task) for task in tasks]
    # spawned: a fork of a process in which OpenCV has used threads waits for ever
    with ProcessPoolExecutor(jobs, get_context("spawn"), cv2.setNumThreads, (1,)) as pool:
        return list(pool.map(_draw, *zip(*tasks, strict=True)))


def _draw(folder: Path, design: TrialDesign, subject: TrialSubject, week: float) -> dict[str, float]:
    """Draw one image into its file; gives the true endpoints."""
    made = visit_phantom(design, subject, week)
    path = folder / _image_name(subject, week)
    done, data = cv2.imencode(".jpg", made.image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise OSError(f"{path} could not be compressed")
    path.write_bytes(data.tobytes())
    true = true_endpoints(made.truth).as_dict()
    return {name: true[name] for name in COMPARED}


def _image_name(subject: TrialSubject, week: float) -> str:
    return f"images/{subject.code}-week{week:02g}.jpg"


def _days(design: TrialDesign, subject: TrialSubject) -> dict[float, date]:
    """When the subject came: near the planned days, as people do."""
    rng = stream(subject.seed, "days")
    first = FIRST_DAY + timedelta(days=int(rng.integers(0, ENROLLED_OVER_DAYS)))
    off = {week: int(rng.integers(DAYS_OFF[0], DAYS_OFF[1] + 1)) for week in design.weeks}
    off |= {design.weeks[0]: 0} | ({LATE[1]: LATE[2]} if subject.code == LATE[0] else {})
    return {week: first + timedelta(days=round(7 * week) + off[week]) for week in design.weeks}


def _manifest_row(design: TrialDesign, subject: TrialSubject, week: float, day: date) -> dict[str, object]:
    return {
        "subject": subject.code,
        "visit": visit_name(week),
        "site": "vertex",
        "image": _image_name(subject, week),
        "week": f"{week:g}",
        "date": day.isoformat(),
        "um_per_px": f"{design.um_per_px:g}",
        "device": "synthetic",
        "sex": subject.sex,
        "age": subject.age,
        "grade": subject.grade,
    }
