import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton

from ui.panels.selection_panel import SelectionPanel
from workstation import edits
from workstation.entry import Selection
from workstation.model.hair import Status

Key = Qt.Key


def select(workspace, *hairs, units=(), read_id=3):
    workspace.select(Selection(read_id, frozenset(hairs), frozenset(units)))


def hair(workspace, hair_id, image_id=1):
    return workspace.read(image_id).hairs[hair_id]


def text(panel, name):
    return panel.findChild(QLabel, name).text()


@pytest.fixture
def panel(workspace, show):
    return show(SelectionPanel(workspace))


def chosen(panel, workspace, *hairs, **more):
    select(workspace, *hairs, **more)
    panel.refresh_now()
    return panel.hairs_page


def test_a_hair_is_told_in_full(panel, workspace):
    page = chosen(panel, workspace, 3)
    assert text(panel, "selection_title") == "Hair 3, in unit 12"
    assert page._class.text() == "terminal"
    assert page.width_edit.text() == "90.0"
    assert page.width_edit.accessibleName() == "Width in micrometres"
    assert page._length.text() == "0.56\u00a0mm"
    assert page._confidence.text() == "0.30"
    assert page._confidence_bar.value() == 30
    assert page._origin.text() == "detected"
    assert page.root.isChecked()
    assert not page._reset.isEnabled()


def test_a_hair_that_does_not_count_says_why(panel, workspace):
    chosen(panel, workspace, 4)
    assert text(panel, "selection_title") == "Hair 4, in no unit"
    assert text(panel, "selection_why") == "Not counted: its root is outside the image."
    workspace.commit(1, lambda read: edits.set_status(read, [3], Status.REJECTED))
    chosen(panel, workspace, 3)
    assert text(panel, "selection_why") == "Not counted: rejected."


def test_a_width_is_typed_and_taken_back(panel, workspace, qtbot):
    page = chosen(panel, workspace, 3)
    page.width_edit.selectAll()
    qtbot.keyClicks(page.width_edit, "62,5 µm")
    qtbot.keyClick(page.width_edit, Key.Key_Return)
    assert hair(workspace, 3).width_px == pytest.approx(6.25)
    assert hair(workspace, 3).width_is_set
    panel.refresh_now()
    assert page.width_edit.text() == "62.5"
    assert page._origin.text() == "detected, then mended, width set by hand"
    qtbot.mouseClick(panel.findChild(QToolButton, "selection_reset_width"), Qt.MouseButton.LeftButton)
    assert hair(workspace, 3).width_px == 9.0
    workspace.undo()
    workspace.undo()
    panel.refresh_now()
    assert page.width_edit.text() == "90.0"
    assert not hair(workspace, 3).width_is_set


def test_esc_restores_what_stood_there(panel, workspace, qtbot):
    page = chosen(panel, workspace, 3)
    qtbot.keyClicks(page.width_edit, "7")
    qtbot.keyClick(page.width_edit, Key.Key_Escape)
    assert page.width_edit.text() == "90.0"
    assert not workspace.session.document.can_undo


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Escape])
def test_ending_the_typing_gives_the_keyboard_back(panel, workspace, qtbot, key):
    page = chosen(panel, workspace, 3)
    panel.activateWindow()
    for edit in (page.comment, page.width_edit):
        edit.setFocus()
        qtbot.waitUntil(edit.hasFocus)
        with qtbot.waitSignal(panel.left):
            qtbot.keyClick(edit, key)
        assert not edit.hasFocus()


def test_the_keyboard_is_put_into_width_and_comment(panel, workspace, qtbot):
    panel.activateWindow()
    panel.focus_width()  # nothing is selected
    assert not panel.hairs_page.width_edit.hasFocus()
    panel.focus_comment()
    qtbot.waitUntil(panel.image_page.comment.hasFocus)
    page = chosen(panel, workspace, 3)
    panel.focus_width()
    qtbot.waitUntil(page.width_edit.hasFocus)
    assert page.width_edit.selectedText() == "90.0"
    panel.focus_comment()
    qtbot.waitUntil(page.comment.hasFocus)


