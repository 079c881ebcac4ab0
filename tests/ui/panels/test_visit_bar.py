from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from ui.panels import browser_rows, image_browser
from ui.panels.visit_bar import VisitBar
from ui.panels.visit_chips import VisitChips
from ui.panels.visit_states import ImageState
from ui.workspace import Workspace
from workstation import edits
from workstation.areas import Area, areas_of, by_time, ends, has_visits, images_of, subjects
from workstation.model.hair import Status
from workstation.model.study import Visit
from workstation.session import create_study, open_study
from workstation.settings import Settings

Control = Qt.KeyboardModifier.ControlModifier
Left = Qt.MouseButton.LeftButton
Selects = QItemSelectionModel.SelectionFlag


def trial():
    """Subject S01 has three visits of the vertex, given out of order, and one of the front; S02 has one."""
    visits = [
        Visit(1, "S01", "week 12", 12.0),
        Visit(2, "S01", "baseline", 0.0),
        Visit(3, "S01", "week 6", 6.0),
        Visit(4, "S02", "baseline", 0.0),
    ]
    images = [
        make_image(1, 1, "a.png"),
        make_image(2, 2, "b.png"),
        make_image(3, 3, "c.png"),
        make_image(4, 2, "d.png", site="front"),
        make_image(5, 4, "e.png"),
    ]
    doubtful = [make_hair(i, 10 + i, [[100 * i, 100], [100 * i, 140]], confidence=0.2) for i in (1, 2)]
    return make_study([make_read(doubtful, image_id=2)], images, visits)


@pytest.fixture
def opened(tmp_path: Path, qapp):
    create_study(tmp_path / "trial.h5", trial(), user="Ada")
    with open_study(tmp_path / "trial.h5", "Ada") as session:
        workspace = Workspace(Settings())
        workspace.set_session(session, (2, 1))
        yield workspace


@pytest.fixture
def bar(opened, show):
    return show(VisitBar(opened))


def texts(bar):
    return [chip.text() for chip in bar.chips.chips.values()]


def pressed(bar):
    return [image_id for image_id, chip in bar.chips.chips.items() if chip.isChecked()]


def test_images_are_found_by_subject_site_and_time():
    study = trial()
    assert subjects(study) == ("S01", "S02")
    assert areas_of(study, "S01") == (Area("S01", "vertex"), Area("S01", "front"))
    assert images_of(study, Area("S01", "vertex")) == (2, 3, 1)
    assert by_time(study, [1, 2, 3]) == (2, 3, 1)
    assert ends((2, 3, 1)) == (2, 1)
    assert ends((2,)) == (2,)
    assert ends(()) == ()
    assert has_visits(study)
    assert not has_visits(make_study((), [make_image(1, site="a"), make_image(2, site="b")]))


def test_visits_stand_in_the_order_of_time_with_their_state(bar):
    assert texts(bar) == ["baseline  ◑\u00a02", "week 6  ○", "week 12  ○"]
    assert pressed(bar) == [2, 1]
    assert bar.state.text() == "baseline: in review, 2\u00a0doubtful hairs"
    assert bar.chips.chips[2].accessibleName() == "baseline, in review, 2\u00a0doubtful hairs, shown"
    assert bar.chips.chips[3].accessibleName() == "week 6, not detected, not shown"


def test_where_there_is_little_room_visits_go_before_the_sentence(bar, qtbot):
    wanted_px = bar.chips.sizeHint().width()
    others_px = sum(widget.width() for widget in (bar.subject, bar.site, bar.browse))
    bar.resize(others_px + wanted_px + 60, bar.height())
    qtbot.waitUntil(lambda: bar.chips.width() == wanted_px)
    assert 0 < bar.state.width() <= 60
    bar.resize(others_px + wanted_px + 400, bar.height())
    qtbot.waitUntil(lambda: bar.state.width() > 300)
    assert bar.chips.width() == wanted_px


def test_a_long_name_is_shortened_and_an_ampersand_is_no_key(qtbot):
    chips = VisitChips()
    qtbot.addWidget(chips)
    state = ImageState(None, "not detected", 0, 0)
    chips.show_visits({1: "Screening & wash-out, before the first treatment", 2: "A & B"}, {1: state, 2: state}, (1,))
    first, second = chips.chips.values()
    assert "…" in first.text()
    assert first.sizeHint().width() < 200
    assert first.toolTip().startswith("Screening & wash-out, before the first treatment: not detected")
    assert second.text() == "A && B  ○"


