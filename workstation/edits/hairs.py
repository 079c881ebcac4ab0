"""Adding and deleting hairs, and what a reader says of them: verdict, width, comment, whether the root is visible."""

import math
from collections.abc import Iterable
from dataclasses import replace

from numpy.typing import ArrayLike

from analysis.calibration import Calibration
from workstation.edits.drafting import Draft, clean_text, corrected, find_hairs
from workstation.edits.grouping import Centres, UnitChoice, choose_unit
from workstation.edits.lines import checked_line
from workstation.errors import EditRefused
from workstation.model.hair import Hair, Origin, Status, frozen_array, median_width_px
from workstation.model.patch import Patch
from workstation.model.read import Read

_VERDICTS = {
    Status.ACCEPTED: "accept hairs",
    Status.REJECTED: "reject hairs",
    Status.UNREVIEWED: "reset hairs to unreviewed",
}


def add_hair(
    read: Read,
    path_px: ArrayLike,
    *,
    vertex_width_px: ArrayLike | None = None,
    unit: int | UnitChoice = UnitChoice.NEAREST,
    calibration: Calibration | None = None,
    root_visible: bool = True,
) -> Patch:
    """A hair that the detection missed.

    Args:
        read: the read.
        path_px: (V, 2) from root to tip; root and tip alone are enough.
        vertex_width_px: (V,) measured widths, NaN where unknown; None: not measured.
        unit: its follicular unit; by default the nearest within 0.25 mm of the root, else a new one.
        calibration: the image's scale; without one, the nearest unit cannot be told and a new one is made.
        root_visible: false where the hair enters from outside; it then belongs to no unit.

    Raises:
        EditRefused: if the path is no line or too short, a width is not positive, or the unit does not exist.
    """
    line, widths = checked_line(path_px, vertex_width_px)
    draft = Draft(read)
    hair_id = draft.new_id()
    draft.put(
        Hair(
            id=hair_id,
            unit_id=choose_unit(draft, line[0], unit, calibration) if root_visible else None,
            vertices_px=frozen_array(line, 2),
            vertex_width_px=frozen_array(widths),
            width_px=median_width_px(widths),
            width_is_set=False,
            confidence=1.0,
            origin=Origin.ADDED,
            status=Status.ACCEPTED,
            root_visible=root_visible,
        )
    )
    return draft.patch("add hair")


def delete_hairs(read: Read, hair_ids: Iterable[int]) -> Patch:
    """Take hairs out of the read, and units that lose their last one.

    Raises:
        EditRefused: if a hair does not exist or none is given.
    """
    draft = Draft(read)
    draft.delete(*find_hairs(read, hair_ids))
    return draft.patch("delete hairs")


def set_status(read: Read, hair_ids: Iterable[int], status: Status) -> Patch:
    """Accept hairs, reject them, or take the verdict back. A rejected hair stays and counts nowhere.

    Raises:
        EditRefused: if a hair does not exist or none is given.
        NothingToDo: if all have this status.
    """
    draft = Draft(read)
    draft.put(*(replace(hair, status=status) for hair in find_hairs(read, hair_ids)))
    return draft.patch(_VERDICTS[status])


def set_width(read: Read, hair_ids: Iterable[int], width_px: float) -> Patch:
    """Set the width of hairs by hand. It stands, whatever happens to the line, until it is reset.

    Raises:
        EditRefused: if the width is not positive, or a hair does not exist or none is given.
        NothingToDo: if all have this width by hand.
    """
    if not (math.isfinite(width_px) and width_px > 0):
        raise EditRefused(f"a width must be positive, not {width_px:g} px")
    draft = Draft(read)
    draft.put(*(corrected(h, width_px=float(width_px), width_is_set=True) for h in find_hairs(read, hair_ids)))
    return draft.patch("set width")


def reset_width(read: Read, hair_ids: Iterable[int]) -> Patch:
    """Give hairs their measured width back: the median over their vertices, none where none was measured.

    Raises:
        EditRefused: if a hair does not exist or none is given.
        NothingToDo: if no width was set by hand.
    """
    draft = Draft(read)
    for hair in find_hairs(read, hair_ids):
        draft.put(corrected(hair, width_px=median_width_px(hair.vertex_width_px), width_is_set=False))
    return draft.patch("reset width")


def comment_hairs(read: Read, hair_ids: Iterable[int], comment: str) -> Patch:
    """Write a comment on hairs in place of the one they had; an empty one takes it away.

    Raises:
        EditRefused: if a hair does not exist or none is given, or the text cannot be stored.
        NothingToDo: if all have this comment.
    """
    text = clean_text(comment)
    draft = Draft(read)
    draft.put(*(replace(hair, comment=text) for hair in find_hairs(read, hair_ids)))
    return draft.patch("comment on hairs")


def set_root_visible(
    read: Read, hair_ids: Iterable[int], visible: bool, *, calibration: Calibration | None = None
) -> Patch:
    """Say whether the roots of hairs are in the image.

    A hair whose root is not leaves its unit and counts in no endpoint. One whose root is joins the nearest unit within
    0.25 mm, else a new one; roots that become visible together may share it.

    Raises:
        EditRefused: if a hair does not exist or none is given.
        NothingToDo: if it is so already.
    """
    draft = Draft(read)
    hairs = [hair for hair in find_hairs(read, hair_ids) if hair.root_visible is not visible]
    if not visible:
        draft.put(*(corrected(hair, root_visible=False, unit_id=None) for hair in hairs))
        return draft.patch("set root invisible")
    centres = Centres(read.columns, calibration)
    for hair in hairs:
        unit_id = centres.nearest(hair.root_px)
        if unit_id is None:
            unit_id = draft.new_unit()
            centres.add(unit_id, hair.root_px)
        draft.put(corrected(hair, root_visible=True, unit_id=unit_id))
    return draft.patch("set root visible")
