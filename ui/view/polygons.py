"""Arrays of points as Qt's polygons."""

import struct
from collections.abc import Sequence

import numpy as np
import shapely
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPolygonF

from analysis.detection import FloatArray


def polygon(points: FloatArray) -> QPolygonF:
    """Points (V, 2) as a polygon, by the format in which Qt streams one: faster than a `QPointF` for each."""
    made = QPolygonF()
    data = struct.pack(">I", len(points)) + points.astype(">f8").tobytes()
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
    return np.split(shapely.get_coordinates(fewer), np.cumsum(shapely.get_num_coordinates(fewer))[:-1])
