"""A small study to build on: one subject, an image a visit, hairs given as they are needed."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np

from analysis.calibration import Calibration, CalibrationSource
from workstation.model.field import Field
from workstation.model.hair import Hair, Origin, Status, Unit, frozen_array
from workstation.model.read import Read, ReadState, Review
from workstation.model.study import ImageRecord, Study, Subject, Visit

TEN_UM = Calibration(10.0, CalibrationSource.MANIFEST)
COMMENT = '=1+1; é, "q"'


def make_hair(id_, unit_id, vertices_px, width_px=5.0, **more):
    line = frozen_array(vertices_px, 2)
    chosen = {"confidence": 0.9, "origin": Origin.DETECTED, "status": Status.UNREVIEWED, **more}
    return Hair(
        id=id_,
        unit_id=unit_id,
        vertices_px=line,
        vertex_width_px=frozen_array(np.full(len(line), width_px)),
        width_px=float(width_px),
        width_is_set=False,
        root_visible=unit_id is not None,
        **chosen,
    )


def make_read(hairs, *, id_=1, image_id=1, field=None, state=ReadState.IN_REVIEW, **more):
    units = {h.unit_id for h in hairs if h.unit_id is not None}
    return Read(
        id=id_,
        image_id=image_id,
        reader=more.pop("reader", "Ada"),
        created_utc="2026-01-02T03:04:05Z",
        review=Review(state),
        field=field or Field.whole_image(1000, 1000),
        hairs=MappingProxyType({h.id: h for h in hairs}),
        units=MappingProxyType({u: Unit(u) for u in sorted(units)}),
        next_id=1 + max([0, *units, *(h.id for h in hairs), *(e.id for e in (field.exclusions if field else ()))]),
        **more,
    )


def make_image(id_=1, visit_id=1, source_name="scalp.png", **more):
    return ImageRecord(
        id=id_,
        visit_id=visit_id,
        site=more.pop("site", "vertex"),
        path=f"study.images/{id_}.png",
        sha256=f"{id_:064x}",
        width_px=1000,
        height_px=1000,
        calibration=more.pop("calibration", TEN_UM),
        source_name=source_name,
        **more,
    )


def make_study(reads=(), images=None, visits=None, **more):
    images = images or [make_image()]
    visits = visits or [Visit(1, "S01", "baseline", 0.0, "2026-02-03"), Visit(2, "S01", "week 12", 12.0)]
    return Study(
        id="6d1d9b3e-3f6e-4c3a-9a39-0a6b1f9f2f11",
        created_utc="2026-01-02T03:04:05Z",
        subjects=MappingProxyType({v.subject: Subject(v.subject) for v in visits}),
        visits=MappingProxyType({v.id: v for v in visits}),
        images=MappingProxyType({i.id: i for i in images}),
        reads=MappingProxyType({r.id: r for r in reads}),
        **more,
    )


def worked_study():
    """Three units: 7 with a vellus, a terminal and a rejected hair, 8 with one added by hand, 9 all rejected."""
    hairs = [
        make_hair(1, 7, [[100, 100], [100, 140]], 2.0),
        make_hair(2, 7, [[104, 102], [134, 142], [134, 152]], 6.0, status=Status.ACCEPTED),
        make_hair(3, 7, [[500, 500], [520, 500]], 4.0, status=Status.REJECTED),
        make_hair(4, 8, [[300, 700], [300, 720]], np.nan, origin=Origin.ADDED, confidence=1.0, comment=COMMENT),
        make_hair(5, 9, [[800, 800], [820, 800]], 5.0, status=Status.REJECTED),
        make_hair(6, None, [[0, 600], [90, 600]], 7.0),
    ]  # fmt: skip
    return make_study([make_read(hairs)])


def with_image(study, **changes):
    """The study with its first image changed."""
    return replace(study, images=MappingProxyType({**study.images, 1: replace(study.images[1], **changes)}))
