import threading
from types import MappingProxyType

import numpy as np
import pytest
from PySide6.QtCore import Qt

import ui.matching.registrar as registrar_module
from analysis.registration.result import Registration, Verdict
from analysis.registration.warp import Warp
from tests.ui.small_session import HEIGHT_PX, WIDTH_PX
from ui.matching.registrar import Registrar
from ui.tools.landmark_marks import marks_of, pairs_among
from ui.tools.tool import Pointer
from workstation.edits import add_registration
from workstation.model.pair import Landmark, Pair, RegistrationRecord
from workstation.pairing import PairIds, pair_between

IDS = PairIds(1, 2)


def record(n_landmarks, shift_px=(10.0, 5.0), verdict=Verdict.GOOD, residual_um=20.0):
    warp = None if verdict is Verdict.FAILED else Warp(np.column_stack([np.eye(2), shift_px]))
    result = Registration(warp, verdict, "Too few units fit.", residual_um, 40, 0.9, 0.05)
    return RegistrationRecord(result, 3, 2, n_landmarks, "0.1.0", "2026-01-02T03:04:05Z")


@pytest.fixture
def bench(bench, qtbot):
    """Both images side by side, each at the scale that hands expect."""
    for view, at in ((bench.comparison.view_of(1), (100, 80)), (bench.comparison.view_of(2), (100, 80))):
        view.set_viewport(view.viewport.scaled_to(4.0).centred_on(at))
    bench.comparison.set_linked(False)
    go_to(bench, 1)
    bench.take("landmarks")
    return bench


def go_to(bench, image_id):
    view = bench.comparison.view_of(image_id)
    view.set_viewport(view.viewport.scaled_to(4.0).centred_on((100, 80)))
    view.setFocus()
    bench.qtbot.waitUntil(view.hasFocus)
    assert bench.workspace.active == image_id


def pair(bench):
    return pair_between(bench.workspace.study, 1, 2)


def ends(bench):
    return [(m.baseline_px, m.followup_px) for _, m in sorted(pair(bench).landmarks.items())]


def place(bench, hand, first, second, images=(1, 2)):
    for image_id, at in zip(images, (first, second), strict=True):
        go_to(bench, image_id)
        hand.click(*at)


def test_a_place_clicked_in_both_images_is_a_landmark(bench, hand):
    go_to(bench, 1)
    hand.click(90, 70)
    assert bench.tool.busy
    assert pair(bench) is None
    assert bench.tool.hint == "Now the same place in week 12 · Esc: discard"
    go_to(bench, 2)
    hand.click(110, 85)
    assert ends(bench) == [((90.0, 70.0), (110.0, 85.0))]
    assert not bench.tool.busy
    bench.workspace.undo()
    assert ends(bench) == []
    bench.workspace.redo()
    assert ends(bench) == [((90.0, 70.0), (110.0, 85.0))]


def test_it_may_begin_in_the_later_image(bench, hand):
    place(bench, hand, (110, 85), (90, 70), images=(2, 1))
    assert ends(bench) == [((90.0, 70.0), (110.0, 85.0))]


def test_a_second_click_in_the_same_image_moves_the_place(bench, hand):
    go_to(bench, 1)
    hand.click(90, 70)
    hand.click(95, 75)
    assert bench.tool.begun.at_px == (95.0, 75.0)
    assert bench.n_edits() == 0


def test_escape_discards_the_first_end(bench, hand):
    go_to(bench, 1)
    hand.click(90, 70)
    bench.key(Qt.Key.Key_Escape)
    assert not bench.tool.busy
    go_to(bench, 2)
    hand.click(110, 85)
    assert pair(bench) is None  # that was a first end again


def test_an_end_is_dragged(bench, hand):
    place(bench, hand, (90, 70), (110, 85))
    hand.grab(110, 85)
    hand.drop(116, 90)
    assert ends(bench) == [((90.0, 70.0), (116.0, 90.0))]
    go_to(bench, 1)
    hand.grab(90, 70)
    hand.drop(80, 66)
    assert ends(bench) == [((80.0, 66.0), (116.0, 90.0))]
    for _ in range(2):
        bench.workspace.undo()
    assert ends(bench) == [((90.0, 70.0), (110.0, 85.0))]


def test_delete_takes_the_landmark_out_in_both_images(bench, hand):
    place(bench, hand, (90, 70), (110, 85))
    hand.move(110, 85)
    assert bench.tools.remove()
    assert ends(bench) == []
    assert not bench.tools.remove()
    bench.workspace.undo()
    assert ends(bench) == [((90.0, 70.0), (110.0, 85.0))]


def test_arrows_move_the_landmark_that_was_clicked_in_one_edit(bench, mouse, qtbot):
    place(bench, mouse, (90, 70), (110, 85))
    mouse.click(110, 85)
    before = bench.n_edits()
    for _ in range(4):
        bench.key(Qt.Key.Key_Right)
    assert ends(bench) == [((90.0, 70.0), (110.0, 85.0))]
    assert bench.tool.marks(2)[0].at_px == (111.0, 85.0)  # a quarter of a pixel a step at this scale
    assert bench.tool.waits
    qtbot.waitUntil(lambda: ends(bench) == [((90.0, 70.0), (111.0, 85.0))])
    assert bench.n_edits() == before + 1
    assert not bench.tool.waits


