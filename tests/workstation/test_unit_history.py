import math
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
import shapely

from analysis.matching.match import Level, Match, Matching, Status
from analysis.registration.result import Registration, Verdict
from analysis.registration.warp import Warp
from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation.model.hair import Status as HairStatus
from workstation.model.pair import Pair, RegistrationRecord
from workstation.model.study import Visit
from workstation.pairing import PairIds
from workstation.unit_history import Link, Presence, UnitAt, UnitHistory, chain_of, pairs_of_visits, unit_history

IMAGES = (1, 2, 3, 4)
SEEN, UNCERTAIN, LOST = Presence.SEEN, Presence.UNCERTAIN, Presence.LOST
NOT_YET, OUTSIDE, UNKNOWN = Presence.NOT_YET, Presence.OUTSIDE, Presence.UNKNOWN


def matching(*kept, lost=(), new=(), uncertain=()):
    units = [
        *(Match(Level.UNIT, a, b, Status.KEPT) for a, b in kept),
        *(Match(Level.UNIT, a, None, Status.LOST) for a in lost),
        *(Match(Level.UNIT, None, b, Status.NEW) for b in new),
        *(Match(Level.UNIT, a, b, Status.UNCERTAIN) for a, b in uncertain),
    ]
    return Matching(tuple(units), (), shapely.Polygon(), shapely.Polygon(), 1.0)


def by_pair(matchings):
    return {PairIds(*ids): found for ids, found in matchings.items()}


def chain(matchings, place, unit_id):
    links = chain_of(IMAGES, by_pair(matchings), place, unit_id)
    assert links[place].unit_id == unit_id
    return [(link.presence, link.unit_id) for link in links]


ALL_KEPT = {
    (1, 2): matching((10, 20)),
    (1, 3): matching((10, 30)),
    (1, 4): matching((10, 40)),
    (2, 3): matching((20, 30)),
    (3, 4): matching((30, 40)),
}


@pytest.mark.parametrize(("place", "unit_id"), [(0, 10), (1, 20), (2, 30), (3, 40)])
def test_a_unit_has_the_same_history_at_whichever_visit_it_is_asked_for(place, unit_id):
    assert chain(ALL_KEPT, place, unit_id) == [(SEEN, 10), (SEEN, 20), (SEEN, 30), (SEEN, 40)]


def test_a_unit_of_the_first_visit_is_followed_by_each_visits_pair_with_the_first():
    found = {(1, 2): matching((10, 20)), (1, 3): matching(lost=[10]), (1, 4): matching((10, 40))}
    consecutive = {(2, 3): matching((20, 31)), (3, 4): matching((31, 41))}
    assert chain({**found, **consecutive}, 0, 10) == [(SEEN, 10), (SEEN, 20), (LOST, None), (SEEN, 40)]


LATER = {
    (1, 2): matching((10, 20)),
    (1, 3): matching((10, 30), new=[31]),
    (1, 4): matching((10, 40), new=[41]),
    (2, 3): matching((20, 30), new=[31]),
    (3, 4): matching((30, 40), (31, 41)),
}


@pytest.mark.parametrize(("place", "unit_id"), [(2, 31), (3, 41)])
def test_a_unit_that_came_later_is_followed_from_visit_to_visit(place, unit_id):
    assert chain(LATER, place, unit_id) == [(NOT_YET, None), (NOT_YET, None), (SEEN, 31), (SEEN, 41)]


def test_what_came_later_and_was_lost_stays_lost():
    told = {(1, 2): matching(new=[21]), (2, 3): matching(lost=[21]), (3, 4): matching(new=[41])}
    assert chain(told, 1, 21) == [(NOT_YET, None), (SEEN, 21), (LOST, None), (LOST, None)]


def test_where_the_first_visit_says_nothing_the_visit_before_does():
    without = {ids: found for ids, found in ALL_KEPT.items() if ids != (1, 3)}
    outside = {**without, (1, 3): matching()}
    for told in (without, outside):
        assert chain(told, 0, 10) == [(SEEN, 10), (SEEN, 20), (SEEN, 30), (SEEN, 40)]
        assert chain(told, 2, 30) == [(SEEN, 10), (SEEN, 20), (SEEN, 30), (SEEN, 40)]


