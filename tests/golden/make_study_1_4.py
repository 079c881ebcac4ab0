"""Makes `study-1.4.h5`, a study of format 1.4: its creation in the trail, people with keys, reading rules, a read that
was submitted, returned with remarks, submitted again, signed with a typed name, accepted and signed with a key, its
amendment, another reader's read, a third read of both, a work file that came back with its trail, and an undo.

It was run once, when the format was made, and is kept to show what is in the file. Every later version must read that
file as it is; it is never made anew.
"""

import base64
import hashlib
import sys
from dataclasses import asdict, replace
from pathlib import Path
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.workstation.small_study import make_hair, make_read, make_study
from workstation.entry import Action, Entry
from workstation.model.package import Package, PackageItem, Returned, Start
from workstation.model.patch import Change, Kind, Patch, apply
from workstation.model.people import Person, PublicKey, Role
from workstation.model.read import DETECTOR, ReadState
from workstation.model.reading import ReadingRules, ReasonFor, Remark
from workstation.model.settlement import About, Choice, Settlement
from workstation.model.signature import Meaning, Signature
from workstation.signing.signed_text import signed_text
from workstation.storage.annotation import annotation_digest
from workstation.storage.audit import row_of
from workstation.storage.codec import canonical
from workstation.storage.content import content_of
from workstation.storage.creation import creation_row
from workstation.storage.writer import write_content
from workstation.writing import table_of_endpoints

IMAGE = bytes(range(256)) * 4
STUDY_ID = "5d0c7d1e-1111-4222-8333-944445555aaa"
DAY = "2026-11-23"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = base64.b64encode(KEY.public_key().public_bytes_raw()).decode()
FIRST, SECOND = make_hair(1, 7, [[100, 100], [100, 140]]), make_hair(2, 8, [[300, 300], [300, 340]])
THIRD = make_hair(3, 8, [[306, 300], [330, 340]], 3.0)
ITEM = PackageItem("K7Q2", "A", 1, 1, "4" * 64)
PACKAGE = Package(
    "0f3c1c9e-0000-4000-8000-000000000001", "Cy", f"{DAY}T10:00:30Z", "Zoë", Start.BLANK,
    "0f3c1c9e-0000-4000-8000-000000000002", "6" * 64, (ITEM, replace(ITEM, code="ZZ81", package_image_id=2, repeat=1)),
)  # fmt: skip
SETTLEMENTS = (
    Settlement(1, About.HAIR, (1,), (1,), Choice.AGREED, (1,)),
    Settlement(2, About.HAIR, (2,), (), Choice.FIRST, (2,)),
    Settlement(3, About.HAIR, (), (3,), Choice.NEITHER, ()),
)


