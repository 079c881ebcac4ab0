import numpy as np
import pytest

from tests.workstation.edits.applying import done
from tests.workstation.small_study import TEN_UM, make_hair, make_read
from workstation import edits
from workstation.errors import EditRefused
from workstation.model.hair import Origin, Status


@pytest.fixture
def read():
    """Unit 10 with hairs 1 and 2, its centre at (103, 100); unit 11 with hair 3; hair 4 from outside."""
    return make_read(
        [
            make_hair(1, 10, [[100, 100], [100, 140]]),
            make_hair(2, 10, [[106, 100], [126, 120], [126, 140]], 7.0, status=Status.ACCEPTED),
            make_hair(3, 11, [[300, 300], [340, 300]], status=Status.REJECTED, origin=Origin.ADDED),
            make_hair(4, None, [[0, 500], [50, 500]]),
        ]
    )


def test_an_added_hair_joins_the_nearest_unit_within_a_quarter_of_a_millimetre(read):
    after = done(read, edits.add_hair(read, [[103, 124], [103, 160]], calibration=TEN_UM))
    assert after.hairs.keys() - read.hairs.keys() == {12}
    hair = after.hairs[12]
    assert hair.vertices_px.tolist() == [[103, 124], [103, 160]]
    assert (hair.unit_id, hair.origin, hair.status, hair.confidence) == (10, Origin.ADDED, Status.ACCEPTED, 1.0)
    assert hair.root_visible
    assert np.isnan(hair.width_px)
    assert after.units.keys() == read.units.keys()


def test_an_added_hair_out_of_reach_gets_a_unit_of_its_own(read):
    after = done(read, edits.add_hair(read, [[103, 126], [103, 160]], calibration=TEN_UM))
    assert after.hairs[12].unit_id == 13
    assert after.units.keys() == {10, 11, 13}
    assert after.next_id == 14


def test_a_unit_of_rejected_hairs_attracts_no_new_one(read):
    after = done(read, edits.add_hair(read, [[301, 300], [301, 330]], calibration=TEN_UM))
    assert after.hairs[12].unit_id == 13


def test_without_a_scale_an_added_hair_gets_a_unit_of_its_own(read):
    assert done(read, edits.add_hair(read, [[103, 100], [103, 160]])).hairs[12].unit_id == 13


def test_an_added_hair_takes_the_unit_that_is_named(read):
    assert done(read, edits.add_hair(read, [[900, 900], [900, 950]], unit=11)).hairs[12].unit_id == 11
    near = [[103, 100], [103, 130]]
    new = done(read, edits.add_hair(read, near, unit=edits.UnitChoice.NEW, calibration=TEN_UM))
    assert new.hairs[12].unit_id == 13


def test_an_added_hair_takes_its_width_from_the_measured_vertices(read):
    path = [[500, 500], [500, 510], [500, 520], [500, 530]]
    hair = done(read, edits.add_hair(read, path, vertex_width_px=[4.0, np.nan, 6.0, 9.0])).hairs[12]
    assert hair.width_px == 6.0
    assert hair.vertex_width_px[[0, 2, 3]].tolist() == [4.0, 6.0, 9.0]
    assert np.isnan(hair.vertex_width_px[1])


def test_an_added_hair_from_outside_belongs_to_no_unit(read):
    after = done(read, edits.add_hair(read, [[0, 100], [50, 100]], root_visible=False))
    assert after.hairs[12].unit_id is None
    assert after.units.keys() == {10, 11}


def test_clicking_twice_on_a_point_makes_one_vertex(read):
    hair = done(read, edits.add_hair(read, [[500, 500], [500, 500], [500, 520], [500, 520]])).hairs[12]
    assert hair.vertices_px.tolist() == [[500, 500], [500, 520]]


@pytest.mark.parametrize(
    ("path", "widths", "reason"),
    [
        ([[5, 5]], None, "at least two points"),
        ([[5, 5], [5, 5]], None, "at least 2 px long"),
        ([[5, 5], [6, 5]], None, "at least 2 px long"),
        ([[5, 5], [np.inf, 5]], None, "finite"),
        ([[5, 5], [50, 5]], [3.0], "needs as many widths"),
        ([[5, 5], [50, 5]], [3.0, 0.0], "must be positive"),
        ([[5, 5], [50, 5]], [3.0, np.inf], "must be positive"),
    ],
)
def test_what_is_no_hair_is_refused(read, path, widths, reason):
    with pytest.raises(EditRefused, match=reason):
        edits.add_hair(read, path, vertex_width_px=widths)


def test_adding_to_a_unit_that_is_not_there_is_refused(read):
    with pytest.raises(EditRefused, match="no unit 99"):
        edits.add_hair(read, [[5, 5], [50, 5]], unit=99)


