"""Images, hairs and follicular units as tables: the reads in use."""

from collections.abc import Iterator

import numpy as np

from analysis.measures import ENDPOINTS
from workstation.endpoints import IMAGE_COLUMNS, Cell, known, read_columns, units_of
from workstation.export.measured_hairs import measured_hairs
from workstation.export.table import Column, Kind, Row, Source, flag, integer, number, text
from workstation.model.read import Read

READ_COLUMNS = (
    text("image", "name of the image, the same in every table and file"),
    integer("read_id", "the read, one reader's annotation of one image"),
    text("reader", "who made the read"),
    text("read_state", "how far the read has come: detected, in review, submitted, returned, accepted, signed"),
)
_KINDS = {"read_id": Kind.INTEGER, "date": Kind.DAY}
_NUMBERS = {"week", "um_per_px", "vellus_below_um", "terminal_from_um"}


def _image_column(name: str, unit: str, description: str) -> Column:
    kind = Kind.NUMBER if name in _NUMBERS else _KINDS.get(name, Kind.TEXT)
    return Column(name, kind, description, unit)


IMAGES = (
    *(_image_column(*column) for column in IMAGE_COLUMNS),
    *(
        Column(e.name, Kind.INTEGER if e.is_count else Kind.NUMBER, e.description, e.unit, e.digits)
        for e in ENDPOINTS
    ),
)  # fmt: skip
HAIRS = (
    *READ_COLUMNS,
    integer("id", "number of the hair in its read, the same in every file"),
    integer("fu", "its follicular unit, in the table of units; empty where the root is not visible"),
    text("class", "vellus, intermediate or terminal, by the study's cut-offs; empty without a width"),
    number("width_um", "width: the median of the measured ones, or as set by the reader", "µm", 1),
    number("width_px", "the same in pixels", "px", 2),
    flag("width_is_set", "whether the reader set the width"),
    number("length_um", "length along the shaft", "µm", 0),
    number("length_px", "the same in pixels", "px", 1),
    number("confidence", "probability that the hair is there and right, 0 to 1", "", 3),
    text("origin", "detected, edited or added"),
    text("status", "unreviewed, accepted or rejected; a rejected hair counts nowhere"),
    flag("root_visible", "false where the hair enters from outside; it then counts in no endpoint"),
    flag("counted", "whether it is counted: not rejected, and its root lies inside the field"),
    number("root_x_px", "where it leaves the skin: to the right, from the centre of the top-left pixel", "px", 1),
    number("root_y_px", "where it leaves the skin: down, from the centre of the top-left pixel", "px", 1),
    number("tip_x_px", "its free end: to the right", "px", 1),
    number("tip_y_px", "its free end: down", "px", 1),
    text("comment", "the reader's comment"),
)
UNITS = (
    *READ_COLUMNS,
    integer("id", "number of the follicular unit in its read, the same in every file"),
    integer("hairs", "number of its hairs that count"),
    flag("counted", "whether it is counted: its centre lies inside the field"),
    number("x_px", "mean of the roots of its hairs that count: to the right", "px", 1),
    number("y_px", "mean of the roots of its hairs that count: down", "px", 1),
    text("comment", "the reader's comment"),
)


def image_rows(source: Source) -> list[dict[str, Cell]]:
    """One row an image with all its endpoints."""
    return source.endpoints


def hair_rows(source: Source) -> Iterator[Row]:
    """One row a hair, rejected ones too."""
    for read in source.reads:
        yield from hairs_of_read(source, read)


def unit_rows(source: Source) -> Iterator[Row]:
    """One row a follicular unit.

    Its place is the mean of the roots of its hairs that count; without one it has none, and 0 hairs.
    """
    for read in source.reads:
        yield from _units_of_read(source, read)


def hairs_of_read(source: Source, read: Read) -> Iterator[Row]:
    """One row a hair of one read, by id."""
    first = read_columns(read, source.names[read.image_id])
    for found in measured_hairs(source.study, read):
        hair = found.hair
        root_x, root_y = hair.root_px.tolist()
        tip_x, tip_y = hair.tip_px.tolist()
        yield {
            **first,
            "id": hair.id,
            "fu": hair.unit_id,
            "class": found.class_,
            "width_um": found.width_um,
            "width_px": known(hair.width_px),
            "width_is_set": hair.width_is_set,
            "length_um": found.length_um,
            "length_px": found.length_px,
            "confidence": hair.confidence,
            "origin": hair.origin.value,
            "status": hair.status.value,
            "root_visible": hair.root_visible,
            "counted": found.counted,
            "root_x_px": root_x,
            "root_y_px": root_y,
            "tip_x_px": tip_x,
            "tip_y_px": tip_y,
            "comment": hair.comment,
        }


def _units_of_read(source: Source, read: Read) -> Iterator[Row]:
    first = read_columns(read, source.names[read.image_id])
    units, inside = units_of(read)
    columns = (units.unit, units.n_hairs, inside, *units.centre_px.T)
    found = {unit: rest for unit, *rest in zip(*(np.asarray(c).tolist() for c in columns), strict=True)}
    for unit in sorted(read.units.values(), key=lambda u: u.id):
        n_hairs, counted, x_px, y_px = found.get(unit.id, (0, False, None, None))
        cells = {"hairs": n_hairs, "counted": counted, "x_px": x_px, "y_px": y_px, "comment": unit.comment}
        yield {**first, "id": unit.id, **cells}
