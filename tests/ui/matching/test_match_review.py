import pytest

from analysis.matching.match import Level, Ruling, Status
from ui.keys import Context
from ui.pointing import Cursor, Target, TargetKind
from workstation.entry import Selection
from workstation.match_review import Answer, Reason


def at(review):
    match = review.match
    return None if match is None else (match.baseline_id, match.followup_id, match.status)


def rulings(review):
    return [decision.ruling for decision in review.decisions]


def settled(review, qtbot):
    qtbot.waitUntil(lambda: not review.pair.pending)


def select(review, image_id, unit_id):
    review._workspace.select(Selection(image_id, frozenset(), frozenset({unit_id})))


def test_it_goes_through_uncertain_lost_new_and_changed_units(review):
    way = []
    while review.next() and at(review) not in way:
        way.append(at(review))
    assert way == [
        (24, 34, Status.UNCERTAIN),
        (23, None, Status.LOST),
        (None, 35, Status.NEW),
        (26, 36, Status.KEPT),
        (27, 37, Status.KEPT),
    ]
    # a hair of 60 µm went, and one grew by 50 µm
    assert [item.change_um for item in review.all.items[-2:]] == [60.0, 50.0]
    review.previous()
    assert at(review) == way[-1]


def test_each_is_selected_where_it_is_and_shown_in_both_images(review, workspace, qtbot):
    asked = []
    workspace.reveal_asked.connect(asked.append)
    review.choose([Reason.NEW])
    review.next()
    assert workspace.selection == Selection(2, frozenset(), frozenset({35}))
    middles = {wish.image_id: tuple(sum(p[k] for p in wish.points_px) / 2 for k in (0, 1)) for wish in asked}
    assert list(middles) == [2, 1]  # the image it is in leads
    assert middles == {2: (266.0, 204.0), 1: (260.0, 200.0)}
    asked.clear()
    review.choose([Reason.UNCERTAIN])
    review.next()
    middles = {wish.image_id: tuple(sum(p[k] for p in wish.points_px) / 2 for k in (0, 1)) for wish in asked}
    assert middles == {1: (360.0, 60.0), 2: (386.0, 64.0)}


def test_confirming_goes_on_and_counts_as_done(review, qtbot):
    review.next()
    assert (review.all.n_left, review.all.share_done) == (5, 0.0)
    review.answer(Answer.CONFIRM)
    assert rulings(review) == [Ruling(Level.UNIT, 24, 34)]
    assert at(review) == (23, None, Status.LOST)
    assert (review.all.n_left, review.all.n_decided) == (4, 1)
    settled(review, qtbot)
    assert (review.all.n_left, review.all.n_decided) == (4, 1)


def test_a_decision_says_who_made_it(review, qtbot):
    review.choose([Reason.LOST])
    review.next()
    assert review.decision is None
    review.answer(Answer.CONFIRM)
    select(review, 1, 23)
    assert review.decision.reader == "Ada"


def test_breaking_leaves_two_to_be_decided(review, qtbot):
    select(review, 1, 21)
    review.answer(Answer.BREAK)
    settled(review, qtbot)
    assert rulings(review) == [Ruling(Level.UNIT, 21, 31, same=False)]
    assert {(21, None), (None, 31)} <= {(i.match.baseline_id, i.match.followup_id) for i in review.all.items}


def test_lost_and_new(review, qtbot):
    select(review, 1, 24)
    review.answer(Answer.LOST)
    settled(review, qtbot)
    select(review, 2, 34)
    assert at(review) == (None, 34, Status.NEW)
    review.answer(Answer.NEW)
    assert rulings(review) == [Ruling(Level.UNIT, 24, None), Ruling(Level.UNIT, None, 34)]


def test_what_makes_no_sense_is_told_and_changes_nothing(review, workspace, qtbot):
    select(review, 1, 23)
    with qtbot.waitSignal(workspace.told) as told:
        review.answer(Answer.NEW)
    assert told.args[0].text == "This unit is not there at the later visit, so it cannot be new."
    assert rulings(review) == []


