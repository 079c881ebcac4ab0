"""Signing a read: one edit with the signature and, where it approves an accepted read, the lock."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from workstation.edits.review import signed_review
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch
from workstation.model.read import Read, ReadState
from workstation.model.signature import Meaning, Signature
from workstation.model.study import Study
from workstation.permissions import may_decide

OWN = (Meaning.AUTHORSHIP, Meaning.ADJUDICATION)
"""What a read's own reader signs: of a third read the second, of any other the first."""
_HANDED_IN = frozenset({ReadState.SUBMITTED, ReadState.ACCEPTED, ReadState.SIGNED})
_DECIDED = frozenset({ReadState.ACCEPTED, ReadState.SIGNED})
WHEN: Mapping[Meaning, frozenset[ReadState]] = MappingProxyType(
    {
        Meaning.AUTHORSHIP: _HANDED_IN,
        Meaning.ADJUDICATION: _HANDED_IN,
        Meaning.REVIEW: _DECIDED,
        Meaning.APPROVAL: _DECIDED,
    }
)
"""How far a read has come when it is signed in each sense."""


def add_signature(study: Study, signature: Signature) -> Patch:
    """Sign a read. Approval locks an accepted read for good.

    Args:
        study: as it was when the signature was made.
        signature: made by `workstation.signing`; its id is not looked at.

    Raises:
        EditRefused: if the signer may not sign this read in this sense, or did so already.
    """
    read = study.reads.get(signature.read_id)
    if read is None:
        raise EditRefused(f"there is no read {signature.read_id}")
    if why := why_not(study, read, signature.meaning, signature.signer):
        raise EditRefused(why)
    if signed_already(study, signature):
        raise EditRefused(f"{signature.signer} has signed this already: “{signature.meaning}”")
    id_ = max(study.signatures, default=0) + 1
    change = Change(Kind.SIGNATURE, id_, None, replace(signature, id=id_))
    if signature.meaning is not Meaning.APPROVAL or read.review.state is not ReadState.ACCEPTED:
        return Patch("sign read", read.id, (change,))
    return Patch("sign read", read.id, (signed_review(read), change))


def meanings_for(study: Study, read: Read, signer: str) -> tuple[Meaning, ...]:
    """In which senses somebody may sign a read now, the most telling one first."""
    order = (Meaning.APPROVAL, Meaning.REVIEW, Meaning.ADJUDICATION, Meaning.AUTHORSHIP)
    return tuple(meaning for meaning in order if not why_not(study, read, meaning, signer))


def why_not(study: Study, read: Read, meaning: Meaning, signer: str) -> str:
    """Why somebody may not sign a read in a sense, as a clause; empty where they may."""
    if not signer.strip():
        return "a signature needs a name"
    if read.review.state is ReadState.DETECTED:
        return "a detection is nobody's to sign"
    if why := _why_not_who(study, read, meaning, signer):
        return why
    if read.review.state not in WHEN[meaning]:
        return f"the read is {read.review.state}: it is signed “{meaning}” once it is {_when(meaning)}"
    return ""


def signed_already(study: Study, signature: Signature) -> bool:
    """Whether the signer said the same of the same before, by the same means."""
    said = _said(signature)
    return any(_said(one) == said for one in study.signatures.values())


def _why_not_who(study: Study, read: Read, meaning: Meaning, signer: str) -> str:
    if meaning in OWN:
        if read.reader != signer:
            return f"“{meaning}” is for {read.reader} to sign"
        own = Meaning.AUTHORSHIP if read.adjudicates is None else Meaning.ADJUDICATION
        return "" if meaning is own else f"this read is signed “{own}”"
    if read.reader == signer:
        return "nobody reviews or approves a read of their own"
    if not may_decide(study, read, signer):
        return f"{signer} is neither QA reviewer nor adjudicator in this study"
    return ""


def _when(meaning: Meaning) -> str:
    return "submitted" if meaning in OWN else "accepted"


def _said(signature: Signature) -> tuple[object, ...]:
    return (
        signature.read_id, signature.signer, signature.meaning, signature.annotation_sha256, signature.public_key,
    )  # fmt: skip
