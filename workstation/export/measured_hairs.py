"""The hairs of a read with what is computed of each: all of a read at once, for a study has a million."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from analysis.detection import FloatArray
from analysis.measures import width_classes
from workstation.endpoints import counted_hairs, known, um_per_px
from workstation.model.hair import Hair
from workstation.model.read import Read
from workstation.model.study import Study


@dataclass(frozen=True, slots=True)
class MeasuredHair:
    """A hair, its class and its measures. None where one is not known."""

    hair: Hair
    class_: str | None
    width_um: float | None
    length_px: float
    length_um: float | None
    counted: bool
    """It counts, and its root lies inside the field."""


def measured_hairs(study: Study, read: Read) -> Iterator[MeasuredHair]:
    """The hairs of a read by id, rejected ones too."""
    hairs = [hair for _, hair in sorted(read.hairs.items())]
    scale = um_per_px(study.images[read.image_id])
    um = float("nan") if scale is None else scale
    width_um = np.array([hair.width_px for hair in hairs], dtype=np.float64) * um
    length_px = lengths_px([hair.vertices_px for hair in hairs])
    masks = width_classes(width_um, study.cutoffs.vellus_below_um, study.cutoffs.terminal_from_um)
    classes = np.select(list(masks.values()), [str(name) for name in masks], default="").tolist()
    counted = counted_hairs(read)
    columns = (classes, width_um.tolist(), length_px.tolist(), (length_px * um).tolist())
    for hair, class_, width, length, length_um in zip(hairs, *columns, strict=True):
        yield MeasuredHair(hair, class_ or None, known(width), length, known(length_um), counted[hair.id])


def lengths_px(lines: Iterable[FloatArray]) -> FloatArray:
    """The length of each line (P, 2) in pixels, (N,)."""
    listed = list(lines)
    if not listed:
        return np.empty(0)
    points = np.concatenate(listed)
    first = np.cumsum([0, *(len(line) for line in listed[:-1])])
    steps = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
    steps[first] = 0.0  # no line leads on from the one before
    lengths: FloatArray = np.add.reduceat(steps, first)
    return lengths
