"""One follicular unit as it is drawn."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.detection import FloatArray
from ui.view.boxes import Box
from workstation.endpoints import measured_field
from workstation.model.hair import Hair
from workstation.model.read import Read


@dataclass(frozen=True, slots=True, eq=False)
class UnitShape:
    """One unit that has a hair that counts."""

    id: int
    hairs: tuple[Hair, ...]
    """Those that count."""
    roots_px: FloatArray
    """(M, 2)"""
    centre_px: FloatArray
    """(2,) mean of the roots."""
    away: FloatArray
    """(2,) off the shafts, of any length: where a number hides least."""
    spread_px: float
    """From the centre to the farthest root."""
    counted: bool
    """Whether its centre lies inside the field."""
    box: Box
    """Around its roots."""

    @property
    def n_hairs(self) -> int:
        """How many of its hairs count."""
        return len(self.hairs)


def unit_shapes(read: Read, wanted: Iterable[int] | None = None) -> dict[int, UnitShape]:
    """The shapes of units by their ids; a unit without a hair that counts has none.

    Args:
        read: the read.
        wanted: of these units alone; of all if None.
    """
    only = None if wanted is None else frozenset(wanted)
    members: dict[int, list[Hair]] = {}
    for hair in read.hairs.values():
        if hair.unit_id is not None and (only is None or hair.unit_id in only) and hair.counts:
            members.setdefault(hair.unit_id, []).append(hair)
    if not members:
        return {}
    roots = {i: np.array([h.vertices_px[0] for h in hairs]) for i, hairs in members.items()}
    centres = np.array([root.mean(axis=0) for root in roots.values()])
    counted = measured_field(read.field).contains(centres)
    return {
        unit_id: _shape(unit_id, hairs, roots[unit_id], centre, bool(inside))
        for (unit_id, hairs), centre, inside in zip(members.items(), centres, counted, strict=True)
    }


def _shape(unit_id: int, hairs: list[Hair], roots: FloatArray, centre: FloatArray, counted: bool) -> UnitShape:
    tips = np.array([h.vertices_px[-1] for h in hairs])
    xs, ys = roots.T.tolist()
    box = (min(xs), min(ys), max(xs), max(ys))
    spread = max(math.dist(root, centre) for root in roots.tolist())
    return UnitShape(unit_id, tuple(hairs), roots, centre, centre - tips.mean(axis=0), spread, counted, box)


def same_units(before: Mapping[int, UnitShape], after: Mapping[int, UnitShape]) -> frozenset[int]:
    """The ids of the units that look the same in both."""
    return frozenset(i for i, shape in after.items() if i in before and _alike(before[i], shape))


def _alike(one: UnitShape, other: UnitShape) -> bool:
    if one is other:
        return True
    same_hairs = len(one.hairs) == len(other.hairs) and all(a is b for a, b in zip(one.hairs, other.hairs, strict=True))
    return same_hairs and one.counted == other.counted
