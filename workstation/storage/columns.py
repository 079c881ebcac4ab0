"""A study as columns: what is written into the file's groups."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from analysis import measures
from analysis.detection import FloatArray, IntArray
from analysis.measures.counts import width_classes
from workstation.endpoints import IMAGE_COLUMNS
from workstation.image_names import image_names
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study
from workstation.storage import schema
from workstation.storage.audit import AuditRow
from workstation.storage.codec import canonical, plain
from workstation.storage.pair_columns import pair_columns
from workstation.storage.tables import (
    NO_ID,
    Array,
    Column,
    Columns,
    Group,
    Type,
    array_of,
    starts_of,
    table,
    text_column,
)
from workstation.storage.trial_columns import trial_columns

Rows = list[tuple[object, ...]]
_TEXT = frozenset({"image", "reader", "read_state", "subject", "visit", "site", "date", "device"})


def _endpoint_type(name: str) -> Type:
    return Type.TEXT if name in _TEXT else Type.INTEGER if name == "read_id" else Type.NUMBER


ENDPOINTS = Group(
    schema.ENDPOINTS,
    "The endpoints of every read, and of images without one, computed on saving.",
    (
        *(Column(n, _endpoint_type(n), text, unit, True) for n, unit, text in IMAGE_COLUMNS),
        Column("in_use", Type.FLAG, "the read that stands for its image in statistics", "", True),
        *(Column(e.name, Type.NUMBER, e.description, e.unit, True) for e in measures.ENDPOINTS),
    ),
)
"""The group /endpoints: the columns are those of the endpoint table."""


def study_columns(study: Study) -> dict[str, Columns]:
    """The groups that hold a study, in the order of ids, so that equal studies give equal columns."""
    names = image_names(study)
    reads = [study.reads[i] for i in sorted(study.reads)]
    return {
        "subjects": table(schema.SUBJECTS.columns, [
            (s.id, s.sex, _number(s.age), s.grade, s.arm) for _, s in sorted(study.subjects.items())
        ]),
        "visits": table(schema.VISITS.columns, [
            (v.id, v.subject, v.name, _number(v.week), v.date) for _, v in sorted(study.visits.items())
        ]),
        "images": table(schema.IMAGES.columns, [
            _image_row(study, image, names[image.id]) for _, image in sorted(study.images.items())
        ]),
        "reads": table(schema.READS.columns, [_read_row(read, names[read.image_id]) for read in reads]),
        **_fields(reads, names),
        **_hairs(study, reads, names),
        "units": _units(reads, names),
        **pair_columns(study, names),
        **trial_columns(study),
    }  # fmt: skip


def audit_columns(rows: Sequence[AuditRow]) -> dict[str, Columns]:
    """The groups that hold the audit trail."""
    texts = [f'{{"changes":{row.changes},"selection":{row.selection}}}\n'.encode() for row in rows]
    lengths = [len(text) for text in texts]
    audit = table(schema.AUDIT.columns, [
        (
            row.seq, row.utc, row.user, row.action, row.operation, NO_ID if row.read_id is None else row.read_id,
            row.target, row.reason, row.software_version, first, length, row.sha256,
        )
        for row, first, length in zip(rows, starts_of(lengths), lengths, strict=True)
    ])  # fmt: skip
    return {"audit": audit, "audit_text": {"json": np.frombuffer(b"".join(texts), dtype=np.uint8)}}


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _image_row(study: Study, image: ImageRecord, name: str) -> tuple[object, ...]:
    visit, scale = study.visits[image.visit_id], image.calibration
    return (
        image.id, name, visit.subject, visit.id, visit.name, image.site, image.path, image.sha256, image.width_px,
        image.height_px, float("nan") if scale is None else scale.um_per_px,
        "" if scale is None else scale.source.value, image.device, image.source_name, canonical(dict(image.notes)),
        canonical(list(image.conversions)), image.embedded,
    )  # fmt: skip


def _read_row(read: Read, image_name: str) -> tuple[object, ...]:
    return (
        read.id, image_name, read.image_id, read.reader, read.review.state.value, read.review.comment,
        read.created_utc, NO_ID if read.based_on is None else read.based_on, read.next_id, read.field.shape.value,
        "" if read.detection is None else canonical(plain(read.detection)),
    )  # fmt: skip


def _of_read(read: Read, names: Mapping[int, str]) -> tuple[object, ...]:
    return names[read.image_id], read.id, read.reader, read.review.state.value


def _fields(reads: Sequence[Read], names: Mapping[int, str]) -> dict[str, Columns]:
    rows: Rows = []
    outlines: list[FloatArray] = []
    for read in reads:
        rows.append((*_of_read(read, names), "field", NO_ID, ""))
        outlines.append(read.field.polygon_px)
        for exclusion in read.field.exclusions:
            rows.append((*_of_read(read, names), "exclusion", exclusion.id, exclusion.cause.value))
            outlines.append(exclusion.polygon_px)
    lengths = [len(outline) for outline in outlines]
    points = _stacked(outlines, 2)
    complete = [(*row, *line) for row, *line in zip(rows, starts_of(lengths), lengths, strict=True)]
    return {
        "fields": table(schema.FIELDS.columns, complete),
        "field_vertices": {"x_px": points[:, 0], "y_px": points[:, 1]},
    }


def _hairs(study: Study, reads: Sequence[Read], names: Mapping[int, str]) -> dict[str, Columns]:
    owners = [(read, read.hairs[i]) for read in reads for i in sorted(read.hairs)]
    hairs = [hair for _, hair in owners]
    points = _stacked([h.vertices_px for h in hairs], 2)
    lengths = np.array([len(h.vertices_px) for h in hairs], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    roots = points[starts]
    counts = [len(read.hairs) for read in reads]
    scale = np.repeat(np.array([_scale(study.images[r.image_id]) for r in reads]), np.array(counts, dtype=np.int64))
    width_px = np.array([h.width_px for h in hairs], dtype=np.float64)
    own: dict[str, Array] = {
        "id": _integers(h.id for h in hairs),
        "fu": _integers(NO_ID if h.unit_id is None else h.unit_id for h in hairs),
        "class": text_column(_classes(width_px * scale, study)),
        "width_um": width_px * scale,
        "width_px": width_px,
        "width_is_set": np.array([h.width_is_set for h in hairs], dtype=bool),
        "length_um": _lengths_px(points, starts) * scale,
        "confidence": np.array([h.confidence for h in hairs], dtype=np.float64),
        "origin": text_column([h.origin.value for h in hairs]),
        "status": text_column([h.status.value for h in hairs]),
        "root_visible": np.array([h.root_visible for h in hairs], dtype=bool),
        "root_x_px": roots[:, 0],
        "root_y_px": roots[:, 1],
        "first_vertex": starts,
        "n_vertices": lengths,
        "comment": text_column([h.comment for h in hairs]),
    }
    widths = np.concatenate([h.vertex_width_px for h in hairs]) if hairs else np.empty(0)
    return {
        "hairs": _repeated(reads, names, counts) | own,
        "vertices": {"x_px": points[:, 0], "y_px": points[:, 1], "width_px": widths},
    }


def _units(reads: Sequence[Read], names: Mapping[int, str]) -> Columns:
    rows: Rows = []
    for read in reads:
        measured = measures.unit_centres(read.columns)
        centres = dict(zip(measured.unit.tolist(), measured.centre_px.tolist(), strict=True))
        counts = dict(zip(measured.unit.tolist(), measured.n_hairs.tolist(), strict=True))
        for id_ in sorted(read.units):
            x, y = centres.get(id_, (np.nan, np.nan))
            rows.append((id_, counts.get(id_, 0), x, y, read.units[id_].comment))
    return _repeated(reads, names, [len(read.units) for read in reads]) | table(schema.UNITS.columns[-5:], rows)


def _repeated(reads: Sequence[Read], names: Mapping[int, str], counts: Sequence[int]) -> dict[str, Array]:
    """The columns that say for each row of a table to which read it belongs."""
    which = np.repeat(np.arange(len(reads)), np.asarray(counts, dtype=np.int64))
    return {
        "image": text_column([names[r.image_id] for r in reads])[which],
        "read_id": _integers(r.id for r in reads)[which],
        "reader": text_column([r.reader for r in reads])[which],
        "read_state": text_column([r.review.state.value for r in reads])[which],
    }


def _integers(values: Iterable[int]) -> IntArray:
    return np.fromiter(values, dtype=np.int64)


def _stacked(lines: Sequence[FloatArray], width: int) -> FloatArray:
    return np.concatenate(lines) if lines else np.empty((0, width))


def _scale(image: ImageRecord) -> float:
    return float("nan") if image.calibration is None else image.calibration.um_per_px


def _lengths_px(points: FloatArray, starts: IntArray) -> FloatArray:
    """Length of each of several lines whose points stand one after the other."""
    if not len(points):
        return np.empty(0)
    steps = np.hypot(*np.diff(points, axis=0, append=points[-1:]).T)
    steps[np.append(starts[1:], len(points)) - 1] = 0.0  # the step from one line's end to the next one's start
    lengths: FloatArray = np.add.reduceat(steps, starts)
    return lengths


def _classes(width_um: FloatArray, study: Study) -> list[str]:
    names = np.full(len(width_um), "", dtype="U16")
    masks = width_classes(width_um, study.cutoffs.vellus_below_um, study.cutoffs.terminal_from_um)
    for name, mask in masks.items():
        names[mask] = name
    found: list[str] = names.tolist()
    return found


def endpoint_columns(rows: Sequence[Mapping[str, object]]) -> Columns:
    """The endpoint table; what is not known or not defined is NaN, -1 or empty."""
    empty: dict[Type, object] = {Type.TEXT: "", Type.INTEGER: NO_ID, Type.NUMBER: float("nan"), Type.FLAG: False}
    found: dict[str, Array] = {}
    for column in ENDPOINTS.columns:
        values = [row.get(column.name) for row in rows]
        found[column.name] = array_of(column.type, [empty[column.type] if v is None else v for v in values])
    return found
