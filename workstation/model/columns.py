"""Hairs and units as columns: how a file has them, and what is measured, checked and saved without an object a hair.

A study of 10,000 images has a million hairs. A read from a file keeps rows of the file's columns and makes `Hair` and
`Unit` objects when they are first asked for.
"""

from abc import abstractmethod
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, Sequence, ValuesView
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from analysis.detection import BoolArray, FloatArray, IntArray
from analysis.measures import HairColumns
from analysis.measures.counts import NO_UNIT
from workstation.model.hair import Hair, Origin, Status, Unit

ORIGINS, STATUSES = tuple(Origin), tuple(Status)
"""What the codes in the columns `origin` and `status` stand for."""
_DETECTED, _UNREVIEWED = ORIGINS.index(Origin.DETECTED), STATUSES.index(Status.UNREVIEWED)
_OF_HAIR = (
    "id", "unit", "n_vertices", "width_px", "width_is_set", "confidence", "origin", "status", "root_visible", "comment",
)  # fmt: skip
_OF_VERTEX = ("x_px", "y_px", "vertex_width_px")
Value = TypeVar("Value", Hair, Unit)


@dataclass(frozen=True, slots=True, eq=False)
class HairTable:
    """N hairs with V points in all, read-only, the points of one hair after those of the one before."""

    id: IntArray
    unit: IntArray
    """(N,) `NO_UNIT` for a hair of no unit."""
    n_vertices: IntArray
    width_px: FloatArray
    width_is_set: BoolArray
    confidence: FloatArray
    origin: NDArray[np.uint8]
    """(N,) index in `ORIGINS`."""
    status: NDArray[np.uint8]
    """(N,) index in `STATUSES`."""
    root_visible: BoolArray
    comment: NDArray[np.object_]
    """(N,) texts."""
    x_px: FloatArray
    """(V,) as are the two after it."""
    y_px: FloatArray
    vertex_width_px: FloatArray

    def __len__(self) -> int:
        return len(self.id)

    @property
    def first_vertex(self) -> IntArray:
        """(N,) where the points of each hair begin."""
        first: IntArray = np.cumsum(self.n_vertices) - self.n_vertices
        return first

    def rows(self, hairs: slice, vertices: slice) -> "HairTable":
        """Some of the hairs, one after the other, and their points."""
        return HairTable(
            *(getattr(self, name)[hairs] for name in _OF_HAIR), *(getattr(self, name)[vertices] for name in _OF_VERTEX)
        )

    def taken(self, order: IntArray) -> "HairTable":
        """The hairs in another order."""
        n = self.n_vertices[order]
        points = np.repeat(self.first_vertex[order] - (np.cumsum(n) - n), n) + np.arange(n.sum())
        return HairTable(
            *(getattr(self, name)[order] for name in _OF_HAIR), *(getattr(self, name)[points] for name in _OF_VERTEX)
        )

    def by_id(self) -> "HairTable":
        """The hairs in the order of their ids."""
        return self if (self.id[1:] > self.id[:-1]).all() else self.taken(np.argsort(self.id, kind="stable"))

    def measured(self) -> HairColumns:
        """What is measured of the hairs, in their order. A hair without points has no root and raises ValueError."""
        first = self.first_vertex
        rejected = self.status == STATUSES.index(Status.REJECTED)
        if len(first) and self.n_vertices.min() < 1:
            raise ValueError("a hair has no points")
        root_px = np.column_stack([self.x_px[first], self.y_px[first]])
        return HairColumns(root_px, self.width_px, self.unit, self.root_visible & ~rejected)

    def hairs(self) -> dict[int, Hair]:
        """The hairs themselves, by id."""
        points_px = np.column_stack([self.x_px, self.y_px])
        points_px.flags.writeable = False
        stops = np.cumsum(self.n_vertices).tolist()
        columns = (getattr(self, name).tolist() for name in _OF_HAIR if name != "n_vertices")
        found: dict[int, Hair] = {}
        start = 0
        for stop, id_, unit, width, is_set, confidence, origin, status, visible, comment in zip(
            stops, *columns, strict=True
        ):
            found[id_] = Hair(
                id_, None if unit == NO_UNIT else unit, points_px[start:stop], self.vertex_width_px[start:stop], width,
                is_set, confidence, ORIGINS[origin], STATUSES[status], visible, comment,
            )  # fmt: skip
            start = stop
        return found


def stacked(tables: Sequence[HairTable]) -> HairTable:
    """Tables one after the other."""
    names = [field.name for field in fields(HairTable)]
    if not tables:
        return table_of(())
    return HairTable(*(np.concatenate([getattr(table, name) for table in tables]) for name in names))


