import numpy as np
import pytest
import shapely
from PySide6.QtCore import Qt

from tests.ui.tools.hands import ALT, Mouse
from workstation.edits.outlines import circle
from workstation.model.field import ExclusionCause, FieldShape


@pytest.fixture
def bench(bench):
    bench.look_at(1, 160, 120)
    return bench


def area(polygon_px):
    return shapely.Polygon(polygon_px).area


# --- field -----------------------------------------------------------------------------------------------------------


def test_a_rectangle_from_corner_to_corner(bench, hand, corrected):
    before = bench.read
    bench.take("field")
    hand.grab(100, 80)
    hand.move(200, 150)
    assert bench.read is before
    hand.drop(200, 150)
    field = corrected(before).field
    assert field.shape is FieldShape.RECTANGLE
    assert field.polygon_px.tolist() == [[100, 80], [200, 80], [200, 150], [100, 150]]


def test_the_tools_key_again_takes_the_next_shape(bench):
    tool = bench.take("field")
    shapes = []
    for _ in range(3):
        bench.workspace.set_tool("field")
        shapes.append(tool.shape)
    assert shapes == [FieldShape.CIRCLE, FieldShape.POLYGON, FieldShape.RECTANGLE]


def test_a_circle_from_its_centre(bench, hand, corrected):
    before = bench.read
    bench.take("field").again()
    hand.grab(160, 120)
    hand.drop(190, 160)
    field = corrected(before).field
    assert field.shape is FieldShape.CIRCLE
    np.testing.assert_allclose(field.polygon_px, circle((160, 120), 50))


def test_a_polygon_by_clicks(bench, hand, corrected):
    before = bench.read
    tool = bench.take("field")
    tool.again()
    tool.again()
    for place in ((100, 80), (200, 80), (220, 150)):
        hand.click(*place)
    assert bench.read is before
    hand.end(120, 160)
    field = corrected(before).field
    assert field.shape is FieldShape.POLYGON
    assert field.polygon_px.tolist() == [[100, 80], [200, 80], [220, 150], [120, 160]]
    assert not tool.busy


def test_a_click_on_the_first_corner_closes_a_polygon(bench, hand):
    tool = bench.take("field")
    tool.again()
    tool.again()
    for place in ((100, 80), (200, 80), (220, 150), (100, 80)):
        hand.click(*place)
    assert bench.read.field.polygon_px.tolist() == [[100, 80], [200, 80], [220, 150]]


def test_the_right_button_closes_a_polygon(bench, mouse):
    tool = bench.take("field")
    tool.again()
    tool.again()
    for place in ((100, 80), (200, 80)):
        mouse.click(*place)
    assert not tool.finish()
    mouse.click(220, 150)
    mouse.move(230, 170)
    assert tool.finish()
    assert bench.read.field.polygon_px.tolist() == [[100, 80], [200, 80], [220, 150]]


def test_esc_discards_a_polygon(bench, hand):
    before = bench.read
    tool = bench.take("field")
    tool.again()
    tool.again()
    for place in ((100, 80), (200, 80), (220, 150)):
        hand.click(*place)
    bench.key(Qt.Key.Key_Escape)
    assert not tool.busy
    assert bench.read is before


def test_a_polygon_that_crosses_itself_is_refused_in_words(bench, mouse, told):
    before = bench.read
    tool = bench.take("field")
    tool.again()
    tool.again()
    for place in ((100, 80), (200, 150), (200, 80), (100, 150), (100, 80)):
        mouse.click(*place)
    assert bench.read is before
    assert told == ["The outline crosses or touches itself. Draw it without crossings."]


@pytest.fixture
def rectangle(bench, mouse):
    """A field from (100, 80) to (200, 150), and the tool in hand."""
    bench.take("field")
    mouse.grab(100, 80)
    mouse.drop(200, 150)
    return bench


def test_a_corner_of_a_rectangle_is_dragged_and_it_stays_one(rectangle, hand):
    before = rectangle.read
    hand.grab(200, 150)
    hand.drop(210, 140)
    field = rectangle.read.field
    assert field.shape is FieldShape.RECTANGLE
    assert shapely.Polygon(field.polygon_px).bounds == (100, 80, 210, 140)
    rectangle.workspace.undo()
    assert rectangle.read.same_content(before)


def test_an_edge_gets_a_corner_and_the_corner_is_taken_out_again(rectangle, hand):
    hand.grab(150, 150)
    hand.drop(150, 180)
    field = rectangle.read.field
    assert field.shape is FieldShape.POLYGON
    assert field.polygon_px.tolist() == [[100, 80], [200, 80], [200, 150], [150, 180], [100, 150]]
    hand.grab(150, 180)
    hand.drop(150, 190)
    assert rectangle.read.field.polygon_px.tolist()[3] == [150, 190]
    assert rectangle.tool.remove()
    assert area(rectangle.read.field.polygon_px) == 7000


def test_the_rim_of_a_circle_is_dragged(bench, hand):
    bench.take("field").again()
    hand.grab(160, 120)
    hand.drop(200, 120)
    hand.grab(160, 80)  # its rim
    hand.drop(160, 90)
    field = bench.read.field
    assert field.shape is FieldShape.CIRCLE
    np.testing.assert_allclose(field.polygon_px, circle((160, 120), 30), atol=1e-9)


