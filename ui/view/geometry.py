"""All of a read as it is drawn. After an edit only what changed is worked out anew."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from analysis.detection import FloatArray, IntArray
from ui.view.boxes import Box, meeting
from ui.view.hair_shapes import HairShape, Look, hair_shapes
from ui.view.unit_shapes import UnitShape, same_units, unit_shapes
from workstation.model.read import Read

Shape = TypeVar("Shape", HairShape, UnitShape)


@dataclass(frozen=True, eq=False)
class ReadGeometry:
    """The shapes of one read."""

    read: Read
    look: Look
    hairs: Mapping[int, HairShape]
    """In the order of the read's hairs."""
    units: Mapping[int, UnitShape]

    @classmethod
    def of(cls, read: Read, look: Look, before: "ReadGeometry | None" = None) -> "ReadGeometry":
        """The geometry of a read, out of the one before an edit as far as that goes.

        A hair never changes in place, so one that is the same object looks the same.
        """
        if before is None or before.look != look:
            return cls(read, look, hair_shapes(read.hairs.values(), look), unit_shapes(read))
        if before.read is read:
            return before
        known = before.hairs
        other = [h for i, h in read.hairs.items() if i not in known or known[i].hair is not h]
        gone = [shape.hair for i, shape in known.items() if i not in read.hairs]
        made = hair_shapes(other, look)
        hairs = {i: made[i] if i in made else known[i] for i in read.hairs}
        if read.field is not before.read.field:
            return cls(read, look, hairs, unit_shapes(read))
        were = [known[h.id].hair for h in other if h.id in known]
        touched = {h.unit_id for h in (*other, *gone, *were) if h.unit_id is not None}
        units = {i: shape for i, shape in before.units.items() if i not in touched} | unit_shapes(read, touched)
        return cls(read, look, hairs, units)

    @cached_property
    def boxes(self) -> FloatArray:
        """(N, 4) left, top, right, bottom of every hair, in their order."""
        return np.array([shape.box for shape in self.hairs.values()], dtype=np.float64).reshape(-1, 4)

    @cached_property
    def unit_boxes(self) -> FloatArray:
        """(M, 4) of every unit."""
        return np.array([shape.box for shape in self.units.values()], dtype=np.float64).reshape(-1, 4)

    @cached_property
    def usual_width_px(self) -> float:
        """The median of the hairs' widths; NaN where none is known."""
        width_px = np.array([shape.hair.width_px for shape in self.hairs.values()], dtype=np.float64)
        return float(np.median(width_px[~np.isnan(width_px)])) if (~np.isnan(width_px)).any() else float("nan")

    @cached_property
    def hairs_per_px2(self) -> float:
        """How dense the hairs are over the region that they fill."""
        if not len(self.boxes):
            return 0.0
        low, high = self.boxes[:, :2].min(axis=0), self.boxes[:, 2:].max(axis=0)
        return len(self.boxes) / max(float(np.prod(high - low)), 1.0)

    @cached_property
    def unit_spacing_px(self) -> float:
        """How far apart the units of the field are, roughly; infinite where there are none."""
        area_px2 = float(np.prod(np.ptp(self.read.field.polygon_px, axis=0)))
        return math.sqrt(area_px2 / len(self.units)) if self.units else math.inf

    def hairs_in(self, box: Box) -> list[HairShape]:
        """The hairs whose boxes meet a box."""
        return _chosen(self._hair_list, meeting(self.boxes, box))

    def units_in(self, box: Box) -> list[UnitShape]:
        """The units whose boxes meet a box."""
        return _chosen(self._unit_list, meeting(self.unit_boxes, box))

    @cached_property
    def _hair_list(self) -> list[HairShape]:
        return list(self.hairs.values())

    @cached_property
    def _unit_list(self) -> list[UnitShape]:
        return list(self.units.values())


def _chosen(shapes: list[Shape], which: IntArray) -> list[Shape]:
    return shapes if len(which) == len(shapes) else [shapes[i] for i in which.tolist()]


def changed_boxes(before: ReadGeometry | None, after: ReadGeometry | None) -> list[Box] | None:
    """Around all that looks otherwise, before and after; None where that is everything."""
    if before is after:
        return []
    if before is None or after is None or before.look != after.look or before.read.field != after.read.field:
        return None
    boxes = []
    for old, new in ((before.hairs, after.hairs), (after.hairs, before.hairs)):
        boxes += [shape.box for i, shape in new.items() if old.get(i) is not shape]
    same = same_units(before.units, after.units)
    for units in (before.units, after.units):
        boxes += [shape.box for i, shape in units.items() if i not in same]
    return boxes
