import numpy as np
import pytest

from tests.workstation.edits.applying import done
from tests.workstation.small_study import TEN_UM, make_hair, make_read
from workstation import edits
from workstation.edits import End
from workstation.errors import EditRefused
from workstation.model.hair import Origin, Status
from workstation.model.patch import Kind


def two(first, second, **of_second):
    """Hair 1 of unit 10 and hair 2 of unit 11."""
    return make_read([make_hair(1, 10, first, 4.0, comment="one"), make_hair(2, 11, second, 6.0, **of_second)])


@pytest.fixture
def long_hair():
    return make_read([make_hair(1, 10, [[100, 100], [100, 120], [100, 200]], comment="long")])


def test_the_piece_with_the_root_keeps_the_id(long_hair):
    patch = edits.split_hair(long_hair, 1, [104, 150])
    assert (edits.new_ids(patch), edits.new_ids(patch, Kind.UNIT)) == ({11}, {12})
    after = done(long_hair, patch)
    near, far = after.hairs[1], after.hairs[11]
    assert near.vertices_px.tolist() == [[100, 100], [100, 120], [100, 150]]
    assert far.vertices_px.tolist() == [[100, 150], [100, 200]]
    assert (near.unit_id, far.unit_id) == (10, 12)
    assert (near.comment, far.comment) == ("long", "")
    assert [(h.origin, h.status) for h in (near, far)] == [(Origin.EDITED, Status.ACCEPTED)] * 2
    assert (near.width_px, far.width_px) == (5.0, 5.0)


def test_pieces_take_the_widths_of_their_own_vertices():
    path, widths = [[0, 0], [0, 10], [0, 20], [0, 30]], [2.0, 4.0, np.nan, 10.0]
    read = make_read([])
    read = done(read, edits.add_hair(read, path, vertex_width_px=widths))
    after = done(read, edits.split_hair(read, 1, 15.0))
    np.testing.assert_array_equal(after.hairs[1].vertex_width_px, [2.0, 4.0, 5.5])
    np.testing.assert_array_equal(after.hairs[3].vertex_width_px, [5.5, np.nan, 10.0])
    assert (after.hairs[1].width_px, after.hairs[3].width_px) == (4.0, 7.75)
    assert after.hairs[3].origin is Origin.ADDED


def test_a_width_set_by_hand_holds_for_both_pieces(long_hair):
    read = done(long_hair, edits.set_width(long_hair, [1], 9.0))
    after = done(read, edits.split_hair(read, 1, 50.0))
    assert [(h.width_px, h.width_is_set) for h in after.hairs.values()] == [(9.0, True)] * 2


def test_the_new_piece_joins_the_unit_near_the_cut(long_hair):
    read = make_read([*long_hair.hairs.values(), make_hair(2, 11, [[110, 150], [140, 150]])])
    assert done(read, edits.split_hair(read, 1, 50.0, calibration=TEN_UM)).hairs[12].unit_id == 11
    assert done(read, edits.split_hair(read, 1, 10.0, calibration=TEN_UM)).hairs[12].unit_id == 10
    assert done(read, edits.split_hair(read, 1, 50.0, unit=10)).hairs[12].unit_id == 10


def test_the_cut_of_a_hair_from_outside_is_a_visible_root():
    read = make_read([make_hair(1, None, [[0, 100], [80, 100]])])
    after = done(read, edits.split_hair(read, 1, 40.0))
    assert [(h.unit_id, h.root_visible) for h in after.hairs.values()] == [(None, False), (3, True)]


@pytest.mark.parametrize("at", [1.9, 98.5, [100, 99], [100, 250]])
def test_a_piece_must_be_long_enough(long_hair, at):
    with pytest.raises(EditRefused, match="a piece would be shorter than 2 px"):
        edits.split_hair(long_hair, 1, at)


def test_splitting_refuses_a_place_beyond_the_hair(long_hair):
    with pytest.raises(EditRefused, match="has no place at 101 px"):
        edits.split_hair(long_hair, 1, 101.0)


def test_a_tip_is_joined_to_the_root_beyond_a_gap():
    read = two([[100, 100], [100, 150]], [[100, 160], [102, 200]], comment="two", confidence=0.95)
    after = done(read, edits.join_hairs(read, 1, 2, calibration=TEN_UM))
    joined = after.hairs[1]
    assert joined.vertices_px.tolist() == [[100, 100], [100, 150], [100, 160], [102, 200]]
    assert joined.vertex_width_px.tolist() == [4.0, 4.0, 6.0, 6.0]
    assert (joined.width_px, joined.unit_id, joined.comment, joined.confidence) == (5.0, 10, "one; two", 0.95)
    assert (joined.origin, joined.status) == (Origin.EDITED, Status.ACCEPTED)
    assert (after.hairs.keys(), after.units.keys()) == ({1}, {10})


def test_the_root_comes_from_the_second_hair_where_that_has_the_free_root():
    read = two([[100, 150], [100, 200]], [[100, 100], [100, 140]])
    after = done(read, edits.join_hairs(read, 1, 2))
    assert after.hairs[1].vertices_px.tolist() == [[100, 100], [100, 140], [100, 150], [100, 200]]
    assert (after.hairs.keys(), after.units.keys()) == ({1}, {11})
    assert after.hairs[1].unit_id == 11


def test_where_tips_meet_the_root_is_the_first_hairs():
    read = two([[100, 100], [100, 150]], [[100, 210], [100, 160]])
    joined = done(read, edits.join_hairs(read, 1, 2)).hairs[1]
    assert joined.vertices_px[[0, -1]].tolist() == [[100, 100], [100, 210]]
    assert joined.unit_id == 10


