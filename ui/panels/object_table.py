"""What the tables of hairs and of units share: rows of the active image, a filter, a count, one selection."""

from PySide6.QtCore import QTimer, SignalInstance
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.panels.doubtful import show_selected
from ui.panels.fact_rows import muted
from ui.panels.figures import counted, number
from ui.panels.refreshing import Refresher
from ui.panels.rows_model import RowsModel
from ui.panels.rows_view import RowsView
from ui.workspace import Workspace
from workstation.entry import Selection

TYPING_MS = 150


class ObjectTable(QWidget):
    """A table; what it lists and selects is its subclass's.

    Args:
        workspace: whose active image is listed.
        kind: of the objects, in one word.
        filter_title: the accessible name of the filter.
        nothing: said where the active image has none.
        parent: the Qt parent.
    """

    def __init__(
        self, workspace: Workspace, kind: str, filter_title: str, nothing: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{kind}_table")
        self._workspace = workspace
        self._kind, self._nothing = kind, nothing
        self.model = RowsModel(self)
        self.view = RowsView(self.model, f"{kind}_rows", f"{kind.capitalize()}s")
        self.view.ids_chosen.connect(self._select)
        self.view.opened.connect(lambda: show_selected(workspace))
        self.text = QLineEdit(placeholderText="Number or comment", clearButtonEnabled=True)
        self.text.setObjectName(f"{kind}_filter_text")
        self.text.setAccessibleName(filter_title)
        self._count = muted(name=f"{kind}_count")
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._filter)
        self.text.textChanged.connect(self._typing.start)
        self._hidden_when_empty: list[QWidget] = [self.text, self.view]
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 4, 8, 8)
        self._column.setSpacing(4)
        self._column.addWidget(self.text)
        self._column.addWidget(self.view, 1)
        self._column.addWidget(self._count)
        self._refresher = Refresher(self, self._refresh)
        self._mirror = Refresher(self, self._show_selection)
        self._follow(workspace.session_changed, workspace.active_changed, workspace.document_changed)
        workspace.selection_changed.connect(self._mirror.ask)

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()
        self._mirror.now()

    def _follow(self, *changed: SignalInstance) -> None:
        for signal in changed:
            signal.connect(self._refresher.ask)

    def _show(self) -> None:
        """Bring the model up to date with the active image."""
        raise NotImplementedError

    def _set_filter(self) -> None:
        """Have the model filter as the user chose."""
        raise NotImplementedError

    def _selected(self) -> frozenset[int]:
        """The ids of those rows that the workspace has selected."""
        raise NotImplementedError

    def _selection(self, read_id: int, ids: frozenset[int]) -> Selection:
        """What the workspace is to select for these rows."""
        raise NotImplementedError

    def _refresh(self) -> None:
        self._show()
        self._say_count()
        self._show_selection()

    def _filter(self) -> None:
        self._set_filter()
        self._say_count()
        self._show_selection()

    def _say_count(self) -> None:
        n, n_all = self.model.rowCount(), self.model.n_all
        all_of_them = counted(n_all, self._kind)
        text = all_of_them if n == n_all else f"{number(n)} of {all_of_them}"
        if not n_all:
            text = self._nothing if self._workspace.active else "No image is shown."
        for widget in self._hidden_when_empty:
            widget.setVisible(n_all > 0)
        self._count.setText(text)

    def _show_selection(self) -> None:
        if self._workspace.selected_image in (None, self._workspace.active):
            self.view.mirror(self._selected())

    def _select(self, ids: frozenset[int]) -> None:
        read = self._workspace.active_read
        if read is not None:
            self._workspace.select(self._selection(read.id, ids) if ids else Selection())
