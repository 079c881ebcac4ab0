"""All hairs of the active image as a table that shares the workspace's selection."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from analysis.measures import WidthClass
from ui.panels.columns import Values, merged
from ui.panels.doubtful import show_selected
from ui.panels.fact_rows import muted
from ui.panels.figures import counted, number
from ui.panels.hair_rows import ANY_CLASS, NO_HAIRS, HairFilter, Show, hair_columns, hair_values
from ui.panels.refreshing import Refresher
from ui.panels.row import WheelGuard
from ui.panels.rows_model import RowsModel
from ui.panels.rows_view import RowsView
from ui.panels.symbols import CLASS_NAMES, class_icon
from ui.workspace import Workspace
from workstation.entry import Selection
from workstation.model.hair import Hair

TYPING_MS = 150


class HairTable(QWidget):
    """See the module.

    Args:
        workspace: whose active image is listed.
        parent: the Qt parent.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hair_table")
        self._workspace = workspace
        self._about: tuple[object, ...] = ()
        self._hairs: Mapping[int, Hair] = {}
        self._values: Values = {}
        self.model = RowsModel(self)
        self.view = RowsView(self.model, "hair_rows", "Hairs")
        self.view.ids_chosen.connect(self._select)
        self.view.opened.connect(lambda: show_selected(workspace))
        self.text = QLineEdit(placeholderText="Number or comment", clearButtonEnabled=True)
        self.text.setObjectName("hair_filter_text")
        self.text.setAccessibleName("Filter hairs by number, unit or comment")
        self.show_box = _box("hair_filter_show", "Which hairs")
        for show in Show:
            self.show_box.addItem(str(show), show)
        self.class_box = _box("hair_filter_class", "Which class")
        self.class_box.addItem("Any class", ANY_CLASS)
        for name in (*WidthClass, None):
            self.class_box.addItem(class_icon(name), CLASS_NAMES[name].capitalize(), name)
        self._count = muted(name="hair_count")
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._filter)
        self.text.textChanged.connect(self._typing.start)
        for box in (self.show_box, self.class_box):
            box.currentIndexChanged.connect(self._filter)
        self._lay_out()
        self._refresher = Refresher(self, self._refresh)
        self._mirror = Refresher(self, self._show_selection)
        for changed in (
            workspace.session_changed,
            workspace.active_changed,
            workspace.document_changed,
            workspace.settings_changed,
        ):
            changed.connect(self._refresher.ask)
        workspace.selection_changed.connect(self._mirror.ask)

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()
        self._mirror.now()

    def _refresh(self) -> None:
        workspace, study, read = self._workspace, self._workspace.study, self._workspace.active_read
        if study is None or read is None:
            self._about, self._hairs = (), {}
            self.model.show_values(hair_columns(has_scale=True), NO_HAIRS)
            self._say_count()
            return
        image = study.images[read.image_id]
        looks = image.calibration, study.cutoffs, workspace.settings.doubtful_below
        about = image.id, *looks
        columns = hair_columns(image.calibration is not None)
        if about != self._about:
            self._values = hair_values(sorted(read.hairs.values(), key=lambda hair: hair.id), *looks)
            self.model.show_values(columns, self._values)
        elif read.hairs is not self._hairs:
            gone = [i for i in self._hairs if i not in read.hairs]
            fresh = [hair for i, hair in read.hairs.items() if self._hairs.get(i) is not hair]
            self._values = merged(self._values, np.array(gone, dtype=np.int64), hair_values(fresh, *looks))
            self.model.show_values(columns, self._values, [hair.id for hair in fresh])
        self._about, self._hairs = about, read.hairs
        self._say_count()
        self._show_selection()

    def _filter(self) -> None:
        show, width_class = self.show_box.currentData(), self.class_box.currentData()
        self.model.set_filter(HairFilter(Show(show), width_class, self.text.text()).chosen)
        self._say_count()
        self._show_selection()

    def _say_count(self) -> None:
        n, n_all = self.model.rowCount(), self.model.n_all
        text = counted(n_all, "hair") if n == n_all else f"{number(n)} of {counted(n_all, 'hair')}"
        if not n_all:
            text = "No hair is detected or drawn in this image yet." if self._workspace.active else "No image is shown."
        for widget in (self.text, self.show_box, self.class_box, self.view):
            widget.setVisible(n_all > 0)
        self._count.setText(text)

    def _show_selection(self) -> None:
        if self._workspace.selected_image in (None, self._workspace.active):
            self.view.mirror(self._workspace.selected_hairs())

    def _select(self, ids: frozenset[int]) -> None:
        read = self._workspace.active_read
        if read is not None:
            self._workspace.select(Selection(read.id, ids) if ids else Selection())

    def _lay_out(self) -> None:
        boxes = QHBoxLayout()
        boxes.setSpacing(4)
        for box in (self.show_box, self.class_box):
            boxes.addWidget(box, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self.text)
        layout.addLayout(boxes)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._count)


def _box(name: str, title: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(title)
    WheelGuard(box)
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return box
