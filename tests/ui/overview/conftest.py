import pytest


@pytest.fixture
def trial_window(window, trial_path, qtbot):
    """The window with the trial open."""
    window.begin(trial_path)
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    return window


@pytest.fixture
def page(trial_window, qtbot):
    """Its overview."""
    page = trial_window.commands.study.overview_
    qtbot.waitUntil(lambda: page.isVisible())
    return page
