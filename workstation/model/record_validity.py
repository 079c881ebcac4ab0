"""What makes people, reading rules, remarks, third reads, signatures and packages valid."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator

from workstation.model.package import Package
from workstation.model.patch import Kind, Patch
from workstation.model.people import Person
from workstation.model.read import DETECTOR, Read, ReadState
from workstation.model.reading import Remark
from workstation.model.settlement import Settlement
from workstation.model.signature import Signature
from workstation.model.study import Study
from workstation.model.validity import storable

SHA256 = re.compile("[0-9a-f]{64}")
KEY_BYTES, SIGNATURE_BYTES = 32, 64
"""Of Ed25519."""


def record_problems(study: Study) -> list[str]:
    """What is wrong with the record of a study, one sentence each; empty when it is valid."""
    found = [problem for person in study.people.values() for problem in _person_problems(person)]
    found += _same_names(study.people)
    found += [problem for remark in study.remarks.values() for problem in _remark_problems(remark, study)]
    found += [problem for signed in study.signatures.values() for problem in _signature_problems(signed, study)]
    found += [problem for package in study.packages.values() for problem in _package_problems(package, study)]
    return found + [problem for read in study.reads.values() for problem in _read_problems(read, study)]


def record_problems_after(after: Study, patch: Patch) -> list[str]:
    """What a patch made wrong in the record of a study: the same rules, looked up only where it changed something.

    Args:
        after: the study with the patch.
        patch: an edit of a valid study, or one that is taken back.
    """
    found: list[str] = []
    for change in patch.changes:
        match change.after:
            case Person():
                found += [*_person_problems(change.after), *_same_names(after.people)]
            case Remark():
                found += _remark_problems(change.after, after)
            case None if change.kind is Kind.REMARK:
                found += _unanswered(after)
            case Signature():
                found += _signature_problems(change.after, after)
            case Package():
                found += _package_problems(change.after, after)
            case Read():
                found += _read_problems(change.after, after)
            case Settlement() if patch.read_id is not None:
                found += _settlement_problems(change.after, after.reads[patch.read_id])
            case _:
                pass
    return found


def _person_problems(person: Person) -> Iterator[str]:
    if not person.name.strip() or person.name == DETECTOR:
        yield "a person has no name"
    if not storable(person.name):
        yield "a person's name has a character that cannot be stored"
    if len(set(person.roles)) != len(person.roles):
        yield f"{person.name} has a role twice"
    keys = [key.key for key in person.keys]
    if len(set(keys)) != len(keys):
        yield f"{person.name} has a key twice"
    if not all(_is_base64(key, KEY_BYTES) for key in keys):
        yield f"a key of {person.name} is none"


def _same_names(names: Iterable[str]) -> Iterator[str]:
    folded: dict[str, str] = {}
    for name in names:
        if (other := folded.setdefault(name.casefold(), name)) != name:
            yield f"{other} and {name} differ in capitals alone"


def _remark_problems(remark: Remark, study: Study) -> Iterator[str]:
    if remark.read_id not in study.reads:
        yield f"remark {remark.id} is of read {remark.read_id}, which does not exist"
    if not remark.text.strip() or not remark.author.strip():
        yield f"remark {remark.id} has no text or no author"
    if not all(map(storable, (remark.text, remark.author, remark.done_by))):
        yield f"remark {remark.id} has a character that cannot be stored"
    if remark.answers is not None:
        answered = study.remarks.get(remark.answers)
        if answered is None or answered.read_id != remark.read_id or remark.answers == remark.id:
            yield f"remark {remark.id} answers remark {remark.answers}, which is none of its read"


def _unanswered(study: Study) -> Iterator[str]:
    if any(remark.answers is not None and remark.answers not in study.remarks for remark in study.remarks.values()):
        yield "that remark has answers"


def _signature_problems(signature: Signature, study: Study) -> Iterator[str]:
    if signature.read_id not in study.reads:
        yield f"signature {signature.id} is on read {signature.read_id}, which does not exist"
    hashes = signature.image_sha256, signature.annotation_sha256, signature.chain_sha256
    if not all(map(SHA256.fullmatch, hashes)) or not signature.signer.strip() or not storable(signature.signer):
        yield f"signature {signature.id} lacks a name or a checksum"
    signed = signature.public_key, signature.signature
    if any(signed) and not (_is_base64(signed[0], KEY_BYTES) and _is_base64(signed[1], SIGNATURE_BYTES)):
        yield f"signature {signature.id} is none"


def _package_problems(package: Package, study: Study) -> Iterator[str]:
    if not package.reader.strip() or not storable(package.reader):
        yield f"package {package.id} is for nobody"
    if not SHA256.fullmatch(package.handed_sha256):
        yield f"package {package.id} has no checksum"
    if strange := [item for item in package.items if item.image_id not in study.images]:
        yield f"package {package.id} is of image {strange[0].image_id}, which does not exist"
    ids = [item.package_image_id for item in package.items]
    if len(set(ids)) != len(ids):
        yield f"package {package.id} has an image twice under one number"
    if package.returned is not None and package.returned.revision != len(package.returned.rows):
        yield f"package {package.id} came back with another number of edits than it says"


def _read_problems(read: Read, study: Study) -> Iterator[str]:
    if read.review.n_submitted < 0 or not storable(read.review.decided_by):
        yield f"read {read.id} has a review that makes no sense"
    if read.review.state is ReadState.DETECTED and (read.amends or read.adjudicates or read.repeat or read.package):
        yield f"read {read.id} is a detection and cannot be a person's"
    if read.repeat not in (0, 1):
        yield f"read {read.id} is repeat {read.repeat}"
    if read.package and read.package not in study.packages:
        yield f"read {read.id} came in package {read.package}, which does not exist"
    if read.amends is not None and not _is_of_image(read.amends, read, study):
        yield f"read {read.id} amends read {read.amends}, which is none of its image"
    if read.adjudicates is not None:
        first, second = read.adjudicates
        if first == second or not all(_is_of_image(i, read, study) for i in read.adjudicates):
            yield f"read {read.id} settles reads {first} and {second}, which are not two of its image"
    for settlement in read.settlements.values():
        yield from _settlement_problems(settlement, read)


def _is_of_image(read_id: int, read: Read, study: Study) -> bool:
    other = study.reads.get(read_id)
    return other is not None and other.image_id == read.image_id and other.id != read.id


def _settlement_problems(settlement: Settlement, read: Read) -> Iterator[str]:
    if read.adjudicates is None:
        yield f"read {read.id} settles nothing, but has settlement {settlement.id}"
    ids = (*settlement.first_ids, *settlement.second_ids, *settlement.result_ids)
    if settlement.id < 1 or min(ids, default=1) < 1:
        yield f"settlement {settlement.id} of read {read.id} has a number below 1"


def _is_base64(text: str, n_bytes: int) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == n_bytes
    except (binascii.Error, ValueError):
        return False
