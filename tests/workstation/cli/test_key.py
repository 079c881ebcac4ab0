import contextlib
import os
import pty
import select
import stat
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from workstation.signing import sealing

PASSPHRASE = "four plain words here"
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def quick_scrypt(monkeypatch):
    monkeypatch.setattr(sealing, "COST", 2**4)


@pytest.fixture
def passphrase_file(tmp_path):
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def ada(run, passphrase_file):
    status, _, err = run("key", "new", "--name", "Ada", "--passphrase-file", passphrase_file)
    assert status == 0, err


def test_a_key_is_made_shown_and_handed_over(run, run_json, ada, own_home, tmp_path):
    (shown,) = run_json("key", "show")
    assert shown["name"] == "Ada"
    assert Path(shown["file"]).parent == own_home / "keys"
    assert Path(shown["file"]).is_file()
    out = tmp_path / "ada.trichokey"
    status, printed, err = run("key", "export", "--name", "Ada", "-o", out)
    assert (status, printed) == (0, f"{out}\n")
    assert shown["fingerprint"] in err
    assert shown["public_key"] in out.read_text()
    assert run("key", "show")[1].startswith(f"Ada: {shown['fingerprint']}, made ")


def test_the_reader_of_the_settings_is_meant(run, run_json, passphrase_file, tmp_path, monkeypatch):
    run("settings", "--reader", "Zoë Ångström")
    assert run("key", "new", "--passphrase-file", passphrase_file)[0] == 0
    monkeypatch.chdir(tmp_path)
    assert run("key", "export")[1] == "Zoë Ångström.trichokey\n"
    assert [row["name"] for row in run_json("key", "show")] == ["Zoë Ångström"]


def test_a_second_key_is_made_on_purpose_alone(run, run_json, ada, passphrase_file):
    (before,) = run_json("key", "show")
    status, _, err = run("key", "new", "--name", "Ada")  # refused before it asks for a passphrase
    assert status == 1
    assert f"Ada has a key on this computer: {before['fingerprint']}" in err
    assert run("key", "new", "--name", "Ada", "--another", "--passphrase-file", passphrase_file)[0] == 0
    (after,) = run_json("key", "show")
    assert after["fingerprint"] != before["fingerprint"]


def test_the_passphrase_is_changed(run, ada, passphrase_file, tmp_path, monkeypatch):
    change = ("key", "passphrase", "--name", "Ada", "--passphrase-file", passphrase_file)
    monkeypatch.setenv("TRICHODESK_NEW_PASSPHRASE", "short")
    assert run(*change)[0] == 1
    monkeypatch.setenv("TRICHODESK_NEW_PASSPHRASE", "other words than before")
    assert run(*change)[0] == 0
    status, _, err = run(*change)
    assert (status, err.strip()) == (
        1,
        "trichodesk: the passphrase is wrong. Type it again; upper and lower case count.",
    )
    monkeypatch.setenv("TRICHODESK_PASSPHRASE", "other words than before")
    monkeypatch.setenv("TRICHODESK_NEW_PASSPHRASE", PASSPHRASE)
    assert run("key", "passphrase", "--name", "Ada")[0] == 0


def test_a_backup_goes_to_another_computer(run, run_json, ada, tmp_path, monkeypatch):
    (before,) = run_json("key", "show")
    backup = tmp_path / "backup"
    assert run("key", "backup", "--name", "Ada", "-o", backup)[0] == 0
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    monkeypatch.setenv("TRICHODESK_HOME", str(tmp_path / "other"))
    assert run_json("key", "show") == []
    (restored,) = run_json("key", "restore", backup)
    assert restored["public_key"] == before["public_key"]


def test_what_can_be_mended_is_said(run, passphrase_file, tmp_path):
    status, _, err = run("key", "export", "--name", "Ada")
    assert (status, err.strip()) == (
        1,
        "trichodesk: Ada has no signing key on this computer. Make one: trichodesk key new --name NAME.",
    )
    status, _, err = run("key", "show", "--name", "Ada")
    assert status == 1
    status, _, err = run("key", "new", "--name", "Ada", "--passphrase-file", tmp_path / "none")
    assert status == 1
    assert "the passphrase cannot be read" in err
    passphrase_file.write_bytes(b"\xff\xfe\xff\xfe no text at all")
    status, _, err = run("key", "new", "--name", "Ada", "--passphrase-file", passphrase_file)
    assert status == 1
    assert "no text in UTF-8" in err
    status, _, err = run("key", "new", "--name", "Ada")
    assert status == 1
    assert "no terminal" in err


def test_a_passphrase_that_others_can_read_is_remarked(run, passphrase_file):
    passphrase_file.chmod(0o644)
    status, _, err = run("key", "new", "--name", "Ada", "--passphrase-file", passphrase_file)
    assert status == 0
    assert f"note: others may read {passphrase_file}" in err


def test_a_damaged_key_is_named(run, run_json, ada):
    (shown,) = run_json("key", "show")
    Path(shown["file"]).write_text("{}")
    status, out, err = run("key", "show")
    assert (status, out) == (0, "")
    assert f"{shown['file']}: this is no signing key, or a damaged one. Restore it from a backup" in err


def test_a_passphrase_is_typed_without_being_shown(own_home):
    program = (
        "import sys; from workstation.signing import sealing; sealing.COST = 16;"
        "from workstation.cli.application import main; sys.exit(main(['key', 'new', '--name', 'Ada']))"
    )
    ours, theirs = pty.openpty()
    environment = os.environ | {"TRICHODESK_HOME": str(own_home), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    for asked in (b"New passphrase for Ada", b"Once more"):
        while asked not in seen:
            assert select.select([ours], [], [], 30)[0], seen
            seen += os.read(ours, 1024)
        while termios.tcgetattr(ours)[3] & termios.ECHO:  # what is typed before is thrown away
            time.sleep(0.01)
            assert process.poll() is None, seen
        os.write(ours, PASSPHRASE.encode() + b"\n")
    assert process.wait(30) == 0
    with contextlib.suppress(OSError):  # what a closed terminal says once all is read
        while more := os.read(ours, 1024):
            seen += more
    os.close(ours)
    assert PASSPHRASE.encode() not in seen
    assert b"Ada: " in seen
