import cv2
import numpy as np
import pytest

from analysis.calibration import Calibration, CalibrationSource
from analysis.snapping import prepare
from tests.workstation.edits.applying import IMAGE, done
from tests.workstation.small_study import make_read
from workstation.edits.drawn import draw_extension, draw_hair, redraw_hair
from workstation.edits.hairs import add_hair
from workstation.edits.shape import End
from workstation.errors import EditRefused

UM_PER_PX = 6.0
WIDTH_PX = 10.0
SCALE = Calibration(UM_PER_PX, CalibrationSource.SYNTHETIC)


def arc(x):
    """The axis of the drawn shaft: a bow, 24 px high over 240 px."""
    return 150 - 24 * np.sin(np.pi * (np.asarray(x) - 60) / 240)


@pytest.fixture(scope="module")
def evidence():
    # drawn four times as large and reduced, so that the shaft is 10 px wide to a fraction of a pixel
    big = np.full((IMAGE.height_px * 4, IMAGE.width_px * 4, 3), (200, 170, 160), np.uint8)
    x = np.linspace(60, 300, 400)
    points = np.column_stack([x, arc(x)])
    cv2.polylines(big, [np.round((points + 0.5) * 4 * 16 - 8).astype(np.int32)], False, (40, 30, 28), 40, shift=4)
    return prepare(cv2.resize(big, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), UM_PER_PX)


def test_two_clicks_follow_the_bowed_shaft_and_measure_it(evidence):
    hair = done(make_read([]), draw_hair(make_read([]), evidence, [(70, arc(70)), (290, arc(290))])).hairs[1]
    inner = hair.vertices_px[2:-2]
    assert np.abs(inner[:, 1] - arc(inner[:, 0])).max() < 1.5
    assert hair.width_px == pytest.approx(WIDTH_PX, abs=0.5)
    assert hair.root_px == pytest.approx((70, arc(70)), abs=2)
    assert hair.tip_px == pytest.approx((290, arc(290)), abs=2)


def test_a_click_beside_the_shaft_is_moved_onto_it(evidence):
    hair = done(make_read([]), draw_hair(make_read([]), evidence, [(100, arc(100) + 5), (250, arc(250) - 5)])).hairs[1]
    assert hair.root_px[1] == pytest.approx(arc(100), abs=2)


def test_a_drawn_hair_joins_the_unit_beside_its_root(evidence):
    read = done(
        make_read([]), draw_hair(make_read([]), evidence, [(100, arc(100)), (250, arc(250))], calibration=SCALE)
    )
    again = done(read, draw_hair(read, evidence, [(110, arc(110)), (280, arc(280))], calibration=SCALE))
    assert len(again.units) == 1
    assert len(again.hairs) == 2


def test_an_end_is_extended_along_the_shaft(evidence):
    read = done(make_read([]), draw_hair(make_read([]), evidence, [(100, arc(100)), (180, arc(180))]))
    longer = done(read, draw_extension(read, evidence, 1, End.TIP, [(280, arc(280))])).hairs[1]
    assert longer.root_px == pytest.approx(read.hairs[1].root_px)
    assert longer.tip_px == pytest.approx((280, arc(280)), abs=2)
    assert longer.width_px == pytest.approx(WIDTH_PX, abs=0.5)
    longest = done(read, draw_extension(read, evidence, 1, End.ROOT, [(70, arc(70))])).hairs[1]
    assert longest.root_px == pytest.approx((70, arc(70)), abs=2)


def test_a_hair_is_redrawn_on_the_shaft_with_its_width(evidence):
    read = done(make_read([]), add_hair(make_read([]), [(70, 200), (290, 200)]))
    redrawn = done(read, redraw_hair(read, evidence, 1, [(70, arc(70)), (290, arc(290))])).hairs[1]
    assert redrawn.width_px == pytest.approx(WIDTH_PX, abs=0.5)


def test_on_bare_skin_the_line_is_straight_and_has_no_width(evidence):
    hair = done(make_read([]), draw_hair(make_read([]), evidence, [(60, 220), (200, 220)])).hairs[1]
    assert np.abs(hair.vertices_px[:, 1] - 220).max() < 3
    assert np.isnan(hair.width_px)


@pytest.mark.parametrize("clicks", [[(10, 10)], [(10, 10), (10, 10)], [(10, 10), (np.nan, 5)]])
def test_clicks_that_are_no_line_are_refused(evidence, clicks):
    with pytest.raises(EditRefused):
        draw_hair(make_read([]), evidence, clicks)
