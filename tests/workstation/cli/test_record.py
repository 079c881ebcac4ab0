import pytest

from tests.workstation.recorded_trial import GROWTH, trial_study
from workstation.session import create_study, open_study
from workstation.storage.reader import read_study

HEADER = "subject,visit,questionnaire"
ITCH = """id = "itch"
title = "Itching"
[scale]
0 = "no"
1 = "yes"
[[items]]
id = "now"
text = "Does it itch?"
"""


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("TRICHODESK_HOME", str(tmp_path / "home"))


@pytest.fixture
def path(tmp_path):
    create_study(tmp_path / "trial.h5", trial_study(), user="Ada")
    return tmp_path / "trial.h5"


@pytest.fixture
def table(tmp_path):
    def table(name, text):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return table


def test_all_at_once_each_finding_what_it_needs(path, table, run):
    status, out, err = run(
        "record", path,
        "--answers", table("a.csv", f"{HEADER},now,dense\nS04,week 4,itch,yes,\nS04,4,hair_growth,,2\n"),
        "--answers", table("b.csv", f"{HEADER},fuller\nS01,0,growth,5\nS01,12,growth,\n"),
        "--events", table("e.csv", "subject,term,severity,relation\nS04,cold,mild,unlikely\n"),
        "--questionnaire", "hair_growth", "--questionnaire", table("itch.toml", ITCH), "--questionnaire", "hair_growth",
        "--visits", table("v.csv", "subject,visit,date\nS04,week 4,2026-05-01\n"),
        "--subjects", table("s.csv", "subject,arm\nS04,serum\nS03,placebo\n"),
    )  # fmt: skip
    assert status == 0, err
    assert out.splitlines() == [
        "1 subject added, 1 changed",
        "1 visit added, 0 changed",
        "questionnaire hair_growth added",
        "questionnaire itch added",
        "questionnaire hair_growth was there already",
        "2 filled-in questionnaires entered, 0 changed",
        "0 filled-in questionnaires entered, 1 changed",
        "1 adverse event added",
    ]
    assert "note: b.csv: line 3 answers nothing and was passed over" in err
    study = read_study(path).study
    assert (study.subjects["S04"].arm, study.subjects["S03"].arm) == ("serum", "placebo")
    assert study.visits[5].week == 4
    assert dict(study.responses[8].answers) == {"now": 1}
    assert dict(study.responses[1].answers) == {"fuller": 5}
    assert study.events[4].term == "cold"
    with open_study(path, "Ada", read_only=True) as session:
        assert session.n_unsaved == 0


def test_the_same_once_more_changes_nothing(path, table, run):
    answers = table("a.csv", f"{HEADER},fuller,pleased\nS02,0,growth,3,3\n")
    events = table("e.csv", "subject,term,severity,relation,serious,start\n"
                   "S03,appendicitis,severe,not related,yes,2026-03-01\n")  # fmt: skip
    before = read_study(path).state
    status, out, _ = run("record", path, "--answers", answers, "--events", events)
    assert status == 0
    assert out.splitlines() == [
        "0 filled-in questionnaires entered, 0 changed, 1 there already", "0 adverse events added, 1 there already",
    ]  # fmt: skip
    assert read_study(path).state == before


def test_nothing_is_done_by_halves(path, table, run):
    before = read_study(path).state
    good = table("a.csv", f"{HEADER},fuller\nS02,4,growth,3\n")
    bad = table("e.csv", "subject,term,severity,relation\nS02,cold,mild,unlikely\nS09,cold,bad,unlikely\n")
    status, out, err = run("record", path, "--questionnaire", "hair_growth", "--answers", good, "--events", bad)
    assert (status, out) == (1, "")
    assert "2 faults in the table of adverse events:" in err
    assert "line 3, column 'severity': 'bad' is none of mild, moderate, severe" in err
    assert "nothing was taken over" in err
    assert read_study(path).state == before
    with open_study(path, "Ada", read_only=True) as session:
        assert session.n_unsaved == 0


def test_as_json(path, table, run_json):
    answers = table("a.csv", f"{HEADER},fuller\nS02,4,growth,3\n")
    assert run_json("record", path, "--answers", answers) == {
        "done": ["1 filled-in questionnaire entered, 0 changed"], "warnings": [],
    }  # fmt: skip


def test_refusals(path, table, run):
    status, _, err = run("record", path)
    assert status == 2
    assert "give at least one of" in err
    status, _, err = run("record", path, "--questionnaire", "hair")
    assert (status, "there is no questionnaire 'hair'" in err) == (1, True)
    other = table("growth.toml", ITCH.replace("itch", GROWTH.id, 1))
    status, _, err = run("record", path, "--questionnaire", other)
    assert status == 1
    assert "'growth' is in the study with other questions and was answered 3 times" in err
    status, _, err = run("record", path, "--answers", "none.csv")
    assert (status, "none.csv: there is no such file" in err) == (1, True)


def test_a_study_that_is_open_elsewhere_is_not_changed(path, run):
    with open_study(path, "Bo"):
        status, _, err = run("record", path, "--questionnaire", "hair_growth")
    assert status == 1
    assert "the study cannot be changed now" in err


def test_answers_that_a_table_takes_out_of_a_form_are_told(path, table, run):
    answers = table("a.csv", f"{HEADER},pleased\nS01,0,growth,3\n")
    status, _, err = run("record", path, "--answers", answers)
    assert status == 0
    assert "note: a.csv: a form is replaced as a whole; answers that the table lacks were taken out of 1 form" in err
