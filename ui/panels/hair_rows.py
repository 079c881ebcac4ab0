"""The hairs of a read as columns for the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PySide6.QtGui import QIcon

from analysis.calibration import Calibration
from analysis.detection import BoolArray
from analysis.measures import WidthClass
from ui.panels.columns import ID, ColumnSpec, Values, texts
from ui.panels.facts import CLASSES, VERDICTS, class_codes, lengths_px
from ui.panels.figures import DASH, number
from ui.panels.symbols import CLASS_NAMES, class_icon, standing_icon
from ui.view.hair_shapes import Standing
from workstation.model.hair import Hair, Origin, Status
from workstation.model.study import WidthCutoffs
from workstation.reviewing import is_doubtful

ANY_CLASS = "any"
STATUSES = tuple(Status)
ORIGINS = tuple(Origin)
_ORIGIN_NAMES = {Origin.DETECTED: "detected", Origin.EDITED: "mended", Origin.ADDED: "added"}
_CODES = {value: code for values in (STATUSES, ORIGINS) for code, value in enumerate(values)}


class Show(StrEnum):
    """Which hairs the table lists."""

    ALL = "All hairs"
    DOUBTFUL = "Doubtful"
    UNREVIEWED = "Not reviewed"
    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    BY_HAND = "Added or mended"
    COMMENTED = "With a comment"


@dataclass(frozen=True, slots=True)
class HairFilter:
    """Which hairs the table lists; all conditions hold together."""

    show: Show = Show.ALL
    width_class: WidthClass | str | None = ANY_CLASS
    text: str = ""
    """A number: the hair or the unit of that number; else part of the comment."""

    def chosen(self, values: Values) -> BoolArray:
        """Which rows, (N,)."""
        chosen = self._shown(values)
        if self.width_class != ANY_CLASS:
            chosen &= values["class"] == CLASSES.index(self.width_class)
        wanted = self.text.strip().casefold()
        if wanted.isdecimal():
            chosen &= (values[ID] == int(wanted)) | (values["unit"] == int(wanted))
        elif wanted:
            chosen &= np.array([wanted in comment.casefold() for comment in values["comment"]], dtype=np.bool_)
        return chosen

    def _shown(self, values: Values) -> BoolArray:
        status, origin = values["status"], values["origin"]
        masks: dict[Show, BoolArray] = {
            Show.ALL: np.ones(len(status), dtype=np.bool_),
            Show.DOUBTFUL: values["doubtful"] > 0,
            Show.UNREVIEWED: status == STATUSES.index(Status.UNREVIEWED),
            Show.ACCEPTED: status == STATUSES.index(Status.ACCEPTED),
            Show.REJECTED: status == STATUSES.index(Status.REJECTED),
            Show.BY_HAND: origin != ORIGINS.index(Origin.DETECTED),
            Show.COMMENTED: values["comment"] != "",
        }
        return masks[self.show].astype(np.bool_)


def hair_values(
    hairs: Sequence[Hair], scale: Calibration | None, cutoffs: WidthCutoffs, doubtful_below: float
) -> Values:
    """Hairs as columns: lengths in mm and widths in µm, both in px where the image has no scale."""
    width_px = np.array([hair.width_px for hair in hairs], dtype=np.float64)
    length_px = lengths_px([hair.vertices_px for hair in hairs])
    width = width_px if scale is None else width_px * scale.um(1.0)
    return {
        ID: np.array([hair.id for hair in hairs], dtype=np.int64),
        "unit": np.array([np.nan if h.unit_id is None else h.unit_id for h in hairs], dtype=np.float64),
        "width": width,
        "length": length_px if scale is None else length_px * scale.mm(1.0),
        "class": class_codes(width, cutoffs) if scale is not None else np.full(len(hairs), 3),
        "confidence": np.array([hair.confidence for hair in hairs], dtype=np.float64),
        "status": np.array([_CODES[hair.status] for hair in hairs], dtype=np.int64),
        "origin": np.array([_CODES[hair.origin] for hair in hairs], dtype=np.int64),
        "root": np.array([hair.root_visible for hair in hairs], dtype=np.int64),
        "comment": texts([hair.comment for hair in hairs]),
        "doubtful": np.array([is_doubtful(hair, doubtful_below) for hair in hairs], dtype=np.int64),
    }


def hair_columns(has_scale: bool) -> tuple[ColumnSpec, ...]:
    """The table's columns, with the units that an image's values are in."""
    width, length, digits = ("Width\nµm", "Length\nmm", 2) if has_scale else ("Width\npx", "Length\npx", 1)
    return (
        ColumnSpec(ID, "Hair", lambda v: str(int(v))),
        ColumnSpec("unit", "Unit", lambda v: number(v), "The follicular unit"),
        ColumnSpec("width", width, lambda v: number(v, 1), "Median along the shaft, or as set by hand"),
        ColumnSpec("length", length, lambda v: number(v, digits), "Along the shaft"),
        ColumnSpec("class", "Class", _class_text, "By the study's cut-offs", is_number=False, icon=_class_icon),
        ColumnSpec("confidence", "Conf.", lambda v: number(v, 2), "How likely the hair is there and right, 0 to 1"),
        ColumnSpec("status", "Verdict", _status_text, is_number=False, icon=_status_icon),
        ColumnSpec("origin", "Origin", lambda v: _ORIGIN_NAMES[ORIGINS[int(v)]], is_number=False),
        ColumnSpec("root", "Root", lambda v: "in" if v else "outside", "Whether the root is in the image", False),
        ColumnSpec("comment", "Comment", lambda v: " ".join(v.split()), is_number=False),
    )


def _class_text(code: int) -> str:
    name = CLASSES[int(code)]
    return DASH if name is None else CLASS_NAMES[name]


def _class_icon(code: int) -> QIcon | None:
    name = CLASSES[int(code)]
    return None if name is None else class_icon(name)


def _status_text(code: int) -> str:
    return VERDICTS[STATUSES[int(code)]]


def _status_icon(code: int) -> QIcon | None:
    return standing_icon(Standing.REJECTED if STATUSES[int(code)] is Status.REJECTED else Standing.SURE)


NO_HAIRS: Values = hair_values((), None, WidthCutoffs(), 0.0)
