"""A study from the columns of its file, each value passing through the model's own checks."""

import json
import math
from types import MappingProxyType
from typing import Any

import numpy as np

from analysis.calibration import Calibration, CalibrationSource
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import Hair, Origin, Status, Unit
from workstation.model.read import Read, ReadState, Review
from workstation.model.study import ChangeRules, ImageRecord, Study, Subject, Visit, WidthCutoffs
from workstation.storage.codec import detection_from_plain
from workstation.storage.content import Content
from workstation.storage.digest import Attributes
from workstation.storage.rebuilding_pairs import rebuild_pairs
from workstation.storage.rebuilding_trial import with_trial
from workstation.storage.rows import by_id, frozen, pieces_of, rows_of, values_of
from workstation.storage.tables import NO_ID, Columns


def rebuild(content: Content) -> Study:
    """The study that a file's columns hold.

    Raises:
        ValueError: if the columns contradict one another or hold what the model does not allow.
    """
    groups, attributes = content.groups, content.attributes
    subjects = by_id((_subject(row) for row in rows_of(groups["subjects"])), "subject")
    visits = by_id((_visit(row) for row in rows_of(groups["visits"])), "visit")
    images = by_id((_image(row) for row in rows_of(groups["images"])), "image")
    fields = _fields(groups["fields"], groups["field_vertices"])
    hairs = _hairs(groups["hairs"], groups["vertices"])
    units = _units(groups["units"])
    reads = by_id(
        (_read(row, fields, hairs.pop(row["read_id"], {}), units.pop(row["read_id"], {}))
         for row in rows_of(groups["reads"])), "read",
    )  # fmt: skip
    _check_references(subjects, visits, images, reads, [*hairs, *units, *(f for f in fields if f not in reads)])
    study = Study(
        id=str(attributes["study_id"]),
        created_utc=str(attributes["created_utc"]),
        cutoffs=WidthCutoffs(float(attributes["vellus_below_um"]), float(attributes["terminal_from_um"])),
        subjects=MappingProxyType(subjects),
        visits=MappingProxyType(visits),
        images=MappingProxyType(images),
        reads=MappingProxyType(reads),
        rules=_rules(attributes),
        pairs=MappingProxyType(rebuild_pairs(groups, images, reads)),
    )
    return with_trial(study, groups)


def _rules(attributes: Attributes) -> ChangeRules:
    names = ("min_overlap", "width_change_limit_um")
    if not any(name in attributes for name in names):  # of before 1.2
        return ChangeRules()
    return ChangeRules(*(float(attributes[name]) for name in names))


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number


def _subject(row: dict[str, Any]) -> Subject:
    return Subject(row["subject"], row["sex"], _known(row["age"]), row["grade"], row["arm"])


def _visit(row: dict[str, Any]) -> Visit:
    return Visit(row["visit_id"], row["subject"], row["visit"], _known(row["week"]), row["date"])


def _image(row: dict[str, Any]) -> ImageRecord:
    scale = _known(row["um_per_px"])
    if min(row["width_px"], row["height_px"]) < 1:
        raise ValueError(f"image {row['image_id']} has no size")
    return ImageRecord(
        id=row["image_id"],
        visit_id=row["visit_id"],
        site=row["site"],
        path=row["path"],
        sha256=row["sha256"],
        width_px=row["width_px"],
        height_px=row["height_px"],
        calibration=None if scale is None else Calibration(scale, CalibrationSource(row["calibration_source"])),
        device=row["device"],
        source_name=row["source_name"],
        notes=MappingProxyType({str(k): str(v) for k, v in json.loads(row["notes"]).items()}),
        conversions=tuple(str(text) for text in json.loads(row["conversions"])),
        embedded=row["embedded"],
    )


