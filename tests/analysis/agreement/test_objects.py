import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linear_sum_assignment

from analysis.agreement.objects import Objects, f1_score, first_directions, match_objects, tolerance_px

PLACES = st.integers(0, 8).flatmap(lambda n: arrays(np.float64, (n, 2), elements=st.integers(0, 40).map(float)))


def at(*places: tuple[float, float]) -> Objects:
    return Objects(np.array(places, dtype=np.float64).reshape(-1, 2))


def pairs(match) -> list[tuple[int, int]]:
    return list(zip(match.first.tolist(), match.second.tolist(), strict=True))


def test_the_nearest_within_the_tolerance_are_partners():
    match = match_objects(at((0, 0), (50, 0), (90, 0)), at((53, 4), (1, 0), (200, 0)), 10)

    assert pairs(match) == [(0, 1), (1, 0)]
    assert match.distance_px.tolist() == [1, 5]
    assert (match.only_first.tolist(), match.only_second.tolist()) == ([2], [2])
    assert match.f1 == pytest.approx(2 / 3)


def test_a_place_just_at_the_tolerance_is_within_it():
    assert len(match_objects(at((0, 0)), at((10, 0)), 10)) == 1
    assert len(match_objects(at((0, 0)), at((10.001, 0)), 10)) == 0


def test_the_total_counts_rather_than_the_nearest_pair():
    # 0 is nearer to b than 1 is, but then 1 would have to go without
    match = match_objects(at((0, 0), (9, 0)), at((-8, 0), (4, 0)), 10)

    assert pairs(match) == [(0, 0), (1, 1)]


def test_hairs_from_one_ostium_are_told_by_their_directions():
    first = Objects(np.array([[0.0, 0], [1, 0]]), np.array([[1.0, 0], [0, 1]]))
    second = Objects(np.array([[0.0, 0], [1, 0]]), np.array([[0.0, 5], [3, 0]]))

    assert pairs(match_objects(first, second, 10)) == [(0, 1), (1, 0)]


def test_a_direction_that_is_not_known_decides_nothing():
    first = Objects(np.array([[0.0, 0], [1, 0]]), np.array([[0.0, 0], [np.nan, 0]]))
    second = Objects(np.array([[0.0, 0], [1, 0]]), np.array([[0.0, 5], [3, 0]]))

    assert pairs(match_objects(first, second, 10)) == [(0, 0), (1, 1)]


def test_opposite_directions_do_not_part_what_has_no_other_partner():
    first, second = (
        Objects(np.zeros((1, 2)), np.array([[1.0, 0]])),
        Objects(np.array([[9.9, 0]]), np.array([[-1.0, 0]])),
    )

    assert len(match_objects(first, second, 10)) == 1


def test_widths_differ_by_the_second_less_the_first():
    first = Objects(np.array([[0.0, 0], [50, 0]]), width_px=np.array([10.0, 12]))
    second = Objects(np.array([[50.0, 0], [0, 0]]), width_px=np.array([np.nan, 11.5]))

    match = match_objects(first, second, 5)

    assert match.width_difference_px[0] == 1.5
    assert np.isnan(match.width_difference_px[1])


def test_nothing_agrees_with_nothing_to_no_degree():
    match = match_objects(at(), at(), 10)

    assert (len(match), match.n_first, match.n_second) == (0, 0, 0)
    assert np.isnan(match.f1)
    assert np.isnan(f1_score(0, 0, 0))


def test_one_side_alone():
    match = match_objects(at((1, 1)), at(), 10)

    assert match.f1 == 0
    assert match.only_first.tolist() == [0]


@pytest.mark.parametrize("tolerance", [0, -1, np.nan, np.inf])
def test_a_tolerance_is_a_positive_number(tolerance):
    with pytest.raises(ValueError, match="tolerance"):
        match_objects(at((0, 0)), at((0, 0)), tolerance)


def test_columns_of_one_length():
    with pytest.raises(ValueError, match="differ in length"):
        Objects(np.zeros((2, 2)), width_px=np.zeros(3))
    with pytest.raises(ValueError, match="not finite"):
        Objects(np.array([[np.nan, 0]]))


def test_the_tolerance_is_100_um_or_a_share_of_the_image():
    assert tolerance_px(1280, 5.0) == 20
    assert tolerance_px(1280, None) == pytest.approx(25.6)


def test_swapped_reads_make_the_same_pairs():
    rng = np.random.default_rng(1)
    first, second = rng.uniform(0, 300, (2, 120, 2))

    forth, back = match_objects(Objects(first), Objects(second), 20), match_objects(Objects(second), Objects(first), 20)

    assert set(pairs(forth)) == {(b, a) for a, b in pairs(back)}
    assert forth.f1 == back.f1


def test_a_direction_is_that_of_the_first_piece_or_of_the_whole_hair():
    points = np.array([[0.0, 0], [4, 0], [8, 0], [8, 40], [100, 0], [100, 3]])
    directions = first_directions(points, np.array([0, 4]), np.array([4, 2]), 6.0)
    assert directions.tolist() == [[8, 0], [0, 3]]
    assert first_directions(np.empty((0, 2)), np.empty(0, int), np.empty(0, int), 6.0).shape == (0, 2)


@given(PLACES, PLACES)
def test_no_other_pairing_costs_less(first, second):
    tolerance = 12.0
    match = match_objects(Objects(first), Objects(second), tolerance)

    distance = np.linalg.norm(first[:, None] - second[None], axis=2)
    worth = np.where(distance <= tolerance, 2.001 - distance / tolerance, 0)
    best = worth[linear_sum_assignment(worth, maximize=True)].sum()
    assert worth[match.first, match.second].sum() == pytest.approx(best)
    assert (match.distance_px <= tolerance).all()
    assert sorted([*match.first, *match.only_first]) == list(range(len(first)))
    assert sorted([*match.second, *match.only_second]) == list(range(len(second)))


@given(PLACES)
def test_a_read_agrees_with_itself(places):
    match = match_objects(Objects(places), Objects(places), 5)

    assert len(match) == len(places)
    assert not match.distance_px.any()
