"""Agreement as a part of the window: which readers, how far they agree, the differences drawn, the images behind."""

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.agreement.agreements import Agreements
from ui.agreement.facts import Facts
from ui.agreement.plots import BlandAltmanPlot, Differences, DriftPlot
from ui.agreement.tables import Lines, image_table, outcome_table
from ui.background import Background
from ui.dialogs.sheet import paragraph
from ui.panels.refreshing import Refresher
from ui.plain_table import copy_rows, make_plain
from ui.plain_text import plain_tip
from ui.theme import GRID_PX
from ui.trial.headline import Warnings
from ui.workspace import Workspace
from workstation.agreement import wording
from workstation.agreement.read_pairs import Kind
from workstation.agreement.results import Agreement, Comparison, ImageAgreement, OutcomeAgreement, Point
from workstation.image_names import image_names
from workstation.trial.wording import NO_VALUE

AFTER_EDIT_MS = 300
ROW_PX = 24
PLACES, DAYS = "order of reading", "days of reading"
OF_MANY = "Of more than two readers there is one ICC, and no difference to draw."
NO_POINTS = "No image has a value of both."


class AgreementPanel(QWidget):
    """See the module.

    Args:
        workspace: whose study.
        background: works the agreement out.
        parent: the Qt parent.
    """

    open_image = Signal(int)
    """The user wants to see an image."""

    def __init__(self, workspace: Workspace, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("agreement")
        self.setAccessibleName("Agreement of readers")
        self._workspace = workspace
        self.agreements = Agreements(workspace, background, self)
        self._outcome = "hair_density_per_cm2"
        self._images: tuple[ImageAgreement, ...] = ()
        self.comparison = _combo("agreement.comparison", "Readers that are compared")
        self.over = _combo("agreement.over", "What the drift is drawn over")
        self.over.addItems([PLACES, DAYS])
        self.warnings = Warnings()
        self.facts = Facts()
        self.outcomes, self.images = Lines(self), Lines(self)
        self.table = _table("agreement.outcomes", "Endpoints", self.outcomes)
        self.pictures = _table("agreement.images", "Images", self.images)
        self.plot, self.drift = BlandAltmanPlot(), DriftPlot()
        self.note = paragraph("", "muted")
        self.note.setObjectName("agreement.note")
        self.unit = QLabel("Unit: the image, nested in subjects")
        self.unit.setProperty("role", "muted")
        self.empty = paragraph("", "muted")
        self.empty.setObjectName("agreement.empty")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._refresher = Refresher(self, self._refresh, AFTER_EDIT_MS)
        for changed in (self.agreements.changed, workspace.session_changed):
            changed.connect(self._refresher.ask)

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    # --- what it is made of ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(GRID_PX)
        for text, combo in (("&Compare", self.comparison), ("&Drift over", self.over)):
            label = QLabel(text)
            label.setBuddy(combo)
            bar.addWidget(label)
            bar.addWidget(combo)
            bar.addSpacing(GRID_PX)
        bar.addStretch(1)
        bar.addWidget(self.unit)
        above = QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.facts)
        column.addWidget(self.table, 1)
        column.addWidget(self.note)
        below = QSplitter(Qt.Orientation.Horizontal)
        for part in (self.plot, self.drift, self.pictures):
            below.addWidget(part)
        below.setChildrenCollapsible(False)
        below.setSizes([420, 320, 420])
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(above)
        split.addWidget(below)
        split.setChildrenCollapsible(False)
        split.setSizes([330, 290])
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, GRID_PX, 0, 0)
        layout.setSpacing(GRID_PX)
        layout.addLayout(bar)
        layout.addWidget(self.warnings)
        layout.addWidget(split, 1)
        self._stack.addWidget(whole)
        self._stack.addWidget(self.empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.comparison.activated.connect(lambda _index: self._show_comparison())
        self.over.activated.connect(lambda _index: self._show_outcome())
        self.table.selectionModel().currentRowChanged.connect(self._choose_outcome)
        self.pictures.selectionModel().currentRowChanged.connect(self._choose_image)
        self.pictures.activated.connect(lambda index: self.open_image.emit(self._images[index.row()].image_id))
        for plot in (self.plot, self.drift):
            plot.point_chosen.connect(self._open)
        for view in (self.table, self.pictures):
            shortcut = QShortcut(QKeySequence.StandardKey.Copy, view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda view=view: copy_rows(view.model(), range(view.model().rowCount())))

    # --- what it shows -----------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        self.agreements.ask()
        agreement = self.agreements.latest
        self.empty.setText(self._why_empty(agreement))
        self._stack.setCurrentIndex(1 if self.empty.text() else 0)
        self.warnings.show_texts(() if agreement is None else agreement.warnings)
        self.unit.setToolTip("" if agreement is None else agreement.unit)
        self._offer(agreement)
        self._show_comparison()

    def _why_empty(self, agreement: Agreement | None) -> str:
        if self._workspace.study is None:
            return "No study is open."
        if agreement is None:
            failed = self.agreements.failed
            return "The readers could not be compared." if failed else "The readers are being compared…"
        return f"{agreement.empty}\nStudy ▸ Package for a blinded reader… hands images out." if agreement.empty else ""

    def _offer(self, agreement: Agreement | None) -> None:
        """The comparisons; the one chosen stays."""
        comparisons = () if agreement is None else agreement.comparisons
        titles = [f"{wording.title(c)} · {wording.size(c)}" for c in comparisons]
        kept = self.comparison.currentData()
        with QSignalBlocker(self.comparison):
            self.comparison.clear()
            for title, comparison in zip(titles, comparisons, strict=True):
                self.comparison.addItem(title, comparison.key)
            keys = [comparison.key for comparison in comparisons]
            self.comparison.setCurrentIndex(keys.index(kept) if kept in keys else 0 if keys else -1)
        self.comparison.setEnabled(len(keys) > 1)

    def _comparison(self) -> Comparison | None:
        agreement, at = self.agreements.latest, self.comparison.currentIndex()
        return agreement.comparisons[at] if agreement is not None and at >= 0 else None

    def _show_comparison(self) -> None:
        comparison, study = self._comparison(), self.agreements.study
        if comparison is None or study is None:
            return
        chosen = self._chosen_read()
        heads, lines = outcome_table(comparison)
        with QSignalBlocker(self.table.selectionModel()):
            self.outcomes.show_lines(heads, lines)
            names = [outcome.outcome.name for outcome in comparison.outcomes]
            at = names.index(self._outcome) if self._outcome in names else 0
            self.table.setCurrentIndex(self.outcomes.index(at, 0))
        self.table.resizeColumnsToContents()
        objects = comparison.objects
        self.facts.show_facts(() if objects is None else wording.object_facts(objects))
        self.facts.setToolTip("" if objects is None else plain_tip("\n".join(wording.object_reasons(objects))))
        # the worst first: what is to be looked at
        images = () if objects is None else objects.images
        self._images = tuple(sorted(images, key=lambda image: (image.hair_f1, image.image_id)))
        with QSignalBlocker(self.pictures.selectionModel()):
            self.images.show_lines(*image_table(comparison, self._images, image_names(study)))
        self.pictures.resizeColumnsToContents()
        self._show_outcome()
        self._point_at(chosen)

    def _choose_outcome(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._show_outcome()

    def _show_outcome(self) -> None:
        comparison, study, at = self._comparison(), self.agreements.study, self.table.currentIndex()
        if comparison is None or study is None or not at.isValid():
            return
        found = comparison.outcomes[at.row()]
        self._outcome = found.outcome.name
        shown = self._differences(comparison, found)
        empty = OF_MANY if comparison.kind is Kind.EVERYBODY else NO_POINTS
        self.plot.show_limits(shown, found.limits, empty)
        by_day = self.over.currentText() == DAYS
        slope = found.drift_by_day if by_day else found.drift_by_place
        from workstation.agreement.comparing import DRIFT_DAYS, DRIFT_PLACES  # needs scipy

        per = DRIFT_DAYS if by_day else DRIFT_PLACES
        self.drift.show_drift(shown, slope, per=per, by_day=by_day, empty=empty)
        said = [*wording.outcome_sentences(comparison, found), *wording.outcome_reasons(found)]
        self.note.setText(" ".join(said) or NO_VALUE)

    def _differences(self, comparison: Comparison, found: OutcomeAgreement) -> Differences | None:
        study = self.agreements.study
        if not found.points or study is None:
            return None
        one, other = comparison.readers if comparison.kind is Kind.READERS else ("First reading", "Second reading")
        return Differences(found.outcome, wording.digits_of(found), found.points, (one, other), image_names(study))

    # --- one image ---------------------------------------------------------------------------------------------

    def _chosen_read(self) -> int | None:
        """The first of the two reads in the row that is chosen."""
        at = self.pictures.currentIndex()
        return self._images[at.row()].first_read if at.isValid() and at.row() < len(self._images) else None

    def _choose_image(self, _now: QModelIndex, _before: QModelIndex) -> None:
        for plot in (self.plot, self.drift):
            plot.choose(self._chosen_read())

    def _point_at(self, first_read: int | None) -> None:
        """Choose two reads in the table; their points stand out."""
        row = next((i for i, image in enumerate(self._images) if image.first_read == first_read), None)
        self.pictures.setCurrentIndex(QModelIndex() if row is None else self.images.index(row, 0))
        self._choose_image(QModelIndex(), QModelIndex())

    def _open(self, point: Point) -> None:
        """A point was clicked."""
        self._point_at(point.first_read)
        self.open_image.emit(point.image_id)


def _combo(name: str, title: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(title)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return combo


def _table(name: str, title: str, model: Lines) -> QTableView:
    view = QTableView()
    make_plain(view, name, title, ROW_PX)
    view.setModel(model)
    return view
