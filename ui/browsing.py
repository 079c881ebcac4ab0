"""Selecting without a pointer: everything, nothing, whole units, one hair after the other."""

import numpy as np

from ui.panels.doubtful import show_hair
from ui.workspace import Workspace
from workstation.entry import Selection
from workstation.model.read import Read
from workstation.model.study import ImageRecord

ROW_UM = 500.0
"""Height of the rows in which hairs are read."""
ROWS = 24
"""In an image without a scale."""


def reading_order(image: ImageRecord, read: Read) -> tuple[int, ...]:
    """The hairs of a read row by row, each row from left to right, by their roots."""
    row_px = image.height_px / ROWS if image.calibration is None else image.calibration.px(ROW_UM)
    ids = np.array(list(read.hairs), dtype=np.int64)
    x, y = read.columns.root_px.T
    return tuple(ids[np.lexsort((ids, x, np.floor(y / row_px)))].tolist())


def select_all(workspace: Workspace) -> None:
    """Select all hairs of the active image."""
    read = workspace.active_read
    if read is not None:
        workspace.select(Selection(read.id, frozenset(read.hairs)))


def select_none(workspace: Workspace) -> None:
    """Select nothing."""
    workspace.select(Selection())


def select_unit(workspace: Workspace) -> None:
    """Select the units of the selected hairs."""
    image_id = workspace.selected_image
    read = None if image_id is None else workspace.read(image_id)
    if read is None:
        workspace.tell("Select one or more hairs first.")
        return
    units = {read.hairs[i].unit_id for i in workspace.selected_hairs()} - {None}
    if units:
        workspace.select(Selection(read.id, frozenset(), frozenset(i for i in units if i is not None)))
    else:
        workspace.tell("The selected hairs are in no unit: their roots are not in the image.")


def next_hair(workspace: Workspace) -> None:
    """Select the next hair, row by row; after the last comes the first."""
    _step(workspace, 1)


def previous_hair(workspace: Workspace) -> None:
    """Select the previous hair; before the first comes the last."""
    _step(workspace, -1)


def _step(workspace: Workspace, step: int) -> None:
    image_id, study = workspace.active, workspace.study
    read = None if image_id is None else workspace.read(image_id)
    if image_id is None or study is None or read is None or not read.hairs:
        workspace.tell("There is no hair in the active image.")
        return
    order = reading_order(study.images[image_id], read)
    selected = [order.index(i) for i in workspace.selected_hairs()] if workspace.selected_image == image_id else []
    last = len(order) - 1
    place = (max(selected) if step > 0 else min(selected)) + step if selected else (0 if step > 0 else last)
    hair = read.hairs[order[place % len(order)]]
    workspace.select(Selection(read.id, frozenset({hair.id})))
    show_hair(workspace, image_id, hair)
