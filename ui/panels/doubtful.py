"""Going from one doubtful hair to the next, over all images that are shown."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from ui.messages import MessageKind
from ui.workspace import Workspace
from workstation.entry import Selection
from workstation.model.hair import Hair
from workstation.model.read import Read
from workstation.reviewing import ReviewQueue, review_goal

Way = Literal["after", "before"]
SURROUNDING_UM = 400.0
SURROUNDING_PX = 60.0
"""Where the image has no scale."""


def go_next(workspace: Workspace) -> bool:
    """Select the next doubtful hair and bring it into view; whether there is one, else the user is told."""
    return _go(workspace, "after")


def go_previous(workspace: Workspace) -> bool:
    """Select the previous doubtful hair and bring it into view; whether there is one, else the user is told."""
    return _go(workspace, "before")


def show_hair(workspace: Workspace, image_id: int, hair: Hair) -> None:
    """Bring a hair into view with some skin around it, always about as large."""
    study = workspace.study
    calibration = None if study is None else study.images[image_id].calibration
    margin_px = SURROUNDING_PX if calibration is None else calibration.px(SURROUNDING_UM)
    low, high = hair.vertices_px.min(axis=0) - margin_px, hair.vertices_px.max(axis=0) + margin_px
    workspace.reveal(image_id, [(float(low[0]), float(low[1])), (float(high[0]), float(high[1]))])


def show_selected(workspace: Workspace) -> None:
    """Bring the selected hairs into view."""
    image_id = workspace.selected_image
    read = None if image_id is None else workspace.read(image_id)
    if image_id is None or read is None:
        return
    hairs = [read.hairs[i] for i in workspace.selected_hairs() if i in read.hairs]
    if len(hairs) == 1:
        show_hair(workspace, image_id, hairs[0])
    elif hairs:
        points = np.concatenate([hair.vertices_px for hair in hairs])
        corners = points.min(axis=0), points.max(axis=0)
        workspace.reveal(image_id, [(float(x), float(y)) for x, y in corners])


def _go(workspace: Workspace, way: Way) -> bool:
    for below in (_doubtful_below, _needed_below):
        for image_id in _images_from_active(workspace):
            hair = _found(workspace, image_id, way, below)
            if hair is not None:
                read = workspace.read(image_id)
                assert read is not None
                workspace.select(Selection(read.id, frozenset({hair.id})))
                show_hair(workspace, image_id, hair)
                return True
    if workspace.active is not None:
        workspace.tell("No doubtful hair is left in the images shown.", MessageKind.NOTE)
    return False


def _doubtful_below(workspace: Workspace, _: Read) -> float:
    return workspace.settings.doubtful_below


def _needed_below(workspace: Workspace, read: Read) -> float:
    """Where no hair is doubtful any more, those are next that must be judged for the expected error to be small."""
    return review_goal(read, workspace.settings.error_below_percent).look_below


def _images_from_active(workspace: Workspace) -> tuple[int, ...]:
    if workspace.active is None:
        return ()
    start = workspace.shown.index(workspace.active)
    return workspace.shown[start:] + workspace.shown[:start]


def _found(workspace: Workspace, image_id: int, way: Way, below: Callable[[Workspace, Read], float]) -> Hair | None:
    read, study = workspace.read(image_id), workspace.study
    if read is None or study is None:
        return None
    queue = ReviewQueue.of(study.images[image_id], read, below(workspace, read))
    if not queue.places:
        return None
    here = [read.hairs[i] for i in sorted(workspace.selected_hairs())] if workspace.selected_image == image_id else []
    if here:
        found = getattr(queue, way)(here[0].root_px, here[0].id)
    elif workspace.cursor is not None and workspace.cursor.image_id == image_id:
        found = getattr(queue, way)(workspace.cursor.position_px)  # where a hair was just deleted, say
    else:
        found = queue.hair_ids[0 if way == "after" else -1]
    return read.hairs[found]
