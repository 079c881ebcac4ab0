"""Values that are edited where they stand: Enter commits, Esc restores, leaving commits what was typed."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from ui.panels.figures import typed_number

COMMENT_PX = 56


class NumberEdit(QLineEdit):
    """A number, its unit typed or not.

    Args:
        commit: called with the number, once the user means it.
        parent: the Qt parent.
    """

    left = Signal()
    """Enter or Esc ended the typing: the keys may go to the image again."""

    def __init__(self, commit: Callable[[float], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commit = commit
        self._shown = ""
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.textEdited.connect(self._mark)

    @property
    def dirty(self) -> bool:
        """Whether something is typed that is not committed."""
        return self.text() != self._shown

    def show_value(self, text: str, placeholder: str = "") -> None:
        """Show a value; what is being typed stays until it is committed or taken back."""
        typing = self.dirty and self.hasFocus()
        self._shown = text
        self.setPlaceholderText(placeholder)
        if not typing:
            self.setText(text)
        self._mark()

    def restore(self) -> None:
        """Drop what was typed."""
        self.setText(self._shown)
        self._mark()

    def take(self) -> None:
        """Commit what was typed; what is no number above zero is marked and stays."""
        if not self.dirty:
            return
        value = typed_number(self.text())
        if value is None or value <= 0:
            self._mark()
            return
        self._shown = self.text()
        self._commit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter commits, Esc restores."""
        if _is_enter(event):
            self.take()
            if not self.property("faulty"):
                _leave(self)
        elif event.key() == Qt.Key.Key_Escape:
            self.restore()
            _leave(self)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit; what cannot be is restored."""
        self.take()
        self.restore()
        super().focusOutEvent(event)

    def _mark(self) -> None:
        value = typed_number(self.text())
        faulty = self.dirty and bool(self.text()) and (value is None or value <= 0)
        if self.property("faulty") is not faulty:
            self.setProperty("faulty", faulty)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setToolTip("A number above zero is needed." if faulty else "Enter commits, Esc restores.")


class CommentEdit(QPlainTextEdit):
    """A comment of a few lines; Shift+Enter begins a new line.

    Args:
        commit: called with the text, once the user means it.
        parent: the Qt parent.
    """

    left = Signal()
    """Enter or Esc ended the typing: the keys may go to the image again."""

    def __init__(self, commit: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commit = commit
        self._shown = ""
        self.setTabChangesFocus(True)
        self.setFixedHeight(COMMENT_PX)
        self.setPlaceholderText("Comment")
        self.setToolTip("Enter commits, Shift+Enter begins a new line, Esc restores.")

    @property
    def dirty(self) -> bool:
        """Whether something is typed that is not committed."""
        return self.toPlainText() != self._shown

    def show_text(self, text: str, placeholder: str = "Comment") -> None:
        """Show a comment; what is being typed stays until it is committed or taken back."""
        typing = self.dirty and self.hasFocus()
        self._shown = text
        self.setPlaceholderText(placeholder)
        if not typing and self.dirty:
            self.restore()

    def restore(self) -> None:
        """Drop what was typed."""
        self.setPlainText(self._shown)

    def take(self) -> None:
        """Commit what was typed."""
        if self.dirty:
            self._shown = self.toPlainText()
            self._commit(self._shown)

    def event(self, event: QEvent) -> bool:
        """With Ctrl, Enter is a command elsewhere; whoever types means the comment."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_enter(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter commits, Esc restores."""
        if _is_enter(event) and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.take()
            _leave(self)
        elif event.key() == Qt.Key.Key_Escape:
            self.restore()
            _leave(self)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit."""
        self.take()
        super().focusOutEvent(event)


def _leave(edit: NumberEdit | CommentEdit) -> None:
    """Give the keyboard back: letters are tools and verdicts there, no text."""
    edit.clearFocus()
    edit.left.emit()


def _is_enter(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
