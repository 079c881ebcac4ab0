"""A study with its audit trail in memory: edits are applied and recorded, reads signed, as an open study does it."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

from tests.workstation.small_study import make_hair, make_read, make_study
from workstation.clock import utc_milliseconds
from workstation.edits.people import enrol_key
from workstation.entry import Action, Entry
from workstation.model.patch import Change, Kind, Patch, apply
from workstation.model.read import ReadState
from workstation.session import Moment
from workstation.signing.checking import check_signatures
from workstation.signing.keys import make_key
from workstation.signing.signing import signature_by_key, signing_patch, typed_signature
from workstation.storage.audit import genesis, row_of
from workstation.storage.codec import canonical

PASSPHRASE = "four plain words here"
START = datetime(2026, 11, 23, 10, tzinfo=UTC)


class Recorded:
    """A study, its rows, and a clock that goes on by a minute with every edit."""

    def __init__(self, study=None):
        self.study = study or study_of_two()
        self.rows = []
        self.now = START

    @property
    def moment(self):
        head = self.rows[-1].sha256 if self.rows else genesis(self.study.id)
        return Moment(self.study, len(self.rows), head)

    def apply(self, patch, user="Zoë", action=Action.DO):
        self.now += timedelta(minutes=1)
        entry = Entry(len(self.rows) + 1, utc_milliseconds(self.now), user, action, patch)
        row, _ = row_of(entry, self.moment.audit_sha256)
        self.study = apply(self.study, patch)
        self.rows.append(row)

    def enrol(self, key):
        self.apply(enrol_key(self.study, key.name, key.public_key, now_utc="2026-11-23T09:00:00Z"))

    def sign(self, read_id, signer, meaning, key=None, *, now=None):
        """Sign a read and give the signature as it stands in the study."""
        signature = typed_signature(self.moment, read_id, signer, meaning, now=now or self.now)
        if key is not None:
            signature = signature_by_key(signature, self.study, key, PASSPHRASE)
        self.apply(signing_patch(self.moment, signature), signer)
        return self.study.signatures[max(self.study.signatures)]

    def set_state(self, read_id, state, by="Zoë"):
        review = self.study.reads[read_id].review
        after = replace(review, state=state, decided_by=by)
        self.apply(Patch("review", read_id, (Change(Kind.REVIEW, 0, review, after),)), by)

    def move_hair(self, read_id, by="Ada"):
        hair = self.study.reads[read_id].hairs[1]
        after = replace(hair, width_px=hair.width_px + 1, width_is_set=True)
        self.apply(Patch("set width", read_id, (Change(Kind.HAIR, 1, hair, after),)), by)

    def checked(self):
        return check_signatures(self.study, self.rows)

    def texts(self):
        """The trail as a package brings it back."""
        return tuple(canonical(asdict(row)) for row in self.rows)


def study_of_two(**more):
    """Ada's submitted read 1 and Bo's read 2, which says the same, both of image 1."""
    hairs = [make_hair(1, 7, [[100, 100], [100, 140]]), make_hair(2, 8, [[300, 300], [300, 340]])]
    return make_study(
        [
            make_read(hairs, id_=1, reader="Ada", state=ReadState.SUBMITTED),
            make_read(hairs, id_=2, reader="Bo", state=ReadState.SUBMITTED),
        ],
        **more,
    )


def key_for(name):
    """A key of that reader on this computer."""
    return make_key(name, PASSPHRASE)
