import numpy as np
import pytest

from tests.workstation.edits.applying import done
from tests.workstation.small_study import TEN_UM, make_hair, make_read
from workstation import edits
from workstation.edits import End
from workstation.errors import EditRefused
from workstation.model.hair import Origin, Status, frozen_array, median_width_px


@pytest.fixture
def read():
    """Hair 1 runs 30 px down with widths 4, 6, 8, 10; hair 2, rejected, shares its unit; hair 3 is alone."""
    hair = make_hair(1, 10, [[100, 100], [100, 110], [100, 120], [100, 130]])
    object.__setattr__(hair, "vertex_width_px", frozen_array([4.0, 6.0, 8.0, 10.0]))
    object.__setattr__(hair, "width_px", 7.0)
    return make_read(
        [
            hair,
            make_hair(2, 10, [[104, 100], [124, 100]], status=Status.REJECTED),
            make_hair(3, 11, [[200, 100], [230, 100]], origin=Origin.ADDED),
        ]
    )


def test_a_new_line_takes_the_old_widths_at_the_nearest_places(read):
    hair = done(read, edits.reshape_hair(read, 1, [[103, 100], [102, 105], [101, 115], [100, 150]])).hairs[1]
    assert hair.vertex_width_px.tolist() == [4.0, 5.0, 7.0, 10.0]
    assert hair.width_px == 6.0
    assert (hair.origin, hair.status, hair.unit_id) == (Origin.EDITED, Status.ACCEPTED, 10)


def test_a_new_line_takes_widths_measured_on_it(read):
    path, widths = [[103, 100], [103, 105], [103, 115]], [3.0, np.nan, 9.0]
    hair = done(read, edits.reshape_hair(read, 1, path, widths)).hairs[1]
    assert hair.vertices_px.tolist() == path
    np.testing.assert_array_equal(hair.vertex_width_px, widths)
    assert hair.width_px == 6.0


def test_a_hair_that_was_not_measured_stays_so(read):
    nan = make_read([make_hair(1, 10, [[0, 0], [0, 9]], np.nan)])
    hair = done(nan, edits.reshape_hair(nan, 1, [[0, 0], [5, 5], [0, 9]])).hairs[1]
    assert np.isnan(hair.vertex_width_px).all()
    assert np.isnan(hair.width_px)


def test_remeasured_widths_on_the_same_line_are_a_change(read):
    hair = done(read, edits.reshape_hair(read, 1, read.hairs[1].vertices_px, [5.0, 5.0, 5.0, 5.0])).hairs[1]
    assert hair.width_px == 5.0


def test_the_same_line_is_nothing_to_do(read):
    with pytest.raises(edits.NothingToDo):
        edits.reshape_hair(read, 1, read.hairs[1].vertices_px)
    with pytest.raises(edits.NothingToDo):
        edits.move_vertex(read, 1, 2, [100, 120])


def test_a_mended_rejected_hair_stays_rejected_and_an_added_one_added(read):
    assert done(read, edits.move_vertex(read, 2, 1, [124, 110])).hairs[2].status is Status.REJECTED
    assert done(read, edits.move_vertex(read, 3, 1, [230, 110])).hairs[3].origin is Origin.ADDED


def test_a_moved_vertex_keeps_its_width(read):
    hair = done(read, edits.move_vertex(read, 1, 0, [90, 95])).hairs[1]
    assert hair.vertices_px.tolist() == [[90, 95], [100, 110], [100, 120], [100, 130]]
    assert hair.vertex_width_px.tolist() == [4.0, 6.0, 8.0, 10.0]


def test_a_vertex_moved_onto_its_neighbour_is_one_with_it(read):
    hair = done(read, edits.move_vertex(read, 1, 1, [100, 120])).hairs[1]
    assert hair.vertices_px.tolist() == [[100, 100], [100, 120], [100, 130]]


