"""Where a difference is in the image, with enough around it to judge by."""

import numpy as np

from analysis.detection import FloatArray
from workstation.adjudication.difference import Difference
from workstation.adjudication.third_read import Adjudication
from workstation.model.hair import Hair
from workstation.model.settlement import About
from workstation.model.study import Study

SURROUNDING_UM = 150.0
WITHOUT_SCALE_PX = 30.0


def around(
    study: Study | None, image_id: int, found: Adjudication, difference: Difference
) -> list[tuple[float, float]]:
    """Opposite corners of what should be seen of a difference, in pixels."""
    if difference.about is About.FIELD:
        points = np.vstack([read.field.polygon_px for read in (found.first, found.second)])
        return _corners(points, 0.0)
    calibration = None if study is None else study.images[image_id].calibration
    reach_px = WITHOUT_SCALE_PX if calibration is None else calibration.px(SURROUNDING_UM)
    hairs = hairs_of(found, difference)
    points = np.vstack([hair.vertices_px for hair in hairs]) if hairs else np.array([difference.place_px])
    if difference.about is About.UNIT:
        points = np.array([hair.root_px for hair in hairs])
    return _corners(points, reach_px)


def hairs_of(found: Adjudication, difference: Difference) -> list[Hair]:
    """The hairs of both reads that a difference is about."""
    hairs: list[Hair] = []
    for read, ids in ((found.first, difference.first_ids), (found.second, difference.second_ids)):
        if difference.about is About.HAIR:
            hairs += [read.hairs[i] for i in ids if i in read.hairs]
        elif difference.about is About.UNIT:
            wanted = set(ids)
            hairs += [hair for hair in read.hairs.values() if hair.unit_id in wanted]
    return hairs


def _corners(points_px: FloatArray, reach_px: float) -> list[tuple[float, float]]:
    low, high = points_px.min(axis=0) - reach_px, points_px.max(axis=0) + reach_px
    return [(float(low[0]), float(low[1])), (float(high[0]), float(high[1]))]
