import numpy as np
import pytest

from analysis.registration.way import Similarity, Step, Way, similarity_of
from tests.registered import turned_warp

POINTS = np.random.default_rng(4).uniform(0, 300, (30, 2))
ONE, OTHER = turned_warp(10, 1.1, (20, -5), bend=2.0), turned_warp(-25, 0.9, (3, 40), bend=-1.0)


def test_without_a_step_an_image_leads_to_itself():
    np.testing.assert_array_equal(Way().there(POINTS), POINTS)


def test_between_two_follow_ups_it_leads_through_their_baseline():
    way = Way((Step(ONE, backwards=True), Step(OTHER)))
    np.testing.assert_allclose(way.there(ONE.to_followup(POINTS)), OTHER.to_followup(POINTS), atol=1e-5)


def test_back_is_where_it_came_from():
    way = Way((Step(ONE, backwards=True), Step(OTHER)))
    np.testing.assert_allclose(way.back(way.there(POINTS)), POINTS, atol=1e-5)
    np.testing.assert_allclose(way.reversed.reversed.there(POINTS), way.there(POINTS))


def test_two_ways_one_after_the_other():
    both = Way((Step(ONE),)).then(Way((Step(OTHER),)))
    np.testing.assert_allclose(both.there(POINTS), OTHER.to_followup(ONE.to_followup(POINTS)))


def test_a_turn_a_scale_and_a_shift_are_found_exactly():
    warp = turned_warp(15, 1.2, (30, -70))
    found = similarity_of(warp.to_followup, (320, 240), (400, 400))
    assert np.degrees(found.turn) == pytest.approx(15)
    assert found.scale == pytest.approx(1.2)
    assert found.shift_px == pytest.approx((30, -70))
    np.testing.assert_allclose(found.back(warp.to_followup(POINTS)), POINTS, atol=1e-9)


def test_only_what_both_images_show_decides():
    """Far off the knots a spline may be anything."""

    def there(points):
        return np.where(points[:, :1] < 160, points + 10.0, points * 9.0)

    found = similarity_of(there, (320, 240), (180, 300))
    assert (found.scale, found.turn) == (pytest.approx(1.0), pytest.approx(0.0))


def test_of_images_that_share_nothing_the_whole_decides():
    found = similarity_of(lambda points: points + 5000.0, (320, 240), (320, 240))
    assert found == Similarity(pytest.approx(1.0), pytest.approx(0.0), (pytest.approx(5000.0), pytest.approx(5000.0)))
