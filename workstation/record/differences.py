"""What a row of the record changed, from what to what, in words with units."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.geometry import arc_length
from workstation.model.patch import Kind

MINUS, TIMES = "\u2212", "×"
MAX_TEXT = 200
"""A longer value is cut; the row's own JSON has all of it."""
Plain = dict[str, Any]
_NAMES = {
    "um_per_px": "scale", "calibration": "scale", "n_submitted": "times submitted", "decided_by": "decided by",
    "read_sha256": "read", "content_sha256": "content", "annotation_sha256": "annotation", "image_sha256": "picture",
    "chain_sha256": "record up to", "handed_sha256": "handed out", "created_utc": "made", "signed_utc": "signed",
    "enrolled_utc": "enrolled", "withdrawn_utc": "withdrawn", "done_utc": "done", "set_utc": "set",
    "vellus_below_um": "vellus below", "terminal_from_um": "terminal from", "width_error_um": "error of a width change",
    "adjudicate_above_percent": "third read above", "reasons": "reason asked for", "min_overlap": "least overlap",
    "sha256": "SHA-256", "source_name": "imported as", "width_is_set": "width set by hand", "root_visible": "root",
    "read_id": "of read", "hair_id": "at hair", "unit_id": "unit", "public_key": "public key", "study_id": "study",
}  # fmt: skip
_UNITS = {"_um": "µm", "_px": "px", "_percent": "%", "_days": "days", "_mm": "mm"}
_LEFT_OUT = frozenset({"id", "vertices_px", "vertex_width_px", "polygon_px", "next_id"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that was changed."""

    what: str
    """`hair 27, width`."""
    before: str
    """Empty where there was nothing."""
    after: str
    """Empty where there is nothing any more."""

    def __str__(self) -> str:
        """`hair 27, width: 62 µm → 58 µm`."""
        return f"{self.what}: {self.before or 'none'} → {self.after or 'none'}"


def differences(changes: str, um_per_px: float | None = None) -> tuple[Difference, ...]:
    """What the changes of a row changed.

    Args:
        changes: the row's JSON.
        um_per_px: the scale of the image that they are of; lengths are in pixels without it.

    Raises:
        ValueError, KeyError, TypeError: if it is not of the form in which it was written.
    """
    return tuple(found for change in json.loads(changes) for found in _of_change(change, um_per_px))


def _of_change(change: Plain, scale: float | None) -> Iterator[Difference]:
    kind, before, after = change["kind"], change["before"], change["after"]
    name = _name(kind, change["id"], before or after or {})
    match kind:
        case Kind.HAIR:
            texts = _hair_values(before, scale), _hair_values(after, scale)
        case Kind.FIELD:
            texts = _field_values(before, scale), _field_values(after, scale)
        case Kind.READ:
            texts = _read_values(before), _read_values(after)
        case Kind.REGISTRATION:
            texts = _registration_values(before), _registration_values(after)
        case _:
            texts = _values(before), _values(after)
    if before is None or after is None:
        yield Difference(name, _listed(texts[0], before), _listed(texts[1], after))
        return
    changed = [key for key in dict.fromkeys((*texts[0], *texts[1])) if texts[0].get(key) != texts[1].get(key)]
    for key in changed:
        yield Difference(f"{name}, {key}", texts[0].get(key, ""), texts[1].get(key, ""))
    if kind == Kind.HAIR and before["vertices_px"] != after["vertices_px"]:
        yield from _line_moved(name, before, after, scale)


def _name(kind: str, id_: int, value: Plain) -> str:
    match kind:
        case Kind.FIELD | Kind.REVIEW | Kind.CUTOFFS | Kind.RULES | Kind.PLAN | Kind.READING | Kind.STUDY:
            return kind
        case Kind.LANDMARK | Kind.DECISION:
            return f"{kind} {value.get('pair_id', '')}.{id_}"
        case Kind.SUBJECT | Kind.QUESTIONNAIRE:
            return f"{kind} {value.get('id', '')}"
        case Kind.PERSON:
            return f"{kind} {value.get('name', '')}"
        case Kind.PACKAGE:
            return f"work file of {value.get('reader', '')}"
    return f"{kind} {id_}"


def _listed(texts: Plain, value: Plain | None) -> str:
    """A value that is there on one side alone: what it is, in one line."""
    if value is None:
        return ""
    told = "; ".join(f"{key} {text}" for key, text in texts.items() if text)
    return _cut(told or "there")


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


def _values(value: Plain | None) -> dict[str, str]:
    """Every field of a value, by its name as people say it."""
    if value is None:
        return {}
    return {_label(key): _text(key, item) for key, item in value.items() if key not in _LEFT_OUT}


def _label(key: str) -> str:
    if key in _NAMES:
        return _NAMES[key]
    for suffix in _UNITS:
        key = key.removesuffix(suffix)
    return key.replace("_", " ")


def _text(key: str, value: Any) -> str:
    """A value in words; the unit is in its name."""
    match value:
        case None | "" | []:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            unit = next((f" {unit}" for suffix, unit in _UNITS.items() if key.endswith(suffix)), "")
            return f"{_number(value)}{' µm/px' if key == 'um_per_px' else unit}"
        case str():
            return f"{value[:12]}…" if key.endswith("sha256") else _cut(value)
        case list() if key == "rows":  # of a work file's trail, which the record shows itself
            return str(len(value))
        case list():
            return _cut(", ".join(_text("", item) for item in value))
        case dict() if key == "calibration":
            return f"{_number(value['um_per_px'])} µm/px ({value['source']})"
        case dict():
            return _cut("; ".join(f"{_label(name)} {text}" for name, v in value.items() if (text := _text(name, v))))
    return _cut(str(value))


def _number(value: float) -> str:
    text = f"{value:.4g}" if isinstance(value, float) and abs(value) < 10_000 else f"{value:g}"
    return text.replace("-", MINUS)


def _hair_values(hair: Plain | None, scale: float | None) -> dict[str, str]:
    if hair is None:
        return {}
    line = np.asarray(hair["vertices_px"], dtype=np.float64)
    return {
        "width": _length(hair["width_px"], scale) + (" (set by hand)" if hair["width_is_set"] else ""),
        "length": _length(arc_length(line), scale),
        "unit": "" if hair["unit_id"] is None else str(hair["unit_id"]),
        "status": hair["status"],
        "origin": hair["origin"],
        "root": "in the image" if hair["root_visible"] else "outside",
        "confidence": f"{hair['confidence']:.2f}",
        "comment": _cut(hair["comment"]),
    }


def _line_moved(name: str, before: Plain, after: Plain, scale: float | None) -> Iterator[Difference]:
    roots = [np.asarray(hair["vertices_px"][0]) for hair in (before, after)]
    moved = float(np.hypot(*(roots[1] - roots[0])))
    at = [f"{_number(float(root[0]))}, {_number(float(root[1]))} px" for root in roots]
    if moved > 0:
        yield Difference(f"{name}, root ({_length(moved, scale)} apart)", *at)
    points = [f"{len(hair['vertices_px'])} points" for hair in (before, after)]
    if points[0] != points[1] or moved == 0:
        yield Difference(f"{name}, line", points[0], points[1] if points[0] != points[1] else f"{points[1]}, moved")


def _length(px: float | None, scale: float | None) -> str:
    if px is None or math.isnan(px):
        return "not measured"
    if scale is None:
        return f"{px:.1f} px"
    um = px * scale
    return f"{um:.1f} µm" if um < 100 else f"{um:.0f} µm" if um < 1000 else f"{um / 1000:.2f} mm"


def _field_values(field: Plain | None, scale: float | None) -> dict[str, str]:
    if field is None:
        return {}
    values = {
        "shape": field["shape"],
        "outline": f"{_area(field['polygon_px'], scale)}, {len(field['polygon_px'])} corners",
    }
    for exclusion in field["exclusions"]:
        values[f"exclusion {exclusion['id']}"] = f"{exclusion['cause']}, {_area(exclusion['polygon_px'], scale)}"
    return values


def _area(polygon_px: Sequence[Sequence[float]], scale: float | None) -> str:
    points = np.asarray(polygon_px, dtype=np.float64)
    x, y = points[:, 0], points[:, 1]
    px2 = abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2
    return f"{px2:.0f} px²" if scale is None else f"{px2 * (scale / 1000) ** 2:.3g} mm²"


def _read_values(read: Plain | None) -> dict[str, str]:
    if read is None:
        return {}
    if "read_sha256" in read:
        return {"SHA-256": f"{read['read_sha256'][:12]}…"}
    own = read["read"]
    return {"as": f"read {read['copy_of']}", "by": own["reader"], "state": own["review"]["state"]}


def _registration_values(value: Plain | None) -> dict[str, str]:
    if value is None:
        return {}
    result = value["result"]
    residual = result["residual_um"]
    return {
        "verdict": result["verdict"],
        "residual": "" if residual is None else f"{residual:.0f} µm",
        "reads": f"{value['baseline_read_id']} and {value['followup_read_id']}",
        "landmarks": str(value["n_landmarks"]),
    }