def test_long_names_that_differ_at_their_ends_can_be_told_apart(qtbot):
    chips = VisitChips()
    qtbot.addWidget(chips)
    state = ImageState(None, "not detected", 0, 0)
    long = "Follow-up visit after the second wash-out period"
    chips.show_visits({1: f"{long} 1", 2: f"{long} 2"}, {1: state, 2: state}, (1,))
    first, second = (chip.text() for chip in chips.chips.values())
    assert first != second


def test_a_click_puts_a_visit_beside_the_others_in_its_place(bar, opened, qtbot):
    qtbot.mouseClick(bar.chips.chips[3], Left)
    assert opened.shown == (2, 3, 1)
    qtbot.mouseClick(bar.chips.chips[2], Left)
    assert opened.shown == (3, 1)


def test_one_visit_stays_always(bar, opened, qtbot):
    qtbot.mouseClick(bar.chips.chips[1], Left)
    qtbot.mouseClick(bar.chips.chips[2], Left)
    assert opened.shown == (2,)
    bar.refresh_now()
    assert pressed(bar) == [2]


def test_ctrl_and_enter_show_one_alone(bar, opened, qtbot):
    qtbot.mouseClick(bar.chips.chips[3], Left, Control)
    assert opened.shown == (3,)
    bar.refresh_now()
    assert pressed(bar) == [3]
    qtbot.keyClick(bar.chips.chips[1], Qt.Key.Key_Return)
    assert opened.shown == (1,)


def test_chips_are_reached_by_arrows_and_pressed_by_space(bar, opened, qtbot):
    bar.activateWindow()
    bar.chips.chips[2].setFocus()
    qtbot.waitUntil(bar.chips.chips[2].hasFocus)
    qtbot.keyClick(bar.chips.chips[2], Qt.Key.Key_Left)
    assert bar.chips.chips[2].hasFocus()
    qtbot.keyClick(bar.chips.chips[2], Qt.Key.Key_Right)
    assert bar.chips.chips[3].hasFocus()
    qtbot.keyClick(bar.chips.chips[3], Qt.Key.Key_Space)
    assert opened.shown == (2, 3, 1)


def test_another_site_shows_its_first_and_last_visit(bar, opened):
    assert [bar.site.itemText(i) for i in range(bar.site.count())] == ["vertex", "front"]
    bar.site.activated.emit(1)
    assert opened.shown == (4,)
    bar.refresh_now()
    assert texts(bar) == ["baseline  ○"]


def test_another_subject_shows_the_same_site(bar, opened):
    bar.subject.activated.emit(1)
    assert opened.shown == (5,)
    bar.refresh_now()
    assert bar.subject.currentText() == "S02"
    assert not bar.site.isVisible()
    bar.subject.activated.emit(0)
    assert opened.shown == (2, 1)


def test_an_edit_changes_the_count(bar, opened, qtbot):
    opened.commit(2, lambda read: edits.set_status(read, [1], Status.ACCEPTED))
    qtbot.waitUntil(lambda: texts(bar)[0] == "baseline  ◑\u00a01", timeout=2000)
    assert bar.state.text() == "baseline: in review, 1\u00a0doubtful hair"
    opened.commit(2, edits.submit)
    bar.refresh_now()
    assert texts(bar)[0] == "baseline  ◕\u00a01"


def test_the_state_follows_the_active_image(bar, opened):
    opened.set_active(1)
    bar.refresh_now()
    assert bar.state.text() == "week 12: not detected"


def test_with_nothing_open_the_bar_is_empty(bar, opened):
    opened.set_session(None)
    bar.refresh_now()
    assert not bar.chips.isVisible()
    assert not bar.browse.isVisible()
    assert bar.state.text() == ""


# --- the list of images -------------------------------------------------------------------------------------------


def seen(browser):
    rows = [row for row in range(browser.rows.rowCount()) if not browser.list.isRowHidden(row)]
    return [browser.rows.index(row).data() for row in rows]


