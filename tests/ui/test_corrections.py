from dataclasses import replace

import pytest

from ui.browsing import reading_order
from ui.corrections import CORRECTIONS, comment, set_width_um
from ui.keys import BY_ID
from workstation.edits import set_calibration
from workstation.entry import Selection
from workstation.model.hair import Status
from workstation.model.patch import Change, Kind, Patch
from workstation.model.read import ReadState

OWN = 3
"""Ada's read of image 1: hairs 1 and 2 in unit 11, 3 in unit 12, 4 in none; hair 3 is doubtful."""


@pytest.fixture
def told(workspace):
    messages = []
    workspace.told.connect(lambda message: messages.append(message.text))
    return messages


@pytest.fixture
def do(workspace):
    def do(command_id, *hair_ids, units=()):
        if hair_ids or units:
            workspace.select(Selection(OWN, frozenset(hair_ids), frozenset(units)))
        CORRECTIONS[command_id](workspace)
        return workspace.read(1)

    return do


def hairs(read, name):
    return {hair.id: getattr(hair, name) for hair in read.hairs.values()}


def test_every_correction_is_a_command():
    assert set(CORRECTIONS) <= set(BY_ID)


CHECKS = [
    ("hairs.accept", (1, 2), lambda r: hairs(r, "status")[1] is hairs(r, "status")[2] is Status.ACCEPTED),
    ("hairs.reject", (1,), lambda r: hairs(r, "status")[1] is Status.REJECTED),
    ("edit.delete", (1, 3), lambda r: set(r.hairs) == {2, 4} and set(r.units) == {11}),
    ("hairs.reverse", (2,), lambda r: r.hairs[2].root_px.tolist() == [190, 85]),
    ("hairs.root_visible", (1,), lambda r: not r.hairs[1].root_visible and r.hairs[1].unit_id is None),
    ("hairs.root_visible", (4,), lambda r: r.hairs[4].root_visible and r.hairs[4].unit_id not in (11, 12, None)),
    ("units.new", (2,), lambda r: hairs(r, "unit_id")[2] not in (11, 12)),
    ("units.merge", (1, 3), lambda r: hairs(r, "unit_id") == {1: 11, 2: 11, 3: 11, 4: None}),
    ("units.slot1", (3,), lambda r: hairs(r, "unit_id")[3] == 12),
    ("units.slot2", (3,), lambda r: hairs(r, "unit_id")[3] == 11),
]


@pytest.mark.parametrize(("command_id", "hair_ids", "holds"), CHECKS)
def test_a_correction_of_what_is_selected_is_undone_and_redone(workspace, do, command_id, hair_ids, holds):
    before = workspace.read(1)
    after = do(command_id, *hair_ids)
    assert holds(after)
    if after is not before:
        workspace.undo()
        assert workspace.read(1).same_content(before)
        assert workspace.selection.hair_ids == set(hair_ids)
        workspace.redo()
        assert workspace.read(1).same_content(after)


def test_a_verdict_is_taken_back(workspace, do):
    do("hairs.reject", 1)
    assert do("hairs.unreview", 1).hairs[1].status is Status.UNREVIEWED


def test_a_selected_unit_stands_for_its_hairs(workspace, do):
    assert hairs(do("hairs.reject", units=(11,)), "status") == {
        1: Status.REJECTED, 2: Status.REJECTED, 3: Status.UNREVIEWED, 4: Status.UNREVIEWED,
    }  # fmt: skip


def test_merged_units_stay_selected(workspace, do):
    do("units.merge", units=(11, 12))
    assert workspace.selection == Selection(OWN, frozenset(), frozenset({11}))


@pytest.mark.parametrize("verdict", ["hairs.accept", "hairs.reject"])
def test_a_verdict_on_a_doubtful_hair_goes_on_to_the_next(workspace, do, verdict):
    with_two = workspace.study.reads[2]  # image 2 has a doubtful hair as well
    assert with_two.hairs[3].confidence == 0.3
    do(verdict, 3)
    assert workspace.selection == Selection(2, frozenset({3}))


def test_a_verdict_on_another_hair_stays_there(workspace, do, told):
    do("hairs.accept", 1)
    assert workspace.selection == Selection(OWN, frozenset({1}))
    assert told == ["Accept hairs."]


def test_two_pieces_are_joined_and_other_numbers_of_hairs_are_refused(workspace, do, told):
    do("hairs.join", 1)
    assert told == ["Select the two pieces of one hair first."]
    do("hairs.reverse", 2)
    assert set(do("hairs.join", 1, 3).hairs) == {1, 2, 3, 4}  # too far apart: told
    assert told[-1] == "The hairs are too far apart to be one. Extend one of them first."
    assert set(do("hairs.join", 1, 2).hairs) == {1, 3, 4}


