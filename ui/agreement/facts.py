"""A few names with their values, in a card, as many beside each other as there is room for."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from ui.dialogs.sheet import set_role
from ui.theme import GRID_PX

COLUMN_PX = 285


class Facts(QFrame):
    """See the module.

    Args:
        parent: the Qt parent.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("agreement.facts")
        self.setProperty("role", "card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        self._grid.setHorizontalSpacing(2 * GRID_PX)
        self._grid.setVerticalSpacing(GRID_PX // 2)
        self._cells: list[tuple[QLabel, QLabel]] = []
        self._columns = 0

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show other facts; none hides it."""
        while len(self._cells) < len(facts):
            name, value = QLabel(), QLabel()
            set_role(name, "muted")
            for label in (name, value):
                label.setTextFormat(Qt.TextFormat.PlainText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._cells.append((name, value))
            self._columns = 0
        for rank, (name, value) in enumerate(self._cells):
            shown = rank < len(facts)
            name.setVisible(shown)
            value.setVisible(shown)
            if shown:
                name.setText(facts[rank][0])
                value.setText(facts[rank][1])
                value.setAccessibleName(f"{facts[rank][0]}: {facts[rank][1]}")
        self.setVisible(bool(facts))
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """See Qt: a single column is enough."""
        return QSize(COLUMN_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many beside each other as there is room for."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = max(1, min(4, self.width() // COLUMN_PX))
        if columns == self._columns:
            return
        self._columns = columns
        for rank, (name, value) in enumerate(self._cells):
            row, column = divmod(rank, columns)
            self._grid.addWidget(name, row, 2 * column)
            self._grid.addWidget(value, row, 2 * column + 1)
        for column in range(8):
            self._grid.setColumnStretch(column, int(column % 2 == 1 and column < 2 * columns))
