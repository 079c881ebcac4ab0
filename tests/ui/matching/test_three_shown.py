"""Three visits side by side: which pair is reviewed, and what each image shows."""

import pytest
from PySide6.QtWidgets import QLabel

from analysis.matching.match import Status
from tests.ui.three_visits import BASELINE, LOST_UNIT, NEW_UNIT, WEEK_6, WEEK_12, open_three_visits
from ui.keys import Context
from ui.matching.match_review import MatchReview
from ui.matching.overlay import MatchOverlay
from ui.matching.registrar import Registrar
from ui.panels.match_review_panel import MatchReviewPanel
from ui.pixels import PixelStore
from ui.tools import TOOLS
from ui.tools.host import ToolHost
from ui.view.comparison import ComparisonView
from ui.workspace import Workspace
from workstation.entry import Selection
from workstation.pairing import PairIds
from workstation.settings import Settings


@pytest.fixture
def workspace(qapp, tmp_path):
    with open_three_visits(tmp_path) as session:
        workspace = Workspace(Settings(reader="Ada"))
        workspace.set_session(session, (BASELINE, WEEK_6, WEEK_12))
        yield workspace


def matched(matches, qtbot):
    qtbot.waitUntil(lambda: all(matches.pair(ids).matching is not None for ids in matches.shown))
    return matches


def test_each_later_visit_is_a_pair_with_the_first_and_with_the_one_before(matches):
    assert matches.shown == (PairIds(1, 2), PairIds(1, 3), PairIds(2, 3))


def test_the_active_image_says_which_pair_is_reviewed(workspace, matches, qtbot):
    seen = []
    for active in (BASELINE, WEEK_12, BASELINE, WEEK_6, WEEK_12):
        workspace.set_active(active)
        seen.append(matches.current.ids)
    # at the first visit the pair stays the one that it was
    assert seen == [PairIds(1, 2), PairIds(1, 3), PairIds(1, 3), PairIds(1, 2), PairIds(1, 3)]


def test_the_panel_says_which_pair_it_is(workspace, matches, qtbot):
    registrar = Registrar(workspace)
    panel = MatchReviewPanel(workspace, MatchReview(workspace, matches), registrar)
    qtbot.addWidget(panel)
    panel.show()
    workspace.set_active(WEEK_12)
    panel.refresh_now()
    assert panel.findChild(QLabel, "pair_state").text() == "Registered: baseline → week 12"
    workspace.set_shown((WEEK_6, WEEK_12))
    panel.refresh_now()
    assert panel.findChild(QLabel, "pair_state").text() == "Registered"
    registrar.shutdown()


def test_a_unit_has_one_number_in_all_images(workspace, matches, background, qtbot):
    pixels = PixelStore(workspace)
    comparison = ComparisonView(workspace, pixels, ToolHost(workspace, pixels, TOOLS), background)
    qtbot.addWidget(comparison)
    MatchOverlay(workspace, matched(matches, qtbot), comparison)
    workspace.set_reviewing(Context.MATCHES)
    workspace.set_active(WEEK_12)
    numbers = [
        {unit: mark.number for unit, mark in comparison.view_of(image_id).matches.marks.items()}
        for image_id in (BASELINE, WEEK_6, WEEK_12)
    ]
    assert (numbers[0][20], numbers[1][21], numbers[2][22]) == (20, 20, 20)
    marks = [comparison.view_of(image_id).matches.marks for image_id in (BASELINE, WEEK_12)]
    assert (marks[0][LOST_UNIT].status, marks[1][NEW_UNIT].status) == (Status.LOST, Status.NEW)
    # partners stand out in every image
    workspace.select(Selection(WEEK_6, frozenset(), frozenset({21})))
    assert comparison.view_of(BASELINE).matches.partners.units == {20}
    assert comparison.view_of(WEEK_12).matches.partners.units == {22}
    pixels.shutdown()
