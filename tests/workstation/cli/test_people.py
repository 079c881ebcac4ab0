import pytest

from tests.workstation.small_study import make_study
from workstation.session import create_study
from workstation.signing import sealing
from workstation.signing.keys import make_key
from workstation.signing.public_keys import write_offer

PASSPHRASE = "four plain words here"


@pytest.fixture(autouse=True)
def quick_scrypt(monkeypatch):
    monkeypatch.setattr(sealing, "COST", 2**4)


@pytest.fixture
def study(tmp_path):
    create_study(tmp_path / "study.h5", make_study(), user="Ada")
    return tmp_path / "study.h5"


@pytest.fixture
def offer(tmp_path):
    """Gives the public-key file of a reader, and the key."""

    def offer(name):
        key = make_key(name, PASSPHRASE, another=True)
        path = tmp_path / f"{key.fingerprint[:4]}.trichokey"
        write_offer(path, key.offered)
        return path, key

    return offer


def test_nobody_is_listed_at_first(run, run_json, study):
    assert run("people", study)[:2] == (0, "Nobody is listed: everybody may do everything.\n")
    assert run_json("people", study) == []


def test_people_are_listed_with_roles_and_keys(run, run_json, study, offer):
    run("settings", "--reader", "Zoë")
    status, _, err = run("people", study, "--add", "Ada", "--role", "assessor")
    assert (status, err) == (
        0, "note: Nobody is the owner, so everybody may change this list. Make somebody the owner.\n",
    )  # fmt: skip
    assert run("people", study, "--add", "Zoë", "--role", "owner", "--role", "QA")[0] == 0
    path, key = offer("Ada")
    status, out, err = run("people", study, "--enrol", path)
    assert status == 0
    assert f"Ada: is {key.fingerprint} what the reader tells you by another way?" in err
    ada, zoe = run_json("people", study)
    assert (zoe["name"], zoe["roles"], zoe["keys"]) == ("Zoë", ["owner", "QA reviewer"], [])
    assert (ada["name"], ada["roles"]) == ("Ada", ["assessor"])
    assert [(k["fingerprint"], k["public_key"], k["withdrawn_utc"]) for k in ada["keys"]] == [
        (key.fingerprint, key.public_key, "")
    ]
    assert out.startswith(f"Ada: assessor\n    key {key.fingerprint}, enrolled ")
    assert out.endswith("\nZoë: owner, QA reviewer\n")


def test_the_same_key_twice_is_harmless(run, run_json, study, offer):
    path, _ = offer("Ada")
    assert run("people", study, "--enrol", path, "--enrol", path)[0] == 0
    (ada,) = run_json("people", study)
    assert len(ada["keys"]) == 1


def test_roles_are_changed_and_people_taken_out(run, run_json, study):
    run("settings", "--reader", "Ada")
    run("people", study, "--add", "Ada", "--role", "assessor")
    run("people", study, "--change", "Ada", "--role", "adjudicator", "--role", "owner")
    assert run_json("people", study)[0]["roles"] == ["owner", "adjudicator"]
    run("people", study, "--add", "Bo")
    assert run("people", study, "--remove", "Bo")[0] == 0
    assert [person["name"] for person in run_json("people", study)] == ["Ada"]


def test_a_key_is_withdrawn(run, run_json, study, offer):
    first, second = offer("Ada"), offer("Ada")
    run("people", study, "--enrol", first[0], "--enrol", second[0])
    status, _, err = run("people", study, "--withdraw", "Ada")
    assert (status, err.strip()) == (1, "trichodesk: Ada has 2 keys. Say which with --key FINGERPRINT.")
    beginning = first[1].fingerprint[:9].lower()
    assert run("people", study, "--withdraw", "Ada", "--key", beginning)[0] == 0
    keys = {key["public_key"]: key["withdrawn_utc"] for key in run_json("people", study)[0]["keys"]}
    assert keys[first[1].public_key] > "2026"
    assert keys[second[1].public_key] == ""
    status, _, err = run("people", study, "--withdraw", "Ada", "--since", "2999-01-01")
    assert (status, "still to come" in err) == (1, True)


def test_what_can_be_mended_is_said(run, study, offer, tmp_path):
    for arguments, because in (
        (("--add", "Ada", "--role", "boss"), "'boss' is no role. It is one of owner, assessor, QA reviewer"),
        (("--change", "Nobody"), "nobody by the name of 'Nobody'"),
        (("--enrol", tmp_path / "none"), "the public key cannot be read"),
        (("--withdraw", "Nobody"), "nobody by the name of 'Nobody'"),
    ):
        status, _, err = run("people", study, *arguments)
        assert (status, because in err) == (1, True), err
    path, _ = offer("Ada")
    path.write_text(path.read_text().replace("Ada", "Eve"))
    status, _, err = run("people", study, "--enrol", path)
    assert (status, "was damaged or changed" in err) == (1, True)
    assert run("people", study, "--role", "owner")[0] == 2
    assert run("people", study, "--since", "2026-01-01")[0] == 2
