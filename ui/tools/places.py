"""What of a hair or of a read lies at a place: pure functions, in image pixels."""

from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import ArrayLike

from analysis.detection import FloatArray
from analysis.measures.counts import NO_UNIT
from workstation.edits import End
from workstation.model.field import Field
from workstation.model.hair import Hair
from workstation.model.read import Read, ReadState, Review
from workstation.model.study import ImageRecord


def inside(image: ImageRecord, point_px: ArrayLike) -> FloatArray:
    """Points, (2,) or (N, 2), each that is outside the image moved to the nearest place in it."""
    limits = np.array([image.width_px, image.height_px]) - 0.5
    clipped: FloatArray = np.clip(np.asarray(point_px, dtype=np.float64), -0.5, limits)
    return clipped


def blank_read(image: ImageRecord) -> Read:
    """What a read of an image begins as where nothing was detected: for previews."""
    field = Field.whole_image(image.width_px, image.height_px)
    return Read(0, image.id, "", "", Review(ReadState.IN_REVIEW), field)


def nearest_point(points_px: ArrayLike, point_px: ArrayLike, reach_px: float) -> int | None:
    """Which of the points (N, 2) is nearest to a place (2,); None where none is within reach."""
    points = np.asarray(points_px, dtype=np.float64).reshape(-1, 2)
    if not len(points):
        return None
    apart = np.hypot(*(points - np.asarray(point_px, dtype=np.float64)).T)
    nearest = int(np.argmin(apart))
    return nearest if apart[nearest] <= reach_px else None


def end_of(hair: Hair, point_px: ArrayLike, reach_px: float) -> End | None:
    """The end of a hair that is at a place (2,), the nearer one of both; None where neither is within reach."""
    which = nearest_point([hair.root_px, hair.tip_px], point_px, reach_px)
    return None if which is None else (End.ROOT, End.TIP)[which]


def root_at(read: Read, point_px: ArrayLike, reach_px: float) -> Hair | None:
    """The hair of a unit whose root is nearest to a place (2,); None where none is within reach."""
    grouped = np.flatnonzero(read.columns.unit != NO_UNIT)
    nearest = nearest_point(read.columns.root_px[grouped], point_px, reach_px)
    return None if nearest is None else next(islice(read.hairs.values(), int(grouped[nearest]), None))


def centre_of(hairs: Sequence[Hair]) -> FloatArray:
    """(2,) the centre of a unit of these hairs, at least one: of the roots of those that count, else of all."""
    counting = [hair for hair in hairs if hair.counts] or hairs
    centre: FloatArray = np.mean([hair.root_px for hair in counting], axis=0)
    return centre


def bounds(hairs: Sequence[Hair]) -> tuple[tuple[float, float], tuple[float, float]]:
    """The corners of the upright box around hairs, at least one."""
    points = np.vstack([hair.vertices_px for hair in hairs])
    low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return (low[0], low[1]), (high[0], high[1])
