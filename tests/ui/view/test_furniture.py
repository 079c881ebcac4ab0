import pytest

from ui.view.furniture import scale_bar


@pytest.mark.parametrize(
    ("scale", "um_per_px", "width", "text", "length"),
    [
        (0.5, 5.0, 800, "2 mm", 200.0),
        (1.0, 5.0, 800, "1 mm", 200.0),
        (1.1, 5.0, 800, "500 µm", 110.0),
        (20.0, 5.0, 800, "50 µm", 200.0),
        (0.05, 12.0, 1280, "50 mm", 50_000 * 0.05 / 12),
        (1.0, None, 800, "200 px", 200.0),
        (16.0, None, 800, "10 px", 160.0),
        (64.0, 0.5, 400, "0.5 µm", 64.0),
    ],
)
def test_a_bar_of_a_round_length_that_takes_a_quarter_of_the_view_at_most(scale, um_per_px, width, text, length):
    bar = scale_bar(scale, um_per_px, width)
    assert bar is not None
    assert (bar.text, bar.length) == (text, pytest.approx(length))
    assert bar.length <= width / 4


def test_no_bar_in_a_view_too_narrow_for_one():
    assert scale_bar(1.0, 5.0, 90) is None
