"""The study file's format 1.4: every group and column with its type, unit and meaning.

This table is the format. The writer, the reader, `verify` and `docs/file-format.md` all go by it.
"""

from collections.abc import Mapping

from workstation.storage.pair_schema import DECISIONS, LANDMARKS, MATCHES, PAIRS, WARP_KNOTS
from workstation.storage.record_schema import RECORD_GROUPS
from workstation.storage.record_schema import SINCE as RECORD_SINCE
from workstation.storage.tables import NO_ID, Column, Group, Type, flag, integer, number, text
from workstation.storage.trial_schema import SINCE as TRIAL_SINCE
from workstation.storage.trial_schema import TRIAL_GROUPS

FORMAT = "trichodesk study"
MAJOR, MINOR = 1, 4
FORMAT_VERSION = f"{MAJOR}.{MINOR}"

_OF_READ = (
    text("image", "name of the image, as in the exported tables", derived=True),
    integer("read_id", "the read in /reads"),
    text("reader", "who read the image", derived=True),
    text("read_state", "how far the read has come", derived=True),
)
_LINE = (
    integer("first_vertex", "index of the first point in the table of points"),
    integer("n_vertices", "number of points"),
)

SUBJECTS = Group(
    "subjects",
    "Participants.",
    (
        text("subject", "the participant's code"),
        text("sex", "as in the manifest"),
        number("age", "age", "years"),
        text("grade", "Hamilton–Norwood or Ludwig grade as in the manifest"),
        text("arm", "the treatment group; empty where the trial has one alone", since=TRIAL_SINCE),
    ),
)
VISITS = Group(
    "visits",
    "One row for each time a subject was seen.",
    (
        integer("visit_id", "number of the visit in this file"),
        text("subject", "the participant's code"),
        text("visit", "the visit's name as in the manifest"),
        number("week", "weeks since the start of the trial", "weeks"),
        text("date", "ISO 8601 day"),
    ),
)
IMAGES = Group(
    "images",
    "Images; their files lie beside the study or in /image_files.",
    (
        integer("image_id", "number of the image in this file"),
        text("image", "name of the image, as in the exported tables", derived=True),
        text("subject", "the participant's code", derived=True),
        integer("visit_id", "the visit in /visits"),
        text("visit", "the visit's name", derived=True),
        text("site", "treatment area"),
        text("path", "the file, relative to the study's folder, with forward slashes"),
        text("sha256", "SHA-256 of the image file's bytes when it was imported"),
        integer("width_px", "width as displayed", "px"),
        integer("height_px", "height as displayed", "px"),
        number("um_per_px", "scale; NaN where it is unknown", "µm/px"),
        text("calibration_source", "where the scale came from; empty where it is unknown"),
        text("device", "the camera"),
        text("source_name", "the file's name when it was imported"),
        text("notes", "JSON object: further columns of the manifest"),
        text("conversions", "JSON list: what decoding changed"),
        flag("embedded", "the file's bytes are in /image_files under the image_id"),
    ),
)
READS = Group(
    "reads",
    "One reader's annotation of one image; an untouched detection is a read too.",
    (
        integer("read_id", "number of the read in this file"),
        text("image", "name of the image, as in the exported tables", derived=True),
        integer("image_id", "the image in /images"),
        text("reader", "who read the image"),
        text("read_state", "detected, in review, submitted, returned, accepted or signed"),
        text("comment", "what the reader says of the image"),
        text("created_utc", "ISO 8601, UTC"),
        integer("based_on", "the read that this one started from; -1 where there is none"),
        integer("next_id", "the next free id of a hair, unit or exclusion in this read"),
        text("field_shape", "how the field's outline was drawn"),
        text("detection", "JSON object: version, parameters, scale and seconds of a detection; else empty"),
        integer("n_submitted", "how often it was submitted", since=RECORD_SINCE, absent=0),
        text("decided_by", "who accepted or returned it last", since=RECORD_SINCE),
        integer("amends", "the signed read that it corrects; -1 where there is none", since=RECORD_SINCE, absent=NO_ID),
        text("package", "the package in /packages that it came back in; else empty", since=RECORD_SINCE),
        integer("repeat", "1: made when the reader was shown the image again unawares", since=RECORD_SINCE, absent=0),
        integer("first_read", "of a third read: the first that it settles; else -1", since=RECORD_SINCE, absent=NO_ID),
        integer("second_read", "of a third read: the other one; else -1", since=RECORD_SINCE, absent=NO_ID),
    ),
)
FIELDS = Group(
    "fields",
    "Outlines of the measured regions and of what is left out of them. Area: the field less its exclusions.",
    (
        *_OF_READ,
        text("kind", "field or exclusion"),
        integer("id", "number of the exclusion in its read; -1 for the field"),
        text("cause", "why an exclusion is left out; empty for the field"),
        *_LINE,
    ),
)
FIELD_VERTICES = Group(
    "field_vertices",
    "Corners of the outlines in /fields, not closed.",
    (
        number("x_px", "to the right, from the centre of the top-left pixel", "px"),
        number("y_px", "down, from the centre of the top-left pixel", "px"),
    ),
)
HAIRS = Group(
    "hairs",
    "Hairs of all reads, rejected ones included. Hair i has the rows first_vertex … first_vertex + n_vertices - 1 of "
    "/vertices, root first.",
    (
        *_OF_READ,
        integer("id", "number of the hair in its read"),
        integer("fu", "the follicular unit in /units; -1 where the root is not visible"),
        Column("class", Type.TEXT, "vellus, intermediate or terminal; empty without a width", derived=True),
        number("width_um", "width; NaN without a scale", "µm", derived=True),
        number("width_px", "width: the median of the measured ones, or as set by the reader", "px"),
        flag("width_is_set", "the reader set the width"),
        number("length_um", "length along the shaft; NaN without a scale", "µm", derived=True),
        number("confidence", "probability that the hair is there and right, 0 to 1", "1"),
        text("origin", "detected, edited or added"),
        text("status", "unreviewed, accepted or rejected; a rejected hair counts nowhere"),
        flag("root_visible", "false where the hair enters from outside; it then counts in no endpoint"),
        number("root_x_px", "where the shaft leaves the skin", "px", derived=True),
        number("root_y_px", "where the shaft leaves the skin", "px", derived=True),
        *_LINE,
        text("comment", "the reader's comment"),
    ),
)
VERTICES = Group(
    "vertices",
    "Points along the hairs in /hairs, root first.",
    (
        number("x_px", "to the right, from the centre of the top-left pixel", "px"),
        number("y_px", "down, from the centre of the top-left pixel", "px"),
        number("width_px", "full width of the shaft here; NaN where it was not measured", "px"),
    ),
)
UNITS = Group(
    "units",
    "Follicular units of all reads.",
    (
        *_OF_READ,
        integer("id", "number of the unit in its read"),
        integer("hairs", "number of its hairs that count", derived=True),
        number("x_px", "mean of the roots of its hairs that count; NaN where none does", "px", derived=True),
        number("y_px", "mean of the roots of its hairs that count; NaN where none does", "px", derived=True),
        text("comment", "the reader's comment"),
    ),
)
AUDIT = Group(
    "audit",
    "Every committed edit, oldest first. Row i has the bytes first_byte … first_byte + n_bytes - 1 of "
    "/audit_text/json: an object with `changes` (kind, id, before, after) and `selection`.",
    (
        integer("seq", "number of the edit, from 1"),
        text("utc", "ISO 8601, UTC"),
        text("user", "who made it"),
        text("action", "do, undo or redo"),
        text("operation", "the edit's name"),
        integer("read_id", "the read that was changed; -1 for the study"),
        text("target", "what was changed"),
        text("reason", "why, in the user's words"),
        text("software_version", "the program's version"),
        integer("first_byte", "index of the first byte in /audit_text/json"),
        integer("n_bytes", "number of bytes"),
        text("sha256", "hash of this row and of the hash of the row before"),
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
    (text("group", "name of the group"), text("sha256", "hash of its columns")),
)

GROUPS = {
    group.name: group
    for group in (
        SUBJECTS, VISITS, IMAGES, READS, FIELDS, FIELD_VERTICES, HAIRS, VERTICES, UNITS, PAIRS, WARP_KNOTS, LANDMARKS,
        DECISIONS, MATCHES, *TRIAL_GROUPS, *RECORD_GROUPS, AUDIT, AUDIT_TEXT,
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
    "min_overlap": "least share of the baseline's field seen again for which a change is given; since 1.2",
    "width_change_limit_um": "a width that changed by less may be measurement error, µm; since 1.2",
    "content_sha256": "hash of the whole content: what tells one state of the study from another",
    "saved_utc": "when the file was saved, ISO 8601, UTC; no part of the content",
}
ADDED_ATTRIBUTES: Mapping[str, int] = {"min_overlap": 2, "width_change_limit_um": 2}
"""Root attributes that older files lack, and the minor version that first had them."""
