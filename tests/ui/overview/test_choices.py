import pytest

from ui.overview.choices import ALL, CHOICES, chosen_rows
from workstation.trial.overview import overview


@pytest.fixture
def found(trial_session):
    def find(text="", choice="All visits"):
        wanted = next(each for each in CHOICES if each.text == choice)
        return [row.subject.id for row in chosen_rows(overview(trial_session.study).rows, text, wanted)]

    return find


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["S1", "S2", "S10"]),
        ("male", ["S2", "S10"]),
        ("norwood iii", ["S2"]),
        ("34", ["S1"]),
        ("ludwig female", ["S1"]),
        ("s1", ["S1", "S10"]),
        ("nobody", []),
    ],
)
def test_words_of_a_subject_are_looked_for(found, text, codes):
    assert found(text) == codes


@pytest.mark.parametrize(
    ("choice", "codes"),
    [
        ("Missed", ["S2"]),
        ("Early or late", ["S1"]),
        ("With a warning", ["S1"]),
        ("No image", ["S2"]),
        ("Not detected", ["S1", "S10"]),
        ("Detected", []),
        ("In review", ["S1"]),
        ("Submitted or further", ["S1", "S2"]),
    ],
)
def test_kinds_of_visits_are_looked_for(found, choice, codes):
    assert found(choice=choice) == codes


def test_words_and_kinds_go_together(found):
    assert found("female", "Submitted or further") == ["S1"]
    assert CHOICES[0] is ALL
