"""Labels and what they say, in two columns, text that can be marked and copied."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QSizePolicy, QWidget

from ui.plain_text import plain_tip

LABEL_PX = 84


class FactRows(QWidget):
    """Rows of a label and a text; labels are taken over as long as their number fits.

    Args:
        parent: the Qt parent.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = form(self)
        self._texts: dict[str, QLabel] = {}

    def show_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show these rows."""
        if list(self._texts) != [label for label, _ in rows]:
            while self._layout.rowCount():
                self._layout.removeRow(0)
            self._texts = {label: QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText) for label, _ in rows}
            for label, shown in self._texts.items():
                shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                shown.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
                self._layout.addRow(label_of(label), shown)
        for label, text in rows:
            self._texts[label].setText(text)
            self._texts[label].setToolTip(plain_tip(text) if len(text) > 30 else "")
            self._texts[label].setAccessibleName(f"{label}: {text}")

    def text(self, label: str) -> str:
        """What a row says; empty where there is no such row."""
        return self._texts[label].text() if label in self._texts else ""


def form(widget: QWidget) -> QFormLayout:
    """A layout of labels at the left and values at the right."""
    layout = QFormLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(8)
    layout.setVerticalSpacing(4)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return layout


def label_of(text: str, of: QWidget | None = None) -> QLabel:
    """A muted label, as wide as all others; in the middle of what it is a label of, else at its top."""
    label = QLabel(text, textFormat=Qt.TextFormat.PlainText)
    label.setProperty("role", "muted")
    label.setFixedWidth(LABEL_PX)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    if of is not None:
        label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        label.setMinimumHeight(of.sizeHint().height())
        label.setBuddy(of)
    return label


def heading(text: str = "", name: str = "") -> QLabel:
    """The title of what follows."""
    label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    label.setProperty("role", "heading")
    label.setObjectName(name)
    return label


def muted(text: str = "", name: str = "") -> QLabel:
    """Second-rank text that wraps."""
    label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    label.setProperty("role", "muted")
    label.setObjectName(name)
    return label
