from dataclasses import replace

import numpy as np
import pytest

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation.model.hair import Origin, Status
from workstation.reviewing import (
    ReviewQueue,
    curve_places,
    expected_error,
    is_doubtful,
    review_goal,
    review_progress,
)

IMAGE = replace(make_image(), width_px=256, height_px=256)


def hair(id_, x, y, confidence=0.3, **more):
    return make_hair(id_, 100 + id_, [[x, y], [x + 4, y + 9]], confidence=confidence, **more)


@pytest.mark.parametrize(
    ("more", "doubtful"),
    [
        ({"confidence": 0.49}, True),
        ({"confidence": 0.5}, False),
        ({"status": Status.ACCEPTED}, False),
        ({"status": Status.REJECTED}, False),
        ({"origin": Origin.EDITED}, False),
        ({"origin": Origin.ADDED}, False),
    ],
)
def test_doubtful_is_what_was_detected_with_little_confidence_and_judged_by_nobody(more, doubtful):
    assert is_doubtful(hair(1, 0, 0, **{"confidence": 0.3, **more}), 0.5) is doubtful


def test_the_curve_passes_once_through_every_cell_always_to_a_neighbour():
    y, x = np.mgrid[:256, :256]
    cells = np.column_stack([x.ravel(), y.ravel()])
    places = curve_places(cells, IMAGE)
    assert sorted(places) == list(range(256 * 256))
    steps = np.diff(cells[np.argsort(places)], axis=0)
    assert set(np.abs(steps).sum(axis=1)) == {1}


def test_points_outside_of_the_image_are_ordered_too():
    assert curve_places([[-0.5, -0.5], [300.0, -9.0]], IMAGE).tolist() == [0, 256 * 256 - 1]


def test_the_queue_goes_round_and_back_through_the_doubtful_hairs_alone():
    # the curve goes from the top left down the left half, then up the right one
    hairs = [hair(1, 200, 20), hair(2, 20, 20), hair(3, 20, 200), hair(4, 200, 200), hair(5, 30, 30, 0.9)]
    queue = ReviewQueue.of(IMAGE, make_read(hairs), 0.5)
    assert queue.hair_ids == (2, 3, 4, 1)
    assert [queue.after(hairs[i - 1].root_px, i) for i in (2, 3, 4, 1)] == [3, 4, 1, 2]
    assert [queue.before(hairs[i - 1].root_px, i) for i in (2, 3, 4, 1)] == [1, 2, 3, 4]


def test_from_a_hair_that_is_sure_the_queue_goes_to_those_near_it():
    hairs = [hair(1, 200, 20), hair(2, 20, 20), hair(3, 20, 200), hair(5, 30, 30, 0.9)]
    queue = ReviewQueue.of(IMAGE, make_read(hairs), 0.5)
    assert queue.after(hairs[3].root_px, 5) == 3
    assert queue.before(hairs[3].root_px, 5) == 2
    assert queue.after((199, 200)) == 1


def test_hairs_at_one_place_are_taken_one_after_the_other():
    hairs = [hair(7, 50, 50), hair(8, 50, 50), hair(9, 50, 50)]
    queue = ReviewQueue.of(IMAGE, make_read(hairs), 0.5)
    assert queue.after((50, 50), 7) == 8
    assert queue.after((50, 50), 8) == 9
    assert queue.before((50, 50), 8) == 7


def test_judging_one_hair_leaves_the_order_of_the_others():
    random = np.random.default_rng(0)
    hairs = [hair(i, *random.uniform(0, 250, 2)) for i in range(1, 60)]
    before = ReviewQueue.of(IMAGE, make_read(hairs), 0.5).hair_ids
    judged = [replace(h, status=Status.ACCEPTED) if h.id == before[20] else h for h in hairs]
    assert ReviewQueue.of(IMAGE, make_read(judged), 0.5).hair_ids == before[:20] + before[21:]


def test_an_empty_queue_leads_nowhere():
    queue = ReviewQueue.of(IMAGE, make_read([hair(1, 9, 9, 0.9)]), 0.5)
    assert queue.hair_ids == ()
    assert queue.after((9, 9), 1) is None
    assert queue.before((9, 9), 1) is None


def test_progress_counts_from_what_the_detection_found():
    found = [hair(1, 10, 10), hair(2, 20, 20), hair(3, 30, 30), hair(4, 40, 40, 0.9)]
    detection = make_read(found, id_=1, reader="trichodesk")
    own = make_read([replace(found[0], status=Status.ACCEPTED), found[2], found[3]], id_=2, based_on=1)  # 2 is deleted
    progress = review_progress(make_study([detection, own]), own, 0.5)
    assert (progress.n_left, progress.n_all, progress.n_done) == (1, 3, 2)
    assert progress.share_done == pytest.approx(2 / 3)


def test_progress_without_a_doubtful_hair_is_complete():
    read = make_read([hair(1, 10, 10, 0.9)])
    progress = review_progress(make_study([read]), read, 0.5)
    assert (progress.n_left, progress.n_all, progress.share_done) == (0, 0, 1.0)


def test_the_two_halves_of_a_doubtful_hair_do_not_make_the_work_less_than_done():
    found = [hair(1, 10, 10)]
    halves = make_read([hair(2, 10, 10), hair(3, 14, 18)], id_=2, based_on=1)
    progress = review_progress(make_study([make_read(found, id_=1), halves]), halves, 0.5)
    assert (progress.n_left, progress.n_all, progress.n_done) == (2, 2, 0)


def test_the_expected_error_is_the_doubt_in_counted_hairs_that_nobody_judged():
    hairs = [
        hair(1, 10, 10, 0.6),
        hair(2, 20, 20, 0.9),
        hair(3, 30, 30, 0.1, status=Status.ACCEPTED),
        hair(4, 40, 40, 0.1, status=Status.REJECTED),
        make_hair(5, None, [[0, 0], [9, 9]], confidence=0.1),
    ]
    error = expected_error(make_read(hairs))
    assert error.hairs == pytest.approx(0.5)
    assert error.hair_count == 3
    assert error.percent == pytest.approx(100 / 6)


def test_the_expected_error_of_nothing_has_no_share():
    error = expected_error(make_read([]))
    assert (error.hairs, error.hair_count) == (0.0, 0)
    assert np.isnan(error.percent)


@pytest.mark.parametrize(
    ("limit", "needed", "below"), [(50, 0, 0.0), (20, 0, 0.0), (10, 1, 0.6), (5, 1, 0.6), (0, 2, 0.9)]
)
def test_the_least_sure_hairs_are_judged_until_the_rest_is_sure_enough(limit, needed, below):
    hairs = [hair(1, 10, 10, 0.6), hair(2, 20, 20, 0.9), hair(3, 30, 30, 0.1, status=Status.ACCEPTED)]
    goal = review_goal(make_read(hairs), limit)
    assert (goal.n_needed, goal.reached) == (needed, needed == 0)
    assert goal.look_below == pytest.approx(below)
    assert sum(h.confidence < goal.look_below and h.status is Status.UNREVIEWED for h in hairs) == needed


def test_nothing_is_left_to_do_where_nothing_is_counted():
    assert review_goal(make_read([]), 0).reached
