"""Two readers' finished reads of one small image, by hand or at random."""

from dataclasses import replace

import numpy as np

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation.edits.adjudication import begin_third_read
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import Status, frozen_array
from workstation.model.patch import apply
from workstation.model.read import ReadState

NOW = "2026-11-23T10:00:00Z"
THIRD = 3
SIDE_PX = 1000


def line(x, y, dx=0.0, dy=60.0):
    """A straight hair from its root."""
    return [[x, y], [x + dx / 2, y + dy / 2], [x + dx, y + dy]]


def two_reads(first, second, *, fields=(None, None), state=ReadState.SUBMITTED, **more):
    """A study with the hairs of Ada's read 1 and of Bo's read 2; the scale is 10 µm/px."""
    reads = [
        make_read(hairs, id_=i, reader=reader, state=state, field=field)
        for i, reader, hairs, field in zip((1, 2), ("Ada", "Bo"), (first, second), fields, strict=True)
    ]
    return make_study(reads, **more)


def with_third(study, reader="Zoë"):
    """The study with the third read begun."""
    return apply(study, begin_third_read(study, 1, 2, reader, NOW))


def random_reads(seed, n_units=6):
    """A study with two reads of one scalp: hairs missed, moved, rejected, drawn the other way, units cut and joined."""
    rng = np.random.default_rng(seed)
    roots, units = [], []
    for unit in range(n_units):
        centre = rng.uniform(100, SIDE_PX - 160, 2)
        for _ in range(rng.integers(1, 4)):
            roots.append(centre + rng.uniform(-7, 7, 2))
            units.append(unit)
    ways = rng.uniform(-60, 60, (len(roots), 2)) + np.array([0, 70])
    widths = rng.uniform(2, 9, len(roots))
    first, second = (_seen(rng, roots, units, ways, widths) for _ in range(2))
    fields = [_field(rng) for _ in range(2)]
    if rng.random() < 0.5:
        fields[1] = fields[0]
    return two_reads(first, second, fields=fields)


def _seen(rng, roots, units, ways, widths):
    hairs = []
    split = rng.random() < 0.4
    names = {unit: 1000 + k for k, unit in enumerate(rng.permutation(max(units) + 1).tolist())}
    if rng.random() < 0.4:
        names[1] = names[0]
    for root, unit, way, width in zip(roots, units, ways, widths, strict=True):
        if rng.random() < 0.15:
            continue
        start = root + rng.normal(0, 2, 2)
        points = np.array([start, start + way / 2, start + way])
        if rng.random() < 0.1:
            points = points[::-1]
        unseen = rng.random() < 0.08
        name = names[unit] + (500 if split and len(hairs) % 3 == 0 else 0)
        status = rng.choice([Status.UNREVIEWED, Status.ACCEPTED, Status.REJECTED], p=[0.3, 0.55, 0.15])
        hair = make_hair(len(hairs) + 1, None if unseen else name, points, float(width + rng.normal(0, 0.3)))
        hairs.append(replace(hair, status=Status(str(status)), confidence=float(rng.random())))
    return hairs


def _field(rng):
    low, high = rng.uniform(0, 40), rng.uniform(940, 999)
    polygon = frozen_array([(low, low), (high, low), (high, high), (low, high)], 2)
    hole = rng.uniform(100, 800)
    exclusions = tuple(
        Exclusion(5000 + k, frozen_array([(hole, hole), (hole + 40, hole), (hole, hole + 30)], 2), ExclusionCause.GLARE)
        for k in range(rng.integers(0, 2))
    )
    return Field(FieldShape.RECTANGLE, polygon, exclusions)


def image():
    """The image of both."""
    return make_image()
