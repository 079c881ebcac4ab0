import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis import geometry

ELBOW = np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 10.0]])

lines = st.integers(2, 8).flatmap(lambda n: arrays(np.float64, (n, 2), elements=st.floats(-1e3, 1e3, width=32)))
points = arrays(np.float64, (2,), elements=st.floats(-1e3, 1e3, width=32))


def test_length_is_taken_along_the_line():
    assert geometry.arc_positions(ELBOW).tolist() == [0.0, 5.0, 11.0]
    assert geometry.arc_length(ELBOW) == 11.0


def test_points_along_lie_on_the_line_and_stop_at_its_ends():
    found = geometry.points_along(ELBOW, [-1.0, 2.5, 5.0, 8.0, 99.0])
    assert found.tolist() == [[0, 0], [1.5, 2.0], [3, 4], [3, 7], [3, 10]]
    assert geometry.point_along(ELBOW, 8.0).tolist() == [3, 7]


def test_resample_spaces_points_equally_and_keeps_both_ends():
    assert geometry.resample([[0, 0], [10, 0]], 2.5).tolist() == [[0, 0], [2.5, 0], [5, 0], [7.5, 0], [10, 0]]
    assert geometry.resample([[0, 0], [10, 0]], 4.0)[:, 0] == pytest.approx([0, 10 / 3, 20 / 3, 10])
    assert geometry.resample([[0, 0], [10, 0]], 50.0).tolist() == [[0, 0], [10, 0]]


def test_resample_refuses_a_step_that_leads_nowhere():
    with pytest.raises(ValueError, match="step must be positive"):
        geometry.resample(ELBOW, 0.0)


def test_a_line_of_whole_steps_gets_no_extra_point():
    assert len(geometry.resample([[0, 0], [0.3, 0]], 0.1)) == 4


def test_projection_onto_a_segment_and_beyond_an_end():
    found = geometry.project([5.0, 6.0], ELBOW)
    assert (found.distance_px, found.arc_px, found.point_px.tolist()) == (2.0, 7.0, [3.0, 6.0])
    beyond = geometry.project([3.0, 12.0], ELBOW)
    assert (beyond.distance_px, beyond.arc_px, beyond.point_px.tolist()) == (2.0, 11.0, [3.0, 10.0])


def test_projection_survives_a_repeated_vertex():
    found = geometry.project([1.0, 1.0], [[0, 0], [0, 0], [2, 0]])
    assert (found.distance_px, found.arc_px) == (1.0, 1.0)


@given(points, lines)
def test_projection_agrees_with_shapely(point, line):
    assume(geometry.arc_length(line) > 1e-3)
    found = geometry.project(point, line)
    reference = shapely.LineString(line)
    assert found.distance_px == pytest.approx(reference.distance(shapely.Point(point)), abs=1e-6)
    assert geometry.point_along(line, found.arc_px) == pytest.approx(found.point_px, abs=1e-6)


def test_cut_keeps_the_vertices_in_between():
    assert geometry.cut(ELBOW, 2.5, 8.0).tolist() == [[1.5, 2], [3, 4], [3, 7]]
    assert geometry.cut(ELBOW, 6.0, 8.0).tolist() == [[3, 5], [3, 7]]
    assert geometry.cut(ELBOW, 0.0, 11.0).tolist() == ELBOW.tolist()


def test_cut_at_a_vertex_does_not_repeat_it():
    assert geometry.cut(ELBOW, 5.0, 11.0).tolist() == [[3, 4], [3, 10]]
    assert geometry.cut(ELBOW, 0.0, 5.0).tolist() == [[0, 0], [3, 4]]


@pytest.mark.parametrize(("start", "end"), [(4.0, 4.0), (5.0, 4.0), (-1.0, 4.0), (0.0, 12.0), (float("nan"), 4.0)])
def test_cut_refuses_what_is_no_piece(start, end):
    with pytest.raises(ValueError, match="a line of 11 px has no piece"):
        geometry.cut(ELBOW, start, end)


@given(lines, st.floats(0.01, 0.99))
def test_two_pieces_are_as_long_as_the_whole(line, share):
    length = geometry.arc_length(line)
    assume(length > 1e-3)
    first = geometry.cut(line, 0.0, share * length)
    second = geometry.cut(line, share * length, length)
    assert geometry.arc_length(first) + geometry.arc_length(second) == pytest.approx(length)
    assert first[-1] == pytest.approx(second[0])


def test_a_vertex_that_repeats_the_one_before_is_told_apart():
    assert geometry.moves_on([[0, 0], [0, 0], [1, 0], [1, 0], [0, 0]]).tolist() == [True, False, True, False, True]
    assert geometry.moves_on([[2, 2]]).tolist() == [True]


@pytest.mark.parametrize("bad", [[[0, 0]], [0, 1, 2, 3], [[0, 0, 0], [1, 1, 1]]])
def test_what_is_no_line_is_refused(bad):
    with pytest.raises(ValueError, match="at least two points"):
        geometry.arc_length(bad)


def test_coordinates_must_be_finite():
    with pytest.raises(ValueError, match="finite"):
        geometry.arc_length([[0, 0], [np.nan, 1]])
