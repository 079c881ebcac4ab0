"""All keys on one sheet, beside the work: searchable, and as the user set them."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.dialogs.sheet import Sheet, paragraph
from ui.key_text import grouped, key_text
from ui.theme import GRID_PX

COLUMNS = 3
KEYS_PX = 15 * GRID_PX
SIZE_PX = (1080, 720)
LONGEST_KEYS = 11
"""Characters that two keys may have together to be shown beside each other; further ones are in the tip."""
HEADING_ROWS = 2
"""What a heading takes of a column's length."""


class _Row:
    """One line of the sheet."""

    def __init__(self, keys: Sequence[str], text: str, more: str) -> None:
        self.caps = QWidget()
        caps = QHBoxLayout(self.caps)
        caps.setContentsMargins(0, 0, 0, 0)
        caps.setSpacing(GRID_PX // 2)
        for key in keys[:1] if len("".join(keys[:2])) > LONGEST_KEYS else keys[:2]:
            cap = QLabel(key_text(key))
            cap.setProperty("role", "key")
            caps.addWidget(cap)
        caps.addStretch(1)
        self.label = QLabel(text)
        spelled = [key_text(key) for key in keys]
        also = f"Also {' or '.join(spelled[1:])}" if spelled[1:] else ""
        self.label.setToolTip("\n".join(part for part in (more, also) if part))
        self.words = " ".join([*spelled, text, more]).casefold()
        self.label.setAccessibleName(f"{text}: {' or '.join(spelled)}")

    def show_if(self, shown: bool) -> None:
        self.caps.setVisible(shown)
        self.label.setVisible(shown)


class _Group(QWidget):
    """A heading and its lines."""

    def __init__(self, heading: str, rows: list[_Row]) -> None:
        super().__init__()
        self.rows = rows
        self.heading = heading
        label = QLabel(heading)
        label.setProperty("role", "heading")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, GRID_PX)
        grid.setHorizontalSpacing(2 * GRID_PX)
        grid.setVerticalSpacing(GRID_PX // 2)
        grid.addWidget(label, 0, 0, 1, 2)
        for at, row in enumerate(rows, start=1):
            row.label.setWordWrap(True)
            grid.addWidget(row.caps, at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row.label, at, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnMinimumWidth(0, KEYS_PX)
        grid.setColumnStretch(1, 1)

    def filter(self, wanted: Sequence[str]) -> int:
        """Show the lines that hold all words; how many."""
        n = 0
        for row in self.rows:
            holds = all(word in f"{row.words} {self.heading.casefold()}" for word in wanted)
            row.show_if(holds)
            n += holds
        self.setVisible(n > 0)
        return n


class ShortcutSheet(Sheet):
    """The sheet; not modal.

    Args:
        overrides: keys as the user set them, by command id.
        parent: the window it belongs to.
    """

    change_asked = Signal()
    """The user wants to change keys: the settings."""

    def __init__(self, overrides: Mapping[str, Sequence[str]], parent: QWidget | None = None) -> None:
        super().__init__("shortcut_sheet", "Keys", parent)
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._search = QLineEdit(placeholderText="Search: a word or a key", clearButtonEnabled=True)
        self._search.setObjectName("shortcut_sheet.search")
        self._search.setAccessibleName("Search keys")
        self._search.textChanged.connect(self._filter)
        self._nothing = paragraph("No command has all these words.", "muted")
        self._nothing.hide()
        self._groups = [
            _Group(heading, [_Row(*line) for line in lines]) for heading, lines in grouped(overrides).items()
        ]
        self.column.addWidget(self._search)
        self.column.addWidget(self._nothing)
        self.column.addWidget(self._body(), 1)
        self.add_buttons("", "Close")
        change = self.add_button("Change &keys…", QDialogButtonBox.ButtonRole.ActionRole)
        change.clicked.connect(self.change_asked)
        self.resize(*SIZE_PX)
        self._search.setFocus()

    def shown(self) -> list[str]:
        """What stands on the sheet now."""
        return [row.label.text() for group in self._groups for row in group.rows if not row.label.isHidden()]

    def _body(self) -> QScrollArea:
        body = QWidget()
        across = QHBoxLayout(body)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(4 * GRID_PX)
        for groups in _in_columns(self._groups, COLUMNS):
            column = QVBoxLayout()
            column.setSpacing(GRID_PX)
            for group in groups:
                column.addWidget(group)
            column.addStretch(1)
            across.addLayout(column, 1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setAccessibleName("Keys by menu")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        return scroll

    def _filter(self, text: str) -> None:
        n = sum(group.filter(text.casefold().split()) for group in self._groups)
        self._nothing.setVisible(n == 0)


def _in_columns(groups: list[_Group], n: int) -> list[list[_Group]]:
    """Groups in reading order, each column about as long as the others."""
    total = sum(len(group.rows) + HEADING_ROWS for group in groups)
    columns: list[list[_Group]] = [[] for _ in range(n)]
    before = 0.0
    for group in groups:
        length = len(group.rows) + HEADING_ROWS
        columns[min(int((before + length / 2) / total * n), n - 1)].append(group)
        before += length
    return columns
