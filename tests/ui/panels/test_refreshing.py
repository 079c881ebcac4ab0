from PySide6.QtWidgets import QWidget

from ui.panels.refreshing import Refresher


def test_many_changes_are_one_refresh(qtbot):
    widget, calls = QWidget(), []
    qtbot.addWidget(widget)
    refresher = Refresher(widget, lambda: calls.append(1))
    widget.show()
    qtbot.waitUntil(lambda: calls == [1])
    for _ in range(5):
        refresher.ask("anything")
    assert calls == [1]
    qtbot.waitUntil(lambda: calls == [1, 1])
    qtbot.wait(30)
    assert calls == [1, 1]


def test_while_hidden_nothing_is_done_and_once_shown_it_is(qtbot):
    widget, calls = QWidget(), []
    qtbot.addWidget(widget)
    refresher = Refresher(widget, lambda: calls.append(1))
    refresher.ask()
    refresher.now()
    qtbot.wait(20)
    assert calls == []
    widget.show()
    qtbot.waitUntil(lambda: calls == [1])
    widget.hide()
    widget.show()
    qtbot.wait(20)
    assert calls == [1]
