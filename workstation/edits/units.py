"""Grouping hairs into follicular units. A unit is nothing but its hairs: one that loses its last hair vanishes."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from workstation.edits.drafting import Draft, clean_text, find_hairs, find_unit
from workstation.edits.lines import checked_line, checked_point, with_line
from workstation.errors import EditRefused
from workstation.model.hair import Hair, Unit
from workstation.model.patch import Patch
from workstation.model.read import Read


def put_into_unit(read: Read, hair_ids: Iterable[int], unit_id: int | None) -> Patch:
    """Put hairs into a unit.

    Args:
        read: the read.
        hair_ids: the hairs.
        unit_id: the unit; None: a new one for all of them.

    Raises:
        EditRefused: if a hair or the unit does not exist, none is given, or a hair's root is not visible.
        NothingToDo: if all are in that unit, or alone in one where a new one is asked for.
    """
    hairs = _grouped(find_hairs(read, hair_ids))
    draft = Draft(read)
    if unit_id is None:
        _refuse_same_group(read, hairs)
        target = draft.new_unit()
    else:
        target = find_unit(read, unit_id).id
    draft.put(*(replace(hair, unit_id=target) for hair in hairs))
    return draft.patch("put into unit" if unit_id is not None else "make unit")


def merge_units(read: Read, unit_ids: Iterable[int]) -> Patch:
    """Make several units one: the one with the lowest id stays, with all hairs and all comments.

    Raises:
        EditRefused: if a unit does not exist or fewer than two are given.
    """
    units = [find_unit(read, unit_id) for unit_id in sorted(set(unit_ids))]
    if len(units) < 2:
        raise EditRefused("merging needs at least two units", remedy="Select two or more units first.")
    kept, gone = units[0], {unit.id for unit in units[1:]}
    draft = Draft(read)
    draft.put(replace(kept, comment="; ".join(unit.comment for unit in units if unit.comment)))
    draft.put(*(replace(hair, unit_id=kept.id) for hair in read.hairs.values() if hair.unit_id in gone))
    return draft.patch("merge units")


def split_unit(read: Read, unit_id: int, hair_ids: Iterable[int]) -> Patch:
    """Part a unit: the given hairs leave it and make a new one.

    Raises:
        EditRefused: if the unit or a hair does not exist, a hair is not of this unit, or none would stay.
    """
    unit = find_unit(read, unit_id)
    leaving = find_hairs(read, hair_ids)
    for hair in leaving:
        if hair.unit_id != unit.id:
            raise EditRefused(f"hair {hair.id} is not of unit {unit.id}")
    if len(leaving) == len(read.hairs_of(unit.id)):
        raise EditRefused(f"no hair would stay in unit {unit.id}", remedy="Select some of its hairs, not all.")
    draft = Draft(read)
    new_id = draft.new_unit()
    draft.put(*(replace(hair, unit_id=new_id) for hair in leaving))
    return draft.patch("split unit")


def move_unit(read: Read, unit_id: int, centre_px: ArrayLike) -> Patch:
    """Move a unit's centre, the mean of the roots of its hairs that count: all its roots move by the same step.

    The shafts stay where they are. Where all hairs of the unit are rejected, the mean is over all of them.

    Raises:
        EditRefused: if the unit does not exist, or a hair would become too short.
        NothingToDo: if its centre is there already.
    """
    hairs = read.hairs_of(find_unit(read, unit_id).id)
    counting = [hair for hair in hairs if hair.counts] or hairs
    step = checked_point(centre_px) - np.mean([hair.root_px for hair in counting], axis=0)
    draft = Draft(read)
    for hair in hairs:
        path = np.vstack([hair.root_px + step, hair.vertices_px[1:]])
        draft.put(with_line(hair, *checked_line(path, hair.vertex_width_px)))
    return draft.patch("move unit")


def comment_unit(read: Read, unit_id: int, comment: str) -> Patch:
    """Write a comment on a unit in place of the one it had; an empty one takes it away.

    Raises:
        EditRefused: if the unit does not exist or the text cannot be stored.
        NothingToDo: if it has this comment.
    """
    draft = Draft(read)
    draft.put(Unit(find_unit(read, unit_id).id, clean_text(comment)))
    return draft.patch("comment on unit")


def _grouped(hairs: list[Hair]) -> list[Hair]:
    for hair in hairs:
        if not hair.root_visible:
            raise EditRefused(
                f"the root of hair {hair.id} is not visible, so it can be in no unit",
                remedy="Mark its root as visible first.",
            )
    return hairs


def _refuse_same_group(read: Read, hairs: list[Hair]) -> None:
    """A new unit in the place of one with the very same hairs would change nothing but an id."""
    units = {hair.unit_id for hair in hairs}
    if len(units) == 1 and all(len(read.hairs_of(i)) == len(hairs) for i in units if i is not None):
        raise EditRefused("these hairs are a unit of their own already")
