"""Model values as plain JSON and back, without loss: what the journal and the audit trail are written in.

The text is canonical (keys sorted, no spaces, shortest digits that give the same float back), so that equal values
have equal text and equal digests. A width that was not measured (NaN) is null.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic_core import from_json, to_json

from analysis.calibration import Calibration, CalibrationSource
from analysis.detection import DetectionParameters, FloatArray, Source
from analysis.matching.match import Level, Ruling
from analysis.registration.result import Registration, Verdict
from analysis.registration.warp import Warp
from workstation.entry import Selection
from workstation.model.creation import Creation
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import Hair, Origin, Status, Unit, frozen_array
from workstation.model.package import Package
from workstation.model.pair import Decision, Landmark, Pair, RegistrationRecord
from workstation.model.patch import Change, Kind, Value
from workstation.model.people import Person
from workstation.model.read import DetectionRecord, Read, ReadState, Review, SameRead
from workstation.model.reading import ReadingRules, Remark
from workstation.model.settlement import Settlement
from workstation.model.signature import Signature
from workstation.model.study import ChangeRules, ImageRecord, Subject, Visit, WidthCutoffs
from workstation.model.trial import AdverseEvent, Questionnaire, Response, TrialPlan
from workstation.storage.record_codec import RECORD_FROM_PLAIN, plain_record, settlement_from_plain
from workstation.storage.trial_codec import TRIAL_FROM_PLAIN, plain_trial

Plain = dict[str, Any]
ReadBlobs = dict[str, bytes]
"""Whole reads as text, by the SHA-256 of their content: too large to stand in a row."""
_KINDS = {kind.value: kind for kind in Kind}
_ORIGINS = {origin.value: origin for origin in Origin}
_STATUSES = {status.value: status for status in Status}
_OTHERWISE_WRITTEN = (b"0.0000", b"e+", b"e-", b"NaN", b"Infinity")
_ADDED_LATER: Plain = {"source": Source.RIDGES.value, "max_length_um": 100_000.0}
"""Parameters that older files do not name, as they were then: not written where they are still so, and digests stay."""
_ADDED_TO_READS: Plain = {"amends": None, "package": "", "repeat": 0, "adjudicates": None}
_ADDED_TO_REVIEWS: Plain = {"n_submitted": 0, "decided_by": ""}
"""The same of what a read and a review say."""
_OLD_STATES = {"reviewed": ReadState.SUBMITTED, "adjudicated": ReadState.ACCEPTED}
"""What states were called before format 1.4."""
FindRead = Callable[[int, Plain], Read]
"""Gives the read with an id, of which the second is what stands in the row: its digest or its beginning."""


def canonical(value: object) -> str:
    """The one JSON text of a plain value.

    Raises:
        ValueError: for an infinite number or a NaN.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_hex(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def encode_changes(changes: tuple[Change, ...]) -> tuple[str, ReadBlobs]:
    """The JSON text of changes.

    A read that begins as another one stands in it as that one's id and what is its own (`copy_of`, `read`); any other
    whole read as its digest (`read_sha256`), and its own text comes second.
    """
    blobs: ReadBlobs = {}

    def side(value: Value | None, source: Read | None) -> str:
        if isinstance(value, Hair | Unit):
            return canonical_flat(plain(value))
        if isinstance(value, Read) and source is not None and value.begins_as(source):
            return canonical({"copy_of": source.id, "read": _own_part(value)})
        if isinstance(value, Read):
            digest, blobs[digest] = _blob_of(SameRead(value))
            return canonical({"read_sha256": digest})
        return "null" if value is None else canonical(plain(value))

    rows = [
        f'{{"after":{side(c.after, c.source)},"before":{side(c.before, None)},"id":{c.id},"kind":"{c.kind.value}"}}'
        for c in changes
    ]
    return f"[{','.join(rows)}]", blobs


@lru_cache(maxsize=1)
def _blob_of(same: SameRead) -> tuple[str, bytes]:
    """The digest and the text of a whole read; the last one is remembered, so that it can be written ahead."""
    content = _canonical_read(same.read)
    return sha256_hex(content.encode()), f'{{"next_id":{same.read.next_id},"read":{content}}}'.encode()


def decode_changes(text: str, find_read: FindRead) -> tuple[Change, ...]:
    """The changes of `encode_changes`.

    Raises:
        ValueError, KeyError, TypeError: if the text is not of that form.
    """

    def side(kind: Kind, id_: int, value: Plain | None) -> Value | None:
        if value is None:
            return None
        return find_read(id_, value) if kind is Kind.READ else _FROM_PLAIN[kind](value)

    return tuple(
        Change(kind, row["id"], side(kind, row["id"], row["before"]), side(kind, row["id"], row["after"]))
        for row in from_json(text)
        for kind in [_KINDS[row["kind"]]]
    )


def beginning(value: Plain, find_source: Callable[[int], Read]) -> Read | None:
    """The read that begins as another one; None where the row gives its digest instead.

    Args:
        value: what stands in the row.
        find_source: gives a read as it was then.

    Raises:
        ValueError, KeyError, TypeError: if it is not of the right form.
    """
    if "copy_of" not in value:
        return None
    source, own = find_source(value["copy_of"]), value["read"]
    return replace(source, **_own_fields(own), settlements=_settlements(own))


def read_from_blob(text: bytes) -> Read:
    """A whole read from its own text."""
    value = from_json(text)
    return _read(value["read"] | {"next_id": value["next_id"]})


def read_digest(read: Read) -> str:
    """SHA-256 of a whole read's canonical JSON; which id comes next is no part of it."""
    return sha256_hex(_canonical_read(read).encode())


def encode_selections(before: Selection, after: Selection) -> str:
    """The JSON text of what was selected before and after an edit."""
    sides = ({"read": s.read_id, "hairs": sorted(s.hair_ids), "units": sorted(s.unit_ids)} for s in (before, after))
    return canonical(dict(zip(("before", "after"), sides, strict=True)))


def decode_selections(text: str) -> tuple[Selection, Selection]:
    """The selections of `encode_selections`."""
    sides = from_json(text)
    before, after = (
        Selection(s["read"], frozenset(s["hairs"]), frozenset(s["units"])) for s in (sides["before"], sides["after"])
    )
    return before, after


def plain(value: Value | DetectionRecord | Exclusion) -> Plain:
    """A model value as plain JSON values, every field under its own name; of a read all but its next free id."""
    match value:
        case Hair():
            widths = [None if w != w else w for w in value.vertex_width_px.tolist()]
            return {
                "id": value.id, "unit_id": value.unit_id, "vertices_px": value.vertices_px.tolist(),
                "vertex_width_px": widths, "width_px": None if value.width_px != value.width_px else value.width_px,
                "width_is_set": value.width_is_set, "confidence": value.confidence, "origin": value.origin.value,
                "status": value.status.value, "root_visible": value.root_visible, "comment": value.comment,
            }  # fmt: skip
        case Exclusion():
            return {"id": value.id, "polygon_px": value.polygon_px.tolist(), "cause": value.cause.value}
        case Field():
            exclusions = [plain(e) for e in value.exclusions]
            return {"shape": value.shape.value, "polygon_px": value.polygon_px.tolist(), "exclusions": exclusions}
        case Read():
            return _plain_read(value)
        case ImageRecord():
            fields = {name: getattr(value, name) for name in value.__dataclass_fields__}
            calibration = None if value.calibration is None else _plain_fields(value.calibration)
            return fields | {
                "calibration": calibration, "notes": dict(value.notes), "conversions": list(value.conversions),
            }  # fmt: skip
        case Pair() | RegistrationRecord() | Decision():
            return _plain_of_pair(value)
        case TrialPlan() | Questionnaire() | Response() | AdverseEvent():
            return plain_trial(value)
        case Person() | ReadingRules() | Remark() | Settlement() | Signature() | Package() | Creation():
            return plain_record(value)
        case Review():
            return _without(_plain_fields(value), _ADDED_TO_REVIEWS)
        case Unit() | Visit() | Subject() | WidthCutoffs() | ChangeRules() | Landmark() | DetectionRecord():
            return _plain_fields(value)


def _plain_of_pair(value: Pair | RegistrationRecord | Decision) -> Plain:
    match value:
        case Pair():
            return {name: getattr(value, name) for name in ("id", "baseline_image_id", "followup_image_id")}
        case RegistrationRecord():
            return _plain_registration(value)
        case Decision():
            return _plain_fields(value) | {"ruling": _plain_fields(value.ruling)}


def detection_from_plain(value: Plain) -> DetectionRecord:
    """How a detection was made, from its plain values."""
    settings = _ADDED_LATER | value["parameters"]
    parameters = DetectionParameters(**settings)
    return DetectionRecord(**value | {"parameters": parameters, "notes": tuple(value["notes"])})


def _plain_registration(value: RegistrationRecord) -> Plain:
    result, warp = value.result, value.result.warp
    return _plain_fields(value) | {
        "result": _plain_fields(result) | {
            "residual_um": None if result.residual_um != result.residual_um else result.residual_um,
            "warp": None if warp is None else {
                "affine": warp.affine.tolist(), "knots_px": warp.knots_px.tolist(), "bends": warp.bends.tolist(),
                "unit_px": warp.unit_px,
            },
        },
    }  # fmt: skip


def _plain_fields(
    value: Unit | Review | Visit | Subject | WidthCutoffs | ChangeRules | DetectionRecord | DetectionParameters
    | Calibration | RegistrationRecord | Registration | Landmark | Decision | Ruling,
) -> Plain:  # fmt: skip
    found: Plain = {}
    for name in value.__dataclass_fields__:
        item = getattr(value, name)
        if isinstance(item, DetectionParameters):
            item = _plain_parameters(item)
        elif isinstance(item, tuple):
            item = list(item)
        found[name] = item.value if isinstance(item, Enum) else item
    return found


def _plain_parameters(parameters: DetectionParameters) -> Plain:
    return _without(_plain_fields(parameters), _ADDED_LATER)


def _without(found: Plain, added_later: Plain) -> Plain:
    """Plain values without those that older files lack and that are as they were then."""
    return {name: value for name, value in found.items() if name not in added_later or added_later[name] != value}


def _plain_read(read: Read) -> Plain:
    return _own_part(read) | {
        "field": plain(read.field),
        "hairs": [plain(read.hairs[i]) for i in sorted(read.hairs)],
        "units": [plain(read.units[i]) for i in sorted(read.units)],
    }  # fmt: skip


def _canonical_read(read: Read) -> str:
    """The canonical JSON of a whole read: of its many hairs and units one after the other, which is much quicker."""
    parts = {name: canonical(value) for name, value in (_own_part(read) | {"field": plain(read.field)}).items()}
    for name, table in (("hairs", read.hairs), ("units", read.units)):
        parts[name] = f"[{','.join(canonical_flat(plain(table[i])) for i in sorted(table))}]"
    return "{" + ",".join(f'"{name}":{parts[name]}' for name in sorted(parts)) + "}"


def canonical_flat(value: Plain) -> str:
    """`canonical` of an object in which no other object stands, with pydantic's far quicker writer of floats.

    It writes the same digits. Where Python would write an exponent, or refuse, there is a mark to be found: then
    Python writes.
    """
    text = to_json(dict(sorted(value.items())))
    return canonical(value) if any(mark in text for mark in _OTHERWISE_WRITTEN) else text.decode()


def _own_part(read: Read) -> Plain:
    """What a read says besides its hairs, units and field."""
    added: Plain = {
        "amends": read.amends, "package": read.package, "repeat": read.repeat,
        "adjudicates": None if read.adjudicates is None else list(read.adjudicates),
    }  # fmt: skip
    settlements = [plain(read.settlements[i]) for i in sorted(read.settlements)]
    return {
        "id": read.id, "image_id": read.image_id, "reader": read.reader, "created_utc": read.created_utc,
        "review": plain(read.review), "based_on": read.based_on,
        "detection": None if read.detection is None else plain(read.detection),
        **_without(added, _ADDED_TO_READS), **({"settlements": settlements} if settlements else {}),
    }  # fmt: skip


def _own_fields(value: Plain) -> Plain:
    """What `_own_part` tells, but for the settlements, as a read's fields."""
    own = _ADDED_TO_READS | value
    adjudicates, detection = own["adjudicates"], own["detection"]
    names = ("id", "image_id", "reader", "created_utc", "based_on", "amends", "package", "repeat")
    return {name: own[name] for name in names} | {
        "review": _review(own["review"]),
        "adjudicates": None if adjudicates is None else (adjudicates[0], adjudicates[1]),
        "detection": None if detection is None else detection_from_plain(detection),
    }  # fmt: skip


def _settlements(value: Plain) -> Mapping[int, Settlement]:
    found = [settlement_from_plain(one) for one in value.get("settlements", [])]
    return MappingProxyType({one.id: one for one in found})


def _hair(value: Plain) -> Hair:
    width = value["width_px"]
    return Hair(
        **value | {
            "vertices_px": frozen_array(value["vertices_px"], 2),
            "vertex_width_px": _widths(value["vertex_width_px"]),
            "width_px": float("nan") if width is None else width,
            "origin": _ORIGINS[value["origin"]],
            "status": _STATUSES[value["status"]],
        }
    )  # fmt: skip


def _widths(values: list[float | None]) -> FloatArray:
    return frozen_array([float("nan") if w is None else w for w in values])


def _field(value: Plain) -> Field:
    exclusions = tuple(
        Exclusion(e["id"], frozen_array(e["polygon_px"], 2), ExclusionCause(e["cause"])) for e in value["exclusions"]
    )
    return Field(FieldShape(value["shape"]), frozen_array(value["polygon_px"], 2), exclusions)


def _review(value: Plain) -> Review:
    return Review(**value | {"state": read_state(value["state"])})


def read_state(text: str) -> ReadState:
    """A read's state from its name, be it of a file older than 1.4.

    Raises:
        ValueError: if there is no such state.
    """
    return _OLD_STATES.get(text) or ReadState(text)


def _image(value: Plain) -> ImageRecord:
    scale = value["calibration"]
    calibration = None if scale is None else Calibration(scale["um_per_px"], CalibrationSource(scale["source"]))
    notes = MappingProxyType(dict(value["notes"]))
    return ImageRecord(
        **value | {"calibration": calibration, "notes": notes, "conversions": tuple(value["conversions"])}
    )


def _read(value: Plain) -> Read:
    hairs = [_hair(h) for h in value["hairs"]]
    units = [Unit(**u) for u in value["units"]]
    return Read(
        **_own_fields(value),
        next_id=value.get("next_id", 1),
        field=_field(value["field"]),
        hairs=MappingProxyType({h.id: h for h in hairs}),
        units=MappingProxyType({u.id: u for u in units}),
        settlements=_settlements(value),
    )


def registration_from_plain(value: Plain) -> RegistrationRecord:
    """A registration and what it was made from, from its plain values."""
    result, warp = value["result"], value["result"]["warp"]
    found = Registration(
        **result | {
            "warp": None if warp is None else Warp(**warp),
            "verdict": Verdict(result["verdict"]),
            "residual_um": float("nan") if result["residual_um"] is None else result["residual_um"],
        }
    )  # fmt: skip
    return RegistrationRecord(**value | {"result": found})


def _landmark(value: Plain) -> Landmark:
    places = {name: tuple(value[name]) for name in ("baseline_px", "followup_px")}
    return Landmark(**value | places)


def _decision(value: Plain) -> Decision:
    ruling = value["ruling"]
    return Decision(**value | {"ruling": Ruling(**ruling | {"level": Level(ruling["level"])})})


_FROM_PLAIN: Mapping[Kind, Callable[[Plain], Value]] = {
    Kind.HAIR: _hair,
    Kind.UNIT: lambda value: Unit(**value),
    Kind.FIELD: _field,
    Kind.REVIEW: _review,
    Kind.READ: _read,
    Kind.IMAGE: _image,
    Kind.VISIT: lambda value: Visit(**value),
    Kind.SUBJECT: lambda value: Subject(**value),
    Kind.CUTOFFS: lambda value: WidthCutoffs(**value),
    Kind.RULES: lambda value: ChangeRules(**value),
    Kind.PAIR: lambda value: Pair(**value),
    Kind.REGISTRATION: registration_from_plain,
    Kind.LANDMARK: _landmark,
    Kind.DECISION: _decision,
    **TRIAL_FROM_PLAIN,
    **RECORD_FROM_PLAIN,
}