def test_the_area_is_told_while_a_field_is_drawn(bench, mouse, monkeypatch):
    texts = []
    monkeypatch.setattr("ui.tools.preview.label", lambda painter, viewport, at, *lines: texts.extend(lines))
    bench.take("field")
    mouse.grab(100, 80)
    mouse.move(200, 150)
    assert texts[-1] == "field 0.70 mm²"  # 1.0 × 0.7 mm
    mouse.release(200, 150)


def test_the_first_field_of_an_image_without_a_read_is_seen_before_it_is_made(bench, mouse, monkeypatch):
    texts = []
    monkeypatch.setattr("ui.tools.preview.label", lambda painter, viewport, at, *lines: texts.extend(lines))
    monkeypatch.setattr(bench.workspace, "read", lambda image_id: None)
    bench.take("field")
    mouse.grab(100, 80)
    mouse.move(200, 150)
    assert texts[-1] == "field 0.70 mm²"
    bench.tool.cancel()
    mouse.release(200, 150)


# --- exclusions ------------------------------------------------------------------------------------------------------


def excluded(read):
    return shapely.union_all([shapely.Polygon(e.polygon_px) for e in read.field.exclusions])


@pytest.fixture
def brush(bench):
    tool = bench.take("exclude")
    tool.options()[2].choose(20)
    return tool


def test_a_stroke_of_the_brush_leaves_out_what_it_covers(bench, brush, hand, corrected):
    before = bench.read
    hand.grab(120, 110)
    hand.move(150, 110)
    assert bench.read is before
    hand.drop(180, 110)
    exclusions = corrected(before).field.exclusions
    assert [e.cause for e in exclusions] == [ExclusionCause.PAINTED]
    assert area(exclusions[0].polygon_px) == pytest.approx(60 * 20 + np.pi * 100, rel=0.01)


def test_a_click_is_a_dab(bench, brush, mouse):
    mouse.click(140, 110)
    assert excluded(bench.read).area == pytest.approx(np.pi * 100, rel=0.02)


def test_two_enters_at_one_place_are_a_dab(bench, brush, keys):
    keys.click(140, 110)
    keys.click(140, 110)
    assert excluded(bench.read).area == pytest.approx(np.pi * 100, rel=0.02)


def test_alt_and_the_eraser_count_again(bench, brush, hand):
    hand.grab(120, 110)
    hand.drop(180, 110)
    painted = bench.read
    hand.grab(120, 110, ALT)
    hand.drop(150, 110, ALT)
    assert excluded(bench.read).area == pytest.approx(30 * 20, rel=0.02)  # both ends were round
    bench.workspace.undo()
    assert bench.read.same_content(painted)
    brush.options()[1].choose(True)
    hand.grab(100, 110)
    hand.drop(200, 110)
    brush.options()[1].choose(False)
    assert excluded(bench.read).area < 0.01 * excluded(painted).area


def test_esc_discards_a_stroke(bench, brush, hand):
    before = bench.read
    hand.grab(120, 110)
    hand.move(180, 110)
    bench.key(Qt.Key.Key_Escape)
    if isinstance(hand, Mouse):
        hand.release(180, 110)
    assert bench.read is before


def test_brackets_size_the_brush(bench, brush):
    bench.key(Qt.Key.Key_BracketRight)
    assert brush.radius_px == 12.5
    bench.key(Qt.Key.Key_BracketLeft)
    assert brush.radius_px == 10
    for _ in range(40):
        bench.key(Qt.Key.Key_BracketLeft)
    assert brush.radius_px == 1


def test_a_region_is_chosen_given_a_cause_and_taken_away(bench, brush, hand, corrected):
    hand.grab(120, 110)
    hand.drop(180, 110)
    before = bench.read
    hand.click(150, 110)
    if not isinstance(hand, Mouse):
        hand.click(150, 110)  # the first put the brush down
    assert brush.chosen == before.field.exclusions[0]
    assert bench.read is before
    cause = brush.options()[-1]
    assert cause.value == "painted"
    cause.choose("glare")
    assert [e.cause for e in bench.read.field.exclusions] == [ExclusionCause.GLARE]
    assert brush.chosen is not None
    assert brush.remove()
    assert bench.read.field.exclusions == ()
    bench.workspace.undo()
    bench.workspace.undo()
    assert bench.read.same_content(before)


def test_esc_lets_go_of_a_chosen_region(bench, brush, mouse):
    mouse.click(140, 110)
    mouse.click(140, 110)
    assert brush.chosen is not None
    bench.key(Qt.Key.Key_Escape)
    assert brush.chosen is None
    assert not brush.remove()


def test_a_region_by_its_outline_with_a_cause(bench, hand, corrected):
    before = bench.read
    tool = bench.take("exclude")
    tool.again()
    tool.options()[-1].choose("tattoo")
    for place in ((100, 80), (200, 80)):
        hand.click(*place)
    hand.end(200, 150)
    exclusions = corrected(before).field.exclusions
    assert [(e.cause, e.polygon_px.tolist()) for e in exclusions] == [
        (ExclusionCause.TATTOO, [[100, 80], [200, 80], [200, 150]])
    ]


def test_leaving_out_everything_is_refused_in_words(bench, mouse, told):
    before = bench.read
    tool = bench.take("exclude")
    tool.options()[2].choose(1000)
    mouse.click(150, 110)
    assert bench.read is before
    assert len(told) == 1