def test_without_any_registration_nothing_is_known_but_of_its_own_visit():
    assert chain({}, 1, 20) == [(UNKNOWN, None), (SEEN, 20), (UNKNOWN, None), (UNKNOWN, None)]


def test_what_no_pair_speaks_of_lies_outside_the_common_field():
    told = {ids: matching() for ids in ALL_KEPT}
    assert chain(told, 0, 10) == [(SEEN, 10), (OUTSIDE, None), (OUTSIDE, None), (OUTSIDE, None)]
    assert chain(told, 3, 40) == [(OUTSIDE, None), (OUTSIDE, None), (OUTSIDE, None), (SEEN, 40)]


def test_an_uncertain_partner_is_told_as_one():
    told = {**ALL_KEPT, (1, 3): matching(uncertain=[(10, 30)]), (1, 4): matching(uncertain=[(10, None)])}
    assert chain(told, 0, 10) == [(SEEN, 10), (SEEN, 20), (UNCERTAIN, 30), (UNCERTAIN, None)]
    assert chain(told, 2, 30) == [(SEEN, 10), (SEEN, 20), (UNCERTAIN, 30), (UNCERTAIN, None)]


def test_where_pairs_contradict_each_other_a_unit_is_still_in_its_own_history():
    told = {**ALL_KEPT, (1, 3): matching(lost=[10], new=[30])}
    assert chain(told, 0, 10) == [(SEEN, 10), (SEEN, 20), (LOST, None), (SEEN, 40)]
    assert chain(told, 2, 30) == [(NOT_YET, None), (UNCERTAIN, None), (SEEN, 30), (UNCERTAIN, None)]


# --- from a study ----------------------------------------------------------------------------------------------


def unit_hairs(first_id, unit_id, x, y, n, width_px=5.0):
    return [make_hair(first_id + k, unit_id, [[x + 2 * k, y], [x + 2 * k, y + 20]], width_px) for k in range(n)]


def record(shift_px, turned=False):
    axes = [[0.0, -1.0], [1.0, 0.0]] if turned else [[1.0, 0.0], [0.0, 1.0]]
    warp = Warp(np.column_stack([axes, shift_px]))
    return RegistrationRecord(Registration(warp, Verdict.GOOD, "", 20.0, 50, 0.9, 0.3), 1, 2, 0, "0.1.0", "")


@pytest.fixture
def study():
    """Unit 10 has 2 hairs, then 3, then is lost; all through pairs with the first visit; the last is turned."""
    visits = [Visit(i, "S01", f"visit {i}", 4.0 * (i - 1)) for i in (1, 2, 3)]
    reads = [
        make_read(unit_hairs(1, 10, 100, 200, 2), id_=1, image_id=1),
        make_read(unit_hairs(1, 20, 130, 240, 3, 6.0), id_=2, image_id=2),
        make_read(unit_hairs(1, 30, 800, 800, 1), id_=3, image_id=3),
    ]
    pairs = {
        1: Pair(1, 1, 2, record((30.0, 40.0))),
        2: Pair(2, 1, 3, record((500.0, 100.0), turned=True)),
    }
    images = [make_image(i, i) for i in (1, 2, 3)]
    return make_study(reads, images, visits, pairs=MappingProxyType(pairs))


MATCHED = by_pair({(1, 2): matching((10, 20)), (1, 3): matching(lost=[10], new=[30])})


def by_image(study):
    return {read.image_id: read for read in study.reads.values()}


def history_of(study, image_id, unit_id, reads=None):
    return unit_history(study, reads or by_image(study), MATCHED, image_id, unit_id)


