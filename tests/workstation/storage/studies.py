"""Studies for tests: every field of the model filled, reproducible from a seed."""

from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType

import numpy as np

from analysis.calibration import Calibration, CalibrationSource
from analysis.detection import DetectionParameters, Polarity, Preset
from workstation.document import Document
from workstation.entry import Selection
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import Hair, Origin, Status, Unit, frozen_array, median_width_px
from workstation.model.patch import Change, Kind, Patch
from workstation.model.read import DETECTOR, DetectionRecord, Read, ReadState, Review
from workstation.model.study import ImageRecord, Study, Subject, Visit, WidthCutoffs

WIDTH_PX, HEIGHT_PX = 4000, 3000


def hair(id_: int, unit_id: int | None, rng: np.random.Generator, n_vertices: int = 5) -> Hair:
    root = rng.uniform([200, 200], [WIDTH_PX - 200, HEIGHT_PX - 200])
    angle = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.05, n_vertices))
    steps = np.column_stack([np.cos(angle), np.sin(angle)]) * rng.uniform(4, 8)
    widths = rng.uniform(5, 15, n_vertices)
    if id_ % 7 == 0:
        widths[1] = np.nan
    is_set = id_ % 11 == 0
    return Hair(
        id=id_,
        unit_id=unit_id,
        vertices_px=frozen_array(root + np.cumsum(steps, axis=0), 2),
        vertex_width_px=frozen_array(widths),
        width_px=9.25 if is_set else median_width_px(widths),
        width_is_set=is_set,
        confidence=float(rng.uniform(0, 1)),
        origin=list(Origin)[id_ % 3],
        status=list(Status)[id_ % 3],
        root_visible=unit_id is not None,
        comment="gekreuzt – 毛" if id_ % 13 == 0 else "",
    )


def read(id_: int, image_id: int, n_hairs: int, seed: int, *, n_vertices: int = 5, based_on: int | None = None) -> Read:
    rng = np.random.default_rng(seed)
    n_units = max(1, n_hairs // 2)
    hairs = [hair(i + 1, None if i % 17 == 16 else n_hairs + 1 + i % n_units, rng, n_vertices) for i in range(n_hairs)]
    units = [Unit(i, "dicht" if i % 5 == 0 else "") for i in sorted({h.unit_id for h in hairs if h.unit_id})]
    exclusion = Exclusion(
        n_hairs + n_units + 1, frozen_array([(10, 10), (60.5, 12), (40, 55.25)], 2), ExclusionCause.GLARE
    )
    detected = based_on is None
    return Read(
        id=id_,
        image_id=image_id,
        reader=DETECTOR if detected else "Zoë",
        created_utc="2026-02-03T10:00:00Z",
        review=Review(ReadState.DETECTED) if detected else Review(ReadState.IN_REVIEW, 'unscharf, "oben"\nlinks'),
        field=Field(
            FieldShape.DETECTED if detected else FieldShape.POLYGON,
            frozen_array([(0, 0), (WIDTH_PX - 1, 0), (WIDTH_PX - 1, HEIGHT_PX - 1), (0.5, HEIGHT_PX - 1)], 2),
            (exclusion,),
        ),
        hairs=MappingProxyType({h.id: h for h in hairs}),
        units=MappingProxyType({u.id: u for u in units}),
        next_id=n_hairs + n_units + 3,
        based_on=based_on,
        detection=_detection() if detected else None,
    )  # fmt: skip


def study(n_hairs: int = 6, *, n_vertices: int = 5, study_id: str = "2f6b1f3e-6d0f-4c55-9d0e-0c4f6f6f0001") -> Study:
    """Two visits of one subject, an image each, each with a detection and a reader's read based on it."""
    visits = [Visit(1, "S01", "baseline", 0.0, "2026-02-03"), Visit(2, "S01", "week 12", None, "")]
    images = [_image(1, 1, Calibration(5.34, CalibrationSource.DEVICE)), _image(2, 2, None)]
    reads = [
        read(1, 1, n_hairs, 1, n_vertices=n_vertices),
        read(2, 2, n_hairs, 2, n_vertices=n_vertices),
        read(3, 1, n_hairs, 3, n_vertices=n_vertices, based_on=1),
        read(4, 2, n_hairs, 4, n_vertices=n_vertices, based_on=2),
    ]
    return Study(
        id=study_id,
        created_utc="2026-02-03T09:00:00Z",
        cutoffs=WidthCutoffs(35.0, 55.5),
        subjects=MappingProxyType({"S01": Subject("S01", "f", 34.5, "Ludwig I"), "S02": Subject("S02")}),
        visits=_by_id(visits),
        images=_by_id(images),
        reads=_by_id(reads),
    )


def _by_id(values: list) -> Mapping:
    return MappingProxyType({v.id: v for v in values})


def _image(id_: int, visit_id: int, calibration: Calibration | None) -> ImageRecord:
    return ImageRecord(
        id=id_,
        visit_id=visit_id,
        site="vertex",
        path=f"a.images/Kopf {id_}.png",
        sha256=f"{id_:064x}",
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        calibration=calibration,
        device="HairMetrix" if calibration else "",
        source_name=f"Kopf {id_}.png",
        notes=MappingProxyType({"operator": "Ä", "gel": "yes"}) if id_ == 1 else MappingProxyType({}),
        conversions=("16 bit reduced to 8 bit",) if id_ == 1 else (),
    )


def _detection() -> DetectionRecord:
    parameters = DetectionParameters(polarity=Polarity.DARK, preset=Preset.CLIPPED, sensitivity=0.625)
    return DetectionRecord("0.1.0", parameters, 5.34, 1.25, ("The scale was estimated.",))


def same(a: Study, b: Study) -> bool:
    """Whether two studies are equal, next ids included."""
    return (
        all(getattr(a, field.name) == getattr(b, field.name) for field in fields(Study) if field.name != "reads")
        and a.reads.keys() == b.reads.keys()
        and all(r.same_content(b.reads[i]) and r.next_id == b.reads[i].next_id for i, r in a.reads.items())
    )  # fmt: skip


def comment(document: Document, text: str, hair_id: int = 1, read_id: int = 3) -> None:
    """An edit: a comment on a hair."""
    old = document.study.reads[read_id].hairs[hair_id]
    change = Change(Kind.HAIR, hair_id, old, replace(old, comment=text))
    selection = Selection(read_id, frozenset({hair_id}))
    document.apply(Patch("comment on hair", read_id, (change,)), selection_after=selection, reason="why not")
