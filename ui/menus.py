"""The menu bar and the tool bar, made from the table of commands."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QWidget

from ui.actions import Actions
from ui.keys import COMMANDS, Kind, Menu
from ui.plain_text import plain_tip

ICON_PX = 24


class RecentMenu(QMenu):
    """The studies that were open of late."""

    chosen = Signal(object)
    """The `Path` of one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Open &recent", parent)
        self.setObjectName("recent_menu")

    def show_files(self, paths: Iterable[Path]) -> None:
        """List these, newest first. Whether they are there is not asked: a network may take its time."""
        self.clear()
        for path in paths:
            action = self.addAction(f"{path.stem}  —  {path.parent}")
            action.setToolTip(plain_tip(str(path)))
            action.triggered.connect(lambda _checked, chosen=path: self.chosen.emit(chosen))
        self.setEnabled(not self.isEmpty())


def fill_menu_bar(window: QMainWindow, actions: Actions, recent: RecentMenu) -> None:
    """Give a window its menus."""
    for menu in Menu:
        made = window.menuBar().addMenu(f"&{menu.value}")
        made.setObjectName(f"menu_{menu.name.lower()}")
        made.setToolTipsVisible(True)
        for command in COMMANDS:
            if command.menu is not menu:
                continue
            if command.starts_group:
                made.addSeparator()
            made.addAction(actions[command.id])
            if command.id == "file.open":
                made.addMenu(recent)


def tool_bar(actions: Actions, parent: QWidget) -> QToolBar:
    """The tools, one below the other."""
    bar = QToolBar("Tools", parent)
    bar.setObjectName("tool_bar")
    bar.setAccessibleName("Tools")
    bar.setOrientation(Qt.Orientation.Vertical)
    bar.setMovable(False)
    bar.setIconSize(QSize(ICON_PX, ICON_PX))
    for command in COMMANDS:
        if command.kind is Kind.TOOL:
            if command.starts_group:
                bar.addSeparator()
            bar.addAction(actions[command.id])
    return bar