def test_with_nothing_selected_it_says_how_to_begin(review, workspace, qtbot):
    for act in (lambda: review.answer(Answer.CONFIRM), review.relink):
        with qtbot.waitSignal(workspace.told) as told:
            act()
        assert told.args[0].text == "Select a unit first: N goes to the next one worth a look."


# --- relinking ----------------------------------------------------------------------------------------------------


def test_relinking_takes_the_unit_under_the_mouse_in_the_other_image(review, workspace, qtbot):
    select(review, 1, 23)
    workspace.set_cursor(Cursor(2, (266.0, 204.0)))
    workspace.set_hover(Target(2, TargetKind.UNIT, 35))
    review.relink()
    settled(review, qtbot)
    assert rulings(review) == [Ruling(Level.UNIT, 23, 35)]
    assert review.pair.match_of(1, Level.UNIT, 23).status is Status.KEPT


def test_a_hair_under_the_mouse_stands_for_its_unit(review, workspace):
    select(review, 1, 23)
    workspace.set_cursor(Cursor(2, (270.0, 212.0)))
    workspace.set_hover(Target(2, TargetKind.HAIR, 4))
    review.relink()
    assert rulings(review) == [Ruling(Level.UNIT, 23, 35)]


def test_it_takes_the_nearest_unit_where_the_crosshair_is_beside_it(review, workspace):
    select(review, 2, 35)
    workspace.set_cursor(Cursor(1, (268.0, 71.0)))  # 136 µm from 23
    review.relink()
    assert rulings(review) == [Ruling(Level.UNIT, 23, 35)]


@pytest.mark.parametrize("place", [None, Cursor(1, (260.0, 60.0)), Cursor(2, (260.0, 110.0))])
def test_where_nothing_is_pointed_at_the_next_click_in_the_other_image_says_what(review, workspace, qtbot, place):
    select(review, 1, 23)
    workspace.set_cursor(place)
    with qtbot.waitSignal(workspace.told) as told:
        review.relink()
    assert told.args[0].text.startswith("Click its partner in the other image")
    assert (review.linking, rulings(review)) == (True, [])
    select(review, 2, 35)
    assert (review.linking, rulings(review)) == (False, [Ruling(Level.UNIT, 23, 35)])
    assert at(review)[:2] == (26, 36)  # and on to the next
    workspace.undo()
    assert workspace.selection == Selection(1, frozenset(), frozenset({23}))


def test_a_click_on_a_hair_links_its_unit(review, workspace):
    select(review, 1, 23)
    review.relink()
    workspace.select(Selection(2, frozenset({4})))
    assert rulings(review) == [Ruling(Level.UNIT, 23, 35)]


@pytest.mark.parametrize(
    "instead", [Selection(), Selection(1, frozenset(), frozenset({21})), Selection(2, frozenset({3, 4}))]
)
def test_a_click_on_something_else_ends_the_wait(review, workspace, instead):
    select(review, 1, 23)
    review.relink()
    workspace.select(instead)
    assert not review.linking
    select(review, 2, 35)
    assert rulings(review) == []


def test_asking_again_ends_the_wait(review):
    select(review, 1, 23)
    review.relink()
    review.relink()
    assert not review.linking


def test_a_hair_is_not_linked_to_a_unit(review, workspace, qtbot):
    workspace.select(Selection(1, frozenset({6})))
    workspace.set_cursor(Cursor(2, (266.0, 204.0)))
    workspace.set_hover(Target(2, TargetKind.UNIT, 35))
    with qtbot.waitSignal(workspace.told) as told:
        review.relink()
    assert told.args[0].text == "A hair is selected: point at a hair in the other image."
    assert rulings(review) == []


