import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from analysis.matching.match import Level, Ruling
from analysis.registration.result import Verdict
from tests.ui.matching.two_visits import IDS, register_by_hand, registration
from ui.adjudication.panel import AdjudicationPanel
from ui.adjudication.review import AdjudicationReview
from ui.keys import Context
from ui.matching.match_review import MatchReview
from ui.matching.registrar import Registrar
from ui.panels.match_review_panel import MatchReviewPanel
from ui.panels.review_panel import ReviewPanel
from ui.panels.review_switch import ReviewSwitch
from workstation.match_review import Reason

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def registrar(workspace):
    registrar = Registrar(workspace)
    yield registrar
    registrar.shutdown()


@pytest.fixture
def unmatched(workspace, matches, registrar, show):
    """The panel of two visits that are not registered."""
    return show(MatchReviewPanel(workspace, MatchReview(workspace, matches), registrar))


@pytest.fixture
def panel(workspace, review, registrar, show):
    return show(MatchReviewPanel(workspace, review, registrar))


def said(panel, name):
    return panel.findChild(QLabel, name).text()


def press(panel, qtbot, button):
    qtbot.mouseClick(button, LEFT)
    panel.refresh_now()


def test_what_is_not_registered_can_be(unmatched, registrar, qtbot, monkeypatch):
    assert said(unmatched, "pair_state") == "Not registered yet"
    assert said(unmatched, "pair_why") == "These two images are not registered yet."
    assert unmatched.register.text() == "Register  Ctrl+R"
    assert not unmatched.ring.isVisible()
    asked = []
    monkeypatch.setattr(registrar, "register", asked.append)
    qtbot.mouseClick(unmatched.register, LEFT)
    assert asked == [[IDS]]


def test_while_it_registers_it_says_so(unmatched, registrar, monkeypatch):
    monkeypatch.setattr(registrar, "registers", lambda ids: ids == IDS)
    registrar.changed.emit()
    unmatched.refresh_now()
    assert (said(unmatched, "pair_state"), said(unmatched, "pair_why")) == ("Registering …", "")
    assert not unmatched.register.isVisible()


@pytest.mark.parametrize(
    ("verdict", "title", "why", "offered"),
    [
        (
            Verdict.GOOD,
            "Registered",
            "5\u00a0units found again, 21\u00a0µm apart; 97\u00a0% of the field seen at both visits.",
            False,
        ),
        (
            Verdict.CHECK,
            "Registered: please check",
            "Few units are shared. 5\u00a0units found again, 21\u00a0µm apart; "
            "97\u00a0% of the field seen at both visits.",
            False,
        ),
        (
            Verdict.FAILED,
            "Registration failed",
            "Few units are shared. Place two or three pairs of landmarks, or correct the units, and register again.",
            True,
        ),
    ],
)
def test_the_verdict_is_shown_plainly(unmatched, workspace, verdict, title, why, offered):
    register_by_hand(workspace, registration(verdict, "few units are shared"))
    unmatched.refresh_now()
    assert (said(unmatched, "pair_state"), said(unmatched, "pair_why")) == (title, why)
    assert unmatched.register.isVisible() is offered


def test_what_is_not_detected_offers_that(unmatched, workspace, qtbot, monkeypatch):
    monkeypatch.setattr(workspace, "read", lambda image_id: None)
    workspace.session_changed.emit()
    unmatched.refresh_now()
    assert said(unmatched, "pair_why") == "Matches need the hairs of both images: detect in both."
    with qtbot.waitSignal(unmatched.detect_asked):
        qtbot.mouseClick(unmatched.detect, LEFT)


def test_it_says_what_is_left_and_of_what_kind(panel):
    assert said(panel, "matches_left") == "5 of 5\u00a0units worth a look left"
    assert panel.ring.accessibleName() == "5 left, 0% done"
    assert [panel.chips[reason].text() for reason in Reason] == ["Uncertain  1", "Lost  1", "New  1", "Changed  2"]
    assert said(panel, "match_title") == "Nothing selected that is matched"
    assert not any(button.isEnabled() for button in panel.verdicts.values())


