"""All questions of one questionnaire, one below the other, and what they amount to."""

import math
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from ui.dialogs.question import Question
from ui.dialogs.sheet import paragraph
from ui.panels.figures import number
from ui.theme import GRID_PX
from workstation.model.trial import Questionnaire
from workstation.questionnaires.scoring import is_yes, score, score_range


class QuestionSheet(QScrollArea):
    """See the module."""

    answered = Signal(str, object)
    """An item's id and its answer; None where it is taken back."""
    past_end = Signal()
    """The keyboard went on after the last question."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("questions")
        self.setAccessibleName("Questions")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.questions: list[Question] = []
        self._questionnaire: Questionnaire | None = None

    def show_answers(self, questionnaire: Questionnaire | None, answers: Mapping[str, int], *, editable: bool) -> None:
        """Show the questions with these answers."""
        if questionnaire != self._questionnaire:
            self._questionnaire = questionnaire
            self._make()
        for question in self.questions:
            question.show_answer(answers.get(question.item.id))
            question.setEnabled(editable)

    def begin(self) -> None:
        """Give the keyboard to the first question without an answer, else to the first one."""
        empty = [question for question in self.questions if question.value is None]
        if self.questions:
            self._go_to((empty or self.questions)[0])

    def _make(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, GRID_PX, 0)
        column.setSpacing(GRID_PX // 2)
        self.questions = []
        if self._questionnaire is not None:
            if self._questionnaire.intro:
                intro: QLabel = paragraph(self._questionnaire.intro, "muted")
                intro.setContentsMargins(GRID_PX, 0, GRID_PX, GRID_PX)
                column.addWidget(intro)
            for place, item in enumerate(self._questionnaire.items, 1):
                question = Question(place, item, self._questionnaire.scale)
                question.answered.connect(lambda value, item_id=item.id: self.answered.emit(item_id, value))
                question.moved.connect(lambda step, at=place - 1: self._move(at + step))
                self.questions.append(question)
                column.addWidget(question)
        column.addStretch(1)
        before = self.takeWidget()
        if before is not None:
            before.deleteLater()
        self.setWidget(page)

    def _move(self, place: int) -> None:
        if 0 <= place < len(self.questions):
            self._go_to(self.questions[place])
        elif place >= len(self.questions):
            self.past_end.emit()

    def _go_to(self, question: Question) -> None:
        question.setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(question, 0, 2 * GRID_PX)


def score_text(questionnaire: Questionnaire, answers: Mapping[str, int]) -> str:
    """`7 of 10 answered. Score 23.3, from 0 to 40; a high one is bad.`"""
    n_items, n = len(questionnaire.items), sum(item.id in answers for item in questionnaire.items)
    told = f"{n} of {n_items} answered."
    value = score(questionnaire, answers)
    if math.isnan(value):
        needed = math.ceil(questionnaire.min_answered * n_items - 1e-9) - n
        return f"{told} A score needs {number(max(needed, 1))} more."
    lowest, highest = score_range(questionnaire)
    better = "high" if questionnaire.higher_is_better else "low"
    yes = ""
    if questionnaire.positive_from is not None:
        yes = " It counts as a yes." if is_yes(questionnaire, value) else " It counts as a no."
    digits = 0 if value == round(value) else 1
    return f"{told} Score {number(value, digits)}, from {lowest:g} to {highest:g}; a {better} one is good.{yes}"
