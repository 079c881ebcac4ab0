import numpy as np
import pytest

from ui.pictures import AROUND, Crop, PictureStore, Thumbnail
from ui.pixels import PixelStore


def sha(workspace, image_id):
    return workspace.study.images[image_id].sha256


@pytest.fixture
def pixels(workspace):
    pixels = PixelStore(workspace)
    yield pixels
    pixels.shutdown()


@pytest.fixture
def pictures(workspace, pixels, background):
    return PictureStore(workspace, pixels, background)


def ramp(height, width):
    """Red grows to the right by 1 a pixel, green downwards."""
    y, x = np.mgrid[:height, :width]
    return np.dstack([x, y, np.zeros_like(x)]).astype(np.uint8)


def test_a_thumbnail_fits_and_keeps_its_shape():
    made = Thumbnail(1, "", (50, 50)).made_from(np.full((120, 240, 3), 7, np.uint8))
    assert made.shape == (25, 50, 3)
    assert (made == 7).all()


def test_a_crop_has_its_place_in_the_middle_and_is_as_wide_as_the_skin_asked_for():
    crop = Crop(1, "", (100.0, 60.0), (0.1, 0.0, 0.0, 0.1), side_um=210.0, side_px=21)
    made = crop.made_from(ramp(200, 200)).astype(int)
    assert made[10, 10].tolist() == [100, 60, 0]
    assert (made[0, 0].tolist(), made[20, 20].tolist()) == ([90, 50, 0], [110, 70, 0])


def test_a_crop_of_a_turned_image_is_turned_back():
    # a step to the right on the skin goes down in this image, one down goes left
    crop = Crop(1, "", (100.0, 60.0), (0.0, -0.1, 0.1, 0.0), side_um=210.0, side_px=21)
    made = crop.made_from(ramp(200, 200)).astype(int)
    assert made[10, 10].tolist() == [100, 60, 0]
    assert made[10, 20].tolist() == [100, 70, 0]
    assert made[20, 10].tolist() == [90, 60, 0]


def test_a_crop_that_is_smaller_than_what_it_shows_is_an_average():
    stripes = np.zeros((200, 200, 3), np.uint8)
    stripes[:, ::2] = 200
    made = Crop(1, "", (100.0, 100.0), (0.1, 0.0, 0.0, 0.1), side_um=800.0, side_px=20).made_from(stripes)
    assert np.abs(made.astype(int) - 100).max() <= 2


def test_outside_the_image_a_crop_is_grey():
    made = Crop(1, "", (0.0, 0.0), (0.1, 0.0, 0.0, 0.1), side_um=210.0, side_px=21).made_from(ramp(200, 200))
    assert made[2, 2].tolist() == list(AROUND)


def test_a_picture_comes_later_and_stays(workspace, pictures, qtbot):
    order = Thumbnail(1, sha(workspace, 1), (64, 64))
    assert pictures.picture(order) is None
    qtbot.waitUntil(lambda: pictures.picture(order) is not None)
    picture = pictures.picture(order)
    assert (picture.width(), picture.height()) == (64, 48)
    assert pictures.picture(Thumbnail(1, sha(workspace, 1), (64, 64))).cacheKey() == picture.cacheKey()


def test_pictures_of_images_that_are_not_shown_come_too(workspace, pictures, qtbot):
    workspace.set_shown((1,))
    orders = [Thumbnail(i, sha(workspace, i), (32, 32)) for i in (2, 1)]
    assert [pictures.picture(order) for order in orders] == [None, None]
    qtbot.waitUntil(lambda: all(pictures.picture(order) is not None for order in orders))


def test_an_image_that_cannot_be_read_holds_no_other_up(workspace, background, session, qtbot):
    (session.path.parent / session.study.images[1].path).unlink()
    workspace.set_shown(())
    pixels = PixelStore(workspace)
    try:
        pictures = PictureStore(workspace, pixels, background)
        lost, there = (Thumbnail(i, sha(workspace, i), (32, 32)) for i in (1, 2))
        assert pictures.picture(lost) is None
        assert pictures.picture(there) is None
        qtbot.waitUntil(lambda: pictures.picture(there) is not None)
        assert pictures.failed(lost)
        assert pictures.picture(lost) is None
        assert not pictures.failed(there)
    finally:
        pixels.shutdown()


def test_nothing_of_another_study_is_kept(workspace, pictures, session, qtbot):
    order = Thumbnail(1, sha(workspace, 1), (32, 32))
    pictures.picture(order)
    workspace.set_session(None)
    qtbot.wait(50)
    assert pictures.picture(order) is None
    workspace.set_session(session, (1, 2))
    qtbot.waitUntil(lambda: pictures.picture(order) is not None)
