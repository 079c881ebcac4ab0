"""The units of a read as columns for the table."""

import numpy as np

from analysis.calibration import Calibration
from analysis.detection import BoolArray, FloatArray, IntArray
from analysis.measures import unit_centres
from ui.panels.columns import ID, ColumnSpec, Values, texts
from ui.panels.figures import number
from workstation.model.read import Read


def unit_values(read: Read, scale: Calibration | None) -> Values:
    """Units as columns: widths in µm and distances in mm, both in px without a scale."""
    ids: IntArray = np.array(sorted(read.units), dtype=np.int64)
    centres = unit_centres(read.columns)
    place = np.searchsorted(ids, centres.unit)
    n_hairs = np.zeros(len(ids), dtype=np.int64)
    n_hairs[place] = centres.n_hairs
    distance_px = np.full(len(ids), np.nan)
    distance_px[place] = _nearest_px(centres.centre_px)
    return {
        ID: ids,
        "hairs": n_hairs,
        "width": _mean_widths_px(read, ids) * (1.0 if scale is None else scale.um(1.0)),
        "distance": distance_px * (1.0 if scale is None else scale.mm(1.0)),
        "comment": texts([read.units[i].comment for i in ids.tolist()]),
    }


NO_UNITS: Values = {
    **{name: np.empty(0, dtype=np.int64) for name in (ID, "hairs")},
    **{name: np.empty(0) for name in ("width", "distance")},
    "comment": texts([]),
}


def unit_chosen(values: Values, text: str) -> BoolArray:
    """Which units, (N,): that of a number, or those with the text in their comment; all where it is empty."""
    wanted = text.strip().casefold()
    if wanted.isdecimal():
        chosen: BoolArray = values[ID] == int(wanted)
        return chosen
    return np.array([wanted in comment.casefold() for comment in values["comment"]], dtype=np.bool_)


def unit_columns(has_scale: bool) -> tuple[ColumnSpec, ...]:
    """The table's columns, with the units that an image's values are in."""
    width, distance, digits = ("Width\nµm", "Nearest\nmm", 3) if has_scale else ("Width\npx", "Nearest\npx", 1)
    return (
        ColumnSpec(ID, "Unit", lambda v: str(int(v))),
        ColumnSpec("hairs", "Hairs", lambda v: number(v), "Hairs that count"),
        ColumnSpec("width", width, lambda v: number(v, 1), "Mean width of the hairs that count"),
        ColumnSpec("distance", distance, lambda v: number(v, digits), "From its centre to the nearest other unit's"),
        ColumnSpec("comment", "Comment", lambda v: " ".join(v.split()), is_number=False),
    )


def _nearest_px(centres_px: FloatArray) -> FloatArray:
    """Distance from each centre (M, 2) to the nearest other one, (M,); NaN for one alone."""
    if len(centres_px) < 2:
        return np.full(len(centres_px), np.nan)
    from scipy.spatial import KDTree

    distances: FloatArray = KDTree(centres_px).query(centres_px, k=2)[0][:, 1]
    return distances


def _mean_widths_px(read: Read, ids: IntArray) -> FloatArray:
    columns = read.columns
    known = columns.counts & (columns.unit >= 0) & np.isfinite(columns.width_px)
    place = np.searchsorted(ids, columns.unit[known])
    n = np.bincount(place, minlength=len(ids))
    sums = np.bincount(place, weights=columns.width_px[known], minlength=len(ids))
    with np.errstate(invalid="ignore"):
        means: FloatArray = np.where(n > 0, sums / np.maximum(n, 1), np.nan)
    return means
