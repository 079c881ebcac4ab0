"""The studies opened lately, as a list: name, folder, when they were last changed, and which are not there any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QToolButton, QTreeWidget, QTreeWidgetItem, QWidget

from ui import theme
from ui.background import Background, Task
from ui.icons import set_icon
from ui.plain_text import plain_tip

ROW_PX = 32
NAME_PX = 280
PATH_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class RecentFile:
    """A study that was opened lately."""

    path: Path
    changed: datetime | None
    """Local time; None where the file is not there or cannot be reached."""


def look_at(paths: Sequence[Path]) -> tuple[RecentFile, ...]:
    """Which of the files are there, and when they were changed; on any thread, for a network may take its time."""
    return tuple(RecentFile(path, _changed(path)) for path in paths)


def _changed(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime)
    except OSError:
        return None


def when_text(moment: datetime, now: datetime) -> str:
    """A moment in few words: `today 14:02`, `yesterday 9:30`, else the day."""
    days = (now.date() - moment.date()).days
    if days in (0, 1):
        return f"{('today', 'yesterday')[days]} {moment:%H:%M}"
    return f"{moment:%Y-%m-%d}"


class RecentFiles(QTreeWidget):
    """The list. A click or Enter opens, Del takes a study off the list.

    Args:
        background: looks at the files off the main thread.
        parent: the Qt parent.
    """

    chosen = Signal(object)
    """The path of a study to open."""
    removed = Signal(object)
    """The path of a study to forget."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._task: Task[tuple[RecentFile, ...]] | None = None
        self.setObjectName("start.recent")
        self.setAccessibleName("Recent studies")
        self.setColumnCount(4)
        self.setHeaderLabels(["Study", "Folder", "Changed", ""])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(ROW_PX)
        header.resizeSection(0, NAME_PX)
        header.resizeSection(3, ROW_PX)
        self.itemClicked.connect(self._on_clicked)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._offer)
        forget = QAction("Take off the list", self)
        forget.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        forget.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        forget.triggered.connect(lambda: self._remove(self.currentItem()))
        self.addAction(forget)
        self._forget = forget

    def show_paths(self, paths: Sequence[Path]) -> None:
        """Show these studies, the latest first; soon also which of them are there."""
        if self._task is not None:
            self._task.drop()
        self.clear()
        for path in paths:
            self._add(path)
        if paths:
            self._task = self._background.submit(
                partial(look_at, tuple(paths)), self._show_found, name="looking at recent studies"
            )

    def paths(self) -> list[Path]:
        """What is listed."""
        return [self._path(self.topLevelItem(i)) for i in range(self.topLevelItemCount())]

    def height_for_all(self) -> int:
        """The height at which no study needs scrolling to."""
        return self.header().sizeHint().height() + ROW_PX * self.topLevelItemCount() + 2 * self.frameWidth() + 2

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        item = self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self._path(item))
        else:
            super().keyPressEvent(event)

    def _add(self, path: Path) -> None:
        item = QTreeWidgetItem([path.name, str(path.parent), "", ""])
        item.setData(0, PATH_ROLE, str(path))
        item.setSizeHint(0, QSize(0, ROW_PX))
        for column in (0, 1):
            item.setToolTip(column, plain_tip(str(path)))
        self.addTopLevelItem(item)

    def _show_found(self, found: tuple[RecentFile, ...]) -> None:
        self._task = None
        now = datetime.now()
        listed = {self._path(self.topLevelItem(i)): i for i in range(self.topLevelItemCount())}
        for file in found:
            item = self.topLevelItem(listed[file.path]) if file.path in listed else None
            if item is None:
                continue
            if file.changed is None:
                self._grey(item, file.path)
            else:
                item.setText(2, when_text(file.changed, now))

    def _grey(self, item: QTreeWidgetItem, path: Path) -> None:
        item.setText(2, "not there")
        colour = QColor(theme.current().disabled)
        for column in range(3):
            item.setForeground(column, colour)
        item.setToolTip(0, plain_tip(f"{path} is not there. Was it moved, or is a drive not connected?"))
        button = QToolButton()
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Del does the same
        button.setToolTip("Take off the list")
        button.setAccessibleName(f"Take {path.name} off the list")
        set_icon(button, "close", "muted")
        button.clicked.connect(lambda: self.removed.emit(path))
        self.setItemWidget(item, 3, button)

    def _path(self, item: QTreeWidgetItem | None) -> Path:
        return Path(str(item.data(0, PATH_ROLE))) if item is not None else Path()

    def _on_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        if column < 3:
            self.chosen.emit(self._path(item))

    def _remove(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.removed.emit(self._path(item))

    def _offer(self, at: QPoint) -> None:
        item = self.itemAt(at)
        if item is None:
            return
        menu = QMenu(self)
        menu.addAction("Open").triggered.connect(lambda: self.chosen.emit(self._path(item)))
        menu.addAction(self._forget)
        menu.popup(self.viewport().mapToGlobal(at))
        menu.aboutToHide.connect(menu.deleteLater)
