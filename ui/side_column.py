"""The column beside the images: what they mean, each part folding on its own; or what a detection looks for."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QFrame, QScrollArea, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from ui.adjudication.panel import AdjudicationPanel
from ui.blinding.work_queue import WorkQueue
from ui.desk import Desk
from ui.keys import Context
from ui.panels.change_panel import ChangePanel
from ui.panels.detect_panel import DetectPanel
from ui.panels.display_panel import DisplayPanel
from ui.panels.endpoints_panel import EndpointsPanel
from ui.panels.hair_table import HairTable
from ui.panels.match_review_panel import MatchReviewPanel
from ui.panels.review_panel import ReviewPanel
from ui.panels.review_switch import ReviewSwitch
from ui.panels.section import Section
from ui.panels.selection_panel import SelectionPanel
from ui.panels.unit_history import UnitHistoryPanel
from ui.panels.unit_table import UnitTable
from ui.panels.width_chart import WidthChart
from ui.quality.remarks_section import RemarksSection

USUAL_WIDTH_PX = 348
"""Wide enough for what to look for: the images do not move when it comes."""
LEAST_WIDTH_PX = 280
TABLE_HEIGHT_PX = 280
ONLY_BLINDED, NOT_BLINDED = frozenset({"Pairs"}), frozenset({"Endpoints", "Change", "Widths"})
"""Sections that are there in a work file alone, and those that are not there."""


class SideColumn(QDockWidget):
    """The column.

    Args:
        desk: what the panels show.
        parent: the window.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Panels", parent)
        self.setObjectName("side_column")
        self.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.setTitleBarWidget(QWidget())
        workspace = desk.workspace
        self.endpoints = EndpointsPanel(workspace, desk.changes)
        self.change = ChangePanel(workspace, desk.matches, desk.changes)
        self.history = UnitHistoryPanel(workspace, desk.matches, desk.pictures)
        self.selection = SelectionPanel(workspace, self.history)
        self.review = ReviewPanel(workspace)
        self.match_review = MatchReviewPanel(workspace, desk.match_review, desk.registrar)
        self.adjudication = AdjudicationPanel(workspace, desk.adjudication)
        reviews = ReviewSwitch(
            workspace, desk.match_review, self.review, self.match_review, desk.adjudication, self.adjudication
        )
        self.remarks = RemarksSection(workspace)
        self.widths = WidthChart(workspace, desk.background)
        self.hairs, self.units = HairTable(workspace), UnitTable(workspace)
        self.display_ = DisplayPanel(workspace)
        self.detect = DetectPanel()
        tables = QTabWidget()
        tables.setObjectName("tables")
        tables.setDocumentMode(True)
        tables.addTab(self.hairs, "Hairs")
        tables.addTab(self.units, "Units")
        tables.setMinimumHeight(TABLE_HEIGHT_PX)
        self._sections: dict[str, Section] = {}
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.work_queue = WorkQueue()
        for title, panel, folded in (
            ("Pairs", self.work_queue, False),
            ("Endpoints", self.endpoints, False),
            ("Review", reviews, False),
            ("Remarks", self.remarks, False),
            ("Change", self.change, False),
            ("Selection", self.selection, False),
            ("Widths", self.widths, False),
            ("Hairs and units", tables, True),
            ("Display", self.display_, True),
        ):
            section = Section(title, panel, folded=folded)
            section.folded_changed.connect(lambda folded, section=section: self._follow_folding(section, folded))
            self._sections[title] = section
            column.addWidget(section, 1 if panel is tables else 0)  # tables use what room is left
        column.addStretch()
        remarks = self._sections["Remarks"]
        self.remarks.wanted_changed.connect(remarks.setVisible)
        remarks.setVisible(self.remarks.wanted)
        self._scroll = scroll = QScrollArea()
        scroll.setObjectName("side_column_scroll")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        self._pages = QStackedWidget()
        self._pages.setObjectName("side_pages")
        self._pages.setMinimumWidth(LEAST_WIDTH_PX)
        self._pages.addWidget(scroll)
        self._pages.addWidget(self.detect)
        self.setWidget(self._pages)
        workspace.reviewing_changed.connect(lambda: self._show_review(workspace.reviewing))

    @property
    def detect_shown(self) -> bool:
        """Whether what to look for stands in place of the panels."""
        return self._pages.currentWidget() is self.detect

    def show_detect(self, shown: bool) -> None:
        """Show what to look for in place of the panels, or the panels again."""
        self._pages.setCurrentWidget(self.detect if shown else self._scroll)
        self._pages.setMinimumWidth(max(LEAST_WIDTH_PX, self.detect.least_width_px) if shown else LEAST_WIDTH_PX)

    def set_blinded(self, blinded: bool) -> None:
        """In a work file show what is to be read, and nothing that compares its pictures."""
        for title, section in self._sections.items():
            if title in ONLY_BLINDED | NOT_BLINDED:
                section.setVisible((title in ONLY_BLINDED) is blinded)

    def edit_comment(self) -> None:
        """Put the keyboard into the comment of what is selected, else of the image."""
        self._unfold_selection()
        self.selection.focus_comment()

    def write_remark(self) -> None:
        """Put the keyboard into the line for a remark on the read that is shown."""
        self.detect.cancel_asked.emit()
        self.show()
        section = self._sections["Remarks"]
        section.show()
        section.set_folded(False)
        self._follow_folding(section, folded=False)
        self.remarks.panel.begin()

    def edit_width(self) -> None:
        """Put the keyboard into the width of the selected hairs."""
        self._unfold_selection()
        self.selection.focus_width()

    def _show_review(self, context: Context) -> None:
        """Whoever begins to review matches, or two reads, needs to see them."""
        section = self._sections["Review"]
        if context is not Context.HAIRS:
            section.set_folded(False)
            self._follow_folding(section, folded=False)

    def _follow_folding(self, section: Section, folded: bool) -> None:
        """Bring what was just unfolded into sight, once it is laid out."""
        if not folded and self.isVisible():
            QTimer.singleShot(0, section, lambda: self._bring_into_sight(section))

    def _bring_into_sight(self, section: Section) -> None:
        """Scroll as little as shows all of it, or its beginning where it is longer than the column."""
        bar, room_px = self._scroll.verticalScrollBar(), self._scroll.viewport().height()
        top_px, bottom_px = section.geometry().top(), section.geometry().bottom() + 1
        bar.setValue(min(max(bar.value(), bottom_px - room_px), top_px))

    def _unfold_selection(self) -> None:
        self.detect.cancel_asked.emit()
        self.show()
        self._sections["Selection"].set_folded(False)
        self._scroll.ensureWidgetVisible(self.selection)
