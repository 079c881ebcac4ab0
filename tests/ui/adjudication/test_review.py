from dataclasses import replace

import pytest

from tests.ui.adjudication.conftest import ADJUDICATOR
from ui.adjudication.review import AdjudicationReview
from ui.adjudication.wording import target_whence
from ui.keys import Context
from ui.pointing import Target, TargetKind
from ui.workspace import Workspace
from workstation.adjudication.difference import DifferenceKind
from workstation.adjudication.provenance import From, origin_of
from workstation.model.read import ReadState
from workstation.model.settlement import Choice
from workstation.session import open_study
from workstation.settings import Settings

ALL = {DifferenceKind.ONLY_FIRST, DifferenceKind.ONLY_SECOND, DifferenceKind.WIDTH, DifferenceKind.UNITS}


@pytest.fixture
def told(workspace):
    heard = []
    workspace.told.connect(lambda message: heard.append(message.text))
    return heard


def go_to(review, kind):
    review.show(next(d for d in review.adjudication.differences if d.kind is kind))


def third(workspace):
    found = [read for read in workspace.study.reads.values() if read.adjudicates is not None]
    return found[0] if found else None


def test_both_are_looked_at_before_a_third_is_begun(review, workspace):
    assert review.on
    assert workspace.reviewing is Context.ADJUDICATION
    assert {d.kind for d in review.adjudication.open} == ALL
    assert review.names == ("Ada", "Bo")
    assert third(workspace) is None
    assert workspace.read(1).id == 1


def test_next_goes_through_all_and_round(review, workspace):
    revealed = []
    workspace.reveal_asked.connect(revealed.append)
    seen = []
    for _ in range(5):
        assert review.next()
        seen.append(review.current)
    assert len(set(seen[:4])) == 4
    assert seen[4] == seen[0]
    assert len(revealed) == 5
    review.previous()
    assert review.current == seen[3]


def test_the_first_choice_begins_the_third_read_and_goes_on(review, workspace):
    go_to(review, DifferenceKind.ONLY_FIRST)
    before = review.current
    review.choose(Choice.FIRST)
    read = third(workspace)
    assert (read.reader, read.adjudicates, len(read.hairs)) == (ADJUDICATOR, (1, 2), 4)
    assert workspace.read(1).id == read.id
    assert review.current not in (None, before)
    assert review.adjudication.n_left == 3


def test_a_choice_is_taken_back_and_shown(review, workspace):
    go_to(review, DifferenceKind.WIDTH)
    width = review.current
    review.choose(Choice.SECOND)
    assert review.current != width
    workspace.undo()
    assert review.current == width
    assert review.adjudication.n_left == 4
    workspace.redo()
    assert review.settlement.choice is Choice.SECOND
    review.reopen()
    assert review.settlement is None


def test_by_hand_takes_a_tool_and_next_goes_on(review, workspace):
    go_to(review, DifferenceKind.WIDTH)
    review.edit()
    assert review.settlement.choice is Choice.EDITED
    assert workspace.tool == "vertices"
    assert workspace.selection.hair_ids == set(review.settlement.result_ids)
    assert review.by_hand
    review.next()
    assert workspace.tool == "select"
    go_to(review, DifferenceKind.UNITS)
    review.edit()
    assert workspace.tool == "units"
    assert workspace.selection.unit_ids == set(review.settlement.result_ids)


def test_units_are_not_settled_as_both(review, told, workspace):
    go_to(review, DifferenceKind.UNITS)
    review.choose(Choice.BOTH)
    assert "Units are grouped as one of the two reads says" in told[-1]
    assert review.adjudication.n_left == 4


def test_some_kinds_alone(review, told):
    review.choose_kinds([DifferenceKind.WIDTH])
    review.next()
    review.choose(Choice.FIRST)
    assert told[-1] == "No difference of those chosen is left to settle in this image."
    assert review.adjudication.n_left == 3


def test_it_is_submitted_only_when_nothing_is_left(review, workspace, told):
    review.submit()
    assert "no third read yet" in told[-1]
    for kind in (DifferenceKind.ONLY_FIRST, DifferenceKind.ONLY_SECOND, DifferenceKind.WIDTH):
        go_to(review, kind)
        review.choose(Choice.FIRST)
    review.submit()
    assert told[-1] == "1 difference is not settled yet. Settle what is left: N goes to the next one."
    review.next()
    review.choose(Choice.SECOND)
    review.submit()
    read = third(workspace)
    assert read.review.state is ReadState.SUBMITTED
    assert workspace.study.read_in_use(1).id == read.id
    assert not review.can_settle


def test_it_goes_on_where_it_was_left(review, workspace):
    go_to(review, DifferenceKind.WIDTH)
    review.choose(Choice.FIRST)
    review.set_on(False)
    assert workspace.read(1).id != third(workspace).id
    review.set_on(True)
    assert workspace.read(1).id == third(workspace).id
    assert review.adjudication.n_left == 3


def test_where_a_hair_comes_from_is_said(review, workspace):
    go_to(review, DifferenceKind.ONLY_SECOND)
    review.choose(Choice.SECOND)
    read = third(workspace)
    said = {origin_of(read, i).source: target_whence(workspace, Target(1, TargetKind.HAIR, i)) for i in read.hairs}
    assert said == {From.AGREED: "both readers have it", From.SECOND: "from Bo"}
    review.set_blinded(True)
    (taken,) = (i for i in read.hairs if origin_of(read, i).source is From.SECOND)
    assert target_whence(workspace, Target(1, TargetKind.HAIR, taken)) == "from reader 2"


def test_hidden_names_begin_the_third_read(review, workspace):
    review.set_blinded(True)
    assert review.names == ("reader 1", "reader 2")
    assert workspace.read(1).reader == ADJUDICATOR
    assert review.adjudication.n_left == 4


def test_a_reader_looks_but_does_not_settle(study_path, qapp, told):
    with open_study(study_path, "Ada") as session:
        workspace = Workspace(Settings(reader="Ada"))
        workspace.set_session(session, (1,))
        review = AdjudicationReview(workspace)
        review.set_on(True)
        heard = []
        workspace.told.connect(lambda message: heard.append(message.text))
        assert not review.can_settle
        review.next()
        review.choose(Choice.FIRST)
        assert heard[-1].startswith("One of the two reads is your own")
        assert third(workspace) is None


def test_whoever_still_reads_does_not_see_how_others_read(workspace, told):
    review = AdjudicationReview(workspace)
    workspace.session.document.current_reader_read(1)
    review.set_on(True)
    assert not review.on
    assert told[-1].startswith("Submit your own read of this image first")


def test_an_image_with_one_read_has_nothing_to_settle(workspace, told, session):
    study = session.study
    review = AdjudicationReview(workspace)
    only = replace(study, reads={1: study.reads[1]})
    session.document._study = only
    review.set_on(True)
    assert told == ["This image has no finished reads of two readers."]
