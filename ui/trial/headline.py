"""The primary result in large letters, what it rests on, and what a reader must know before believing it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.dialogs.sheet import paragraph, set_role
from ui.icons import IconLabel
from ui.theme import GRID_PX
from ui.trial.result_rows import headline, sentence
from workstation.model.trial import TrialPlan
from workstation.trial import wording
from workstation.trial.results import Analysis, Outcome, VisitResult
from workstation.trial.rows import reasons_of

WARNINGS_SHOWN = 2


class Headline(QFrame):
    """See the module.

    Args:
        parent: the Qt parent.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("headline")
        self.setProperty("role", "card")
        self.about = paragraph("", "muted")
        self.figure = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.figure.setProperty("role", "figure")
        self.figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.detail = paragraph("")
        self.warnings = Warnings()
        for label, name in ((self.about, "about"), (self.figure, "figure"), (self.detail, "detail")):
            label.setObjectName(f"headline.{name}")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        for part in (self.about, self.figure, self.detail, self.warnings):
            column.addWidget(part)

    def show_analysis(self, analysis: Analysis | None, primary: Outcome | None, *, state: str = "") -> None:
        """Show the primary result of an analysis.

        Args:
            analysis: None where there is none.
            primary: the plan's outcome where the study knows it.
            state: why it is not there, or not of this moment; else empty.
        """
        results = () if analysis is None else analysis.primaries
        plan = TrialPlan() if analysis is None else analysis.plan
        self.about.setText(state if analysis is None else _about(plan, primary) + (f" · {state}" if state else ""))
        if analysis is None:
            self.figure.setText("…")
            self.detail.setText("The statistics are being worked out.")
        elif not results:
            self.figure.setText("No primary result")
            self.detail.setText(_why_none(analysis))
        else:
            self.figure.setText("\n".join(_of_arm(r) + headline(r) for r in results))
            self.detail.setText("\n".join(_of_arm(r) + " ".join((sentence(r), *reasons_of(r))) for r in results))
        set_role(self.detail, "" if results else "muted")
        self.warnings.show_texts(() if analysis is None else analysis.warnings)


class Warnings(QWidget):
    """Sentences with a sign, the first few until all are asked for.

    Args:
        parent: the Qt parent.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trial_warnings")
        self._texts: tuple[str, ...] = ()
        self._all = False
        self.label = paragraph("", "warn")
        self.label.setObjectName("trial_warnings.text")
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.more = QPushButton(flat=True)
        self.more.setObjectName("trial_warnings.more")
        self.more.clicked.connect(self._toggle)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        sign = IconLabel("warning", "warn")
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)
        row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)

    def show_texts(self, texts: tuple[str, ...]) -> None:
        """Show other sentences; none hides it."""
        if texts != self._texts:
            self._texts, self._all = texts, False
        self._show()

    def _show(self) -> None:
        shown = self._texts if self._all else self._texts[:WARNINGS_SHOWN]
        self.label.setText("\n".join(shown))
        hidden = len(self._texts) - WARNINGS_SHOWN
        self.more.setVisible(hidden > 0)
        self.more.setText("Show fewer" if self._all else f"Show {hidden} more")
        self.setVisible(bool(self._texts))

    def _toggle(self) -> None:
        self._all = not self._all
        self._show()


def _of_arm(result: VisitResult) -> str:
    return f"{result.group}: " if result.group else ""


def _about(plan: TrialPlan, primary: Outcome | None) -> str:
    what = plan.primary_endpoint if primary is None else wording.titled(primary)
    named = f"named on {plan.named_utc[:10]}" if plan.named_utc else "the default: the trial's plan names none yet"
    return f"Primary: change of {what} at {wording.week(plan.primary_week)} ({named})"


def _why_none(analysis: Analysis) -> str:
    plan = analysis.plan
    if not any(week > 0 for week in analysis.weeks):
        return "No image of a later visit is detected and measured yet."
    weeks = ", ".join(wording.week(week) for week in analysis.weeks if week > 0)
    return (
        f"No subject has this outcome at {wording.week(plan.primary_week)}; there are values of {weeks}. "
        "Study ▸ Trial plan… names another week or outcome."
    )
