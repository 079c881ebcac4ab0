import os

# before anything of Qt is imported; a real display can be asked for from outside
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from tests.ui.small_session import READER, make_small_study, open_small
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.workspace import Workspace
from workstation.settings import Settings, load_settings, save_settings


@pytest.fixture(autouse=True)
def widgets_deleted():
    """Widgets of one test do not live on in the next: outside an event loop Qt puts their deletion off."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def study_path(tmp_path):
    """A study file with two real images, closed."""
    return make_small_study(tmp_path / "study")


@pytest.fixture
def session(tmp_path):
    """A small study opened by Ada; see tests.ui.small_session for what is in it."""
    with open_small(tmp_path / "study") as session:
        yield session


@pytest.fixture
def workspace(qapp, session):
    """A workspace with the small study in it, both images shown."""
    workspace = Workspace(Settings(reader=READER))
    workspace.set_session(session, (1, 2))
    return workspace


@pytest.fixture
def window(qtbot):
    """The whole window, nothing open in it."""
    save_settings(Settings(reader=READER, autosave_after_s=3600))
    desk = Desk(load_settings())
    window = MainWindow(desk)
    qtbot.addWidget(window, before_close_func=lambda _: desk.shutdown())
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def opened(window, study_path, qtbot):
    """The window with the small study open."""
    window.begin(study_path)
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    qtbot.waitUntil(lambda: all(view.ready for view in window.comparison.views.values()))
    return window
