"""No text of a study is taken for HTML, wherever it is shown: it could name a picture on another computer."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QTableView

from tests.ui.marked_trial import SECRET, make_marked_trial, marked
from ui.dialogs.events import EventsDialog
from ui.dialogs.subjects import SubjectsDialog
from ui.pages import Page
from ui.plain_text import plain_tip
from ui.signing.people_dialog import PeopleDialog


def is_taken_for_html(text):
    return bool(text) and SECRET in text and "<img" in text and GuiQt.mightBeRichText(text)


def shown_as_html():
    """All that is anywhere in the program's windows and would be shown as HTML."""
    found = set()
    for widget in QApplication.allWidgets():
        if is_taken_for_html(widget.toolTip()):
            found.add(f"tip of {describe(widget)}: {widget.toolTip()}")
        guesses = isinstance(widget, QLabel) and widget.textFormat() != Qt.TextFormat.PlainText
        if guesses and is_taken_for_html(widget.text()):
            found.add(f"text of {describe(widget)}: {widget.text()}")
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            found |= {f"tip in {describe(widget)}: {tip}" for tip in tips_of(widget) if is_taken_for_html(tip)}
    return found


def describe(widget):
    return f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"


def tips_of(view):
    model = view.model()
    n_columns = model.columnCount() if isinstance(view, QTableView) else 1
    for row in range(model.rowCount()):
        for column in filter(lambda column: model.hasIndex(row, column), range(n_columns)):
            yield model.data(model.index(row, column), Qt.ItemDataRole.ToolTipRole)
    if isinstance(view, QTableView):
        for section in range(model.columnCount()):
            yield model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        for section in range(model.rowCount()):
            yield model.headerData(section, Qt.Orientation.Vertical, Qt.ItemDataRole.ToolTipRole)


@pytest.fixture
def on_marked(window, tmp_path, qtbot):
    window.begin(make_marked_trial(tmp_path / "trial"))
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    qtbot.waitUntil(lambda: all(view.ready for view in window.comparison.views.values()))
    return window


def test_nothing_in_the_window_is_taken_for_html(on_marked, qtbot):
    qtbot.wait(200)
    assert any(SECRET in widget.toolTip() for widget in QApplication.allWidgets())
    assert shown_as_html() == set()
    for page in Page:
        if page is not Page.START:
            on_marked.pages.show_page(page)
            qtbot.wait(300)
            assert shown_as_html() == set(), page


def test_nothing_in_the_dialogs_is_taken_for_html(on_marked, background, qtbot):
    code = marked("S1")
    workspace = on_marked.workspace
    for dialog in (EventsDialog(workspace, background, code), SubjectsDialog(workspace), PeopleDialog(workspace)):
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.wait(100)
        assert shown_as_html() == set()


@pytest.mark.parametrize("text", ["", "S1", "a < b & c", "two\nlines"])
def test_an_ordinary_tip_stays_as_it_is(text):
    assert plain_tip(text) == text


def test_a_tip_that_looks_like_html_is_shown_as_it_is_written():
    assert plain_tip("<b>S1</b>\n& more") == "<p>&lt;b&gt;S1&lt;/b&gt;<br>&amp; more</p>"
