"""How far apart follicular units lie."""

import numpy as np

from analysis.detection import FloatArray
from analysis.measures.field_area import MeasuredField

NOTHING = 1e-9
"""A share of the field's area that counts as none."""


def nearest_neighbour_px(centres_px: FloatArray, field: MeasuredField) -> tuple[float, int]:
    """Mean distance from a unit to the nearest other one, with Hanisch's edge correction.

    A unit at distance d from its nearest neighbour is kept if no edge of the field, exclusions included, is nearer
    than d; it then weighs 1 / A(d), A(d) being the area of the field eroded by d, since only there a unit with such a
    neighbour could have been kept. A unit beyond the edge is at least as far as the edge, so for every unit that is
    kept the nearest unit inside the field is the nearest of all: units outside need not be known.

    Args:
        centres_px: (M, 2) the units inside the field.
        field: the measured region.

    Returns:
        The distance in pixels, NaN where no unit is kept, and how many units are kept.

    Source: K.-H. Hanisch, Some remarks on estimators of the distribution function of nearest neighbour distance in
    stationary spatial point processes, Math. Operationsforsch. Statist., Ser. Statist. 15 (1984) 409–412.
    """
    if len(centres_px) < 2:
        return float("nan"), 0
    from scipy.spatial import KDTree

    neighbour = KDTree(centres_px).query(centres_px, k=2)[0][:, 1]
    kept = field.is_clear(centres_px, neighbour)
    distance = neighbour[kept]
    area = field.eroded_area_px2(distance)
    # A distance to which the field has hardly a point would weigh without bound.
    some = area > NOTHING * field.area_px2
    distance, area = distance[some], area[some]
    if not len(distance):
        return float("nan"), 0
    return float(np.average(distance, weights=1 / area)), len(distance)


def delaunay_edge_px(centres_px: FloatArray) -> float:
    """Mean length of the edges of the units' Delaunay triangulation that do not lie on its hull.

    Args:
        centres_px: (M, 2).

    Returns:
        The length in pixels; NaN where there is no inner edge: fewer than four units, or all on a line.
    """
    if len(centres_px) < 4:
        return float("nan")
    from scipy.spatial import Delaunay, QhullError

    centred = centres_px - centres_px.mean(axis=0)
    try:
        triangles = Delaunay(centred).simplices
    except QhullError:  # all on a line, or at one place
        return float("nan")
    sides = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    edges, n_triangles = np.unique(sides[:, 0] * np.int64(len(centred)) + sides[:, 1], return_counts=True)
    first, second = np.divmod(edges[n_triangles == 2], len(centred))
    if not len(first):
        return float("nan")
    return float(np.hypot(*(centred[first] - centred[second]).T).mean())
