"""The measured region of an image and what is left out of it."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely

from analysis.detection import FloatArray
from workstation.model.hair import frozen_array


class FieldShape(StrEnum):
    """How the field's outline was drawn: the rule by which its area is taken is always the polygon's own area."""

    IMAGE = "image"
    RECTANGLE = "rectangle"
    CIRCLE = "circle"
    POLYGON = "polygon"
    DETECTED = "detected"


class ExclusionCause(StrEnum):
    """Why a region is left out."""

    GLARE = "glare"
    BUBBLE = "bubble"
    TATTOO = "tattoo"
    TEXT = "text"
    PAINTED = "painted"
    OTHER = "other"


@dataclass(frozen=True, slots=True, eq=False)
class Exclusion:
    """A region that does not count."""

    id: int
    """Unique among the exclusions of one read, never used again."""
    polygon_px: FloatArray
    """(M, 2), not closed, read-only."""
    cause: ExclusionCause

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Exclusion):
            return NotImplemented
        return (self.id, self.cause) == (other.id, other.cause) and np.array_equal(self.polygon_px, other.polygon_px)

    def __hash__(self) -> int:
        return hash((self.id, self.cause, _start(self.polygon_px)))


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """The measured region: a polygon less its exclusions."""

    shape: FieldShape
    polygon_px: FloatArray
    """(K, 2), not closed, read-only."""
    exclusions: tuple[Exclusion, ...] = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Field):
            return NotImplemented
        return (
            self.shape is other.shape
            and np.array_equal(self.polygon_px, other.polygon_px)
            and self.exclusions == other.exclusions
        )

    def __hash__(self) -> int:
        return hash((self.shape, self.exclusions, _start(self.polygon_px)))

    @classmethod
    def whole_image(cls, width_px: int, height_px: int) -> "Field":
        """The field that covers the whole image: its outline runs along the outer edge of the border pixels."""
        left, top, right, bottom = -0.5, -0.5, width_px - 0.5, height_px - 0.5
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        return cls(FieldShape.IMAGE, frozen_array(corners, 2))

    def region(self) -> shapely.Geometry:
        """The measured region as a (multi)polygon in pixels, exclusions cut out."""
        outline = shapely.Polygon(self.polygon_px)
        if not self.exclusions:
            return outline
        return outline.difference(shapely.union_all([shapely.Polygon(e.polygon_px) for e in self.exclusions]))


def _start(polygon_px: FloatArray) -> tuple[object, ...]:
    """Enough of an outline for a hash: the exclusions of many images have the same few numbers and causes."""
    return len(polygon_px), *polygon_px[:1].ravel().tolist()
