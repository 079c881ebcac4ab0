"""One hair and one follicular unit, as one reader sees them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

import numpy as np

from analysis.detection import FloatArray
from analysis.measures import HairColumns
from analysis.measures.counts import NO_UNIT


class Origin(StrEnum):
    """How a hair came into a read."""

    DETECTED = "detected"
    EDITED = "edited"
    ADDED = "added"


class Status(StrEnum):
    """A reader's verdict on a hair. A rejected hair is kept and counts nowhere."""

    UNREVIEWED = "unreviewed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


_REJECTED = Status.REJECTED
"""Found faster here than on its class, which counts where it is asked of every hair after every edit."""


def frozen_array(values: object, columns: int | None = None) -> FloatArray:
    """A read-only float64 copy, (V,) or with `columns` (V, columns)."""
    array = np.array(values, dtype=np.float64).reshape((-1,) if columns is None else (-1, columns))
    array.flags.writeable = False
    return array


def median_width_px(vertex_width_px: FloatArray) -> float:
    """The median of the measured widths (V,); NaN where none was measured."""
    measured = vertex_width_px[~np.isnan(vertex_width_px)]
    # of a handful of numbers many times faster than numpy's
    return median(measured.tolist()) if measured.size else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Hair:
    """A shaft with its root first. Equal when every field is equal, NaN widths included."""

    id: int
    """Unique among the hairs and units of one read, never used again."""
    unit_id: int | None
    """The follicular unit; None only where the root is not visible."""
    vertices_px: FloatArray
    """(V, 2), V ≥ 2, root first, read-only."""
    vertex_width_px: FloatArray
    """(V,) full width at each vertex, read-only; NaN where it was not measured."""
    width_px: float
    """The width that counts: the median of the measured ones, or what the reader set; NaN if neither."""
    width_is_set: bool
    """The reader set the width by hand; reshaping keeps it."""
    confidence: float
    """Probability, 0 to 1, that the hair is there and right; 1 for one that a reader added."""
    origin: Origin
    status: Status
    root_visible: bool
    """False where the hair enters from outside the field of view; it then counts in no endpoint."""
    comment: str = ""

    @property
    def root_px(self) -> FloatArray:
        """(2,) where the shaft leaves the skin."""
        root: FloatArray = self.vertices_px[0]
        return root

    @property
    def tip_px(self) -> FloatArray:
        """(2,) the free end."""
        tip: FloatArray = self.vertices_px[-1]
        return tip

    @property
    def counts(self) -> bool:
        """Whether the hair may count in an endpoint: not rejected, and its root is in the image."""
        return self.root_visible and self.status is not _REJECTED

    def _scalars(self) -> tuple[object, ...]:
        return (
            self.id, self.unit_id, self.width_is_set, self.confidence, self.origin, self.status,
            self.root_visible, self.comment,
        )  # fmt: skip

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Hair):
            return NotImplemented
        return (
            self._scalars() == other._scalars()
            and np.array_equal(self.vertices_px, other.vertices_px)
            and np.array_equal(self.vertex_width_px, other.vertex_width_px, equal_nan=True)
            and np.array_equal(self.width_px, other.width_px, equal_nan=True)
        )

    def __hash__(self) -> int:
        return hash(self._scalars())


@dataclass(frozen=True, slots=True)
class Unit:
    """A follicular unit. Its hairs name it; its centre is the mean of their roots and is never stored."""

    id: int
    """Unique among the hairs and units of one read, never used again."""
    comment: str = ""


def columns_of(hairs: Iterable[Hair]) -> HairColumns:
    """Hairs as columns, in the order given."""
    listed = list(hairs)
    return HairColumns(
        root_px=np.array([h.vertices_px[0] for h in listed], dtype=np.float64).reshape(-1, 2),
        width_px=np.array([h.width_px for h in listed], dtype=np.float64),
        unit=np.array([NO_UNIT if h.unit_id is None else h.unit_id for h in listed], dtype=np.int64),
        counts=np.array([h.counts for h in listed], dtype=np.bool_),
    )
