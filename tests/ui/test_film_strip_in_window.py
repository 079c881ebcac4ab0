import pytest
from PySide6.QtCore import Qt

from tests.ui.three_visits import BASELINE, WEEK_6, WEEK_12, make_three_visits
from ui.layout import kept_layout, restore_layout

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(window, tmp_path, qtbot):
    """The window with three visits, the first and the last side by side."""
    window.begin(make_three_visits(tmp_path / "visits"))
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    window.workspace.set_shown((BASELINE, WEEK_12))
    qtbot.waitUntil(lambda: all(view.ready for view in window.comparison.views.values()))
    return window


def test_keys_step_through_the_visits(opened, qtbot):
    view = opened.comparison.active_view
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    qtbot.keyClick(view, Qt.Key.Key_PageUp, CTRL)
    assert opened.workspace.shown == (BASELINE, WEEK_6)
    qtbot.keyClick(opened.comparison.active_view, Qt.Key.Key_PageDown, CTRL)
    assert opened.workspace.shown == (BASELINE, WEEK_12)


def test_keys_go_on_in_the_visit_that_is_stepped_to(opened, qtbot):
    opened.activateWindow()
    opened.comparison.view_of(WEEK_12).setFocus()
    qtbot.waitUntil(lambda: opened.workspace.active == WEEK_12)
    opened.actions_["visits.earlier"].trigger()
    assert opened.comparison.view_of(WEEK_6).hasFocus()


def test_it_folds_away_and_the_window_remembers(opened):
    strip, action = opened.film_strip, opened.actions_["visits.film_strip"]
    assert (strip.isHidden(), action.isChecked()) == (False, True)
    action.trigger()
    assert strip.isHidden()
    text = kept_layout(opened)
    action.trigger()
    assert not strip.isHidden()
    restore_layout(opened, text)
    assert (strip.isHidden(), action.isChecked()) == (True, False)


def test_a_layout_that_knows_of_no_strip_shows_it(opened):
    text = kept_layout(opened).replace('"film_strip"', '"film"')
    opened.actions_["visits.film_strip"].trigger()
    restore_layout(opened, text)
    assert not opened.film_strip.isHidden()
