"""The endpoints of a study's images, in rows that every table is made of."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import shapely

from analysis.calibration import Calibration
from analysis.detection import BoolArray
from analysis.measures import (
    ENDPOINTS,
    RULES_VERSION,
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


RULES = "measuring_rules"
"""The column of a file's endpoint table that says by which version of the rules a row was measured."""
KEPT = "endpoints"
_NAMES = tuple(row.name for row in ENDPOINTS)
_COUNTS = tuple(place for place, row in enumerate(ENDPOINTS) if row.is_count)


@dataclass(frozen=True, slots=True)
class Known:
    """The endpoints of a read on its own field, and what besides the read they follow from."""

    calibration: Calibration | None
    cutoffs: WidthCutoffs
    endpoints: Endpoints


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

    Those on the read's own field are kept with the read, which never changes, as long as scale and cut-offs are the
    same.

    Args:
        study: the study that the read belongs to.
        read: the read.
        field: another region to measure on, such as the one that two visits share, in the image's pixels; the read's
            own if None.
    """
    calibration, cutoffs = study.images[read.image_id].calibration, study.cutoffs
    if field is not None:
        return _measured(read, field, calibration, cutoffs)
    known: Known | None = read.remembered.get(KEPT)
    if known is None or (known.calibration, known.cutoffs) != (calibration, cutoffs):
        known = Known(calibration, cutoffs, _measured(read, read.field, calibration, cutoffs))
        read.remembered[KEPT] = known
    return known.endpoints


def _measured(
    read: Read, field: Field | shapely.Geometry, calibration: Calibration | None, cutoffs: WidthCutoffs
) -> Endpoints:
    return measure(
        read.columns,
        measured_field(field),
        calibration,
        vellus_below_um=cutoffs.vellus_below_um,
        terminal_from_um=cutoffs.terminal_from_um,
    )


def keep_endpoints(study: Study, rows: Mapping[str, Sequence[Any]]) -> int:
    """Take over endpoints that were measured before, so that they need not be measured again.

    A row counts only if it was measured by the present rules, at the scale of the read's image and with the study's
    cut-offs.

    Args:
        study: whose reads have not changed since.
        rows: the columns of the endpoint table, as this program wrote it; NaN where a value is not known.

    Returns:
        How many reads have theirs now.
    """
    needed = ("read_id", RULES, "um_per_px", "vellus_below_um", "terminal_from_um", *_NAMES)
    if any(name not in rows for name in needed):
        return 0
    cutoffs, n_kept = study.cutoffs, 0
    of_row = zip(*(rows[name] for name in needed), strict=True)
    for read_id, rules, scale, vellus, terminal, *values in of_row:
        read = study.reads.get(read_id)
        if read is None or rules != RULES_VERSION or (vellus, terminal) != _limits(cutoffs):
            continue
        calibration = study.images[read.image_id].calibration
        if known(scale) != (None if calibration is None else calibration.um_per_px):
            continue
        for place in _COUNTS:
            values[place] = int(values[place]) if values[place] == values[place] else math.nan
        read.remembered[KEPT] = Known(calibration, cutoffs, Endpoints(**dict(zip(_NAMES, values, strict=True))))
        n_kept += 1
    return n_kept


def _limits(cutoffs: WidthCutoffs) -> tuple[float, float]:
    return cutoffs.vellus_below_um, cutoffs.terminal_from_um


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
