import numpy as np
import pytest

from tests.ui.tools.hands import ALT, CTRL, SHIFT, Mouse
from workstation.model.hair import Origin, Status
from workstation.model.read import DETECTOR

ROOT, TIP = (142, 132), (188, 153)
"""Beside the ends of a rod in image 2 that no hair lies on, from (140, 130) to (190, 155)."""


@pytest.fixture
def drawing(bench):
    """Image 2 with the drawing tool in hand and its shafts known."""
    bench.look_at(2, 165, 142)
    tool = bench.take("draw")
    bench.qtbot.waitUntil(lambda: tool.pixels.evidence(2) is not None)
    return bench


def distance_from_rod(points):
    """From the axis of the rod that is drawn."""
    along = np.array([50.0, 25.0]) / np.hypot(50, 25)
    off = np.asarray(points) - (140, 130)
    return np.abs(off @ (-along[1], along[0]))


def test_root_and_tip_make_a_hair_along_the_shaft_with_its_width(drawing, hand, corrected):
    assert drawing.read.reader == DETECTOR
    hand.click(*ROOT)
    assert drawing.read.reader == DETECTOR  # nothing before the second click
    hand.click(*TIP)
    before = drawing.workspace.study.reads[2]
    drawn = drawing.read
    assert drawn.based_on == 2
    (new,) = set(drawn.hairs) - set(before.hairs)
    hair = drawn.hairs[new]
    assert hair.origin is Origin.ADDED
    assert hair.status is Status.ACCEPTED
    assert np.hypot(*(hair.root_px - (142, 131))) < 3
    assert distance_from_rod(hair.vertices_px).max() < 1.0
    assert hair.width_px == pytest.approx(11.3, abs=0.5)  # as drawn: 9 px along x and y
    assert drawing.workspace.selection.hair_ids == {new}
    drawing.workspace.undo()
    assert dict(drawing.read.hairs) == dict(before.hairs)
    drawing.workspace.redo()
    assert drawing.read.hairs[new] == hair


def test_a_drag_from_root_to_tip_draws_too(drawing, mouse):
    mouse.grab(*ROOT)
    mouse.drop(*TIP)
    assert len(drawing.read.hairs) == 5


def test_a_double_click_on_the_tip_draws_one_hair_and_begins_no_other(drawing, mouse):
    mouse.click(*ROOT)
    mouse.double_click(*TIP)
    assert len(drawing.read.hairs) == 5
    assert not drawing.tool.busy


def test_esc_discards_a_root(drawing, hand):
    hand.click(*ROOT)
    assert drawing.tool.busy
    assert drawing.tools.cancel()
    assert not drawing.tool.busy
    hand.click(*TIP)
    assert drawing.tool.busy  # a root again
    assert len(drawing.read.hairs) == 4


@pytest.fixture
def labels(monkeypatch):
    """What stands beside the pointer."""
    shown = []
    monkeypatch.setattr("ui.tools.preview.label", lambda painter, viewport, at, *lines: shown.append(lines))
    return shown


def test_the_preview_follows_the_shaft_and_says_width_and_unit(drawing, hand, labels):
    hand.click(*ROOT)
    hand.move(*TIP)
    assert labels[-1] == ("113 µm · new unit", "")
    line = drawing.tool.gesture._line_px
    assert len(line) > 3
    assert distance_from_rod(line).max() < 1.0
    drawing.tools.cancel()
    drawing.look_at(2, 240, 80)
    hand.click(222, 75)
    hand.move(250, 100)
    assert labels[-1][0].endswith("unit 12, then 2 hairs")


@pytest.fixture
def preparing(drawing, monkeypatch):
    """Image 2 as if it were still being prepared; calling it says that it is."""
    pixels = drawing.tool.pixels
    with monkeypatch.context() as patched:
        patched.setattr(pixels, "evidence", lambda image_id: None)

        def prepared():
            patched.undo()
            pixels.evidence_ready.emit(2)

        yield prepared


def test_a_hair_drawn_while_the_image_is_being_prepared_follows_the_shaft_when_it_is(
    drawing, hand, labels, preparing, corrected
):
    hand.click(*ROOT)
    hand.move(*TIP)
    assert labels[-1] == ("new unit", "the image is being prepared: line and width follow")
    hand.click(*TIP)
    drawing.settle()
    assert labels[-1] == ("measuring …",)
    assert len(drawing.read.hairs) == 4
    drawing.take("select")  # it is over, and comes whatever is done next
    preparing()
    hair = drawing.read.hairs[max(drawing.read.hairs)]
    assert distance_from_rod(hair.vertices_px).max() < 1.0
    assert hair.width_px == pytest.approx(11.3, abs=0.5)


