import pytest
from PySide6.QtCore import QPoint, Qt

from tests.ui.three_visits import (
    BASELINE,
    LOST_UNIT,
    NEW_AT,
    NEW_UNIT,
    WEEK_6,
    WEEK_12,
    open_three_visits,
    place_of,
)
from ui.matching.matches import Matches
from ui.panels.selection_panel import SelectionPanel
from ui.panels.unit_history import UnitHistoryPanel
from ui.pictures import PictureStore
from ui.pixels import PixelStore
from ui.workspace import Workspace
from workstation import edits
from workstation.entry import Selection
from workstation.model.hair import Status
from workstation.settings import Settings
from workstation.unit_history import Presence

SEEN, LOST, NOT_YET, UNKNOWN = Presence.SEEN, Presence.LOST, Presence.NOT_YET, Presence.UNKNOWN
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def registered():
    return True


@pytest.fixture
def workspace(tmp_path, qapp, registered):
    with open_three_visits(tmp_path, registered=registered) as session:
        workspace = Workspace(Settings(reader="Ada"))
        workspace.set_session(session, (BASELINE, WEEK_12))
        yield workspace


@pytest.fixture
def panel(workspace, background, show):
    pixels, matches = PixelStore(workspace), Matches(workspace)
    history = UnitHistoryPanel(workspace, matches, PictureStore(workspace, pixels, background))
    history.selection_panel = show(SelectionPanel(workspace, history))
    yield history
    workspace.set_session(None)
    matches.shutdown()
    pixels.shutdown()


def select(workspace, image_id, *unit_ids, hairs=()):
    workspace.select(Selection(workspace.read(image_id).id, frozenset(hairs), frozenset(unit_ids)))


def told(panel):
    panel.refresh_now()
    return [(c.title, c.presence, c.unit_id, c.n_hairs) for c in panel.columns.columns]


def click(panel, qtbot, place):
    width = panel.columns._column_px()
    qtbot.mouseClick(panel.columns, LEFT, pos=QPoint(round((place + 0.5) * width), 40))


def test_a_unit_is_told_of_at_every_visit(workspace, panel, qtbot):
    select(workspace, BASELINE, 10)
    wanted = [("baseline", SEEN, 10, 2), ("week 6", SEEN, 11, 2), ("week 12", SEEN, 12, 2)]
    qtbot.waitUntil(lambda: told(panel) == wanted)
    # each hair is 7, 8 and 9 px wide, at 10 µm/px
    assert [column.sum_width_um for column in panel.columns.columns] == [140.0, 160.0, 180.0]
    assert panel.title == "Unit 10 over time: found at 3 of 3 visits"
    assert panel.columns.accessibleDescription().splitlines()[1] == (
        "week 6: unit 11, 2\u00a0hairs, 160\u00a0µm in all"
    )


def test_a_lost_unit_and_a_new_one(workspace, panel, qtbot):
    select(workspace, BASELINE, LOST_UNIT)
    wanted = [("baseline", SEEN, LOST_UNIT, 2), ("week 6", LOST, None, 0), ("week 12", LOST, None, 0)]
    qtbot.waitUntil(lambda: told(panel) == wanted)
    select(workspace, WEEK_12, NEW_UNIT)
    wanted = [("baseline", NOT_YET, None, 0), ("week 6", NOT_YET, None, 0), ("week 12", SEEN, NEW_UNIT, 2)]
    qtbot.waitUntil(lambda: told(panel) == wanted)
    assert [column.appeared for column in panel.columns.columns] == [False, False, True]
    assert panel.history.visits[0].spot.at_px == pytest.approx(NEW_AT)
    assert panel.columns.accessibleDescription().endswith("week 12: unit 62, new, 2\u00a0hairs, 180\u00a0µm in all")


@pytest.mark.parametrize("registered", [False])
def test_without_registration_only_its_own_visit_is_known(workspace, panel):
    select(workspace, BASELINE, 10)
    assert told(panel) == [("baseline", SEEN, 10, 2), ("week 6", UNKNOWN, None, None), ("week 12", UNKNOWN, None, None)]
    panel.grab()


