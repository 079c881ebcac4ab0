"""One hair and one unit as they are drawn: all that painting needs, worked out once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from analysis.detection import FloatArray
from analysis.measures import WidthClass, width_classes
from ui.view.boxes import Box
from ui.view.polygons import simplified
from workstation.model.hair import Hair, Status
from workstation.model.study import WidthCutoffs
from workstation.reviewing import is_doubtful

COARSEST = -5
"""Level of detail of lines at 1/32 of the image's size and smaller."""
TOLERANCE = 0.35
"""How far a simplified line may leave the true one, in view pixels."""


@dataclass(frozen=True, slots=True)
class Look:
    """What decides how a hair is drawn beside the hair itself."""

    um_per_px: float | None = None
    cutoffs: WidthCutoffs = field(default_factory=WidthCutoffs)
    doubtful_below: float = 0.5
    """A detected hair that nobody has judged is doubtful below this confidence."""


class Standing(StrEnum):
    """How sure it is that a hair counts: the way its line is drawn."""

    SURE = "sure"
    DOUBTFUL = "doubtful"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, eq=False)
class HairShape:
    """One hair as it is drawn. Lines are in image pixels."""

    hair: Hair
    width_class: WidthClass | None
    standing: Standing
    box: Box
    """Around the shaft, its width included."""
    _lines: dict[int, FloatArray] = field(default_factory=dict)
    _edges: list[FloatArray] = field(default_factory=list)

    def line_at(self, level: int) -> FloatArray:
        """The centreline, (V, 2), with the detail that a level shows; see `level_of`."""
        if level not in self._lines:
            simplify([self], level)
        return self._lines[level]

    def has(self, level: int) -> bool:
        """Whether the line of a level was worked out."""
        return level in self._lines

    @property
    def edges(self) -> list[FloatArray]:
        """The two edges of the shaft, (V, 2) each; none where no width is known."""
        if not self._edges:
            self._edges.extend(edges_of(self.hair))
        return self._edges


def level_of(scale: float) -> int:
    """The level of detail of lines at so many view pixels per image pixel: 0 for all, −1 for half as much, …"""
    return int(np.clip(np.floor(np.log2(scale)), COARSEST, 0))


def simplify(shapes: Iterable[HairShape], level: int) -> None:
    """Work out the lines of a level where they are missing, all together, which is much faster than one by one."""
    missing = [shape for shape in shapes if not shape.has(level)]
    lines = [shape.hair.vertices_px for shape in missing]
    if level < 0:
        lines = simplified(lines, TOLERANCE / 2 ** (level + 1))
    for shape, line in zip(missing, lines, strict=True):
        shape._lines[level] = line


def edges_of(hair: Hair) -> list[FloatArray]:
    """The two edges of a shaft, (V, 2) each, the width set by a reader kept everywhere; none where it is not known."""
    widths = hair.vertex_width_px
    if hair.width_is_set:
        widths = np.full(len(widths), hair.width_px)
    widths = np.where(np.isnan(widths), hair.width_px, widths)
    if not np.isfinite(widths).all():
        return []
    along = np.gradient(hair.vertices_px, axis=0)
    length = np.hypot(along[:, 0], along[:, 1])
    across = np.column_stack([-along[:, 1], along[:, 0]]) / np.where(length > 0, length, 1.0)[:, None]
    offset = across * (widths / 2)[:, None]
    return [hair.vertices_px - offset, hair.vertices_px + offset]


def hair_shapes(hairs: Iterable[Hair], look: Look) -> dict[int, HairShape]:
    """The shapes of hairs by their ids."""
    listed = list(hairs)
    width_um = np.array([h.width_px for h in listed], dtype=np.float64) * (look.um_per_px or np.nan)
    classes: list[WidthClass | None] = [None] * len(listed)
    limits = look.cutoffs.vellus_below_um, look.cutoffs.terminal_from_um
    for width_class, members in width_classes(width_um, *limits).items():
        for index in np.flatnonzero(members).tolist():
            classes[index] = width_class
    return {
        hair.id: HairShape(hair, width_class, standing_of(hair, look), box)
        for hair, width_class, box in zip(listed, classes, _boxes(listed), strict=True)
    }


def standing_of(hair: Hair, look: Look) -> Standing:
    """Whether a hair is rejected, doubtful, or neither."""
    if hair.status is Status.REJECTED:
        return Standing.REJECTED
    return Standing.DOUBTFUL if is_doubtful(hair, look.doubtful_below) else Standing.SURE


def _boxes(hairs: list[Hair]) -> list[Box]:
    """Around the shafts, their widths included."""
    if not hairs:
        return []
    points = np.concatenate([hair.vertices_px for hair in hairs])
    first = np.cumsum([0, *(len(hair.vertices_px) for hair in hairs[:-1])])
    half = np.nan_to_num(np.array([hair.width_px for hair in hairs], dtype=np.float64))[:, None] / 2
    low, high = np.minimum.reduceat(points, first) - half, np.maximum.reduceat(points, first) + half
    return [(left, top, right, bottom) for left, top, right, bottom in np.hstack([low, high]).tolist()]
