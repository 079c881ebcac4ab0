import numpy as np
import pytest

from ui.view.adjustments import Adjustments, Channel
from ui.view.toning import adjust, curve, locally_equalised


def shown(rgb, **changed):
    """What a pixel looks like, as (red, green, blue)."""
    pixel = np.array([[[rgb[2], rgb[1], rgb[0], 255]]], dtype=np.uint8)
    adjust(pixel, Adjustments(**changed))
    assert pixel[0, 0, 3] == 255
    return tuple(pixel[0, 0, 2::-1].tolist())


def test_nothing_is_changed_by_default():
    assert shown((10, 120, 250)) == (10, 120, 250)
    assert curve(0.0, 0.0, 1.0).tolist() == list(range(256))


@pytest.mark.parametrize(
    ("changed", "seen"),
    [
        ({"brightness": 0.2}, (61, 171, 255)),
        ({"brightness": -1.0}, (0, 0, 0)),
        ({"contrast": -1.0}, (128, 128, 128)),
        ({"contrast": 0.25}, (0, 112, 255)),  # twice as steep around the middle
        ({"gamma": 2.0}, (50, 175, 252)),
        ({"channel": Channel.RED}, (10, 10, 10)),
        ({"channel": Channel.GREEN}, (120, 120, 120)),
        ({"channel": Channel.BLUE}, (250, 250, 250)),
        ({"channel": Channel.GREY}, (102, 102, 102)),  # 0.299 · 10 + 0.587 · 120 + 0.114 · 250
    ],
)
def test_each_adjustment(changed, seen):
    assert shown((10, 120, 250), **changed) == seen


def test_a_piece_of_an_image_is_changed_in_place():
    pixels = np.full((4, 4, 4), 100, dtype=np.uint8)
    piece = pixels[1:3, 1:3].copy()
    adjust(piece, Adjustments(brightness=0.5))
    assert (piece[..., :3] == 227).all()


def test_local_contrast_lifts_a_faint_line_out_of_shadow_and_glare_and_leaves_the_image_alone():
    x = np.linspace(40, 220, 400)
    image = np.repeat(np.repeat(x[None, :, None], 300, axis=0), 3, axis=2).astype(np.uint8)
    image[150:154] -= 6
    before = image.copy()
    clearer = locally_equalised(image)
    assert (image == before).all()
    for column in (60, 340):
        step = int(clearer[140, column, 1]) - int(clearer[152, column, 1])
        assert step >= 12


@pytest.mark.parametrize("wrong", [{"brightness": 1.5}, {"contrast": -2}, {"gamma": 0.0}])
def test_values_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match="cannot be shown"):
        Adjustments(**wrong)