@pytest.mark.parametrize("index", [-1, 4])
def test_a_vertex_that_is_not_there_is_refused(read, index):
    with pytest.raises(EditRefused, match="hair 1 has no vertex"):
        edits.move_vertex(read, 1, index, [0, 0])
    with pytest.raises(EditRefused, match="hair 1 has no vertex"):
        edits.remove_vertex(read, 1, index)


@pytest.mark.parametrize("point", [[1.0], [1.0, np.nan], [[1.0, 2.0]]])
def test_what_is_no_point_is_refused(read, point):
    with pytest.raises(EditRefused, match="two finite numbers"):
        edits.move_vertex(read, 1, 0, point)


@pytest.mark.parametrize(
    ("point", "index", "width"),
    [((107, 113), 2, 6.6), ((100, 101), 1, 4.2), ((100, 128), 3, 9.6), ((100, 90), 1, 4.0), ((100, 140), 3, 10.0)],
)
def test_a_vertex_goes_into_the_nearest_segment(read, point, index, width):
    hair = done(read, edits.insert_vertex(read, 1, point)).hairs[1]
    assert hair.vertices_px[index].tolist() == list(point)
    assert hair.vertex_width_px[index] == pytest.approx(width)
    assert np.delete(hair.vertices_px, index, axis=0).tolist() == read.hairs[1].vertices_px.tolist()


def test_a_vertex_where_one_is_is_nothing_to_do(read):
    with pytest.raises(edits.NothingToDo):
        edits.insert_vertex(read, 1, [100, 110])
    with pytest.raises(edits.NothingToDo):
        edits.insert_vertex(read, 1, [100, 130])


def test_without_its_first_vertex_a_hair_begins_at_the_next(read):
    hair = done(read, edits.remove_vertex(read, 1, 0)).hairs[1]
    assert hair.vertices_px.tolist() == [[100, 110], [100, 120], [100, 130]]
    assert (hair.vertex_width_px.tolist(), hair.width_px) == ([6.0, 8.0, 10.0], 8.0)


def test_the_last_two_vertices_stay(read):
    with pytest.raises(EditRefused, match=r"needs a root and a tip\. Delete the hair instead"):
        edits.remove_vertex(read, 2, 0)


def test_hairs_are_shifted_together(read):
    after = done(read, edits.move_hairs(read, [1, 3], [2.5, -1]))
    assert after.hairs[1].vertices_px.tolist() == [[102.5, 99], [102.5, 109], [102.5, 119], [102.5, 129]]
    assert after.hairs[3].vertices_px.tolist() == [[202.5, 99], [232.5, 99]]
    with pytest.raises(edits.NothingToDo):
        edits.move_hairs(read, [1, 3], [0, 0])


def test_the_tip_is_extended_along_a_path(read):
    hair = done(read, edits.extend_hair(read, 1, End.TIP, [[100, 130], [105, 135], [105, 145]])).hairs[1]
    assert hair.vertices_px[3:].tolist() == [[100, 130], [105, 135], [105, 145]]
    assert np.isnan(hair.vertex_width_px[4:]).all()
    assert hair.width_px == 7.0


def test_the_root_is_extended_outwards(read):
    hair = done(read, edits.extend_hair(read, 1, End.ROOT, [[100, 95], [98, 90]], [5.0, 3.0])).hairs[1]
    assert hair.vertices_px[:3].tolist() == [[98, 90], [100, 95], [100, 100]]
    assert hair.vertex_width_px.tolist() == [3.0, 5.0, 4.0, 6.0, 8.0, 10.0]
    assert hair.width_px == 5.5


def test_an_extension_that_stays_at_the_end_is_nothing_to_do(read):
    with pytest.raises(edits.NothingToDo):
        edits.extend_hair(read, 1, End.TIP, [[100, 130]])
    with pytest.raises(edits.NothingToDo):
        edits.extend_hair(read, 1, End.ROOT, [[100, 100]], [9.0])


