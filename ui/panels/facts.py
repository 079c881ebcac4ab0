"""What there is to say of what is selected, worked out for the selection panel."""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from analysis.calibration import Calibration
from analysis.detection import FloatArray, IntArray
from analysis.measures import WidthClass, width_classes
from ui.panels.figures import DASH, SPACE, counted, number, quantity
from ui.panels.titles import file_name, read_text
from workstation.describing import parameters_text
from workstation.endpoints import hair_class, measured_field
from workstation.model.hair import Hair, Origin, Status
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study, WidthCutoffs

T = TypeVar("T")
Row = tuple[str, str]

ORIGINS = {Origin.DETECTED: "detected", Origin.EDITED: "detected, then mended", Origin.ADDED: "added by hand"}
VERDICTS = {Status.UNREVIEWED: "not reviewed", Status.ACCEPTED: "accepted", Status.REJECTED: "rejected"}

CLASSES: tuple[WidthClass | None, ...] = (WidthClass.VELLUS, WidthClass.INTERMEDIATE, WidthClass.TERMINAL, None)
"""In the order in which they are coded in columns."""


def width_unit(scale: Calibration | None) -> str:
    """The unit that widths of an image are written in."""
    return "px" if scale is None else "µm"


def width_in_unit(width_px: float, scale: Calibration | None) -> float:
    """A width in µm, or in px where the image has no scale."""
    return width_px if scale is None else scale.um(width_px)


def length_text(length_px: float, scale: Calibration | None) -> str:
    """A length along the shaft."""
    return quantity(length_px, 1, "px") if scale is None else quantity(scale.mm(length_px), 2, "mm")


def class_of(hair: Hair, study: Study, image: ImageRecord) -> WidthClass | None:
    """A hair's class by the study's cut-offs."""
    scale = image.calibration
    return None if scale is None else hair_class(scale.um(hair.width_px), study.cutoffs)


def why_not_counted(hair: Hair, read: Read) -> str:
    """Why a hair enters no endpoint; empty if it does."""
    if hair.status is Status.REJECTED:
        return "Not counted: rejected."
    if not hair.root_visible:
        return "Not counted: its root is outside the image."
    inside = bool(measured_field(read.field).contains(hair.root_px)[0])
    return "" if inside else "Not counted: its root is outside the field."


def lengths_px(lines: Sequence[FloatArray]) -> FloatArray:
    """The length of each line (V, 2), all at once: (N,)."""
    if not lines:
        return np.empty(0)
    ends = np.cumsum([len(line) for line in lines])
    points = np.concatenate(lines)
    steps = np.append(np.hypot(*np.diff(points, axis=0).T), 0.0)
    steps[ends - 1] = 0.0  # from one line's tip to the next one's root
    lengths: FloatArray = np.add.reduceat(steps, np.concatenate([[0], ends[:-1]]))
    return lengths


def class_codes(width_um: FloatArray, cutoffs: WidthCutoffs) -> IntArray:
    """Widths (N,) as indices into `CLASSES`, (N,); not known (NaN) is of no class."""
    codes = np.full(len(width_um), CLASSES.index(None))
    masks = width_classes(width_um, cutoffs.vellus_below_um, cutoffs.terminal_from_um)
    for code, name in enumerate(CLASSES):
        if name is not None:
            codes[masks[name]] = code
    return codes


@dataclass(frozen=True, slots=True)
class HairsFacts:
    """Several hairs at once."""

    n: int
    width: str
    """Mean ± standard deviation with the number it rests on."""
    length: str
    rows: tuple[Row, ...]
    """What they have in common, and how they divide."""
    width_px: float | None
    """The width that all have; None where they differ or none is known."""
    status: Status | None
    """The verdict that all have."""
    root_visible: bool | None
    comment: str | None


def hairs_facts(study: Study, image: ImageRecord, hairs: Sequence[Hair]) -> HairsFacts:
    """What several hairs have in common."""
    scale = image.calibration
    width = np.array([hair.width_px for hair in hairs]) * width_in_unit(1.0, scale)
    length = lengths_px([hair.vertices_px for hair in hairs]) * (1.0 if scale is None else scale.mm(1.0))
    codes = class_codes(width if scale is not None else np.full(len(hairs), np.nan), study.cutoffs)
    classes = Counter(str(CLASSES[code] or "no class") for code in codes.tolist())
    units = {hair.unit_id for hair in hairs if hair.unit_id is not None}
    confidence = float(np.mean([hair.confidence for hair in hairs]))
    rows = (
        ("Units", number(len(units))),
        ("Class", _divided(classes)),
        ("Confidence", f"{number(confidence, 2)} on average"),
        ("Origin", _divided(Counter(ORIGINS[hair.origin] for hair in hairs))),
        ("Verdict", _divided(Counter(VERDICTS[hair.status] for hair in hairs))),
    )
    return HairsFacts(
        n=len(hairs),
        width=spread_text(width, 1, width_unit(scale)),
        length=spread_text(length, 1, "px") if scale is None else spread_text(length, 2, "mm"),
        rows=rows,
        width_px=_common([hair.width_px for hair in hairs]),
        status=_common([hair.status for hair in hairs]),
        root_visible=_common([hair.root_visible for hair in hairs]),
        comment=_common([hair.comment for hair in hairs]),
    )