def test_a_landmark_that_is_undone_while_arrows_move_it_is_gone(bench, mouse, qtbot, told):
    place(bench, mouse, (90, 70), (110, 85))
    mouse.click(110, 85)
    bench.key(Qt.Key.Key_Right)
    bench.workspace.undo()
    assert not bench.tool.waits
    told.clear()
    bench.tool._nudges_end.timeout.emit()
    assert (ends(bench), told) == ([], [])


def test_arrows_take_nothing_along_that_was_not_clicked(bench, keys):
    place(bench, keys, (90, 70), (110, 85))
    bench.tool._current = None
    go_to(bench, 1)
    keys.move(89, 70)
    for _ in range(4):  # over the landmark and on
        bench.key(Qt.Key.Key_Right)
    assert bench.view._hand.crosshair == (93.0, 70.0)
    assert not bench.tool.waits


def test_arrows_set_the_first_end_right_and_in_the_other_image_move_the_crosshair(bench, keys):
    go_to(bench, 1)
    keys.click(90, 70)
    bench.key(Qt.Key.Key_Right)
    assert bench.tool.begun.at_px == (90.25, 70.0)
    go_to(bench, 2)
    keys.move(110, 85)
    bench.key(Qt.Key.Key_Right)
    assert bench.tool.begun.at_px == (90.25, 70.0)
    bench.key(Qt.Key.Key_Return)
    assert ends(bench) == [((90.25, 70.0), (111.0, 85.0))]


def test_brackets_go_from_one_landmark_to_the_next(bench, mouse):
    place(bench, mouse, (90, 70), (110, 85))
    place(bench, mouse, (120, 70), (140, 85))
    go_to(bench, 1)
    mouse.move(60, 40)
    held = []
    for _ in range(3):
        bench.key(Qt.Key.Key_BracketRight)
        held.append(bench.tool._held().number)
    bench.key(Qt.Key.Key_BracketLeft)
    assert [*held, bench.tool._held().number] == [1, 2, 1, 2]


def test_nothing_is_placed_outside_an_image(bench):
    bench.tool.take_place(1, (90.0, 70.0))
    beyond = Pointer(2, (-40.0, 500.0), 3.5)
    bench.tool.press(beyond)
    bench.tool.release(beyond)
    assert ends(bench) == [((90.0, 70.0), (-0.5, HEIGHT_PX - 0.5))]


def test_one_image_alone_has_no_landmarks(bench, mouse, told):
    bench.look_at(1, 100, 80)
    bench.tool.take_place(1, (90.0, 70.0))
    bench.tool.cancel()
    mouse.click(90, 70)
    assert not bench.tool.busy
    assert told[-1] == "Landmarks need two visits of one area side by side."
    assert "two visits" in bench.tool.hint


def test_with_other_images_shown_nothing_is_begun_any_more(bench, mouse):
    mouse.click(90, 70)
    assert bench.tool.busy
    bench.workspace.set_shown((2, 1))
    assert not bench.tool.busy


def test_a_step_that_was_not_committed_is_not_lost_when_another_tool_is_taken(bench, mouse):
    place(bench, mouse, (90, 70), (110, 85))
    mouse.click(110, 85)
    bench.key(Qt.Key.Key_Down)
    bench.take("select")
    assert ends(bench) == [((90.0, 70.0), (110.0, 85.25))]


def test_pairs_are_of_one_area_and_two_visits(bench):
    assert pairs_among(bench.workspace.study, (2, 1)) == (IDS,)
    assert pairs_among(bench.workspace.study, (1,)) == ()


def test_whatever_the_hand_does_all_is_undone(bench):
    tool, random = bench.tool, np.random.default_rng(3)
    places = [(60, 60), (63, 60), (140, 60), (220, 150), (400, -20)]
    for _ in range(300):
        at = places[random.integers(len(places))]
        image_id = int(random.integers(1, 3))
        pointer = Pointer(image_id, (float(at[0]), float(at[1])), 3.5, by_key=bool(random.random() < 0.3))
        bench.workspace.set_active(image_id)
        match int(random.integers(9)):
            case 0 | 1 | 2:
                tool.press(pointer)
                tool.release(pointer)
            case 3:
                tool.press(pointer)
            case 4:
                tool.move(pointer)
                tool._update()
            case 5:
                tool.release(pointer)
            case 6:
                tool.nudge(0.5, -0.5)
            case 7:
                tool.resize(random.choice([0.8, 1.25]))
            case _:
                (tool.cancel, tool.remove, tool.finish)[int(random.integers(3))]()
        assert tool.hint
        bench.comparison.view_of(image_id).repaint()
    tool.deactivate()
    assert not tool.busy
    made = bench.n_edits()
    assert made > 20
    for landmark in pair(bench).landmarks.values():
        for x, y in (landmark.baseline_px, landmark.followup_px):
            assert -0.5 <= x <= WIDTH_PX - 0.5
            assert -0.5 <= y <= HEIGHT_PX - 0.5
    for _ in range(made):
        bench.workspace.undo()
    assert ends(bench) == []


