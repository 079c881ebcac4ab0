"""Questionnaires: what subjects answered at their visits, by mouse or by digits, each answer an edit at once."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from ui.background import Background
from ui.dialogs.answer_list import AnswerList, places
from ui.dialogs.question_sheet import QuestionSheet, score_text
from ui.dialogs.study_sheet import StudySheet
from ui.dialogs.table_import import import_table
from ui.elided import ElidedLabel
from ui.messages import Message
from ui.panels.figures import counted
from ui.theme import GRID_PX
from ui.workspace import Workspace
from workstation.edits import add_questionnaire, answer, enter_answers, remove_questionnaire
from workstation.errors import UserFacingError
from workstation.model.patch import Patch
from workstation.model.study import Study
from workstation.model.trial import Questionnaire
from workstation.questionnaires.bundled import bundled
from workstation.questionnaires.definition import read_questionnaire
from workstation.recording import AnswersFound, lost_answers, read_answers

SIZE_PX = (1040, 680)
DEFINITIONS = "Questionnaires (*.toml)"
HINT = "Digits answer and go on; ↑ ↓ go from question to question, ← → change an answer, Del takes it back."
NONE_YET = "This study has no questionnaire yet. Add one that comes with the program, or your own from a file."


class QuestionnairesDialog(StudySheet):
    """See the module.

    Args:
        workspace: whose study.
        background: reads tables.
        code: the subject to begin with; the first one if empty.
        visit_id: the visit to begin with.
        parent: the window it belongs to.
    """

    def __init__(
        self,
        workspace: Workspace,
        background: Background,
        code: str = "",
        visit_id: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("questionnaires", "Questionnaires", workspace, parent)
        self._background = background
        self.choice = QComboBox()
        self.choice.setObjectName("answers.questionnaire")
        self.choice.setAccessibleName("Questionnaire")
        self.choice.currentIndexChanged.connect(lambda _row: self._show_all())
        self.list = AnswerList()
        self.list.chosen.connect(self._show_visit)
        self.sheet = QuestionSheet()
        self.sheet.answered.connect(self._answer)
        self.sheet.past_end.connect(lambda: self._next.setFocus(Qt.FocusReason.TabFocusReason))
        self._heading = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._heading.setProperty("role", "heading")
        self._score = ElidedLabel()
        self._score.setObjectName("answers.score")
        self.column.addLayout(self._head())
        row = QHBoxLayout()
        row.setSpacing(3 * GRID_PX)
        row.addWidget(self.list)
        row.addLayout(self._right(), 1)
        self.column.addLayout(row, 1)
        self.add_foot()
        self.resize(*SIZE_PX)
        self.refresh()
        self.list.go_to(visit_id, code)
        self._show_visit()
        self.sheet.begin()

    @property
    def questionnaire(self) -> Questionnaire | None:
        """The one that is shown."""
        return self.study.questionnaires.get(self.choice.currentData() or "")

    def refresh(self) -> None:
        """See `StudySheet`."""
        found = [(q.title, q.id) for q in self.study.questionnaires.values()]
        listed = [(self.choice.itemText(i), self.choice.itemData(i)) for i in range(self.choice.count())]
        if found != listed:
            present = self.choice.currentData()
            with QSignalBlocker(self.choice):
                self.choice.clear()
                for title, id_ in found:
                    self.choice.addItem(title, id_)
                self.choice.setCurrentIndex(max(self.choice.findData(present), 0 if found else -1))
        self._fill_menu()
        self._show_all()

    # --- what it is made of ------------------------------------------------------------------------------------

    def _head(self) -> QHBoxLayout:
        label = QLabel("&Questionnaire")
        label.setBuddy(self.choice)
        self._add = QPushButton("&Add")
        self._add.setObjectName("answers.add")
        self._add.setMenu(QMenu(self._add))
        self._remove = QPushButton("&Remove")
        self._remove.setObjectName("answers.remove")
        self._remove.setToolTip("Take this questionnaire out of the study, while nobody has answered it")
        self._remove.clicked.connect(self._remove_questionnaire)
        self._import = QPushButton("&Import answers…")
        self._import.setObjectName("answers.import")
        self._import.setToolTip("From a table with the columns subject, visit, questionnaire and one for each item")
        self._import.clicked.connect(self._import_answers)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(label)
        row.addWidget(self.choice, 1)
        for button in (self._add, self._remove, self._import):
            button.setAutoDefault(False)
            row.addWidget(button)
        return row

    def _right(self) -> QVBoxLayout:
        self._next = QPushButton("&Next subject")
        self._next.setObjectName("answers.next")
        self._next.setToolTip("The same visit of the next subject (Ctrl+Enter)")
        self._next.setAutoDefault(False)
        self._next.clicked.connect(self._go_on)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self, self._go_on)
        self._hint = ElidedLabel(HINT)
        self._hint.setProperty("role", "muted")
        foot = QHBoxLayout()
        foot.setSpacing(GRID_PX)
        foot.addWidget(self._score, 1)
        foot.addWidget(self._next)
        column = QVBoxLayout()
        column.setSpacing(GRID_PX)
        column.addWidget(self._heading)
        column.addWidget(self._hint)
        column.addWidget(self.sheet, 1)
        column.addWidget(self._offered(), 1)
        column.addLayout(foot)
        return column

    def _offered(self) -> QWidget:
        """What can be added by one click, while the study has none."""
        self._offers = QWidget()
        column = QVBoxLayout(self._offers)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        for questionnaire in bundled():
            button = QPushButton(questionnaire.title.replace("&", "&&"))
            button.setObjectName(f"answers.add.{questionnaire.id}")
            button.clicked.connect(partial(self._add_one, questionnaire))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        own = QPushButton("From a &file…")
        own.setObjectName("answers.add_file")
        own.clicked.connect(lambda: self._add_from_file())
        column.addWidget(own, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        for button in self._offers.findChildren(QPushButton):
            button.setAutoDefault(False)
            button.setEnabled(self.can_edit)
        return self._offers

    def _fill_menu(self) -> None:
        """What can be added: bundled ones that the study lacks, and any from a file."""
        menu = self._add.menu()
        menu.clear()
        for questionnaire in bundled():
            if questionnaire.id not in self.study.questionnaires:
                menu.addAction(questionnaire.title.replace("&", "&&")).triggered.connect(
                    partial(self._add_one, questionnaire)
                )
        menu.addSeparator()
        menu.addAction("From a &file…").triggered.connect(lambda: self._add_from_file())

    # --- following ---------------------------------------------------------------------------------------------

    def _show_all(self) -> None:
        self.list.show_places(places(self.study, self.questionnaire))
        self._add.setEnabled(self.can_edit)
        for button in (self._remove, self._import):
            button.setEnabled(self.can_edit and self.questionnaire is not None)
        self._show_visit()

    def _show_visit(self) -> None:
        questionnaire, visit = self.questionnaire, self.list.visit
        answers = self._answers()
        possible = questionnaire is not None and visit is not None
        self.sheet.show_answers(questionnaire if possible else None, answers, editable=self.can_edit)
        self._next.setEnabled(possible)
        self._offers.setVisible(questionnaire is None)
        for part in (self.sheet, self._hint, self.list, self._next):
            part.setVisible(questionnaire is not None)
        if questionnaire is None:
            self._heading.setText(NONE_YET)
        elif visit is None:
            self._heading.setText(
                "There is no visit yet: add subjects and visits first, by Study ▸ Subjects and visits."
            )
        else:
            day = f", {visit.date}" if visit.date else ""
            self._heading.setText(f"{visit.subject}, {visit.name}{day}")
        self._score.setText(score_text(questionnaire, answers) if possible and questionnaire is not None else "")

    def _answers(self) -> dict[str, int]:
        visit, id_ = self.list.visit, self.choice.currentData()
        for response in self.study.responses.values():
            if visit is not None and (response.visit_id, response.questionnaire_id) == (visit.id, id_):
                return dict(response.answers)
        return {}

    # --- doings ------------------------------------------------------------------------------------------------

    def _answer(self, item_id: str, value: int | None) -> None:
        visit, questionnaire = self.list.visit, self.questionnaire
        if visit is None or questionnaire is None:
            return
        answers = {**self._answers()}
        if value is None:
            answers.pop(item_id, None)
        else:
            answers[item_id] = value
        self.commit(lambda study: answer(study, visit.id, questionnaire.id, answers))
        self._show_visit()  # a click that changed nothing has moved the mark

    def _go_on(self) -> None:
        if self.list.next_subject():
            self.sheet.begin()
        else:
            self.say("That was the last subject with this visit.")

    def _add_one(self, questionnaire: Questionnaire, _checked: bool = False) -> None:
        if self.commit(lambda study: add_questionnaire(study, questionnaire)):
            self.choice.setCurrentIndex(self.choice.findData(questionnaire.id))
            self.sheet.begin()

    def _add_from_file(self) -> None:
        folder = str(self.workspace.settings.last_folder or Path.home())
        chosen, _ = QFileDialog.getOpenFileName(self, "Add a questionnaire", folder, DEFINITIONS)
        if not chosen:
            return
        try:
            questionnaire = read_questionnaire(Path(chosen))
        except UserFacingError as error:
            self.say(Message.of_error(error).text, "danger")
            return
        self._add_one(questionnaire)

    def _remove_questionnaire(self) -> None:
        questionnaire = self.questionnaire
        if questionnaire is not None:
            self.commit(lambda study: remove_questionnaire(study, questionnaire.id))

    def _import_answers(self) -> None:
        import_table(self, self._background, "Import answers", read_answers, self._take_answers)

    def _take_answers(self, found: AnswersFound) -> None:
        notes = list(found.warnings)

        def entered(study: Study) -> Patch:
            patch = enter_answers(study, found.given)
            notes.extend(lost_answers(patch))
            return patch

        if self.commit(entered):
            said = (f"Answers of {counted(len(found.given), 'visit')} taken over", *notes)
            self.say(" ".join(f"{note[:1].upper()}{note[1:]}." for note in said))
        elif not self.told.text():
            self.say("All of these answers are in the study already.")
