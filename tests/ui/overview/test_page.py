from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton

from ui import theme
from ui.overview.choices import CHOICES
from ui.overview.menu import cell_menu
from ui.overview.model import CELL
from workstation.edits import submit
from workstation.errors import UserFacingError
from workstation.trial.overview import Progress, Timing


def choose(page, text):
    page.choice.setCurrentIndex([choice.text for choice in CHOICES].index(text))


def shown(page):
    return [row.subject.id for row in page.model.rows]


def menu_at(page, qtbot, row, column):
    page.grid.menu_asked.emit(page.model.index(row, column), QPoint(10, 10))
    menu = page.findChild(QMenu, "overview.menu")
    qtbot.waitUntil(menu.isVisible)
    return menu


def action(menu, text):
    return next(a for a in menu.actions() if a.text().replace("&", "").startswith(text))


def test_subjects_by_visits(page):
    assert shown(page) == ["S1", "S2", "S10"]
    assert [page.model.headerData(c, Qt.Orientation.Horizontal) for c in range(3)] == ["Baseline", "Week 4", "Week 12"]
    states = [[page.model.index(r, c).data(CELL).progress for c in range(3)] for r in range(3)]
    assert states == [
        [Progress.SUBMITTED, Progress.IN_REVIEW, Progress.NOT_DETECTED],
        [Progress.ACCEPTED, Progress.NO_VISIT, Progress.NO_IMAGE],
        [Progress.NOT_DETECTED, Progress.NO_VISIT, Progress.NO_VISIT],
    ]
    told = page.findChild(QLabel, "overview.summary").text()
    assert told.replace("\xa0", " ") == "3 subjects  ·  6 visits  ·  6 images  ·  2 of 6 visits submitted  ·  1 missed"


