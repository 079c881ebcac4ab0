"""One chip for each visit of a scalp area; those pressed in stand side by side."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QWidget

from ui.panels.visit_states import ImageState
from ui.plain_text import plain_tip

HEIGHT_PX = 30
TITLE_MAX_PX = 144
"""Longer names of visits are shortened, so that all chips have a chance to be seen; the tip has the whole."""
TIP = "Click: beside the others. Ctrl+click or Enter: alone. ← →: to the next visit."


class VisitChips(QScrollArea):
    """See the module. Where they do not fit, the wheel and the keyboard move them."""

    chosen = Signal(object)
    """The user wants to see other images: a tuple of ids, earliest first."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("visit_chips")
        self.setAccessibleName("Visits side by side")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedHeight(HEIGHT_PX)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for set_policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            set_policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._row = QWidget()
        self._layout = QHBoxLayout(self._row)
        self._layout.setContentsMargins(0, 2, 0, 2)
        self._layout.setSpacing(4)
        self._layout.addStretch(1)
        self.setWidget(self._row)
        self.chips: dict[int, _Chip] = {}

    def show_visits(self, titles: dict[int, str], states: dict[int, ImageState], shown: Sequence[int]) -> None:
        """Show a chip for each image, in the order of `titles`."""
        if list(titles) != list(self.chips):
            self._make(list(titles))
        for image_id, chip in self.chips.items():
            chip.show_visit(titles[image_id], states[image_id], image_id in shown)

    def sizeHint(self) -> QSize:
        """Wide enough for all chips."""
        return QSize(self._row.sizeHint().width(), HEIGHT_PX)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Chips came or changed their width: so does the whole."""
        if watched is self._row and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move the chips sideways."""
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (event.angleDelta().y() or event.angleDelta().x()) // 2)

    def _make(self, image_ids: list[int]) -> None:
        for chip in self.chips.values():
            self._layout.removeWidget(chip)
            chip.deleteLater()
        self.chips = {image_id: _Chip(image_id) for image_id in image_ids}
        for place, chip in enumerate(self.chips.values()):
            chip.clicked.connect(self._toggled)
            chip.alone.connect(lambda image_id: self.chosen.emit((image_id,)))
            chip.moved.connect(self._move)
            self._layout.insertWidget(place, chip)
        self.updateGeometry()

    def _toggled(self) -> None:
        pressed = tuple(image_id for image_id, chip in self.chips.items() if chip.isChecked())
        if pressed:
            self.chosen.emit(pressed)
        else:  # one image at least is shown
            sender = self.sender()
            assert isinstance(sender, QPushButton)
            sender.setChecked(True)

    def _move(self, image_id: int, step: int) -> None:
        chips = list(self.chips.values())
        place = list(self.chips).index(image_id) + step
        if 0 <= place < len(chips):
            chips[place].setFocus(Qt.FocusReason.TabFocusReason)
            self.ensureWidgetVisible(chips[place])


class _Chip(QPushButton):
    alone = Signal(int)
    moved = Signal(int, int)

    def __init__(self, image_id: int) -> None:
        super().__init__()
        self.setObjectName(f"visit_{image_id}")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._image_id = image_id

    def show_visit(self, title: str, state: ImageState, shown: bool) -> None:
        shortened = self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, TITLE_MAX_PX)
        self.setText(f"{shortened}  {state.short}".replace("&", "&&"))
        self.setChecked(shown)
        self.setAccessibleName(f"{title}, {state.sentence}, {'shown' if shown else 'not shown'}")
        self.setToolTip(plain_tip(f"{title}: {state.sentence}\n{TIP}"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.alone.emit(self._image_id)
            case Qt.Key.Key_Left:
                self.moved.emit(self._image_id, -1)
            case Qt.Key.Key_Right:
                self.moved.emit(self._image_id, 1)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.alone.emit(self._image_id)
        else:
            super().mousePressEvent(event)
