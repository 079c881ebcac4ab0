from dataclasses import replace
from types import MappingProxyType

import pytest
from PySide6.QtCore import Qt

from analysis.matching.change import Change, NoChange, Tally, WidthChanges
from analysis.registration.result import Verdict
from tests.ui.three_visits import BASELINE, WEEK_6, WEEK_12, open_three_visits, record_of, register_all
from tests.workstation.small_study import make_image, make_study
from ui.matching.changes import Changes
from ui.matching.matched_pair import MatchedPair, Stage
from ui.matching.matches import Matches
from ui.panels.film_states import film_states, strip_images
from ui.panels.film_strip import FilmStrip
from ui.pictures import PictureStore
from ui.pixels import PixelStore
from ui.workspace import Workspace
from workstation import edits
from workstation.model.hair import Status
from workstation.model.pair import Pair
from workstation.model.study import Visit
from workstation.pairing import PairIds
from workstation.settings import Settings

SHIFT, PLAIN = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton

# --- what it says ----------------------------------------------------------------------------------------------

VISITS = [Visit(1, "S01", "baseline", 0.0), Visit(2, "S01", "week 6", 6.0), Visit(3, "S01", "week 12", 12.0)]
STUDY = make_study((), [make_image(1, 1), make_image(2, 2), make_image(3, 3), make_image(4, 2)], VISITS)
READ = object()


def pair_with(verdict, reason=""):
    def pair_of(ids):
        pair = Pair(1, ids.baseline_image_id, ids.followup_image_id, record_of(1, 2, verdict, reason))
        return MatchedPair(ids, pair, READ, READ)

    return pair_of


def change(kept, lost, new, uncertain=0):
    hairs = Tally(kept, lost, new, uncertain)
    return Change(0.9, 0.1, Tally(40, 3, 5, 0), hairs, WidthChanges(0, 0, 0, 0, 0, 0, 0.0, 15.0))


def plain(text):
    return text.replace("\u00a0", " ")


def states(pair_of, change_of):
    return film_states(STUDY, (1, 2, 3), pair_of, change_of)


def test_each_visit_is_told_against_the_first_and_the_one_before():
    by_pair = {PairIds(1, 2): change(90, 10, 5), PairIds(1, 3): change(80, 20, 25, 2), PairIds(2, 3): change(95, 1, 1)}
    first, second, third = states(pair_with(Verdict.GOOD), by_pair.get)
    assert (first.title, first.first, first.before) == ("baseline", None, None)
    assert (plain(second.first.figure), second.before) == ("−5 %", None)
    assert (third.first.title, plain(third.first.figure)) == ("baseline", "+5 %")
    assert (third.before.title, plain(third.before.figure)) == ("week 6", "0 %")
    assert plain(third.first.sentence) == (
        "Since baseline: registered. +5 hairs in the common field "
        "(25 new hairs, 20 lost, 80 kept, 2 uncertain); units +2."
    )


def test_where_no_change_is_given_the_reason_is():
    why = "The two fields share 31% of the first; a change needs 50%."
    _, second, _ = states(pair_with(Verdict.GOOD), lambda _ids: NoChange(why, 0.31))
    assert second.first.figure == "—"
    assert why in second.first.sentence


def test_a_verdict_that_is_not_good_is_told_with_its_reason():
    _, second, _ = states(pair_with(Verdict.FAILED, "No arrangement fits."), lambda _ids: None)
    assert (second.first.stage, second.first.figure) == (Stage.FAILED, "—")
    assert "No arrangement fits." in second.first.sentence
    _, second, _ = states(pair_with(Verdict.CHECK, "Few units fit."), lambda _ids: change(9, 1, 0))
    assert (second.first.stage, plain(second.first.figure)) == (Stage.CHECK, "−10 %")


def test_visits_that_nobody_registered_are_no_error():
    _, second, _ = states(lambda ids: MatchedPair(ids, None, READ, READ), lambda _ids: None)
    assert (second.first.stage, second.first.figure) == (Stage.UNREGISTERED, "—")
    _, second, _ = states(lambda ids: MatchedPair(ids, None, READ, None), lambda _ids: None)
    assert second.first.stage is Stage.NO_READ


def test_two_visits_need_no_strip_and_an_image_that_is_shown_stands_for_its_visit():
    assert strip_images(STUDY, (1, 4)) == (1, 4, 3)
    assert strip_images(STUDY, (1, 2, 4)) == (1, 2, 3)
    assert strip_images(STUDY, ()) == ()
    two = replace(STUDY, images=MappingProxyType({i: STUDY.images[i] for i in (1, 2, 4)}))
    assert strip_images(two, (1, 2)) == ()


# --- the strip -------------------------------------------------------------------------------------------------


@pytest.fixture
def workspace(tmp_path, qapp):
    with open_three_visits(tmp_path) as session:
        workspace = Workspace(Settings(reader="Ada"))
        workspace.set_session(session, (BASELINE, WEEK_12))
        yield workspace


