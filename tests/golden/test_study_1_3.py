"""The study file of format 1.3 that was kept when the format was made: it must load for ever."""

import math
from pathlib import Path

import h5py
import pytest

from tests.golden.make_study_1_3 import GROWTH, IMAGE, WOULD
from workstation.model.study import Subject, Visit
from workstation.model.trial import AdverseEvent, PlannedVisit, Relation, Scoring, Severity, TrialPlan
from workstation.session import open_study
from workstation.storage.reader import read_image_file, read_study
from workstation.storage.verify import verify

GOLDEN = Path(__file__).with_name("study-1.3.h5")


def test_its_plan():
    assert read_study(GOLDEN).study.plan == TrialPlan(
        title="Serum, 12 weeks",
        visits=(PlannedVisit(0.0, 0, 0), PlannedVisit(4.5, 3, 3), PlannedVisit(12.0, 2, 7)),
        primary_endpoint="questionnaire_growth",
        primary_week=12.0,
        control_arm="placebo",
        control_site="",
        named_utc="2026-02-01T08:00:00Z",
    )


def test_its_subjects_and_visits():
    study = read_study(GOLDEN).study
    assert list(study.subjects.values()) == [
        Subject("S01", "female", 34.5, "Ludwig I", "serum"), Subject("S02", "male", None, "", "placebo"),
        Subject("S03"),
    ]  # fmt: skip
    assert list(study.visits.values()) == [
        Visit(1, "S01", "baseline", 0.0, "2026-02-03"), Visit(2, "S01", "week 12", 12.0, ""),
        Visit(3, "S02", "baseline", 0.0, "2026-02-04"), Visit(4, "S02", "week 4", 4.5, "2026-03-09"),
    ]  # fmt: skip


def test_its_questionnaires():
    growth, would = read_study(GOLDEN).study.questionnaires.values()
    assert (growth, would) == (GROWTH, WOULD)
    assert (growth.title, growth.intro) == ("Haarwuchs – 毛", 'Think of the last two weeks;\n"honestly".')
    assert [(item.id, item.reverse) for item in growth.items] == [
        ("fuller", False), ("shed-ding", True), ("new", False)
    ]  # fmt: skip
    assert growth.scale == ((1, "not at all"), (2, ""), (3, "somewhat"), (5, "very much"))
    assert (growth.scoring, growth.min_answered, growth.positive_from) == (Scoring.MEAN, 0.625, None)
    assert (would.scoring, would.higher_is_better, would.positive_from) == (Scoring.SUM, False, -1.5)


def test_its_answers_and_events():
    study = read_study(GOLDEN).study
    found = [(r.id, r.visit_id, r.questionnaire_id, dict(r.answers)) for r in study.responses.values()]
    assert found == [
        (1, 1, "growth", {"fuller": 1, "shed-ding": 5, "new": 2}),
        (2, 3, "growth", {"fuller": 2, "shed-ding": 3}),
        (3, 2, "growth", {"fuller": 5, "shed-ding": 1, "new": 3}),
        (4, 2, "would", {"friend": -1, "again": -1}),
    ]
    assert list(study.events.values()) == [
        AdverseEvent(
            1, "S02", "rash, é", Severity.MILD, Relation.PROBABLE, False, "2026-02-10", "2026-02-12", 'a\n"b"'
        ),
        AdverseEvent(2, "S01", "fall", Severity.SEVERE, Relation.NOT_RELATED, True, "2026-02-10", "", 'a\n"b"'),
    ]


def test_its_scores_are_there_for_others():
    with h5py.File(GOLDEN) as file:
        table = {name: column[:].tolist() for name, column in file["scores"].items()}
    assert table["score"] == pytest.approx([4 / 3, 2.5, 13 / 3, -2])
    assert table["n_answered"] == [3, 2, 3, 2]
    assert table["subject"] == [b"S01", b"S02", b"S01", b"S01"]
    assert not any(map(math.isnan, table["week"]))


def test_its_history_can_be_undone(path):
    rows = read_study(path).audit_rows
    assert [row.target for row in rows][:8] == [
        "subject S01", "subject S02", "subject S03", "visit 3", "visit 4", "visit 5", "visit 4", "questionnaire growth",
    ]  # fmt: skip
    with open_study(path, "Zoë") as session:
        assert (session.read_only_because, session.recovered.notices) == (None, ())
        assert session.document.redo_text == "remove subject"
        undone = []
        while session.document.can_undo:
            undone.append(session.document.undo_text)
            session.document.undo()
        assert undone == [
            "remove visit", "change adverse event", "add adverse event", "add adverse event", "enter answers",
            "remove answers", "change answers", "enter answers", "set plan", "add questionnaire", "add questionnaire",
            "change visit", "change subject",
        ]  # fmt: skip
        study = session.study
        assert (study.plan, study.questionnaires, study.responses, study.events) == (TrialPlan(), {}, {}, {})
        assert study.subjects["S01"] == Subject("S01")
        assert list(study.visits) == [1, 2, 3, 4, 5]
        assert list(study.subjects) == ["S01", "S02", "S03"]  # what was added is taken out by edits of its own
        session.save()
    assert read_study(path).state.revision == 33
    assert read_image_file(path, 1) == IMAGE


def test_it_verifies(path):
    assert [f for f in verify(path) if not f.holds] == []
