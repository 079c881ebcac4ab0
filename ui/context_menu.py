"""The menu under the right button: what fits the thing under the pointer."""

from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from ui.actions import Actions
from ui.keys import Context
from ui.pointing import Target, TargetKind
from ui.workspace import Workspace
from workstation.edits import remove_exclusions, set_exclusion_cause
from workstation.entry import Selection
from workstation.model.field import ExclusionCause

SEPARATOR = ""
NOTHING = ("view.fit", "view.one_to_one", "view.hide_overlay", SEPARATOR, "tool.draw", "tool.field", "tool.exclude",
           SEPARATOR, "edit.select_all", "edit.comment", "image.submit", "adjudication.review",
           "image.detect")  # fmt: skip
HAIR = ("hairs.accept", "hairs.reject", "hairs.unreview", SEPARATOR, "tool.vertices", "tool.ends", "tool.cut",
        "tool.width", "hairs.set_width", "hairs.reset_width", SEPARATOR, "hairs.reverse", "hairs.root_visible",
        "units.new", "edit.select_unit", SEPARATOR, "edit.comment", "view.to_selection", "edit.delete")  # fmt: skip
HAIRS = ("hairs.accept", "hairs.reject", "hairs.unreview", SEPARATOR, "hairs.join", "hairs.reverse",
         "hairs.root_visible", "hairs.set_width", "hairs.reset_width", SEPARATOR, "units.new", "units.merge",
         "edit.select_unit", SEPARATOR, "edit.comment", "view.to_selection", "edit.delete")  # fmt: skip
UNIT = ("tool.units", "units.merge", SEPARATOR, "hairs.accept", "hairs.reject", SEPARATOR, "edit.comment",
        "view.to_selection")  # fmt: skip
MATCHES = ("visits.confirm", "visits.break", "visits.relink", "visits.lost", "visits.new", "visits.back",
           SEPARATOR)  # fmt: skip
"""First of all while matches are reviewed."""
TWO_READS = ("adjudication.first", "adjudication.second", "adjudication.both", "adjudication.neither",
             "adjudication.edit", "adjudication.reopen", SEPARATOR)  # fmt: skip
"""The same while two reads are settled."""
EXCLUSION = ("tool.exclude", "tool.field", "image.whole_field", SEPARATOR, "view.fit")


def context_menu(workspace: Workspace, target: Target | None, actions: Actions, parent: QWidget | None = None) -> QMenu:
    """A menu for what is under the pointer, which is selected first unless it is selected already.

    Args:
        workspace: what is open.
        target: what is under the pointer; None: nothing.
        actions: the window's.
        parent: the menu's.

    Returns:
        The menu, to be shown by the caller and deleted when it closes.
    """
    if target is not None:
        _select(workspace, target)
    menu = QMenu(parent)
    menu.setObjectName("context_menu")
    menu.setAccessibleName("What can be done here")
    if target is not None and target.kind is TargetKind.EXCLUSION:
        _add_exclusion_actions(menu, workspace, target)
    for command_id in _fitting(workspace, target):
        if command_id == SEPARATOR:
            menu.addSeparator()
        else:
            menu.addAction(actions[command_id])
    return menu


def _fitting(workspace: Workspace, target: Target | None) -> tuple[str, ...]:
    of_context = {Context.MATCHES: MATCHES, Context.ADJUDICATION: TWO_READS}
    if target is None:
        return (TWO_READS if workspace.reviewing is Context.ADJUDICATION else ()) + NOTHING
    first = of_context.get(workspace.reviewing, ())
    match target.kind:
        case TargetKind.HAIR:
            return first + (HAIR if len(workspace.selected_hairs()) == 1 else HAIRS)
        case TargetKind.UNIT:
            return first + UNIT
        case TargetKind.EXCLUSION:
            return EXCLUSION


def _add_exclusion_actions(menu: QMenu, workspace: Workspace, target: Target) -> None:
    """What there are no commands for, since they act on nothing that can be selected."""
    read = workspace.read(target.image_id)
    present = next((e.cause for e in read.field.exclusions if e.id == target.id), None) if read else None

    def include() -> None:
        workspace.commit(target.image_id, lambda read: remove_exclusions(read, [target.id]))

    def explain(cause: ExclusionCause) -> None:
        workspace.commit(target.image_id, lambda read: set_exclusion_cause(read, target.id, cause))

    again = menu.addAction("Count this region again", include)
    causes = QMenu("Cause", menu)
    menu.addMenu(causes)
    for cause in ExclusionCause:
        action = causes.addAction(cause.value.capitalize(), partial(explain, cause))
        action.setCheckable(True)
        action.setChecked(cause is present)
    again.setObjectName("exclusion.include")
    causes.setObjectName("exclusion.cause")
    for part in (again, causes.menuAction()):
        part.setEnabled(workspace.can_edit)
    menu.addSeparator()


def _select(workspace: Workspace, target: Target) -> None:
    workspace.set_active(target.image_id)
    read = workspace.read(target.image_id)
    if read is None:
        return
    here = workspace.selection.read_id == read.id
    hairs, units = (workspace.selected_hairs(), workspace.selection.unit_ids) if here else (frozenset(), frozenset())
    if target.kind is TargetKind.HAIR and target.id not in hairs:
        workspace.select(Selection(read.id, frozenset({target.id})))
    elif target.kind is TargetKind.UNIT and target.id not in units:
        workspace.select(Selection(read.id, frozenset(), frozenset({target.id})))
