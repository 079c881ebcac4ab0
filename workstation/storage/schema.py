"""The study file's format 1.1: every group and column with its type, unit and meaning.

This table is the format. The writer, the reader, `verify` and `docs/file-format.md` all go by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

FORMAT = "trichodesk study"
MAJOR, MINOR = 1, 1
FORMAT_VERSION = f"{MAJOR}.{MINOR}"

Array = NDArray[np.generic]
Columns = Mapping[str, Array]
"""The columns of one group by name, all of one length."""

NO_ID = -1
"""Stands in an integer column where there is no id."""


class Type(Enum):
    """What a column holds, by numpy's letter for it."""

    TEXT = "S"
    """UTF-8 of fixed length, filled up with null bytes."""
    INTEGER = "i"
    """64 bits, signed."""
    NUMBER = "f"
    """64-bit float; NaN where a value is unknown or undefined."""
    FLAG = "b"
    """True or false, an HDF5 enumeration."""
    BYTES = "u"
    """8 bits, unsigned."""

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """The column's numpy type; for text the shortest."""
        return np.dtype({"S": "S1", "i": "<i8", "f": "<f8", "b": "?", "u": "u1"}[self.value])


@dataclass(frozen=True, slots=True)
class Column:
    """One dataset."""

    name: str
    type: Type
    description: str
    units: str = ""
    derived: bool = False
    """Computed on saving for other programs; not read back."""


@dataclass(frozen=True, slots=True)
class Group:
    """One table."""

    name: str
    description: str
    columns: tuple[Column, ...]


def _text(name: str, description: str, *, derived: bool = False) -> Column:
    return Column(name, Type.TEXT, description, derived=derived)


def _integer(name: str, description: str, units: str = "", *, derived: bool = False) -> Column:
    return Column(name, Type.INTEGER, description, units, derived)


def _number(name: str, description: str, units: str = "", *, derived: bool = False) -> Column:
    return Column(name, Type.NUMBER, description, units, derived)


def _flag(name: str, description: str) -> Column:
    return Column(name, Type.FLAG, description)


_OF_READ = (
    _text("image", "name of the image, as in the exported tables", derived=True),
    _integer("read_id", "the read in /reads"),
    _text("reader", "who read the image", derived=True),
    _text("read_state", "how far the read has come", derived=True),
)
_LINE = (
    _integer("first_vertex", "index of the first point in the table of points"),
    _integer("n_vertices", "number of points"),
)

