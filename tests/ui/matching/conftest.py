import shutil

import pytest

import workstation.pairing
from tests.ui.matching.nearest import match_nearest
from tests.ui.matching.two_visits import register_by_hand, write_two_visits
from tests.ui.small_session import READER
from ui.matching.match_review import MatchReview
from ui.matching.matches import Matches
from ui.workspace import Workspace
from workstation.settings import Settings
from workstation.visit_columns import visit_hairs_of


@pytest.fixture(autouse=True)
def plain_rules(monkeypatch):
    """Whoever is nearest is the same: tests of the window then know what comes out."""

    def matched(baseline, followup, baseline_um_per_px, followup_um_per_px, warp, rulings):
        here = visit_hairs_of(baseline.read, baseline_um_per_px)
        return match_nearest(here, visit_hairs_of(followup.read, followup_um_per_px), warp, rulings)

    monkeypatch.setattr(workstation.pairing, "_matched", matched)


@pytest.fixture(scope="session")
def made_visits(tmp_path_factory):
    """Two visits of one area, made once."""
    return write_two_visits(tmp_path_factory.mktemp("visits"))


@pytest.fixture
def study_path(made_visits, tmp_path):
    """Two visits of one area, not registered; see tests.ui.matching.two_visits."""
    return shutil.copytree(made_visits.parent, tmp_path / "study") / made_visits.name


@pytest.fixture
def workspace(qapp, session):
    """A workspace with both visits shown, not registered."""
    workspace = Workspace(Settings(reader=READER))
    workspace.set_session(session, (1, 2))
    return workspace


@pytest.fixture
def matches(workspace):
    """What is known of the two visits."""
    matches = Matches(workspace)
    yield matches
    matches.shutdown()


@pytest.fixture
def matched(workspace, matches, qtbot):
    """The same, registered and matched."""
    register_by_hand(workspace)
    qtbot.waitUntil(lambda: matches.current.matching is not None)
    return matches


@pytest.fixture
def review(workspace, matched):
    """The match review of the two visits, on."""
    review = MatchReview(workspace, matched)
    review.set_on(True)
    return review


@pytest.fixture
def show(qtbot):
    """Shows a panel as wide as the column."""

    def shown(panel):
        qtbot.addWidget(panel)
        panel.resize(344, 700)
        panel.show()
        panel.refresh_now()
        return panel

    return shown
