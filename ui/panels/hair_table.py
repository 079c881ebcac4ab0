"""All hairs of the active image as a table that shares the workspace's selection."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from analysis.measures import WidthClass
from ui.panels.columns import Values, merged
from ui.panels.hair_rows import ANY_CLASS, NO_HAIRS, HairFilter, Show, hair_columns, hair_values
from ui.panels.object_table import ObjectTable
from ui.panels.row import WheelGuard
from ui.panels.symbols import CLASS_NAMES, class_icon
from ui.workspace import Workspace
from workstation.entry import Selection
from workstation.model.hair import Hair


class HairTable(ObjectTable):
    """See the module.

    Args:
        workspace: whose active image is listed.
        parent: the Qt parent.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        nothing = "No hair is detected or drawn in this image yet."
        super().__init__(workspace, "hair", "Filter hairs by number, unit or comment", nothing, parent)
        self._about: tuple[object, ...] = ()
        self._hairs: Mapping[int, Hair] = {}
        self._values: Values = {}
        self.show_box = _box("hair_filter_show", "Which hairs")
        for show in Show:
            self.show_box.addItem(str(show), show)
        self.class_box = _box("hair_filter_class", "Which class")
        self.class_box.addItem("Any class", ANY_CLASS)
        for name in (*WidthClass, None):
            self.class_box.addItem(class_icon(name), CLASS_NAMES[name].capitalize(), name)
        boxes = QHBoxLayout()
        boxes.setSpacing(4)
        for box in (self.show_box, self.class_box):
            box.currentIndexChanged.connect(self._filter)
            boxes.addWidget(box, 1)
            self._hidden_when_empty.append(box)
        self._column.insertLayout(1, boxes)
        self._follow(workspace.settings_changed)

    def _show(self) -> None:
        workspace, study, read = self._workspace, self._workspace.study, self._workspace.active_read
        if study is None or read is None:
            self._about, self._hairs = (), {}
            self.model.show_values(hair_columns(has_scale=True), NO_HAIRS)
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

    def _set_filter(self) -> None:
        show, width_class = self.show_box.currentData(), self.class_box.currentData()
        self.model.set_filter(HairFilter(Show(show), width_class, self.text.text()).chosen)

    def _selected(self) -> frozenset[int]:
        return self._workspace.selected_hairs()

    def _selection(self, read_id: int, ids: frozenset[int]) -> Selection:
        return Selection(read_id, ids)


def _box(name: str, title: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(title)
    WheelGuard(box)
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return box
