import math
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from analysis.matching.change import Change, NoChange, Tally, WidthChanges
from analysis.registration.result import Verdict
from tests.ui.matching.two_visits import register_by_hand, registration
from ui.matching.changes import Changes
from ui.matching.matched_pair import MatchedPair
from ui.panels.change_figures import change_figures
from ui.panels.change_panel import ChangePanel
from ui.panels.endpoints_panel import EndpointsPanel
from workstation import edits
from workstation.changes import PairChange
from workstation.edits import set_change_rules
from workstation.pairing import PairIds

NBSP = "\u00a0"


@pytest.fixture
def changes(workspace, matches):
    changes = Changes(workspace, matches)
    yield changes
    changes.shutdown()


@pytest.fixture
def panel(workspace, matched, changes, show, qtbot):
    panel = show(ChangePanel(workspace, matched, changes))
    with qtbot.waitSignal(changes.changed):
        pass
    panel.refresh_now()
    return panel


def said(panel, name):
    return panel.findChild(QLabel, name).text()


WIDTHS = WidthChanges(
    thickened=12, thinned=1, became_terminal=3, became_vellus=0, n_known=180, n_unknown=0, mean_um=2.14, error_um=15.0
)


def counts(**more):
    usual = {
        "overlap": 0.874,
        "area_cm2": 0.456,
        "units": Tally(100, 3, 9, 2),
        "hairs": Tally(180, 10, 20, 4),
        "widths": WIDTHS,
    }
    return Change(**{**usual, **more})


def figures(found, own=None, common=None):
    pair = MatchedPair(PairIds(1, 2), None, None, None)
    return change_figures(pair, PairChange(None, None, None, found, own or {}, common or {}))


def test_the_split_its_net_and_how_far_widths_must_change():
    found = figures(counts(), {"hair_density_per_cm2": 21.04}, {"hair_density_per_cm2": -3.0})
    assert found.about == f"87{NBSP}% of the field seen at both visits; 0.46{NBSP}cm² compared, hair by hair"
    units, hairs = found.tallies
    assert (units.what, units.counts, units.net) == ("Units", ("100", "3", "9", "2"), f"+6{NBSP}(+6{NBSP}%)")
    assert (hairs.what, hairs.counts, hairs.net) == ("Hairs", ("180", "10", "20", "4"), f"+10{NBSP}(+5{NBSP}%)")
    assert found.widths == (
        ("Thickened", f"12{NBSP}hairs, 3 became terminal"),
        ("Thinned", f"1{NBSP}hair, 0 became vellus"),
        ("Kept hairs", f"+2.1{NBSP}µm on average"),
    )
    assert found.limit == f"Widths count as changed beyond ±15{NBSP}µm, the measurement error."
    assert (found.endpoints[0].label, found.endpoints[0].own, found.endpoints[0].common) == ("Hairs", "+21.0", "−3.0")
    assert found.endpoints[1].own == "—"


def test_what_is_not_known_is_left_out_in_words():
    found = figures(counts(widths=replace(WIDTHS, n_unknown=2, mean_um=math.nan), units=Tally(0, 0, 2, 0)))
    assert found.widths[2:] == (
        ("Kept hairs", "— no width is known at both visits"),
        ("Left out", f"2{NBSP}hairs without a width at both visits"),
    )
    assert found.tallies[0].net == "+2"


def test_below_the_least_overlap_there_is_no_figure_but_the_reason():
    found = figures(NoChange("The two fields share 34% of the first; a change needs 50%.", 0.34))
    assert found.about == (
        "No change is given. The two fields share 34% of the first; a change needs 50%. "
        "Settings ▸ Measuring sets the least overlap."
    )
    assert (found.tallies, found.widths, found.endpoints) == ((), (), ())


def test_without_a_pair_it_says_what_to_do():
    assert change_figures(None, None).about == "Show two visits of one area side by side."


def test_the_panel_shows_the_pair_that_is_looked_at(panel):
    assert said(panel, "change_title") == "baseline → week 12"
    assert [panel.tallies.text(0, column) for column in range(1, 6)] == ["Kept", "Lost", "New", "Uncertain", "Net"]
    assert panel.tallies.text(1, 0) == "Units"
    kept, lost, new, uncertain = (int(panel.tallies.text(1, column)) for column in range(1, 5))
    assert (kept, lost, new, uncertain) == (4, 1, 1, 1)
    assert panel.endpoints.text(1, 0) == "Hairs  1/cm²"


def test_it_copies_for_a_spreadsheet(panel, qtbot):
    qtbot.mouseClick(panel.copy, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "\tkept\tlost\tnew\tuncertain\tnet"
    assert lines[1] == "units\t4\t1\t1\t1\t0"
    assert "endpoint\tunit\town fields\tcommon field" in lines


def test_it_follows_the_rules_of_the_study(panel, workspace, changes, qtbot):
    with qtbot.waitSignal(changes.changed):
        workspace.commit_study(lambda study: set_change_rules(study, 0.995, 15.0))
    qtbot.waitUntil(lambda: (panel.refresh_now(), said(panel, "change_about").startswith("No change is given."))[1])
    assert not panel.tallies.isVisible()
    workspace.undo()
    qtbot.waitUntil(lambda: (panel.refresh_now(), panel.tallies.isVisible())[1])


def test_images_that_are_not_registered_say_so(workspace, matches, changes, show):
    panel = show(ChangePanel(workspace, matches, changes))
    assert said(panel, "change_about") == "These two images are not registered yet."
    register_by_hand(workspace, registration(Verdict.FAILED, "few units are shared"))
    panel.refresh_now()
    assert said(panel, "change_about").startswith("Few units are shared.")


def test_the_endpoints_hold_their_change_back_too(workspace, matched, changes, show, qtbot):
    panel = show(EndpointsPanel(workspace, changes))
    qtbot.waitUntil(lambda: changes.change(matched.current.ids) is not None)
    panel.refresh_now()
    assert panel.model.table.columns[-1].text(0) == "−6.5"
    workspace.commit_study(lambda study: set_change_rules(study, 0.995, 15.0))
    qtbot.waitUntil(lambda: (panel.refresh_now(), panel.model.table.columns[-1].text(0) == "—")[1])
    (reason,) = set(panel.model.table.columns[-1].reasons)
    assert reason.endswith("a change is given from 99.5 % on")
    assert said(panel, "endpoints_notes").startswith("No change is given. 97.5 % of the first field")


def test_a_marked_edit_stays_marked_when_it_is_matched_anew(workspace, matched, changes, show, qtbot):
    panel = show(EndpointsPanel(workspace, changes))
    workspace.commit(2, lambda read: edits.delete_hairs(read, [1]))
    panel.refresh_now()
    assert panel.model.marked
    qtbot.waitUntil(lambda: not matched.current.pending)
    panel.refresh_now()
    assert panel.model.marked
