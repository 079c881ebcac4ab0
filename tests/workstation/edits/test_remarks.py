import pytest

from tests.workstation.small_study import make_hair, make_read, make_study
from workstation import edits
from workstation.edits.remarks import open_remarks, remarks_on, threads
from workstation.errors import EditRefused
from workstation.model.patch import apply

NOW = "2026-03-01T10:00:00Z"


@pytest.fixture
def study():
    reads = [make_read([make_hair(5, 9, [[100, 100], [100, 140]])]), make_read([], id_=2, reader="Bo")]
    study = make_study(reads)
    return apply(study, edits.add_remark(study, 1, "Bo", " Is this a hair? ", hair_id=5, now_utc=NOW))


def test_a_remark_says_who_when_and_of_what(study):
    (remark,) = remarks_on(study, 1)
    assert (remark.id, remark.author, remark.text, remark.hair_id) == (1, "Bo", "Is this a hair?", 5)
    assert (remark.created_utc, remark.answers, remark.done_by) == (NOW, None, "")
    assert remarks_on(study, 2) == ()


def test_what_waits_is_what_nobody_marked_as_done(study):
    study = apply(study, edits.add_remark(study, 1, "Ada", "A vessel; rejected.", answers=1))
    assert [remark.id for remark in open_remarks(study, 1)] == [1]
    study = apply(study, edits.mark_done(study, 1, "Ada", NOW))
    assert open_remarks(study, 1) == ()
    assert (study.remarks[1].done_by, study.remarks[1].done_utc) == ("Ada", NOW)
    with pytest.raises(edits.NothingToDo):
        edits.mark_done(study, 1, "Bo")
    with pytest.raises(EditRefused, match="an answer is not marked as done"):
        edits.mark_done(study, 2, "Bo")
    study = apply(study, edits.reopen_remark(study, 1))
    assert [remark.id for remark in open_remarks(study, 1)] == [1]
    with pytest.raises(edits.NothingToDo):
        edits.reopen_remark(study, 1)


def test_answers_stand_under_the_remark_that_began(study):
    for author, text, answers in (("Ada", "yes", 1), ("Bo", "width, too", None), ("Bo", "sure?", 2)):
        study = apply(study, edits.add_remark(study, 1, author, text, answers=answers))
    found = [(first.id, [answer.id for answer in answers]) for first, answers in threads(remarks_on(study, 1))]
    assert found == [(1, [2, 4]), (3, [])]


def test_a_remark_is_changed_and_taken_back(study):
    study = apply(study, edits.change_remark(study, 1, "Is this one?"))
    assert study.remarks[1].text == "Is this one?"
    with pytest.raises(edits.NothingToDo):
        edits.change_remark(study, 1, "Is this one?")
    answered = apply(study, edits.add_remark(study, 1, "Ada", "No.", answers=1))
    with pytest.raises(EditRefused, match="this remark has answers"):
        edits.take_back_remark(answered, 1)
    assert apply(study, edits.take_back_remark(study, 1)).remarks == {}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"read_id": 7}, "there is no read 7"),
        ({"hair_id": 6}, "this read has no hair 6"),
        ({"answers": 3}, "there is no remark 3"),
        ({"read_id": 2, "answers": 1}, "remark 1 is about another read"),
        ({"text": " \n"}, "the remark is empty"),
        ({"text": "\0"}, "cannot be stored"),
    ],
)
def test_what_is_no_remark_is_refused(study, arguments, problem):
    with pytest.raises(EditRefused, match=problem):
        edits.add_remark(study, **{"read_id": 1, "author": "Bo", "text": "so", **arguments})
