"""The letters that `Alt` reaches: where two share one, the first press does nothing but move the focus."""

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenuBar, QToolButton

from ui.pages import Page


def letters(texts):
    return Counter(QKeySequence.mnemonic(text).toString() for text in texts if "&" in text)


def texts_on(page):
    """What is written on a page, by objects that a letter reaches; tool buttons have the text of a menu's line."""
    buttons = [button.text() for button in page.findChildren(QAbstractButton) if not isinstance(button, QToolButton)]
    return buttons + [label.text() for label in page.findChildren(QLabel) if label.buddy() is not None]


@pytest.mark.parametrize("page", [page for page in Page if page is not Page.START])
def test_no_letter_of_a_page_opens_a_menu_as_well(window, page):
    menus = letters(action.text() for action in window.findChild(QMenuBar).actions())
    written = letters(texts_on(window.pages.widget_of(page)))
    assert {letter: n for letter, n in written.items() if letter in menus or n > 1} == {}