# --- with registration -----------------------------------------------------------------------------------------


@pytest.fixture
def finds(monkeypatch):
    """Registering gives a shift that depends on the number of landmarks, once it may go on."""
    go_on = threading.Event()
    go_on.set()

    def register_pair(study, ids, report):
        assert go_on.wait(10)
        n = len(pair_between(study, 1, 2).landmarks)
        return record(n, shift_px=(10.0 + n, 5.0), residual_um=20.0 + n)

    monkeypatch.setattr(registrar_module, "register_pair", register_pair)
    return go_on


@pytest.fixture
def registered(bench, finds):
    """Both images registered, and anew with each landmark."""
    registrar = Registrar(bench.workspace)
    bench.workspace.commit_study(lambda study: add_registration(study, 1, 2, record(0)))
    bench.tool.use(registrar)
    bench.registrar = registrar
    yield bench
    finds.set()
    registrar.shutdown()


def shift(bench):
    return float(pair(bench).registration.result.warp.affine[0, 2])


def settle(bench):
    bench.qtbot.waitUntil(lambda: not bench.registrar.running)


def test_a_landmark_and_its_registration_are_one_edit(registered, hand):
    before = registered.n_edits()
    place(registered, hand, (90, 70), (110, 85))
    settle(registered)
    assert (len(ends(registered)), shift(registered), registered.n_edits()) == (1, 11.0, before + 1)
    registered.workspace.undo()
    assert (len(ends(registered)), shift(registered)) == (0, 10.0)
    registered.workspace.redo()
    assert (len(ends(registered)), shift(registered)) == (1, 11.0)


def test_a_landmark_is_seen_while_its_registration_is_on_the_way(registered, mouse, finds):
    finds.clear()
    place(registered, mouse, (90, 70), (110, 85))
    place(registered, mouse, (60, 70), (75, 80))
    assert ends(registered) == []
    assert [mark.number for mark in registered.tool.marks(2)] == [1, 2]
    assert registered.tool.hint.startswith("Registering … · ")
    finds.set()
    settle(registered)
    assert (len(ends(registered)), shift(registered)) == (2, 12.0)
    assert registered.tool.hint.startswith("Good: 22 µm apart, 2 landmarks · ")


def test_a_landmark_that_is_undone_meanwhile_leaves_nothing_behind(registered, mouse, finds):
    place(registered, mouse, (90, 70), (110, 85))
    settle(registered)
    finds.clear()
    place(registered, mouse, (60, 70), (75, 80))
    registered.workspace.undo()  # the first one
    assert ends(registered) == []
    finds.set()
    settle(registered)
    assert ends(registered) == [((60.0, 70.0), (75.0, 80.0))]
    assert (shift(registered), pair(registered).registration.n_landmarks) == (11.0, 1)


def test_what_the_fit_leaves_open_stands_beside_each_landmark(registered, mouse):
    place(registered, mouse, (90, 70), (110, 75))
    settle(registered)
    (mark,) = registered.tool.marks(2)
    assert mark.fitted_px == (101.0, 75.0)
    assert registered.tool._text(mark) == "1 · 90 µm"
    assert registered.tool._text(registered.tool.marks(1)[0]) == "1"


def test_about_where_the_partner_lies_is_shown(registered, mouse):
    mouse.click(90, 70)
    assert registered.tool._expected(registered.tool.begun, 2) == (100.0, 75.0)
    registered.comparison.view_of(2).grab()
    registered.comparison.view_of(1).grab()


def test_a_failed_registration_says_so_in_the_hint(registered):
    failed = record(0, verdict=Verdict.FAILED)
    registered.workspace.commit_study(lambda study: add_registration(study, 1, 2, failed))
    assert registered.tool.hint.startswith("Failed: too few units fit · ")


def test_landmarks_of_several_pairs_have_numbers_of_their_own():
    one = Pair(1, 1, 2, landmarks=MappingProxyType({3: Landmark(3, 1, (1.0, 2.0), (3.0, 4.0))}))
    other = Pair(2, 1, 3, landmarks=MappingProxyType({1: Landmark(1, 2, (5.0, 6.0), (7.0, 8.0))}))
    marks = list(marks_of([(IDS, one), (PairIds(2, 3), None), (PairIds(1, 3), other)]))
    assert [(mark.number, mark.image_id, mark.at_px) for mark in marks] == [
        (1, 1, (1.0, 2.0)),
        (1, 2, (3.0, 4.0)),
        (2, 1, (5.0, 6.0)),
        (2, 3, (7.0, 8.0)),
    ]
