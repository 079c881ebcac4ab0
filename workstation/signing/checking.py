"""Whether signatures hold: by whose key, on what, at which point of the record; and if not, what does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from workstation.counting import counted
from workstation.model.package import Package, PackageItem
from workstation.model.people import PublicKey
from workstation.model.read import Read, ReadState
from workstation.model.signature import Meaning, Signature
from workstation.model.study import Study
from workstation.signing.public_keys import fingerprint, holds
from workstation.signing.signed_text import signed_text
from workstation.signing.trail import Place, Trail, trail_of_texts
from workstation.storage.annotation import annotation_digest
from workstation.storage.audit import AuditRow

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far the time of signing and that of its row may lie apart without a remark."""


class Standing(StrEnum):
    """What a signature is worth."""

    VERIFIED = "verified"
    """By a key that the study's owner enrolled for that name."""
    UNVERIFIED = "unverified key"
    """Its mathematics hold, but nobody vouches for the key."""
    TYPED = "typed name"
    """No key at all."""
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Checked:
    """A signature and what was found of it."""

    signature: Signature
    standing: Standing
    why: str
    """A sentence or more: by which key, or what does not hold."""
    on_earlier: bool = False
    """It is on what the read said before it was corrected; the read has changed since, as the record shows."""

    @property
    def word(self) -> str:
        """`verified`, `typed name, on an earlier version`, …"""
        return f"{self.standing}, on an earlier version" if self.on_earlier else str(self.standing)


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a signature was made: the study itself, or a work file that came back."""

    study_id: str
    read_id: int
    image_sha256: str
    place: Place | None
    trail: Trail
    package: Package | None = None


def check_signatures(
    study: Study, rows: Sequence[AuditRow], *, only: frozenset[int] | None = None
) -> tuple[Checked, ...]:
    """Check every signature of a study, in the order of their ids.

    Args:
        study: as it is.
        rows: its whole audit trail, oldest first, whose chain is checked elsewhere.
        only: the reads whose signatures are checked; all if None.
    """
    trail = Trail(rows)
    returned = {
        id_: trail_of_texts(package.returned.rows)
        for id_, package in study.packages.items()
        if package.returned is not None
    }
    once: set[str] = set()
    found = []
    for id_ in sorted(study.signatures):
        signature = study.signatures[id_]
        again = bool(signature.signature) and signature.signature in once
        once.add(signature.signature)
        if only is not None and signature.read_id not in only:
            continue
        if again:
            found.append(_broken(signature, "it is the very signature that stands on another read"))
        else:
            found.append(_checked(signature, study, trail, returned))
    return tuple(found)


def unsigned_locks(study: Study, checked: Sequence[Checked]) -> list[str]:
    """A sentence for each read that is locked as signed without an approval that holds."""
    good = {
        one.signature.read_id
        for one in checked
        if one.signature.meaning is Meaning.APPROVAL and one.standing is not Standing.BROKEN and not one.on_earlier
    }
    locked = [read.id for read in study.reads.values() if read.review.state is ReadState.SIGNED]
    return [f"Read {id_} is signed, but no approval of it holds." for id_ in sorted(set(locked) - good)]


def signatures_hold(study: Study, rows: Sequence[AuditRow]) -> tuple[bool, list[str]]:
    """Whether all signatures of a study hold, and sentences: of those that do not, else one of all of them.

    Args:
        study: as it is.
        rows: its whole audit trail.
    """
    checked = check_signatures(study, rows)
    wrong = [described(one) for one in checked if one.standing is Standing.BROKEN] + unsigned_locks(study, checked)
    return not wrong, wrong or [summary(checked)]


def summary(checked: Sequence[Checked]) -> str:
    """`3 signatures: 2 verified, 1 typed name.`"""
    if not checked:
        return "Nobody has signed yet."
    n_of = [(sum(one.standing is standing for one in checked), standing) for standing in Standing]
    parts = ", ".join(f"{n} {standing}" for n, standing in n_of if n)
    return f"{counted(len(checked), 'signature')}: {parts}."


def described(checked: Checked) -> str:
    """`Signature 2, of Ada on read 3, “I made this read”: …`: what a check says of it."""
    one = checked.signature
    return f"Signature {one.id}, of {one.signer} on read {one.read_id}, “{one.meaning}”: {checked.why}"


def _checked(
    signature: Signature, study: Study, trail: Trail, returned: Mapping[str, Trail | None]
) -> Checked:  # fmt: skip
    read = study.reads.get(signature.read_id)
    if read is None or read.image_id not in study.images:
        return _broken(signature, "the read that it is on is gone")
    origin = _origin(signature, read, study, trail, returned)
    signed = _moment(signature.signed_utc)
    if signed is None:
        return _broken(signature, "its time is none")
    if signature.public_key and not _holds(signature, origin):
        return _broken(
            signature, "it was not made with its key over what it says: it was changed, or is of another read or study"
        )
    if why := _not_bound(signature, origin):
        return _broken(signature, why)
    on_earlier = False
    if signature.annotation_sha256 != annotation_digest(read):
        if not _was_said(signature, read, origin, trail):
            return _broken(signature, "the annotation is not the one that was signed")
        on_earlier = True
    found = _standing(signature, signed, study, trail)
    if on_earlier:
        found = Checked(
            signature, found.standing, f"{found.why} The read was corrected after that.", on_earlier=True
        )  # fmt: skip
    return found if origin.place is None else _with_clocks(found, signed, origin.place)


def _origin(
    signature: Signature, read: Read, study: Study, trail: Trail, returned: Mapping[str, Trail | None]
) -> _Origin:
    there = returned.get(read.package)
    package = study.packages.get(read.package)
    if package is not None and there is not None and (place := there.place_of(signature)) is not None:
        item = _item_of(package, read)
        picture = "" if item is None else item.sha256
        return _Origin(package.study_id, place.read_id, picture, place, there, package)
    place = trail.place_of(signature)
    picture = study.images[read.image_id].sha256
    return _Origin(study.id, signature.read_id, picture, place, trail)


def _item_of(package: Package, read: Read) -> PackageItem | None:
    own = (item for item in package.items if (item.image_id, item.repeat) == (read.image_id, read.repeat))
    return next(own, None)


def _holds(signature: Signature, origin: _Origin) -> bool:
    text = signed_text(signature, origin.study_id, origin.read_id)
    return holds(signature.public_key, signature.signature, text)


def _not_bound(signature: Signature, origin: _Origin) -> str:
    """What does not hold of the image and the chain; empty where all does."""
    if signature.image_sha256 != origin.image_sha256:
        return "the image is not the one that was read when it was signed"
    whose = "the package's audit trail" if origin.package is not None else "the audit trail"
    if origin.place is None:
        return f"{whose} does not have it"
    if origin.place.row.previous != signature.chain_sha256:
        known = any(row.sha256 == signature.chain_sha256 for row in origin.trail.rows)
        return (
            f"it stands at another point of {whose} than it was made for"
            if known
            else f"{whose} is not the one that it was made in"
        )
    if origin.place.row.user != signature.signer:
        return f"{whose} says that {origin.place.row.user} put it there"
    if origin.place.read_id != origin.read_id:
        return f"{whose} has it on read {origin.place.read_id}"
    return ""


def _was_said(signature: Signature, read: Read, origin: _Origin, trail: Trail) -> bool:
    """Whether the record leads from what was signed to what the read says now."""
    if origin.package is None:
        then = trail.read_at(read, signature.read_id, origin.place)
    else:
        merged = trail.read_at(read, signature.read_id, trail.place_of(signature))
        then = None if merged is None else origin.trail.read_at(merged, origin.read_id, origin.place)
    return then is not None and annotation_digest(then) == signature.annotation_sha256


def _standing(signature: Signature, signed: datetime, study: Study, trail: Trail) -> Checked:
    if not signature.public_key:
        why = f"A typed name alone: nothing shows that it was {signature.signer} who typed it."
        return Checked(signature, Standing.TYPED, why)
    print_ = fingerprint(signature.public_key)
    whose = {key.key: (person.name, key) for person in study.people.values() for key in person.keys}
    if signature.public_key not in whose:
        why = f"The key {print_} is not enrolled in this study: whose it is, nobody vouches for."
        return Checked(signature, Standing.UNVERIFIED, why)
    name, key = whose[signature.public_key]
    if name != signature.signer:
        return _broken(signature, f"the key {print_} is that of {name}, not of {signature.signer}")
    return _by_enrolled(signature, signed, key, trail)


def _by_enrolled(signature: Signature, signed: datetime, key: PublicKey, trail: Trail) -> Checked:
    enrolled = f"the key {fingerprint(key.key)}, enrolled for {signature.signer} on {_day(key.enrolled_utc)}"
    if not key.withdrawn_utc:
        return Checked(signature, Standing.VERIFIED, f"By {enrolled}.")
    withdrawn = _moment(key.withdrawn_utc)
    on = _day(key.withdrawn_utc)
    if withdrawn is None or signed >= withdrawn:
        return _broken(signature, f"the key {fingerprint(key.key)} was withdrawn on {on}, before it was signed")
    arrived, row = trail.place_of(signature), trail.withdrawn_at(signature.signer, key.key)
    if arrived is None or row is None or arrived.row.seq > row:
        why = (
            f"By {enrolled} and withdrawn on {on}. It came into the study after that; that it was made before rests on "
            "its own clock alone."
        )
        return Checked(signature, Standing.UNVERIFIED, why)
    return Checked(signature, Standing.VERIFIED, f"By {enrolled} and withdrawn on {on}, after it was signed.")


def _with_clocks(found: Checked, signed: datetime, place: Place) -> Checked:
    """The same with a remark, where the record has it at quite another time than it says itself."""
    noted = _moment(place.row.utc)
    if noted is None or abs(noted - signed) <= CLOCKS_DIFFER:
        return found
    why = f"{found.why} It says {found.signature.signed_utc}, and the record has it at {place.row.utc}."
    return Checked(found.signature, found.standing, why, found.on_earlier)


def _broken(signature: Signature, what: str) -> Checked:
    return Checked(signature, Standing.BROKEN, f"{what[:1].upper()}{what[1:]}.")


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _day(utc: str) -> str:
    return utc[:10]
