from dataclasses import replace

import pytest

from tests.workstation.edits.studying import NoJournal, changed, undone_and_redone
from tests.workstation.recorded_trial import trial_study
from workstation import edits
from workstation.document import Document
from workstation.edits import NothingToDo
from workstation.errors import EditRefused
from workstation.model.patch import Kind
from workstation.model.study import Visit

STUDY = trial_study()


def test_a_visit_without_an_image_is_added():
    patch = edits.add_visit(STUDY, Visit(0, "S03", " week 4 ", 4, "2026-03-31"))
    assert edits.new_ids(patch, Kind.VISIT) == {5}
    visit = changed(STUDY, patch).visits[5]
    assert visit == Visit(5, "S03", "week 4", 4.0, "2026-03-31")
    assert type(visit.week) is float
    unplanned = edits.add_visit(STUDY, Visit(0, "S01", "because of itching"))
    assert changed(STUDY, unplanned).visits[5].week is None


REFUSED = [
    (Visit(0, "S09", "baseline"), "there is no subject 'S09'"),
    (Visit(0, "S01", " "), "a visit needs a name"),
    (Visit(0, "S01", "baseline"), "subject 'S01' has a visit 'baseline' already"),
    (Visit(0, "S01", "again", 12), "subject 'S01' has a visit of week 12 already, 'week 12'"),
    (Visit(0, "S01", "later", 2001), "2001 is not a number of weeks"),
    (Visit(0, "S01", "later", float("nan")), "nan is not a number of weeks"),
    (Visit(0, "S01", "later", 16, "31.3.2026"), "'31.3.2026' is not a date.*year-month-day"),
    (Visit(0, "S01", "later", 16, "2026-02-30"), "'2026-02-30' is not a date"),
    (Visit(0, "S01", "a\tb"), "the visit's name has a character that cannot be printed"),
]


@pytest.mark.parametrize(("visit", "said"), REFUSED)
def test_a_visit_that_cannot_be_is_refused(visit, said):
    with pytest.raises(EditRefused, match=said):
        edits.add_visit(STUDY, visit)
    if visit.subject in STUDY.subjects:
        with pytest.raises(EditRefused, match=said):
            edits.change_visit(STUDY, replace(visit, id=2) if visit.week != 12 else replace(STUDY.visits[1], week=12.0))


def test_a_visit_is_changed_and_that_is_undone():
    document = Document(STUDY, NoJournal(), "Ada")
    document.apply(edits.change_visit(STUDY, Visit(2, "S01", "end of trial", 13, "2026-05-02")))
    assert document.study.visits[2] == Visit(2, "S01", "end of trial", 13.0, "2026-05-02")
    assert undone_and_redone(document).visits == STUDY.visits


def test_changes_of_a_visit_are_refused():
    with pytest.raises(EditRefused, match="there is no visit 9"):
        edits.change_visit(STUDY, Visit(9, "S01", "x"))
    with pytest.raises(EditRefused, match="a visit stays with its subject, 'S01'"):
        edits.change_visit(STUDY, replace(STUDY.visits[2], subject="S02"))
    with pytest.raises(NothingToDo):
        edits.change_visit(STUDY, STUDY.visits[2])


def test_two_visits_of_a_week_that_are_there_may_be_renamed():
    twice = changed(STUDY, edits.change_visit(STUDY, replace(STUDY.visits[2], week=None)))
    visits = {**twice.visits, 2: replace(twice.visits[2], week=0.0)}
    found = edits.change_visit(replace(twice, visits=visits), replace(visits[2], name="baseline, again"))
    assert found.changes[0].after.week == 0


def test_a_visit_goes_only_when_nothing_rests_on_it():
    with pytest.raises(EditRefused, match="'baseline' of subject 'S01' has 1 image, and images are kept for ever"):
        edits.remove_visit(STUDY, 1)
    with pytest.raises(EditRefused, match="'week 12' of subject 'S01' has answers to questionnaires"):
        edits.remove_visit(STUDY, 2)
    with pytest.raises(EditRefused, match="there is no visit 9"):
        edits.remove_visit(STUDY, 9)
    assert list(changed(STUDY, edits.remove_visit(STUDY, 4)).visits) == [1, 2, 3]


def test_a_removed_visit_comes_back():
    document = Document(STUDY, NoJournal(), "Ada")
    document.apply(edits.remove_visit(STUDY, 4))
    assert undone_and_redone(document).visits == STUDY.visits
