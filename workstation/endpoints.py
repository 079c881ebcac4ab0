"""The endpoints of a study's images, in rows that every table is made of."""

import math
from collections.abc import Mapping
from functools import lru_cache

import shapely

from analysis.detection import BoolArray
from analysis.measures import (
    ENDPOINTS,
    Endpoints,
    MeasuredField,
    WidthClass,
    measure,
    unit_centres,
    width_classes,
)
from analysis.measures.counts import UnitColumns
from workstation.image_names import image_names
from workstation.model.field import Field
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study, WidthCutoffs

Cell = str | int | float | None
"""A value in a table. None, never NaN, where something is not known or not defined."""

IMAGE_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("image", "", "name of the image, the same in every table and file"),
    ("read_id", "", "the read that was measured"),
    ("reader", "", "who made the read"),
    ("read_state", "", "how far the read has come"),
    ("subject", "", "the participant's code"),
    ("visit", "", "name of the visit"),
    ("site", "", "treatment area"),
    ("week", "week", "week of the visit"),
    ("date", "", "day of the visit, ISO 8601"),
    ("device", "", "camera"),
    ("um_per_px", "µm/px", "scale of the image"),
    ("vellus_below_um", "µm", "cut-off used: vellus below this width"),
    ("terminal_from_um", "µm", "cut-off used: terminal from this width on"),
)
"""Name, unit and meaning of the columns that stand before the endpoints in a row."""


def hair_class(width_um: float, cutoffs: WidthCutoffs) -> WidthClass | None:
    """The class of a hair by its width; None where the width is not known (NaN)."""
    classes = width_classes(width_um, cutoffs.vellus_below_um, cutoffs.terminal_from_um)
    return next((name for name, is_it in classes.items() if is_it), None)


@lru_cache(maxsize=512)
def measured_field(field: Field | shapely.Geometry) -> MeasuredField:
    """The field ready for measuring; remembered, since the erosions around many exclusions take longest of all."""
    return MeasuredField(field.region() if isinstance(field, Field) else field)


def counted_hairs(read: Read) -> dict[int, bool]:
    """For every hair whether it is counted: it counts, and its root lies inside the field."""
    inside: BoolArray = read.columns.counts & measured_field(read.field).contains(read.columns.root_px)
    return dict(zip(read.hairs, inside.tolist(), strict=True))


def units_of(read: Read) -> tuple[UnitColumns, BoolArray]:
    """The units that have a hair that counts, and which of them are counted: centred inside the field."""
    units = unit_centres(read.columns)
    return units, measured_field(read.field).contains(units.centre_px)


def endpoints_of(study: Study, read: Read, field: Field | shapely.Geometry | None = None) -> Endpoints:
    """The endpoints of one read with the study's cut-offs and its image's scale.

    Args:
        study: the study that the read belongs to.
        read: the read.
        field: another region to measure on, such as the one that two visits share, in the image's pixels; the read's
            own if None.
    """
    return measure(
        read.columns,
        measured_field(read.field if field is None else field),
        study.images[read.image_id].calibration,
        vellus_below_um=study.cutoffs.vellus_below_um,
        terminal_from_um=study.cutoffs.terminal_from_um,
    )


def endpoint_rows(study: Study, *, all_reads: bool = False) -> list[dict[str, Cell]]:
    """One row an image, for the read in use, or one row a read: where it comes from, then all endpoints.

    An image that has no read has one row all the same, its endpoints None. Sorted by subject, site, week and image.
    """
    names = image_names(study)
    rows: list[dict[str, Cell]] = []
    for image_id in sorted(study.images, key=lambda i: _order(study, i)):
        in_use = study.read_in_use(image_id)
        reads = study.reads_of(image_id) if all_reads else [in_use] if in_use else []
        rows += [_row(study, image_id, read, names) for read in reads] or [_row(study, image_id, None, names)]
    return rows


def read_columns(read: Read | None, image_name: str) -> dict[str, Cell]:
    """The four columns with which every row of every table begins."""
    if read is None:
        return {"image": image_name, "read_id": None, "reader": None, "read_state": None}
    return {
        "image": image_name,
        "read_id": read.id,
        "reader": read.reader,
        "read_state": read.review.state.value,
    }


def um_per_px(image: ImageRecord) -> float | None:
    """The image's scale, None if it has none."""
    return None if image.calibration is None else image.calibration.um_per_px


def known(value: float) -> float | None:
    """The number, or None for NaN."""
    return None if math.isnan(value) else value


def _row(study: Study, image_id: int, read: Read | None, names: Mapping[int, str]) -> dict[str, Cell]:
    image, visit = study.images[image_id], study.visit_of(image_id)
    values = endpoints_of(study, read).as_dict() if read else {}
    return {
        **read_columns(read, names[image_id]),
        "subject": visit.subject,
        "visit": visit.name,
        "site": image.site,
        "week": visit.week,
        "date": visit.date,
        "device": image.device,
        "um_per_px": um_per_px(image),
        "vellus_below_um": study.cutoffs.vellus_below_um,
        "terminal_from_um": study.cutoffs.terminal_from_um,
        **{row.name: known(values.get(row.name, math.nan)) for row in ENDPOINTS},
    }


def _order(study: Study, image_id: int) -> tuple[str, str, float, int]:
    visit = study.visit_of(image_id)
    return visit.subject, study.images[image_id].site, math.inf if visit.week is None else visit.week, image_id
