"""All images of a study in one list, found by typing a part of what is known of them."""

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QVBoxLayout, QWidget

from ui.panels.browser_rows import ROW_PX, BrowserRows
from ui.panels.fact_rows import muted
from ui.panels.figures import counted, number
from ui.panels.visit_states import ImageState
from workstation.model.study import Study

WIDTH_PX = 560
ROWS_SEEN = (4, 14)
"""At the least and at the most."""
AROUND_ROWS_PX = 80
SLICE_S = 0.02
"""Words are looked for so long at a stretch: in between the window hears what is typed."""


class ImageBrowser(QWidget):
    """See the module. Words typed must all occur in what an image's row says, in any order.

    Args:
        parent: the Qt parent.
    """

    chosen = Signal(object)
    """The user wants to see images: a tuple of ids."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("image_browser")
        self.text = QLineEdit(placeholderText="Subject, site, visit, file or state", clearButtonEnabled=True)
        self.text.setObjectName("image_browser_text")
        self.text.setAccessibleName("Find an image")
        self.text.textChanged.connect(self._filter)
        self.text.installEventFilter(self)
        self.rows = BrowserRows(self)
        self.list = QListView()
        self.list.setObjectName("image_browser_list")
        self.list.setAccessibleName("Images")
        self.list.setUniformItemSizes(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setModel(self.rows)
        self.list.activated.connect(lambda _index: self._when_sifted(self._choose))
        self.list.doubleClicked.connect(lambda _index: self._when_sifted(self._choose))
        self._count = muted(name="image_browser_count")
        self._to_sift: Iterator[int] | None = None
        self._n_found = 0
        self._then: Callable[[], None] | None = None
        self._next_slice = QTimer(self, singleShot=True, interval=0)
        self._next_slice.timeout.connect(self._sift)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        for widget in (self.text, self.list, self._count):
            layout.addWidget(widget)

    def show_images(self, study: Study, state_of: Callable[[int], ImageState], shown: tuple[int, ...]) -> None:
        """List all images, those shown selected.

        Args:
            study: whose images.
            state_of: gives how far an image has come.
            shown: the images that are shown now.
        """
        self.rows.show_images(study, state_of)
        selection, flags = self.list.selectionModel(), QItemSelectionModel.SelectionFlag
        for image_id in shown:
            selection.select(self.rows.index(self.rows.ids.index(image_id)), flags.Select)
        if shown:
            current = self.rows.index(self.rows.ids.index(shown[0]))
            selection.setCurrentIndex(current, flags.NoUpdate)
            self.list.scrollTo(current)
        self._filter()

    def forget(self) -> None:
        """List nothing: the study is closed."""
        self._to_sift = self._then = None
        self.rows.forget()

    def sizeHint(self) -> QSize:
        """Room for the images, as far as they are not too many."""
        least, most = ROWS_SEEN
        return QSize(WIDTH_PX, min(max(self.rows.rowCount(), least), most) * ROW_PX + AROUND_ROWS_PX)

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever looks elsewhere waits for nothing any more."""
        self._then = None
        self._next_slice.stop()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the field, Down goes to the list and Enter takes its first image."""
        if watched is self.text and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self._when_sifted(self._enter_list)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._when_sifted(self._enter_and_choose)
                return True
        return super().eventFilter(watched, event)

    def _enter_and_choose(self) -> None:
        self._enter_list()
        self._choose()

    def _enter_list(self) -> None:
        current = self.list.currentIndex()
        if not current.isValid() or self.list.isRowHidden(current.row()):
            first = next((row for row in range(self.rows.rowCount()) if not self.list.isRowHidden(row)), None)
            if first is None:
                return
            self.list.setCurrentIndex(self.rows.index(first))
        self.list.setFocus()

    def _choose(self) -> None:
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        chosen = tuple(self.rows.ids[row] for row in rows if not self.list.isRowHidden(row))
        if chosen:
            self.chosen.emit(chosen)

    # --- finding -----------------------------------------------------------------------------------------------

    def _filter(self) -> None:
        """Begin to look for what is typed, from the first row."""
        self._then = None
        self._to_sift, self._n_found = iter(range(self.rows.rowCount())), 0
        self._sift()

    def _sift(self) -> None:
        """Look at as many rows as can be looked at without holding anybody up; the rest follows."""
        words, end_s = self.text.text().casefold().split(), time.perf_counter() + SLICE_S
        for row in self._to_sift or ():
            found = self.rows.says(row, words) if words else True
            self._n_found += found
            if self.list.isRowHidden(row) == found:
                self.list.setRowHidden(row, not found)
            if time.perf_counter() > end_s:
                self._next_slice.start()
                return
        self._to_sift = None
        self._tell_count()
        if self._then is not None:
            action, self._then = self._then, None
            action()

    def _when_sifted(self, action: Callable[[], None]) -> None:
        """Do something with what is found, once all rows were looked at."""
        if self._to_sift is None:
            action()
        else:
            self._then = action

    def _tell_count(self) -> None:
        n, n_all = self._n_found, self.rows.rowCount()
        what = counted(n_all, "image") if n == n_all else f"{number(n)} of {counted(n_all, 'image')}"
        self._count.setText(f"{what}. Enter shows those selected side by side.")
