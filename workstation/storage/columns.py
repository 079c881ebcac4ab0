"""A study as columns: what is written into the file's groups."""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis import measures
from analysis.detection import FloatArray
from workstation.endpoints import IMAGE_COLUMNS, RULES
from workstation.image_names import image_names
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study
from workstation.storage import schema
from workstation.storage.audit import AuditRow
from workstation.storage.codec import canonical, plain
from workstation.storage.hair_columns import hair_columns
from workstation.storage.pair_columns import pair_columns
from workstation.storage.record_columns import record_columns
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
        Column(RULES, Type.INTEGER, "version of the rules by which the program measured; -1 without a read", "", True),
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
        "reads": table(schema.READS.columns, _read_rows(reads, names)),
        **_fields(reads, names),
        **hair_columns(study, reads, names),
        **pair_columns(study, names),
        **trial_columns(study),
        **record_columns(study),
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


def _read_rows(reads: Sequence[Read], names: Mapping[int, str]) -> Rows:
    written: dict[int, str] = {id(None): ""}  # by identity: reads of a file share the few ways of detecting

    def detection(read: Read) -> str:
        key = id(read.detection)
        if key not in written and read.detection is not None:
            written[key] = canonical(plain(read.detection))
        return written[key]

    return [
        (
            read.id, names[read.image_id], read.image_id, read.reader, read.review.state.value, read.review.comment,
            read.created_utc, NO_ID if read.based_on is None else read.based_on, read.next_id, read.field.shape.value,
            detection(read), read.review.n_submitted, read.review.decided_by,
            NO_ID if read.amends is None else read.amends, read.package, read.repeat,
            *((NO_ID, NO_ID) if read.adjudicates is None else read.adjudicates),
        )
        for read in reads
    ]  # fmt: skip


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


def _stacked(lines: Sequence[FloatArray], width: int) -> FloatArray:
    return np.concatenate(lines) if lines else np.empty((0, width))


def endpoint_columns(rows: Sequence[Mapping[str, object]]) -> Columns:
    """The endpoint table; what is not known or not defined is NaN, -1 or empty."""
    empty: dict[Type, object] = {Type.TEXT: "", Type.INTEGER: NO_ID, Type.NUMBER: float("nan"), Type.FLAG: False}
    found: dict[str, Array] = {}
    for column in ENDPOINTS.columns:
        values = [row.get(column.name) for row in rows]
        found[column.name] = array_of(column.type, [empty[column.type] if v is None else v for v in values])
    return found
