from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.edits.studying import NoJournal, changed, undone_and_redone
from tests.workstation.recorded_trial import trial_study
from tests.workstation.small_study import make_image
from workstation import edits
from workstation.document import Document
from workstation.edits import NothingToDo
from workstation.errors import EditRefused
from workstation.model.study import Subject, Visit

STUDY = trial_study()
NAN = float("nan")


def test_a_subject_is_added_without_blanks_around():
    after = changed(STUDY, edits.add_subject(STUDY, Subject(" S04 ", "female ", 40, " Ludwig II", " serum")))
    assert after.subjects["S04"] == Subject("S04", "female", 40.0, "Ludwig II", "serum")
    assert type(after.subjects["S04"].age) is float
    assert not edits.add_subject(STUDY, Subject("S05")).undoable


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        (Subject("S01"), "there is a subject 'S01' already"),
        (Subject("s01"), "there is a subject 'S01' already"),
        (Subject("  "), "a subject needs a code"),
        (Subject("S\n4"), "the code has a character that cannot be printed"),
        (Subject("S04", "f\0"), "the sex has a character that cannot be printed"),
        (Subject("S04", grade="\ud800"), "the grade has a character that cannot be printed"),
        (Subject("S04", arm="a" * 201), "the arm is longer than 200 characters"),
        (Subject("S04", age=121.0), "121 is not an age in years"),
        (Subject("S04", age=-1.0), "-1 is not an age in years"),
        (Subject("S04", age=NAN), "nan is not an age in years"),
    ],
)
def test_a_subject_that_cannot_be_is_refused(subject, said):
    with pytest.raises(EditRefused, match=said):
        edits.add_subject(STUDY, subject)


def test_a_subject_is_described_anew_and_that_is_undone():
    patch = edits.change_subject(STUDY, Subject("S02", "", 51.5, "Norwood IV", "serum"))
    assert changed(STUDY, patch).subjects["S02"] == Subject("S02", "", 51.5, "Norwood IV", "serum")
    document = Document(STUDY, NoJournal(), "Ada")
    document.apply(patch)
    assert document.undo_text == "change subject"
    assert undone_and_redone(document).subjects == STUDY.subjects


def test_changes_of_a_subject_are_refused():
    with pytest.raises(EditRefused, match="there is no subject 'S09'"):
        edits.change_subject(STUDY, Subject("S09"))
    with pytest.raises(EditRefused, match="130 is not an age"):
        edits.change_subject(STUDY, Subject("S01", age=130))
    with pytest.raises(NothingToDo):
        edits.change_subject(STUDY, STUDY.subjects["S01"])


def test_a_subject_goes_only_when_nothing_rests_on_it():
    with pytest.raises(EditRefused, match="subject 'S01' has 2 visits"):
        edits.remove_subject(STUDY, "S01")
    with pytest.raises(EditRefused, match=r"subject 'S03' has 1 adverse event.*Remove the adverse events first"):
        edits.remove_subject(STUDY, "S03")
    with pytest.raises(EditRefused, match="there is no subject 'S09'"):
        edits.remove_subject(STUDY, "S09")
    bare = replace(STUDY, events=MappingProxyType({}))
    assert list(changed(bare, edits.remove_subject(bare, "S03")).subjects) == ["S01", "S02"]


def test_a_removed_subject_comes_back_by_undo_and_goes_by_redo():
    document = Document(replace(STUDY, events=MappingProxyType({})), NoJournal(), "Ada")
    before = document.study
    document.apply(edits.change_subject(before, replace(before.subjects["S03"], age=20.0)))
    document.apply(edits.remove_subject(document.study, "S03"))
    document.undo()
    assert document.study.subjects["S03"].age == 20
    assert (document.undo_text, document.redo_text) == ("change subject", "remove subject")
    document.undo()
    assert document.study.subjects["S03"].age is None
    document.redo()
    document.redo()
    assert "S03" not in document.study.subjects


def test_an_undone_removal_is_not_redone_once_a_visit_rests_on_the_subject():
    document = Document(replace(STUDY, events=MappingProxyType({})), NoJournal(), "Ada")
    document.apply(edits.remove_subject(document.study, "S03"))
    document.undo()
    document.apply(edits.add_visit(document.study, Visit(0, "S03", "baseline", 0.0)))
    assert document.redo_text == "remove subject"  # to add a visit ends nothing, for it is not undone itself
    with pytest.raises(EditRefused, match="subject 'S03' has visits, so this can no longer be redone"):
        document.redo()
    assert "S03" in document.study.subjects


def test_an_undone_removal_of_a_visit_is_not_redone_once_it_has_an_image():
    document = Document(STUDY, NoJournal(), "Ada")
    document.apply(edits.remove_visit(document.study, 4))
    document.undo()
    grown = replace(document.study, images=MappingProxyType({**document.study.images, 2: make_image(2, 4)}))
    document.apply(edits.add_to_study(document.study, grown))
    with pytest.raises(EditRefused, match="visit 4 has images, so this can no longer be redone"):
        document.redo()
