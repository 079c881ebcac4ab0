import shutil

import pytest
from PySide6.QtWidgets import QWidget

from tests.ui.small_session import READER, make_small_study
from workstation.home import HOME_VARIABLE
from workstation.session import open_study


@pytest.fixture(scope="session")
def made_study(tmp_path_factory):
    """The small study, written once for all tests of panels, which take copies."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(tmp_path_factory.mktemp("home")))
        return make_small_study(tmp_path_factory.mktemp("made"))


@pytest.fixture
def session(made_study, tmp_path):
    """A copy of the small study, opened by Ada."""
    folder = tmp_path / "study"
    shutil.copytree(made_study.parent, folder)
    with open_study(folder / made_study.name, READER) as session:
        yield session


@pytest.fixture
def show(qtbot):
    """Show a panel as wide as the column usually is, and bring it up to date."""

    def shown(panel: QWidget) -> QWidget:
        qtbot.addWidget(panel)
        panel.resize(344, 700)
        panel.show()
        panel.refresh_now()
        return panel

    return shown
