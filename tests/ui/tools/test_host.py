import pytest

from ui.tools import TOOLS
from ui.tools.tool import Pointer


@pytest.fixture
def bench(bench):
    bench.look_at(1, 85, 75)
    return bench


def test_the_tool_in_hand_is_the_one_that_the_workspace_names(bench):
    for kind in TOOLS:
        bench.workspace.set_tool(kind.name)
        assert type(bench.tools.current) is kind


def test_a_tool_is_made_once(bench):
    first = bench.take("draw")
    bench.take("cut")
    assert bench.take("draw") is first


def test_what_is_begun_ends_with_another_tool_or_other_images(bench, mouse):
    draw = bench.take("draw")
    mouse.click(60, 60)
    assert draw.busy
    bench.take("cut")
    assert not draw.busy
    bench.take("draw")
    mouse.click(60, 60)
    bench.look_at(2, 85, 75)
    assert not draw.busy


def test_a_click_in_another_image_begins_there(bench, mouse):
    draw = bench.take("draw")
    mouse.click(60, 60)
    assert draw.gesture.image_id == 1
    elsewhere = Pointer(2, (100.0, 100.0), 2.0)
    draw.press(elsewhere)
    draw.release(elsewhere)
    assert draw.gesture.image_id == 2
    assert len(bench.workspace.read(1).hairs) == 4


def test_it_tells_of_hints_and_previews(bench, mouse, qtbot):
    bench.take("draw")
    with qtbot.waitSignals([bench.tools.changed, bench.tools.preview_changed]):
        mouse.click(60, 60)
    assert bench.tool.hint.startswith("Click the tip")


def test_nothing_is_drawn_where_the_mouse_is_no_more(bench, mouse, qtbot):
    tool = bench.take("cut")
    mouse.move(85, 72)
    assert tool._place is not None
    bench.workspace.set_cursor(None)
    assert tool._place is None


def test_del_is_the_tools_before_it_is_the_hairs(bench, mouse):
    bench.take("vertices")
    mouse.click(97, 78)
    mouse.move(85, 72)
    assert bench.tools.remove()
    assert len(bench.read.hairs[1].vertices_px) == 2
    bench.take("cut")
    assert not bench.tools.remove()