def test_chips_choose_what_is_gone_through(panel, review, qtbot):
    for reason in (Reason.UNCERTAIN, Reason.LOST, Reason.CHANGED):
        press(panel, qtbot, panel.chips[reason])
    assert review.reasons == {Reason.NEW}
    press(panel, qtbot, panel.next)
    assert said(panel, "match_title") == "Unit 35: new"
    press(panel, qtbot, panel.chips[Reason.NEW])
    assert review.reasons == frozenset(Reason)  # none is all
    assert all(chip.isChecked() for chip in panel.chips.values())


def test_what_is_looked_at_is_told_with_its_verdicts(panel, qtbot):
    press(panel, qtbot, panel.next)
    assert said(panel, "match_title") == "Unit 24 → 34: uncertain"
    assert said(panel, "match_details") == "200\u00a0µm apart · 1\u00a0hair"
    assert said(panel, "match_decided") == "Not decided yet: as the program says."
    assert [b.text() for b in panel.verdicts.values()] == [
        "Confirm  A", "Break  X", "Relink  R", "Lost  L", "New  W", "Back  B",
    ]  # fmt: skip
    press(panel, qtbot, panel.next)
    assert said(panel, "match_title") == "Unit 23: lost"
    possible = {command: button.isEnabled() for command, button in panel.verdicts.items()}
    assert possible == {
        "visits.confirm": True,
        "visits.break": False,
        "visits.relink": True,
        "visits.lost": True,
        "visits.new": False,
        "visits.back": False,
    }


def test_a_verdict_counts_and_says_who(panel, review, qtbot):
    press(panel, qtbot, panel.next)
    press(panel, qtbot, panel.verdicts["visits.break"])
    assert [decision.ruling for decision in review.decisions] == [Ruling(Level.UNIT, 24, 34, same=False)]
    press(panel, qtbot, panel.verdicts["visits.confirm"])
    assert panel.ring.accessibleName() == "4 left, 20% done"
    press(panel, qtbot, panel.verdicts["visits.back"])
    assert said(panel, "match_decided") == "Decided by Ada."


def test_a_changed_unit_says_by_how_much(panel, review, qtbot):
    review.choose([Reason.CHANGED])
    press(panel, qtbot, panel.next)
    assert said(panel, "match_title") == "Unit 26 → 36: kept"
    assert said(panel, "match_details") == "20\u00a0µm apart · 2 → 1\u00a0hair · widths changed by 60\u00a0µm in all"


# --- the switch ---------------------------------------------------------------------------------------------------


@pytest.fixture
def switch(workspace, review, registrar, qtbot):
    matches = MatchReviewPanel(workspace, review, registrar)
    adjudication = AdjudicationReview(workspace)
    two_reads = AdjudicationPanel(workspace, adjudication)
    switch = ReviewSwitch(workspace, review, ReviewPanel(workspace), matches, adjudication, two_reads)
    qtbot.addWidget(switch)
    switch.show()
    return switch


def test_hairs_or_matches(switch, workspace, qtbot):
    hairs, matches = switch.findChild(ReviewPanel), switch.findChild(MatchReviewPanel)
    assert (hairs.isVisible(), matches.isVisible()) == (False, True)
    qtbot.mouseClick(switch.buttons[Context.HAIRS], LEFT)
    assert (hairs.isVisible(), matches.isVisible(), workspace.reviewing) == (True, False, Context.HAIRS)
    qtbot.mouseClick(switch.buttons[Context.MATCHES], LEFT)
    assert (hairs.isVisible(), workspace.reviewing) == (False, Context.MATCHES)
    qtbot.mouseClick(switch.buttons[Context.MATCHES], LEFT)
    assert switch.buttons[Context.MATCHES].isChecked()


def test_with_one_visit_there_is_no_choice(switch, workspace):
    workspace.set_shown((1,))
    assert not switch.buttons[Context.HAIRS].isVisible()
    assert switch.findChild(ReviewPanel).isVisible()
