import math

import numpy as np
import pytest
import shapely

from analysis.matching.match import Level, Status
from analysis.matching.matcher import match
from analysis.matching.visit import VisitHairs
from analysis.registration.warp import Warp
from tests.analysis.drawn_visits import FIELD, STILL, UM_PER_PX, hair_rows, only, rows, single, visit


def test_the_same_hairs_are_all_kept():
    before = visit((1, (11, 1000, 1000), (12, 1080, 1000)), single(2, 3000, 2000))
    found = match(before, before, STILL)
    assert rows(found) == {(1, 1, "kept"), (2, 2, "kept")}
    assert hair_rows(found) == {(11, 11, "kept"), (12, 12, "kept"), (20, 20, "kept")}
    assert all(m.distance_um == pytest.approx(0) for m in (*found.units, *found.hairs))
    assert all(m.width_change_um == pytest.approx(0) for m in found.hairs)
    assert all(math.isnan(m.width_change_um) and not m.ruled for m in found.units)


def test_one_kept_one_lost_one_new():
    before = visit(single(1, 1000, 1000, 50), single(2, 2000, 2000))
    after = visit(single(7, 1030, 1040, 58), single(8, 3000, 3000))
    found = match(before, after, STILL)
    assert rows(found) == {(1, 7, "kept"), (2, None, "lost"), (None, 8, "new")}
    assert hair_rows(found) == {(10, 70, "kept"), (20, None, "lost"), (None, 80, "new")}
    assert found.by_baseline[Level.UNIT, 1].distance_um == pytest.approx(50)
    assert found.by_followup[Level.HAIR, 70].width_change_um == pytest.approx(8)
    assert math.isnan(found.by_baseline[Level.HAIR, 20].distance_um)


def test_what_is_not_seen_in_the_list_has_no_match():
    found = match(visit(single(1, 1000, 1000)), visit(), STILL)
    assert found.by_baseline[Level.UNIT, 1].status is Status.LOST
    assert not found.by_followup


def test_units_are_found_through_a_turn_a_zoom_and_a_bend():
    rng = np.random.default_rng(5)
    places = [
        (x + rng.uniform(-200, 200), y + rng.uniform(-200, 200)) for x in range(600, 4600, 800) for y in (900, 2900)
    ]
    before = visit(*(single(i, *place) for i, place in enumerate(places)))
    turn = math.radians(20)
    linear = 0.9 * np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    knots = np.array([[200.0, 200.0], [800.0, 200.0], [500.0, 800.0]])
    warp = Warp(np.column_stack([linear, [150.0, -60.0]]), knots, np.array([[4.0, -6], [5, 3], [-9, 3]]), 300.0)
    there = warp.to_followup(before.root_px)
    after = VisitHairs(
        before.id[::-1], before.unit[::-1], there[::-1], before.width_um, before.direction_rad + turn,
        before.confidence, shapely.box(-200, -200, 1500, 1500), UM_PER_PX / 0.9,
    )  # fmt: skip
    found = match(before, after, warp)
    assert rows(found) == {(i, i, "kept") for i in range(len(places))}
    assert max(m.distance_um for m in found.units) < 1e-6
    assert found.overlap == pytest.approx(1, abs=1e-5)


def test_a_root_a_quarter_of_a_millimetre_off_is_another():
    near, far = (match(visit(single(1, 1000, 1000)), visit(single(1, 1000 + d, 1000)), STILL) for d in (180, 260))
    assert rows(near) == {(1, 1, "kept")}
    assert rows(far) == {(1, None, "lost"), (None, 1, "new")}


def test_the_whole_decides_not_the_nearest():
    # taken one by one, the nearest first, 2 would get 7 and leave 1 lost and 8 new
    before = visit(single(1, 1000, 1000), single(2, 1200, 1000))
    after = visit(single(7, 1105, 1000), single(8, 1300, 1000))
    assert {row[:2] for row in rows(match(before, after, STILL))} == {(1, 7), (2, 8)}


