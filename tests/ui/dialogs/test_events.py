from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QPushButton

from ui.dialogs.error import ErrorDialog
from ui.dialogs.events import EventsDialog
from workstation.edits import add_event
from workstation.model.trial import AdverseEvent, Relation, Severity

ITCHING = AdverseEvent(1, "S2", "Itching", Severity.MILD, Relation.PROBABLE, False, "2026-03-10", "2026-03-12", "")
HEADACHE = AdverseEvent(2, "S1", "Headache", Severity.SEVERE, Relation.UNLIKELY, True, "", "", "went by itself")


@pytest.fixture
def dialog(qtbot, trial_workspace, background):
    dialog = EventsDialog(trial_workspace, background, "S2")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.fixture
def filled(trial_workspace, dialog):
    for event in (ITCHING, HEADACHE):
        trial_workspace.commit_study(lambda study, event=event: add_event(study, event))
    return dialog


def press(dialog, name, qtbot):
    qtbot.mouseClick(dialog.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def told(dialog):
    return dialog.findChild(QLabel, "events.told").text().replace("\xa0", " ")


def rows(dialog):
    return [[dialog.rows.index(row, column).data() for column in range(8)] for row in range(dialog.rows.rowCount())]


def test_an_event_is_entered_by_keyboard_alone(dialog, trial_workspace, qtbot):
    assert dialog.focusWidget() is dialog.form.term
    assert dialog.form.subject.currentText() == "S2"
    qtbot.keyClicks(dialog.form.term, "Itching")
    order = []
    for _ in range(6):
        dialog.focusNextChild()
        order.append(dialog.focusWidget().objectName())
    assert order == ["event.severity", "event.relation", "event.serious", "event.start", "event.end", "event.comment"]
    qtbot.keyClicks(dialog.form.relation, "pro")
    qtbot.keyClicks(dialog.form.start, "2026-03-10")
    qtbot.keyClicks(dialog.form.end, "2026-03-12")
    qtbot.keyClick(dialog.form.end, Qt.Key.Key_Return)
    assert dict(trial_workspace.study.events) == {1: ITCHING}
    assert rows(dialog) == [["S2", "Itching", "mild", "probable", "no", "2026-03-10", "2026-03-12", ""]]
    assert dialog.form.term.text() == ""  # for the next one


def test_events_are_listed_by_subject_and_one_is_corrected(filled, trial_workspace, qtbot):
    assert [row[:2] for row in rows(filled)] == [["S1", "Headache"], ["S2", "Itching"]]
    assert rows(filled)[0][4] == "serious"
    filled.table.selectRow(0)
    assert filled.form.event_now() == HEADACHE
    filled.form.severity.setCurrentText("moderate")
    press(filled, "events.keep", qtbot)
    assert trial_workspace.study.events[2].severity is Severity.MODERATE
    press(filled, "dialog.events.undo", qtbot)
    assert trial_workspace.study.events[2] == HEADACHE
    assert filled.form.severity.currentText() == "severe"


def test_an_event_is_taken_out_and_comes_back(filled, trial_workspace, qtbot):
    filled.table.selectRow(1)
    press(filled, "events.remove", qtbot)
    assert list(trial_workspace.study.events) == [2]
    assert filled.form.term.text() == ""
    press(filled, "dialog.events.undo", qtbot)
    assert trial_workspace.study.events[1] == ITCHING


def test_what_cannot_be_is_said(dialog, trial_workspace, qtbot):
    keep = dialog.findChild(QPushButton, "events.keep")
    assert not keep.isEnabled()
    dialog.form.term.setText("Itching")
    dialog.form.start.setText("10.3.2026")
    press(dialog, "events.keep", qtbot)
    assert told(dialog) == "'10.3.2026' is not a date. Write it as year-month-day, 2026-03-31."
    dialog.form.start.setText("2026-03-10")
    dialog.form.end.setText("2026-03-01")
    press(dialog, "events.keep", qtbot)
    assert told(dialog).startswith("The event ends on 2026-03-01, before it starts on 2026-03-10.")
    assert not trial_workspace.study.events


def test_what_was_typed_is_kept_when_the_dialog_is_left(dialog, trial_workspace):
    dialog.form.term.setText("Itching")
    dialog.reject()
    assert [event.term for event in trial_workspace.study.events.values()] == ["Itching"]
    assert not dialog.isVisible()


def test_what_cannot_be_kept_holds_the_dialog_once(dialog, trial_workspace):
    dialog.form.term.setText("Itching")
    dialog.form.start.setText("soon")
    dialog.reject()
    assert dialog.isVisible()
    assert told(dialog).startswith("'soon' is not a date")
    dialog.reject()
    assert not dialog.isVisible()
    assert not trial_workspace.study.events


def test_going_to_another_event_keeps_what_was_typed_first(filled, trial_workspace):
    filled.table.selectRow(1)
    filled.form.comment.setPlainText("after washing")
    filled.table.selectRow(0)
    assert trial_workspace.study.events[1].comment == "after washing"
    assert filled.form.event_now() == HEADACHE


def test_what_is_being_typed_stays_when_something_else_changes(filled, trial_workspace):
    filled.table.selectRow(1)
    filled.form.comment.setPlainText("after washing")
    another = replace(HEADACHE, id=3, term="Redness")
    trial_workspace.commit_study(lambda study: add_event(study, another))
    assert filled.form.event_now() == replace(ITCHING, comment="after washing")
    assert filled.rows.events[filled.table.currentIndex().row()].id == ITCHING.id


def test_a_table_is_imported_whole(filled, trial_workspace, qtbot, tmp_path, monkeypatch):
    table = tmp_path / "events.csv"
    table.write_text(
        "subject,term,severity,relation,serious,start,end\n"
        "S2,Itching,mild,probable,no,2026-03-10,2026-03-12\n"
        "S10,Cold,mild,not related,no,2026-04-01,\n"
    )
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(table), ""))
    press(filled, "events.import", qtbot)
    qtbot.waitUntil(lambda: len(trial_workspace.study.events) == 3)
    assert told(filled) == "1 event taken over. 1 event in the study already."
    press(filled, "events.import", qtbot)
    qtbot.waitUntil(lambda: told(filled).startswith("There is nothing new in the table."))


def test_a_table_with_faults_is_not_taken_over_at_all(dialog, trial_workspace, qtbot, tmp_path, monkeypatch):
    table = tmp_path / "events.csv"
    table.write_text("subject,term,severity,relation\nS2,Itching,mild,probable\nS9,Cold,bad,probable\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(table), ""))
    shown = []
    monkeypatch.setattr(ErrorDialog, "exec", lambda self: shown.append(self) or QDialog.DialogCode.Rejected)
    press(dialog, "events.import", qtbot)
    qtbot.waitUntil(lambda: bool(shown))
    assert told(dialog) == "Nothing was taken over."
    assert not trial_workspace.study.events


def test_without_subjects_there_is_nothing_to_enter(qtbot, trial_workspace, background, monkeypatch):
    from types import MappingProxyType

    empty = replace(
        trial_workspace.study, **{part: MappingProxyType({}) for part in ("subjects", "visits", "images", "reads")}
    )
    monkeypatch.setattr(EventsDialog, "study", property(lambda _: empty))
    dialog = EventsDialog(trial_workspace, background)
    qtbot.addWidget(dialog)
    assert not dialog.form.isEnabled()
    assert not dialog.findChild(QPushButton, "events.keep").isEnabled()
