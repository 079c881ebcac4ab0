"""The endpoints of the images shown, as a table that is ready to be written: values, changes, reasons for gaps."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.calibration import Calibration
from analysis.measures import ENDPOINTS, Endpoint, Endpoints, HairColumns, change
from ui.panels.figures import number, plain, quantity
from ui.panels.titles import image_titles, read_text
from workstation.areas import area_of, by_time
from workstation.endpoints import endpoints_of
from workstation.model.field import Field
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study, WidthCutoffs

LABELS: dict[str, str] = {
    "hair_density_per_cm2": "Hairs",
    "fu_density_per_cm2": "Units",
    "hairs_per_fu": "Hairs per unit",
    "mean_hair_width_um": "Mean width",
    "sum_hair_width_mm_per_cm2": "Σ width",
    "inter_follicular_distance_mm": "Unit spacing",
    "terminal_vellus_ratio": "Terminal : vellus",
    "hair_count": "Hair count",
    "fu_count": "Unit count",
    "field_cm2": "Field",
    "fu_share_1": "Share of 1 hair",
    "fu_share_2": "Share of 2 hairs",
    "fu_share_3": "Share of 3 hairs",
    "fu_share_4_plus": "Share of 4+ hairs",
    "vellus_count": "Vellus count",
    "intermediate_count": "Interm. count",
    "terminal_count": "Terminal count",
    "vellus_density_per_cm2": "Vellus",
    "intermediate_density_per_cm2": "Interm.",
    "terminal_density_per_cm2": "Terminal",
    "n_without_width": "Without width",
    "inter_follicular_distance_n": "Spacing rests on",
    "inter_follicular_distance_delaunay_mm": "Delaunay edge",
    "mean_hair_width_px": "Mean width",
    "inter_follicular_distance_px": "Unit spacing",
    "inter_follicular_distance_delaunay_px": "Delaunay edge",
    "field_px2": "Field",
}
"""What each endpoint is called, in the order of the panel."""
N_MAIN = 10
"""So many rows are always seen; the rest unfolds."""
SHOWN_UNITS = {"inter_follicular_distance_n": "units", "n_without_width": "hairs"}
"""Said beside the label where the endpoint has no unit of its own and would be misread."""
ROWS: tuple[Endpoint, ...] = tuple({row.name: row for row in ENDPOINTS}[name] for name in LABELS)

NEEDS_SCALE = frozenset({"1/cm²", "µm", "mm/cm²", "mm", "cm²"})
OF_CLASSES = frozenset({"vellus_count", "intermediate_count", "terminal_count", "terminal_vellus_ratio"})


@dataclass(frozen=True, slots=True)
class Column:
    """One image, or the change between two."""

    title: str
    about: str
    """Which read it is of; for a change, what is taken from what."""
    values: tuple[float, ...]
    """As `ROWS`; NaN where not defined."""
    reasons: tuple[str, ...]
    """As `ROWS`; why a value is not defined, else empty."""
    is_change: bool = False

    def text(self, row: int) -> str:
        """A value as it is shown."""
        return number(self.values[row], ROWS[row].digits, sign=self.is_change)


@dataclass(frozen=True, slots=True)
class EndpointTable:
    """What the panel shows."""

    image_ids: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    """One for each image, and one more for the change where there is one."""
    notes: tuple[str, ...] = ()
    """What whoever compares should know."""

    def changed_since(self, before: "EndpointTable") -> frozenset[tuple[int, int]]:
        """Cells, (row, column), that read otherwise than before; none where the columns are of other images."""
        if self.image_ids != before.image_ids or len(self.columns) != len(before.columns):
            return frozenset()
        return frozenset(
            (row, place)
            for place, (now, then) in enumerate(zip(self.columns, before.columns, strict=True))
            for row in range(len(ROWS))
            if now.text(row) != then.text(row)
        )

    def as_tsv(self, rows: Sequence[int] | None = None) -> str:
        """The table for a spreadsheet: names as in exported tables, tabs, a point as decimal mark."""
        chosen = range(len(ROWS)) if rows is None else rows
        lines = [["endpoint", "unit", *(c.title for c in self.columns)], ["read", "", *(c.about for c in self.columns)]]
        lines += [
            [ROWS[r].name, ROWS[r].unit, *(plain(c.values[r], ROWS[r].digits) for c in self.columns)] for r in chosen
        ]
        return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in lines) + "\n"


class EndpointSource:
    """Makes tables; what was measured of a read is remembered, so that an edit measures its own image alone."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[_Basis, Endpoints]] = {}

    def table(self, study: Study, reads: Sequence[tuple[int, Read | None]], withheld: str = "") -> EndpointTable:
        """The table of images with the reads that are shown of them.

        With two images or more of one scalp area it ends with the change of the latest against the earliest.

        Args:
            study: the study.
            reads: image ids with their reads.
            withheld: why no change is given, a sentence; empty where one is.
        """
        ids = [image_id for image_id, _ in reads]
        self._known = {i: known for i, known in self._known.items() if i in ids}
        titles = image_titles(study, ids)
        measured = {i: None if read is None else self._measured(study, read) for i, read in reads}
        columns = [_column(study.images[i], read, titles[i], measured[i]) for i, read in reads]
        order = by_time(study, ids)
        notes = _without_scale(study, titles)
        if len(ids) < 2 or not _same_area(study, ids):
            return EndpointTable(tuple(ids), tuple(columns), notes)
        by_id = dict(zip(ids, columns, strict=True))
        first, last = order[0], order[-1]
        columns.append(_change(by_id[first], by_id[last], measured[first], measured[last], withheld))
        notes += (f"No change is given. {withheld}",) if withheld else ()
        return EndpointTable(tuple(ids), tuple(columns), (*notes, *_notes(study.images[first], study.images[last])))

    def _measured(self, study: Study, read: Read) -> Endpoints:
        basis = _Basis(read.columns, read.field, study.images[read.image_id].calibration, study.cutoffs)
        known = self._known.get(read.image_id)
        if known is not None and known[0].same(basis):
            return known[1]
        endpoints = endpoints_of(study, read)
        self._known[read.image_id] = basis, endpoints
        return endpoints