def test_all_hairs_of_a_unit_speak_for_it():
    # the centre of 7 is nearer to that of 1, yet each of its hairs is where one of 2 was
    before = visit(single(1, 1000, 1000), (2, (21, 1100, 1000), (22, 1180, 1000), (23, 1260, 1000)))
    after = visit((7, (71, 1100, 1000), (72, 1180, 1000)))
    found = match(before, after, STILL)
    assert (2, 7, "kept") in rows(found)
    assert (1, None, "lost") in rows(found)
    assert hair_rows(found) >= {(21, 71, "kept"), (22, 72, "kept"), (23, None, "lost")}


def test_a_hair_gained_and_a_hair_lost_in_a_unit_that_stays():
    before = visit((1, (11, 1000, 1000), (12, 1100, 1000)))
    after = visit((1, (11, 1010, 1000), (13, 1010, 1400)))
    assert hair_rows(match(before, after, STILL)) == {(11, 11, "kept"), (12, None, "lost"), (None, 13, "new")}


def test_width_tells_two_hairs_apart_that_stand_alike():
    before = visit((1, (11, 1000, 1000, 80), (12, 1000, 1060, 30)))
    after = visit((1, (21, 1000, 1030, 32), (22, 1004, 1031, 79)))
    assert hair_rows(match(before, after, STILL)) == {(11, 22, "kept"), (12, 21, "kept")}


def test_direction_tells_two_hairs_apart_where_nothing_else_does():
    before = visit((1, (11, 1000, 1000), (12, 1000, 1060)))
    after = visit((1, (21, 1000, 1030), (22, 1000, 1030)))
    before.direction_rad[:] = [0.0, 1.0]
    after.direction_rad[:] = [1.1, 0.1]
    assert hair_rows(match(before, after, STILL)) == {(11, 22, "kept"), (12, 21, "kept")}


def test_a_width_or_direction_that_is_not_known_speaks_for_nothing():
    before = visit(single(1, 1000, 1000, math.nan), single(2, 2000, 1000, 50))
    after = visit(single(1, 1020, 1000, 90), single(2, 2000, 1020, math.nan))
    before.direction_rad[:] = math.nan
    found = match(before, after, STILL)
    assert rows(found) == {(1, 1, "kept"), (2, 2, "kept")}
    assert all(math.isnan(m.width_change_um) for m in found.hairs)


@pytest.mark.parametrize("swap", [False, True])
def test_a_unit_found_as_two_is_no_gain_and_its_hairs_are_kept(swap):
    one = visit((1, (11, 1000, 1000), (12, 1070, 1000), (13, 1240, 1000)))
    two = visit((1, (11, 1005, 1000), (12, 1068, 1004)), (2, (13, 1245, 1000)))
    before, after = (two, one) if swap else (one, two)
    found = match(before, after, STILL)
    assert rows(found) == {(1, 1, "kept"), (2, None, "uncertain") if swap else (None, 2, "uncertain")}
    assert hair_rows(found) == {(11, 11, "kept"), (12, 12, "kept"), (13, 13, "kept")}


def test_a_new_unit_beside_a_lost_hair_is_new():
    before = visit((1, (11, 1000, 1000), (12, 1060, 1000)))
    after = visit((1, (11, 1000, 1000)), (2, (21, 1280, 1000, 25)))
    found = match(before, after, STILL)
    assert rows(found) == {(1, 1, "kept"), (None, 2, "new")}
    assert hair_rows(found) == {(11, 11, "kept"), (12, None, "lost"), (None, 21, "new")}


def test_two_partners_as_likely_are_uncertain():
    found = match(visit(single(1, 1000, 1000)), visit(single(7, 900, 1000), single(8, 1102, 1000)), STILL)
    assert rows(found) == {(1, 7, "uncertain"), (None, 8, "uncertain")}
    assert hair_rows(found) == {(10, 70, "uncertain"), (None, 80, "uncertain")}
    clear = match(visit(single(1, 1000, 1000)), visit(single(7, 970, 1000), single(8, 1150, 1000)), STILL)
    assert rows(clear) == {(1, 7, "kept"), (None, 8, "new")}


