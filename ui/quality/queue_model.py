"""The queue as a table, and which reads it shows."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.plain_text import plain_tip
from workstation.model.read import DECIDED, WITH_READER, ReadState
from workstation.model.study import Study
from workstation.quality.kinds import ReadKind
from workstation.quality.rows import ReadRow, changed_text, edits_text, time_text

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight

SCORE_TIP = "Doubt × effect on the endpoint × disagreement: what it is made of stands beside."
TIME_TIP = (
    "The time between one edit of the reader in this read and the next, each counted as two minutes at most: a lower "
    "bound of the time spent, and no measure of diligence. Looking without editing is not in it."
)
EDITED_TIP = "Hairs added, removed, rejected or moved, in percent of the hairs that were detected."


@dataclass(frozen=True, slots=True)
class Shown:
    """Which reads are shown."""

    text: str
    states: frozenset[ReadState]
    nothing: str
    """What is said where there is none."""


SHOWN = (
    Shown("Waiting for a decision", frozenset({ReadState.SUBMITTED}), "No read waits for a decision."),
    Shown("With their readers", WITH_READER, "No read is with its reader."),
    Shown("Accepted or signed", DECIDED, "No read is accepted yet."),
    Shown("All reads", frozenset(ReadState) - {ReadState.DETECTED}, "Nobody has begun a read yet."),
)


def still_shown(rows: Sequence[ReadRow], study: Study, shown: Shown) -> tuple[ReadRow, ...]:
    """The rows of reads that are, as the study is now, in one of the states shown."""
    now = ((row, study.reads.get(row.read.id)) for row in rows)
    return tuple(
        row if read is row.read else replace(row, read=read)
        for row, read in now
        if read is not None and read.review.state in shown.states
    )


def state_text(row: ReadRow) -> str:
    """How far a read has come, and of which kind it is where it is no usual one."""
    state = str(row.read.review.state)
    return state if row.kind is ReadKind.READ else f"{state} · {row.kind}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    title: str
    text: Callable[[ReadRow], str]
    is_number: bool = False
    tip: str = ""
    cell_tip: Callable[[ReadRow], str] | None = None


def why_text(row: ReadRow) -> str:
    """Why a read stands where it does in the queue, as a sentence; empty where it does not wait."""
    if row.factors is None:
        return ""
    reason = row.factors.reason
    return f"{reason[:1].upper()}{reason[1:]}."


def _score(row: ReadRow) -> str:
    if row.factors is None or math.isnan(row.factors.score):
        return ""
    return f"{row.factors.score:.3g}"


COLUMNS = (
    Column("Image", lambda row: row.image, cell_tip=lambda row: row.image),
    Column("Reader", lambda row: row.read.reader),
    Column("State", state_text, cell_tip=state_text),
    Column("Edited", changed_text, is_number=True, tip=EDITED_TIP, cell_tip=lambda row: edits_text(row.made)),
    Column("Time", lambda row: time_text(row.time), is_number=True, tip=TIME_TIP),
    Column("Remarks", lambda row: str(row.open_remarks or ""), is_number=True, tip="Those that are open."),
    Column("Score", _score, is_number=True, tip=SCORE_TIP, cell_tip=why_text),
    Column("Why", lambda row: "" if row.factors is None else row.factors.brief, cell_tip=why_text),
)  # fmt: skip


class QueueModel(QAbstractTableModel):
    """A row for each read."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ReadRow, ...] = ()

    @property
    def rows(self) -> tuple[ReadRow, ...]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: tuple[ReadRow, ...]) -> None:
        """Show other reads, or the same as they are now."""
        if [row.read.id for row in rows] == [row.read.id for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row_of(self, read_id: int | None) -> int | None:
        """Where a read stands."""
        return next((i for i, row in enumerate(self._rows) if row.read.id == read_id), None)

    def rowCount(self, parent: Index | None = None) -> int:
        """Reads."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> object:
        """A cell."""
        column, row = COLUMNS[index.column()], self._rows[index.row()]
        match role:
            case ROLE.DisplayRole:
                return column.text(row)
            case ROLE.TextAlignmentRole:
                return RIGHT if column.is_number else LEFT
            case ROLE.ToolTipRole:
                return plain_tip(column.cell_tip(row) if column.cell_tip else "") or None
            case ROLE.AccessibleTextRole:
                return f"{column.title}: {column.text(row)}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> object:
        """Titles."""
        if orientation is Qt.Orientation.Vertical or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        match role:
            case ROLE.DisplayRole:
                return column.title
            case ROLE.ToolTipRole:
                return column.tip or None
            case ROLE.TextAlignmentRole:
                return RIGHT if column.is_number else LEFT
        return None
