import pytest

from ui.background import Background
from ui.overview.menu import Deeds
from ui.overview.page import OverviewPage
from ui.pictures import PictureStore
from ui.pixels import PixelStore


class Asked:
    """What the page asked the window to do."""

    def __init__(self):
        self.opened, self.detected, self.subjects, self.answers, self.events = [], [], [], [], []

    def deeds(self, workspace):
        return Deeds(
            open=self.opened.append,
            detect=self.detected.append,
            subject=lambda *who: self.subjects.append(who),
            answers=lambda *who: self.answers.append(who),
            event=self.events.append,
            can_edit=lambda: workspace.can_edit,
        )


@pytest.fixture
def asked():
    return Asked()


@pytest.fixture
def page(trial_workspace, asked, qtbot):
    """The overview of the trial, by itself."""
    pixels, background = PixelStore(trial_workspace), Background()
    pictures = PictureStore(trial_workspace, pixels, background)
    page = OverviewPage(trial_workspace, pictures, asked.deeds(trial_workspace))
    qtbot.addWidget(page)
    page.resize(900, 500)
    page.show()
    qtbot.waitExposed(page)
    page.grid.setFocus()
    yield page
    background.shutdown()
    pixels.shutdown()


@pytest.fixture
def trial_window(window, trial_path, qtbot):
    """The window with the trial open."""
    window.begin(trial_path)
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    return window
