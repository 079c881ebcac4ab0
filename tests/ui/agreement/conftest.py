"""A trial that two readers have read, in the panel of agreement."""

import pytest

from tests.ui.small_session import READER
from tests.workstation.reader_study import read_trial
from ui.agreement.panel import AgreementPanel
from ui.background import Background
from ui.workspace import Workspace
from workstation.session import create_study, open_study
from workstation.settings import Settings


@pytest.fixture(scope="session")
def read_study():
    """Four subjects with two images each; four images were shown twice."""
    return read_trial(n_subjects=4, repeats=4, hairs=(15, 45))


@pytest.fixture
def show_panel(qtbot, tmp_path):
    """Shows the agreement of a study; gives the panel once it is worked out."""
    made = []

    def show(study):
        create_study(tmp_path / "trial.h5", study, user="Ada")
        session = open_study(tmp_path / "trial.h5", READER)
        workspace = Workspace(Settings(reader=READER))
        workspace.set_session(session)
        background = Background()
        made.append((session, background))
        panel = AgreementPanel(workspace, background)
        qtbot.addWidget(panel)
        panel.resize(1200, 760)
        panel.show()
        qtbot.waitExposed(panel)
        # the first one waits for scipy to be imported
        done = panel.agreements
        qtbot.waitUntil(lambda: done.latest is not None and not done.pending, timeout=30_000)
        panel.refresh_now()
        return panel

    yield show
    for session, background in made:
        background.shutdown()
        session.close()
