from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tests.workstation.small_study import make_hair, make_read
from workstation.errors import UserFacingError
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import Origin, Status, frozen_array
from workstation.model.study import WidthCutoffs
from workstation.palette import EXCLUDED, FIELD, GREY, ORANGE, SKY_BLUE, UNIT, YELLOW
from workstation.pictures import overlay_picture, write_png

SKIN = (200, 170, 150)
WHOLE = Field.whole_image(400, 300)


def drawn(*hairs, field=WHOLE, um_per_px=10.0, cutoffs=None, skin=SKIN, **options):
    image = np.full((300, 400, 3), skin, np.uint8)
    options = {"with_legend": False, **options}
    return overlay_picture(image, make_read(hairs, field=field), um_per_px, cutoffs or WidthCutoffs(), **options)


def near(picture, colour, tolerance=40):
    """Where a colour is, as (N, 2) of x and y."""
    y, x = np.nonzero((np.abs(picture.astype(int) - colour) <= tolerance).all(axis=2))
    return np.column_stack([x, y])


@pytest.mark.parametrize(
    ("width_px", "um_per_px", "colour"), [(2, 10.0, SKY_BLUE), (4, 10.0, YELLOW), (8, 10.0, ORANGE), (4, None, GREY)]
)
def test_a_hair_has_its_class_colour_along_its_whole_line(width_px, um_per_px, colour):
    picture = drawn(make_hair(1, 5, [[100, 150], [200, 150]], width_px), um_per_px=um_per_px)
    on_line = picture[149:152, 115:190]
    assert set(near(on_line, colour)[:, 0].tolist()) == set(range(75))
    assert not any(len(near(on_line, other)) for other in {SKY_BLUE, YELLOW, ORANGE, GREY} - {colour})


def test_classes_differ_in_shape_as_well():
    marks = []
    for width in (2, 4, 8):
        picture = drawn(make_hair(1, 5, [[100, 150], [200, 150]], width))
        marks.append((picture[140:160, 192:210] != SKIN).any(axis=2))
    assert not any(np.array_equal(a, b) for a, b in [(marks[0], marks[1]), (marks[1], marks[2]), (marks[0], marks[2])])


def test_the_drawing_lies_where_the_hair_lies_at_every_size():
    hair = make_hair(1, 5, [[100, 150.5], [200, 150.5]], 8)
    for long_side_px, scale in [(400, 1), (1600, 4), (200, 0.5)]:
        picture = drawn(hair, long_side_px=long_side_px)
        assert picture.shape == (300 * scale, 400 * scale, 3)
        rows = np.abs(picture[:, round(150 * scale)].astype(float) - SKIN).sum(axis=1)
        rows[: round(20 * scale)] = rows[-round(20 * scale) :] = 0  # the field's outline
        centre = (rows * np.arange(len(rows))).sum() / rows.sum()
        assert (centre + 0.5) / scale - 0.5 == pytest.approx(150.5, abs=0.6 / scale)


def test_the_hair_stays_visible_between_its_lines():
    picture = drawn(make_hair(1, 5, [[100, 150], [200, 150]], 30), skin=(60, 50, 40))
    between = picture[[140, 144, 156, 160], 150]
    assert (np.abs(between.astype(int) - [60, 50, 40]) <= 1).all()
    edges = picture[[134, 135, 165, 166], 150].max(axis=1)
    assert edges.max() > 120


def test_a_rejected_hair_is_dashed_and_an_added_one_bears_a_diamond():
    line = [[100, 150], [200, 150]]
    rejected = drawn(make_hair(1, 5, line, 4, status=Status.REJECTED))
    touched = (rejected[150, 100:200] != SKIN).any(axis=1)
    assert 3 < np.count_nonzero(np.diff(touched.astype(int)) == 1) < 20
    assert not len(near(rejected, UNIT))
    plain, added = (drawn(make_hair(1, 5, line, 4, origin=o)) for o in (Origin.DETECTED, Origin.ADDED))
    y, x = np.nonzero((plain != added).any(axis=2))
    assert (abs(x.mean() - 150) < 1, abs(y.mean() - 150) < 1, 8 <= np.ptp(x) <= 20) == (True, True, True)


