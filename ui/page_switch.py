"""Buttons at the end of the menu bar, one for each page of the study that is open."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenuBar, QToolButton, QWidget

from ui.actions import Actions
from ui.pages import Page, Pages

COMMANDS = {
    Page.IMAGES: "study.images",
    Page.OVERVIEW: "study.overview",
    Page.QUALITY: "study.quality",
    Page.STATISTICS: "study.statistics",
    Page.RECORD: "study.record",
}
ICON_PX = 16
HEIGHT_PX = 24
"""No higher than the menu bar is without it."""


class PageSwitch(QWidget):
    """See the module.

    Args:
        pages: what is switched.
        actions: the commands that the buttons stand for.
        parent: the Qt parent.
    """

    def __init__(self, pages: Pages, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page_switch")
        self.setAccessibleName("Pages of the study")
        self._pages, self._actions = pages, actions
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(4)
        for page, command_id in COMMANDS.items():
            button = QToolButton()
            button.setObjectName(f"page_switch.{page}")
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setIconSize(QSize(ICON_PX, ICON_PX))
            button.setDefaultAction(actions[command_id])
            button.setFixedHeight(HEIGHT_PX)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button)
        pages.changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Mark the page that is shown; there is nothing to switch while no study is open, nor in a work file."""
        there = any(self._actions[command_id].isVisible() for command_id in COMMANDS.values())
        self.setVisible(there and self._pages.page is not Page.START)
        bar = self.parentWidget()
        if isinstance(bar, QMenuBar):
            bar.setCornerWidget(self)  # it makes room for what has just come into sight only when told so
        for page, command_id in COMMANDS.items():
            self._actions[command_id].setChecked(page is self._pages.page)
