"""Three registered visits: linked through the first, and laid over it one after the other."""

import numpy as np
import pytest

from analysis.registration.result import Verdict
from tests.ui.three_visits import BASELINE, WEEK_6, WEEK_12, open_three_visits, place_of, record_of
from ui.comparing import Mode
from ui.pointing import Cursor
from workstation.edits import add_registration

AT = (150.0, 110.0)


@pytest.fixture
def session(tmp_path):
    with open_three_visits(tmp_path / "visits") as session:
        yield session


@pytest.fixture
def three(comparison, workspace, qtbot):
    """All three side by side."""
    workspace.set_shown((BASELINE, WEEK_6, WEEK_12))
    qtbot.waitUntil(lambda: all(view.ready and not view.moving for view in comparison.views.values()))
    return comparison


def laid(comparison, qtbot):
    view = comparison.current_view
    qtbot.waitUntil(lambda: view.complete)
    return view, [layer.image_id for layer in view.layers]


@pytest.mark.parametrize("leader", [BASELINE, WEEK_6, WEEK_12])
def test_all_go_together_whoever_leads(three, leader):
    view = three.view_of(leader)
    view.set_viewport(view.viewport.scaled_to(3.0).centred_on(place_of(AT, leader)))
    for image_id, each in three.views.items():
        assert each.viewport.centre_px == pytest.approx(place_of(AT, image_id), abs=0.5)
        assert each.viewport.scale == pytest.approx(3.0)


def test_the_cursor_has_a_partner_in_each(three, workspace):
    workspace.set_cursor(Cursor(WEEK_6, place_of(AT, WEEK_6)))
    partners = {image_id: view.partner for image_id, view in three.views.items()}
    assert partners[WEEK_6] is None
    for image_id in (BASELINE, WEEK_12):
        assert partners[image_id] == pytest.approx(place_of(AT, image_id))


def test_the_active_visit_is_laid_over_the_first_else_the_next_one(three, workspace, qtbot):
    three.comparing.set_mode(Mode.FADE)
    assert laid(three, qtbot)[1] == [BASELINE, WEEK_6]
    workspace.set_active(WEEK_12)
    assert laid(three, qtbot)[1] == [BASELINE, WEEK_12]
    workspace.set_active(BASELINE)
    assert laid(three, qtbot)[1] == [BASELINE, WEEK_12]


def test_the_next_visit_that_is_registered_is_laid_over_the_first(three, workspace, qtbot):
    for pair_ids in ((BASELINE, WEEK_6), (WEEK_6, WEEK_12)):
        failed = record_of(*pair_ids, Verdict.FAILED, "too few units were found again")
        workspace.commit_study(lambda study, ids=pair_ids, record=failed: add_registration(study, *ids, record))
    workspace.set_active(BASELINE)
    three.comparing.set_mode(Mode.FADE)
    assert laid(three, qtbot)[1] == [BASELINE, WEEK_12]


def test_another_visit_takes_the_place_of_the_one_before_at_the_same_place(three, workspace, qtbot):
    workspace.set_shown((BASELINE, WEEK_6))
    three.comparing.set_mode(Mode.BLINK)
    view, _ = laid(three, qtbot)
    view.set_viewport(view.viewport.scaled_to(4.0).centred_on((90, 80)))
    before = view.viewport
    workspace.set_shown((BASELINE, WEEK_12))
    other, images = laid(three, qtbot)
    assert images == [BASELINE, WEEK_12]
    assert other.viewport == before
    np.testing.assert_allclose(other.layers[1].to_frame(np.array([place_of(AT, WEEK_12)])), [AT], atol=1e-6)
    other.fit()
    workspace.set_shown((BASELINE, WEEK_6))
    assert laid(three, qtbot)[0].fitted


def test_the_earlier_visit_is_the_frame_however_they_stand(three, workspace, qtbot):
    workspace.set_shown((WEEK_12, BASELINE))
    three.comparing.set_mode(Mode.CURTAIN)
    assert laid(three, qtbot)[1] == [BASELINE, WEEK_12]
