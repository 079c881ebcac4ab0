import math

import pytest
import shapely

from analysis.matching.change import Change, NoChange, Tally, change_between
from analysis.matching.match import Level, Ruling
from analysis.matching.matcher import match
from tests.analysis.drawn_visits import STILL, single, visit


def changed(before, after, rulings=(), **options):
    found = match(before, after, STILL, rulings)
    return change_between(found, before, after, vellus_below_um=30, terminal_from_um=60, **options)


def test_a_worked_example():
    before = visit(
        (1, (11, 1000, 1000, 55), (12, 1060, 1000, 80)),  # one hair becomes terminal, one thins
        (2, (21, 2000, 1000, 50), (22, 2060, 1000, 40)),  # one becomes vellus, the other is lost
        single(3, 3000, 1000),  # lost
        single(4, 4000, 1000, 60, 0.2),  # hardly there
        single(9, 4960, 3000),  # kept, but at the edge
    )
    after = visit(
        (1, (11, 1005, 1000, 78), (12, 1065, 1000, 58)),
        (2, (21, 2003, 1000, 24), (23, 2000, 1300, 90)),
        single(5, 1000, 3000),
        single(6, 2000, 3000),
        single(7, 3000, 3000),
        single(9, 4960, 3000),
    )
    change = changed(before, after)
    assert isinstance(change, Change)
    assert change.units == Tally(kept=2, lost=1, new=3, uncertain=1)
    assert change.hairs == Tally(kept=3, lost=2, new=4, uncertain=1)
    widths = change.widths
    assert (widths.thickened, widths.thinned, widths.became_terminal, widths.became_vellus) == (1, 2, 1, 1)
    assert (widths.n_known, widths.n_unknown, widths.error_um) == (3, 0, 20.0)
    assert widths.mean_um == pytest.approx((23 - 22 - 26) / 3)
    assert (change.overlap, change.area_cm2) == pytest.approx((1.0, 0.48**2))


def test_shares_are_of_what_was_there_before():
    tally = Tally(kept=45, lost=5, new=8, uncertain=2)
    assert (tally.net, tally.net_share, tally.lost_share, tally.new_share) == (3, 0.06, 0.1, 0.16)
    nothing = Tally(kept=0, lost=0, new=3, uncertain=1)
    assert nothing.net == 3
    assert all(math.isnan(share) for share in (nothing.net_share, nothing.lost_share, nothing.new_share))


def test_counts_can_be_told_per_area():
    change = changed(visit(), visit(single(1, 1000, 1000)))
    assert change.per_cm2(change.units.net) == pytest.approx(1 / 0.2304)


def test_a_width_changes_by_more_than_its_error_or_not_at_all():
    before, after = visit(single(1, 1000, 1000, 50)), visit(single(1, 1000, 1000, 62))
    within, beyond = changed(before, after).widths, changed(before, after, width_error_um=11.9).widths
    assert (within.thickened, within.became_terminal) == (0, 0)
    assert (beyond.thickened, beyond.became_terminal, beyond.error_um) == (1, 1, 11.9)
    assert changed(before, after, width_error_um=12.0).widths.thickened == 0
    shrunk = changed(after, before, width_error_um=11.9).widths
    assert (shrunk.thickened, shrunk.thinned, shrunk.became_terminal, shrunk.became_vellus) == (0, 1, 0, 0)


def test_a_hair_that_stays_in_its_class_does_not_become_it():
    stays = changed(visit(single(1, 1000, 1000, 61)), visit(single(1, 1000, 1000, 95))).widths
    assert (stays.thickened, stays.became_terminal) == (1, 0)
    still = changed(visit(single(1, 1000, 1000, 28)), visit(single(1, 1000, 1000, 4))).widths
    assert (still.thinned, still.became_vellus) == (1, 0)


def test_a_hair_that_merely_crosses_a_cut_off_does_not_become_it():
    crosses = changed(visit(single(1, 1000, 1000, 32)), visit(single(1, 1000, 1000, 28))).widths
    assert (crosses.thinned, crosses.became_vellus) == (0, 0)


def test_a_width_that_is_not_known_has_no_change():
    widths = changed(visit(single(1, 1000, 1000, math.nan)), visit(single(1, 1000, 1000, 95))).widths
    assert (widths.n_known, widths.n_unknown, widths.thickened, widths.became_terminal) == (0, 1, 0, 0)
    assert math.isnan(widths.mean_um)


def test_below_the_least_overlap_no_change_is_given_but_a_reason():
    before, after = visit(single(1, 1000, 1000)), visit(single(1, 1000, 1000), region=shapely.box(0, 0, 496, 1000))
    refused = changed(before, after)
    assert isinstance(refused, NoChange)
    assert refused.overlap == pytest.approx(0.496)
    assert (
        refused.reason == "49.6 % of the first field is seen again at the later visit; a change is given from 50 % on."
    )
    allowed = changed(before, after, min_overlap=0.4)
    assert isinstance(allowed, Change)
    assert allowed.units == Tally(1, 0, 0, 0)


def test_a_common_field_that_is_all_edge_gives_no_change():
    sliver = shapely.box(0, 0, 39, 1000)
    refused = changed(visit(region=sliver), visit(region=sliver))
    assert isinstance(refused, NoChange)
    assert refused.reason == "What the two fields share is too narrow to compare anything in."


def test_what_a_reader_ruled_outside_the_compared_field_is_not_counted():
    edge = [Ruling(Level.UNIT, 1, None), Ruling(Level.UNIT, None, 1)]
    change = changed(visit(single(1, 50, 1000)), visit(single(1, 50, 1000)), edge)
    assert change.units == Tally(0, 0, 0, 0)
