import cv2
import numpy as np
import pytest

from analysis.snapping import prepare
from analysis.width import unblurred, widths_along, with_foretold

UM_PER_PX = 6.0
FINE = 8
SKIN, SHAFT = (200, 170, 160), (45, 35, 32)
Y = np.linspace(60, 240, 25)


def field(shafts, *, skin=SKIN, blur_px=1.0, shadow=0.0):
    """(300, 400, 3) upright shafts (x, width, colour) in px, to 1/8 px, blurred; a soft shadow to the right of each."""
    columns = np.arange(400 * FINE) / FINE + (0.5 / FINE - 0.5)
    line = np.empty((400 * FINE, 3))
    line[:] = skin
    for x, width, _ in shafts:
        beside = np.clip(1 - (columns - x - width / 2) / 12, 0, 1) * (columns > x)
        line *= (1 - shadow * beside)[:, None]
    for x, width, colour in shafts:
        line[np.abs(columns - x) <= width / 2] = colour
    row = line.reshape(400, FINE, 3).mean(axis=1)
    image = np.repeat(row[None], 300, axis=0)
    image[:40], image[-40:] = skin, skin
    blurred = cv2.GaussianBlur(image, (0, 0), blur_px)
    noisy = blurred + np.random.default_rng(1).normal(0, 1.0, blurred.shape)
    return np.clip(np.round(noisy), 0, 255).astype(np.uint8)


def measured(image, x, expected=None):
    return widths_along(prepare(image, UM_PER_PX), np.column_stack([np.full_like(Y, x), Y]), expected)


@pytest.mark.parametrize("width", [4.0, 6.0, 9.5, 13.0, 18.0])
@pytest.mark.parametrize("blur_px", [0.8, 1.2])
def test_the_width_of_a_shaft_is_right_to_a_micrometre(width, blur_px):
    image = field([(100.3, width, SHAFT), (250.0, 14.0, SHAFT)], blur_px=blur_px)
    assert np.median(measured(image, 100.3)) == pytest.approx(width, abs=1.0 / UM_PER_PX + 0.1)


def test_a_shadow_beside_a_shaft_is_no_part_of_it():
    image = field([(100.0, 10.0, SHAFT), (250.0, 14.0, SHAFT)], shadow=0.4)
    assert np.median(measured(image, 100.0)) == pytest.approx(10.0, abs=0.3)


def test_a_light_shaft_among_dark_ones_is_measured_too():
    image = field([(100.0, 10.0, (245, 245, 240)), (250.0, 14.0, SHAFT)])
    assert np.median(measured(image, 100.0, 5.0)) == pytest.approx(10.0, abs=0.3)


def test_of_two_touching_shafts_each_has_its_own_width():
    image = field([(100.0, 12.0, SHAFT), (111.5, 11.0, (60, 50, 48))])
    assert np.median(measured(image, 100.0, 6.0)) == pytest.approx(12.0, abs=0.5)
    assert np.median(measured(image, 111.5, 5.5)) == pytest.approx(11.0, abs=0.5)


def test_on_bare_skin_there_is_no_width():
    image = field([(100.0, 12.0, SHAFT)])
    assert np.isnan(measured(image, 300.0)).all()


def test_the_blur_is_taken_off():
    # steepest places of a shaft of 3 under a blur of 1.5: by hand from (u + w/2) φ(u + w/2) = (u - w/2) φ(u - w/2)
    assert unblurred(np.array([40.0]), 1.5) == pytest.approx([40.0])
    u = np.linspace(0, 10, 200_001)
    slope = np.exp(-(((u - 1.5) / 1.5) ** 2) / 2) - np.exp(-(((u + 1.5) / 1.5) ** 2) / 2)
    assert unblurred(np.array([2 * u[np.argmax(slope)]]), 1.5) == pytest.approx([3.0], abs=0.05)


def test_widths_that_agree_count_more_than_what_was_foretold():
    widths = np.array([9.9, 10.0, np.nan, 10.1])
    moved = with_foretold(widths, 14.0, 5.0)
    assert np.isnan(moved).tolist() == [False, False, True, False]
    # 50 µm ± 2.1 and 70 µm ± 4.3
    assert np.nanmedian(moved) * 5.0 == pytest.approx(53.9, abs=0.3)
    assert moved[3] - moved[0] == pytest.approx(0.2)


def test_widths_that_differ_give_way_to_what_was_foretold():
    moved = with_foretold(np.array([6.0, 10.0, 15.0, 4.0, 18.0]), 14.0, 5.0)
    assert np.median(moved) == pytest.approx(13.9, abs=0.15)


def test_where_no_width_is_known_none_is():
    assert np.isnan(with_foretold(np.full(3, np.nan), 14.0, 5.0)).all()
