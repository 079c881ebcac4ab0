import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QEnterEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui import toast as toasts_module
from ui.messages import Message, MessageKind
from ui.theme import apply_theme
from ui.toast import Toasts, reading_ms


@pytest.fixture
def host(qtbot, qapp):
    apply_theme(qapp, "dark")
    host = QWidget()
    host.resize(800, 400)
    QVBoxLayout(host).addWidget(QLineEdit())
    qtbot.addWidget(host)
    host.show()
    return host


@pytest.fixture
def toasts(host):
    return Toasts(host)


def texts(toasts):
    return [toast.message.text for toast in toasts]


def test_a_longer_text_stays_longer_and_an_error_until_closed():
    assert reading_ms(Message("Done.")) == 3000
    assert reading_ms(Message("x" * 100)) == 6000
    assert reading_ms(Message("x" * 1000)) == 12000
    assert reading_ms(Message("x" * 100, MessageKind.WARNING)) == 12000
    assert reading_ms(Message("x", MessageKind.ERROR)) is None


def test_a_message_goes_by_itself(toasts, qtbot, monkeypatch):
    monkeypatch.setattr(toasts_module, "SHORTEST_MS", 20)
    monkeypatch.setattr(toasts_module, "MS_A_CHARACTER", 0)
    toasts.show_message(Message("Saved."))
    qtbot.waitUntil(lambda: texts(toasts) == [])


def test_an_error_stays_until_it_is_closed(toasts, qtbot, monkeypatch):
    monkeypatch.setattr(toasts_module, "SHORTEST_MS", 1)
    toasts.show_message(Message("The disk is full.", MessageKind.ERROR))
    qtbot.wait(50)
    (toast,) = toasts
    close = toast.findChild(QWidget, "toast.close")
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert texts(toasts) == []


def test_a_message_waits_while_it_is_pointed_at(toasts, qtbot, monkeypatch):
    monkeypatch.setattr(toasts_module, "SHORTEST_MS", 30)
    monkeypatch.setattr(toasts_module, "MS_A_CHARACTER", 0)
    monkeypatch.setattr(toasts_module, "AFTER_HOVER_MS", 30)
    toasts.show_message(Message("Saved."))
    (toast,) = toasts
    toast.enterEvent(QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1)))
    qtbot.wait(100)
    assert texts(toasts) == ["Saved."]
    toast.leaveEvent(QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: texts(toasts) == [])


def test_what_was_done_replaces_what_was_done_before(toasts):
    toasts.show_message(Message("Recovered 3 edits.", MessageKind.NOTE))
    toasts.show_message(Message("Moved vertex.", undo=True))
    toasts.show_message(Message("Deleted hair.", undo=True))
    assert texts(toasts) == ["Recovered 3 edits.", "Deleted hair."]


def test_undo_is_offered_once(toasts, qtbot):
    toasts.show_message(Message("Deleted hair.", undo=True))
    (toast,) = toasts
    with qtbot.waitSignal(toasts.undo_asked):
        qtbot.mouseClick(toast.findChild(QWidget, "toast.undo"), Qt.MouseButton.LeftButton)
    assert texts(toasts) == []


def test_an_undo_that_is_out_of_date_is_withdrawn(toasts):
    toasts.show_message(Message("Nothing is doubtful.", MessageKind.NOTE))
    toasts.show_message(Message("Deleted hair.", undo=True))
    toasts.drop_undo()
    assert texts(toasts) == ["Nothing is doubtful."]


def test_details_come_with_their_message(toasts, qtbot):
    told = Message("The file is damaged.", MessageKind.ERROR, details="byte 17")
    toasts.show_message(told)
    (toast,) = toasts
    with qtbot.waitSignal(toasts.details_asked) as asked:
        qtbot.mouseClick(toast.findChild(QWidget, "toast.details"), Qt.MouseButton.LeftButton)
    assert asked.args == [told]
    assert texts(toasts) == [told.text]


def test_the_same_message_is_counted_and_not_stacked(toasts):
    for _ in range(3):
        toasts.show_message(Message("The disk is full.", MessageKind.ERROR))
    (toast,) = toasts
    assert toast.n_times == 3


def test_errors_outlast_other_messages_when_there_is_no_room(toasts):
    toasts.show_message(Message("Error.", MessageKind.ERROR))
    for number in range(6):
        toasts.show_message(Message(f"Note {number}.", MessageKind.NOTE))
    assert texts(toasts) == ["Error.", "Note 3.", "Note 4.", "Note 5."]


def test_messages_stand_above_each_other_inside_the_host(toasts, host, qtbot):
    toasts.show_message(Message("A long one. " * 30, MessageKind.ERROR))
    toasts.show_message(Message("Note.", MessageKind.NOTE))
    host.resize(360, 500)
    qtbot.waitUntil(lambda: all(t.geometry().right() < 360 for t in toasts))
    upper, lower = (t.geometry() for t in toasts)
    assert upper.bottom() < lower.top()
    assert lower.bottom() < 500 - 8
    assert abs(lower.center().x() - 180) <= 1
    assert host.rect().contains(upper)


def test_the_keyboards_focus_stays_where_it_is(toasts, host, qtbot):
    line = host.findChild(QLineEdit)
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    toasts.show_message(Message("Deleted hair.", undo=True))
    assert line.hasFocus()
    (toast,) = toasts
    assert toast.findChild(QWidget, "toast.undo").focusPolicy() is Qt.FocusPolicy.TabFocus


def test_a_screen_reader_says_messages_and_errors_at_once(toasts, monkeypatch):
    said = []
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: said.append((event.message(), event.politeness()))
    )
    toasts.show_message(Message("Saved."))
    toasts.show_message(Message("The disk is full.", MessageKind.ERROR))
    polite, assertive = QAccessible.AnnouncementPoliteness.Polite, QAccessible.AnnouncementPoliteness.Assertive
    assert said == [("Saved.", polite), ("The disk is full.", assertive)]


def test_markup_in_a_message_is_only_text(toasts):
    toasts.show_message(Message("<b>file</b>.h5 is open.", MessageKind.NOTE))
    (toast,) = toasts
    assert "<b>file</b>.h5 is open." in [label.text() for label in toast.findChildren(type(toast._label))]


def test_nothing_fades_where_the_desktop_does_not_animate(toasts, monkeypatch):
    monkeypatch.setattr(toasts_module, "duration_ms", lambda _: 0)
    toasts.show_message(Message("Saved."))
    (toast,) = toasts
    assert toast.graphicsEffect() is None