def spread_text(values: np.ndarray, digits: int, unit: str) -> str:
    """Mean ± standard deviation (n − 1) of the known values (N,): `58.3 ± 12.1 µm`, and how many are not known."""
    known = values[np.isfinite(values)]
    if not len(known):
        return DASH
    spread = f"{SPACE}±{SPACE}{number(float(known.std(ddof=1)), digits)}" if len(known) > 1 else ""
    missing = f" ({len(values) - len(known)} not known)" if len(known) < len(values) else ""
    return f"{number(float(known.mean()), digits)}{spread}{SPACE}{unit}{missing}"


def unit_rows(study: Study, read: Read, unit_id: int) -> tuple[Row, ...]:
    """What there is to say of one unit: its hairs, its place, its neighbour."""
    image = study.images[read.image_id]
    scale = image.calibration
    hairs = read.hairs_of(unit_id)
    counting = [hair for hair in hairs if hair.counts]
    rejected = len(hairs) - len(counting)
    of_hairs = counted(len(counting), "hair") + (f", {rejected} not counted" if rejected else "")
    width = np.array([width_in_unit(hair.width_px, scale) for hair in counting])
    rows = [("Hairs", of_hairs), ("Mean width", spread_text(width, 1, width_unit(scale)))]
    if counting:
        x, y = np.mean([hair.root_px for hair in counting], axis=0).tolist()
        place = f"{number(x, 1)}, {number(y, 1)}{SPACE}px"
        rows.append(
            ("Centre", place if scale is None else f"{number(scale.mm(x), 3)}, {number(scale.mm(y), 3)}{SPACE}mm")
        )
    return tuple(rows)


def image_rows(study: Study, image: ImageRecord, read: Read | None) -> tuple[Row, ...]:
    """What is known of an image, in the order in which one asks."""
    visit, scale = study.visits[image.visit_id], image.calibration
    subject = study.subjects.get(visit.subject)
    when = f"{visit.name}, {visit.date}" if visit.date else visit.name
    size = f"{number(image.width_px)} × {number(image.height_px)}{SPACE}px"
    rows: list[Row] = [
        ("Subject", ", ".join([visit.subject, *_of_subject(subject)])),
        ("Visit", when),
        ("Site", image.site),
        ("File", file_name(image)),
        ("Size", size if scale is None else f"{size}, {_size_mm(image, scale)}"),
        (
            "Scale",
            "not set (Ctrl+M sets it)" if scale is None else f"{scale.um_per_px:.3g}{SPACE}µm/px, from {scale.source}",
        ),
        ("Device", image.device),
        *((_label(name), text) for name, text in image.notes.items()),
        ("Converted", "; ".join(image.conversions)),
        ("Read", read_text(read)),
    ]
    return tuple((label, text) for label, text in rows if text)


def detection_rows(study: Study, read: Read | None) -> tuple[Row, ...]:
    """How the detection that a read rests on was made."""
    source = None if read is None else read if read.detection else study.reads.get(read.based_on or 0)
    if source is None or source.detection is None:
        return ()
    record = source.detection
    found = f"{counted(len(source.hairs), 'hair')} in {counted(len(source.units), 'unit')}"
    rows = (
        ("Found", found),
        ("Looked for", parameters_text(record.parameters)),
        ("Made", f"{source.created_utc[:10]}, trichodesk {record.software_version}"),
        ("Worked at", f"{record.um_per_px:.3g}{SPACE}µm/px, in {quantity(record.seconds, 1, 's')}"),
        ("Notes", "; ".join(record.notes)),
    )
    return tuple((label, text) for label, text in rows if text)


def _of_subject(subject: object) -> list[str]:
    told = [getattr(subject, "sex", ""), getattr(subject, "age", None), getattr(subject, "grade", "")]
    return [f"{part:g} years" if isinstance(part, float) else str(part) for part in told if part]


def _size_mm(image: ImageRecord, scale: Calibration) -> str:
    return f"{number(scale.mm(image.width_px), 1)} × {number(scale.mm(image.height_px), 1)}{SPACE}mm"


def _label(name: str) -> str:
    plain = name.replace("_", " ").strip()
    return plain[:1].upper() + plain[1:]


def _divided(counts: Counter[str]) -> str:
    if len(counts) == 1:
        return f"all {next(iter(counts))}"
    return ", ".join(f"{n} {name}" for name, n in counts.most_common())


def _common(values: Collection[T]) -> T | None:
    first = next(iter(values))
    same = all(value == first for value in values)
    unknown = isinstance(first, float) and math.isnan(first)
    return first if same and not unknown else None