def test_a_unit_is_outlined_around_its_roots_with_its_number():
    picture = drawn(make_hair(1, 5, [[100, 100], [150, 100]]), make_hair(2, 5, [[120, 100], [170, 120]]))
    found = near(picture, UNIT, 20)
    assert found[:, 0].min() < 95
    assert 125 < found[:, 0].max() < 140
    white = near(picture, (255, 255, 255), 30)
    assert len(white) > 20
    assert not len(near(drawn(), UNIT, 20))


@pytest.mark.parametrize("roots", [[[100, 100], [160, 160]], [[100, 160], [160, 100]], [[130, 100], [130, 101]]])
def test_a_units_number_is_close_to_it_and_off_its_shafts(roots):
    hairs = [make_hair(i, 5, [root, [root[0] + 10, root[1] + 80]]) for i, root in enumerate(roots, start=1)]
    picture = drawn(*hairs, um_per_px=None)
    number = near(picture, (255, 255, 255), 5)
    number = number[((number > 10) & (number < [390, 290])).all(axis=1)]  # not the field's outline
    outline = near(picture, UNIT, 20)
    gaps = np.hypot(*(number[:, None] - outline[None]).T).min(axis=0)
    assert 0 < gaps.min() < 5
    assert gaps.max() < 15
    assert number[:, 1].mean() < np.mean([root[1] for root in roots])


def test_the_field_is_outlined_and_its_surroundings_are_darker():
    field = Field(FieldShape.RECTANGLE, frozen_array([[100, 50], [300, 50], [300, 250], [100, 250]], 2))
    picture = drawn(field=field, um_per_px=None)
    assert picture[150, 200].tolist() == list(SKIN)
    assert picture[20, 20].tolist() == [130, 110, 98]
    found = near(picture, FIELD, 20)
    assert found.min(axis=0).tolist() == pytest.approx([100, 50], abs=2)
    assert found.max(axis=0).tolist() == pytest.approx([300, 250], abs=2)


def test_an_exclusion_is_hatched_and_can_be_seen_through():
    glare = Exclusion(9, frozen_array([[100, 100], [200, 100], [200, 200], [100, 200]], 2), ExclusionCause.GLARE)
    picture = drawn(field=replace(WHOLE, exclusions=(glare,)), um_per_px=None)
    inside = picture[105:195, 105:195]
    share = (inside == SKIN).all(axis=2).mean()
    assert 0.4 < share < 0.9
    assert len(near(inside, EXCLUDED, 20)) > 100
    assert (picture[20:90, 20:380] == SKIN).all()


@pytest.mark.parametrize(("um_per_px", "bar_px"), [(10.0, 100), (4.0, 125), (50.0, 20)])
def test_the_scale_bar_is_as_long_as_it_says(um_per_px, bar_px):
    plain, barred = drawn(um_per_px=None), drawn(um_per_px=um_per_px)
    white = near(barred[270:], (255, 255, 255), 5)
    row = white[white[:, 1] == 300 - 18 - 270]
    assert np.ptp(row[:, 0]) == pytest.approx(bar_px, abs=2)
    assert np.array_equal(plain[:200], barred[:200])


def test_the_legend_stands_below_and_breaks_where_it_must():
    tall, low = drawn(with_legend=True), drawn(with_legend=True, long_side_px=2400)
    assert tall.shape[1] == 400
    assert tall.shape[0] - 300 > 2 * 24  # several lines
    assert (low.shape[0] - 1800) / 1.5 < 60  # one
    assert (tall[300:] == 255).mean() > 0.7


def test_the_image_itself_is_not_drawn_on():
    image = np.full((300, 400, 3), SKIN, np.uint8)
    overlay_picture(image, make_read([make_hair(1, 5, [[1, 1], [9, 9]])], field=WHOLE), 10.0, WidthCutoffs())
    assert (image == SKIN).all()


def test_the_smallest_image_can_be_drawn():
    hair = make_hair(1, 5, [[0, 0], [2, 1]], np.nan)
    picture = overlay_picture(
        np.zeros((2, 3, 3), np.uint8), make_read([hair], field=Field.whole_image(3, 2)), 10.0, WidthCutoffs()
    )
    assert picture.shape[1] == 3


def test_a_picture_is_written_whole_or_not_at_all(tmp_path):
    picture = drawn(make_hair(1, 5, [[100, 150], [200, 150]]))
    write_png(tmp_path / "a.png", picture)
    with Image.open(tmp_path / "a.png") as image:
        assert np.array_equal(np.asarray(image), picture)
    with pytest.raises(UserFacingError, match="its folder does not exist"):
        write_png(tmp_path / "none" / "a.png", picture)