def test_the_last_hair_of_a_unit_takes_the_unit_with_it(read):
    after = done(read, edits.delete_hairs(read, [1]))
    assert (after.hairs.keys(), after.units.keys()) == ({2, 3, 4}, {10, 11})
    after = done(read, edits.delete_hairs(read, [1, 2, 4]))
    assert (after.hairs.keys(), after.units.keys()) == ({3}, {11})


def test_deleting_what_is_not_there_is_refused(read):
    with pytest.raises(EditRefused, match="no hair 99"):
        edits.delete_hairs(read, [1, 99])
    with pytest.raises(EditRefused, match="no hair is selected"):
        edits.delete_hairs(read, [])


def test_a_verdict_on_many_hairs_is_one_patch_and_no_correction(read):
    patch = edits.set_status(read, [1, 2, 3], Status.ACCEPTED)
    assert {c.id for c in patch.changes} == {1, 3}
    after = done(read, patch)
    assert [after.hairs[i].status for i in (1, 2, 3)] == [Status.ACCEPTED] * 3
    assert after.hairs[1].origin is Origin.DETECTED
    assert patch.operation == "accept hairs"
    assert edits.set_status(read, [1], Status.REJECTED).operation == "reject hairs"


def test_a_verdict_can_be_taken_back(read):
    after = done(read, edits.set_status(read, [2, 3], Status.UNREVIEWED))
    assert {after.hairs[i].status for i in (2, 3)} == {Status.UNREVIEWED}


def test_a_verdict_that_stands_already_is_nothing_to_do(read):
    with pytest.raises(edits.NothingToDo):
        edits.set_status(read, [2], Status.ACCEPTED)


def test_a_width_set_by_hand_stands_until_it_is_reset(read):
    after = done(read, edits.set_width(read, [1, 3], 11.5))
    assert [(h.width_px, h.width_is_set) for h in (after.hairs[1], after.hairs[3])] == [(11.5, True)] * 2
    assert (after.hairs[1].origin, after.hairs[1].status) == (Origin.EDITED, Status.ACCEPTED)
    assert (after.hairs[3].origin, after.hairs[3].status) == (Origin.ADDED, Status.REJECTED)
    bent = done(after, edits.move_vertex(after, 1, 1, [110, 140]))
    assert (bent.hairs[1].width_px, bent.hairs[1].width_is_set) == (11.5, True)
    reset = done(bent, edits.reset_width(bent, [1, 2, 3]))
    assert [(reset.hairs[i].width_px, reset.hairs[i].width_is_set) for i in (1, 3)] == [(5.0, False)] * 2
    assert reset.hairs[2] == read.hairs[2]


def test_setting_the_measured_width_by_hand_is_a_change(read):
    assert done(read, edits.set_width(read, [1], 5.0)).hairs[1].width_is_set


@pytest.mark.parametrize("width_px", [0.0, -1.0, np.nan, np.inf])
def test_a_width_that_is_none_is_refused(read, width_px):
    with pytest.raises(EditRefused, match="must be positive"):
        edits.set_width(read, [1], width_px)


def test_resetting_a_measured_width_is_nothing_to_do(read):
    with pytest.raises(edits.NothingToDo):
        edits.reset_width(read, [1])


def test_a_comment_is_no_correction(read):
    after = done(read, edits.comment_hairs(read, [1, 3], "  two in one? "))
    assert [after.hairs[i].comment for i in (1, 2, 3)] == ["two in one?", "", "two in one?"]
    assert (after.hairs[1].origin, after.hairs[1].status) == (Origin.DETECTED, Status.UNREVIEWED)
    assert done(after, edits.comment_hairs(after, [1], "")).hairs[1].comment == ""


@pytest.mark.parametrize("text", ["a\0b", "half a pair \ud83d"])
def test_a_comment_that_no_file_holds_is_refused(read, text):
    with pytest.raises(EditRefused, match="cannot be stored"):
        edits.comment_hairs(read, [1], text)


def test_a_hair_whose_root_is_outside_leaves_its_unit(read):
    after = done(read, edits.set_root_visible(read, [2, 3], False))
    assert [(after.hairs[i].unit_id, after.hairs[i].root_visible) for i in (2, 3)] == [(None, False)] * 2
    assert after.units.keys() == {10}
    with pytest.raises(edits.NothingToDo):
        edits.set_root_visible(read, [4], False)


def test_a_root_made_visible_joins_a_unit_or_makes_one():
    read = make_read(
        [
            make_hair(1, 20, [[100, 100], [100, 140]]),
            make_hair(2, None, [[110, 100], [110, 140]]),
            make_hair(3, None, [[500, 500], [510, 540]]),
            make_hair(4, None, [[505, 500], [520, 540]]),
        ]
    )
    after = done(read, edits.set_root_visible(read, [2, 3, 4], True, calibration=TEN_UM))
    assert [after.hairs[i].unit_id for i in (2, 3, 4)] == [20, 21, 21]
    alone = done(read, edits.set_root_visible(read, [2, 3, 4], True))
    assert [alone.hairs[i].unit_id for i in (2, 3, 4)] == [21, 22, 23]
