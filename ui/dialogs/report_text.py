"""A long text to look at, to copy and to save: details of an error, a report of a crash."""

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QPlainTextEdit, QPushButton, QWidget

from ui.dialogs.sheet import Sheet, paragraph
from ui.theme import GRID_PX

COPIED = "Copied"


class TextReport(Sheet):
    """A sentence and the text.

    Args:
        name: of the object, after `dialog.`.
        title: of the window.
        sentence: what the text is about.
        text: the text.
        parent: the window it belongs to.
        close: what the default button says.
    """

    def __init__(
        self, name: str, title: str, sentence: str, text: str, parent: QWidget | None = None, *, close: str = "Close"
    ) -> None:
        super().__init__(name, title, parent)
        self.column.addWidget(paragraph(sentence))
        self._text = QPlainTextEdit(text, readOnly=True)
        self._text.setObjectName(f"{name}.text")
        self._text.setAccessibleName("Details")
        self._text.setTabChangesFocus(True)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.column.addWidget(self._text, 1)
        self.close_button = self.add_buttons(close, "")
        self._copy = self.add_button("&Copy", QDialogButtonBox.ButtonRole.ActionRole)
        self._copy.clicked.connect(self._copy_all)
        self.resize(90 * GRID_PX, 55 * GRID_PX)

    def add_action(self, text: str) -> QPushButton:
        """Another button at the foot."""
        return self.add_button(text, QDialogButtonBox.ButtonRole.ActionRole)

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())
        self._copy.setText(COPIED)
