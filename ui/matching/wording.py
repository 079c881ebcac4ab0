"""What the window says of registrations and matches: the verdict, why, and what to do."""

import math
from collections.abc import Sequence

from analysis.matching.match import Level, Match, Status
from analysis.registration.result import Verdict
from ui.matching.matched_pair import MatchedPair, Stage
from ui.messages import Message, MessageKind
from ui.panels.figures import SPACE, counted, number
from ui.pointing import Target, TargetKind
from workstation.errors import UserFacingError
from workstation.match_review import MatchQueue, ReviewItem
from workstation.model.pair import Decision, RegistrationRecord

PLACE_LANDMARKS = "Place two or three pairs of landmarks, or correct the units, and register again."
TITLES = {
    Stage.NO_READ: "Not detected yet",
    Stage.UNREGISTERED: "Not registered yet",
    Stage.FAILED: "Registration failed",
    Stage.CHECK: "Registered: please check",
    Stage.GOOD: "Registered",
}
"""A few words for how far two images have come."""


STATUS_WORDS = {
    Status.KEPT: "kept",
    Status.LOST: "lost",
    Status.NEW: "new",
    Status.UNCERTAIN: "uncertain",
}


def stage_text(pair: MatchedPair) -> str:
    """Why it is at its stage, and what to do, in a sentence or two."""
    record = pair.registration
    match pair.stage:
        case Stage.NO_READ:
            return "Matches need the hairs of both images: detect in both."
        case Stage.UNREGISTERED:
            return "These two images are not registered yet."
        case Stage.FAILED:
            assert record is not None
            return f"{_sentence(record.result.reason)} {PLACE_LANDMARKS}"
        case Stage.CHECK:
            assert record is not None
            return f"{_sentence(record.result.reason)} {how_well(record)}"
        case _:
            assert record is not None
            return how_well(record)


def how_well(record: RegistrationRecord) -> str:
    """`142 units found again, 21 µm apart after registration; 87 % of the field is seen at both visits.`."""
    result = record.result
    apart = "" if math.isnan(result.residual_um) else f", {number(result.residual_um)}{SPACE}µm apart"
    seen = f"{number(100 * result.overlap)}{SPACE}% of the field seen at both visits"
    marks = f", {counted(record.n_landmarks, 'landmark')}" if record.n_landmarks else ""
    return f"{counted(result.n_shared, 'unit')} found again{apart}{marks}; {seen}."


def registered_messages(done: Sequence[RegistrationRecord], failed: Sequence[UserFacingError]) -> list[Message]:
    """What the user is told when registering is over: how it went, and what went wrong."""
    messages: list[Message] = []
    if len(done) == 1:
        messages.append(_of_one(done[0]))
    elif done:
        n = {verdict: sum(record.result.verdict is verdict for record in done) for verdict in Verdict}
        parts = [f"{n[Verdict.GOOD]} good"]
        parts += [f"{n[Verdict.CHECK]} to be checked"] if n[Verdict.CHECK] else []
        parts += [f"{n[Verdict.FAILED]} failed"] if n[Verdict.FAILED] else []
        kind = MessageKind.DONE if len(parts) == 1 else MessageKind.WARNING
        messages.append(Message(f"{len(done)} pairs of images were registered: {', '.join(parts)}.", kind))
    if failed:
        first = Message.of_error(failed[0])
        more = "" if len(failed) == 1 else f" So it is with {len(failed)} pairs of images."
        details = first.details if len(failed) == 1 else "\n".join(map(str, failed))
        messages.append(Message(f"{first.text}{more}", first.kind, details=details))
    return messages


def _of_one(record: RegistrationRecord) -> Message:
    reason = _sentence(record.result.reason)
    match record.result.verdict:
        case Verdict.GOOD:
            return Message(f"Registered: {how_well(record)}")
        case Verdict.CHECK:
            return Message(f"Registered, but please check. {reason}", MessageKind.WARNING)
        case _:
            return Message(f"Registration failed. {reason} {PLACE_LANDMARKS}", MessageKind.WARNING)


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:].removesuffix('.')}." if clause else ""


def left_text(queue: MatchQueue) -> str:
    """How many units are left to look at, as a sentence."""
    n_all = queue.n_left + queue.n_decided
    if queue.n_left:
        return f"{number(queue.n_left)} of {counted(n_all, 'unit')} worth a look left"
    return f"All {counted(n_all, 'unit')} decided." if n_all else "All units were found again, much as they were."


def match_title(match: Match | None) -> str:
    """What is selected and what became of it: `Unit 12 → 31: kept`."""
    if match is None:
        return "Nothing selected that is matched"
    what = "Unit" if match.level is Level.UNIT else "Hair"
    ids = " → ".join(str(i) if i is not None else "?" for i in (match.baseline_id, match.followup_id))
    if match.status in (Status.LOST, Status.NEW):
        ids = str(match.baseline_id if match.baseline_id is not None else match.followup_id)
    return f"{what} {ids}: {STATUS_WORDS[match.status]}"


def match_details(match: Match | None, pair: MatchedPair, item: ReviewItem | None) -> str:
    """How far the two are apart and how they differ, as far as that is known."""
    if match is None:
        return "Click a unit or a hair, or go to the next one."
    parts = []
    if not math.isnan(match.distance_um):
        parts.append(f"{number(match.distance_um)}{SPACE}µm apart")
    if not math.isnan(match.width_change_um):
        parts.append(f"width {number(match.width_change_um, sign=True)}{SPACE}µm")
    if match.level is Level.UNIT:
        parts += _hairs_text(match, pair)
    if item is not None and item.change_um:
        parts.append(f"widths changed by {number(item.change_um)}{SPACE}µm in all")
    return " · ".join(parts)


def decided_text(match: Match | None, decision: Decision | None) -> str:
    """Who decided on it."""
    if match is None:
        return ""
    if decision is None:
        return "Not decided yet: as the program says."
    said = "" if decision.ruling.same else ": these two are not the same"
    return f"Decided by {decision.reader}{said}."


def _hairs_text(match: Match, pair: MatchedPair) -> list[str]:
    reads = ((pair.baseline, match.baseline_id), (pair.followup, match.followup_id))
    counts = [sum(h.unit_id == id_ and h.counts for h in r.hairs.values()) for r, id_ in reads if r and id_ is not None]
    if len(counts) == 2 and counts[0] != counts[1]:
        return [f"{counts[0]} → {counted(counts[1], 'hair')}"]
    return [counted(counts[0], "hair")] if counts else []


def fate_text(pair: MatchedPair | None, target: Target) -> str:
    """What became of what lies under the pointer: `kept, 31 in the later image`; empty where that is not known."""
    level = {TargetKind.UNIT: Level.UNIT, TargetKind.HAIR: Level.HAIR}.get(target.kind)
    match = None if pair is None or level is None else pair.match_of(target.image_id, level, target.id)
    if match is None or pair is None:
        return ""
    at_baseline = target.image_id == pair.ids.baseline_image_id
    partner = match.followup_id if at_baseline else match.baseline_id
    where = "later" if at_baseline else "earlier"
    return STATUS_WORDS[match.status] + ("" if partner is None else f", {partner} in the {where} image")
