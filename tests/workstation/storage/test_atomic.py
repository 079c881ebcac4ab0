import errno
import os
from pathlib import Path

import pytest

from workstation.errors import UserFacingError
from workstation.storage import atomic
from workstation.storage.atomic import replacing


def save(target, text, **more):
    with replacing(target, **more) as temporary:
        temporary.write_text(text)


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_new_file(tmp_path):
    save(tmp_path / "a.txt", "one")
    assert (tmp_path / "a.txt").read_text() == "one"
    assert names(tmp_path) == ["a.txt"]


def test_backups_are_turned(tmp_path):
    for text in "12345":
        save(tmp_path / "a.h5", text, backups=3)
    found = {p.name: p.read_text() for p in tmp_path.iterdir()}
    assert found == {"a.h5": "5", "a.h5.bak": "4", "a.h5.bak2": "3", "a.h5.bak3": "2"}


def test_backups_without_hard_links(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    for text in "123":
        save(tmp_path / "a.h5", text, backups=2)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a.h5": "3", "a.h5.bak": "2", "a.h5.bak2": "1"}


def test_a_replacement_that_fails_again_and_again_pushes_no_backup_out(tmp_path, monkeypatch):
    for text in "123":
        save(tmp_path / "a.h5", text, backups=2)
    real = os.replace

    def refuse(source, target):
        if Path(target).name == "a.h5":
            raise OSError(errno.EIO, "bad disk")
        real(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    for _ in range(4):
        with pytest.raises(UserFacingError, match="the disk reported an error"):
            save(tmp_path / "a.h5", "4", backups=2)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a.h5": "3", "a.h5.bak": "3", "a.h5.bak2": "2"}


def test_the_body_fails(tmp_path):
    save(tmp_path / "a.txt", "one")
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "a.txt") as temporary:
        temporary.write_text(str(1 / (temporary.write_text("two") - 3)))
    assert (tmp_path / "a.txt").read_text() == "one"
    assert names(tmp_path) == ["a.txt"]


def test_the_check_fails(tmp_path):
    def check(temporary):
        assert temporary.read_text() == "two"
        raise ValueError("not good")

    save(tmp_path / "a.txt", "one")
    with pytest.raises(ValueError, match="not good"):
        save(tmp_path / "a.txt", "two", check=check, backups=2, keep_on_failure=True)
    assert names(tmp_path) == ["a.txt"]


def test_a_good_file_that_cannot_be_put_in_place_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(PermissionError(errno.EACCES, "no")))
    with pytest.raises(UserFacingError, match="you may not write here"):
        save(tmp_path / "a.txt", "two", keep_on_failure=True)
    (kept,) = tmp_path.iterdir()
    assert kept.read_text() == "two"
    assert kept.suffix == ".txt"


def test_no_folder(tmp_path):
    with pytest.raises(UserFacingError, match=r"its folder does not exist\. Make the folder"):
        save(tmp_path / "b" / "a.txt", "one")


def test_a_folder_of_that_name(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(UserFacingError, match="a folder has this name"):
        save(tmp_path / "a.txt", "one")


def test_an_error_over_another_file_is_not_blamed_on_the_target(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "a.txt") as temporary:
        temporary.write_text((tmp_path / "missing.png").read_text())


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    save(tmp_path / "real" / "a.txt", "one")
    (tmp_path / "a.txt").symlink_to(tmp_path / "real" / "a.txt")
    save(tmp_path / "a.txt", "two")
    assert (tmp_path / "a.txt").is_symlink()
    assert (tmp_path / "real" / "a.txt").read_text() == "two"


def test_permissions_are_kept(tmp_path):
    save(tmp_path / "a.txt", "one")
    (tmp_path / "a.txt").chmod(0o640)
    save(tmp_path / "a.txt", "two")
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640


class SharingError(PermissionError):
    winerror = 32


def test_a_file_that_another_program_holds_is_tried_again(tmp_path, monkeypatch):
    tries = []

    def busy_at_first(source, target, real=os.replace):
        tries.append(target)
        if len(tries) < 4:
            raise SharingError(errno.EACCES, "in use")
        real(source, target)

    monkeypatch.setattr(os, "replace", busy_at_first)
    save(tmp_path / "a.txt", "one")
    assert len(tries) == 4
    assert (tmp_path / "a.txt").read_text() == "one"


def test_a_file_that_stays_in_use_is_said(tmp_path, monkeypatch):
    def busy(*_):
        raise SharingError(errno.EACCES, "in use")

    monkeypatch.setattr(os, "replace", busy)
    monkeypatch.setattr(atomic, "SHARING_RETRY_S", 0.1)
    with pytest.raises(UserFacingError, match="another program holds it open"):
        save(tmp_path / "a.txt", "one")


def test_a_folder_that_cannot_be_synced_is_no_error(tmp_path, monkeypatch):
    def not_here(_):
        raise OSError(errno.EINVAL, "a folder")

    monkeypatch.setattr(atomic, "sync_file", lambda _: None)
    monkeypatch.setattr(os, "fsync", not_here)
    save(tmp_path / "a.txt", "one")
    assert (tmp_path / "a.txt").read_text() == "one"