def test_a_partner_far_off_that_looks_otherwise_is_uncertain():
    before, after = visit(single(1, 1000, 1000, 90)), visit(single(1, 1240, 1000, 25))
    assert rows(match(before, after, STILL)) == {(1, 1, "uncertain")}


def test_what_is_hardly_there_is_neither_lost_nor_new():
    before = visit((1, (11, 1000, 1000, 60, 0.69), (12, 1050, 1000, 60, 0.2)), (2, (21, 2000, 1000, 60, 0.71)))
    after = visit((5, (51, 3000, 3000, 60, 0.1)))
    found = match(before, after, STILL)
    assert rows(found) == {(1, None, "uncertain"), (2, None, "lost"), (None, 5, "uncertain")}
    assert hair_rows(found) == {
        (11, None, "uncertain"), (12, None, "uncertain"), (21, None, "lost"), (None, 51, "uncertain"),
    }  # fmt: skip
    assert rows(match(before, before, STILL)) == {(1, 1, "kept"), (2, 2, "kept")}


def test_outside_the_common_field_nothing_is_lost_or_new():
    half_right = Warp(np.array([[1.0, 0.0, -500.0], [0.0, 1.0, 0.0]]))
    before = visit(single(1, 1000, 1000), single(2, 4000, 1000), single(3, 3000, 4000))
    after = visit(single(7, 1500, 1000), single(8, 4000, 2000), single(9, 2000, 2000))
    found = match(before, after, half_right)
    assert rows(found) == {(2, 7, "kept"), (3, None, "lost"), (None, 9, "new")}
    assert found.overlap == pytest.approx(0.5)
    assert found.common_baseline.bounds == pytest.approx((500, 0, 1000, 1000))
    assert found.common_followup.bounds == pytest.approx((0, 0, 500, 1000))


def test_at_the_edge_of_the_common_field_nothing_is_lost_or_new_but_partners_are_found():
    edge = shapely.box(0, 0, 400, 1000)
    before = visit(single(1, 1950, 1000), single(2, 1950, 3000), single(3, 1850, 4000))
    after = visit(single(1, 1970, 1000), single(4, 40, 2000), single(5, 160, 2000), region=edge)
    assert rows(match(before, after, STILL)) == {(1, 1, "kept"), (3, None, "lost"), (None, 5, "new")}


def test_under_an_exclusion_nothing_is_lost_or_new():
    glare = FIELD.difference(shapely.box(400, 400, 600, 600))
    before = visit(single(1, 2500, 2500), single(2, 1000, 1000))
    found = match(before, visit(region=glare), STILL)
    assert rows(found) == {(2, None, "lost")}
    assert found.overlap == pytest.approx(0.96)
    assert found.common_baseline.area == pytest.approx(960_000)


def test_fields_apart_have_no_overlap():
    away = Warp(np.array([[1.0, 0.0, 3000.0], [0.0, 1.0, 0.0]]))
    found = match(visit(single(1, 1000, 1000)), visit(single(2, 1000, 1000)), away)
    assert (found.units, found.hairs, found.overlap) == ((), (), 0.0)
    assert found.common_baseline.is_empty
    assert found.common_followup.is_empty


def test_visits_without_hair_or_field():
    nothing = visit(region=shapely.Polygon())
    assert match(nothing, nothing, STILL).overlap == 0
    assert rows(match(visit(), visit(single(1, 1000, 1000)), STILL)) == {(None, 1, "new")}


def test_a_hair_of_no_unit_is_matched_as_a_hair():
    found = match(visit((-1, (11, 1000, 1000))), visit((-1, (12, 1020, 1000))), STILL)
    assert found.units == ()
    kept = only(found.hairs)
    assert (kept.baseline_id, kept.followup_id, kept.status) == (11, 12, Status.KEPT)


def test_distances_are_those_on_the_skin_by_the_follow_up_scale():
    doubled = Warp(np.array([[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]]))
    after = visit(single(1, 1003, 1004), um_per_px=2.5, region=shapely.box(0, 0, 2000, 2000))
    assert only(match(visit(single(1, 1000, 1000)), after, doubled).units).distance_um == pytest.approx(5)
