from tests.workstation.recorded_trial import trial_study
from workstation.recording import (
    SCORE_COLUMNS,
    SUBJECT_COLUMNS,
    VISIT_COLUMNS,
    score_rows,
    subject_rows,
    visit_rows,
)

STUDY = trial_study()


def test_subjects():
    rows = subject_rows(STUDY)
    assert rows[0] == {
        "subject": "S01", "sex": "female", "age": 34.5, "grade": "Ludwig I", "arm": "serum", "visits": 2, "images": 1,
        "adverse_events": 0,
    }  # fmt: skip
    assert [(row["subject"], row["age"], row["visits"], row["adverse_events"]) for row in rows[1:]] == [
        ("S02", None, 2, 1), ("S03", None, 0, 1),
    ]  # fmt: skip
    assert list(rows[0]) == [name for name, _, _ in SUBJECT_COLUMNS]


def test_visits():
    rows = visit_rows(STUDY)
    assert rows[1] == {
        "subject": "S01", "visit": "week 12", "week": 12.0, "date": "2026-04-28", "images": 0, "questionnaires": 2,
    }  # fmt: skip
    assert [(row["subject"], row["week"]) for row in rows] == [("S01", 0), ("S01", 12), ("S02", 0), ("S02", 4)]
    assert list(rows[0]) == [name for name, _, _ in VISIT_COLUMNS]


def test_scores():
    rows = score_rows(STUDY)
    assert [(row["visit"], row["questionnaire"], row["n_answered"], row["n_items"], row["score"]) for row in rows] == [
        ("baseline", "growth", 5, 5, 1.6), ("week 12", "growth", 4, 5, 4.0), ("week 12", "would_recommend", 2, 2, 1.0),
        ("baseline", "growth", 2, 5, None),
    ]  # fmt: skip
    assert list(rows[0]) == [name for name, _, _ in SCORE_COLUMNS]