def main(path: Path) -> None:
    embedded = {"embedded": True, "sha256": hashlib.sha256(IMAGE).hexdigest()}
    study = make_study()
    image = replace(study.images[1], **embedded)
    study = replace(study, id=STUDY_ID, images=MappingProxyType({1: image}))
    rows = [creation_row(study, "Zoë", f"{DAY}T09:00:00.000Z")]

    def commit(operation, read_id, *changes, user="Zoë", action=Action.DO, reason="golden"):
        nonlocal study
        patch = Patch(operation, read_id, changes)
        entry = Entry(len(rows) + 1, f"{DAY}T10:00:{len(rows):02}.000Z", user, action, patch, reason=reason)
        row, _ = row_of(entry, rows[-1].sha256)
        study = apply(study, patch)
        rows.append(row)

    def review(read_id, state, user, **more):
        before = study.reads[read_id].review
        submitted = before.n_submitted + (state is ReadState.SUBMITTED)
        after = replace(before, state=state, n_submitted=submitted, **more)
        commit(f"read: {state}", read_id, Change(Kind.REVIEW, 0, before, after), user=user)

    def begin(read, user):
        commit("begin read", None, Change(Kind.READ, read.id, None, read), user=user)

    def person(name, *roles, keys=()):
        commit("add person", None, Change(Kind.PERSON, 0, study.people.get(name), Person(name, roles, keys)))

    person("Zoë", Role.OWNER, Role.QA_REVIEWER, Role.ADJUDICATOR)
    person("Ada", Role.ASSESSOR)
    keys = (PublicKey(PUBLIC, f"{DAY}T10:00:00Z"),)
    person("Zoë", Role.OWNER, Role.QA_REVIEWER, Role.ADJUDICATOR, keys=keys)
    rules = ReadingRules(12.5, ReasonFor.AFTER_SUBMISSION)
    commit("set reading rules", None, Change(Kind.READING, 0, ReadingRules(), rules))
    begin(make_read([FIRST, SECOND], id_=1), "Ada")
    review(1, ReadState.SUBMITTED, "Ada")
    commit("remark", None, Change(Kind.REMARK, 1, None, Remark(1, 1, "Zoë", f"{DAY}T10:00:07Z", "Two?\n=1", 2)))
    review(1, ReadState.RETURNED, "Zoë", decided_by="Zoë")
    answer = Remark(2, 1, "Ada", f"{DAY}T10:00:09Z", "Two.", answers=1)
    commit("answer", None, Change(Kind.REMARK, 2, None, answer), user="Ada")
    done = replace(study.remarks[1], done_by="Ada", done_utc=f"{DAY}T10:00:10Z")
    commit("mark remark as done", None, Change(Kind.REMARK, 1, study.remarks[1], done), user="Ada")
    review(1, ReadState.SUBMITTED, "Ada")
    typed = _typed(study, 1, "Ada", Meaning.AUTHORSHIP, rows)
    commit("sign", None, Change(Kind.SIGNATURE, 1, None, typed), user="Ada")
    review(1, ReadState.ACCEPTED, "Zoë", decided_by="Zoë")
    unsigned = replace(_typed(study, 2, "Zoë", Meaning.APPROVAL, rows), public_key=PUBLIC)
    signed = base64.b64encode(KEY.sign(signed_text(unsigned, study.id, 1))).decode()
    before = study.reads[1].review
    locked = Change(Kind.REVIEW, 0, before, replace(before, state=ReadState.SIGNED))
    commit("sign", 1, Change(Kind.SIGNATURE, 2, None, replace(unsigned, signature=signed)), locked)
    begin(replace(make_read([FIRST, SECOND], id_=2), based_on=1, amends=1), "Ada")
    begin(make_read([FIRST, THIRD], id_=3, reader="Bo"), "Bo")
    review(3, ReadState.SUBMITTED, "Bo")
    agreed = MappingProxyType({1: SETTLEMENTS[0]})
    begin(make_read([FIRST], id_=4, reader="Zoë", adjudicates=(1, 3), settlements=agreed), "Zoë")
    own = replace(study.reads[1].hairs[2], unit_id=7)
    commit("take the first's", 4, Change(Kind.HAIR, 2, None, own), Change(Kind.SETTLEMENT, 2, None, SETTLEMENTS[1]))
    commit("take neither", 4, Change(Kind.SETTLEMENT, 3, None, SETTLEMENTS[2]))
    commit("hand out", None, Change(Kind.PACKAGE, 0, None, PACKAGE))
    back = [make_read([FIRST], id_=i, reader="Cy", package=PACKAGE.id, repeat=i - 5) for i in (5, 6)]
    returned = replace(PACKAGE, returned=_returned())
    reads = [Change(Kind.READ, read.id, None, read) for read in back]
    commit("merge work file", None, Change(Kind.PACKAGE, 0, PACKAGE, returned), *reads)
    commit("take neither", 4, Change(Kind.SETTLEMENT, 3, SETTLEMENTS[2], None), action=Action.UNDO)
    content = content_of(study, rows, table_of_endpoints(study), saved_utc=f"{DAY}T12:00:00Z")
    write_content(path, content, {1: IMAGE})


def _typed(study, id_, signer, meaning, rows) -> Signature:
    image, digest = study.images[1], annotation_digest(study.reads[1])
    return Signature(id_, 1, signer, meaning, f"{DAY}T10:00:13Z", image.sha256, digest, rows[-1].sha256)


def _returned() -> Returned:
    """What came back: the trail of a work file in which Cy began a read of each picture."""
    work = replace(make_study(), id=PACKAGE.study_id)
    rows = [creation_row(work, DETECTOR, f"{DAY}T10:00:30.000Z")]
    for read_id in (1, 2):
        begun = Patch("begin read", None, (Change(Kind.READ, read_id, None, make_read([FIRST], id_=read_id)),))
        entry = Entry(read_id + 1, f"{DAY}T10:00:3{read_id}.000Z", "Cy", Action.DO, begun, reason="毛\n")
        row, _ = row_of(entry, rows[-1].sha256)
        rows.append(row)
    texts = tuple(canonical(asdict(row)) for row in rows)
    return Returned(f"{DAY}T10:00:40Z", len(rows), rows[-1].sha256, texts)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
