import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from ui.quality.remarks import Purpose, RemarksPanel
from ui.quality.remarks_section import RemarksSection
from workstation import edits
from workstation.entry import Selection
from workstation.model.patch import Change, Kind, Patch
from workstation.model.people import Person, Role


@pytest.fixture
def panel(qa_workspace, qtbot):
    """The remarks on Bo's read of image 1."""
    panel = RemarksPanel(qa_workspace, "remarks.panel")
    qtbot.addWidget(panel)
    panel.resize(360, 600)
    panel.show_read(5)
    panel.show()
    qa_workspace.document_changed.connect(lambda _: panel.show_read(5))
    return panel


def write(panel, qtbot, text):
    panel.box.setPlainText("")
    qtbot.keyClicks(panel.box, text)
    qtbot.keyClick(panel.box, Qt.Key.Key_Return)


def button(panel, name):
    """As it is now: one that was there before is deleted when the event loop comes to it."""
    found = [each for thread in panel._threads for each in thread.findChildren(QPushButton, name)]
    return found[0] if found else None


def press(panel, qtbot, name):
    qtbot.mouseClick(button(panel, name), Qt.MouseButton.LeftButton)


def test_a_remark_is_written_answered_and_marked_as_done(panel, qa_workspace, qtbot):
    write(panel, qtbot, "look again")
    remarks = qa_workspace.study.remarks
    assert (remarks[1].text, remarks[1].author, remarks[1].read_id) == ("look again", "Quinn", 5)
    assert panel.box.toPlainText() == ""
    press(panel, qtbot, "remark.1.answer")
    assert (panel.writing.purpose, panel.writing.answers) == (Purpose.ANSWER, 1)
    assert panel.about.text() == "To Quinn. Esc: leave."
    write(panel, qtbot, "at the rim")
    assert qa_workspace.study.remarks[2].answers == 1
    press(panel, qtbot, "remark.1.done")
    assert qa_workspace.study.remarks[1].done_by == "Quinn"
    press(panel, qtbot, "remark.1.done")
    assert qa_workspace.study.remarks[1].done_by == ""


def test_a_remark_is_taken_back_until_it_is_answered(panel, qa_workspace, qtbot):
    write(panel, qtbot, "look again")
    write(panel, qtbot, "and here")
    panel.begin(Purpose.ANSWER, 1)
    write(panel, qtbot, "where?")
    assert button(panel, "remark.1.back") is None
    press(panel, qtbot, "remark.2.back")
    assert set(qa_workspace.study.remarks) == {1, 3}


def test_a_remark_is_about_the_hair_that_is_selected(panel, qa_workspace, qtbot):
    qa_workspace.show_read(1, 5)
    qa_workspace.select(Selection(5, frozenset({3})))
    panel.show_read(5)
    assert panel.about.text() == "About hair 3."
    write(panel, qtbot, "a vessel?")
    assert qa_workspace.study.remarks[1].hair_id == 3
    qa_workspace.select(Selection())
    shown = []
    qa_workspace.reveal_asked.connect(lambda reveal: shown.append(reveal.image_id))
    press(panel, qtbot, "remark.1.hair")
    assert (shown, qa_workspace.selection) == ([1], Selection(5, frozenset({3})))


def test_an_empty_remark_is_none(panel, qa_workspace, qtbot):
    write(panel, qtbot, "   ")
    assert qa_workspace.study.remarks == {}


def test_what_was_typed_about_another_read_is_dropped(panel):
    panel.begin(Purpose.RETURN)
    panel.box.setPlainText("look again")
    panel.show_read(6)
    assert (panel.box.toPlainText(), panel.writing.purpose) == ("", Purpose.REMARK)


def test_who_is_neither_reader_nor_qa_marks_nothing(panel, qa_workspace, qa_session, qtbot):
    qa_workspace.commit_study(lambda study: edits.add_remark(study, 5, "Quinn", "look again"))
    listed = Patch("list", None, (Change(Kind.PERSON, 0, None, Person("Olga", (Role.OWNER,))),))
    qa_workspace.commit_study(lambda _: listed)
    assert button(panel, "remark.1.answer") is not None
    assert button(panel, "remark.1.done") is None


def test_beside_the_images_remarks_are_there_where_there_are_any(qa_workspace, qtbot):
    section = RemarksSection(qa_workspace)
    qtbot.addWidget(section)
    said = []
    section.wanted_changed.connect(said.append)
    assert not section.wanted
    qa_workspace.show_read(1, 3)
    assert said[-1] is True, "who looks at another's read may want to say something"
    qa_workspace.show_read(1, None)
    assert said[-1] is False
    shown = qa_workspace.read(1)
    qa_workspace.commit_study(lambda study: edits.add_remark(study, shown.id, "Quinn", "look again"))
    assert said[-1] is True
