"""Signatures as people are told of them: in the window, in the report, in tables."""

from workstation.model.read import Read, ReadState
from workstation.model.signature import Meaning

_CONSEQUENCES = {
    Meaning.APPROVAL: "The read is locked then: it changes only by an amendment, which leaves the signed one as it is.",
    Meaning.REVIEW: "The read stays accepted; approving it locks it.",
    Meaning.AUTHORSHIP: "It says that the read is your own work.",
    Meaning.ADJUDICATION: "It says that you settled what the two readers differ in.",
}


def consequence(meaning: Meaning, read: Read) -> str:
    """What follows from signing a read in a sense, as a sentence."""
    if meaning is Meaning.APPROVAL and read.review.state is ReadState.SIGNED:
        return "The read is locked already."
    return _CONSEQUENCES[meaning]


def utc_minute(utc: str) -> str:
    """`2026-11-23 10:02 UTC` of a time as studies write it; as it is where it is none."""
    if len(utc) >= 17 and utc[10:11] == "T":
        return f"{utc[:10]} {utc[11:16]} UTC"
    return utc or "an unknown time"
