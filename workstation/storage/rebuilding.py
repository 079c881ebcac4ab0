"""A study from the columns of its file, each value passing through the model's own checks."""

import json
import math
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np

from analysis.calibration import Calibration, CalibrationSource
from analysis.detection import FloatArray
from workstation.model.columns import HairsInColumns, UnitsInColumns
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.read import DetectionRecord, Read, Review
from workstation.model.settlement import Settlement
from workstation.model.study import ChangeRules, ImageRecord, Study, Subject, Visit, WidthCutoffs
from workstation.model.study_validity import MAX_AGE
from workstation.model.trial_validity import is_week
from workstation.storage.codec import detection_from_plain, read_state
from workstation.storage.content import Content
from workstation.storage.digest import Attributes
from workstation.storage.rebuilding_hairs import hairs_by_read, units_by_read
from workstation.storage.rebuilding_pairs import rebuild_pairs
from workstation.storage.rebuilding_record import settlements_by_read, with_record
from workstation.storage.rebuilding_trial import with_trial
from workstation.storage.rows import by_id, frozen, pieces_of, rows_of, values_of
from workstation.storage.tables import NO_ID, Columns

CAUSES = {cause.value: cause for cause in ExclusionCause}
SHAPES = {shape.value: shape for shape in FieldShape}
NONE: Mapping[Any, Any] = MappingProxyType({})
MAX_JSON_CHARS = 100_000
"""Of the notes of one image."""

T = TypeVar("T", list[str], dict[str, str])


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
    hairs = hairs_by_read(groups["hairs"], groups["vertices"])
    units = units_by_read(groups["units"])
    settlements = settlements_by_read(groups["settlements"])
    detection = cache(_detection)  # few ways of detecting make many reads
    parts = fields, hairs, units, settlements
    reads = by_id((_read(row, *parts, detection) for row in rows_of(groups["reads"])), "read")
    left_over = [i for i in (*hairs, *units, *fields, *settlements) if i not in reads]
    _check_references(subjects, visits, images, reads, left_over)
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
    return with_record(with_trial(study, groups), groups)


def _rules(attributes: Attributes) -> ChangeRules:
    names = ("min_overlap", "width_change_limit_um")
    if not any(name in attributes for name in names):  # of before 1.2
        return ChangeRules()
    return ChangeRules(*(float(attributes[name]) for name in names))


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number


def _subject(row: dict[str, Any]) -> Subject:
    age = _known(row["age"])
    if age is not None and not 0 <= age <= MAX_AGE:
        raise ValueError(f"the age of subject {row['subject']!r} is not from 0 to {MAX_AGE} years")
    return Subject(row["subject"], row["sex"], age, row["grade"], row["arm"])


def _visit(row: dict[str, Any]) -> Visit:
    return Visit(row["visit_id"], row["subject"], row["visit"], _known(row["week"]), row["date"])


def _image(row: dict[str, Any]) -> ImageRecord:
    scale = _known(row["um_per_px"])
    if min(row["width_px"], row["height_px"]) < 1:
        raise ValueError(f"image {row['image_id']} has no size")
    notes, conversions = row["notes"], row["conversions"]
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
        notes=NONE if notes == "{}" else MappingProxyType(_texts(notes, dict)),
        conversions=() if conversions == "[]" else tuple(_texts(conversions, list)),
        embedded=row["embedded"],
    )


def _texts(text: str, kind: type[T]) -> T:
    """A list of texts, or texts by their names.

    Raises:
        ValueError: if it is anything else, or longer than anybody writes.
    """
    if len(text) > MAX_JSON_CHARS:
        raise ValueError(f"a note of {len(text):,} characters")
    found = json.loads(text)
    if not isinstance(found, kind):
        raise ValueError(f"a note that is no {kind.__name__}")
    if not all(isinstance(part, str) for part in (found.values() if isinstance(found, dict) else found)):
        raise ValueError("a note that is no text")
    return found


def _detection(text: str) -> DetectionRecord | None:
    return detection_from_plain(json.loads(text)) if text else None


def _read(
    row: dict[str, Any],
    fields: dict[int, Field],
    hairs: dict[int, HairsInColumns],
    units: dict[int, UnitsInColumns],
    settlements: dict[int, dict[int, Settlement]],
    detection: Callable[[str], DetectionRecord | None],
) -> Read:
    id_ = row["read_id"]
    outline = fields[id_]
    return Read(
        id=id_,
        image_id=row["image_id"],
        reader=row["reader"],
        created_utc=row["created_utc"],
        review=Review(read_state(row["read_state"]), row["comment"], row["n_submitted"], row["decided_by"]),
        field=Field(SHAPES[row["field_shape"]], outline.polygon_px, outline.exclusions),
        hairs=hairs.get(id_, NONE),
        units=units.get(id_, NONE),
        next_id=row["next_id"],
        based_on=_linked(row["based_on"]),
        detection=detection(row["detection"]),
        amends=_linked(row["amends"]),
        package=row["package"],
        repeat=row["repeat"],
        adjudicates=None if row["first_read"] == NO_ID else (row["first_read"], row["second_read"]),
        settlements=MappingProxyType(settlements[id_]) if id_ in settlements else NONE,
    )


def _linked(read_id: int) -> int | None:
    return None if read_id == NO_ID else read_id


def _fields(columns: Columns, vertices: Columns) -> dict[int, Field]:
    """The outlines of each read; how they were drawn stands with the read."""
    points = frozen(np.column_stack([vertices["x_px"], vertices["y_px"]]))
    piece = pieces_of(columns["first_vertex"], columns["n_vertices"], len(points))
    outlines: dict[int, FloatArray] = {}
    exclusions: dict[int, list[Exclusion]] = {}
    values = zip(*(values_of(columns[name]) for name in ("read_id", "kind", "id", "cause")), strict=True)
    for i, (read_id, kind, id_, cause) in enumerate(values):
        if kind == "field":
            if read_id in outlines:
                raise ValueError(f"read {read_id} has two fields")
            outlines[read_id], exclusions[read_id] = points[piece(i)], []
        else:
            exclusions[read_id].append(Exclusion(id_, points[piece(i)], CAUSES[cause]))
    return {i: Field(FieldShape.POLYGON, outline, tuple(exclusions[i])) for i, outline in outlines.items()}


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
        if not is_week(visit.week):
            raise ValueError(f"visit {visit.id} is of no week that there can be")
    for image in images.values():
        if image.visit_id not in visits:
            raise ValueError(f"image {image.id} is of no visit")
    for read in reads.values():
        if read.image_id not in images:
            raise ValueError(f"read {read.id} is of no image")
        source = reads.get(read.id if read.based_on is None else read.based_on)
        if source is None or source.image_id != read.image_id:
            raise ValueError(f"read {read.id} is based on read {read.based_on}, which is none of its image")
