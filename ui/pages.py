"""The pages of the window: what is seen while nothing is open, the images, the overview, the statistics, the
quality of the reads, the record.

The last four are made when they are first shown, so that the window opens quickly.
"""

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget


class Page(StrEnum):
    """One of them."""

    START = "start"
    IMAGES = "images"
    OVERVIEW = "overview"
    STATISTICS = "statistics"
    QUALITY = "quality"
    RECORD = "record"


class Pages(QStackedWidget):
    """See the module.

    Args:
        parent: the Qt parent.
    """

    changed = Signal()
    """Another page is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pages")
        self._makers: dict[Page, Callable[[], QWidget]] = {}
        self._made: dict[Page, QWidget] = {}
        self._page = Page.START

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self._page

    def offer(self, page: Page, make: Callable[[], QWidget]) -> None:
        """Have a page made by `make` when it is first shown."""
        self._makers[page] = make

    def widget_of(self, page: Page) -> QWidget:
        """A page's widget, made now if it was not before."""
        if page not in self._made:
            self._made[page] = self._makers[page]()
            self.addWidget(self._made[page])
        return self._made[page]

    def show_page(self, page: Page) -> None:
        """Show another page, and give it the keyboard."""
        widget = self.widget_of(page)
        changed, self._page = page is not self._page, page
        self.setCurrentWidget(widget)
        if changed:
            widget.setFocus()
            self.changed.emit()
