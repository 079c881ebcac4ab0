import numpy as np
import pytest

from analysis.snapping import prepare, snap
from tests.analysis.drawn_hairs import draw

BENT = [((80, 100), (200, 150), 60.0), ((200, 150), (330, 260), 60.0)]


@pytest.fixture(scope="module")
def bent():
    return prepare(draw(BENT), 6.0)


def apart(line, shafts):
    """Distance of every vertex from the nearest of the drawn axes."""
    distances = []
    for start, end, _ in shafts:
        a, b = np.array(start, float), np.array(end, float)
        t = np.clip((line - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
        distances.append(np.hypot(*(line - (a + t[:, None] * (b - a))).T))
    return np.min(distances, axis=0)


def test_the_line_follows_the_shaft_round_its_bend(bent):
    line = snap(bent, [(90, 104), (320, 252)])
    assert apart(line, BENT).max() < 2.0


def test_clicks_beside_the_shaft_are_moved_onto_its_axis(bent):
    line = snap(bent, [(98, 113), (311, 248)])
    assert apart(line[[0, -1]], BENT).max() < 2.0
    assert np.hypot(*(line[0] - (98, 113))) < 7.0


def test_clicks_on_plain_skin_stay_where_they_are(bent):
    clicks = np.array([(60.0, 350.0), (160.0, 360.0)])
    line = snap(bent, clicks)
    assert line[[0, -1]] == pytest.approx(clicks)
    assert apart(line, [((60, 350), (160, 360), 0)]).max() < 3.0


def test_the_line_passes_every_click(bent):
    clicks = np.array([(60.0, 350.0), (200.0, 330.0), (330.0, 380.0)])
    line = snap(bent, clicks)
    for click in clicks:
        assert np.hypot(*(line - click).T).min() < 1e-6


def test_order_is_kept(bent):
    there = snap(bent, [(90, 104), (320, 252)])
    back = snap(bent, [(320, 252), (90, 104)])
    assert there[0] == pytest.approx(back[-1], abs=0.01)
    assert there[0, 0] < there[-1, 0]


def test_a_window_at_the_edge_of_the_image_is_no_trouble():
    evidence = prepare(draw([((-10, 60), (90, 70), 60.0)]), 6.0)
    line = snap(evidence, [(0, 61), (85, 69.5)])
    assert apart(line, [((-10, 60), (90, 70), 60.0)]).max() < 2.0


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (3, 3)])
def test_the_smallest_images_give_the_clicks_back(size):
    evidence = prepare(np.full((*size, 3), 150, np.uint8), 6.0)
    clicks = np.array([(0.0, 0.0), (size[1] - 1.0, size[0] - 1.0)])
    assert snap(evidence, clicks)[[0, -1]] == pytest.approx(clicks)


@pytest.mark.parametrize("clicks", [[(1, 1)], [(1, 1), (np.nan, 2)], np.zeros((0, 2))])
def test_too_few_clicks_are_refused(bent, clicks):
    with pytest.raises(ValueError, match="two clicks"):
        snap(bent, clicks)
