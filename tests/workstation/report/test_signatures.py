from dataclasses import replace

import pytest

from tests.workstation.report.small_trial import study_file, trial
from workstation.edits import submit
from workstation.model.read import ReadState
from workstation.model.signature import Meaning
from workstation.report.building import material_of
from workstation.report.document import Heading, RowKind
from workstation.report.quality import quality
from workstation.report.signatures import signatures
from workstation.session import open_study
from workstation.signing import sealing
from workstation.signing.keys import make_key
from workstation.signing.signing import signature_by_key, signing_patch, typed_signature
from workstation.trial.analysing import analyse

PASSPHRASE = "four plain words here"


@pytest.fixture
def session(tmp_path, monkeypatch):
    """A trial with one more read, submitted by Ada."""
    monkeypatch.setattr(sealing, "COST", 2**4)
    with open_study(study_file(trial(), tmp_path), "Ada") as session:
        own = [read for read in session.study.reads.values() if read.reader == "Ada"]
        if not own:
            own = [session.document.current_reader_read(min(session.study.images))]
        if own[0].review.state is not ReadState.SUBMITTED:
            session.document.apply(submit(own[0]))
        yield session


def sign(session, key=None):
    read = next(r for r in session.study.reads.values() if r.reader == "Ada" and r.review.state is ReadState.SUBMITTED)
    signature = typed_signature(session.moment, read.id, "Ada", Meaning.AUTHORSHIP)
    if key is not None:
        signature = signature_by_key(signature, session.study, key, PASSPHRASE)
    session.document.apply(signing_patch(session.moment, signature))
    return read


def facts_of(material):
    return dict(pair for block in quality(material) if hasattr(block, "pairs") for pair in block.pairs)


def test_nobody_has_signed(session):
    material = material_of(session, analyse(session.study))
    assert signatures(material) == []
    assert facts_of(material)["Signatures"] == "Nobody has signed yet."


def test_signatures_stand_in_the_report_with_their_worth(session):
    read = sign(session)
    sign(session, make_key("Ada", PASSPHRASE))
    material = material_of(session, analyse(session.study))
    heading, table = signatures(material)
    assert heading == Heading("Signatures")
    name = material.names[read.image_id]
    assert [row.cells[:4] for row in table.rows] == [(name, f"{read.id}, of Ada", "Ada", "I made this read")] * 2
    assert table.rows[0].cells[5].startswith("typed name\nA typed name alone")
    assert table.rows[1].cells[5].startswith("unverified key\nThe key ")
    assert {row.kind for row in table.rows} == {RowKind.PLAIN}
    assert facts_of(material)["Signatures"] == "2 signatures: 1 unverified key, 1 typed name."


def test_what_is_broken_stands_out(session):
    sign(session)
    material = material_of(session, analyse(session.study))
    broken = replace(material, trail=material.trail[:-1])
    _, table = signatures(broken)
    assert (table.rows[0].kind, table.rows[0].cells[5]) == (
        RowKind.STRONG, "broken\nThe audit trail does not have it.",
    )  # fmt: skip
