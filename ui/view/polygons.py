"""Arrays of points as Qt's polygons and paths."""

import struct
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath, QPolygonF

from analysis.detection import FloatArray


def polygon(points: FloatArray) -> QPolygonF:
    """Points (V, 2) as a polygon, by the format in which Qt streams one: faster than a `QPointF` for each."""
    made = QPolygonF()
    data = struct.pack(">I", len(points)) + points.astype(">f8").tobytes()
    QDataStream(QByteArray(data)) >> made
    return made


_ELEMENT = np.dtype([("type", ">i4"), ("x", ">f8"), ("y", ">f8")])
_MOVE, _LINE = 0, 1


def path_of(lines: Sequence[FloatArray]) -> QPainterPath:
    """Lines, (V, 2) each, as one path, by the format in which Qt streams one.

    One call for thousands of lines: each call lets other threads have the interpreter, and waits to get it back.
    """
    made = QPainterPath()
    if lines:
        elements = np.empty(sum(map(len, lines)), _ELEMENT)
        elements["x"], elements["y"] = np.concatenate(lines).T
        elements["type"] = _LINE
        elements["type"][np.cumsum([0, *map(len, lines[:-1])])] = _MOVE
        data = struct.pack(">i", len(elements)) + elements.tobytes() + struct.pack(">ii", 0, 0)
        QDataStream(QByteArray(data)) >> made
    return made


def simplified(lines: Sequence[FloatArray], tolerance_px: float) -> list[FloatArray]:
    """Lines, (V, 2) each, with the vertices left out that lie no farther than a tolerance from the line without them.

    D. Douglas and T. Peucker, Cartographica 10 (1973). Both ends stay.
    """
    if not lines:
        return []
    sizes = [len(line) for line in lines]
    joined = shapely.linestrings(np.concatenate(lines), indices=np.repeat(np.arange(len(lines)), sizes))
    fewer = shapely.simplify(joined, tolerance_px, preserve_topology=False)
    return coordinates(fewer)


def coordinates(geometries: shapely.Geometry | NDArray[np.object_]) -> list[FloatArray]:
    """The points of each of shapely's lines or whole areas, (V, 2) each."""
    points, ends = shapely.get_coordinates(geometries), np.cumsum(shapely.get_num_coordinates(geometries)).tolist()
    # slices: numpy's own split takes five times as long for thousands of pieces
    return [points[first:end] for first, end in pairwise([0, *ends])]