@dataclass(frozen=True, slots=True, eq=False)
class _Basis:
    """All that endpoints are computed from; an acceptance, say, or a comment leaves it as it is."""

    columns: HairColumns
    field: Field
    calibration: Calibration | None
    cutoffs: WidthCutoffs

    def same(self, other: "_Basis") -> bool:
        own, its = self.columns, other.columns
        return (
            (self.calibration, self.cutoffs) == (other.calibration, other.cutoffs)
            and (own is its or _same_columns(own, its))
            and self.field == other.field
        )


def _same_columns(one: HairColumns, other: HairColumns) -> bool:
    return (
        np.array_equal(one.counts, other.counts)
        and np.array_equal(one.unit, other.unit)
        and np.array_equal(one.root_px, other.root_px)
        and np.array_equal(one.width_px, other.width_px, equal_nan=True)
    )


def tip(row: int, column: Column | None = None) -> str:
    """What an endpoint means; with a column also its value there, or why there is none."""
    endpoint = ROWS[row]
    lines = [f"{endpoint.description[:1].upper()}{endpoint.description[1:]}.", f"In tables: {endpoint.name}"]
    if column is not None:
        reason = column.reasons[row]
        value = quantity(column.values[row], endpoint.digits, endpoint.unit, sign=column.is_change)
        lines.insert(0, f"Not defined: {reason}." if reason else f"{column.title}: {value}")
    return "\n".join(lines)


def unit_shown(row: int) -> str:
    """The unit beside a row's label."""
    return ROWS[row].unit or SHOWN_UNITS.get(ROWS[row].name, "")


def _column(image: ImageRecord, read: Read | None, title: str, endpoints: Endpoints | None) -> Column:
    nothing = math.nan
    values = tuple(nothing if endpoints is None else getattr(endpoints, row.name) for row in ROWS)
    gaps = [_why_undefined(row, image, endpoints) if math.isnan(v) else "" for row, v in zip(ROWS, values, strict=True)]
    return Column(title, read_text(read), values, tuple(gaps))


def _why_undefined(row: Endpoint, image: ImageRecord, endpoints: Endpoints | None) -> str:
    if endpoints is None:
        return "nothing is detected in this image yet"
    if image.calibration is None and (row.unit in NEEDS_SCALE or row.name in OF_CLASSES):
        return "the image has no scale"
    if row.name.endswith("_per_cm2"):
        return "the field is empty" if not endpoints.field_px2 else "no hair has a width"
    if row.name.startswith("mean_hair_width"):
        return "no hair has a width" if endpoints.hair_count else "no hair is counted"
    if row.name == "terminal_vellus_ratio":
        return "no vellus hair is counted"
    if "delaunay" in row.name:
        return "there are fewer than four units, or all lie on one line"
    if row.name.startswith("inter_follicular"):
        return "no unit has a neighbour nearer than the field's edge"
    return "no unit is counted"


def _change(
    first: Column, last: Column, before: Endpoints | None, after: Endpoints | None, withheld: str = ""
) -> Column:
    differences = {} if before is None or after is None or withheld else change(before, after)
    values = tuple(differences.get(row.name, math.nan) for row in ROWS)
    reasons = []
    for place, row in enumerate(ROWS):
        gap = next((f"in {c.title} {c.reasons[place]}" for c in (first, last) if c.reasons[place]), "")
        if withheld:
            gap = f"{withheld[:1].lower()}{withheld[1:].removesuffix('.')}"
        elif not row.comparable:
            gap = "lengths in pixels are not compared" if "px" in row.unit else "it grows with the field"
        reasons.append(gap if math.isnan(values[place]) else "")
    return Column("Change", f"{last.title} less {first.title}", values, tuple(reasons), is_change=True)


def _without_scale(study: Study, titles: Mapping[int, str]) -> tuple[str, ...]:
    without = [title for image_id, title in titles.items() if study.images[image_id].calibration is None]
    if not without:
        return ()
    has = "have" if len(without) > 1 else "has"
    which = " and ".join(without) if len(without) < 3 else f"{len(without)} images"
    return (f"{which} {has} no scale, so no lengths, areas and densities. Image ▸ Set scale… gives one.",)


def _notes(first: ImageRecord, last: ImageRecord) -> tuple[str, ...]:
    if first.device != last.device:
        devices = f"{first.device or 'unknown'} and {last.device or 'unknown'}"
        return (f"The cameras differ ({devices}): widths are not comparable.",)
    return ()


def _same_area(study: Study, ids: Sequence[int]) -> bool:
    return len({area_of(study, image_id) for image_id in ids}) == 1
