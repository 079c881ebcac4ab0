"""Corrections that need no pointer: what menus, keys, the context menu and panels do with what is selected.

Each is a function of the workspace. What is not possible, the user is told in words.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from analysis.calibration import Calibration
from ui.browsing import next_hair, previous_hair, select_all, select_none, select_unit
from ui.panels.doubtful import go_next, go_previous
from ui.tools.slots import SLOTS, unit_slots
from ui.workspace import Workspace
from workstation import edits
from workstation.document import ChangeSet
from workstation.entry import Selection
from workstation.model.hair import Status
from workstation.model.patch import Patch
from workstation.model.read import Read, ReadState
from workstation.model.study import ImageRecord
from workstation.reviewing import is_doubtful

NO_HAIR = "Select one or more hairs first."


def accept(workspace: Workspace) -> None:
    """Say that the selected hairs are right. From a single doubtful one it goes on to the next."""
    _judge(workspace, Status.ACCEPTED)


def reject(workspace: Workspace) -> None:
    """Say that the selected hairs are none: they stay and count nowhere. As `accept`, it goes on."""
    _judge(workspace, Status.REJECTED)


def unreview(workspace: Workspace) -> None:
    """Take the verdict on the selected hairs back."""
    _on_hairs(workspace, lambda read, ids, _: edits.set_status(read, ids, Status.UNREVIEWED))


def delete(workspace: Workspace) -> None:
    """Take the selected hairs out."""
    _on_hairs(workspace, lambda read, ids, _: edits.delete_hairs(read, ids))


def reverse(workspace: Workspace) -> None:
    """Swap root and tip of the selected hairs."""
    _on_hairs(workspace, lambda read, ids, scale: edits.reverse_hairs(read, ids, calibration=scale))


def join_selected(workspace: Workspace) -> None:
    """Make the two selected hairs one."""
    hair_ids = sorted(workspace.selected_hairs())
    if len(hair_ids) != 2:
        workspace.tell("Select the two pieces of one hair first.")
        return
    first, second = hair_ids
    _on_hairs(workspace, lambda read, _, scale: edits.join_hairs(read, first, second, calibration=scale))


def toggle_root_visible(workspace: Workspace) -> None:
    """Say that the roots of the selected hairs are outside of the image; where all are, that they are in it."""
    read = _selected_read(workspace)
    visible = read is not None and not any(read.hairs[i].root_visible for i in workspace.selected_hairs())
    _on_hairs(workspace, lambda read, ids, scale: edits.set_root_visible(read, ids, visible, calibration=scale))


def set_width_px(workspace: Workspace, width_px: float) -> None:
    """Set the width of the selected hairs, in pixels."""
    _on_hairs(workspace, lambda read, ids, _: edits.set_width(read, ids, width_px))


def set_width_um(workspace: Workspace, width_um: float) -> None:
    """Set the width of the selected hairs, in µm; the image needs a scale."""
    image_id = workspace.selected_image
    scale = None if image_id is None else _record(workspace, image_id).calibration
    if image_id is not None and scale is None:
        workspace.tell("This image has no scale, so a width in µm cannot be set. Set its scale first.")
    elif scale is not None:
        set_width_px(workspace, scale.px(width_um))
    else:
        workspace.tell(NO_HAIR)


def reset_width(workspace: Workspace) -> None:
    """Give the selected hairs their measured width back."""
    _on_hairs(workspace, lambda read, ids, _: edits.reset_width(read, ids))


def new_unit(workspace: Workspace) -> None:
    """Put the selected hairs into a unit of their own."""
    _on_hairs(workspace, lambda read, ids, _: edits.put_into_unit(read, ids, None))


def merge_selected(workspace: Workspace) -> None:
    """Make the units of what is selected one."""
    read = _selected_read(workspace)
    if read is None:
        workspace.tell("Select hairs of two or more units first.")
        return
    units = {read.hairs[i].unit_id for i in workspace.selected_hairs()}
    merged = frozenset(unit_id for unit_id in units if unit_id is not None)
    _on_hairs(
        workspace,
        lambda read, _, __: edits.merge_units(read, merged),
        select=lambda patch: _selection_of_unit(workspace, patch, min(merged)),
    )


def put_into_slot(workspace: Workspace, number: int) -> None:
    """Put the selected hairs into a unit near them, by its number from 1 to 9; see `unit_slots`."""
    read = _selected_read(workspace)
    slots = () if read is None else unit_slots(read, workspace.selection)
    if number > len(slots):
        workspace.tell(NO_HAIR if not slots else f"No unit near by has the number {number}.")
        return
    unit_id = slots[number - 1]
    _on_hairs(workspace, lambda read, ids, _: edits.put_into_unit(read, ids, unit_id))


def comment(workspace: Workspace, text: str) -> None:
    """Comment on the selected hairs, on the selected unit where no hair is, else on the active image."""
    image_id, selection = workspace.selected_image, workspace.selection
    if image_id is None:
        if workspace.active is not None:
            workspace.commit(workspace.active, lambda read: edits.comment_image(read, text))
    elif len(selection.unit_ids) == 1 and not selection.hair_ids:
        (unit_id,) = selection.unit_ids
        workspace.commit(image_id, lambda read: edits.comment_unit(read, unit_id, text))
    else:
        _on_hairs(workspace, lambda read, ids, _: edits.comment_hairs(read, ids, text))


def submit_or_withdraw(workspace: Workspace) -> None:
    """Say that the read of the active image is done, or take one back that waits for a decision."""
    image_id, read, session = workspace.active, workspace.active_read, workspace.session
    if image_id is None or session is None:
        workspace.tell("Open an image first.")
    elif read is not None and read.editable and read.reader != session.document.user:
        workspace.tell(f"This is the read of {read.reader}, {read.review.state}: decide on it under Study ▸ Quality.")
    else:
        workspace.commit(
            image_id,
            lambda own: edits.withdraw_read(own) if own.review.state is ReadState.SUBMITTED else edits.submit(own),
        )


def whole_field(workspace: Workspace) -> None:
    """Measure the whole active image."""
    image_id = workspace.active
    if image_id is None:
        workspace.tell("Open an image first.")
        return
    image = _record(workspace, image_id)
    workspace.commit(image_id, lambda read: edits.set_field_image(read, image))


CORRECTIONS: Mapping[str, Callable[[Workspace], object]] = MappingProxyType(
    {
        "edit.select_all": select_all,
        "edit.select_none": select_none,
        "edit.select_unit": select_unit,
        "edit.next_hair": next_hair,
        "edit.previous_hair": previous_hair,
        "edit.delete": delete,
        "image.next_doubtful": go_next,
        "image.previous_doubtful": go_previous,
        "image.submit": submit_or_withdraw,
        "image.whole_field": whole_field,
        "hairs.accept": accept,
        "hairs.reject": reject,
        "hairs.unreview": unreview,
        "hairs.reverse": reverse,
        "hairs.join": join_selected,
        "hairs.root_visible": toggle_root_visible,
        "hairs.reset_width": reset_width,
        "units.new": new_unit,
        "units.merge": merge_selected,
        **{f"units.slot{number}": partial(put_into_slot, number=number) for number in range(1, SLOTS + 1)},
    }
)
"""What commands do, by their ids in `ui.keys`. Those that ask for a number or a text first are not among them."""


def _judge(workspace: Workspace, status: Status) -> None:
    read, below = _selected_read(workspace), workspace.settings.doubtful_below
    hair_ids = workspace.selected_hairs()
    goes_on = read is not None and len(hair_ids) == 1 and all(is_doubtful(read.hairs[i], below) for i in hair_ids)
    change = _on_hairs(workspace, lambda read, ids, _: edits.set_status(read, ids, status))
    if change is not None and goes_on:
        go_next(workspace)


def _on_hairs(
    workspace: Workspace,
    make: Callable[[Read, frozenset[int], Calibration | None], Patch],
    select: Callable[[Patch], Selection] | None = None,
) -> ChangeSet | None:
    """Make a correction of the selected hairs, from the read, their ids and the image's scale."""
    image_id, hair_ids = workspace.selected_image, workspace.selected_hairs()
    if image_id is None or not hair_ids:
        workspace.tell(NO_HAIR)
        return None
    scale = _record(workspace, image_id).calibration
    return workspace.commit(image_id, lambda read: make(read, hair_ids, scale), select=select)


def _selection_of_unit(workspace: Workspace, patch: Patch, unit_id: int) -> Selection:
    """The merged unit where units were selected; the same hairs as before where hairs were."""
    before = workspace.selection
    if before.hair_ids:
        return Selection(patch.read_id, before.hair_ids)
    return Selection(patch.read_id, frozenset(), frozenset({unit_id}))


def _selected_read(workspace: Workspace) -> Read | None:
    """The read that something is selected in."""
    study, read_id = workspace.study, workspace.selection.read_id
    return None if study is None or read_id is None else study.reads.get(read_id)


def _record(workspace: Workspace, image_id: int) -> ImageRecord:
    assert workspace.study is not None
    return workspace.study.images[image_id]