def test_all_images_are_found_by_typing(bar, opened, qtbot):
    qtbot.mouseClick(bar.browse, Left)
    browser = bar.browser
    assert browser.isVisible()
    assert len(seen(browser)) == 5
    qtbot.keyClicks(browser.text, "s01 vert week")
    assert seen(browser) == [
        "○  S01 · vertex · week 12 · a.png  not detected",
        "○  S01 · vertex · week 6 · c.png  not detected",
    ]
    qtbot.keyClick(browser.text, Qt.Key.Key_Return)
    assert opened.shown == (1,)
    assert not browser.isVisible()


def test_several_images_are_chosen_in_the_list(bar, opened, qtbot):
    bar.open_browser()
    browser = bar.browser
    browser.text.setText("front")
    qtbot.keyClick(browser.text, Qt.Key.Key_Down)
    browser.text.clear()
    for row in (0, 1):
        browser.list.selectionModel().select(browser.rows.index(row), Selects.Select)
    browser.list.activated.emit(browser.rows.index(0))
    assert 4 in opened.shown
    assert len(opened.shown) >= 2


@pytest.fixture
def unnamed(tmp_path: Path, qapp):
    """A study of images of which nothing is known: one visit, a site each."""
    images = [make_image(i, 1, f"img{i}.png", site=f"img{i}") for i in range(1, 301)]
    create_study(tmp_path / "many.h5", make_study((), images, [Visit(1, "unnamed", "single")]), user="Ada")
    with open_study(tmp_path / "many.h5", "Ada") as session:
        workspace = Workspace(Settings())
        workspace.set_session(session, (1,))
        yield workspace


def test_a_mere_list_of_images_has_arrows_and_a_filter(unnamed, show, qtbot):
    bar = show(VisitBar(unnamed))
    assert not bar.chips.isVisible()
    assert not bar.site.isVisible()
    assert bar.browse.text() == "img1.png"
    qtbot.mouseClick(bar.later, Left)
    assert unnamed.shown == (2,)
    qtbot.mouseClick(bar.earlier, Left)
    qtbot.mouseClick(bar.earlier, Left)
    assert unnamed.shown == (300,)
    bar.open_browser()
    bar.browser.text.setText("img25")
    assert seen(bar.browser) == ["○  img25.png  not detected"] + [
        f"○  img{i}.png  not detected" for i in range(250, 260)
    ]


def test_words_are_looked_for_in_slices_and_enter_waits_for_the_last(unnamed, show, qtbot, monkeypatch):
    monkeypatch.setattr(image_browser, "SLICE_S", 0.0)
    bar = show(VisitBar(unnamed))
    bar.open_browser()
    browser = bar.browser
    qtbot.keyClicks(browser.text, "img29 detected")
    qtbot.keyClick(browser.text, Qt.Key.Key_Return)
    assert unnamed.shown == (1,)  # not yet
    qtbot.waitUntil(lambda: unnamed.shown == (29,))


def test_only_rows_in_sight_are_worded(unnamed, show, monkeypatch):
    bar = show(VisitBar(unnamed))
    worded = []
    row_text = browser_rows.row_text
    monkeypatch.setattr(browser_rows, "row_text", lambda *what: worded.append(what[1]) or row_text(*what))
    bar.open_browser()
    bar.browser.list.grab()
    assert 1 in worded
    assert len(set(worded)) < 40


def test_what_is_shown_is_selected_and_in_sight(unnamed, show):
    bar = show(VisitBar(unnamed))
    unnamed.set_shown((200, 201))
    bar.open_browser()
    browser = bar.browser
    ids = browser.rows.ids
    assert {ids[index.row()] for index in browser.list.selectionModel().selectedIndexes()} == {200, 201}
    assert ids[browser.list.currentIndex().row()] == 200
    assert browser.list.viewport().rect().contains(browser.list.visualRect(browser.list.currentIndex()).center())


def test_a_closed_study_is_let_go(unnamed, show):
    bar = show(VisitBar(unnamed))
    bar.open_browser()
    unnamed.set_session(None)
    assert bar.browser.rows.rowCount() == 0
    assert not bar.browser.isVisible()
