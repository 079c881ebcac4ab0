import pytest
from PySide6.QtWidgets import QMainWindow

from tests.ui.tools.hands import Bench, Keys, Mouse
from ui.background import Background
from ui.pixels import PixelStore
from ui.tools import TOOLS
from ui.tools.host import ToolHost
from ui.view.comparison import ComparisonView


@pytest.fixture
def bench(qtbot, workspace):
    """Views of the small study in a shown window, with all tools."""
    pixels = PixelStore(workspace)
    background = Background()
    window = QMainWindow()
    tools = ToolHost(workspace, pixels, TOOLS, window)
    comparison = ComparisonView(workspace, pixels, tools, background, window)
    window.setCentralWidget(comparison)
    window.resize(800, 640)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(lambda: all(view.ready for view in comparison.views.values()))
    yield Bench(qtbot, workspace, tools, comparison)
    workspace.set_session(None)
    pixels.shutdown()
    background.shutdown()


@pytest.fixture(params=[Mouse, Keys], ids=["mouse", "keys"])
def hand(request, bench):
    """Does everything once by the mouse and once by the keyboard alone."""
    return request.param(bench)


@pytest.fixture
def mouse(bench):
    return Mouse(bench)


@pytest.fixture
def keys(bench):
    return Keys(bench)


@pytest.fixture
def told(workspace):
    messages = []
    workspace.told.connect(lambda message: messages.append(message.text))
    return messages


@pytest.fixture
def corrected(bench):
    """Checks that one correction was made since the test began, that undo takes it back and redo brings it again."""
    n_before = bench.n_edits()

    def check(before, n=1):
        after = bench.read
        assert not after.same_content(before)
        assert bench.n_edits() == n_before + n
        for _ in range(n):
            bench.workspace.undo()
        assert bench.read.same_content(before)
        for _ in range(n):
            bench.workspace.redo()
        assert bench.read.same_content(after)
        return after

    return check
