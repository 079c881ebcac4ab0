"""The grid of the overview: keys and mouse, headers that stay, and which cells are in sight."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from ui import theme
from ui.overview.model import OverviewModel
from ui.overview.painter import CELL_PX, GAP_PX
from ui.overview.wording import grade_and_arm, who

SUBJECT_PX = 168
WIDEST_PX = 248
HEADER_PX = 32
SETTLED_MS = 60
"""Cells are in sight that stay for so long: who scrolls by does not wait for what flew past."""


class OverviewGrid(QTableView):
    """See the module.

    Args:
        model: the subjects and visits.
        parent: the Qt parent.
    """

    opened = Signal(object)
    """The user wants to see this index: double click, or Enter."""
    subject_opened = Signal(str)
    menu_asked = Signal(object, QPoint)
    """A menu for this index (not valid: for none) at a place of the screen."""
    typed = Signal(str)
    """Text that was typed into the grid, where nothing can be typed."""
    left = Signal()
    """Esc."""
    in_sight_changed = Signal()

    def __init__(self, model: OverviewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overview.grid")
        self.setAccessibleName("Subjects by visits")
        self._model = model
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        self.setVerticalHeader(SubjectHeader(model, self))
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setFixedHeight(HEADER_PX)
        head.setMinimumSectionSize(CELL_PX[0])
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self.in_sight_changed)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(self._settled.start)
        model.modelReset.connect(self._follow_model)
        self.doubleClicked.connect(lambda index: self.opened.emit(index))
        self.verticalHeader().sectionDoubleClicked.connect(self._open_subject)

    def in_sight(self) -> list[tuple[int, int]]:
        """Rows and columns of the cells that are in sight."""
        rows, columns = self._model.rowCount(), self._model.columnCount()
        if not rows or not columns:
            return []
        area = self.viewport().rect()
        top, left = max(self.rowAt(0), 0), max(self.columnAt(0), 0)
        bottom, right = self.rowAt(area.bottom()), self.columnAt(area.right())
        bottom = rows - 1 if bottom < 0 else bottom
        right = columns - 1 if right < 0 else right
        return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]

    def go_to(self, row: int, column: int) -> None:
        """Select a cell and bring it into sight."""
        index = self._model.index(row, column)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns share the width."""
        super().resizeEvent(event)
        self._share_width()
        self._settled.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Esc leaves, letters look for a subject; arrows are the table's own."""
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif plain and event.text().strip() and event.text().isprintable():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """At the mouse, or, by its key, at the selected cell."""
        index = self.indexAt(event.pos())
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.viewport().mapToGlobal(self.visualRect(index).center())
        self.menu_asked.emit(index, place)

    def _follow_model(self) -> None:
        self._share_width()
        if self._model.rowCount() and self._model.columnCount():
            self.setCurrentIndex(self._model.index(0, 0))
        self._settled.start()

    def _share_width(self) -> None:
        columns = self._model.columnCount()
        if columns:
            share = self.viewport().width() // columns
            fits = share >= CELL_PX[0]  # a bar for nothing would take room, and come and go with it
            policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
            self.setHorizontalScrollBarPolicy(policy)
            self.horizontalHeader().setDefaultSectionSize(min(max(share, CELL_PX[0]), WIDEST_PX))

    def _open_subject(self, row: int) -> None:
        self.subject_opened.emit(self._model.rows[row].subject.id)


class SubjectHeader(QHeaderView):
    """The subjects: the code, and below it sex, age, grade and arm."""

    def __init__(self, model: OverviewModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setObjectName("overview.subjects")
        self._model = model
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setDefaultSectionSize(CELL_PX[1])
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        """As wide as a subject's details take."""
        return QSize(SUBJECT_PX, super().sizeHint().height())

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """See Qt."""
        if section >= len(self._model.rows):
            return
        subject, now = self._model.rows[section].subject, theme.current()
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        room = rect.adjusted(2 * GAP_PX, 0, -GAP_PX, 0)
        painter.save()
        try:
            painter.fillRect(rect, now.colour("window"))
            painter.setPen(now.colour("border"))
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
            painter.drawLine(rect.topRight(), rect.bottomRight())
            details = [text for text in (who(subject), grade_and_arm(subject)) if text]
            lines = [(bold, "text", subject.id), *((self.font(), "muted", text) for text in details)]
            height = QFontMetrics(bold).height()
            top = rect.center().y() - len(lines) * height // 2
            for place, (font, role, text) in enumerate(lines):
                painter.setFont(font)
                painter.setPen(now.colour(role))
                shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
                line = QRect(room.left(), top + place * height, room.width(), height)
                painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        finally:
            painter.restore()