SUBJECTS = Group(
    "subjects",
    "Participants.",
    (
        _text("subject", "the participant's code"),
        _text("sex", "as in the manifest"),
        _number("age", "age", "years"),
        _text("grade", "Hamilton–Norwood or Ludwig grade as in the manifest"),
    ),
)
VISITS = Group(
    "visits",
    "One row for each time a subject was seen.",
    (
        _integer("visit_id", "number of the visit in this file"),
        _text("subject", "the participant's code"),
        _text("visit", "the visit's name as in the manifest"),
        _number("week", "weeks since the start of the trial", "weeks"),
        _text("date", "ISO 8601 day"),
    ),
)
IMAGES = Group(
    "images",
    "Images; their files lie beside the study or in /image_files.",
    (
        _integer("image_id", "number of the image in this file"),
        _text("image", "name of the image, as in the exported tables", derived=True),
        _text("subject", "the participant's code", derived=True),
        _integer("visit_id", "the visit in /visits"),
        _text("visit", "the visit's name", derived=True),
        _text("site", "treatment area"),
        _text("path", "the file, relative to the study's folder, with forward slashes"),
        _text("sha256", "SHA-256 of the image file's bytes when it was imported"),
        _integer("width_px", "width as displayed", "px"),
        _integer("height_px", "height as displayed", "px"),
        _number("um_per_px", "scale; NaN where it is unknown", "µm/px"),
        _text("calibration_source", "where the scale came from; empty where it is unknown"),
        _text("device", "the camera"),
        _text("source_name", "the file's name when it was imported"),
        _text("notes", "JSON object: further columns of the manifest"),
        _text("conversions", "JSON list: what decoding changed"),
        _flag("embedded", "the file's bytes are in /image_files under the image_id"),
    ),
)
READS = Group(
    "reads",
    "One reader's annotation of one image; an untouched detection is a read too.",
    (
        _integer("read_id", "number of the read in this file"),
        _text("image", "name of the image, as in the exported tables", derived=True),
        _integer("image_id", "the image in /images"),
        _text("reader", "who read the image"),
        _text("read_state", "detected, in review, reviewed, accepted or adjudicated"),
        _text("comment", "what the reader says of the image"),
        _text("created_utc", "ISO 8601, UTC"),
        _integer("based_on", "the read that this one started from; -1 where there is none"),
        _integer("next_id", "the next free id of a hair, unit or exclusion in this read"),
        _text("field_shape", "how the field's outline was drawn"),
        _text("detection", "JSON object: version, parameters, scale and seconds of a detection; else empty"),
    ),
)
FIELDS = Group(
    "fields",
    "Outlines of the measured regions and of what is left out of them. Area: the field less its exclusions.",
    (
        *_OF_READ,
        _text("kind", "field or exclusion"),
        _integer("id", "number of the exclusion in its read; -1 for the field"),
        _text("cause", "why an exclusion is left out; empty for the field"),
        *_LINE,
    ),
)
FIELD_VERTICES = Group(
    "field_vertices",
    "Corners of the outlines in /fields, not closed.",
    (
        _number("x_px", "to the right, from the centre of the top-left pixel", "px"),
        _number("y_px", "down, from the centre of the top-left pixel", "px"),
    ),
)
HAIRS = Group(
    "hairs",
    "Hairs of all reads, rejected ones included. Hair i has the rows first_vertex … first_vertex + n_vertices - 1 of "
    "/vertices, root first.",
    (
        *_OF_READ,
        _integer("id", "number of the hair in its read"),
        _integer("fu", "the follicular unit in /units; -1 where the root is not visible"),
        Column("class", Type.TEXT, "vellus, intermediate or terminal; empty without a width", derived=True),
        _number("width_um", "width; NaN without a scale", "µm", derived=True),
        _number("width_px", "width: the median of the measured ones, or as set by the reader", "px"),
        _flag("width_is_set", "the reader set the width"),
        _number("length_um", "length along the shaft; NaN without a scale", "µm", derived=True),
        _number("confidence", "probability that the hair is there and right, 0 to 1", "1"),
        _text("origin", "detected, edited or added"),
        _text("status", "unreviewed, accepted or rejected; a rejected hair counts nowhere"),
        _flag("root_visible", "false where the hair enters from outside; it then counts in no endpoint"),
        _number("root_x_px", "where the shaft leaves the skin", "px", derived=True),
        _number("root_y_px", "where the shaft leaves the skin", "px", derived=True),
        *_LINE,
        _text("comment", "the reader's comment"),
    ),
)
VERTICES = Group(
    "vertices",
    "Points along the hairs in /hairs, root first.",
    (
        _number("x_px", "to the right, from the centre of the top-left pixel", "px"),
        _number("y_px", "down, from the centre of the top-left pixel", "px"),
        _number("width_px", "full width of the shaft here; NaN where it was not measured", "px"),
    ),
)
UNITS = Group(
    "units",
    "Follicular units of all reads.",
    (
        *_OF_READ,
        _integer("id", "number of the unit in its read"),
        _integer("hairs", "number of its hairs that count", derived=True),
        _number("x_px", "mean of the roots of its hairs that count; NaN where none does", "px", derived=True),
        _number("y_px", "mean of the roots of its hairs that count; NaN where none does", "px", derived=True),
        _text("comment", "the reader's comment"),
    ),
)
MATCHES = Group(
    "matches",
    "Units and hairs of a later visit found again at the earlier one. Always empty so far.",
    (
        _text("level", "fu or hair"),
        _text("subject", "the participant's code"),
        _text("baseline_image", "name of the earlier image"),
        _text("followup_image", "name of the later image"),
        _integer("baseline_id", "the unit or hair in the earlier image; -1 where it is new"),
        _integer("followup_id", "the unit or hair in the later image; -1 where it is lost"),
        _text("status", "kept, lost, new or uncertain"),
        _number("distance_um", "distance between the two after registration", "µm"),
        _number("width_change_um", "later width less earlier width, for hairs", "µm"),
    ),
)
AUDIT = Group(
    "audit",
    "Every committed edit, oldest first. Row i has the bytes first_byte … first_byte + n_bytes - 1 of "
    "/audit_text/json: an object with `changes` (kind, id, before, after) and `selection`.",
    (
        _integer("seq", "number of the edit, from 1"),
        _text("utc", "ISO 8601, UTC"),
        _text("user", "who made it"),
        _text("action", "do, undo or redo"),
        _text("operation", "the edit's name"),
        _integer("read_id", "the read that was changed; -1 for the study"),
        _text("target", "what was changed"),
        _text("reason", "why, in the user's words"),
        _text("software_version", "the program's version"),
        _integer("first_byte", "index of the first byte in /audit_text/json"),
        _integer("n_bytes", "number of bytes"),
        _text("sha256", "hash of this row and of the hash of the row before"),
    ),
)
AUDIT_TEXT = Group(
    "audit_text",
    "What the edits in /audit changed.",
    (Column("json", Type.BYTES, "UTF-8 text of all rows, one after the other"),),
)
MANIFEST = Group(
    "manifest",
    "SHA-256 of each group's content; the root attribute content_sha256 is the hash of these and the root attributes.",
    (_text("group", "name of the group"), _text("sha256", "hash of its columns")),
)

