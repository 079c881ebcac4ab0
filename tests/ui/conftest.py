import os
import shutil

# before anything of Qt is imported; a real display can be asked for from outside
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from tests.ui.small_session import READER, make_small_study
from tests.ui.small_trial import make_trial
from ui.background import Background
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.workspace import Workspace
from workstation.session import open_study
from workstation.settings import Settings, load_settings, save_settings


@pytest.fixture(autouse=True)
def widgets_deleted():
    """Widgets of one test do not live on in the next: outside an event loop Qt puts their deletion off."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def made_study(tmp_path_factory):
    """The small study, made once: making it takes longer than most tests here."""
    return make_small_study(tmp_path_factory.mktemp("made"))


@pytest.fixture
def study_path(made_study, tmp_path):
    """A study file with two real images, closed; see tests.ui.small_session for what is in it."""
    return shutil.copytree(made_study.parent, tmp_path / "study") / made_study.name


@pytest.fixture
def session(study_path):
    """The small study opened by Ada."""
    with open_study(study_path, READER) as session:
        yield session


@pytest.fixture(scope="session")
def made_trial(tmp_path_factory):
    """The small trial, made once."""
    return make_trial(tmp_path_factory.mktemp("made") / "trial")


@pytest.fixture
def trial_path(made_trial, tmp_path):
    """The file of a trial of three subjects, closed; see tests.ui.small_trial for what is in it."""
    return shutil.copytree(made_trial.parent, tmp_path / "trial") / made_trial.name


@pytest.fixture
def trial_session(trial_path):
    """The trial opened by Ada."""
    with open_study(trial_path, READER) as session:
        yield session


@pytest.fixture
def trial_workspace(qapp, trial_session):
    """A workspace with the trial in it."""
    workspace = Workspace(Settings(reader=READER))
    workspace.set_session(trial_session, (1, 3))
    return workspace


@pytest.fixture
def background(qapp):
    """Work off the main thread."""
    background = Background()
    yield background
    background.shutdown()


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
