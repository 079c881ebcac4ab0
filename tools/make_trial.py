"""Makes a synthetic trial and takes it through the program without a hand, from images to the report.

    python tools/make_trial.py [-o FOLDER] [--jobs N] [--missed] [--subjects N] [--weeks 0 4 12] [--size 1600 1200]

Ten subjects at the baseline and five later visits; by week 12 they have 10 % more follicular units, and no more hairs
in each, nor wider ones. Every command runs as a user would type it; what it finds is set beside what is drawn.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from analysis.synthetic.trial import TrialDesign  # noqa: E402
from tools.commands import Ran, run  # noqa: E402
from tools.trial_files import TrialFiles, draw_trial, read_truth  # noqa: E402
from workstation.questionnaires.bundled import bundled  # noqa: E402
from workstation.trial import wording  # noqa: E402
from workstation.trial.outcomes import image_outcomes  # noqa: E402

STUDY = "trial.h5"
TITLE = "A synthetic trial"
PRIMARY = "fu_density_per_cm2"
MEASURED = ("detect", "match", "measure", "report")
"""The commands whose time counts for each image."""
TOLD = (
    "fu_density_per_cm2",
    "hair_density_per_cm2",
    "mean_hair_width_um",
    "hairs_per_fu",
    "sum_hair_width_mm_per_cm2",
    "inter_follicular_distance_mm",
)


@dataclass(frozen=True, slots=True)
class Found:
    """One outcome at the last week, as measured and as drawn."""

    label: str
    unit: str
    digits: int
    measured: float
    ci_low: float
    ci_high: float
    true: float
    """The mean change of the true hairs of the same images."""

    @property
    def holds(self) -> bool:
        """Whether the interval contains the truth."""
        return self.ci_low <= self.true <= self.ci_high


@dataclass(frozen=True, slots=True)
class Made:
    """A trial that was taken through the program."""

    study: Path
    n_images: int
    ran: tuple[Ran, ...]
    found: tuple[Found, ...]
    warnings: tuple[str, ...]

    @property
    def seconds_an_image(self) -> float:
        """Of detecting, matching, measuring and reporting."""
        return sum(each.seconds for each in self.ran if each.command in MEASURED) / self.n_images

    @property
    def cpu_seconds_an_image(self) -> float:
        """The same by processor time, which other work on the computer does not lengthen."""
        return sum(each.cpu_seconds for each in self.ran if each.command in MEASURED) / self.n_images

    @property
    def peak_bytes(self) -> int:
        """The most memory that any command took."""
        return max(each.peak_bytes for each in self.ran)


def take_through(
    folder: Path, files: TrialFiles, design: TrialDesign, jobs: int, run: Callable[..., Ran] = run
) -> Made:
    """Run all commands on drawn files, the study and all results being made anew in the folder.

    Args:
        folder: where to.
        files: what was drawn.
        design: of the trial.
        jobs: how many images at once.
        run: runs one command, as `commands.run` does.
    """
    study, out = folder / STUDY, folder / "export"
    study.unlink(missing_ok=True)
    shutil.rmtree(study.with_suffix(".images"), ignore_errors=True)
    visits = [word for week in design.weeks for word in ("--visit", f"{week:g}")]
    questionnaires = [word for each in bundled() for word in ("--questionnaire", each.id)]
    ran = [
        run("new", study, files.manifest),
        run("plan", study, "--title", TITLE, *visits, "--primary", PRIMARY, "--week", design.weeks[-1]),
        run("record", study, *questionnaires, "--answers", files.answers, "--events", files.events),
        run("detect", study, "--jobs", jobs),
        run("match", study, "--jobs", jobs, allowed=(0, 1)),
        run("measure", study, "--format", "csv"),
        run("stats", study, "--json"),
        run("report", study, "-o", folder / "report.pdf"),
        run("report", study, "-o", folder / "report.html"),
        run("export", study, "-o", out, "--format", "xlsx"),
    ]
    results = json.loads(next(each.output for each in ran if each.command == "stats"))
    return Made(study, files.n_images, tuple(ran), found_in(results, files, design), tuple(results["warnings"]))


def found_in(results: dict, files: TrialFiles, design: TrialDesign) -> tuple[Found, ...]:
    """What `stats --json` tells of the last week, beside the truth; without outcomes that no subject has."""
    truth, first, last = read_truth(files.truth), design.weeks[0], design.weeks[-1]
    at_last = {row["outcome"]: row for row in results["results"] if row["week"] == last}
    found = []
    for outcome in (o for name in TOLD for o in image_outcomes() if o.name == name):
        both = [v["subject"] for v in results["values"]
                if (v["outcome"], v["week"]) == (outcome.name, last) and v["change"] is not None]  # fmt: skip
        if not both:
            continue  # fields too small for it
        row = at_last[outcome.name]
        true = fmean(truth[code, last][outcome.name] - truth[code, first][outcome.name] for code in both)
        estimate = (row[f"change_{part}"] for part in ("mean", "ci_low", "ci_high"))
        found.append(Found(outcome.label, outcome.unit, outcome.digits, *estimate, true))
    return tuple(found)


def tell(made: Made) -> None:
    """Say what was found, beside the truth, and what it took."""
    for warning in made.warnings:
        print(f"note: {warning}")
    print(f"\n{'change at the last week':42}{'measured (95 % CI)':>28}{'true':>10}")
    for each in made.found:
        measured = wording.estimate(each.measured, each.ci_low, each.ci_high, each.digits)
        verdict = "" if each.holds else "  outside"
        print(f"{each.label:42}{measured:>28}{wording.signed(each.true, each.digits):>10}{verdict}")
    print()
    for each in made.ran:
        mib = each.peak_bytes / 2**20
        print(f"{each.command:10}{each.seconds:8.1f} s{each.cpu_seconds:8.1f} s of processor time{mib:8.0f} MiB")
    cpu = f"{made.cpu_seconds_an_image:.2f} s by processor time"
    print(f"{made.seconds_an_image:.2f} s an image for {', '.join(MEASURED)} ({cpu})")
    print(f"Study, report and tables: {made.study.parent}")


def arguments_of(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of the command line, or these words."""
    usual = TrialDesign()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--out", type=Path, default=Path("trial-output"), help="the folder to write into")
    parser.add_argument("--jobs", type=int, default=2, help="how many images at once")
    parser.add_argument("--missed", action="store_true", help="leave one visit out")
    parser.add_argument("--subjects", type=int, default=usual.n_subjects)
    parser.add_argument("--weeks", type=float, nargs="+", default=usual.weeks)
    parser.add_argument("--size", type=int, nargs=2, default=usual.size_px, metavar=("WIDTH", "HEIGHT"))
    return parser.parse_args(words)


def design_of(chosen: argparse.Namespace) -> TrialDesign:
    """The trial that is asked for."""
    width, height = chosen.size
    return TrialDesign(n_subjects=chosen.subjects, weeks=tuple(chosen.weeks), size_px=(width, height))


def main() -> None:
    chosen = arguments_of()
    design, folder = design_of(chosen), chosen.out.resolve()
    print(f"Drawing {design.n_subjects * len(design.weeks)} images in {folder} …", flush=True)
    files = draw_trial(folder, design, missed=chosen.missed, jobs=chosen.jobs)
    tell(take_through(folder, files, design, chosen.jobs))


if __name__ == "__main__":
    main()
