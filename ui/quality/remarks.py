"""What people say about a read: remarks with their answers, and a line to write in."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.panels.fact_rows import muted
from ui.quality.thread import RemarkThread, ThreadLooks
from ui.theme import GRID_PX
from ui.workspace import Workspace
from workstation import edits
from workstation.edits.remarks import remarks_on, threads
from workstation.entry import Selection
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.permissions import may_decide

BOX_PX = 56


class Purpose(StrEnum):
    """What the text that is typed is for."""

    REMARK = "remark"
    ANSWER = "answer"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Writing:
    """What is being written."""

    purpose: Purpose = Purpose.REMARK
    answers: int | None = None


class RemarksPanel(QWidget):
    """See the module.

    Args:
        workspace: remarks go through it.
        name: object name.
        writer_apart: the owner lays out `writer`, what one writes with, so that it stays in sight.
        parent: the Qt parent.
    """

    returned = Signal(str)
    """The read is to be returned with this text, which may be empty."""
    left = Signal()
    """The typing is over: the keys may go elsewhere."""

    def __init__(
        self, workspace: Workspace, name: str, parent: QWidget | None = None, *, writer_apart: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._workspace = workspace
        self._read_id: int | None = None
        self._writing = Writing()
        self._threads: list[RemarkThread] = []
        self._looks: tuple[ThreadLooks, ...] = ()
        self._none = muted("No remarks.")
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(GRID_PX)
        self._list.addWidget(self._none)
        self.about = muted()
        self.box = _Box()
        self.box.setObjectName(f"{name}.box")
        self.box.setAccessibleName("Remark")
        self.box.given.connect(self._give)
        self.box.left.connect(self._leave)
        self.write = QPushButton()
        self.write.setObjectName(f"{name}.write")
        self.write.clicked.connect(self._give)
        self.writer = QWidget()
        self._lay_out(writer_apart)
        self._show_writing()

    # --- what it shows -----------------------------------------------------------------------------------------

    @property
    def read_id(self) -> int | None:
        """The read whose remarks are shown."""
        return self._read_id

    @property
    def writing(self) -> Writing:
        """What the text that is typed is for."""
        return self._writing

    def show_read(self, read_id: int | None) -> None:
        """Show the remarks on a read as they are now. What was typed about another one is dropped."""
        if read_id != self._read_id:
            self._read_id = read_id
            self.box.clear()
            self._writing = Writing()
        study, session = self._workspace.study, self._workspace.session
        read = None if study is None or read_id is None else study.reads.get(read_id)
        found: tuple[ThreadLooks, ...] = ()
        if study is not None and read is not None and session is not None:
            user = session.document.user
            may_mark = self._workspace.can_edit and (read.reader == user or may_decide(study, read, user))
            found = tuple(
                ThreadLooks(first, answers, user, may_mark, self._workspace.can_edit)
                for first, answers in threads(remarks_on(study, read.id))
            )
        if found != self._looks:
            self._looks = found
            self._rebuild()
        self._show_writing()

    def begin(self, purpose: Purpose = Purpose.REMARK, answers: int | None = None) -> None:
        """Put the keyboard into the box."""
        self._writing = Writing(purpose, answers)
        self._show_writing()
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def hair_meant(self) -> int | None:
        """The hair that a new remark would be about: the one that is selected in this read; None: the whole read."""
        selection = self._workspace.selection
        if selection.read_id != self._read_id or len(selection.hair_ids) != 1:
            return None
        return next(iter(selection.hair_ids))

    # --- doings ------------------------------------------------------------------------------------------------

    def _give(self) -> None:
        session, read_id, writing = self._workspace.session, self._read_id, self._writing
        if session is None or read_id is None:
            return
        text, user = self.box.toPlainText(), session.document.user
        if writing.purpose is Purpose.RETURN:
            self.returned.emit(text)
            return
        if not text.strip():
            self._leave()
            return
        hair_id = self.hair_meant() if writing.purpose is Purpose.REMARK else None
        change = self._workspace.commit_study(
            lambda study: edits.add_remark(study, read_id, user, text, hair_id=hair_id, answers=writing.answers)
        )
        if change is not None:
            self.done()

    def done(self) -> None:
        """What was typed is said."""
        self.box.clear()
        self._leave()

    def _leave(self) -> None:
        self._writing = Writing()
        self._show_writing()
        self.left.emit()

    def _mark(self, remark_id: int, done: bool) -> None:
        session = self._workspace.session
        if session is None:
            return
        user = session.document.user
        self._workspace.commit_study(
            lambda study: edits.mark_done(study, remark_id, user) if done else edits.reopen_remark(study, remark_id)
        )

    def _take_back(self, remark_id: int) -> None:
        self._workspace.commit_study(lambda study: edits.take_back_remark(study, remark_id))

    def _show_hair(self, hair_id: int) -> None:
        """Select the hair that a remark is about and bring it into view, in the images."""
        workspace, read = self._workspace, self._read()
        if read is None or hair_id not in read.hairs:
            workspace.tell(f"Hair {hair_id} is no longer there.")
            return
        if read.image_id not in workspace.shown:
            workspace.tell("Look at the read in the images first.")
            return
        workspace.select(Selection(read.id, frozenset({hair_id})))
        workspace.reveal(read.image_id, [(float(x), float(y)) for x, y in read.hairs[hair_id].vertices_px])

    def _read(self) -> Read | None:
        study: Study | None = self._workspace.study
        return None if study is None or self._read_id is None else study.reads.get(self._read_id)

    # --- what it is made of ------------------------------------------------------------------------------------

    def _lay_out(self, writer_apart: bool) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(GRID_PX)
        foot.addWidget(self.about, 1)
        foot.addWidget(self.write, 0, Qt.AlignmentFlag.AlignRight)
        writing = QVBoxLayout(self.writer)
        writing.setContentsMargins(0, 0, 0, 0)
        writing.setSpacing(GRID_PX // 2)
        writing.addWidget(self.box)
        writing.addLayout(foot)
        column = QVBoxLayout(self)
        column.setSpacing(GRID_PX)
        column.addLayout(self._list)
        if writer_apart:
            column.setContentsMargins(0, 0, 0, 0)
        else:
            column.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX)
            column.addWidget(self.writer)

    def _rebuild(self) -> None:
        for thread in self._threads:
            self._list.removeWidget(thread)
            thread.hide()
            thread.deleteLater()
        self._threads = [RemarkThread(looks) for looks in self._looks]
        for thread in self._threads:
            thread.answer_asked.connect(lambda remark_id: self.begin(Purpose.ANSWER, remark_id))
            thread.marked.connect(self._mark)
            thread.taken_back.connect(self._take_back)
            thread.hair_asked.connect(self._show_hair)
            self._list.addWidget(thread)
        self._none.setVisible(not self._threads)

    def _show_writing(self) -> None:
        study, writing = self._workspace.study, self._writing
        answered = None if study is None or writing.answers is None else study.remarks.get(writing.answers)
        read, hair_id = self._read(), self.hair_meant()
        texts = {
            Purpose.REMARK: ("Write a remark", "Write", f"About hair {hair_id}." if hair_id else ""),
            Purpose.ANSWER: ("Answer", "Answer", f"To {answered.author}. Esc: leave." if answered else ""),
            Purpose.RETURN: (
                f"What should {read.reader if read else 'the reader'} look at again?",
                "Return",
                "Enter returns the read; Esc: leave it.",
            ),
        }
        placeholder, button, about = texts[writing.purpose]
        self.box.setPlaceholderText(placeholder)
        self.write.setText(button)
        self.about.setText(about)
        for part in (self.box, self.write):
            part.setEnabled(read is not None and self._workspace.can_edit)


class _Box(QPlainTextEdit):
    """A few lines; Enter gives them, Shift+Enter begins a new one, Esc leaves."""

    given = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFixedHeight(BOX_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("Enter writes it, Shift+Enter begins a new line, Esc leaves.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.given.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
