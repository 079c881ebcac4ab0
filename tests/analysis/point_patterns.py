"""Random patterns of units on a torus, where the true nearest-neighbour distance is known, seen through windows."""

import numpy as np
import shapely
from scipy.spatial import KDTree

from analysis.measures import MeasuredField, nearest_neighbour_px

SIDE_MM, PER_CM2 = 28.0, 75
WINDOW_MM = (7.07, 5.66)
"""0.4 cm²; twelve of them lie on the torus 1.3 mm and more apart."""


def hard_core(rng, n, side, apart):
    """Random points on a torus, none nearer to another than `apart`."""
    points = np.empty((0, 2))
    while len(points) < n:
        new = rng.uniform(0, side, 2)
        offset = np.abs(points - new)
        if (np.hypot(*np.minimum(offset, side - offset).T) >= apart).all():
            points = np.vstack([points, new])
    return points


def window_bias(apart_mm, n_patterns, seed):
    """Relative bias of the mean nearest-neighbour distance over all windows, by estimator."""
    rng = np.random.default_rng(seed)
    n = round(PER_CM2 * SIDE_MM**2 / 100)
    truth, found = [], {"all units": [], "units off the edge, unweighted": [], "Hanisch": []}
    for _ in range(n_patterns):
        points = hard_core(rng, n, SIDE_MM, apart_mm)
        truth.append(KDTree(points, boxsize=SIDE_MM).query(points, k=2)[0][:, 1].mean())
        for x in (0.0, 9.0, 18.0):
            for y in (0.0, 7.0, 14.0, 21.0):
                window = MeasuredField(shapely.box(x, y, x + WINDOW_MM[0], y + WINDOW_MM[1]))
                seen = points[window.contains(points)]
                distance = KDTree(seen).query(seen, k=2)[0][:, 1]
                off_edge = window.is_clear(seen, distance)
                found["all units"].append(distance.mean())
                found["units off the edge, unweighted"].append(distance[off_edge].mean())
                found["Hanisch"].append(nearest_neighbour_px(seen, window)[0])
    return {name: float(np.mean(values) / np.mean(truth) - 1) for name, values in found.items()}
