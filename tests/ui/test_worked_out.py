import pytest

from ui.quality.read_rows import ReadRows
from ui.worked_out import WorkedOut
from workstation.edits import set_cutoffs


class Doubled(WorkedOut[int]):
    """Twice how often it was asked for; fails at the second time."""

    def __init__(self, workspace, background):
        super().__init__(workspace, background, "doubling")
        self.times = 0

    def _work(self, session):
        self.times += 1
        return lambda: {1: 2}[self.times]


@pytest.fixture
def doubled(trial_workspace, background):
    return Doubled(trial_workspace, background)


def test_it_is_worked_out_once_for_each_state_of_the_study(doubled, trial_workspace, qtbot):
    doubled.ask()
    doubled.ask()
    assert doubled.pending
    qtbot.waitUntil(lambda: not doubled.pending, timeout=10_000)
    doubled.ask()
    assert (doubled.times, doubled.latest, doubled.pending) == (1, 2, False)
    assert doubled.study is trial_workspace.study


def test_a_failure_leaves_the_latest_and_ends_the_waiting(doubled, trial_workspace, qtbot):
    doubled.ask()
    qtbot.waitUntil(lambda: not doubled.pending, timeout=10_000)
    with qtbot.waitSignal(doubled.changed):
        trial_workspace.commit_study(lambda study: set_cutoffs(study, 40.0, 60.0))
    with qtbot.capture_exceptions() as raised:
        doubled.ask()
        qtbot.waitUntil(lambda: not doubled.pending, timeout=10_000)
    assert [kind for kind, _, _ in raised] == [KeyError]
    assert (doubled.failed, doubled.latest) == (True, 2)


def test_another_study_leaves_nothing_behind(doubled, trial_workspace, qtbot):
    doubled.ask()
    qtbot.waitUntil(lambda: not doubled.pending, timeout=10_000)
    with qtbot.waitSignal(doubled.changed):
        trial_workspace.set_session(None)
    assert (doubled.latest, doubled.study, doubled.pending, doubled.failed) == (None, None, False, False)


def test_rows_that_could_not_be_worked_out_are_not_waited_for(trial_workspace, background, qtbot, monkeypatch):
    rows = ReadRows(trial_workspace, background)

    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("ui.quality.read_rows.all_rows", fail)
    with qtbot.capture_exceptions():
        rows.ask()
        qtbot.waitUntil(lambda: not rows.pending, timeout=10_000)
    assert rows.failed
    assert rows.rows == ()