def test_hairs_that_wait_come_in_their_order_and_esc_discards_the_last(drawing, mouse, preparing):
    for shift in (0, 1, 2):
        mouse.click(ROOT[0] + shift, ROOT[1])
        mouse.click(*TIP)
    assert drawing.tools.cancel()
    preparing()
    assert len(drawing.read.hairs) == 6
    assert not drawing.tool.busy


def test_an_image_that_cannot_be_prepared_gets_straight_lines(drawing, mouse, preparing, monkeypatch):
    mouse.click(*ROOT)
    mouse.click(*TIP)
    monkeypatch.setattr(drawing.tool.pixels, "is_prepared", lambda image_id: True)
    drawing.tool.pixels.evidence_ready.emit(2)
    np.testing.assert_allclose(drawing.read.hairs[max(drawing.read.hairs)].vertices_px, [ROOT, TIP])


def test_what_waits_does_not_come_in_another_study(drawing, mouse, preparing):
    mouse.click(*ROOT)
    mouse.click(*TIP)
    session = drawing.workspace.session
    drawing.workspace.set_session(None)
    drawing.workspace.set_session(session, (2,))
    preparing()
    assert len(drawing.read.hairs) == 4


def test_alt_draws_straight_from_click_to_click(drawing, hand):
    hand.click(*ROOT, ALT)
    hand.click(*TIP, ALT)
    new = max(drawing.read.hairs)
    np.testing.assert_allclose(drawing.read.hairs[new].vertices_px, [ROOT, TIP])
    assert np.isnan(drawing.read.hairs[new].width_px)


def test_shift_sets_points_between(drawing, hand):
    drawing.tool.options()[0].choose(False)
    hand.click(*ROOT)
    hand.click(160, 138, SHIFT)
    hand.click(170, 148, SHIFT)
    hand.click(*TIP)
    new = max(drawing.read.hairs)
    np.testing.assert_allclose(drawing.read.hairs[new].vertices_px, [ROOT, (160, 138), (170, 148), TIP])


def test_a_root_near_a_unit_joins_it_unless_a_new_one_is_wanted(drawing, hand):
    drawing.look_at(2, 240, 80)  # hair 3, alone in unit 12, has its root at (220, 60)
    hand.click(222, 75)
    hand.click(250, 100)
    first = drawing.read.hairs[max(drawing.read.hairs)]
    assert first.unit_id == 12
    drawing.tool.options()[1].choose(True)
    hand.click(222, 75)
    hand.click(250, 100)
    drawing.tool.options()[1].choose(False)
    second = drawing.read.hairs[max(drawing.read.hairs)]
    assert second.unit_id not in (11, 12)
    if isinstance(hand, Mouse):
        hand.click(224, 75, CTRL)
        hand.click(250, 100)
        third = drawing.read.hairs[max(drawing.read.hairs)]
        assert third.unit_id not in (11, 12, second.unit_id)


def test_enter_ends_a_hair_where_the_mouse_is(drawing, mouse):
    mouse.click(*ROOT, ALT)
    mouse.move(*TIP)
    assert drawing.tool.finish()
    assert len(drawing.read.hairs) == 5


def test_a_hair_too_short_is_refused_in_words(drawing, mouse, told):
    drawing.tool.options()[0].choose(False)
    mouse.click(*ROOT)
    mouse.click(*ROOT)
    assert told == []  # on the root again: the tip is still to come
    mouse.click(143, 132)
    assert told == ["A hair must be at least 2 px long. Place root and tip farther apart."]
    assert len(drawing.read.hairs) == 4


def test_the_tip_can_be_set_outside_of_the_image_and_lands_on_its_edge(drawing, mouse):
    drawing.look_at(2, 300, 60)
    mouse.click(300, 60, ALT)
    mouse.click(330, 60, ALT)
    assert drawing.read.hairs[max(drawing.read.hairs)].tip_px.tolist() == [319.5, 60.0]


def test_in_a_study_that_may_not_be_changed_the_tool_says_so(drawing, mouse, told):
    drawing.workspace.session.read_only_because = "Bob has it open"
    mouse.click(*ROOT)
    assert told == ["This study can only be looked at: Bob has it open."]
    assert drawing.tool.hint == "This study can only be looked at"
    assert not drawing.tool.busy
    drawing.workspace.session.read_only_because = None
