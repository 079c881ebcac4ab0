"""The endpoints of one image: their names, units and meanings, and how they are computed."""

from dataclasses import dataclass, field, fields

import numpy as np

from analysis.calibration import Calibration
from analysis.detection import FloatArray
from analysis.measures.counts import HairColumns, UnitColumns, WidthClass, unit_centres, width_classes
from analysis.measures.distances import delaunay_edge_px, nearest_neighbour_px
from analysis.measures.field_area import MeasuredField

NAN = float("nan")


def _endpoint(unit: str, digits: int, description: str, *, comparable: bool = True) -> float:
    """One endpoint of the table: a field without a default that carries its row."""
    row = {"unit": unit, "digits": digits, "description": description, "comparable": comparable}
    undefined: float = field(metadata=row, kw_only=True)
    return undefined


@dataclass(frozen=True, slots=True)
class Endpoints:
    """All that is measured on one image. NaN where it is not defined; counts are whole numbers.

    What needs a scale is NaN without one: densities, areas in cm², lengths in µm and mm, classes by width.
    """

    hair_count: float = _endpoint("", 0, "hairs whose root lies inside the field", comparable=False)
    hair_density_per_cm2: float = _endpoint("1/cm²", 1, "hairs per field area")
    fu_count: float = _endpoint("", 0, "follicular units whose centre lies inside the field", comparable=False)
    fu_density_per_cm2: float = _endpoint("1/cm²", 1, "follicular units per field area")
    hairs_per_fu: float = _endpoint("", 2, "mean number of hairs of the counted follicular units")
    fu_share_1: float = _endpoint("", 3, "share of counted follicular units with one hair")
    fu_share_2: float = _endpoint("", 3, "share of counted follicular units with two hairs")
    fu_share_3: float = _endpoint("", 3, "share of counted follicular units with three hairs")
    fu_share_4_plus: float = _endpoint("", 3, "share of counted follicular units with four hairs or more")
    mean_hair_width_um: float = _endpoint("µm", 1, "mean over counted hairs of each hair's median width")
    sum_hair_width_mm_per_cm2: float = _endpoint("mm/cm²", 2, "sum of hair widths per field area")
    n_without_width: float = _endpoint("", 0, "counted hairs whose width is not known", comparable=False)
    inter_follicular_distance_mm: float = _endpoint(
        "mm", 3, "mean distance from a follicular unit to the nearest other one, edge-corrected after Hanisch"
    )
    inter_follicular_distance_n: float = _endpoint(
        "", 0, "follicular units that the edge-corrected distance rests on", comparable=False
    )
    inter_follicular_distance_delaunay_mm: float = _endpoint(
        "mm", 3, "mean length of Delaunay edges between follicular units, hull edges left out"
    )
    vellus_count: float = _endpoint("", 0, "counted hairs thinner than the vellus cut-off", comparable=False)
    intermediate_count: float = _endpoint("", 0, "counted hairs between the two cut-offs", comparable=False)
    terminal_count: float = _endpoint("", 0, "counted hairs from the terminal cut-off on", comparable=False)
    vellus_density_per_cm2: float = _endpoint("1/cm²", 1, "vellus hairs per field area")
    intermediate_density_per_cm2: float = _endpoint("1/cm²", 1, "intermediate hairs per field area")
    terminal_density_per_cm2: float = _endpoint("1/cm²", 1, "terminal hairs per field area")
    terminal_vellus_ratio: float = _endpoint("", 2, "terminal hairs per vellus hair; undefined without vellus hair")
    field_cm2: float = _endpoint("cm²", 4, "area of the field less its exclusions", comparable=False)
    field_px2: float = _endpoint("px²", 0, "area of the field less its exclusions, in pixels", comparable=False)
    mean_hair_width_px: float = _endpoint("px", 2, "mean hair width in pixels", comparable=False)
    inter_follicular_distance_px: float = _endpoint(
        "px", 1, "edge-corrected nearest-neighbour distance in pixels", comparable=False
    )
    inter_follicular_distance_delaunay_px: float = _endpoint(
        "px", 1, "mean length of inner Delaunay edges in pixels", comparable=False
    )

    def as_dict(self) -> dict[str, float]:
        """Names and values, in the table's order."""
        return {row.name: getattr(self, row.name) for row in ENDPOINTS}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A row of the table of endpoints."""

    name: str
    unit: str
    """Empty for counts, shares and ratios."""
    digits: int
    """Decimals that a reader is shown. Files keep more."""
    description: str
    comparable: bool
    """Whether a difference between two visits means something: not where it hangs on the field's size, nor in px."""

    @property
    def is_count(self) -> bool:
        """Whether the value is a whole number."""
        return self.digits == 0 and not self.unit