@pytest.mark.parametrize("typed", ["wide", "-4", "0"])
def test_what_is_no_width_is_marked_and_not_taken(panel, workspace, qtbot, typed):
    page = chosen(panel, workspace, 3)
    page.width_edit.selectAll()
    qtbot.keyClicks(page.width_edit, typed)
    qtbot.keyClick(page.width_edit, Key.Key_Return)
    assert page.width_edit.property("faulty") is True
    assert not workspace.session.document.can_undo


def test_a_root_is_moved_out_of_the_image_and_back(panel, workspace, qtbot):
    page = chosen(panel, workspace, 3)
    page.root.click()
    assert not hair(workspace, 3).root_visible
    panel.refresh_now()
    assert text(panel, "selection_title") == "Hair 3, in no unit"
    page.root.click()
    assert hair(workspace, 3).root_visible


def test_a_comment_is_committed_by_enter_and_by_leaving(panel, workspace, qtbot):
    page = chosen(panel, workspace, 3)
    panel.focus_comment()
    qtbot.keyClicks(page.comment, "curled")
    qtbot.keyClick(page.comment, Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(page.comment, "at the tip")
    assert hair(workspace, 3).comment == ""
    qtbot.keyClick(page.comment, Key.Key_Return)
    assert hair(workspace, 3).comment == "curled\nat the tip"
    page.comment.setPlainText("straight")
    page.comment.take()
    assert hair(workspace, 3).comment == "straight"
    workspace.undo()
    panel.refresh_now()
    assert page.comment.toPlainText() == "curled\nat the tip"


def test_typed_text_is_kept_for_its_hair_when_another_is_selected(panel, workspace):
    page = chosen(panel, workspace, 3)
    page.comment.setPlainText("thin")
    chosen(panel, workspace, 1)
    assert hair(workspace, 3).comment == "thin"
    assert hair(workspace, 1).comment == ""
    assert page.comment.toPlainText() == ""


def test_what_is_being_typed_stays_when_something_else_changes(panel, workspace, qtbot):
    page = chosen(panel, workspace, 3)
    panel.activateWindow()
    page.comment.setFocus()
    qtbot.waitUntil(page.comment.hasFocus)
    page.comment.setPlainText("half a sent")
    workspace.commit(2, lambda read: edits.set_status(read, [1], Status.ACCEPTED))
    panel.refresh_now()
    assert page.comment.toPlainText() == "half a sent"


def test_the_first_correction_begins_a_read_and_keeps_the_selection(panel, workspace, qtbot):
    page = chosen(panel, workspace, 3, read_id=2)
    page.root.click()
    assert workspace.read(2).reader == "Ada"
    assert not hair(workspace, 3, image_id=2).root_visible
    assert workspace.study.reads[2].hairs[3].root_visible


def test_several_hairs_are_summed_up(panel, workspace):
    workspace.commit(1, lambda read: edits.set_width(read, [2], 6.0))
    workspace.commit(1, lambda read: edits.comment_hairs(read, [1], "one of them"))
    page = chosen(panel, workspace, 1, 2, 3)
    assert text(panel, "selection_title") == "3\u00a0hairs"
    assert page.rows.text("Mean width") == "80.0\u00a0±\u00a017.3\u00a0µm"
    assert page.rows.text("Units") == "2"
    assert page.rows.text("Class") == "all terminal"
    assert page.rows.text("Confidence") == "0.70 on average"
    assert page.rows.text("Verdict") == "2 not reviewed, 1 accepted"
    assert (page.width_edit.text(), page.width_edit.placeholderText()) == ("", "differ")
    assert page.comment.placeholderText() == "Different comments"


def test_several_hairs_get_one_width(panel, workspace, qtbot):
    page = chosen(panel, workspace, 1, 2)
    assert page.width_edit.text() == "90.0"
    page.width_edit.selectAll()
    qtbot.keyClicks(page.width_edit, "50")
    qtbot.keyClick(page.width_edit, Key.Key_Return)
    assert [hair(workspace, i).width_px for i in (1, 2, 3)] == [5.0, 5.0, 9.0]
    assert workspace.session.document.undo_text == "set width"


def test_mixed_roots_are_neither_in_nor_out(panel, workspace):
    page = chosen(panel, workspace, 3, 4)
    assert page.root.checkState() is Qt.CheckState.PartiallyChecked


def test_nearby_units_take_the_hair_in(panel, workspace, qtbot):
    page = chosen(panel, workspace, 3)
    own, button, third = page.nearby.buttons[:3]
    assert (own.text(), own.isChecked(), own.isEnabled()) == ("1 → 12", True, False)
    assert button.text() == "2 → 11"
    assert button.toolTip() == "Puts the selected hairs into unit 11, of 2\u00a0hairs  (2)"
    assert not third.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert hair(workspace, 3).unit_id == 11
    assert 12 not in workspace.read(1).units


def test_a_unit_is_told_and_commented(panel, workspace, qtbot):
    select(workspace, units=[11])
    panel.refresh_now()
    page = panel.unit_page
    assert text(panel, "unit_title") == "Unit 11"
    assert page.rows.text("Hairs") == "2\u00a0hairs"
    assert page.rows.text("Mean width") == "90.0\u00a0±\u00a00.0\u00a0µm"
    assert page.rows.text("Centre") == "1.000, 0.600\u00a0mm"
    page.comment.setPlainText("tight")
    page.comment.take()
    assert workspace.read(1).units[11].comment == "tight"
    page.hairs.linkActivated.emit("2")
    assert workspace.selection == Selection(3, frozenset({2}))


def test_several_units_are_summed_up(panel, workspace):
    select(workspace, units=[11, 12])
    panel.refresh_now()
    assert text(panel, "unit_title") == "2\u00a0units, 3\u00a0hairs"
    assert not panel.unit_page.comment.isVisible()


def test_with_nothing_selected_the_image_is_told(panel, workspace, qtbot):
    page = panel.image_page
    assert text(panel, "image_title") == "baseline"
    assert page.rows.text("Subject") == "S01"
    assert page.rows.text("Visit") == "baseline, 2026-02-03"
    assert page.rows.text("Size") == "320 × 240\u00a0px, 3.2 × 2.4\u00a0mm"
    assert page.rows.text("Scale") == "10\u00a0µm/px, from manifest"
    assert page.rows.text("Read") == "Ada, in review"
    assert page.detection.text("Found") == "4\u00a0hairs in 2\u00a0units"
    panel.focus_comment()
    page.comment.setPlainText("gel at the edge")
    page.comment.take()
    assert workspace.read(1).review.comment == "gel at the edge"


def test_it_follows_the_active_image(panel, workspace):
    workspace.set_active(2)
    panel.refresh_now()
    assert text(panel, "image_title") == "week 12"
    assert panel.image_page.rows.text("Read") == "detection, untouched"


def test_a_deleted_hair_leaves_the_panel(panel, workspace):
    chosen(panel, workspace, 3)
    workspace.commit(1, lambda read: edits.delete_hairs(read, [3]))
    panel.refresh_now()
    assert panel.image_page.isVisible()
    assert not panel.hairs_page.isVisible()


def test_what_was_typed_in_one_study_never_reaches_another(panel, workspace, session):
    page = chosen(panel, workspace, 3)
    page.comment.setPlainText("of the first study")
    workspace.set_session(None)
    workspace.set_session(session, (1, 2))  # another one with the same ids
    chosen(panel, workspace, 1)
    assert hair(workspace, 3).comment == ""
    assert page.comment.toPlainText() == ""


def test_a_closed_study_leaves_nothing(panel, workspace):
    chosen(panel, workspace, 3)
    workspace.set_session(None)
    panel.refresh_now()
    assert panel.findChild(QLabel, "selection_empty").isVisible()
    assert not panel.hairs_page.isVisible()
