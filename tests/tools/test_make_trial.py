"""A small trial goes through the whole program without a hand."""

import csv

import pytest

from analysis.synthetic.trial import TrialDesign
from tools.commands import Ran
from tools.make_trial import arguments_of, design_of, take_through, tell
from tools.trial_files import MISSED, draw_trial, read_truth
from workstation.cli.application import main
from workstation.session import open_study

DESIGN = TrialDesign(n_subjects=3, weeks=(0, 6, 12), size_px=(480, 360), um_per_px=10.6)


@pytest.fixture
def run_here(capsys):
    """Runs a command in this process, which is quicker than as many starts of the program."""

    def run_here(*arguments, allowed=(0,)):
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        assert status in allowed, printed.err
        return Ran(str(arguments[0]), 0.5, 0.4, 2**20, printed.out, printed.err)

    return run_here


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_a_small_trial_goes_from_images_to_the_report(tmp_path, run_here, capsys):
    files = draw_trial(tmp_path, DESIGN, jobs=1)
    made = take_through(tmp_path, files, DESIGN, 1, run_here)
    assert made.n_images == 9
    for name, begins in (("report.pdf", b"%PDF"), ("report.html", b"<!"), ("trial.h5", b"\x89HDF")):
        assert (tmp_path / name).read_bytes().lstrip().startswith(begins)
    with open_study(tmp_path / "trial.h5", "Ada", read_only=True) as session:
        study = session.study
    assert len(study.reads) == 9
    assert len(study.responses) == 3 * (3 * 3 + 1), "three questionnaires at each visit, one at the last"
    assert [event.term for event in study.events.values()] == ["itching of the scalp", "common cold"]
    assert (study.plan.title, study.plan.primary_week) == ("A synthetic trial", 12.0)
    assert study.plan.named_utc != ""
    units = made.found[0]
    assert units.label == "follicular units per cm²"
    assert units.measured == pytest.approx(units.true, abs=12), "two or three units on a small field"
    assert "9 of 9 images rest on a detection that nobody has reviewed." in made.warnings
    tell(made)
    told = capsys.readouterr().out
    assert "follicular units per cm²" in told
    assert "s an image for detect, match, measure, report" in told


def test_files_of_a_trial_lie_beside_its_images(tmp_path):
    design = TrialDesign(n_subjects=4, weeks=(0, 7), size_px=(64, 48), um_per_px=10.6)
    files = draw_trial(tmp_path, design, missed=True, jobs=1)
    assert files.n_images == 7
    rows = rows_of(files.manifest)
    places = [(row["subject"], float(row["week"])) for row in rows]
    assert MISSED not in places
    assert set(places) == read_truth(files.truth).keys()
    assert all((tmp_path / row["image"]).stat().st_size > 500 for row in rows)
    assert rows[0]["visit"] == "baseline"
    assert (rows[5]["subject"], rows[5]["date"] > rows[4]["date"]) == ("S03", True)
    answered = {(row["subject"], row["visit"]) for row in rows_of(files.answers)}
    assert ("S04", "week 7") not in answered
    assert ("S03", "week 7") in answered


def test_ten_subjects_at_six_visits_unless_others_are_asked_for():
    assert design_of(arguments_of([])) == TrialDesign()
    assert (TrialDesign().n_subjects, len(TrialDesign().weeks)) == (10, 6)
    asked = design_of(arguments_of(["--subjects", "3", "--weeks", "0", "12", "--size", "480", "360"]))
    assert asked == TrialDesign(n_subjects=3, weeks=(0.0, 12.0), size_px=(480, 360))
