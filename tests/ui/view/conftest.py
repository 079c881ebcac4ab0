import shutil

import numpy as np
import pytest
from PySide6.QtWidgets import QMainWindow

from tests.ui.small_session import READER, make_small_study
from ui.background import Background
from ui.pixels import PixelStore
from ui.tools import TOOLS
from ui.tools.host import ToolHost
from ui.view.comparison import ComparisonView
from workstation.session import open_study


@pytest.fixture(scope="session")
def made_study(tmp_path_factory):
    """The small study, made once: making it takes longer than most tests here."""
    return make_small_study(tmp_path_factory.mktemp("made"))


@pytest.fixture
def session(made_study, tmp_path):
    """A copy of the small study opened by Ada."""
    copy = shutil.copytree(made_study.parent, tmp_path / "study") / made_study.name
    with open_study(copy, READER) as session:
        yield session


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
