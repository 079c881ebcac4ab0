"""The sentences of the status bar: where the pointer is, what lies under it, how safe the work is."""

from dataclasses import dataclass
from datetime import UTC, datetime

from analysis.calibration import Calibration
from ui.panels.figures import SPACE, counted, number, quantity
from ui.pointing import Target, TargetKind
from ui.saving import SaveState
from workstation.model.hair import Hair, Origin, Status
from workstation.model.read import Read

SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class SaveText:
    """How safe the work is, in short and in full."""

    text: str
    tip: str
    icon: str
    role: str
    """The colour of its sign, a field of `ui.theme.Theme`."""


def position_text(position_px: tuple[float, float], calibration: Calibration | None) -> str:
    """A position in mm and px; in px alone where the image has no scale."""
    x, y = position_px
    in_px = f"{number(x)}, {number(y)}{SPACE}px"
    if calibration is None:
        return in_px
    return f"{number(calibration.mm(x), 3)}, {number(calibration.mm(y), 3)}{SPACE}mm{SEPARATOR}{in_px}"


def target_text(
    target: Target | None, read: Read | None, calibration: Calibration | None, doubtful_below: float
) -> str:
    """What lies under the pointer; empty where that is nothing, or is there no more."""
    if target is None or read is None:
        return ""
    if target.kind is TargetKind.HAIR and target.id in read.hairs:
        return _hair_text(read.hairs[target.id], calibration, doubtful_below)
    if target.kind is TargetKind.UNIT and target.id in read.units:
        n = sum(h.unit_id == target.id and h.status is not Status.REJECTED for h in read.hairs.values())
        parts = [f"Unit {target.id} of {counted(n, 'hair')}", read.units[target.id].comment]
        return SEPARATOR.join(part for part in parts if part)
    return "Excluded from the field" if target.kind is TargetKind.EXCLUSION else ""


def _hair_text(hair: Hair, calibration: Calibration | None, doubtful_below: float) -> str:
    name = f"Hair {hair.id}" if hair.unit_id is None else f"Hair {hair.id} of unit {hair.unit_id}"
    if calibration is None:
        width = quantity(hair.width_px, 1, "px")
    else:
        width = quantity(calibration.um(hair.width_px), 0, "µm")
    doubtful = hair.status is Status.UNREVIEWED and hair.confidence < doubtful_below
    parts = [
        name,
        f"{width} wide" if hair.width_px == hair.width_px else "width not measured",
        f"doubtful, {number(100 * hair.confidence)}{SPACE}%" if doubtful else "",
        {Status.ACCEPTED: "accepted", Status.REJECTED: "rejected"}.get(hair.status, ""),
        "added by hand" if hair.origin is Origin.ADDED else "",
        "" if hair.root_visible else "root outside the image",
        hair.comment,
    ]
    return SEPARATOR.join(part for part in parts if part)


def save_text(state: SaveState, now: datetime | None = None) -> SaveText:
    """How safe the open study is."""
    at = "" if state.last_saved_utc is None else _clock(state.last_saved_utc, now or datetime.now(UTC))
    edits = counted(state.n_unsaved, "edit")
    saved = f"Saved {at}".strip()
    kept = "They are on this computer's disk already and come back after a crash."
    if state.read_only_because is not None:
        because = state.read_only_because.removesuffix(".")
        return SaveText(f"Read only: {because}", f"Nothing can be changed here: {because}.", "lock", "warn")
    if state.saving:
        return SaveText("Saving …", "The study file is being written; go on meanwhile.", "save", "muted")
    if state.error is not None:
        why = state.error.what.partition("\n")[0]
        return SaveText(f"Not saved: {why}", f"{state.error}\n{edits} not in the study file. {kept}", "error", "danger")
    if state.n_unsaved:
        text = f"{saved}{SEPARATOR}{edits} since" if at else f"{edits} not in the file yet"
        return SaveText(text, f"{edits} not in the study file yet. {kept}\nClick to save now.", "save", "muted")
    return SaveText(saved, "The study file holds everything.", "tick", "ok")


def _clock(utc: str, now: datetime) -> str:
    """A moment in local time: the hour if it is of the same day, else the date too."""
    moment = datetime.fromisoformat(utc).astimezone(now.tzinfo if now.tzinfo is not UTC else None)
    same_day = moment.date() == now.astimezone(moment.tzinfo).date()
    return moment.strftime("%H:%M" if same_day else "%Y-%m-%d %H:%M")


def zoom_text(scale: float, calibration: Calibration | None) -> str:
    """The magnification, and the size of a pixel.

    Args:
        scale: pixels of the screen for one of the image.
        calibration: of the image.
    """
    percent = 100 * scale
    zoom = f"{number(percent, 1 if percent < 10 else 0)}{SPACE}%"
    if calibration is None:
        return f"{zoom}{SEPARATOR}no scale"
    digits = 2 if calibration.um_per_px < 10 else 1
    return f"{zoom}{SEPARATOR}{quantity(calibration.um_per_px, digits, 'µm/px')}"
