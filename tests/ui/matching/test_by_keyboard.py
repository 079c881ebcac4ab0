"""The whole match review in the window, by keys alone, and all of it taken back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from analysis.matching.match import Level, Ruling, Status
from tests.ui.matching.two_visits import register_by_hand
from ui.context_menu import context_menu
from ui.detection import Summary
from ui.keys import Context
from ui.layout import kept_layout, restore_layout
from ui.pointing import Target, TargetKind

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def at_work(opened, qtbot):
    """The window with two registered visits, an image in focus."""
    register_by_hand(opened.workspace)
    qtbot.waitUntil(lambda: opened.desk.matches.current.matching is not None)
    opened.activateWindow()
    opened.comparison.view_of(1).setFocus()
    qtbot.waitUntil(lambda: opened.comparison.view_of(1).hasFocus())
    return opened


@pytest.fixture
def press(at_work, qtbot):
    def pressed(key, modifier=NONE):
        qtbot.keyClick(at_work.comparison.active_view, key, modifier)
        qtbot.waitUntil(lambda: not at_work.desk.matches.current.pending)

    return pressed


def at(window):
    match = window.desk.match_review.match
    return None if match is None else (match.baseline_id, match.followup_id)


def rulings(window):
    return [decision.ruling for decision in window.desk.match_review.decisions]


def begin(press):
    press(Qt.Key.Key_M, CTRL | SHIFT)


def test_the_whole_review_by_keyboard_and_back(at_work, press, qtbot):
    window, study = at_work, at_work.workspace.study
    begin(press)
    assert window.workspace.reviewing is Context.MATCHES
    press(Qt.Key.Key_N)
    assert at(window) == (24, 34)
    press(Qt.Key.Key_A)  # confirmed, and on
    assert at(window) == (23, None)
    relink_by_crosshair(window, press, qtbot)  # lost 23 is new 35 after all
    assert at(window) == (26, 36)
    press(Qt.Key.Key_X)  # not the same: lost and new now
    assert at(window) == (27, 37)
    press(Qt.Key.Key_N)
    assert at(window) == (26, None)
    press(Qt.Key.Key_L)
    assert at(window) == (None, 36)
    press(Qt.Key.Key_W)
    assert at(window) == (27, 37)
    press(Qt.Key.Key_A)
    expected = [
        Ruling(Level.UNIT, 24, 34),
        Ruling(Level.UNIT, 23, 35),
        Ruling(Level.UNIT, 26, 36, same=False),
        Ruling(Level.UNIT, 26, None),
        Ruling(Level.UNIT, None, 36),
        Ruling(Level.UNIT, 27, 37),
    ]
    assert rulings(window) == expected
    assert window.desk.match_review.all.n_left == 0
    statuses = {(m.baseline_id, m.followup_id): m.status for m in window.desk.matches.current.matching.units}
    assert statuses[23, 35] is statuses[24, 34] is statuses[27, 37] is Status.KEPT
    press(Qt.Key.Key_B)
    press(Qt.Key.Key_B)  # back to the last one, and its decision back
    assert rulings(window) == expected[:-1]
    for n in range(len(expected) + 1, 0, -1):
        press(Qt.Key.Key_Z, CTRL)
        assert len(rulings(window)) == (len(expected) if n == len(expected) + 1 else n - 1)
    assert window.workspace.study.pairs[1].decisions == study.pairs[1].decisions == {}
    assert at(window) == (24, 34)
    assert window.desk.match_review.all.n_left == 5


def relink_by_crosshair(window, press, qtbot):
    """Take the crosshair to unit 35 in the other image and press R."""
    press(Qt.Key.Key_F6)
    view = window.comparison.view_of(2)
    qtbot.waitUntil(view.hasFocus)
    qtbot.waitUntil(lambda: not view.moving)
    press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)  # the crosshair comes
    for _ in range(400):
        x, y = window.workspace.cursor.position_px
        dx, dy = 266.0 - x, 204.0 - y
        if max(abs(dx), abs(dy)) < 8:
            break
        horizontal = abs(dx) > abs(dy)
        key = (Qt.Key.Key_Right if dx > 0 else Qt.Key.Key_Left) if horizontal else None
        key = key or (Qt.Key.Key_Down if dy > 0 else Qt.Key.Key_Up)
        far = max(abs(dx), abs(dy)) * view.viewport.scale > 60
        qtbot.keyClick(view, key, Qt.KeyboardModifier.AltModifier | (SHIFT if far else NONE))
    assert window.workspace.selection.unit_ids == {23}
    press(Qt.Key.Key_R)


def test_in_the_other_image_arrows_move_the_crosshair_and_no_hair(at_work, press, qtbot):
    study = at_work.workspace.study
    begin(press)
    press(Qt.Key.Key_N)
    press(Qt.Key.Key_N)
    assert at(at_work) == (23, None)
    press(Qt.Key.Key_F6)
    qtbot.waitUntil(at_work.comparison.view_of(2).hasFocus)
    press(Qt.Key.Key_Right)
    assert at_work.workspace.cursor.image_id == 2
    assert at_work.workspace.study is study


def test_verdict_keys_mean_hairs_again_when_it_is_off(at_work, press):
    begin(press)
    actions = at_work.actions_
    assert actions["visits.confirm"].isEnabled()
    assert not actions["hairs.accept"].isEnabled()
    begin(press)
    assert not actions["visits.confirm"].isEnabled()
    assert at_work.workspace.reviewing is Context.HAIRS
    press(Qt.Key.Key_N)
    assert len(at_work.workspace.selection.hair_ids) == 1
    assert rulings(at_work) == []


def test_matches_can_be_shown_without_reviewing(at_work, press):
    press(Qt.Key.Key_M, SHIFT)
    assert at_work.comparison.view_of(1).matches.marks is not None
    assert at_work.actions_["visits.matches"].isChecked()
    press(Qt.Key.Key_M, SHIFT)
    assert at_work.comparison.view_of(1).matches.marks is None


def test_with_one_visit_the_commands_are_greyed(at_work, press):
    at_work.workspace.set_shown((1,))
    for command in ("visits.register", "visits.review", "visits.matches", "visits.next"):
        assert not at_work.actions_[command].isEnabled()


def test_the_shown_visits_are_registered_by_key(opened, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(opened.desk.registrar, "register", asked.append)
    view = opened.comparison.view_of(1)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_R, CTRL)
    assert asked == [opened.desk.matches.shown]


def test_all_visits_are_registered_by_key_and_it_is_said_when_there_is_nothing_to_do(opened, qtbot, monkeypatch):
    asked, told = [], []
    monkeypatch.setattr(opened.desk.registrar, "register_where_detected", asked.append)
    opened.workspace.told.connect(lambda message: told.append(message.text))
    view = opened.comparison.view_of(1)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_R, CTRL | SHIFT)
    assert [list(ids) for ids in asked] == [[1, 2]]
    assert told == ["All visits that were detected are registered already."]


def test_the_status_bar_tells_what_became_of_what_is_pointed_at(at_work):
    status = at_work.status.findChild(QLabel, "status.target")
    at_work.workspace.set_hover(Target(1, TargetKind.UNIT, 22))
    assert status.text() == "Unit 22 of 1\u00a0hair · kept, 32 in the later image"
    at_work.workspace.set_hover(Target(2, TargetKind.UNIT, 35))
    assert status.text() == "Unit 35 of 1\u00a0hair · new"


def test_the_menu_offers_verdicts_while_matches_are_reviewed(at_work, press):
    begin(press)
    menu = context_menu(at_work.workspace, Target(1, TargetKind.UNIT, 22), at_work.actions_, at_work)
    assert [action.objectName() for action in menu.actions()[:6]] == [
        "visits.confirm", "visits.break", "visits.relink", "visits.lost", "visits.new", "visits.back",
    ]  # fmt: skip
    menu.actions()[0].trigger()
    assert rulings(at_work) == [Ruling(Level.UNIT, 22, 32)]


def test_after_detection_of_both_visits_they_are_registered_by_themselves(opened, monkeypatch):
    asked = []
    monkeypatch.setattr(opened.desk.registrar, "register_where_detected", lambda images: asked.extend(images))
    opened.desk.detection.finished.emit(Summary((1, 2), ()))
    assert asked == [1, 2]


def test_whether_matches_are_shown_is_remembered(at_work, press):
    press(Qt.Key.Key_M, SHIFT)
    kept = kept_layout(at_work)
    press(Qt.Key.Key_M, SHIFT)
    restore_layout(at_work, kept)
    assert at_work.workspace.display.layers.matches
