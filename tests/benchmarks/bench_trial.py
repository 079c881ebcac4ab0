"""A whole trial, from images to the report without a hand: how long it takes, and whether its intervals hold.

Ten synthetic subjects at six visits, 0.54 cm² each, with 10 % more units by week 12: some six minutes on two cores,
most of them for drawing the images. `TRICHODESK_BENCH_SHARE`, a number up to 1, takes so many subjects.
"""

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from analysis.synthetic.trial import TrialDesign
from tests.benchmarks.figure import Figure
from tests.benchmarks.share import some
from tools.commands import run
from tools.make_trial import MEASURED, Found, Made, found_in, take_through
from tools.trial_files import TrialFiles, draw_trial

SECTION = "a trial of 60 images"
JOBS = 2
FEWEST = 3
"""Subjects below whom there is no interval."""


def figures() -> list[Figure]:
    """Draw it, take it through, compare."""
    design = TrialDesign(n_subjects=max(FEWEST, len(some(range(TrialDesign().n_subjects)))))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        files = draw_trial(folder, design, jobs=JOBS)
        drawing_s = time.perf_counter() - started
        made = take_through(folder, files, design, JOBS)
        rows = [*_speed(made, drawing_s), *_truth(made.found, "own field")]
        return [*rows, *_truth(_on_common_field(made, files, design), "common field")]


def _speed(made: Made, drawing_s: float) -> Iterator[Figure]:
    parts = ", ".join(f"{each.command} {each.seconds:.1f} s" for each in made.ran)
    note = f"{', '.join(MEASURED)}; {JOBS} jobs. All: {parts}"
    yield Figure(SECTION, "time of an image", made.seconds_an_image, "s", "≤ 1.5", note)
    yield Figure(SECTION, "the same by processor time", made.cpu_seconds_an_image, "s", "", "of all processes")
    for each in made.ran:
        if each.command in ("detect", "match", "stats", "report"):
            what = f"memory of {each.command}, at most"
            yield Figure(SECTION, what, each.peak_bytes / 2**20, "MiB", "", "all its processes, shared pages included")
    yield Figure(SECTION, "drawing an image", drawing_s / made.n_images, "s", "", "not part of the trial")


def _truth(found: tuple[Found, ...], basis: str) -> Iterator[Figure]:
    """Each interval against the mean change of the true hairs in the same images."""
    for each in found:
        note = (
            f"measured {each.measured:.{each.digits + 1}f}, 95 % CI {each.ci_low:.{each.digits + 1}f} to "
            f"{each.ci_high:.{each.digits + 1}f}, true {each.true:.{each.digits + 1}f}; "
            f"{'holds' if each.holds else 'does not hold'}"
        )
        bias = each.measured - each.true
        yield Figure(SECTION, f"change of {each.label}, {basis}: measured less true", bias, each.unit, "", note)
    held = sum(each.holds for each in found)
    yield Figure(SECTION, f"95 % intervals that hold, {basis}", held, f"of {len(found)}", "all but 1 of 20")


def _on_common_field(made: Made, files: TrialFiles, design: TrialDesign) -> tuple[Found, ...]:
    return found_in(json.loads(run("stats", made.study, "--field", "common", "--json").output), files, design)