def test_hairs_of_one_unit_mean_the_unit_and_of_two_nothing(workspace, panel, qtbot):
    select(workspace, BASELINE, hairs=(1000, 1001))
    assert not panel.isHidden()
    assert told(panel)[0] == ("baseline", SEEN, 10, 2)
    select(workspace, BASELINE, hairs=(1000, 2000))
    assert panel.isHidden()
    workspace.select(Selection())
    assert panel.isHidden()


def test_it_follows_edits_and_undo(workspace, panel, qtbot):
    select(workspace, BASELINE, 10)
    qtbot.waitUntil(lambda: told(panel)[1] == ("week 6", SEEN, 11, 2))
    workspace.commit(WEEK_6, lambda read: edits.set_status(read, [1100], Status.REJECTED))
    select(workspace, BASELINE, 10)
    qtbot.waitUntil(lambda: told(panel)[1] == ("week 6", SEEN, 11, 1))
    workspace.commit(WEEK_6, lambda read: edits.set_status(read, [1101], Status.REJECTED))
    select(workspace, BASELINE, 10)
    qtbot.waitUntil(lambda: told(panel)[1] == ("week 6", LOST, None, 0))
    for _ in range(2):
        workspace.undo()
    select(workspace, BASELINE, 10)
    qtbot.waitUntil(lambda: told(panel)[1] == ("week 6", SEEN, 11, 2))


def test_crops_show_the_skin_at_each_visit(workspace, panel, qtbot):
    select(workspace, BASELINE, 20)
    told(panel)
    qtbot.waitUntil(lambda: len(panel.columns._pictures) == 3)
    sides = {picture.width() for picture in panel.columns._pictures.values()}
    assert sides == {round(panel.columns.crop_px * panel.devicePixelRatioF())}
    panel.grab()


def test_a_click_on_a_visit_shows_the_unit_there(workspace, panel, qtbot):
    revealed = []
    workspace.reveal_asked.connect(revealed.append)
    select(workspace, BASELINE, 10)
    qtbot.waitUntil(lambda: told(panel)[1][1] is SEEN)
    click(panel, qtbot, 1)
    assert (workspace.shown, workspace.active) == ((BASELINE, WEEK_6), WEEK_6)
    assert workspace.selection == Selection(2, frozenset(), frozenset({11}))
    (x0, y0), (x1, y1) = revealed[-1].points_px
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx(place_of((60, 60), WEEK_6))


def test_a_click_where_it_is_lost_shows_where_it_was(workspace, panel, qtbot):
    revealed = []
    workspace.reveal_asked.connect(revealed.append)
    select(workspace, BASELINE, LOST_UNIT)
    qtbot.waitUntil(lambda: told(panel)[2][1] is LOST)
    click(panel, qtbot, 2)
    assert (workspace.shown, workspace.active) == ((BASELINE, WEEK_12), WEEK_12)
    assert workspace.selection == Selection(1, frozenset(), frozenset({LOST_UNIT}))
    (x0, y0), (x1, y1) = revealed[-1].points_px
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx(place_of((140, 150), WEEK_12))


def test_keys_choose_a_visit(workspace, panel, qtbot):
    select(workspace, BASELINE, 10)
    qtbot.waitUntil(lambda: told(panel)[2][1] is SEEN)
    for _ in range(3):  # it stops at the last one
        qtbot.keyClick(panel.columns, Qt.Key.Key_Right)
    assert panel.columns.accessibleName().startswith("History of the unit, week 12: unit 12")
    qtbot.keyClick(panel.columns, Qt.Key.Key_Left)
    qtbot.keyClick(panel.columns, Qt.Key.Key_Return)
    assert workspace.selection == Selection(2, frozenset(), frozenset({11}))


def test_many_visits_are_scrolled(workspace, panel, qtbot):
    select(workspace, BASELINE, 10)
    qtbot.waitUntil(lambda: told(panel)[2][1] is SEEN)
    one = panel.columns.columns[0]
    panel.columns.show_columns([one] * 12)
    panel._fit()
    assert panel.columns.minimumWidth() == 12 * 54
    assert panel.columns.crop_px == 48
    panel.grab()
