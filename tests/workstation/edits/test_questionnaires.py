from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.edits.studying import NoJournal, changed, undone_and_redone
from tests.workstation.recorded_trial import GROWTH, PLAN, WOULD, trial_study
from workstation import edits
from workstation.document import Document
from workstation.edits import GivenAnswers, NothingToDo
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch, apply

STUDY = trial_study()
EMPTY = MappingProxyType({})
ITCH = replace(WOULD, id="itch", title="Itching")


def test_a_questionnaire_is_added_and_that_is_undone():
    document = Document(STUDY, NoJournal(), "Ada")
    document.apply(edits.add_questionnaire(STUDY, ITCH))
    assert document.study.questionnaires["itch"] == ITCH
    assert undone_and_redone(document).questionnaires == STUDY.questionnaires


def test_one_that_was_not_answered_is_replaced():
    study = trial_study(responses=EMPTY)
    better = replace(GROWTH, intro="Please think of the last month.")
    patch = edits.add_questionnaire(study, better)
    assert patch.operation == "replace questionnaire"
    assert changed(study, patch).questionnaires["growth"] == better


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (replace(GROWTH, intro="?"), "'growth' is in the study with other questions and was answered 3 times"),
        (replace(WOULD, title="?"), "'would_recommend' is in the study with other questions and was answered once"),
        (replace(ITCH, id="Growth"), "there is a questionnaire 'growth' already"),
        (replace(ITCH, scale=()), "the scale of the questionnaire 'itch' has 0 answers instead of 2 to 201"),
    ],
)
def test_a_questionnaire_that_cannot_be_is_refused(one, said):
    with pytest.raises(EditRefused, match=said):
        edits.add_questionnaire(STUDY, one)


def test_the_same_questionnaire_is_nothing_new():
    with pytest.raises(NothingToDo):
        edits.add_questionnaire(STUDY, GROWTH)


def test_a_questionnaire_goes_only_when_nothing_rests_on_it():
    with pytest.raises(EditRefused, match=r"'growth' was answered 3 times\. Remove the answers first"):
        edits.remove_questionnaire(STUDY, "growth")
    with pytest.raises(EditRefused, match="has no questionnaire 'itch'"):
        edits.remove_questionnaire(STUDY, "itch")
    bare = trial_study(responses=EMPTY)
    assert list(changed(bare, edits.remove_questionnaire(bare, "growth")).questionnaires) == ["would_recommend"]
    primary = trial_study(responses=EMPTY, plan=replace(PLAN, primary_endpoint="questionnaire_growth"))
    with pytest.raises(EditRefused, match="the score of 'growth' is the primary endpoint"):
        edits.remove_questionnaire(primary, "growth")


def test_a_questionnaire_that_another_answered_is_not_undone():
    document = Document(STUDY, NoJournal(), "Ada")
    document.apply(edits.add_questionnaire(STUDY, ITCH))
    answered = edits.answer(document.study, 4, "itch", {"friend": 1})
    document._study = apply(document.study, answered)  # as it is when it is opened after another reader's edit
    with pytest.raises(EditRefused, match="the questionnaire 'itch' has answers, so this can no longer be undone"):
        document.undo()


def test_answers_are_entered_changed_and_taken_away():
    first = edits.answer(STUDY, 4, "growth", {"shedding": 5, "fuller": 1})
    assert (first.operation, edits.new_ids(first, Kind.RESPONSE)) == ("enter answers", {8})
    study = changed(STUDY, first)
    assert dict(study.responses[8].answers) == {"fuller": 1, "shedding": 5}
    assert (study.responses[8].visit_id, study.responses[8].questionnaire_id) == (4, "growth")
    second = edits.answer(study, 4, "growth", {"fuller": 2})
    assert second.operation == "change answers"
    assert dict(changed(study, second).responses[8].answers) == {"fuller": 2}
    third = edits.answer(study, 4, "growth", {})
    assert third.operation == "remove answers"
    assert 8 not in changed(study, third).responses


def test_the_same_answers_are_nothing_new():
    with pytest.raises(NothingToDo):
        edits.answer(STUDY, 3, "growth", {"pleased": 3, "fuller": 3})
    with pytest.raises(NothingToDo):
        edits.answer(STUDY, 4, "growth", {})


REFUSED = [
    ((9, "growth", {"fuller": 1}), "there is no visit 9"),
    ((4, "itch", {"fuller": 1}), "has no questionnaire 'itch'"),
    ((4, "growth", {"nose": 1}), "'growth' has no item 'nose'"),
    ((4, "growth", {"fuller": 6}), "6 is no answer to 'fuller' of 'growth'. Answers go from 1 to 5"),
    ((4, "growth", {"fuller": 2.5}), "2.5 is no answer"),
    ((4, "growth", {"fuller": float("nan")}), "nan is no answer"),
    ((4, "growth", {"fuller": True}), "True is no answer"),
]


@pytest.mark.parametrize(("given", "said"), REFUSED)
def test_answers_that_cannot_be_are_refused(given, said):
    with pytest.raises(EditRefused, match=said):
        edits.answer(STUDY, *given)


def test_many_answers_are_one_edit():
    patch = edits.enter_answers(
        STUDY,
        [
            GivenAnswers(4, "growth", {"fuller": 1}),
            GivenAnswers(3, "growth", {"fuller": 3, "pleased": 3}),
            GivenAnswers(2, "would_recommend", {"friend": -1}),
            GivenAnswers(4, "would_recommend", {"friend": 0}),
        ],
    )
    assert [change.id for change in patch.changes] == [8, 7, 9]
    document = Document(STUDY, NoJournal(), "Ada")
    document.apply(patch)
    assert dict(document.study.responses[7].answers) == {"friend": -1}
    assert undone_and_redone(document).responses == STUDY.responses


def test_the_later_of_two_answers_to_the_same_stands():
    given = [GivenAnswers(4, "growth", {"fuller": n}) for n in (1, 2)]
    assert dict(changed(STUDY, edits.enter_answers(STUDY, given)).responses[8].answers) == {"fuller": 2}


def test_a_patch_with_answers_twice_is_refused():
    document = Document(STUDY, NoJournal(), "Ada")
    twice = replace(STUDY.responses[1], id=9)
    with pytest.raises(EditRefused, match="the questionnaire 'growth' was answered 2 times at visit 1"):
        document.apply(Patch("x", None, (Change(Kind.RESPONSE, 9, None, twice),)))
