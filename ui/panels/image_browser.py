"""All images of a study in one list, found by typing a part of what is known of them."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.panels.fact_rows import muted
from ui.panels.figures import counted, number
from ui.panels.titles import file_name
from ui.panels.visit_states import ImageState
from workstation.areas import area_of
from workstation.model.study import Study

WIDTH_PX = 560
ROW_PX = 26
ROWS_SEEN = (4, 14)
"""At the least and at the most."""
AROUND_ROWS_PX = 80
IMAGE_ID = Qt.ItemDataRole.UserRole
WORDS = Qt.ItemDataRole.UserRole + 1


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
        self.list = QListWidget()
        self.list.setObjectName("image_browser_list")
        self.list.setAccessibleName("Images")
        self.list.setUniformItemSizes(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.itemActivated.connect(lambda _item: self._choose())
        self.list.itemDoubleClicked.connect(lambda _item: self._choose())
        self._count = muted(name="image_browser_count")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        for widget in (self.text, self.list, self._count):
            layout.addWidget(widget)

    def show_images(self, study: Study, states: dict[int, ImageState], shown: tuple[int, ...]) -> None:
        """List all images, those shown selected."""
        self.list.clear()
        for image_id in sorted(study.images, key=lambda i: (area_of(study, i), i)):
            item = QListWidgetItem(row_text(study, image_id, states[image_id]))
            item.setData(IMAGE_ID, image_id)
            item.setData(WORDS, item.text().casefold())
            item.setToolTip(f"{file_name(study.images[image_id])}: {states[image_id].sentence}")
            item.setSizeHint(QSize(0, ROW_PX))
            self.list.addItem(item)
            item.setSelected(image_id in shown)
            if shown and image_id == shown[0]:
                self.list.setCurrentItem(item)
                self.list.scrollToItem(item)
        self._filter()

    def sizeHint(self) -> QSize:
        """Room for the images, as far as they are not too many."""
        least, most = ROWS_SEEN
        return QSize(WIDTH_PX, min(max(self.list.count(), least), most) * ROW_PX + AROUND_ROWS_PX)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the field, Down goes to the list and Enter takes its first image."""
        if watched is self.text and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self._enter_list()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._enter_list()
                self._choose()
                return True
        return super().eventFilter(watched, event)

    def _enter_list(self) -> None:
        current = self.list.currentItem()
        if current is None or current.isHidden():
            first = next((item for item in self._items() if not item.isHidden()), None)
            if first is None:
                return
            self.list.setCurrentItem(first)
        self.list.setFocus()

    def _choose(self) -> None:
        chosen = tuple(item.data(IMAGE_ID) for item in self._items() if item.isSelected() and not item.isHidden())
        if chosen:
            self.chosen.emit(chosen)

    def _filter(self) -> None:
        words = self.text.text().casefold().split()
        for item in self._items():
            item.setHidden(not all(word in item.data(WORDS) for word in words))
        n, n_all = sum(not item.isHidden() for item in self._items()), self.list.count()
        what = counted(n_all, "image") if n == n_all else f"{number(n)} of {counted(n_all, 'image')}"
        self._count.setText(f"{what}. Enter shows those selected side by side.")

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]


def row_text(study: Study, image_id: int, state: ImageState) -> str:
    """What an image's row says: sign, subject, site, visit, file, state. Nothing twice."""
    image, visit = study.images[image_id], study.visit_of(image_id)
    single = len(study.visits) == 1
    parts = [] if single else [visit.subject, image.site, visit.name]
    return "  ".join([state.sign, " · ".join([*parts, file_name(image)]), state.sentence])
