"""What is done with the record: its page, a read as it was, the reason for the next edits."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from ui.actions import Actions
from ui.record.past_read import PastRead
from ui.record.reasons import Answer
from workstation.record.as_it_was import ReadHistory, history_of

if TYPE_CHECKING:
    from ui.main_window import MainWindow

Index = Callable[[ReadHistory], int | None]
"""Chooses a state of a read; None where it was not there yet."""


class RecordCommands(QObject):
    """Does it for one window. Pages and dialogs are imported when they are asked for."""

    def __init__(self, window: "MainWindow", actions: Actions) -> None:
        super().__init__(window)
        self._window, self._workspace = window, window.workspace
        self._workspace.reasons.ask = self._ask_reason
        actions.connect_all(
            {
                "image.as_it_was": self.show_before,
                "image.change_before": lambda: window.past_bar.step(-1),
                "image.change_after": lambda: window.past_bar.step(1),
                "edit.reason": self.keep_reason,
            }
        )

    def page(self) -> QWidget:
        """The page with the record."""
        from ui.record.page import RecordPage

        page = RecordPage(self._workspace, self._window.desk.background)
        page.read_asked.connect(self.show_then)
        return page

    def show_then(self, read_id: int, after_row: int) -> None:
        """Show a read as it was after a row of the study's trail."""
        self._with_history(read_id, lambda history: history.index_after(after_row))

    def show_before(self) -> None:
        """Show the read of the active image as it was before its latest change; again: as it is now."""
        active, read = self._workspace.active, self._workspace.active_read
        if active is None or read is None:
            return
        if active in self._workspace.past:
            self._workspace.show_past(active, None)
            return
        self._with_history(read.id, lambda history: max(len(history) - 2, 0))

    def _with_history(self, read_id: int, index_of: Index) -> None:
        session = self._workspace.session
        if session is None or read_id not in session.study.reads:
            return
        moment = session.moment
        work = partial(history_of, moment.study, session.trail[: moment.revision], read_id)
        done = partial(self._show, session.study.id, index_of)
        self._window.desk.background.submit(work, done, self._failed, name="reading the record")

    def _show(self, study_id: str, index_of: Index, history: ReadHistory) -> None:
        study = self._workspace.study
        index = index_of(history)
        if study is None or study.id != study_id or index is None:
            return
        past, image_id = PastRead(history, index), history.read.image_id
        if image_id not in self._workspace.shown or not self._window.sees_images():
            self._window.show_images([image_id])
        self._workspace.set_active(image_id)
        self._workspace.show_past(image_id, past)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, ValueError):
            raise error
        self._workspace.tell(f"The record does not lead back so far: {error}.")

    def keep_reason(self) -> None:
        """Let the user say why the next edits of the read are made, or change it."""
        read, reasons = self._workspace.active_read, self._workspace.reasons
        if read is not None:
            answer = self._asked("the reason for the next edits of this read", True, reasons.kept.get(read.id, ""))
            if answer is not None:
                reasons.take(answer, read.id)

    def _ask_reason(self, what: str, can_keep: bool) -> Answer | None:
        return self._asked(what, can_keep, "")

    def _asked(self, what: str, can_keep: bool, kept: str) -> Answer | None:
        from ui.record.reason_dialog import ReasonDialog

        recent = self._workspace.reasons.recent
        dialog = ReasonDialog(what, recent, can_keep=can_keep, kept=kept, parent=self._window)
        return dialog.answer if dialog.exec() == QDialog.DialogCode.Accepted else None