def test_an_extension_needs_points_and_as_many_widths(read):
    with pytest.raises(EditRefused, match="needs as many widths"):
        edits.extend_hair(read, 1, End.TIP, [[100, 135]], [1.0, 2.0])
    with pytest.raises(EditRefused, match="a path is points"):
        edits.extend_hair(read, 1, End.TIP, [[100, 135, 1]])


def test_an_end_is_trimmed_at_a_place_on_the_line_or_near_it(read):
    tip = done(read, edits.trim_hair(read, 1, End.TIP, 15.0)).hairs[1]
    assert tip.vertices_px.tolist() == [[100, 100], [100, 110], [100, 115]]
    assert tip.vertex_width_px.tolist() == [4.0, 6.0, 7.0]
    root = done(read, edits.trim_hair(read, 1, End.ROOT, [108, 112])).hairs[1]
    assert root.vertices_px.tolist() == [[100, 112], [100, 120], [100, 130]]
    assert root.vertex_width_px == pytest.approx([6.4, 8.0, 10.0])
    assert (root.unit_id, root.width_px) == (10, 8.0)


def test_trimming_keeps_vertices_that_were_not_measured(read):
    longer = done(read, edits.extend_hair(read, 1, End.TIP, [[100, 140], [100, 150]]))
    hair = done(longer, edits.trim_hair(longer, 1, End.ROOT, 5.0)).hairs[1]
    np.testing.assert_array_equal(hair.vertex_width_px, [5.0, 6.0, 8.0, 10.0, np.nan, np.nan])


def test_trimming_refuses_to_leave_too_little(read):
    with pytest.raises(EditRefused, match="too little of the hair would be left"):
        edits.trim_hair(read, 1, End.TIP, 1.5)
    with pytest.raises(EditRefused, match="has no place at 31 px"):
        edits.trim_hair(read, 1, End.TIP, 31.0)


def test_trimming_at_the_end_itself_is_nothing_to_do(read):
    with pytest.raises(edits.NothingToDo):
        edits.trim_hair(read, 1, End.TIP, [100, 200])
    with pytest.raises(edits.NothingToDo):
        edits.trim_hair(read, 1, End.ROOT, 0.0)


def test_reversing_swaps_root_and_tip_with_the_widths(read):
    hair = done(read, edits.reverse_hairs(read, [1])).hairs[1]
    assert hair.vertices_px.tolist() == [[100, 130], [100, 120], [100, 110], [100, 100]]
    assert hair.vertex_width_px.tolist() == [10.0, 8.0, 6.0, 4.0]
    assert hair.unit_id == 10


def test_a_reversed_hair_goes_to_the_unit_at_its_new_root(read):
    near = make_read([*read.hairs.values(), make_hair(4, 12, [[95, 140], [90, 160]])])
    after = done(near, edits.reverse_hairs(near, [1], calibration=TEN_UM))
    assert after.hairs[1].unit_id == 12
    assert after.units.keys() == {10, 11, 12}


def test_a_reversed_hair_without_a_unit_near_leaves_one_that_it_shared(read):
    after = done(read, edits.reverse_hairs(read, [1, 3], calibration=TEN_UM))
    assert after.hairs[1].unit_id == 12
    assert after.hairs[2].unit_id == 10
    assert after.hairs[3].unit_id == 11


def test_hairs_reversed_together_stay_together():
    read = make_read([make_hair(i, 9, [[100 + 4 * i, 100], [100 + 5 * i, 160]]) for i in (1, 2, 3)])
    after = done(read, edits.reverse_hairs(read, [1, 2, 3], calibration=TEN_UM))
    assert [after.hairs[i].unit_id for i in (1, 2, 3)] == [9, 9, 9]


def test_a_median_of_nothing_is_not_a_number():
    assert np.isnan(median_width_px(frozen_array([np.nan, np.nan])))
