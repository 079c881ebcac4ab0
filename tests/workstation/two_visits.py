"""One area at several visits, its units known: some are lost from visit to visit, some are new, the camera turned."""

import math

import numpy as np

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation.model.study import Visit

SIZE_PX = 1000
UM_PER_PX = 10.0
LENGTH_PX = 30.0


def places_of_units(n=90, *, seed=0, apart_px=45.0):
    """(n, 2) places at least so far apart, 80 px from the image's edge."""
    rng = np.random.default_rng(seed)
    places = np.empty((0, 2))
    while len(places) < n:
        at = rng.uniform(80, SIZE_PX - 80, 2)
        if not len(places) or np.hypot(*(places - at).T).min() > apart_px:
            places = np.vstack([places, at])
    return places


def turned(points, degrees=4.0, shift=(12.0, -9.0)):
    """Where a camera that was turned and moved shows places of the first visit."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    middle = SIZE_PX / 2
    return (points - middle) @ np.array([[c, s], [-s, c]]) + middle + np.array(shift)


def hairs_at(places, unit_ids, *, width_px=6.0):
    """One hair a unit, its id that of the unit less 1000."""
    return [
        make_hair(unit - 1000, unit, [place, place + np.array([LENGTH_PX, 10.0])], width_px)
        for place, unit in zip(places, unit_ids, strict=True)
    ]


def two_visits(*, n=90, n_lost=4, n_new=6, followup_width_px=6.0, seed=0):
    """A study of a baseline and week 12: units 1001 … are the same at both, the first few lost, the last few new."""
    places = places_of_units(n + n_new, seed=seed)
    ids = list(range(1001, 1001 + n + n_new))
    before = make_read(hairs_at(places[:n], ids[:n]), id_=1, image_id=1)
    later = turned(places[n_lost:])
    after = make_read(hairs_at(later, ids[n_lost:], width_px=followup_width_px), id_=2, image_id=2)
    images = [make_image(1, 1, "first.png"), make_image(2, 2, "later.png")]
    return make_study([before, after], images)


def three_visits(**options):
    """The same with a week 6 in between, which shows what the baseline shows."""
    study = two_visits(**options)
    visits = [Visit(1, "S01", "baseline", 0.0), Visit(2, "S01", "week 12", 12.0), Visit(3, "S01", "week 6", 6.0)]
    between = make_read(list(study.reads[1].hairs.values()), id_=3, image_id=3)
    images = [*study.images.values(), make_image(3, 3, "between.png")]
    return make_study([*study.reads.values(), between], images, visits)
