import shapely

from analysis.matching.match import Level, Ruling, Status
from analysis.matching.matcher import match
from tests.analysis.drawn_visits import STILL, hair_rows, rows, single, visit


def unit(before=None, after=None, same=True):
    return Ruling(Level.UNIT, before, after, same)


def hair(before=None, after=None, same=True):
    return Ruling(Level.HAIR, before, after, same)


BEFORE = visit((1, (11, 1000, 1000), (12, 1060, 1000)), single(2, 3000, 3000))
AFTER = visit((1, (11, 1000, 1000), (12, 1060, 1000)), single(7, 4000, 3000))


def ruled(*rulings, before=BEFORE, after=AFTER):
    return match(before, after, STILL, rulings)


def test_a_confirmed_match_is_kept_as_it_was_and_says_who_decided():
    plain, confirmed = ruled(), ruled(unit(1, 1), hair(11, 11))
    assert rows(plain) == rows(confirmed) == {(1, 1, "kept"), (2, None, "lost"), (None, 7, "new")}
    assert hair_rows(plain) == hair_rows(confirmed)
    assert [m.baseline_id for m in confirmed.units if m.ruled] == [1]
    assert [m.baseline_id for m in confirmed.hairs if m.ruled] == [11]
    assert confirmed.by_baseline[Level.UNIT, 1].distance_um == 0


def test_units_far_apart_can_be_ruled_the_same_and_their_hairs_go_with_them():
    before = visit((2, (21, 3000, 3000, 80), (22, 3080, 3000, 40)))
    after = visit((7, (71, 4000, 3000, 81), (72, 4085, 3000, 41), (73, 4000, 3090, 60)))
    found = ruled(unit(2, 7), before=before, after=after)
    assert rows(found) == {(2, 7, "kept")}
    assert hair_rows(found) == {(21, 71, "kept"), (22, 72, "kept"), (None, 73, "new")}
    assert found.units[0].ruled
    assert not any(m.ruled for m in found.hairs)


def test_a_ruled_pair_takes_its_units_from_others():
    before = visit(single(1, 1000, 1000), single(2, 1400, 1000))
    after = visit(single(1, 1000, 1000), single(2, 1400, 1000))
    assert rows(ruled(unit(1, 2), before=before, after=after)) == {(1, 2, "kept"), (2, None, "lost"), (None, 1, "new")}


def test_what_is_ruled_not_the_same_is_parted_and_may_find_another():
    assert rows(ruled(unit(1, 1, same=False))) == {
        (1, None, "lost"), (None, 1, "new"), (2, None, "lost"), (None, 7, "new"),
    }  # fmt: skip
    assert not any(status == "kept" for *_, status in hair_rows(ruled(unit(1, 1, same=False))))
    after = visit(single(5, 1000, 1000), single(6, 1150, 1000))
    assert rows(ruled(unit(1, 5, same=False), before=visit(single(1, 1000, 1000)), after=after)) == {
        (1, 6, "kept"), (None, 5, "new"),
    }  # fmt: skip


def test_what_is_ruled_lost_or_new_has_no_partner():
    found = ruled(unit(1, None))
    assert (1, None, "lost") in rows(found)
    assert (None, 1, "new") in rows(found)
    assert found.by_baseline[Level.UNIT, 1].ruled
    assert not found.by_followup[Level.UNIT, 1].ruled
    assert {(11, None, "lost"), (12, None, "lost")} <= hair_rows(found)
    found = ruled(unit(None, 1))
    assert found.by_followup[Level.UNIT, 1].ruled
    assert (None, 1, "new") in rows(found)


def test_rulings_hold_outside_the_common_field_and_of_what_is_hardly_there():
    narrow = shapely.box(0, 0, 200, 200)
    after = visit((7, (70, 4000, 3000, 60, 0.1)), region=narrow)
    found = ruled(unit(2, None), unit(None, 7), before=visit(single(2, 3000, 3000, 60, 0.1)), after=after)
    assert rows(found) == {(2, None, "lost"), (None, 7, "new")}
    assert rows(ruled(before=visit(single(2, 3000, 3000)), after=after)) == set()


