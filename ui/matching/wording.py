"""What the window says of registrations: the verdict, why, and what to do."""

from collections.abc import Sequence

from analysis.registration.result import Verdict
from ui.matching.matched_pair import MatchedPair, Stage
from ui.messages import Message, MessageKind
from ui.panels.figures import SPACE, counted, number
from workstation.errors import UserFacingError
from workstation.model.pair import RegistrationRecord

PLACE_LANDMARKS = "Place two or three pairs of landmarks, or correct the units, and register again."
TITLES = {
    Stage.NO_READ: "Not detected yet",
    Stage.UNREGISTERED: "Not registered yet",
    Stage.FAILED: "Registration failed",
    Stage.CHECK: "Registered: please check",
    Stage.GOOD: "Registered",
}
"""A few words for how far two images have come."""


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
    apart = "" if result.residual_um != result.residual_um else f", {number(result.residual_um)}{SPACE}µm apart"
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
