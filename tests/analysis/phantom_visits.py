"""Visits of phantoms: from their truth and from a detection; pairs without pixels; and the true transform as a warp."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import shapely

from analysis.detection import Detection, FloatArray
from analysis.geometry import arc_length, point_along
from analysis.matching.visit import VisitHairs, units_of
from analysis.registration.result import Constellation
from analysis.registration.warp import Warp, kernel
from analysis.synthetic import Change, ScalpSpec, Truth
from analysis.synthetic.camera import Pose
from analysis.synthetic.follow_up import moved_pose, regrown
from analysis.synthetic.scalp import Scalp, grow_scalp
from analysis.synthetic.scene import tell_truth, without_hidden
from analysis.synthetic.shafts import place_hairs

HEADING_UM = 300.0
"""How far from the root a shaft's direction is taken."""
LATTICE = 5


@dataclass(frozen=True, eq=False)
class TruthPair:
    """What two captures of a scalp would show, and where the camera stood."""

    before: Truth
    after: Truth
    first_pose: Pose
    pose: Pose

    def to_followup(self, points_px: FloatArray) -> FloatArray:
        """(N, 2) pixels of the later image that show what lies at (N, 2) pixels of the first."""
        return self.pose.to_px(self.first_pose.to_mm(points_px))


def truth_pair(spec: ScalpSpec, seed: int, change: Change) -> TruthPair:
    """The truth of `make_phantom` and `follow_up`, without drawing an image."""
    first = grow_scalp(spec, seed)
    later, _, _ = regrown(first, spec, seed, change)
    first_pose, pose = Pose(spec.size_px, spec.um_per_px), moved_pose(spec, seed, change)

    def told(scalp: Scalp, at: Pose, visit: str) -> Truth:
        own = replace(spec, um_per_px=at.um_per_px)
        seen = without_hidden(scalp, own, at)
        return tell_truth(seen, own, place_hairs(seen.hairs, at), visit)

    return TruthPair(told(first, first_pose, "baseline"), told(later, pose, change.visit), first_pose, pose)


def constellation_of(visit: VisitHairs) -> Constellation:
    """The units of a visit, as registration takes them."""
    units = units_of(visit)
    return Constellation(units.centre_px, units.n_hairs, visit.region, visit.um_per_px)


def truth_visit(truth: Truth) -> VisitHairs:
    """The true hairs rooted in the image, as if a reader had drawn them all."""
    width, height = truth.size_px
    region = shapely.box(-0.5, -0.5, width - 0.5, height - 0.5)
    if truth.circle_px is not None:
        x, y, radius = truth.circle_px
        region = region.intersection(shapely.Point(x, y).buffer(radius, quad_segs=32))
    shapely.prepare(region)
    hairs = [h for h in truth.hairs if shapely.contains_xy(region, *h.root_px)]
    return VisitHairs(
        id=np.array([h.id for h in hairs], dtype=np.int64),
        unit=np.array([h.unit_id for h in hairs], dtype=np.int64),
        root_px=np.array([h.root_px for h in hairs]).reshape(-1, 2),
        width_um=np.array([h.width_um for h in hairs], dtype=np.float64),
        direction_rad=np.array([heading(h.centreline_px, truth.um_per_px) for h in hairs], dtype=np.float64),
        confidence=np.ones(len(hairs)),
        region=region,
        um_per_px=truth.um_per_px,
    )


def detected_visit(found: Detection) -> VisitHairs:
    """The hairs that detection found, on the field that it found."""
    own = np.flatnonzero(found.root_visible)
    field = shapely.make_valid(shapely.Polygon(found.field_polygon_px))
    cut = [shapely.make_valid(shapely.Polygon(e.polygon_px)) for e in found.exclusions]
    return VisitHairs(
        id=own.astype(np.int64),
        unit=found.unit[own],
        root_px=found.vertices_px[found.first_vertex[own]],
        width_um=found.width_px[own] * found.um_per_px,
        direction_rad=np.array([heading(found.vertices_of(i), found.um_per_px) for i in own], dtype=np.float64),
        confidence=found.confidence[own],
        region=field.difference(shapely.union_all(cut)),
        um_per_px=found.um_per_px,
    )


def heading(line_px: FloatArray, um_per_px: float) -> float:
    """Direction of a shaft near its root, in radians."""
    far = min(HEADING_UM / um_per_px, arc_length(line_px))
    x, y = point_along(line_px, far) - line_px[0]
    return float(np.arctan2(y, x))


def fitted_warp(to_followup: Callable[[FloatArray], FloatArray], size_px: tuple[int, int]) -> Warp:
    """A transform of pixels as a warp: exact on a lattice of places in the baseline image, of that size."""
    width, height = size_px
    axes = np.meshgrid(np.linspace(0, width - 1, LATTICE), np.linspace(0, height - 1, LATTICE))
    knots = np.column_stack([axis.ravel() for axis in axes])
    unit_px = width / (LATTICE - 1)
    apart = (knots[:, None] - knots[None]) / unit_px
    ones = np.column_stack([knots, np.ones(len(knots))])
    system = np.block([[kernel((apart**2).sum(axis=2)), ones], [ones.T, np.zeros((3, 3))]])
    solved = np.linalg.solve(system, np.vstack([to_followup(knots), np.zeros((3, 2))]))
    return Warp(affine=solved[-3:].T, knots_px=knots, bends=solved[:-3], unit_px=unit_px)