def test_where_roots_meet_the_free_end_of_the_first_hair_is_the_root():
    read = two([[100, 150], [100, 100]], [[100, 160], [100, 210]])
    joined = done(read, edits.join_hairs(read, 1, 2)).hairs[1]
    assert joined.vertices_px[[0, -1]].tolist() == [[100, 100], [100, 210]]
    assert joined.unit_id == 10


def test_joining_a_piece_from_outside_keeps_its_root_outside():
    read = make_read([make_hair(1, 10, [[60, 100], [100, 100]]), make_hair(2, None, [[0, 100], [50, 100]])])
    after = done(read, edits.join_hairs(read, 1, 2))
    assert (after.hairs[1].unit_id, after.hairs[1].root_visible) == (None, False)
    assert after.units.keys() == set()


def test_an_overlap_is_taken_out():
    read = two([[100, 100], [100, 150]], [[101, 140], [101, 200]])
    joined = done(read, edits.join_hairs(read, 1, 2)).hairs[1]
    assert joined.vertices_px.tolist() == [[100, 100], [100, 140], [101, 140], [101, 200]]


def test_named_ends_are_joined_though_others_are_nearer():
    read = two([[100, 100], [100, 150]], [[108, 200], [104, 160]])
    near = done(read, edits.join_hairs(read, 1, 2)).hairs[1]
    assert near.vertices_px[-1].tolist() == [108, 200]
    with pytest.raises(EditRefused, match="would turn by 1"):
        edits.join_hairs(read, 1, 2, first_end=End.TIP, second_end=End.ROOT)
    other = two([[100, 100], [100, 150]], [[100, 90], [100, 30]])
    with pytest.raises(EditRefused, match="would turn by 180°"):
        edits.join_hairs(other, 1, 2, first_end=End.TIP)
    joined = done(other, edits.join_hairs(other, 1, 2, first_end=End.ROOT, second_end=End.ROOT)).hairs[1]
    assert joined.vertices_px[:, 1].tolist() == [150, 100, 90, 30]


def test_hairs_side_by_side_are_not_joined():
    read = two([[100, 100], [100, 150]], [[106, 100], [106, 150]])
    with pytest.raises(EditRefused, match="would turn by 180° where they meet"):
        edits.join_hairs(read, 1, 2)


def test_hairs_far_apart_are_not_joined():
    read = two([[100, 100], [100, 200]], [[100, 310], [100, 400]])
    with pytest.raises(EditRefused, match="too far apart"):
        edits.join_hairs(read, 1, 2, calibration=TEN_UM)
    assert len(done(read, edits.join_hairs(read, 1, 2)).hairs) == 1
    short = two([[100, 100], [100, 120]], [[100, 190], [100, 210]])
    with pytest.raises(EditRefused, match="too far apart"):
        edits.join_hairs(short, 1, 2)


def test_a_hair_is_not_joined_with_itself():
    read = two([[100, 100], [100, 150]], [[100, 160], [102, 200]])
    with pytest.raises(EditRefused, match="cannot be joined with itself"):
        edits.join_hairs(read, 1, 1)
    with pytest.raises(EditRefused, match="no hair 3"):
        edits.join_hairs(read, 1, 3)


def test_pieces_that_share_a_point_count_its_width_once():
    read = make_read([])
    read = done(read, edits.add_hair(read, [[0, 0], [0, 10], [0, 20]], vertex_width_px=[2.0, 4.0, 10.0]))
    read = done(read, edits.add_hair(read, [[0, 20], [0, 30], [0, 40]], vertex_width_px=[10.0, 6.0, 3.0]))
    joined = done(read, edits.join_hairs(read, 1, 3)).hairs[1]
    assert (joined.vertex_width_px.tolist(), joined.width_px) == ([2.0, 4.0, 10.0, 6.0, 3.0], 4.0)


def test_a_joined_hair_keeps_a_width_set_by_hand():
    read = two([[100, 100], [100, 150]], [[100, 160], [102, 200]])
    second_set = done(read, edits.set_width(read, [2], 9.0))
    joined = done(second_set, edits.join_hairs(second_set, 1, 2)).hairs[1]
    assert (joined.width_px, joined.width_is_set) == (9.0, True)
    both_set = done(second_set, edits.set_width(second_set, [1], 3.0))
    assert done(both_set, edits.join_hairs(both_set, 1, 2)).hairs[1].width_px == 3.0


def test_a_joined_hair_counts_if_one_of_the_pieces_did():
    read = two([[100, 100], [100, 150]], [[100, 160], [102, 200]], origin=Origin.ADDED)
    rejected = done(read, edits.set_status(read, [1], Status.REJECTED))
    assert done(rejected, edits.join_hairs(rejected, 1, 2)).hairs[1].status is Status.ACCEPTED
    both = done(rejected, edits.set_status(rejected, [2], Status.REJECTED))
    assert done(both, edits.join_hairs(both, 2, 1)).hairs[2].status is Status.REJECTED
    assert done(both, edits.join_hairs(both, 2, 1)).hairs[2].origin is Origin.EDITED


def test_split_and_join_are_each_others_inverse_in_shape(long_hair):
    split = done(long_hair, edits.split_hair(long_hair, 1, 50.0))
    joined = done(split, edits.join_hairs(split, 1, 11))
    assert joined.hairs[1].vertices_px.tolist() == [[100, 100], [100, 120], [100, 150], [100, 200]]
    assert joined.units.keys() == {10}
