"""Which images need a third read, the largest difference first; a double click, or Enter, settles one."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from ui.elided import ElidedLabel
from ui.panels.figures import DASH, SPACE, counted, number
from ui.panels.refreshing import Refresher
from ui.plain_table import make_plain, set_widths
from ui.theme import GRID_PX
from ui.workspace import Workspace
from workstation.adjudication.third_read import adjudication_of
from workstation.adjudication.trigger import TwoReads, needs_adjudication, two_reads
from workstation.image_names import image_names
from workstation.model.study import Study

ROW_PX = 24
HEADER = ("Image", "Readers", "Hairs", "Units", "Apart", "Third read")
WIDTHS_PX = (220, 220, 90, 90, 90, 200)


class DuePanel(QWidget):
    """See the module.

    Args:
        workspace: whose study.
        parent: the Qt parent.
    """

    opened = Signal(int)
    """The two reads of an image are to be settled: its id."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("adjudication.due")
        self._workspace = workspace
        self._pairs: tuple[TwoReads, ...] = ()
        self.every = QCheckBox("Also images whose counts differ by less")
        self.every.setObjectName("adjudication.every")
        self.told = ElidedLabel()
        self.told.setProperty("role", "muted")
        self.table = QTableWidget(0, len(HEADER))
        make_plain(self.table, "adjudication.table", "Images that two readers finished", ROW_PX)
        self.table.setHorizontalHeaderLabels(HEADER)
        set_widths(self.table, WIDTHS_PX)
        self.table.activated.connect(self._open)
        head = QHBoxLayout()
        head.setSpacing(2 * GRID_PX)
        head.addWidget(self.every)
        head.addWidget(self.told, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GRID_PX, 0, 0)
        layout.setSpacing(GRID_PX)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        self._refresher = Refresher(self, self._refresh)
        self.every.toggled.connect(self._refresher.ask)
        for changed in (workspace.session_changed, workspace.document_changed, workspace.display_changed):
            changed.connect(self._refresher.ask)

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    def _refresh(self) -> None:
        study = self._workspace.study
        due = () if study is None else needs_adjudication(study)
        self._pairs = tuple(two_reads(study)) if study is not None and self.every.isChecked() else due
        limit = 0.0 if study is None else study.reading.adjudicate_above_percent
        images = counted(len(due), "image needs", "images need")
        self.told.setText(f"{images} a third read: counts more than {limit:g}{SPACE}% apart.")
        self.table.setRowCount(len(self._pairs))
        for row, pair in enumerate(self._pairs):
            for column, text in enumerate(
                _cells(study, pair, blinded=self._workspace.display.blinded) if study else ()
            ):
                item = QTableWidgetItem(text)
                item.setFlags(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled)
                item.setToolTip("Double click or Enter: settle what they differ in.")
                self.table.setItem(row, column, item)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._pairs[index.row()].image_id)


def _cells(study: Study, pair: TwoReads, *, blinded: bool) -> tuple[str, ...]:
    first, second = study.reads[pair.first_id], study.reads[pair.second_id]
    return (
        image_names(study)[pair.image_id],
        "two readers" if blinded else f"{first.reader}, {second.reader}",
        f"{pair.hairs[0]} / {pair.hairs[1]}",
        f"{pair.units[0]} / {pair.units[1]}",
        f"{number(pair.percent, 0)}{SPACE}%",
        _state(study, pair),
    )


def _state(study: Study, pair: TwoReads) -> str:
    if pair.third_id is None:
        return "by another pair of reads" if pair.is_finished else DASH
    third = study.reads[pair.third_id]
    left = adjudication_of(study, third).n_left
    return f"{third.reader}: {counted(left, 'difference')} left" if left else f"{third.reader}: {third.review.state}"
