import itertools

import numpy as np
import pytest

from tests.workstation.small_study import make_hair, make_read
from ui.view.unit_labels import Label, place_labels
from ui.view.unit_shapes import unit_shapes
from ui.view.viewport import Viewport

HEIGHT = 13.0


def units_at(places, down=True):
    end = np.array([0, 30 if down else -30])
    hairs = [make_hair(i + 1, 1000 + i, [place, place + end]) for i, place in enumerate(np.array(places, dtype=float))]
    return list(unit_shapes(make_read(hairs)).values())


def test_a_number_stands_off_the_outline_away_from_the_shafts():
    (unit,) = units_at([[100, 200]])
    label = place_labels([unit], Viewport(2.0), 9.0, HEIGHT)[unit.id]
    assert (label.text, label.x, label.y) == ("1", pytest.approx(200.0), pytest.approx(400.0 - 9.0 - 0.75 * HEIGHT))
    (unit,) = units_at([[100, 200]], down=False)
    assert place_labels([unit], Viewport(2.0), 9.0, HEIGHT)[unit.id].y == pytest.approx(400.0 + 9.0 + 0.75 * HEIGHT)


def test_in_a_turned_image_it_stands_off_as_far_and_turns_with_the_shaft():
    (unit,) = units_at([[100, 200]])
    label = place_labels([unit], Viewport(2.0, turn=np.pi / 2), 9.0, HEIGHT)[unit.id]
    assert (label.x, label.y) == (pytest.approx(-400.0 + 9.0 + 0.75 * HEIGHT), pytest.approx(200.0))


def test_numbers_never_collide_and_are_fewer_where_there_is_no_room():
    units = units_at(np.random.default_rng(1).uniform(0, 1000, (400, 2)))
    for scale, all_fit in ((4.0, True), (0.5, False)):
        labels = place_labels(units, Viewport(scale), 9.0, HEIGHT)
        for a, b in itertools.combinations(labels.values(), 2):
            assert max(abs(a.x - b.x), abs(a.y - b.y)) >= HEIGHT
        assert (len(labels) == 400) is all_fit
        assert len(labels) > 100


def test_numbers_that_are_kept_stay_and_new_ones_avoid_them():
    units = units_at([[100, 100], [103, 100], [106, 100]])
    kept = {units[0].id: Label("1", 200.0, 100.0), 77: Label("4", 206.0, 181.0)}
    labels = place_labels(units[1:], Viewport(2.0), 9.0, HEIGHT, kept=kept)
    assert {i: labels[i] for i in kept} == kept
    placed = list(labels.values())
    assert len(placed) == 4
    for a, b in itertools.combinations(placed, 2):
        assert max(abs(a.x - b.x), abs(a.y - b.y)) >= HEIGHT


def test_a_unit_that_is_not_counted_has_no_number():
    units = units_at([[-50, 100], [100, 100]])
    labels = place_labels(units, Viewport(1.0), 9.0, HEIGHT)
    assert [u.counted for u in units] == [False, True]
    assert list(labels) == [units[1].id]