def test_what_is_to_be_known_stands_in_the_tip(page):
    tip = page.model.index(0, 2).data(Qt.ItemDataRole.ToolTipRole).replace("\xa0", " ").splitlines()
    assert tip == ["S1, week 12", "2026-06-02, 8 days late", "vertex: detected", "crown: not detected"]
    missed = page.model.index(1, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert missed == "S2, week 4\nMissed: a later visit was held."
    assert "No image" in page.model.index(1, 2).data(Qt.ItemDataRole.ToolTipRole)


def test_enter_opens_a_visit_beside_its_baseline(page, asked, qtbot):
    page.grid.go_to(0, 2)
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    assert asked.opened == [(1, 3)]


def test_a_double_click_opens_too_and_a_baseline_stands_alone(page, asked, qtbot):
    place = page.grid.visualRect(page.model.index(1, 0)).center()
    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.opened == [(5,)]


def test_a_visit_without_images_leads_to_its_subject(page, asked, qtbot):
    for column, visit_id in ((1, None), (2, 5)):
        page.grid.go_to(1, column)
        qtbot.keyClick(page.grid, Qt.Key.Key_Enter)
        assert asked.subjects[-1] == ("S2", visit_id)
    page.grid.subject_opened.emit("S10")
    assert asked.subjects[-1] == ("S10", None)


def test_escape_shows_all_and_then_goes_back_to_the_images(page, asked, qtbot):
    choose(page, "Missed")
    qtbot.keyClick(page.grid, Qt.Key.Key_Escape)
    assert len(shown(page)) == 3
    assert asked.opened == []
    qtbot.keyClick(page.grid, Qt.Key.Key_Escape)
    assert asked.opened == [(1, 3)]


def test_escape_leaves_the_line_and_the_notice_too(page, asked, qtbot):
    qtbot.keyClicks(page.text, "nobody")
    assert shown(page) == []
    qtbot.keyClick(page.text, Qt.Key.Key_Escape)
    assert len(shown(page)) == 3
    assert page.text.text() == ""
    qtbot.keyClick(page.choice, Qt.Key.Key_Escape)
    assert asked.opened == [(1, 3)]


def test_an_edit_is_seen_when_the_page_comes_back(page, trial_workspace, qtbot):
    page.hide()
    trial_workspace.commit(2, submit)
    assert page.model.index(0, 1).data(CELL).progress is Progress.IN_REVIEW
    page.show()
    qtbot.waitUntil(lambda: page.model.index(0, 1).data(CELL).progress is Progress.SUBMITTED)


def test_an_image_that_cannot_be_read_is_marked(page, qtbot, trial_path):
    page._pictures._pixels.failed.emit(1, None)
    page._pictures._pixels._errors[1] = UserFacingError("it is gone")
    page.grid.in_sight_changed.emit()
    assert page._picture(1)[1] is True
    picture = page.grid.viewport().grab(page.grid.visualRect(page.model.index(0, 0))).toImage()
    seen = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert theme.current().danger in seen


def test_arrows_move_and_letters_look_for_a_subject(page, qtbot):
    page.grid.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(page.grid, key)
    assert (page.grid.currentIndex().row(), page.grid.currentIndex().column()) == (1, 1)
    qtbot.keyClick(page.grid, "s")
    assert page.focusWidget() is page.text
    qtbot.keyClicks(page.text, "10")
    assert page.text.text() == "s10"
    assert shown(page) == ["S10"]
    qtbot.keyClick(page.text, Qt.Key.Key_Return)
    assert page.focusWidget() is page.grid


def test_where_nothing_is_found_all_can_be_shown_again(page, qtbot):
    page.text.setText("nobody")
    button = page.findChild(QPushButton, "overview.show_all")
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(shown(page)) == 3
    assert not button.isVisible()


def test_what_is_selected_stays_when_the_study_changes(page, trial_workspace, qtbot):
    page.grid.go_to(1, 2)
    trial_workspace.commit(2, submit)
    qtbot.waitUntil(lambda: page.model.index(0, 1).data(CELL).progress is Progress.SUBMITTED)
    assert (page.grid.currentIndex().row(), page.grid.currentIndex().column()) == (1, 2)


def test_pictures_come_of_what_is_in_sight(page, qtbot):
    qtbot.waitUntil(lambda: all(page._picture(i)[0] is not None for i in (1, 2, 3, 5, 6)))
    assert isinstance(page._picture(1)[0], QImage)
    assert page._picture(4) == (None, False)  # the second site of its visit


def test_a_menu_for_a_visit_of_two_sites(page, asked, qtbot):
    menu = menu_at(page, qtbot, 0, 2)
    texts = [a.text().replace("&", "") for a in menu.actions() if not a.isSeparator()]
    assert texts == [
        "Open vertex", "Open crown", "Detect hairs", "Subject S1 and visits…", "Questionnaires…", "Adverse events…",
    ]  # fmt: skip
    of_vertex = action(menu, "Open vertex").menu()
    assert [a.text().replace("&", "") for a in of_vertex.actions()] == [
        "Beside the baseline\tEnter", "Beside the visit before", "This visit alone",
    ]  # fmt: skip
    action(of_vertex, "Beside the visit before").trigger()
    action(of_vertex, "This visit alone").trigger()
    assert asked.opened == [(2, 3), (3,)]
    action(menu, "Detect hairs").trigger()
    assert asked.detected == [(4,)]
    for text in ("Subject S1", "Questionnaires", "Adverse"):
        action(menu, text).trigger()
    assert (asked.subjects, asked.answers, asked.events) == ([("S1", 3)], [("S1", 3)], ["S1"])
    menu.close()


def test_a_menu_for_a_visit_that_was_missed_is_about_the_subject_alone(page, qtbot):
    menu = menu_at(page, qtbot, 1, 1)
    assert action(menu, "Subject S2") is menu.actions()[0]
    menu.close()


def test_missed_visits_are_painted_in_both_themes(page, qtbot):
    app = QApplication.instance()
    try:
        for choice in ("dark", "light"):
            now = theme.apply_theme(app, choice)
            rect = page.grid.visualRect(page.model.index(1, 1))
            assert page.model.index(1, 1).data(CELL).timing is Timing.MISSED
            picture = page.grid.viewport().grab(rect).toImage()
            seen = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
            assert now.danger in seen
    finally:
        theme.apply_theme(app, "dark")


def test_the_headers_tell_who(page):
    tip = page.model.headerData(1, Qt.Orientation.Vertical, Qt.ItemDataRole.ToolTipRole)
    assert tip.splitlines()[:2] == ["S2", "male · 51 · Norwood III"]
    planned = page.model.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert planned == "Planned; on time from 3 days before to 3 days after its day"


def test_a_menu_shows_a_code_as_it_is_written(page, asked, trial_workspace):
    cell = page.model.cell(page.model.index(1, 1))
    menu = cell_menu(page, trial_workspace.study, "A&B", cell, asked.deeds(trial_workspace))
    assert action(menu, "Subject").text() == "&Subject A&&B and visits…"
