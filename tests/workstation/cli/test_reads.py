"""`queue`, `read` and `reading`: the way of a read by the command line, each user in turn."""

import pytest

from tests.workstation.trial_study import trial_of
from workstation.model.read import ReadState
from workstation.model.reading import ReadingRules, ReasonFor
from workstation.model.trial import TrialPlan
from workstation.session import create_study
from workstation.settings import load_settings, save_settings
from workstation.storage.reader import read_study


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("TRICHODESK_HOME", str(tmp_path / "home"))


@pytest.fixture
def become():
    def become(name):
        save_settings(load_settings().changed(reader=name))

    return become


@pytest.fixture
def path(tmp_path, become):
    """Ada's reads 101 and 102, of a subject's two visits."""
    create_study(tmp_path / "trial.h5", trial_of({"S01": {0: 10, 12: 12}}, plan=TrialPlan()), user="Ada")
    become("Ada")
    return tmp_path / "trial.h5"


def state(path, read_id=101):
    return read_study(path).study.reads[read_id].review.state


def test_a_read_is_handed_on_by_its_reader_and_decided_by_another(path, run, run_json, become):
    assert run("queue", path)[1] == "No read waits for a decision.\n"
    status, out, err = run("read", path, 101, 102, "--submit")
    assert (status, err) == (0, "")
    assert out.count("submitted") == 3  # the column and both reads
    status, _, err = run("read", path, 101, "--accept")
    assert status == 1
    assert "read 101: nobody decides on a read of their own. Have somebody else look through it." in err
    become("Bo")
    rows = run_json("queue", path)
    assert [row["read_id"] for row in rows] == [102, 101]
    assert list(rows[0])[:4] == ["image", "read_id", "reader", "read_state"]
    assert rows[0]["score"] == pytest.approx(
        rows[0]["doubt_percent"] * rows[0]["effect_per_cm2_per_percent"] * rows[0]["disagreement"], rel=1e-3
    )
    assert run("read", path, 101, "--accept")[0] == 0
    assert run("read", path, 102, "--return", "two hairs are missing at the rim")[0] == 0
    assert (state(path), state(path, 102)) == (ReadState.ACCEPTED, ReadState.RETURNED)
    assert read_study(path).study.remarks[1].text == "two hairs are missing at the rim"
    assert [row["read_state"] for row in run_json("read", path)] == ["accepted", "returned"]


def test_what_was_done_before_a_refusal_is_kept(path, run, become):
    run("read", path, 101, "--submit")
    become("Bo")
    status, _, err = run("read", path, 101, 102, "--accept")
    assert status == 1
    assert "read 102: the read is in review, so it cannot be accepted. Ada submits it first." in err
    assert state(path) is ReadState.ACCEPTED


def test_a_submitted_read_is_withdrawn_with_a_reason_where_one_is_asked_for(path, run, become):
    assert run("reading", path, "--reasons", "after submission", "--adjudicate-above", 15)[0] == 0
    assert read_study(path).study.reading == ReadingRules(15.0, ReasonFor.AFTER_SUBMISSION)
    run("read", path, 101, "--submit")
    status, _, err = run("read", path, 101, "--withdraw")
    assert (status, "a reason is needed: withdraw. Say why." in err) == (1, True)
    assert run("read", path, 101, "--withdraw", "--reason", "I forgot the rim")[0] == 0
    assert read_study(path).audit_rows[-1].reason == "I forgot the rim"
    assert state(path) is ReadState.IN_REVIEW
    status, _, err = run("plan", path, "--title", "Serum")
    assert (status, "a reason is needed: set plan" in err) == (1, True)
    assert run("plan", path, "--title", "Serum", "--reason", "it was left out")[0] == 0


def test_reading_rules_are_printed(path, run, run_json):
    assert run("reading", path)[1].splitlines() == [
        "a third read where counts differ by more than: 10 %",
        "a reason is asked for: never",
    ]
    assert run_json("reading", path) == {"adjudicate_above_percent": 10.0, "reasons": "never"}


@pytest.mark.parametrize("arguments", [("101", "--submit", "--accept"), ("--submit",)])
def test_wrong_usage_is_told(path, run, arguments):
    assert run("read", path, *arguments)[0] == 2


def test_an_unknown_read_is_told(path, run):
    status, _, err = run("read", path, 7, "--submit")
    assert (status, "there is no read 7. Without ids the command lists the reads." in err) == (1, True)