GROUPS = {
    group.name: group
    for group in (
        SUBJECTS, VISITS, IMAGES, READS, FIELDS, FIELD_VERTICES, HAIRS, VERTICES, UNITS, MATCHES, AUDIT, AUDIT_TEXT,
    )
}  # fmt: skip
ENDPOINTS = "endpoints"
"""A derived group: one row a read, with the columns of the endpoint table."""
IMAGE_FILES = "image_files"
"""The bytes of embedded image files, one dataset each, named by the image's id."""

ROOT_ATTRIBUTES: Mapping[str, str] = {
    "format": f"always `{FORMAT}`",
    "format_version": "major.minor; a program reads every minor version of a major one that it knows",
    "software_version": "of the program that saved the file",
    "study_id": "UUID, given when the study was made; a copy of the file has the same",
    "created_utc": "when the study was made, ISO 8601, UTC",
    "revision": "number of committed edits, the rows of /audit",
    "audit_sha256": "hash of the last row of /audit",
    "vellus_below_um": "a hair thinner than this is vellus, µm",
    "terminal_from_um": "a hair of this width or more is terminal, µm",
    "content_sha256": "hash of the whole content: what tells one state of the study from another",
    "saved_utc": "when the file was saved, ISO 8601, UTC; no part of the content",
}


def text_column(values: Sequence[str]) -> Array:
    """Fixed-length UTF-8, as short as the longest value allows.

    Raises:
        ValueError: for text with a null character or half of a surrogate pair, which a file cannot hold.
    """
    encoded = [value.encode() for value in values]
    if any(b"\0" in value for value in encoded):
        raise ValueError("a text has a null character, which cannot be stored")
    width = max((len(value) for value in encoded), default=0)
    return np.array(encoded, dtype=f"S{max(width, 1)}")


def column(type_: Type, values: Sequence[object]) -> Array:
    """An array of a column's type."""
    return text_column([str(v) for v in values]) if type_ is Type.TEXT else np.array(values, dtype=type_.dtype)