def test_relinking_takes_back_what_says_otherwise(review, workspace, qtbot):
    select(review, 1, 23)
    review.answer(Answer.LOST)
    select(review, 1, 23)
    workspace.set_cursor(Cursor(2, (266.0, 204.0)))
    review.relink()
    assert rulings(review) == [Ruling(Level.UNIT, 23, 35)]
    workspace.undo()
    assert rulings(review) == [Ruling(Level.UNIT, 23, None)]


# --- hairs --------------------------------------------------------------------------------------------------------


def test_a_selected_hair_is_decided_on_by_itself(review, workspace, qtbot):
    workspace.select(Selection(1, frozenset({5})))
    assert (review.match.level, at(review)) == (Level.HAIR, (5, 5, Status.KEPT))
    review.answer(Answer.BREAK)
    assert rulings(review) == [Ruling(Level.HAIR, 5, 5, same=False)]
    assert workspace.selection == Selection(1, frozenset({5}))


def test_a_hair_that_is_not_matched_by_itself_stands_for_its_unit(review, workspace):
    workspace.select(Selection(1, frozenset({3})))  # of unit 23, which is lost
    assert at(review) == (23, None, Status.LOST)


def test_a_hair_is_linked_to_a_hair(review, workspace, qtbot):
    workspace.select(Selection(1, frozenset({6})))
    assert at(review) == (6, None, Status.LOST)
    workspace.set_cursor(Cursor(2, (66.0, 204.0)))
    workspace.set_hover(Target(2, TargetKind.HAIR, 5))
    review.relink()
    assert rulings(review) == [Ruling(Level.HAIR, 6, 5)]


# --- back and undo ------------------------------------------------------------------------------------------------


def test_back_goes_to_the_one_decided_last_and_there_takes_the_decision_back(review, workspace, qtbot):
    review.next()
    review.answer(Answer.CONFIRM)
    review.answer(Answer.CONFIRM)
    assert at(review) == (None, 35, Status.NEW)
    review.back()
    assert at(review)[:2] == (23, None)
    assert len(rulings(review)) == 2
    review.back()
    assert rulings(review) == [Ruling(Level.UNIT, 24, 34)]
    review.back()
    assert at(review)[:2] == (24, 34)


def test_with_nothing_decided_back_says_so(review, workspace, qtbot):
    with qtbot.waitSignal(workspace.told) as told:
        review.back()
    assert told.args[0].text == "Nothing was decided in these two images yet."


def test_undo_returns_to_what_was_decided(review, workspace, qtbot):
    review.next()
    review.answer(Answer.CONFIRM)
    review.answer(Answer.CONFIRM)
    with qtbot.waitSignal(workspace.reveal_asked):
        workspace.undo()
    assert at(review)[:2] == (23, None)
    workspace.undo()
    assert at(review)[:2] == (24, 34)
    assert rulings(review) == []
    settled(review, qtbot)
    assert review.all.n_left == 5
    workspace.redo()
    assert rulings(review) == [Ruling(Level.UNIT, 24, 34)]


# --- on and off ---------------------------------------------------------------------------------------------------


def test_it_is_off_where_no_two_visits_are_shown(review, workspace):
    assert workspace.reviewing is Context.MATCHES
    workspace.set_shown((1,))
    assert workspace.reviewing is Context.HAIRS
    review.set_on(True)
    assert not review.on


def test_when_all_is_decided_it_says_so(review, workspace, qtbot):
    review.next()
    for _ in range(5):
        settled(review, qtbot)
        review.answer(Answer.CONFIRM)
    assert (review.all.n_left, review.all.share_done) == (0, 1.0)
    with qtbot.waitSignal(workspace.told) as told:
        assert not review.next()
    assert told.args[0].text == "No unit is left to look at in these two images."


def test_only_what_is_chosen_is_gone_through(review, workspace, qtbot):
    review.choose([Reason.LOST])
    review.next()
    review.answer(Answer.CONFIRM)
    with qtbot.waitSignal(workspace.told) as told:
        assert not review.next()
    assert told.args[0].text == "No unit of those chosen is left to look at in these two images."
    review.choose([])
    assert review.reasons == frozenset(Reason)