RULES_VERSION = 1
"""Of the rules in this package. Raised whenever the same hairs and field would give another value: a value that was
stored under another version is measured anew."""
ENDPOINTS: tuple[Endpoint, ...] = tuple(Endpoint(f.name, **f.metadata) for f in fields(Endpoints))
"""Every endpoint, in the order in which tables list them."""


def measure(
    hairs: HairColumns,
    region: MeasuredField,
    calibration: Calibration | None,
    *,
    vellus_below_um: float,
    terminal_from_um: float,
) -> Endpoints:
    """The endpoints of one image.

    A hair is counted if it counts and its root lies inside the region; a unit if its centre, the mean of the roots of
    its hairs that count, does. A counted unit brings all of its hairs that count, those rooted outside too.

    A counted hair whose width is not known enters the sum of widths with the mean of the known ones, so that the sum
    is always density times mean width; it is in no width class.
    """
    counted, units = _counted(hairs, region)
    area_cm2 = NAN if calibration is None else calibration.cm2(region.area_px2)
    n_hairs, n_units = len(counted.root_px), len(units.unit)
    mean_width_px = _mean(counted.width_px[np.isfinite(counted.width_px)])
    neighbour_px, n_kept = nearest_neighbour_px(units.centre_px, region)
    delaunay_px = delaunay_edge_px(units.centre_px)
    in_class = _class_counts(counted.width_px, calibration, vellus_below_um, terminal_from_um)
    return Endpoints(
        hair_count=n_hairs,
        hair_density_per_cm2=_ratio(n_hairs, area_cm2),
        fu_count=n_units,
        fu_density_per_cm2=_ratio(n_units, area_cm2),
        hairs_per_fu=_mean(units.n_hairs),
        **_composition(units),
        mean_hair_width_um=_um(mean_width_px, calibration),
        sum_hair_width_mm_per_cm2=_ratio(
            _um(mean_width_px, calibration) * 1e-3 * n_hairs if n_hairs else 0.0, area_cm2
        ),
        n_without_width=int(np.isnan(counted.width_px).sum()),
        inter_follicular_distance_mm=_um(neighbour_px, calibration) * 1e-3,
        inter_follicular_distance_n=n_kept,
        inter_follicular_distance_delaunay_mm=_um(delaunay_px, calibration) * 1e-3,
        **{f"{name}_count": n for name, n in in_class.items()},
        **{f"{name}_density_per_cm2": _ratio(n, area_cm2) for name, n in in_class.items()},
        terminal_vellus_ratio=_ratio(in_class[WidthClass.TERMINAL], in_class[WidthClass.VELLUS]),
        field_cm2=area_cm2,
        field_px2=region.area_px2,
        mean_hair_width_px=mean_width_px,
        inter_follicular_distance_px=neighbour_px,
        inter_follicular_distance_delaunay_px=delaunay_px,
    )


def change(before: Endpoints, after: Endpoints) -> dict[str, float]:
    """Later less earlier, for the endpoints that can be compared, each on its own field; NaN where either is."""
    return {row.name: getattr(after, row.name) - getattr(before, row.name) for row in ENDPOINTS if row.comparable}


def _counted(hairs: HairColumns, region: MeasuredField) -> tuple[HairColumns, UnitColumns]:
    """The hairs and the units that are counted."""
    units = unit_centres(hairs)
    inside = region.contains(units.centre_px)
    counted = UnitColumns(units.unit[inside], units.centre_px[inside], units.n_hairs[inside])
    return hairs.of(hairs.counts & region.contains(hairs.root_px)), counted


def _class_counts(
    width_px: FloatArray, calibration: Calibration | None, vellus_below_um: float, terminal_from_um: float
) -> dict[WidthClass, float]:
    if calibration is None:
        return dict.fromkeys(WidthClass, NAN)
    classes = width_classes(width_px * calibration.um_per_px, vellus_below_um, terminal_from_um)
    return {name: int(mask.sum()) for name, mask in classes.items()}


def _composition(units: UnitColumns) -> dict[str, float]:
    shares = {f"fu_share_{n}": _mean(units.n_hairs == n) for n in (1, 2, 3)}
    return {**shares, "fu_share_4_plus": _mean(units.n_hairs >= 4)}


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else NAN


def _ratio(value: float, by: float) -> float:
    return value / by if by > 0 else NAN


def _um(length_px: float, calibration: Calibration | None) -> float:
    return NAN if calibration is None else calibration.um(length_px)
