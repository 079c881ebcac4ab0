"""The pairs of a work file in their order, with how much of each is done; a click leads to one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import GRID_PX
from workstation.blinding.queue import WorkPair

ROWS_SHOWN = 8
SIGNS = ("○", "◑", "●")
"""Nothing, some, all of it is done."""


class WorkQueue(QWidget):
    """See the module.

    Args:
        parent: the Qt parent.
    """

    chosen = Signal(str)
    """The code of a pair."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("work_queue")
        self.list = QListWidget()
        self.list.setObjectName("work_queue.list")
        self.list.setAccessibleName("Pairs to read")
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID_PX, 0, GRID_PX, GRID_PX)
        layout.addWidget(self.list)

    def show_pairs(self, pairs: tuple[WorkPair, ...], code: str) -> None:
        """Show the pairs, one of them marked."""
        if self.list.count() != len(pairs):
            self.list.clear()
            for _ in pairs:
                self.list.addItem(QListWidgetItem())
            row_px = max(self.list.sizeHintForRow(0), 2 * GRID_PX)
            self.list.setFixedHeight(row_px * min(ROWS_SHOWN, max(1, len(pairs))) + 2)
        for row, pair in enumerate(pairs):
            item = self.list.item(row)
            text = pair_text(pair)
            if item.text() != text:
                item.setText(text)
                item.setData(Qt.ItemDataRole.UserRole, pair.code)
            if pair.code == code:
                self.list.setCurrentRow(row)

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))


def pair_text(pair: WorkPair) -> str:
    """`◑  K7M2Q  1 of 2 done`."""
    sign = SIGNS[2 if pair.is_done else min(pair.n_done, 1)]
    state = "done" if pair.is_done else f"{pair.n_done} of {len(pair.image_ids)} done"
    return f"{sign}  {pair.code}  ·  {state}"
