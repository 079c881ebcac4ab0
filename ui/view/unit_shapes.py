"""One follicular unit as it is drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter

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
    own = [
        (h.unit_id, h)
        for h in read.hairs.values()
        if h.unit_id is not None and (only is None or h.unit_id in only) and h.counts
    ]
    hairs = [hair for _, hair in sorted(own, key=itemgetter(0))]
    if not hairs:
        return {}
    roots = np.array([hair.vertices_px[0] for hair in hairs])
    tips = np.array([hair.vertices_px[-1] for hair in hairs])
    unit = np.array([hair.unit_id for hair in hairs], dtype=np.int64)
    first = np.flatnonzero(np.diff(unit, prepend=-1))
    n_hairs = np.diff(first, append=len(hairs))
    centres = np.add.reduceat(roots, first) / n_hairs[:, None]
    away = centres - np.add.reduceat(tips, first) / n_hairs[:, None]
    spread = np.maximum.reduceat(np.hypot(*(roots - np.repeat(centres, n_hairs, axis=0)).T), first)
    boxes = np.hstack([np.minimum.reduceat(roots, first), np.maximum.reduceat(roots, first)])
    counted = measured_field(read.field).contains(centres)
    return {
        unit_id: UnitShape(unit_id, tuple(hairs[i:k]), roots[i:k], centre, off, far, inside, tuple(box))
        for unit_id, i, k, centre, off, far, inside, box in zip(
            unit[first].tolist(), first.tolist(), (first + n_hairs).tolist(), centres, away,
            spread.tolist(), counted.tolist(), boxes.tolist(), strict=True,
        )
    }  # fmt: skip


def same_units(before: Mapping[int, UnitShape], after: Mapping[int, UnitShape]) -> frozenset[int]:
    """The ids of the units that look the same in both."""
    return frozenset(i for i, shape in after.items() if i in before and _alike(before[i], shape))


def _alike(one: UnitShape, other: UnitShape) -> bool:
    if one is other:
        return True
    same_hairs = len(one.hairs) == len(other.hairs) and all(a is b for a, b in zip(one.hairs, other.hairs, strict=True))
    return same_hairs and one.counted == other.counted