def test_a_history_counts_hairs_and_adds_up_widths(study):
    history = history_of(study, 2, 20)
    assert [at.image_id for at in history.visits] == [1, 2, 3]
    assert [at.link for at in history.visits] == [Link(SEEN, 10), Link(SEEN, 20), Link(LOST)]
    assert [at.n_hairs for at in history.visits] == [2, 3, 0]
    assert [at.sum_width_um for at in history.visits] == [100.0, 180.0, 0.0]
    assert history.n_seen == 2


def test_a_history_says_where_the_unit_is_and_where_a_lost_one_was(study):
    spots = [at.spot for at in history_of(study, 1, 10).visits]
    assert [spot.at_px.tolist() for spot in spots] == [[101.0, 200.0], [132.0, 240.0], [300.0, 201.0]]
    # 10 µm/px; at the last visit the image is turned by a quarter
    assert spots[0].px_per_um.tolist() == [[0.1, 0.0], [0.0, 0.1]]
    assert spots[2].px_per_um == pytest.approx(np.array([[0.0, -0.1], [0.1, 0.0]]))


def test_a_rejected_hair_does_not_count(study):
    read = study.reads[2]
    hairs = {**read.hairs, 1: replace(read.hairs[1], status=HairStatus.REJECTED)}
    rejected = replace(read, hairs=MappingProxyType(hairs))
    visit = history_of(study, 1, 10).visits[1]
    assert visit.n_hairs == 3
    alone = replace(study, pairs=MappingProxyType({}))
    own = unit_history(alone, {2: rejected}, {}, 2, 20).visits[1]
    assert (own.n_hairs, own.sum_width_um, own.spot.at_px.tolist()) == (2, 120.0, [133.0, 240.0])


def test_a_unit_of_rejected_hairs_is_not_looked_for_elsewhere(study):
    read = study.reads[1]
    hairs = {i: replace(h, status=HairStatus.REJECTED) for i, h in read.hairs.items()}
    reads = {**by_image(study), 1: replace(read, hairs=MappingProxyType(hairs))}
    history = history_of(study, 1, 10, reads)
    assert [at.link for at in history.visits] == [Link(SEEN, 10), Link(UNKNOWN), Link(UNKNOWN)]
    assert [at.n_hairs for at in history.visits] == [0, None, None]


def test_what_is_not_known_is_no_number(study):
    reads = by_image(study)
    del reads[3]
    matched = {ids: found for ids, found in MATCHED.items() if ids.followup_image_id != 3}
    last = unit_history(study, reads, matched, 1, 10).visits[-1]
    assert (last.link, last.n_hairs, math.isnan(last.sum_width_um)) == (Link(UNKNOWN), None, True)
    assert last.spot is not None  # the registration still says where it would be


def test_a_visit_is_stood_for_by_the_image_asked_about(study):
    second = make_image(5, 2, "again.png")
    reads = {**study.reads, 5: make_read(unit_hairs(1, 50, 10, 10, 1), id_=5, image_id=5)}
    images = MappingProxyType({**study.images, 5: second})
    more = replace(study, images=images, reads=MappingProxyType(reads))
    assert [at.image_id for at in history_of(more, 5, 50).visits] == [1, 5, 3]


@pytest.mark.parametrize(
    ("presences", "new_at"),
    [
        ((SEEN, SEEN, SEEN), None),
        ((NOT_YET, SEEN, SEEN), 1),
        ((NOT_YET, NOT_YET, SEEN), 2),
        ((OUTSIDE, OUTSIDE, SEEN), None),
        ((NOT_YET, UNKNOWN, SEEN), None),
        ((SEEN, LOST, SEEN), None),
    ],
)
def test_only_what_was_looked_for_and_not_there_is_new(presences, new_at):
    links = [Link(p, 7 if p is SEEN else None) for p in presences]
    history = UnitHistory(tuple(UnitAt(i, link, None, math.nan, None) for i, link in enumerate(links)))
    assert history.new_at is (None if new_at is None else history.visits[new_at])


def test_each_visit_is_paired_with_the_first_and_with_the_one_before():
    assert pairs_of_visits((4, 2, 9)) == (PairIds(4, 2), PairIds(4, 9), PairIds(2, 9))
    assert pairs_of_visits((4,)) == ()
