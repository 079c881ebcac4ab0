"""All units of the active image as a table that shares the workspace's selection."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.panels.doubtful import show_selected
from ui.panels.fact_rows import muted
from ui.panels.figures import counted, number
from ui.panels.refreshing import Refresher
from ui.panels.rows_model import RowsModel
from ui.panels.rows_view import RowsView
from ui.panels.unit_values import NO_UNITS, unit_chosen, unit_columns, unit_values
from ui.workspace import Workspace
from workstation.entry import Selection

TYPING_MS = 150


class UnitTable(QWidget):
    """See the module.

    Args:
        workspace: whose active image is listed.
        parent: the Qt parent.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unit_table")
        self._workspace = workspace
        self.model = RowsModel(self)
        self.view = RowsView(self.model, "unit_rows", "Units")
        self.view.ids_chosen.connect(self._select)
        self.view.opened.connect(lambda: show_selected(workspace))
        self.text = QLineEdit(placeholderText="Number or comment", clearButtonEnabled=True)
        self.text.setObjectName("unit_filter_text")
        self.text.setAccessibleName("Filter units by number or comment")
        self._count = muted(name="unit_count")
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._filter)
        self.text.textChanged.connect(self._typing.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 8)
        layout.setSpacing(4)
        for widget in (self.text, self.view, self._count):
            layout.addWidget(widget)
        self._refresher = Refresher(self, self._refresh)
        self._mirror = Refresher(self, self._show_selection)
        for changed in (workspace.session_changed, workspace.active_changed, workspace.document_changed):
            changed.connect(self._refresher.ask)
        workspace.selection_changed.connect(self._mirror.ask)

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()
        self._mirror.now()

    def _refresh(self) -> None:
        study, read = self._workspace.study, self._workspace.active_read
        if study is None or read is None:
            self.model.show_values(unit_columns(has_scale=True), NO_UNITS)
        else:
            scale = study.images[read.image_id].calibration
            self.model.show_values(unit_columns(scale is not None), unit_values(read, scale))
        self._say_count()
        self._show_selection()

    def _filter(self) -> None:
        text = self.text.text()
        self.model.set_filter(lambda values: unit_chosen(values, text))
        self._say_count()
        self._show_selection()

    def _say_count(self) -> None:
        n, n_all = self.model.rowCount(), self.model.n_all
        text = counted(n_all, "unit") if n == n_all else f"{number(n)} of {counted(n_all, 'unit')}"
        if not n_all:
            text = "There is no unit in this image yet." if self._workspace.active else "No image is shown."
        for widget in (self.text, self.view):
            widget.setVisible(n_all > 0)
        self._count.setText(text)

    def _show_selection(self) -> None:
        if self._workspace.selected_image in (None, self._workspace.active):
            self.view.mirror(self._workspace.selection.unit_ids)

    def _select(self, ids: frozenset[int]) -> None:
        read = self._workspace.active_read
        if read is not None:
            self._workspace.select(Selection(read.id, frozenset(), ids) if ids else Selection())
