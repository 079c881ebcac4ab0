import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from ui.view.pyramid import pixels_of, pyramid_of
from ui.view.viewport import Viewport


def painted(pyramid, viewport, box=None):
    view = QImage(*viewport.size, QImage.Format.Format_RGB32)
    view.fill(0)
    painter = QPainter(view)
    pyramid.paint(painter, viewport, box or viewport.visible_px)
    painter.end()
    return pixels_of(view)[..., 2::-1].copy()


def noise(width, height, seed=0):
    return np.random.default_rng(seed).integers(1, 255, (height, width, 3), dtype=np.uint8)


def test_levels_are_halves_down_to_the_smallest():
    pyramid = pyramid_of(noise(1100, 701))
    assert [(level.width(), level.height()) for level in pyramid.levels] == [(1100, 701), (550, 351), (275, 176)]
    assert pyramid.size == (1100, 701)
    assert len(pyramid_of(noise(300, 200)).levels) == 1
    assert pyramid_of(noise(1, 1)).size == (1, 1)


def test_at_one_to_one_every_pixel_is_the_images_own():
    image = noise(90, 70)
    viewport = Viewport(1.0, (44.5, 34.5), (90, 70)).snapped()
    np.testing.assert_array_equal(painted(pyramid_of(image), viewport), image)
    np.testing.assert_array_equal(painted(pyramid_of(image), viewport.panned(5, -3))[:67, 5:], image[3:, :-5])


@pytest.mark.parametrize("scale", [6, 10])
def test_zoomed_far_in_a_pixel_is_a_square_whose_centre_is_where_the_viewport_says(scale):
    image = noise(30, 20)
    viewport = Viewport(float(scale), (14.5, 9.5), (30 * scale, 20 * scale)).snapped()
    shown = painted(pyramid_of(image), viewport)
    np.testing.assert_array_equal(shown, image.repeat(scale, axis=0).repeat(scale, axis=1))
    x, y = viewport.to_view((12, 7)).astype(int)
    assert shown[y, x].tolist() == image[7, 12].tolist()


@pytest.mark.parametrize("scale", [0.9, 0.5, 0.37, 0.25, 0.11])
def test_zoomed_out_a_spot_stays_where_it_is(scale):
    image = np.zeros((1600, 2000, 3), np.uint8)
    image[790:811, 1190:1211] = 255  # its middle is at (1200, 800)
    viewport = Viewport(scale, (1000, 800), (700, 500)).snapped()
    shown = painted(pyramid_of(image), viewport)[..., 0].astype(float)
    rows, columns = np.mgrid[: shown.shape[0], : shown.shape[1]]
    middle = np.array([(columns * shown).sum(), (rows * shown).sum()]) / shown.sum() + 0.5
    np.testing.assert_allclose(middle, viewport.to_view((1200, 800)), atol=0.35)


def test_a_part_is_painted_as_in_the_whole():
    pyramid = pyramid_of(noise(900, 700))
    for scale in (0.4, 1.0, 1.7, 8.0):
        viewport = Viewport(scale, (450, 350), (200, 160)).snapped()
        whole = painted(pyramid, viewport).astype(int)
        left, top, right, bottom = viewport.visible_px
        part = (left + (right - left) * 0.25, top, left + (right - left) * 0.5, bottom)
        piece = painted(pyramid, viewport, part).astype(int)
        # smoothing may round otherwise by a level or two
        assert np.abs(piece - whole)[2:-2, 52:98].max() <= 3


def test_outside_of_the_image_nothing_is_painted():
    image = np.full((40, 40, 3), 200, np.uint8)
    shown = painted(pyramid_of(image), Viewport(1.0, (19.5, 19.5), (60, 60)).snapped())
    assert (shown[10:50, 10:50] == 200).all()
    assert shown.sum() == 200 * 3 * 40 * 40


def test_local_contrast_makes_another_picture_of_the_same_size():
    image = noise(300, 200) // 8 + 90
    plain, clear = pyramid_of(image), pyramid_of(image, local_contrast=True)
    assert clear.size == plain.size
    spread = [float(pixels_of(p.levels[0])[..., 1].std()) for p in (plain, clear)]
    assert spread[1] > 2 * spread[0]
