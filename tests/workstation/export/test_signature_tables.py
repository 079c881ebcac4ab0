import csv

import pytest

from tests.workstation.signing.recorded import Recorded, key_for
from workstation.export.signature_tables import signature_rows
from workstation.export.study_files import export_study
from workstation.export.table import Source
from workstation.model.signature import Meaning
from workstation.signing import sealing


@pytest.fixture
def desk(monkeypatch):
    """Ada's read is signed with her key, which is enrolled, and Bo's by a typed name."""
    monkeypatch.setattr(sealing, "COST", 2**4)
    desk, ada = Recorded(), key_for("Ada")
    desk.enrol(ada)
    desk.sign(1, "Ada", Meaning.AUTHORSHIP, ada)
    desk.sign(2, "Bo", Meaning.AUTHORSHIP)
    return desk


def test_every_signature_stands_in_a_table(desk, tmp_path):
    export_study(desk.study, tmp_path, "csv", trail=desk.rows)
    with (tmp_path / "signatures.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    key = desk.study.people["Ada"].keys[0]
    assert (first["id"], first["read_id"], first["image"], first["reader"], first["read_state"]) == (
        "1", "1", "scalp.png", "Ada", "submitted",
    )  # fmt: skip
    assert (first["signer"], first["meaning"], first["standing"]) == ("Ada", "I made this read", "verified")
    assert first["signed_utc"] == desk.study.signatures[1].signed_utc
    assert first["key_fingerprint"] in first["why"]
    assert first["chain_sha256"] == desk.rows[0].sha256
    assert (second["standing"], second["key_fingerprint"]) == ("typed name", "")
    assert key.key not in (tmp_path / "signatures.csv").read_text()


def test_without_the_trail_nothing_is_said_of_their_worth(desk):
    rows = list(signature_rows(Source(desk.study)))
    assert [row["standing"] for row in rows] == [None, None]
    assert [row["signer"] for row in rows] == ["Ada", "Bo"]
