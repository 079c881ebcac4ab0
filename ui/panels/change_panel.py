"""What changed between the two visits that are looked at: hair by hair, and by endpoints on own and common fields."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.icons import set_icon
from ui.matching.changes import Changes
from ui.matching.matches import Matches
from ui.panels.change_figures import STATUSES, ChangeFigures, change_figures
from ui.panels.fact_rows import FactRows, heading, muted
from ui.panels.refreshing import Refresher
from ui.panels.titles import image_titles
from ui.workspace import Workspace

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
OWN_TIP = "Each visit measured on its own field."
COMMON_TIP = "Both visits measured on the part of the skin that both show."
NET_TIP = "New less lost, and as a share of those of the earlier visit. Uncertain ones do not count."


class ChangePanel(QWidget):
    """See the module.

    Args:
        workspace: what is shown.
        matches: the pair that is looked at.
        changes: works out what changed.
        parent: the Qt parent.
    """

    def __init__(self, workspace: Workspace, matches: Matches, changes: Changes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("change_panel")
        self._workspace, self._matches, self._changes = workspace, matches, changes
        self.figures = ChangeFigures("")
        self.title = heading(name="change_title")
        self.about = muted(name="change_about")
        self.tallies = _Table("change_tallies", len(STATUSES) + 2)
        self.widths = FactRows()
        self.limit = muted(name="change_limit")
        self.endpoints = _Table("change_endpoints", 3)
        self.copy = QPushButton("Copy")
        self.copy.setObjectName("change_copy")
        self.copy.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.copy.setToolTip("As text for a spreadsheet")
        set_icon(self.copy, "copy")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.figures.as_tsv()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 8)
        layout.setSpacing(6)
        for widget in (self.title, self.about, self.tallies, self.widths, self.limit, self.endpoints):
            layout.addWidget(widget)
        layout.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignLeft)
        self._refresher = Refresher(self, self._refresh)
        for changed in (matches.current_changed, changes.changed, workspace.session_changed):
            changed.connect(self._refresher.ask)

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    def _refresh(self) -> None:
        pair, study = self._matches.current, self._workspace.study
        found = None if pair is None else self._changes.change(pair.ids)
        self.figures = figures = change_figures(pair, found)
        self.title.setVisible(pair is not None)
        if pair is not None and study is not None:
            images = (pair.ids.baseline_image_id, pair.ids.followup_image_id)
            self.title.setText(" → ".join(image_titles(study, images)[i] for i in images))
        self.about.setText(figures.about)
        for widget in (self.tallies, self.widths, self.limit, self.endpoints, self.copy):
            widget.setVisible(bool(figures.tallies))
        if figures.tallies:
            self._show_figures(figures)

    def _show_figures(self, figures: ChangeFigures) -> None:
        self.tallies.begin()
        for column, status in enumerate(STATUSES, 1):
            self.tallies.put(0, column, str(status).capitalize(), quiet=True)
        self.tallies.put(0, len(STATUSES) + 1, "Net", tip=NET_TIP, quiet=True)
        for row, tally in enumerate(figures.tallies, 1):
            self.tallies.put(row, 0, tally.what)
            for column, (status, text) in enumerate(zip(STATUSES, tally.counts, strict=True), 1):
                self.tallies.put(row, column, text, name=f"{tally.what}, {status}")
            self.tallies.put(row, len(STATUSES) + 1, tally.net, name=f"{tally.what}, net", tip=NET_TIP)
        self.widths.show_rows(figures.widths)
        self.limit.setText(figures.limit)
        self.endpoints.begin()
        for column, (text, tip) in enumerate((("Own fields", OWN_TIP), ("Common", COMMON_TIP)), 1):
            self.endpoints.put(0, column, text, tip=tip, quiet=True)
        for row, endpoint in enumerate(figures.endpoints, 1):
            self.endpoints.put(row, 0, endpoint.label, unit=endpoint.unit, tip=endpoint.tip)
            self.endpoints.put(row, 1, endpoint.own, name=f"{endpoint.label}, own fields", tip=endpoint.tip)
            self.endpoints.put(row, 2, endpoint.common, name=f"{endpoint.label}, common field", tip=endpoint.tip)


class _Table(QWidget):
    """Labels in a grid, the first column left, figures right; those that are there are used again."""

    def __init__(self, name: str, columns: int) -> None:
        super().__init__()
        self.setObjectName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(3)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1 if column else 2)
        self._cells: dict[tuple[int, int], QLabel] = {}

    def begin(self) -> None:
        """Empty all cells."""
        for cell in self._cells.values():
            cell.clear()

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        return self._cells[row, column].text()

    def put(
        self, row: int, column: int, text: str, *, unit: str = "", name: str = "", tip: str = "", quiet: bool = False
    ) -> None:
        """Write a cell.

        Args:
            row: of the cell.
            column: of the cell.
            text: what it says.
            unit: stands behind it.
            name: for screen readers, where the text alone does not say.
            tip: more about it.
            quiet: muted.
        """
        cell = self._cell(row, column)
        cell.setText(f"{text}  {unit}" if unit else text)
        cell.setProperty("role", "muted" if quiet else "")
        cell.setAccessibleName(f"{name}: {text}" if name else text)
        cell.setToolTip(tip)

    def _cell(self, row: int, column: int) -> QLabel:
        if (row, column) not in self._cells:
            cell = QLabel(textFormat=Qt.TextFormat.PlainText)
            cell.setAlignment(RIGHT if column else LEFT)
            self._cells[row, column] = cell
            self._grid.addWidget(cell, row, column)
        return self._cells[row, column]