@pytest.fixture
def strip(workspace, background, show, qtbot):
    pixels = PixelStore(workspace)
    matches = Matches(workspace)
    changes = Changes(workspace, matches)
    strip = show(FilmStrip(workspace, matches, changes, PictureStore(workspace, pixels, background)))
    strip.refresh_now()
    yield strip
    workspace.set_session(None)
    for part in (changes, matches, pixels):
        part.shutdown()


def figures(strip):
    told = [strip.frames[i].state for i in (WEEK_6, WEEK_12)]
    return [(plain(s.first.figure), plain(s.before.figure) if s.before else "") for s in told]


def checked(strip):
    return [i for i, frame in strip.frames.items() if frame.isChecked()]


def test_all_visits_stand_in_it_with_their_changes(strip, qtbot):
    assert [frame.state.title for frame in strip.frames.values()] == ["baseline", "week 6", "week 12"]
    assert checked(strip) == [BASELINE, WEEK_12]
    # two of ten hairs are lost after the first visit; two are new at the last
    qtbot.waitUntil(lambda: figures(strip) == [("−20 %", ""), ("0 %", "+25 %")])
    assert "Since week 6: registered. +2 hairs in the common field" in plain(strip.frames[WEEK_12].toolTip())


def test_it_follows_edits(strip, workspace, qtbot):
    qtbot.waitUntil(lambda: figures(strip)[0][0] == "−20 %")
    workspace.commit(WEEK_6, lambda read: edits.set_status(read, [1100, 1101], Status.REJECTED))
    qtbot.waitUntil(lambda: figures(strip) == [("−40 %", ""), ("0 %", "+67 %")])
    workspace.undo()
    qtbot.waitUntil(lambda: figures(strip) == [("−20 %", ""), ("0 %", "+25 %")])


def test_it_shows_a_thumbnail_of_every_visit(strip, qtbot):
    qtbot.waitUntil(lambda: all(frame.has_picture for frame in strip.frames.values()))
    strip.grab()


def test_a_click_shows_a_visit_beside_the_first(strip, workspace, qtbot):
    qtbot.mouseClick(strip.frames[WEEK_6], LEFT)
    assert (workspace.shown, workspace.active) == ((BASELINE, WEEK_6), WEEK_6)
    strip.refresh_now()
    assert checked(strip) == [BASELINE, WEEK_6]
    qtbot.mouseClick(strip.frames[BASELINE], LEFT)
    assert workspace.shown == (BASELINE,)


@pytest.mark.parametrize("how", ["button", "shift", "key"])
def test_a_second_control_shows_it_beside_the_visit_before(strip, workspace, qtbot, how):
    frame = strip.frames[WEEK_12]
    match how:
        case "button":
            qtbot.mouseClick(frame.before, LEFT)
        case "shift":
            qtbot.mouseClick(frame, LEFT, SHIFT)
        case _:
            qtbot.keyClick(frame, Qt.Key.Key_Return, SHIFT)
    assert (workspace.shown, workspace.active) == ((WEEK_6, WEEK_12), WEEK_12)


def test_the_second_visit_has_no_other_before_it_than_the_first(strip):
    assert [strip.frames[i].before.isHidden() for i in (BASELINE, WEEK_6, WEEK_12)] == [True, True, False]


def test_arrows_go_through_it_and_enter_shows(strip, workspace, qtbot):
    strip.activateWindow()
    strip.frames[BASELINE].setFocus()
    qtbot.waitUntil(strip.frames[BASELINE].hasFocus)
    qtbot.keyClick(strip.frames[BASELINE], Qt.Key.Key_Left)
    assert strip.frames[BASELINE].hasFocus()
    qtbot.keyClick(strip.frames[BASELINE], Qt.Key.Key_Right)
    assert strip.frames[WEEK_6].hasFocus()
    qtbot.keyClick(strip.frames[WEEK_6], Qt.Key.Key_Return)
    assert workspace.shown == (BASELINE, WEEK_6)
    assert strip.frames[WEEK_6].hasFocus()


def test_steps_go_through_the_visits_and_stop_at_the_ends(strip, workspace):
    strip.step(1)
    assert workspace.shown == (BASELINE, WEEK_12)
    strip.step(-1)
    assert (workspace.shown, workspace.active) == ((BASELINE, WEEK_6), WEEK_6)
    strip.step(-1)
    assert workspace.shown == (BASELINE, WEEK_6)
    strip.step(1)
    assert workspace.shown == (BASELINE, WEEK_12)


def test_it_can_be_folded_away(strip, workspace):
    strip.set_wanted(False)
    assert strip.isHidden()
    workspace.set_shown((WEEK_6,))
    assert strip.isHidden()
    strip.set_wanted(True)
    assert not strip.isHidden()


def test_another_registration_is_told(strip, workspace, qtbot):
    qtbot.waitUntil(lambda: strip.frames[WEEK_6].state.first.stage is Stage.GOOD)
    register_all(workspace.session, Verdict.CHECK)
    qtbot.waitUntil(lambda: strip.frames[WEEK_6].state.first.stage is Stage.CHECK)
