import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QRadioButton

from tests.ui.small_session import READER
from ui.dialogs.question_sheet import score_text
from ui.dialogs.questionnaires import QuestionnairesDialog
from ui.workspace import Workspace
from workstation.edits import add_questionnaire, answer
from workstation.model.trial import Item, Questionnaire
from workstation.questionnaires.bundled import bundled
from workstation.session import open_study
from workstation.settings import Settings

SHORT = Questionnaire(
    "short",
    "A short one",
    (Item("a", "It grows."), Item("b", "It falls out.", reverse=True), Item("c", "I am glad.")),
    ((1, "no"), (2, "perhaps"), (3, "yes")),
    min_answered=0.6,
    positive_from=2.5,
)
DEFINITION = """
id = "own"
title = "Our own"
[scale]
from = 0
to = 10
[[items]]
id = "one"
text = "How is your hair?"
"""


@pytest.fixture
def dialog(qtbot, trial_workspace, background):
    trial_workspace.commit_study(lambda study: add_questionnaire(study, SHORT))
    dialog = QuestionnairesDialog(trial_workspace, background, "S1")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def press(dialog, name, qtbot):
    qtbot.mouseClick(dialog.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def told(dialog):
    return dialog.findChild(QLabel, "questionnaires.told").text().replace("\xa0", " ")


def answers(workspace, visit_id, questionnaire_id="short"):
    for response in workspace.study.responses.values():
        if (response.visit_id, response.questionnaire_id) == (visit_id, questionnaire_id):
            return dict(response.answers)
    return {}


def score(dialog):
    return dialog.findChild(QLabel, "answers.score").text()


def test_digits_answer_one_question_after_the_other(dialog, trial_workspace, qtbot):
    for key in "312":
        qtbot.keyClick(dialog.focusWidget(), key)
    assert answers(trial_workspace, 1) == {"a": 3, "b": 1, "c": 2}
    assert score(dialog) == "3 of 3 answered. Score 2.7, from 1 to 3; a high one is good. It counts as a yes."
    assert dialog.focusWidget() is dialog.findChild(QPushButton, "answers.next")
    assert dialog.list.currentItem().text() == "S1, baseline   3 of 3"


def test_a_digit_that_is_no_answer_is_none(dialog, trial_workspace, qtbot):
    qtbot.keyClick(dialog.focusWidget(), "7")
    assert answers(trial_workspace, 1) == {}
    assert dialog.focusWidget() is dialog.sheet.questions[0]


def test_arrows_change_an_answer_and_del_takes_it_back(dialog, trial_workspace, qtbot):
    first = dialog.sheet.questions[0]
    for key, value in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Left, 1)):
        qtbot.keyClick(first, key)
        assert answers(trial_workspace, 1) == {"a": value}
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert dialog.focusWidget() is dialog.sheet.questions[1]
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Up)
    qtbot.keyClick(first, Qt.Key.Key_Delete)
    assert answers(trial_workspace, 1) == {}
    assert not any(button.isChecked() for button in first.findChildren(QRadioButton))


def test_a_click_answers_and_can_be_undone(dialog, trial_workspace, qtbot):
    button = dialog.sheet.questions[1].findChildren(QRadioButton)[2]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert answers(trial_workspace, 1) == {"b": 3}
    assert dialog.focusWidget() is dialog.sheet.questions[1]
    press(dialog, "dialog.questionnaires.undo", qtbot)
    assert answers(trial_workspace, 1) == {}
    assert not button.isChecked()


def test_an_answer_is_on_disk_at_once(dialog, trial_path, qtbot):
    qtbot.keyClick(dialog.focusWidget(), "2")
    with open_study(trial_path, READER, read_only=True) as again:
        assert [dict(r.answers) for r in again.study.responses.values()] == [{"a": 2}]


def test_the_next_subject_is_asked_the_same_visit(dialog, trial_workspace, qtbot):
    heading = []
    for _ in range(3):
        heading.append(dialog.list.visit.subject)
        qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert heading == ["S1", "S2", "S10"]
    assert told(dialog) == "That was the last subject with this visit."
    assert dialog.list.visit.name == "baseline"
    assert dialog.focusWidget() is dialog.sheet.questions[0]


def test_visits_are_listed_with_how_far_they_are(dialog, trial_workspace):
    trial_workspace.commit_study(lambda study: answer(study, 5, "short", {"a": 1}))
    texts = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert texts == [
        "S1, baseline   –", "S1, week 4   –", "S1, week 12   –", "S2, baseline   –", "S2, week 12   1 of 3",
        "S10, baseline   –",
    ]  # fmt: skip


def test_it_begins_with_the_visit_that_was_meant(qtbot, trial_workspace, background):
    trial_workspace.commit_study(lambda study: add_questionnaire(study, SHORT))
    for given, visit_id in ((("S2", 5), 5), (("S2", None), 4), (("", None), 1)):
        dialog = QuestionnairesDialog(trial_workspace, background, *given)
        qtbot.addWidget(dialog)
        assert dialog.list.visit.id == visit_id


