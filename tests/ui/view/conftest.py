import numpy as np
import pytest
from PySide6.QtWidgets import QMainWindow

from ui.background import Background
from ui.pixels import PixelStore
from ui.tools import TOOLS
from ui.tools.host import ToolHost
from ui.view.comparison import ComparisonView


@pytest.fixture
def comparison(qtbot, workspace):
    """Both images of the small study in a shown window, ready to be looked at."""
    pixels, background = PixelStore(workspace), Background()
    window = QMainWindow()
    tools = ToolHost(workspace, pixels, TOOLS, window)
    comparison = ComparisonView(workspace, pixels, tools, background, window)
    comparison.tools = tools
    window.setCentralWidget(comparison)
    window.resize(1000, 500)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(lambda: all(view.ready for view in comparison.views.values()))
    qtbot.waitUntil(lambda: not any(view.moving for view in comparison.views.values()))
    yield comparison
    workspace.set_session(None)
    pixels.shutdown()
    background.shutdown()


@pytest.fixture
def view(qtbot, comparison):
    """The view of image 1, which has the keyboard."""
    view = comparison.view_of(1)
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    return view


def pixels_shown(widget):
    """What a widget looks like: (H, W, 3)."""
    image = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_RGB32)
    seen = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return seen[:, : image.width(), 2::-1].astype(int)


@pytest.fixture
def shown():
    return pixels_shown
