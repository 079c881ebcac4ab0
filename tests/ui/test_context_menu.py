import pytest
from PySide6.QtGui import QAction

from ui.actions import Actions
from ui.context_menu import EXCLUSION, HAIR, HAIRS, MATCHES, NOTHING, SEPARATOR, UNIT, context_menu
from ui.keys import BY_ID
from ui.pointing import Target, TargetKind
from workstation.edits import add_exclusion
from workstation.entry import Selection


@pytest.fixture
def menu(workspace, qtbot):
    actions = Actions(workspace, workspace)

    def menu(target):
        made = context_menu(workspace, target, actions)
        qtbot.addWidget(made)
        return made

    return menu


def ids(menu):
    return [action.objectName() for action in menu.actions() if not action.isSeparator()]


def test_all_it_offers_are_commands():
    offered = {*HAIR, *HAIRS, *UNIT, *MATCHES, *EXCLUSION, *NOTHING} - {SEPARATOR}
    assert offered <= set(BY_ID)


def test_a_hair_under_the_pointer_is_selected(workspace, menu):
    made = menu(Target(1, TargetKind.HAIR, 2))
    assert workspace.selection == Selection(3, frozenset({2}))
    assert ids(made)[:3] == ["hairs.accept", "hairs.reject", "hairs.unreview"]
    assert isinstance(made.actions()[0], QAction)


@pytest.mark.parametrize(
    ("target", "selected"),
    [
        (Target(2, TargetKind.HAIR, 1), Selection(2, frozenset({1}))),
        (Target(2, TargetKind.UNIT, 11), Selection(2, frozenset(), frozenset({11}))),
    ],
)
def test_a_hair_of_the_same_number_in_the_other_image_is_another_hair(workspace, menu, target, selected):
    workspace.select(Selection(3, selected.hair_ids, selected.unit_ids))
    menu(target)
    assert workspace.selection == selected


def test_several_selected_hairs_stay_selected(workspace, menu):
    workspace.select(Selection(3, frozenset({1, 2})))
    made = menu(Target(1, TargetKind.HAIR, 2))
    assert workspace.selection.hair_ids == {1, 2}
    assert "hairs.join" in ids(made)
    assert "tool.cut" not in ids(made)


def test_a_unit_under_the_pointer_is_selected(workspace, menu):
    assert "tool.units" in ids(menu(Target(1, TargetKind.UNIT, 11)))
    assert workspace.selection.unit_ids == {11}


def test_over_nothing_it_is_about_the_image(workspace, menu):
    workspace.select(Selection(3, frozenset({1})))
    assert "view.fit" in ids(menu(None))
    assert workspace.selection.hair_ids == {1}


def test_an_excluded_region_is_counted_again_or_given_a_cause(workspace, menu):
    image = workspace.study.images[1]
    workspace.commit(1, lambda read: add_exclusion(read, image, [(10, 10), (40, 10), (40, 40)]))
    (region,) = workspace.read(1).field.exclusions
    made = menu(Target(1, TargetKind.EXCLUSION, region.id))
    causes = made.actions()[1].menu()
    assert [a.text() for a in causes.actions() if a.isChecked()] == ["Other"]
    next(a for a in causes.actions() if a.text() == "Tattoo").trigger()
    assert workspace.read(1).field.exclusions[0].cause == "tattoo"
    made.actions()[0].trigger()
    assert workspace.read(1).field.exclusions == ()


def test_what_is_not_possible_is_greyed(workspace, menu):
    workspace.session.read_only_because = "Bob has it open"
    made = menu(Target(1, TargetKind.HAIR, 2))
    greyed = {a.objectName() for a in made.actions() if not a.isEnabled()}
    workspace.session.read_only_because = None
    assert {"hairs.accept", "edit.delete", "tool.cut"} <= greyed
