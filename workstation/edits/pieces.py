"""Cutting one hair into two, and joining two pieces of one hair."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from analysis.calibration import Calibration
from analysis.detection import FloatArray
from analysis.geometry import arc_length, arc_positions, cut, project
from workstation.edits.drafting import Draft, find_hair
from workstation.edits.grouping import UnitChoice, choose_unit
from workstation.edits.lines import arc_at, checked_line, piece, with_line
from workstation.edits.shape import End
from workstation.errors import EditRefused
from workstation.model.hair import Hair, Origin, Status, median_width_px
from workstation.model.patch import Patch
from workstation.model.read import Read
from workstation.model.validity import MIN_HAIR_LENGTH_PX

MAX_GAP_UM = 1000.0
"""Pieces farther apart than this are not taken for one hair: a glare spot or a crossing hides less."""
MAX_TURN_DEG = 90.0
"""A hair does not turn back on itself where two pieces meet."""

Piece = tuple[FloatArray, FloatArray]
"""(V, 2) vertices and (V,) widths."""


def split_hair(
    read: Read,
    hair_id: int,
    at: float | ArrayLike,
    *,
    unit: int | UnitChoice = UnitChoice.NEAREST,
    calibration: Calibration | None = None,
) -> Patch:
    """Cut a hair in two: the piece with the root keeps id, unit and comment, the other is a new hair.

    The new hair's root is the cut, and is visible. Each piece keeps the widths of its vertices; a width set by hand
    holds for both.

    Args:
        read: the read.
        hair_id: the hair.
        at: where: an arc position in pixels from the root, or a point (2,) whose nearest place is taken.
        unit: the new hair's unit; by default the nearest within 0.25 mm of the cut, else a new one.
        calibration: the image's scale; without one, the nearest unit cannot be told and a new one is made.

    Raises:
        EditRefused: if the hair or the unit does not exist, or a piece would be too short.
    """
    hair = find_hair(read, hair_id)
    arc, length = arc_at(hair, at), arc_length(hair.vertices_px)
    if min(arc, length - arc) < MIN_HAIR_LENGTH_PX:
        raise EditRefused(
            f"a piece would be shorter than {MIN_HAIR_LENGTH_PX:g} px", remedy="Split the hair farther from its ends."
        )
    draft = Draft(read)
    near, far = with_line(hair, *piece(hair, 0.0, arc)), with_line(hair, *piece(hair, arc, length))
    far_id = draft.new_id()
    unit_id = choose_unit(draft, far.root_px, unit, calibration)
    draft.put(near, replace(far, id=far_id, unit_id=unit_id, root_visible=True, comment=""))
    return draft.patch("split hair")


def join_hairs(
    read: Read,
    first_id: int,
    second_id: int,
    *,
    first_end: End | None = None,
    second_end: End | None = None,
    calibration: Calibration | None = None,
) -> Patch:
    """Join two pieces of one hair by a straight bridge; where they overlap, the overlap is taken out.

    The joined hair keeps the first one's id. Its root is the free end that was a root, the first hair's where both
    were, and the first hair's free end where none was; its unit comes with the root. It keeps a width set by hand,
    the first one's before the second's, and both comments.

    Args:
        read: the read.
        first_id: the hair that stays.
        second_id: the hair that goes into it.
        first_end: at which end of the first to join; None: at those two ends that are nearest to each other.
        second_end: at which end of the second.
        calibration: the image's scale, for the longest gap of 1 mm.

    Raises:
        EditRefused: if a hair does not exist, both are the same, the gap is longer than 1 mm or than both hairs
            together, or the hair would turn by more than 90° where they meet.
    """
    first, second = find_hair(read, first_id), find_hair(read, second_id)
    if first_id == second_id:
        raise EditRefused("a hair cannot be joined with itself", remedy="Select two hairs.")
    ends = _nearest_ends(first, second, first_end, second_end)
    line, widths = _bridged(_ending_at(first, ends[0]), _starting_at(second, ends[1]), calibration)
    root_of = first
    if ends == (End.ROOT, End.TIP):
        root_of, line, widths = second, line[::-1], widths[::-1]
    line, widths = checked_line(line, widths)
    both = (first, second)
    set_by_hand = next((hair for hair in both if hair.width_is_set), None)
    joined = replace(
        with_line(first, line, widths),
        unit_id=root_of.unit_id,
        root_visible=root_of.root_visible,
        width_is_set=set_by_hand is not None,
        width_px=median_width_px(widths) if set_by_hand is None else set_by_hand.width_px,
        confidence=max(hair.confidence for hair in both),
        origin=Origin.ADDED if all(hair.origin is Origin.ADDED for hair in both) else Origin.EDITED,
        status=Status.REJECTED if all(hair.status is Status.REJECTED for hair in both) else Status.ACCEPTED,
        comment="; ".join(hair.comment for hair in both if hair.comment),
    )
    draft = Draft(read)
    draft.put(joined)
    draft.delete(second)
    return draft.patch("join hairs")


def _ending_at(hair: Hair, end: End) -> Piece:
    step = 1 if end is End.TIP else -1
    return hair.vertices_px[::step], hair.vertex_width_px[::step]


def _starting_at(hair: Hair, end: End) -> Piece:
    line, widths = _ending_at(hair, end)
    return line[::-1], widths[::-1]


def _nearest_ends(first: Hair, second: Hair, first_end: End | None, second_end: End | None) -> tuple[End, End]:
    place = {End.ROOT: 0, End.TIP: -1}
    pairs = [
        (a, b)
        for a in ((first_end,) if first_end else (End.TIP, End.ROOT))
        for b in ((second_end,) if second_end else (End.ROOT, End.TIP))
    ]
    gaps = [np.hypot(*(first.vertices_px[place[a]] - second.vertices_px[place[b]])) for a, b in pairs]
    return pairs[int(np.argmin(gaps))]


def _bridged(first: Piece, second: Piece, calibration: Calibration | None) -> Piece:
    """Two pieces as one, the end of the first leading to the start of the second."""
    first = _without_overlap(first, second[0][0])
    gap_px = float(np.hypot(*(second[0][0] - first[0][-1])))
    if gap_px > arc_length(first[0]) + arc_length(second[0]) or (calibration and calibration.um(gap_px) > MAX_GAP_UM):
        raise EditRefused("the hairs are too far apart to be one", remedy="Extend one of them first.")
    turn = _turn_deg(first[0][-1] - first[0][-2], second[0][1] - second[0][0])
    if turn > MAX_TURN_DEG:
        raise EditRefused(
            f"the hair would turn by {turn:.0f}° where they meet", remedy="Join other ends, or trim one of them first."
        )
    return np.vstack([first[0], second[0]]), np.concatenate([first[1], second[1]])


def _without_overlap(first: Piece, start_px: FloatArray) -> Piece:
    """The first piece up to where the second one, which starts at a point (2,), has reached it.

    More than half of it is never taken: then the pieces lie side by side and do not follow each other.
    """
    line, widths = first
    arc, length = project(start_px, line).arc_px, arc_length(line)
    if arc >= length or arc < max(length / 2, MIN_HAIR_LENGTH_PX):
        return first
    kept = cut(line, 0.0, arc)
    end_width = np.interp(arc, arc_positions(line), widths)
    return kept, np.concatenate([widths[: len(kept) - 1], [end_width]])


def _turn_deg(before: FloatArray, after: FloatArray) -> float:
    cross = before[0] * after[1] - before[1] * after[0]
    return abs(float(np.degrees(np.arctan2(cross, before @ after))))
