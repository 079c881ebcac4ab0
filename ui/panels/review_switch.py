"""What is reviewed, hairs, matches or two reads, and the panel of it below."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.adjudication.panel import AdjudicationPanel
from ui.adjudication.review import AdjudicationReview
from ui.keys import Context
from ui.matching.match_review import MatchReview
from ui.panels.hints import tip_of
from ui.panels.match_review_panel import MatchReviewPanel
from ui.panels.review_panel import ReviewPanel
from ui.panels.row import choice_button
from ui.workspace import Workspace

TEXTS = {Context.HAIRS: "Hairs", Context.MATCHES: "Matches", Context.ADJUDICATION: "Two reads"}
TIPS = {Context.HAIRS: "visits.review", Context.MATCHES: "visits.review", Context.ADJUDICATION: "adjudication.review"}


class ReviewSwitch(QWidget):
    """See the module. With one visit and one reader alone there is no choice, and hairs are reviewed.

    Args:
        workspace: says what is reviewed.
        review: the match review.
        hairs: the panel of the hair review.
        matches: the panel of the match review.
        adjudication: the way through what two reads differ in.
        two_reads: the panel of that.
    """

    def __init__(
        self,
        workspace: Workspace,
        review: MatchReview,
        hairs: ReviewPanel,
        matches: MatchReviewPanel,
        adjudication: AdjudicationReview,
        two_reads: AdjudicationPanel,
    ) -> None:
        super().__init__()
        self.setObjectName("review")
        self._workspace, self._review, self._adjudication = workspace, review, adjudication
        self._panels: dict[Context, QWidget] = {
            Context.HAIRS: hairs,
            Context.MATCHES: matches,
            Context.ADJUDICATION: two_reads,
        }
        self.buttons = {context: choice_button(f"review_{context}") for context in TEXTS}
        self._choice = QWidget()
        row = QHBoxLayout(self._choice)
        row.setContentsMargins(8, 4, 8, 0)
        row.setSpacing(0)
        for context, button in self.buttons.items():
            button.setText(TEXTS[context])
            button.clicked.connect(lambda _checked, wanted=context: self._choose(wanted))
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._choice)
        for panel in self._panels.values():
            column.addWidget(panel)
        workspace.reviewing_changed.connect(self._refresh)
        review.changed.connect(self._refresh)
        adjudication.changed.connect(self._refresh)
        workspace.settings_changed.connect(self._refresh)
        self._refresh()

    def _choose(self, wanted: Context) -> None:
        if wanted is Context.ADJUDICATION:
            self._adjudication.set_on(True)
        else:
            self._review.set_on(wanted is Context.MATCHES)
        self._refresh()

    def _refresh(self) -> None:
        now = self._workspace.reviewing
        study = self._workspace.study
        compared = study is not None and study.blinding is None  # nothing is compared in a work file
        possible = {
            Context.HAIRS: True,
            Context.MATCHES: compared and self._review.pair is not None,
            Context.ADJUDICATION: compared and (self._adjudication.on or self._adjudication.possible),
        }
        self._choice.setVisible(sum(possible.values()) > 1)
        for context, button in self.buttons.items():
            button.setChecked(context is now)
            button.setVisible(possible[context])
            button.setToolTip(tip_of(TIPS[context], self._workspace.settings))
        for context, panel in self._panels.items():
            panel.setVisible(context is now)