def table_of(hairs: Iterable[Hair]) -> HairTable:
    """Hairs as a table, in the order given.

    Raises:
        ValueError: if a hair has not as many widths as points.
    """
    listed = list(hairs)
    points = np.concatenate([np.empty((0, 2)), *(h.vertices_px for h in listed)])
    widths = np.concatenate([np.empty(0), *(h.vertex_width_px for h in listed)])
    if any(len(h.vertices_px) != len(h.vertex_width_px) for h in listed):
        raise ValueError("a hair has not as many widths as points")
    comments = np.empty(len(listed), dtype=np.object_)
    comments[:] = [h.comment for h in listed]
    return HairTable(
        id=np.array([h.id for h in listed], dtype=np.int64),
        unit=np.array([NO_UNIT if h.unit_id is None else h.unit_id for h in listed], dtype=np.int64),
        n_vertices=np.array([len(h.vertices_px) for h in listed], dtype=np.int64),
        width_px=np.array([h.width_px for h in listed], dtype=np.float64),
        width_is_set=np.array([h.width_is_set for h in listed], dtype=np.bool_),
        confidence=np.array([h.confidence for h in listed], dtype=np.float64),
        origin=np.array([ORIGINS.index(h.origin) for h in listed], dtype=np.uint8),
        status=np.array([STATUSES.index(h.status) for h in listed], dtype=np.uint8),
        root_visible=np.array([h.root_visible for h in listed], dtype=np.bool_),
        comment=comments,
        x_px=points[:, 0],
        y_px=points[:, 1],
        vertex_width_px=widths,
    )


class BuiltWhenAsked(Mapping[int, Value], Generic[Value]):
    """Values by id that are made, all at once, when one is first asked for; their number and ids are known before.

    Args:
        ids: (N,) each once, in the order of the values.
    """

    __slots__ = ("_known", "ids")

    def __init__(self, ids: IntArray) -> None:
        self.ids = ids
        self._known: dict[str, dict[int, Value]] = {}

    @abstractmethod
    def _made(self) -> dict[int, Value]:
        """All values by id, in their order."""

    @property
    def _values(self) -> dict[int, Value]:
        values = self._known.get("values")
        # two threads may make them at the same time: the first ones stay
        return self._known.setdefault("values", self._made()) if values is None else values

    def __getitem__(self, id_: int) -> Value:
        return self._values[id_]

    def __contains__(self, id_: object) -> bool:
        return id_ in self._values

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids.tolist())

    def __len__(self) -> int:
        return len(self.ids)

    def keys(self) -> KeysView[int]:
        """The ids."""
        return self._values.keys()

    def values(self) -> ValuesView[Value]:
        """The values."""
        return self._values.values()

    def items(self) -> ItemsView[int, Value]:
        """Ids and values."""
        return self._values.items()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)}>"


class HairsInColumns(BuiltWhenAsked[Hair]):
    """The hairs of one read, kept as rows of a table.

    Args:
        table: of many reads.
        hairs: which rows of it.
        vertices: the points of these.
    """

    __slots__ = ("_hairs", "_table", "_vertices")

    def __init__(self, table: HairTable, hairs: slice, vertices: slice) -> None:
        super().__init__(table.id[hairs])
        self._table, self._hairs, self._vertices = table, hairs, vertices

    @property
    def table(self) -> HairTable:
        """The hairs as columns."""
        return self._table.rows(self._hairs, self._vertices)

    def n_unjudged(self, below: float) -> int:
        """How many are as they were detected, with less confidence than `below`."""
        rows = self._hairs
        untouched = (self._table.status[rows] == _UNREVIEWED) & (self._table.origin[rows] == _DETECTED)
        return int((untouched & (self._table.confidence[rows] < below)).sum())

    def _made(self) -> dict[int, Hair]:
        return self.table.hairs()

    def __reduce__(self) -> tuple[Any, ...]:
        own = self.table  # not those of all other reads
        return HairsInColumns, (own, slice(0, len(own)), slice(0, len(own.x_px)))


class UnitsInColumns(BuiltWhenAsked[Unit]):
    """The units of one read, kept as columns.

    Args:
        ids: (M,)
        comments: (M,) texts.
    """

    __slots__ = ("comments",)

    def __init__(self, ids: IntArray, comments: NDArray[np.object_]) -> None:
        super().__init__(ids)
        self.comments = comments

    def _made(self) -> dict[int, Unit]:
        return {i: Unit(i, comment) for i, comment in zip(self.ids.tolist(), self.comments.tolist(), strict=True)}

    def __reduce__(self) -> tuple[Any, ...]:
        return UnitsInColumns, (self.ids, self.comments)