def test_a_width_in_um_needs_a_scale(workspace, told):
    workspace.select(Selection(OWN, frozenset({1, 2})))
    set_width_um(workspace, 62)
    assert [workspace.read(1).hairs[i].width_px for i in (1, 2)] == [6.2, 6.2]
    workspace.commit_study(lambda study: set_calibration(study, 1, None))
    set_width_um(workspace, 50)
    assert workspace.read(1).hairs[1].width_px == 6.2
    assert told[-1] == "This image has no scale, so a width in µm cannot be set. Set its scale first."


def test_a_width_goes_back_to_the_measured_one(workspace, do):
    workspace.select(Selection(OWN, frozenset({1})))
    set_width_um(workspace, 62)
    assert do("hairs.reset_width", 1).hairs[1].width_px == 9.0


def test_comments_go_to_hairs_a_unit_or_the_image(workspace):
    workspace.select(Selection(OWN, frozenset({1, 2})))
    comment(workspace, "crossing")
    workspace.select(Selection(OWN, frozenset(), frozenset({12})))
    comment(workspace, "two or three?")
    workspace.select(Selection())
    comment(workspace, "glare")
    read = workspace.read(1)
    assert hairs(read, "comment") == {1: "crossing", 2: "crossing", 3: "", 4: ""}
    assert read.units[12].comment == "two or three?"
    assert read.review.comment == "glare"


def test_a_read_is_submitted_and_withdrawn(workspace, do):
    assert do("image.submit").review.state is ReadState.SUBMITTED
    assert do("image.submit").review.state is ReadState.IN_REVIEW


def test_submitting_a_detection_begins_a_read(workspace, do):
    workspace.set_active(2)
    do("image.submit")
    assert workspace.read(2).reader == "Ada"
    assert workspace.read(2).review.state is ReadState.SUBMITTED


def test_a_submitted_read_says_why_it_cannot_be_corrected(workspace, do, told):
    do("image.submit")
    workspace.select(Selection(OWN, frozenset({1})))
    do("hairs.reject")
    assert told[-1] == "This read is submitted. Withdraw it first: Image ▸ Withdraw read."
    assert workspace.read(1).hairs[1].status is Status.UNREVIEWED


def test_the_read_of_another_is_not_submitted(workspace, do, told):
    grace = replace(workspace.study.reads[OWN], id=9, image_id=2, reader="Grace", based_on=2)
    workspace.commit_study(lambda _: Patch("begin read", None, (Change(Kind.READ, 9, None, grace),)))
    workspace.set_active(2)
    do("image.submit")
    assert told[-1] == "This is the read of Grace, in review: decide on it under Study ▸ Quality."
    assert [read.reader for read in workspace.study.reads_of(2)] == ["trichodesk", "Grace"]


def test_the_whole_image_is_the_field_already(workspace, do, told):
    before = workspace.read(1)
    assert do("image.whole_field") is before
    assert told == []


@pytest.mark.parametrize(
    "command_id", ["hairs.accept", "hairs.reverse", "edit.delete", "units.new", "units.slot3", "hairs.root_visible"]
)
def test_with_nothing_selected_it_says_so(workspace, do, told, command_id):
    before = workspace.read(1)
    assert do(command_id) is before
    assert told == ["Select one or more hairs first."]


def test_a_slot_without_a_unit_is_told(workspace, do, told):
    do("units.slot7", 1)
    assert told == ["No unit near by has the number 7."]


def test_selecting_everything_nothing_and_units(workspace, do):
    do("edit.select_all")
    assert workspace.selection.hair_ids == {1, 2, 3, 4}
    do("edit.select_unit", 1, 3)
    assert workspace.selection == Selection(OWN, frozenset(), frozenset({11, 12}))
    do("edit.select_none")
    assert workspace.selection == Selection()


def test_hairs_are_read_row_by_row(workspace, do):
    image, read = workspace.study.images[1], workspace.read(1)
    assert reading_order(image, read) == (1, 2, 3, 4)  # rows of 50 px: roots at y = 60, 60, 60, 130
    seen = []
    workspace.reveal_asked.connect(lambda wish: seen.append(wish.image_id))
    order = []
    for _ in range(5):
        do("edit.next_hair")
        order += workspace.selection.hair_ids
    assert order == [1, 2, 3, 4, 1]
    do("edit.previous_hair")
    assert workspace.selection.hair_ids == {4}
    assert seen == [1] * 6
