"""What is reviewed, hairs or matches, and the panel of it below."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.keys import Context
from ui.matching.match_review import MatchReview
from ui.panels.hints import tip_of
from ui.panels.match_review_panel import MatchReviewPanel
from ui.panels.review_panel import ReviewPanel
from ui.panels.row import choice_button
from ui.workspace import Workspace

TEXTS = {Context.HAIRS: "Hairs", Context.MATCHES: "Matches"}


class ReviewSwitch(QWidget):
    """See the module. With one visit alone there is no choice, and hairs are reviewed.

    Args:
        workspace: says what is reviewed.
        review: the match review.
        hairs: the panel of the hair review.
        matches: the panel of the match review.
    """

    def __init__(
        self, workspace: Workspace, review: MatchReview, hairs: ReviewPanel, matches: MatchReviewPanel
    ) -> None:
        super().__init__()
        self.setObjectName("review")
        self._workspace, self._review = workspace, review
        self._panels: dict[Context, QWidget] = {Context.HAIRS: hairs, Context.MATCHES: matches}
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
        workspace.settings_changed.connect(self._refresh)
        self._refresh()

    def _choose(self, wanted: Context) -> None:
        self._review.set_on(wanted is Context.MATCHES)
        self._refresh()

    def _refresh(self) -> None:
        now = self._workspace.reviewing
        study = self._workspace.study
        compared = study is not None and study.blinding is None
        self._choice.setVisible(compared and self._review.pair is not None)
        for context, button in self.buttons.items():
            button.setChecked(context is now)
            button.setToolTip(tip_of("visits.review", self._workspace.settings))
        for context, panel in self._panels.items():
            panel.setVisible(context is now)
