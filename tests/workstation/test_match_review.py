import numpy as np
import pytest

from analysis.matching.match import Level, Match, Matching, Ruling, Status
from analysis.registration.warp import Warp
from tests.workstation.small_study import make_hair, make_image, make_read
from workstation.errors import EditRefused
from workstation.match_review import Answer, MatchQueue, Reason, Side, decision_on, ruling_for
from workstation.model.pair import Decision

SHIFTED = Warp(np.array([[1.0, 0.0, 50.0], [0.0, 1.0, 0.0]]))


def unit(baseline, followup, status, *, ruled=False):
    return Match(Level.UNIT, baseline, followup, status, ruled=ruled)


def hair(baseline, followup, status, change_um=float("nan")):
    return Match(Level.HAIR, baseline, followup, status, width_change_um=change_um)


def decided(*rulings):
    return [Decision(i, 1, ruling, 1, 2, "Ada") for i, ruling in enumerate(rulings, 1)]


def side(image_id, roots):
    """A hair at each place, hair 1 in unit 101 and so on; 5 px wide at 10 µm/px."""
    hairs = [make_hair(i, 100 + i, [place, (place[0], place[1] + 20)]) for i, place in enumerate(roots, 1)]
    return Side(make_image(image_id, image_id), make_read(hairs, id_=image_id, image_id=image_id), 10.0)


def queue(units, hairs=(), decisions=(), places=((100, 100), (900, 100), (900, 900), (100, 900))):
    sides = side(1, places), side(2, [(x + 50, y) for x, y in places])
    matching = Matching(tuple(units), tuple(hairs), None, None, 1.0)
    return MatchQueue.of(matching, *sides, SHIFTED, width_error_um=15.0).after_deciding(decisions)


def ids(found):
    return [(item.reason, item.match.baseline_id, item.match.followup_id) for item in found.items]


def test_uncertain_ones_come_first_then_lost_new_and_changed_ones():
    found = queue(
        [
            unit(101, 101, Status.KEPT),
            unit(None, 102, Status.NEW),
            unit(103, None, Status.LOST),
            unit(104, 104, Status.UNCERTAIN),
        ],
        [hair(1, 1, Status.KEPT, -20.0)],
    )
    assert ids(found) == [
        (Reason.UNCERTAIN, 104, 104),
        (Reason.LOST, 103, None),
        (Reason.NEW, None, 102),
        (Reason.CHANGED, 101, 101),
    ]
    assert found.counts() == dict.fromkeys(Reason, 1)


def test_units_found_again_as_they_were_are_not_worth_a_look():
    found = queue([unit(101, 101, Status.KEPT)], [hair(1, 1, Status.KEPT, 14.9)])
    assert (found.n_left, found.share_done) == (0, 1.0)


def test_the_most_changed_comes_first_and_a_hair_that_went_counts_with_its_width():
    found = queue(
        [unit(i, i, Status.KEPT) for i in (101, 102, 103)],
        [
            hair(1, 1, Status.KEPT, 16.0),
            hair(2, None, Status.LOST),
            hair(3, 3, Status.KEPT, -30.0),
            hair(None, 3, Status.UNCERTAIN),
        ],
    )
    assert [(item.match.baseline_id, item.change_um) for item in found.items] == [(102, 50.0), (103, 30.0), (101, 16.0)]


def test_a_hair_that_came_changes_its_units_partner():
    found = queue([unit(101, 104, Status.KEPT)], [hair(1, 2, Status.KEPT, 1.0), hair(None, 4, Status.NEW)])
    assert [(item.match.baseline_id, item.change_um) for item in found.items] == [(101, 51.0)]


def test_hairs_of_lost_and_new_units_change_nothing_else():
    found = queue(
        [unit(101, None, Status.LOST), unit(None, 101, Status.NEW)],
        [hair(1, None, Status.LOST), hair(None, 1, Status.NEW)],
    )
    assert ids(found) == [(Reason.LOST, 101, None), (Reason.NEW, None, 101)]


def test_lost_ones_follow_a_curve_with_short_ways():
    places = ((100, 100), (900, 900), (120, 120), (880, 880))
    found = queue([unit(i, None, Status.LOST) for i in (101, 102, 103, 104)], places=places)
    order = [item.match.baseline_id for item in found.items]
    assert abs(order.index(101) - order.index(103)) == 1
    assert abs(order.index(102) - order.index(104)) == 1


def test_a_new_one_stands_where_the_earlier_image_shows_its_place():
    # in the later image it lies 50 px farther to the right, beside the earlier one at 980
    lost, new = unit(101, None, Status.LOST), unit(None, 101, Status.NEW)
    found = queue([lost, new], places=((940, 500),))
    assert found.items[0].order[1] == found.items[1].order[1]


def test_a_decision_on_a_unit_that_is_gone_settles_nothing_of_its_partner():
    found = queue([unit(None, 104, Status.NEW)], decisions=decided(Ruling(Level.UNIT, 999, 104)))
    assert ids(found) == [(Reason.NEW, None, 104)]
    assert found.n_decided == 0


