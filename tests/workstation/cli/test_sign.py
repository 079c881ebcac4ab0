import json

import pytest

from tests.workstation.small_study import make_hair, make_read, make_study
from workstation.model.read import DETECTOR, ReadState
from workstation.session import create_study, open_study
from workstation.signing import sealing
from workstation.signing.keys import make_key
from workstation.signing.public_keys import write_offer

PASSPHRASE = "four plain words here"


@pytest.fixture(autouse=True)
def quick_scrypt(monkeypatch):
    monkeypatch.setattr(sealing, "COST", 2**4)
    monkeypatch.setenv("TRICHODESK_PASSPHRASE", PASSPHRASE)


def study_with(path, state):
    """A study in which read 1 is a detection and read 2 is Ada's."""
    hairs = [make_hair(1, 7, [[100, 100], [100, 140]])]
    reads = [
        make_read(hairs, id_=1, reader=DETECTOR, state=ReadState.DETECTED),
        make_read(hairs, id_=2, reader="Ada", state=state, based_on=1),
    ]
    create_study(path, make_study(reads), user="Ada")
    return path


@pytest.fixture
def submitted(tmp_path, run):
    run("settings", "--reader", "Ada")
    return study_with(tmp_path / "study.h5", ReadState.SUBMITTED)


def test_a_reader_signs_with_a_key_that_is_enrolled_then(run, run_json, submitted, tmp_path):
    key = make_key("Ada", PASSPHRASE)
    (signed,) = run_json("sign", submitted, "--read", 2)
    assert (signed["signer"], signed["meaning"], signed["read_id"]) == ("Ada", "I made this read", 2)
    assert (signed["standing"], signed["public_key"]) == ("unverified key", key.public_key)
    write_offer(tmp_path / "ada.trichokey", key.offered)
    run("people", submitted, "--enrol", tmp_path / "ada.trichokey")
    status, out, err = run("sign", submitted)
    assert (status, err) == (0, "1 signature: 1 verified.\n")
    assert out.startswith("verified: Signature 1, of Ada on read 2, “I made this read”: By the key ")
    status, out, _ = run("verify", submitted, "--json")
    findings = {finding["check"]: finding["message"] for finding in json.loads(out)["findings"]}
    assert findings["signatures"] == "1 signature: 1 verified."


def test_a_typed_name_is_asked_for_and_told_as_such(run, run_json, submitted):
    status, _, err = run("sign", submitted, "--read", 2)
    assert (status, err.strip()) == (
        1,
        "trichodesk: Ada has no signing key on this computer. Make one, trichodesk key new, or sign with --typed.",
    )
    assert run_json("sign", submitted, "--read", 2, "--typed")[0]["standing"] == "typed name"


def test_approval_locks(run, run_json, tmp_path):
    accepted = study_with(tmp_path / "study.h5", ReadState.ACCEPTED)
    run("settings", "--reader", "Zoë")
    status, _, err = run("sign", accepted, "--read", 2, "--typed")
    assert (status, "Give --meaning approval or review." in err) == (1, True)
    assert run("sign", accepted, "--read", 2, "--typed", "--meaning", "approval")[0] == 0
    with open_study(accepted, "Zoë", read_only=True) as session:
        assert session.study.reads[2].review.state is ReadState.SIGNED
    status, out, _ = run("verify", accepted, "--json")
    findings = {finding["check"]: finding for finding in json.loads(out)["findings"]}
    assert (findings["signatures"]["holds"], findings["audit trail"]["holds"]) == (True, True)


def test_what_can_be_mended_is_said(run, submitted):
    make_key("Ada", PASSPHRASE)
    for arguments, because in (
        (("--read", 9), "there is no read 9"),
        (("--read", 1), "a detection is nobody's to sign"),
        (("--read", 2, "--meaning", "approval"), "nobody reviews or approves a read of their own"),
    ):
        status, _, err = run("sign", submitted, *arguments)
        assert (status, because in err) == (1, True), err
    assert run("sign", submitted, "--typed")[0] == 2
    assert run("sign", submitted, "--read", 2, "--meaning", "love")[0] == 2
    assert run("sign", submitted, "--read", 2)[0] == 0
    status, _, err = run("sign", submitted, "--read", 2)
    assert (status, "Ada has signed this already" in err) == (1, True)


def test_a_wrong_passphrase_signs_nothing(run, run_json, submitted, monkeypatch):
    make_key("Ada", PASSPHRASE)
    monkeypatch.setenv("TRICHODESK_PASSPHRASE", "not the passphrase")
    status, _, err = run("sign", submitted, "--read", 2)
    assert (status, "the passphrase is wrong" in err) == (1, True)
    assert run_json("sign", submitted) == []