def test_hairs_that_are_hardly_there_are_lost_or_new_with_their_unit():
    doubtful = visit((2, (21, 3000, 3000, 60, 0.1), (22, 3060, 3000, 60, 0.9)), (3, (31, 1000, 3000, 60, 0.1)))
    assert hair_rows(ruled(unit(2, None), before=doubtful, after=visit())) == {
        (21, None, "lost"), (22, None, "lost"), (31, None, "uncertain"),
    }  # fmt: skip
    assert hair_rows(ruled(unit(None, 3), before=visit(), after=doubtful)) == {
        (None, 21, "uncertain"), (None, 22, "new"), (None, 31, "new"),
    }  # fmt: skip


def test_hairs_are_ruled_on_their_own():
    found = ruled(hair(11, 12), hair(12, None), hair(20, 70))
    assert {(11, 12, "kept"), (12, None, "lost"), (None, 11, "new"), (20, 70, "kept")} == hair_rows(found)
    assert (1, 1, "kept") in rows(found)
    parted = hair_rows(ruled(hair(11, 11, same=False), hair(12, 12, same=False)))
    assert parted == {(11, 12, "kept"), (12, 11, "kept"), (20, None, "lost"), (None, 70, "new")}


def test_hairs_ruled_the_same_stay_so_though_their_units_are_ruled_to_differ():
    found = ruled(unit(1, 1, same=False), hair(11, 11))
    assert (11, 11, "kept") in hair_rows(found)
    assert not {row for row in rows(found) if row[:2] == (1, 1)}


def test_a_ruling_on_what_is_not_there_is_passed_over():
    strange = [unit(99, 1), unit(1, 99), unit(99, None), unit(None, None), hair(99, 11), hair(None, 99, same=False)]
    assert (rows(ruled(*strange)), hair_rows(ruled(*strange))) == (rows(ruled()), hair_rows(ruled()))
    assert not any(m.ruled for m in (*ruled(*strange).units, *ruled(*strange).hairs))


def test_of_rulings_that_contradict_each_other_the_later_holds():
    assert (1, 1, "kept") in rows(ruled(unit(1, 7), unit(1, 1)))
    assert (1, 7, "kept") in rows(ruled(unit(1, 1), unit(1, 7)))
    assert (1, 7, "kept") in rows(ruled(unit(2, 7), unit(1, 7)))
    assert (1, None, "lost") in rows(ruled(unit(1, 1), unit(1, None)))
    assert (1, 1, "kept") in rows(ruled(unit(1, None), unit(1, 1)))
    assert (None, 1, "new") in rows(ruled(unit(1, 1), unit(None, 1)))
    assert (1, 1, "kept") in rows(ruled(unit(1, 1, same=False), unit(1, 1)))
    assert (1, None, "lost") in rows(ruled(unit(1, 1), unit(1, 1, same=False)))


def test_the_uncertain_can_be_settled():
    after = visit(single(7, 900, 1000), single(8, 1102, 1000))
    before = visit(single(1, 1000, 1000))
    settled = ruled(unit(1, 8), before=before, after=after)
    assert rows(settled) == {(1, 8, "kept"), (None, 7, "new")}
    assert [m.status for m in settled.hairs if m.baseline_id] == [Status.KEPT]
    assert rows(ruled(unit(None, 8), before=before, after=after)) == {(1, 7, "kept"), (None, 8, "new")}


def test_confirming_a_unit_that_was_split_leaves_its_other_half_as_it_was():
    before = visit((1, (11, 1000, 1000), (12, 1070, 1000), (13, 1240, 1000)))
    after = visit((1, (11, 1005, 1000), (12, 1068, 1004)), (2, (13, 1245, 1000)))
    plain, confirmed = ruled(before=before, after=after), ruled(unit(1, 1), before=before, after=after)
    assert rows(plain) == rows(confirmed) == {(1, 1, "kept"), (None, 2, "uncertain")}
    assert hair_rows(plain) == hair_rows(confirmed)


def test_hairs_follow_units_that_are_ruled_though_others_are_nearer():
    before = visit(single(1, 1000, 1000), single(2, 1150, 1000))
    after = visit(single(1, 1000, 1000), single(2, 1150, 1000))
    assert hair_rows(ruled(unit(1, 2), before=before, after=after)) == {(10, 20, "kept"), (20, 10, "kept")}