@pytest.mark.parametrize(
    ("ruling", "left"),
    [
        (Ruling(Level.UNIT, 101, None), [102]),
        (Ruling(Level.UNIT, 101, 103), [102]),
        (Ruling(Level.UNIT, 101, 103, same=False), [101, 102]),
        (Ruling(Level.HAIR, 101, None), [101, 102]),
    ],
)
def test_what_is_decided_is_done_even_before_it_is_matched_anew(ruling, left):
    found = queue([unit(101, None, Status.LOST), unit(102, None, Status.LOST)], decisions=decided(ruling))
    assert sorted(item.match.baseline_id for item in found.items) == left
    assert found.share_done == pytest.approx((2 - len(left)) / 2)


def test_a_ruled_match_is_done():
    found = queue([unit(101, None, Status.LOST, ruled=True), unit(102, None, Status.LOST)])
    assert (found.n_left, found.n_decided, found.share_done) == (1, 1, 0.5)


def test_next_and_previous_are_opposite_and_go_round():
    found = queue([unit(i, None, Status.LOST) for i in (101, 102, 103, 104)])
    here, way = None, []
    for _ in range(5):
        item = found.after(here)
        here = item.order
        way.append(item.match.baseline_id)
    assert sorted(way[:4]) == [101, 102, 103, 104]
    assert way[4] == way[0]
    assert found.before(here).match.baseline_id == way[3]
    assert found.before(None).match.baseline_id == way[3]


def test_from_one_that_is_done_it_goes_on_to_the_one_after_it():
    units = [unit(i, None, Status.LOST) for i in (101, 102, 103)]
    first, second, third = queue(units).items
    without = queue([m for m in units if m != second.match])
    assert without.after(second.order).match == third.match
    assert without.before(second.order).match == first.match


def test_only_some_reasons_are_gone_through():
    found = queue([unit(101, None, Status.LOST), unit(None, 102, Status.NEW)])
    assert ids(found.only([Reason.NEW])) == [(Reason.NEW, None, 102)]
    assert found.only([]).after(None) is None


def test_an_item_is_known_by_its_ids():
    found = queue([unit(101, None, Status.LOST)])
    assert found.item_of(unit(101, None, Status.UNCERTAIN)) is found.items[0]
    assert found.item_of(unit(102, None, Status.LOST)) is None
    assert found.item_of(hair(101, None, Status.LOST)) is None
    assert found.item_of(None) is None


# --- verdicts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "match", "ruling"),
    [
        (Answer.CONFIRM, unit(1, 2, Status.KEPT), Ruling(Level.UNIT, 1, 2)),
        (Answer.CONFIRM, unit(1, 2, Status.UNCERTAIN), Ruling(Level.UNIT, 1, 2)),
        (Answer.CONFIRM, unit(1, None, Status.LOST), Ruling(Level.UNIT, 1, None)),
        (Answer.CONFIRM, unit(None, 2, Status.NEW), Ruling(Level.UNIT, None, 2)),
        (Answer.BREAK, hair(1, 2, Status.KEPT), Ruling(Level.HAIR, 1, 2, same=False)),
        (Answer.LOST, unit(1, 2, Status.KEPT), Ruling(Level.UNIT, 1, None)),
        (Answer.NEW, unit(1, 2, Status.UNCERTAIN), Ruling(Level.UNIT, None, 2)),
    ],
)
def test_what_an_answer_means(answer, match, ruling):
    assert ruling_for(answer, match) == ruling


@pytest.mark.parametrize(
    ("answer", "match", "why"),
    [
        (Answer.CONFIRM, unit(1, None, Status.UNCERTAIN), "there is nothing to confirm: this unit has no sure partner"),
        (Answer.BREAK, unit(1, None, Status.LOST), "this unit has no partner to be parted from"),
        (Answer.BREAK, hair(None, 1, Status.NEW), "this hair has no partner to be parted from"),
        (
            Answer.LOST,
            unit(None, 2, Status.NEW),
            "this unit was not there at the earlier visit, so it cannot be lost",
        ),
        (Answer.NEW, unit(1, None, Status.LOST), "this unit is not there at the later visit, so it cannot be new"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(answer, match, why):
    with pytest.raises(EditRefused) as told:
        ruling_for(answer, match)
    assert told.value.what == why


def test_an_uncertain_one_without_partner_says_what_to_do():
    with pytest.raises(EditRefused) as told:
        ruling_for(Answer.CONFIRM, unit(None, 2, Status.UNCERTAIN))
    assert told.value.remedy == "Say that it is new, or link it to its partner."


def test_who_decided_is_the_latest_who_named_it():
    decisions = decided(Ruling(Level.UNIT, 1, 2), Ruling(Level.UNIT, 1, None), Ruling(Level.HAIR, 1, 2))
    assert decision_on(decisions, unit(1, None, Status.LOST)).id == 2
    assert decision_on(decisions, unit(None, 2, Status.NEW)).id == 1
    assert decision_on(decisions, hair(1, 5, Status.KEPT)).id == 3
    assert decision_on(decisions, unit(7, None, Status.LOST)) is None