def test_the_first_questionnaire_is_added_by_one_click(qtbot, trial_workspace, background):
    dialog = QuestionnairesDialog(trial_workspace, background)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.list.isVisible()
    press(dialog, "answers.add.would_recommend", qtbot)
    assert list(trial_workspace.study.questionnaires) == ["would_recommend"]
    assert dialog.list.isVisible()
    offered = [action.text() for action in dialog.findChild(QPushButton, "answers.add").menu().actions()]
    assert "Would recommend" not in offered
    assert len(offered) == len(bundled()) + 1  # the others, a line, and From a file
    press(dialog, "answers.remove", qtbot)
    assert not trial_workspace.study.questionnaires


def test_one_that_was_answered_stays(dialog, trial_workspace, qtbot):
    qtbot.keyClick(dialog.focusWidget(), "2")
    press(dialog, "answers.remove", qtbot)
    assert told(dialog) == "The questionnaire 'short' was answered once. Remove the answers first."


def test_a_questionnaire_comes_from_a_file(dialog, trial_workspace, tmp_path, monkeypatch, qtbot):
    path = tmp_path / "own.toml"
    path.write_text(DEFINITION)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    dialog.findChild(QPushButton, "answers.add").menu().actions()[-1].trigger()
    assert dialog.questionnaire.title == "Our own"
    qtbot.keyClick(dialog.focusWidget(), "9")
    qtbot.keyClick(dialog.sheet.questions[0], Qt.Key.Key_Right)
    assert answers(trial_workspace, 1, "own") == {"one": 10}
    path.write_text("id = 3")
    dialog.findChild(QPushButton, "answers.add").menu().actions()[-1].trigger()
    assert "own.toml" in told(dialog)


def test_answers_are_imported_from_a_table(dialog, trial_workspace, tmp_path, monkeypatch, qtbot):
    table = tmp_path / "answers.csv"
    table.write_text("subject,visit,questionnaire,a,b,c\nS1,baseline,short,3,1,2\nS2,week 12,short,1,,\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(table), ""))
    press(dialog, "answers.import", qtbot)
    qtbot.waitUntil(lambda: answers(trial_workspace, 5) == {"a": 1})
    assert answers(trial_workspace, 1) == {"a": 3, "b": 1, "c": 2}
    assert told(dialog).startswith("Answers of 2 visits taken over.")
    press(dialog, "answers.import", qtbot)
    qtbot.waitUntil(lambda: told(dialog) == "All of these answers are in the study already.")


def test_a_study_open_for_reading_is_only_looked_at(qtbot, trial_path, trial_workspace, trial_session, background):
    trial_workspace.commit_study(lambda study: add_questionnaire(study, SHORT))
    trial_session.save()
    with open_study(trial_path, READER, read_only=True) as session:
        workspace = Workspace(Settings(reader=READER))
        workspace.set_session(session, (1,))
        dialog = QuestionnairesDialog(workspace, background)
        qtbot.addWidget(dialog)
        assert not any(question.isEnabled() for question in dialog.sheet.questions)
        assert not dialog.findChild(QPushButton, "answers.add").isEnabled()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "0 of 3 answered. A score needs 2 more."),
        ({"a": 1}, "1 of 3 answered. A score needs 1 more."),
        ({"a": 1, "c": 2}, "2 of 3 answered. Score 1.5, from 1 to 3; a high one is good. It counts as a no."),
        ({"a": 3, "b": 1, "c": 3}, "3 of 3 answered. Score 3, from 1 to 3; a high one is good. It counts as a yes."),
    ],
)
def test_what_answers_amount_to(given, said):
    assert score_text(SHORT, given) == said


def test_a_question_reads_itself_out(dialog, qtbot):
    question = dialog.sheet.questions[1]
    assert question.accessibleName() == "2.  It falls out.  not answered"
    qtbot.keyClick(question, "3")
    assert question.accessibleName() == "2.  It falls out.  answer 3 yes"
    assert "opposite" in question.toolTip()


def test_an_imported_form_with_fewer_answers_says_what_it_takes_out(
    dialog, trial_workspace, tmp_path, monkeypatch, qtbot
):
    table = tmp_path / "answers.csv"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(table), ""))
    table.write_text("subject,visit,questionnaire,a,b,c\nS1,baseline,short,3,1,2\n")
    press(dialog, "answers.import", qtbot)
    qtbot.waitUntil(lambda: answers(trial_workspace, 1) == {"a": 3, "b": 1, "c": 2})
    table.write_text("subject,visit,questionnaire,a\nS1,baseline,short,3\n")
    press(dialog, "answers.import", qtbot)
    qtbot.waitUntil(lambda: answers(trial_workspace, 1) == {"a": 3})
    assert told(dialog).endswith("answers that the table lacks were taken out of 1 form.")
