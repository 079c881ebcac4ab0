"""A trial of four subjects in the window: three visits each but one, no image files."""

import pytest

from tests.ui.small_session import READER
from tests.workstation.trial_study import trial_of
from ui.trial.analyses import Analyses
from ui.trial.page import StatisticsPage
from ui.workspace import Workspace
from workstation.session import create_study, open_study
from workstation.settings import Settings

UNITS = {
    "S01": {0: 60, 4: 62, 12: 66},
    "S02": {0: 70, 4: 71, 12: 79},
    "S03": {0: 50, 12: 55},
    "S04": {0: 80, 4: 84, 12: 92},
}


@pytest.fixture
def trial_file(tmp_path):
    """The trial's study file."""
    return write_trial(tmp_path, UNITS)


def write_trial(folder, units, **more):
    """Write a trial of so many units; gives the study file."""
    create_study(folder / "trial.h5", trial_of(units, **more), user="Ada")
    return folder / "trial.h5"


@pytest.fixture
def show_page(qtbot):
    """Shows a study file's statistics; gives the page once they are worked out."""
    made = []

    def show(path):
        session = open_study(path, READER)
        workspace = Workspace(Settings(reader=READER))
        workspace.set_session(session)
        analyses = Analyses(workspace)
        page = StatisticsPage(workspace, analyses)
        made.append((session, analyses))
        qtbot.addWidget(page)
        page.resize(1200, 700)
        page.show()
        qtbot.waitExposed(page)
        # the first one waits for scipy to be imported
        qtbot.waitUntil(lambda: analyses.latest is not None and not analyses.pending, timeout=30_000)
        page.refresh_now()
        return page

    yield show
    for session, analyses in made:
        analyses.shutdown()
        session.close()
