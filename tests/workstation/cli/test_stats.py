import csv
import re

import pytest

from tests.workstation.trial_study import TRIAL, answered, trial_of
from workstation.session import create_study


@pytest.fixture
def trial(tmp_path):
    """A study file of six subjects at the baseline, at weeks 4 and 12, with answers at the last."""
    path = tmp_path / "trial.h5"
    units = {code: {0: at[0], 4: at[0] + k, 12: at[12]} for k, (code, at) in enumerate(TRIAL.items())}
    last = range(3, 19, 3)
    create_study(path, answered(trial_of(units), dict(zip(last, (5, 4, 2, 5, 5, 4), strict=True))), user="Ada")
    return path


def test_the_primary_endpoint_stands_on_top_and_is_marked(run, trial):
    status, out, err = run("stats", trial)
    assert status == 0
    lines = [line for line in out.splitlines() if line.strip()]
    assert lines[0] == "Week 12 against the baseline (each visit on its own field)"
    (primary,) = [line for line in lines if "primary:" in line]
    figures = ["6", "68.0 ± 9.0", "73.3 ± 10.5", "+5.3 (2.6 to 8.0)", "+7.8", "2.07", "0.004", "0.031", "–"]
    assert re.split(r"  +", primary.strip())[1:10] == figures
    outcomes = [line.strip().split("  ")[0] for line in lines if re.match(r" (primary|hairs|mean)", line)]
    assert outcomes[0] == "primary: follicular units per cm²"
    assert "hairs per cm²" in outcomes
    assert "Would recommend: yes by 5 of 6 (83 %; 95 % CI 35.9 to 99.6 %)" in out
    assert "note: " not in out
    assert "Other weeks: --all-weeks" in err


def test_all_weeks_follow_the_primary_one(run, trial):
    out = run("stats", trial, "--all-weeks")[1]
    assert re.findall(r"^(Week \d+) against", out, re.MULTILINE) == ["Week 12", "Week 4"]


def test_a_narrow_terminal_gets_fewer_columns_and_no_broken_line(run, trial, monkeypatch):
    monkeypatch.setattr("workstation.cli.console.output.width", 80)
    out = run("stats", trial)[1]
    table = out[: out.index("Would recommend: yes")]
    assert max(len(line) for line in table.splitlines()) <= 80
    assert "+5.3 (2.6 to 8.0)      0.004" in table
    assert "mixed model" not in table


def test_csv_has_a_row_for_each_outcome_and_week(run, trial):
    status, out, _ = run("stats", trial, "--format", "csv")
    assert status == 0
    rows = list(csv.DictReader(out.splitlines()))
    (row,) = [row for row in rows if row["is_primary"] == "true"]
    assert (row["outcome"], row["week"], row["change_n"]) == ("fu_density_per_cm2", "12.0", "6")
    assert float(row["change_mean"]) == pytest.approx(32 / 6, abs=1e-6)
    assert row["p_holm"] == ""
    assert {row["week"] for row in rows} == {"4.0", "12.0"}


def test_json_has_everything(run_json, trial):
    found = run_json("stats", trial, "--power", "10%")
    assert found.keys() == {
        "plan", "field", "arms", "weeks", "results", "yes_counts", "values", "attendance", "missing", "warnings",
        "power",
    }  # fmt: skip
    assert (found["field"], found["arms"], found["weeks"]) == ("own", [""], [0, 4, 12])
    assert found["plan"]["primary_endpoint"] == "fu_density_per_cm2"
    (reads,) = [
        v["read_ids"] for v in found["values"]
        if (v["outcome"], v["subject"], v["week"]) == ("fu_density_per_cm2", "S02", 12)
    ]  # fmt: skip
    assert reads == "106"
    assert found["power"]["effect"] == pytest.approx(6.8)
    assert (found["missing"], found["warnings"]) == ([], [])


def test_power_is_told_from_the_measured_spread(run, trial):
    out = run("stats", trial, "--power", "5.0")[1]
    assert (
        "To find a change of 5.0 in follicular units per cm² at week 12, 5 subjects are needed (two-sided 5 % level, "
        "power 80 %; the SD of change is 2.6 in 6 subjects, who find it with a power of 96 %)."
    ) in " ".join(out.split())


def test_without_any_spread_there_is_no_power(run, tmp_path):
    create_study(tmp_path / "equal.h5", trial_of({f"S{k}": {0: 60 + k, 12: 66 + k} for k in range(3)}), user="Ada")
    status, _, err = run("stats", tmp_path / "equal.h5", "--power", "5")
    assert status == 1
    assert "all subjects changed by the same amount, so the spread of change is not known." in err


@pytest.mark.parametrize("effect", ["much", "0", "0%", "-", "1e", "nan"])
def test_what_is_no_effect_is_refused(run, trial, effect):
    status, out, err = run("stats", trial, f"--power={effect}")
    assert (status, out) == (1, "")
    assert "is no effect to find. Write a change of the primary endpoint, 7.4 say, or 10%." in err


def test_on_the_common_field_images_must_be_registered(run, trial):
    status, _, err = run("stats", trial, "--field", "common")
    assert status == 0, "the answers have values all the same"
    assert "missing, and why" in err


def test_a_study_without_reads_or_later_visits_says_what_to_do(run, tmp_path):
    create_study(tmp_path / "unread.h5", trial_of({"S01": {0: None, 12: None}}), user="Ada")
    status, out, err = run("stats", tmp_path / "unread.h5")
    assert (status, out) == (1, "")
    assert "nothing in this study was read yet. First: trichodesk detect" in err
    create_study(tmp_path / "first.h5", trial_of({"S01": {0: 60}}), user="Ada")
    status, out, err = run("stats", tmp_path / "first.h5")
    assert (status, out) == (1, "")
    assert "no visit after the baseline has a value, so there is no change to tell of" in err


def test_too_few_subjects_say_why_and_give_no_number(run, tmp_path):
    create_study(tmp_path / "two.h5", trial_of({"S01": {0: 60, 12: 66}, "S02": {0: 70, 12: 75}}), user="Ada")
    status, out, err = run("stats", tmp_path / "two.h5")
    assert status == 0
    assert re.search(r"primary: follicular units per cm² +2 .*\+5\.5 ", out)
    assert "At least 3 subjects with both values are needed; there are only 2." in err
    assert "paired t" not in out, "a column without any value is left out"


def test_warnings_are_notes_on_standard_error(run, tmp_path):
    create_study(tmp_path / "gap.h5", trial_of({**TRIAL, "S09": {12: 50}}), user="Ada")
    status, out, err = run("stats", tmp_path / "gap.h5")
    assert status == 0
    assert "note: No baseline, and so no change: S09." in err
    assert "S09" not in out