def _read(row: dict[str, Any], fields: dict[int, Field], hairs: dict[int, Hair], units: dict[int, Unit]) -> Read:
    outline = fields[row["read_id"]]
    return Read(
        id=row["read_id"],
        image_id=row["image_id"],
        reader=row["reader"],
        created_utc=row["created_utc"],
        review=Review(ReadState(row["read_state"]), row["comment"]),
        field=Field(FieldShape(row["field_shape"]), outline.polygon_px, outline.exclusions),
        hairs=MappingProxyType(hairs),
        units=MappingProxyType(units),
        next_id=row["next_id"],
        based_on=None if row["based_on"] == NO_ID else row["based_on"],
        detection=detection_from_plain(json.loads(row["detection"])) if row["detection"] else None,
    )


def _fields(columns: Columns, vertices: Columns) -> dict[int, Field]:
    """The outlines of each read; how they were drawn stands with the read."""
    points = frozen(np.column_stack([vertices["x_px"], vertices["y_px"]]))
    piece = pieces_of(columns["first_vertex"], columns["n_vertices"], len(points))
    found: dict[int, Field] = {}
    for i, row in enumerate(rows_of(columns)):
        polygon, read_id = points[piece(i)], row["read_id"]
        if row["kind"] == "field":
            if read_id in found:
                raise ValueError(f"read {read_id} has two fields")
            found[read_id] = Field(FieldShape.POLYGON, polygon)
        else:
            exclusion = Exclusion(row["id"], polygon, ExclusionCause(row["cause"]))
            field = found[read_id]
            found[read_id] = Field(field.shape, field.polygon_px, (*field.exclusions, exclusion))
    return found


def _hairs(columns: Columns, vertices: Columns) -> dict[int, dict[int, Hair]]:
    points = frozen(np.column_stack([vertices["x_px"], vertices["y_px"]]))
    widths = frozen(np.array(vertices["width_px"], dtype=np.float64))
    piece = pieces_of(columns["first_vertex"], columns["n_vertices"], len(points))
    origins, states = {o.value: o for o in Origin}, {s.value: s for s in Status}
    named = {name: values_of(columns[name]) for name in columns if name not in ("first_vertex", "n_vertices")}
    found: dict[int, dict[int, Hair]] = {}
    values = zip(
        *(named[name] for name in (
            "read_id", "id", "fu", "width_px", "width_is_set", "confidence", "origin", "status", "root_visible",
            "comment",
        )), strict=True,
    )  # fmt: skip
    for i, (read_id, id_, unit, width, is_set, confidence, origin, status, visible, comment) in enumerate(values):
        of_read = found.setdefault(read_id, {})
        if id_ in of_read:
            raise ValueError(f"hair {id_} of read {read_id} is there twice")
        line = piece(i)
        of_read[id_] = Hair(
            id_, None if unit == NO_ID else unit, points[line], widths[line], width, is_set, confidence,
            origins[origin], states[status], visible, comment,
        )  # fmt: skip
    return found


def _units(columns: Columns) -> dict[int, dict[int, Unit]]:
    found: dict[int, dict[int, Unit]] = {}
    for row in rows_of({name: columns[name] for name in ("read_id", "id", "comment")}):
        of_read = found.setdefault(row["read_id"], {})
        if row["id"] in of_read:
            raise ValueError(f"unit {row['id']} of read {row['read_id']} is there twice")
        of_read[row["id"]] = Unit(row["id"], row["comment"])
    return found


def _check_references(
    subjects: dict[str, Subject],
    visits: dict[int, Visit],
    images: dict[int, ImageRecord],
    reads: dict[int, Read],
    left_over: list[int],
) -> None:
    if left_over:
        raise ValueError(f"there is no read {left_over[0]}")
    for visit in visits.values():
        if visit.subject not in subjects:
            raise ValueError(f"visit {visit.id} is of no subject")
    for image in images.values():
        if image.visit_id not in visits:
            raise ValueError(f"image {image.id} is of no visit")
    for read in reads.values():
        if read.image_id not in images:
            raise ValueError(f"read {read.id} is of no image")
        source = reads.get(read.id if read.based_on is None else read.based_on)
        if source is None or source.image_id != read.image_id:
            raise ValueError(f"read {read.id} is based on read {read.based_on}, which is none of its image")
