import pytest

from tests.workstation.edits.applying import done
from tests.workstation.small_study import make_hair, make_read
from workstation import edits
from workstation.errors import EditRefused
from workstation.model.hair import Origin, Status


@pytest.fixture
def read():
    """Unit 10 with hairs 1, 2, 3; unit 11 with hair 4; hair 5 from outside."""
    return make_read(
        [
            make_hair(1, 10, [[100, 100], [100, 140]]),
            make_hair(2, 10, [[104, 102], [126, 140]]),
            make_hair(3, 10, [[400, 400], [406, 440]], status=Status.REJECTED),
            make_hair(4, 11, [[300, 300], [340, 300]]),
            make_hair(5, None, [[0, 500], [50, 500]]),
        ]
    )


def units(read):
    return {hair.id: hair.unit_id for hair in read.hairs.values()}


def test_hairs_are_put_into_another_unit(read):
    after = done(read, edits.put_into_unit(read, [1, 3, 4], 11))
    assert units(after) == {1: 11, 2: 10, 3: 11, 4: 11, 5: None}
    assert (after.hairs[1].origin, after.hairs[1].status) == (Origin.DETECTED, Status.UNREVIEWED)


def test_a_unit_that_is_emptied_vanishes(read):
    after = done(read, edits.put_into_unit(read, [4], 10))
    assert after.units.keys() == {10}


def test_hairs_of_several_units_make_a_new_one(read):
    after = done(read, edits.put_into_unit(read, [2, 4], None))
    assert units(after) == {1: 10, 2: 12, 3: 10, 4: 12, 5: None}
    assert after.units.keys() == {10, 12}


def test_regrouping_refuses_what_changes_nothing(read):
    with pytest.raises(edits.NothingToDo):
        edits.put_into_unit(read, [4], 11)
    with pytest.raises(EditRefused, match="a unit of their own already"):
        edits.put_into_unit(read, [4], None)
    with pytest.raises(EditRefused, match="a unit of their own already"):
        edits.put_into_unit(read, [1, 2, 3], None)


def test_a_hair_from_outside_is_in_no_unit(read):
    with pytest.raises(EditRefused, match=r"root of hair 5 is not visible.*Mark its root as visible"):
        edits.put_into_unit(read, [4, 5], 10)


def test_a_unit_that_is_not_there_takes_no_hair(read):
    with pytest.raises(EditRefused, match="no unit 99"):
        edits.put_into_unit(read, [4], 99)


def test_merged_units_keep_the_lowest_id_and_every_comment(read):
    read = done(read, edits.comment_unit(read, 10, "tight"))
    read = done(read, edits.comment_unit(read, 11, " pale "))
    after = done(read, edits.merge_units(read, [11, 10]))
    assert units(after) == {1: 10, 2: 10, 3: 10, 4: 10, 5: None}
    assert {i: unit.comment for i, unit in after.units.items()} == {10: "tight; pale"}


@pytest.mark.parametrize("ids", [[], [10], [10, 10]])
def test_merging_needs_two_units(read, ids):
    with pytest.raises(EditRefused, match="at least two units"):
        edits.merge_units(read, ids)


def test_merging_refuses_a_unit_that_is_not_there(read):
    with pytest.raises(EditRefused, match="no unit 99"):
        edits.merge_units(read, [10, 99])


def test_a_split_unit_gives_hairs_to_a_new_one(read):
    assert units(done(read, edits.split_unit(read, 10, [1, 3]))) == {1: 12, 2: 10, 3: 12, 4: 11, 5: None}


def test_splitting_a_unit_refuses_all_none_or_foreign_hairs(read):
    with pytest.raises(EditRefused, match="no hair would stay in unit 10"):
        edits.split_unit(read, 10, [1, 2, 3])
    with pytest.raises(EditRefused, match="hair 4 is not of unit 10"):
        edits.split_unit(read, 10, [1, 4])
    with pytest.raises(EditRefused, match="no hair is selected"):
        edits.split_unit(read, 10, [])


def test_moving_a_unit_moves_all_its_roots_and_no_shaft(read):
    after = done(read, edits.move_unit(read, 10, [112, 99]))
    assert after.hairs[1].vertices_px.tolist() == [[110, 98], [100, 140]]
    assert after.hairs[2].vertices_px.tolist() == [[114, 100], [126, 140]]
    assert after.hairs[3].vertices_px.tolist() == [[410, 398], [406, 440]]
    assert after.hairs[4] == read.hairs[4]


def test_a_unit_of_rejected_hairs_moves_by_all_of_them():
    read = make_read([make_hair(1, 9, [[100, 100], [100, 140]], status=Status.REJECTED)])
    assert done(read, edits.move_unit(read, 9, [90, 90])).hairs[1].root_px.tolist() == [90, 90]


def test_moving_a_unit_refuses_what_leaves_no_hair(read):
    with pytest.raises(edits.NothingToDo):
        edits.move_unit(read, 10, [102, 101])
    with pytest.raises(EditRefused, match="at least 2 px long"):
        edits.move_unit(read, 11, [339.5, 300])


def test_a_comment_on_a_unit_is_written_and_taken_away(read):
    after = done(read, edits.comment_unit(read, 10, "three?"))
    assert after.units[10].comment == "three?"
    with pytest.raises(edits.NothingToDo):
        edits.comment_unit(after, 10, "three? ")
    assert done(after, edits.comment_unit(after, 10, "")).units[10].comment == ""
