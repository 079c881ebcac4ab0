"""What holds for all tools: whatever the hand does, nothing breaks, and all of it can be taken back."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from ui.keys import BY_ID
from ui.tools import TOOLS
from ui.tools.tool import Pointer
from ui.view.viewport import Viewport
from workstation.model.validity import problems

NAMES = [kind.name for kind in TOOLS]
PLACES = [(60, 60), (85, 72), (97, 78), (110, 85), (140, 60), (165, 72), (220, 60), (125, 60), (160, 120), (400, -20)]


def test_every_tool_has_its_command_and_every_command_its_tool():
    assert {f"tool.{name}" for name in NAMES} == {name for name in BY_ID if name.startswith("tool.")}


@pytest.fixture
def canvas(qapp):
    image = QImage(640, 480, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)

    def paint(tool):
        painter = QPainter(image)
        try:
            tool.paint(painter, Viewport(2.0, (160.0, 120.0), (640, 480)), 1)
        finally:
            painter.end()

    return paint


def some_pointer(random):
    x, y = PLACES[random.integers(len(PLACES))] + random.integers(-1, 2, 2) * random.integers(0, 6)
    shift, ctrl, alt, by_key = (random.random(4) < 0.2).tolist()
    return Pointer(1, (float(x), float(y)), 3.5, shift=shift, ctrl=ctrl, alt=alt, by_key=by_key)


def act(tool, workspace, random):
    """One thing that a hand may do."""
    pointer = some_pointer(random)
    match int(random.integers(12)):
        case 0 | 1 | 2:
            tool.press(pointer)
        case 3 | 4 | 5:
            tool.move(pointer)
            tool._update()
        case 6 | 7 | 8:
            tool.release(pointer)
        case 9:
            tool.double_click(pointer)
        case 10:
            (tool.finish, tool.cancel, tool.remove, tool.again)[int(random.integers(4))]()
        case _:
            if random.random() < 0.5:
                tool.nudge(0.5, -0.5)
            else:
                tool.resize(random.choice([0.8, 1.25]))


def prepare(bench, tool):
    """Else what is drawn waits to be measured."""
    bench.qtbot.waitUntil(lambda: tool.pixels.is_prepared(1), timeout=30_000)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_the_hand_does_the_study_stays_sound_and_all_is_undone(bench, canvas, name):
    bench.look_at(1, 160, 120)
    workspace, tool = bench.workspace, bench.take(name)
    prepare(bench, tool)
    before, n_before = bench.read, bench.n_edits()
    random = np.random.default_rng(7)
    for _ in range(250):
        act(tool, workspace, random)
        canvas(tool)
        assert tool.hint
    tool.cancel()
    tool.cancel()
    assert not tool.busy
    assert problems(bench.read, workspace.study.images[1]) == []
    made = bench.n_edits() - n_before
    # landmarks need two images: test_landmarks
    assert (made > 0) is (name not in ("measure", "landmarks"))
    for _ in range(made):
        workspace.undo()
    assert bench.read.same_content(before)


@pytest.mark.parametrize("name", NAMES)
def test_on_an_image_without_a_read_and_with_nothing_open_nothing_breaks(bench, canvas, name, monkeypatch):
    bench.look_at(1, 160, 120)
    monkeypatch.setattr(bench.workspace, "read", lambda image_id: None)
    monkeypatch.setattr(bench.workspace, "commit", lambda *args, **more: None)
    tool = bench.take(name)
    prepare(bench, tool)
    random = np.random.default_rng(8)
    for _ in range(120):
        act(tool, bench.workspace, random)
        canvas(tool)
    monkeypatch.undo()
    bench.workspace.set_shown(())
    tool._update()
    canvas(tool)
    assert not tool.busy


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("select", "measure")])
def test_in_a_study_that_may_not_be_changed_nothing_is(bench, canvas, name):
    bench.look_at(1, 160, 120)
    session, tool, before = bench.workspace.session, bench.take(name), bench.workspace.study
    session.read_only_because = "Bob has it open"
    random = np.random.default_rng(9)
    for _ in range(150):
        act(tool, bench.workspace, random)
        canvas(tool)
    session.read_only_because = None
    assert bench.workspace.study is before
