"""The selected hair, or hairs: what is known of them, what of it can be corrected here."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QProgressBar, QVBoxLayout, QWidget

from analysis.geometry import arc_length
from ui.adjudication.wording import whence_text
from ui.panels.doubtful import show_selected
from ui.panels.editing import CommentEdit, NumberEdit
from ui.panels.fact_rows import FactRows, form, heading, label_of, muted
from ui.panels.facts import (
    ORIGINS,
    class_of,
    hairs_facts,
    length_text,
    why_not_counted,
    width_in_unit,
    width_unit,
)
from ui.panels.figures import counted, number
from ui.panels.hints import tip_of
from ui.panels.nearby_units import NearbyUnits
from ui.panels.row import beside, icon_button
from ui.panels.symbols import CLASS_NAMES, SIZE_PX, class_icon
from ui.workspace import Workspace
from workstation import edits
from workstation.model.hair import Hair, Origin
from workstation.model.patch import Patch
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study

Edit = Callable[[Read], Patch]


class HairsPage(QWidget):
    """See the module.

    Args:
        workspace: corrections go through it.
        changed: called after a correction was tried, so that what was refused is shown as it is.
    """

    def __init__(self, workspace: Workspace, changed: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("hairs_page")
        self._workspace = workspace
        self._changed = changed
        self._image_id = 0
        self._ids: frozenset[int] = frozenset()
        self._title = heading(name="selection_title")
        self._reveal = icon_button(
            "zoom_selection", "selection_reveal", tip_of("view.to_selection", workspace.settings)
        )
        self._reveal.clicked.connect(lambda: show_selected(workspace))
        self._why = muted(name="selection_why")
        self._class_icon, self._class = QLabel(), QLabel()
        self.width_edit = NumberEdit(self._set_width)
        self.width_edit.setObjectName("selection_width")
        self._unit = QLabel()
        self._reset = icon_button("reset", "selection_reset_width", tip_of("hairs.reset_width", workspace.settings))
        self._reset.clicked.connect(lambda: self._commit(lambda read: edits.reset_width(read, self._ids)))
        self._length, self._origin = QLabel(), QLabel()
        self._confidence, self._confidence_bar = QLabel(), _confidence_bar()
        self.root = QCheckBox("In the image")
        self.root.setObjectName("selection_root")
        self.root.setToolTip(tip_of("hairs.root_visible", workspace.settings))
        self.root.clicked.connect(self._set_root)
        self.rows = FactRows()
        self.nearby = NearbyUnits(workspace)
        self.comment = CommentEdit(self._set_comment)
        self.comment.setObjectName("selection_comment")
        self.comment.setAccessibleName("Comment on the selected hairs")
        self._lay_out()

    def show_hairs(self, study: Study, image: ImageRecord, read: Read, hairs: list[Hair]) -> None:
        """Show one hair or more of a read."""
        ids = frozenset(hair.id for hair in hairs)
        if (image.id, ids) != (self._image_id, self._ids):
            self._leave()
        self._image_id, self._ids = image.id, ids
        self._show_one(study, image, read, hairs[0]) if len(hairs) == 1 else self._show_many(study, image, hairs)
        self.nearby.show_units(read)
        may = self._workspace.can_edit
        for widget in (self.width_edit, self.root, self.comment, self.nearby):
            widget.setEnabled(may)
        self._reset.setEnabled(may and any(hair.width_is_set for hair in hairs))

    def _show_one(self, study: Study, image: ImageRecord, read: Read, hair: Hair) -> None:
        scale = image.calibration
        of_unit = "in no unit" if hair.unit_id is None else f"in unit {hair.unit_id}"
        self._title.setText(f"Hair {hair.id}, {of_unit}")
        self._show_why(why_not_counted(hair, read))
        width_class = class_of(hair, study, image)
        self._class_icon.setPixmap(class_icon(width_class).pixmap(SIZE_PX, SIZE_PX))
        self._class.setText(CLASS_NAMES[width_class])
        self._show_width(number(width_in_unit(hair.width_px, scale), 1), width_unit(scale), hair.width_px > 0)
        self._length.setText(length_text(arc_length(hair.vertices_px), scale))
        self._confidence.setText(number(hair.confidence, 2))
        self._confidence_bar.setValue(round(hair.confidence * 100))
        whence = whence_text(study, read, hair.id, blinded=self._workspace.display.blinded)
        by_hand = "width set by hand" if hair.width_is_set else ""
        self._origin.setText(", ".join(part for part in (ORIGINS[hair.origin], by_hand, whence) if part))
        self._origin.setToolTip("" if hair.origin is not Origin.ADDED else "Drawn with a diamond.")
        self.root.setTristate(False)
        self.root.setChecked(hair.root_visible)
        self.comment.show_text(hair.comment)
        self._show_rows(one=True)

    def _show_many(self, study: Study, image: ImageRecord, hairs: list[Hair]) -> None:
        facts = hairs_facts(study, image, hairs)
        self._title.setText(counted(facts.n, "hair"))
        self._show_why("")
        self.rows.show_rows((("Mean width", facts.width), ("Mean length", facts.length), *facts.rows))
        scale = image.calibration
        common = "" if facts.width_px is None else number(width_in_unit(facts.width_px, scale), 1)
        self._show_width(common, width_unit(scale), facts.width_px is not None)
        self.root.setTristate(facts.root_visible is None)
        check = Qt.CheckState.Checked if facts.root_visible else Qt.CheckState.Unchecked
        self.root.setCheckState(Qt.CheckState.PartiallyChecked if facts.root_visible is None else check)
        self.comment.show_text(facts.comment or "", "Comment" if facts.comment is not None else "Different comments")
        self._show_rows(one=False)

    def _show_why(self, why: str) -> None:
        self._why.setText(why)
        self._why.setVisible(bool(why))

    def _show_width(self, text: str, unit: str, known: bool) -> None:
        self.width_edit.show_value(
            text if known else "", "" if known else "not known" if len(self._ids) == 1 else "differ"
        )
        self.width_edit.setAccessibleName(f"Width in {'micrometres' if unit == 'µm' else 'pixels'}")
        self._unit.setText(unit)

    def _show_rows(self, *, one: bool) -> None:
        for row in range(self._form.rowCount()):
            self._form.setRowVisible(row, one or row in self._always)
        self.rows.setVisible(not one)

    def _set_width(self, value: float) -> None:
        scale = None if self._workspace.study is None else self._workspace.study.images[self._image_id].calibration
        width_px = value if scale is None else scale.px(value)
        self._commit(lambda read: edits.set_width(read, self._ids, width_px))

    def _set_root(self) -> None:
        visible = self.root.checkState() is not Qt.CheckState.Unchecked
        study = self._workspace.study
        scale = None if study is None else study.images[self._image_id].calibration
        self._commit(lambda read: edits.set_root_visible(read, self._ids, visible, calibration=scale))

    def _set_comment(self, text: str) -> None:
        self._commit(lambda read: edits.comment_hairs(read, self._ids, text))

    def _commit(self, make: Edit) -> None:
        self._workspace.commit(self._image_id, make)
        self._changed()

    def forget(self) -> None:
        """Drop what was typed: it was about another study."""
        self._image_id, self._ids = 0, frozenset()
        self.comment.restore()
        self.width_edit.restore()

    def _leave(self) -> None:
        """Keep what was typed about other hairs before these are shown."""
        read = self._workspace.read(self._image_id) if self._image_id else None
        if read is not None and self._ids <= read.hairs.keys():
            self.comment.take()
            self.width_edit.take()
        self.comment.restore()
        self.width_edit.restore()

    def _lay_out(self) -> None:
        box = QWidget()
        self._form = form(box)
        rows = {
            "Class": beside(self._class_icon, self._class, None),
            "Width": beside(self.width_edit, self._unit, self._reset),
            "Length": self._length,
            "Confidence": beside(self._confidence_bar, self._confidence),
            "Origin": self._origin,
            "Root": self.root,
        }
        for label, widget in rows.items():
            self._form.addRow(label_of(label, widget), widget)
        self._always = (1, 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(beside(self._title, None, self._reveal))
        for widget in (self._why, self.rows, box, self.nearby, self.comment):
            layout.addWidget(widget)


def _confidence_bar() -> QProgressBar:
    bar = QProgressBar(textVisible=False)
    bar.setRange(0, 100)
    bar.setAccessibleName("Confidence in percent")
    bar.setToolTip("How likely the hair is there and right.")
    return bar
