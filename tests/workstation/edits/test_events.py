from dataclasses import replace

import pytest

from tests.workstation.edits.studying import NoJournal, changed, undone_and_redone
from tests.workstation.recorded_trial import HOSPITAL, ITCHING, trial_study
from workstation import edits
from workstation.document import Document
from workstation.edits import NothingToDo
from workstation.errors import EditRefused
from workstation.model.patch import Kind
from workstation.model.trial import AdverseEvent, Relation, Severity

STUDY = trial_study()
RASH = AdverseEvent(0, "S01", " rash ", Severity.MILD, Relation.PROBABLE, start_date=" 2026-03-02 ", comment=" x\ny ")


def test_an_event_is_recorded_and_that_is_undone():
    patch = edits.add_event(STUDY, RASH)
    assert edits.new_ids(patch, Kind.EVENT) == {4}
    document = Document(STUDY, NoJournal(), "Ada")
    document.apply(patch)
    assert document.study.events[4] == AdverseEvent(
        4, "S01", "rash", Severity.MILD, Relation.PROBABLE, start_date="2026-03-02", comment="x\ny"
    )
    assert document.undo_text == "add adverse event"
    assert undone_and_redone(document).events == STUDY.events


def test_many_events_are_one_edit():
    patch = edits.add_events(STUDY, [RASH, replace(HOSPITAL, id=2)])
    assert (patch.operation, list(changed(STUDY, patch).events)) == ("add adverse events", [2, 3, 4, 5])
    with pytest.raises(NothingToDo):
        edits.add_events(STUDY, [])


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"subject": "S09"}, "there is no subject 'S09'"),
        ({"term": " "}, "an adverse event needs a term"),
        ({"term": "a\nb"}, "the term has a character that cannot be printed"),
        ({"comment": "\0"}, "the comment has a character that cannot be stored"),
        ({"start_date": "2.3.2026"}, "'2.3.2026' is not a date"),
        ({"end_date": "2026-13-01"}, "'2026-13-01' is not a date"),
        ({"end_date": "2026-03-01"}, "the event ends on 2026-03-01, before it starts on 2026-03-02"),
    ],
)
def test_an_event_that_cannot_be_is_refused(parts, said):
    with pytest.raises(EditRefused, match=said):
        edits.add_event(STUDY, replace(RASH, **parts))
    with pytest.raises(EditRefused, match=said):
        edits.change_event(STUDY, replace(RASH, id=2, **parts))


def test_an_event_may_end_on_the_day_it_starts_or_have_an_end_alone():
    assert edits.add_event(STUDY, replace(RASH, end_date="2026-03-02")).changes
    assert edits.add_event(STUDY, replace(RASH, start_date="", end_date="2026-03-02")).changes


def test_an_event_is_corrected_and_taken_out():
    after = changed(STUDY, edits.change_event(STUDY, replace(ITCHING, severity=Severity.MILD, serious=True)))
    assert (after.events[2].severity, after.events[2].serious) == (Severity.MILD, True)
    assert list(changed(STUDY, edits.remove_event(STUDY, 2)).events) == [3]
    with pytest.raises(NothingToDo):
        edits.change_event(STUDY, ITCHING)
    for edit in (edits.change_event, lambda study, event: edits.remove_event(study, event.id)):
        with pytest.raises(EditRefused, match="there is no adverse event 9"):
            edit(STUDY, replace(ITCHING, id=9))
