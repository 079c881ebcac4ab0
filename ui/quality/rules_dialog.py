"""What a study asks of its reads: when two need a third, and which changes must say why."""

from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QWidget

from ui.dialogs.sheet import Sheet, paragraph
from ui.panels.fact_rows import form
from ui.theme import GRID_PX
from workstation.model.reading import ReadingRules, ReasonFor

REASONS = {
    ReasonFor.NEVER: ("Never", "Reasons may be given and are never asked for, but for an amendment."),
    ReasonFor.AFTER_SUBMISSION: (
        "After submission",
        "Asked for changes of a read that was submitted before, for withdrawing and returning one, and for changes of "
        "scales, cut-offs, the plan, people and these rules.",
    ),
    ReasonFor.ALWAYS: (
        "Every change",
        "Asked for every correction, and for changing anything that was entered before. Reads are handed in and "
        "accepted without.",
    ),
}


class RulesDialog(Sheet):
    """See the module.

    Args:
        rules: as they are.
        read_only: they can be looked at alone.
        parent: the window it belongs to.
    """

    def __init__(self, rules: ReadingRules, *, read_only: bool = False, parent: QWidget | None = None) -> None:
        super().__init__("reading_rules", "Reading rules", parent)
        self.limit = QDoubleSpinBox()
        self.limit.setObjectName("rules.limit")
        self.limit.setRange(0.1, 1000.0)
        self.limit.setDecimals(1)
        self.limit.setSuffix(" %")
        self.limit.setValue(rules.adjudicate_above_percent)
        self.reasons = QComboBox()
        self.reasons.setObjectName("rules.reasons")
        for reasons, (text, _) in REASONS.items():
            self.reasons.addItem(text, reasons)
        self.reasons.setCurrentIndex(list(REASONS).index(rules.reasons))
        self._says = paragraph("", "muted")
        self._says.setMinimumHeight(6 * GRID_PX)
        rows = QWidget()
        layout = form(rows)
        layout.setVerticalSpacing(2 * GRID_PX)
        layout.addRow("A &third read where counts differ by more than", self.limit)
        layout.addRow("A &reason is asked for", self.reasons)
        self.column.addWidget(rows)
        self.column.addWidget(self._says)
        self.setMinimumWidth(64 * GRID_PX)
        self.reasons.currentIndexChanged.connect(self._explain)
        self._explain()
        for part in (self.limit, self.reasons):
            part.setEnabled(not read_only)
        self.add_buttons("" if read_only else "&Set rules", "Close" if read_only else "Cancel")

    @property
    def rules(self) -> ReadingRules:
        """What was chosen."""
        return ReadingRules(self.limit.value(), self.reasons.currentData())

    def _explain(self) -> None:
        self._says.setText(REASONS[self.reasons.currentData()][1])
