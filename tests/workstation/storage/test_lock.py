import errno
import json
import multiprocessing
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import psutil
import pytest

from tests.workstation.storage.studies import comment
from workstation.errors import UserFacingError
from workstation.session import open_study
from workstation.storage.lock import Holder, StudyLocked, acquire, holder_of, lock_path


def dead_process():
    """Number and start of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    started = psutil.Process(child.pid).create_time()
    child.communicate(b"\n")
    return child.pid, started


def put(study, holder):
    lock_path(study).write_text(json.dumps(asdict(holder)), encoding="utf-8")


def test_the_second_is_told_who_has_it(path):
    lock = acquire(path)
    with pytest.raises(
        StudyLocked, match=rf"on {socket.gethostname()} has it open \(since \d\d:\d\d, process {os.getpid()}\)"
    ):
        acquire(path)
    lock.release()
    assert not lock_path(path).exists()
    acquire(path).release()


def test_a_lock_falls_when_its_process_is_dead(path):
    pid, started = dead_process()
    put(path, replace(Holder.me(), pid=pid, process_started=started, token="x"))
    lock = acquire(path)
    assert holder_of(lock.file) == lock.holder
    lock.release()
    assert [p.name for p in path.parent.iterdir()] == ["trial.h5"]


def test_a_number_that_another_process_has_now_is_no_owner(path):
    put(path, replace(Holder.me(), process_started=psutil.boot_time() - 1e6, token="x"))
    acquire(path).release()


def test_a_lock_of_another_computer_stands_however_old(path):
    pid, started = dead_process()
    put(path, Holder("Ann", "another-host", pid, started, "2001-01-01T00:00:00Z", "x"))
    os.utime(lock_path(path), (0, 0))
    with pytest.raises(StudyLocked, match=r"Ann on another-host has it open \(since \d+ \w+ 200\d") as caught:
        acquire(path)
    assert "delete trial.h5.lock" in caught.value.remedy


@pytest.mark.parametrize("text", ["", "{", "[]", '{"user": "x"}'])
def test_a_lock_that_does_not_say_who_stands(path, text):
    lock_path(path).write_text(text)
    with pytest.raises(StudyLocked, match="does not say who"):
        acquire(path)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system notes the time itself")
def test_a_lock_stands_when_the_clock_is_set(path, monkeypatch):
    lock, real = acquire(path), psutil.Process.create_time
    monkeypatch.setattr(psutil.Process, "create_time", lambda self: real(self) + 3600)
    monkeypatch.setattr(psutil, "boot_time", lambda real=psutil.boot_time: real() + 3600)
    with pytest.raises(StudyLocked):
        acquire(path)
    lock.release()


def test_a_lock_from_before_the_computer_was_started_anew_falls(path):
    put(path, replace(Holder.me(), boot="another start", token="x"))
    acquire(path).release()


@pytest.mark.parametrize("other", [{"machine": "another"}, {"machine": ""}])
def test_another_computer_of_the_same_name_is_another_computer(path, other):
    """Its processes cannot be seen from here, nor whether it was started anew."""
    put(path, replace(Holder.me(), boot="its own start", token="x", **other))
    with pytest.raises(StudyLocked):
        acquire(path)


def test_a_process_in_a_container_is_not_looked_for_outside(path):
    pid, started = dead_process()
    put(path, replace(Holder.me(), processes="pid:[1]", pid=pid, process_started=started, token="x"))
    with pytest.raises(StudyLocked):
        acquire(path)


def test_a_lock_that_somebody_deleted_is_made_again_when_the_study_is_saved(path):
    with open_study(path, "Zoë") as session:
        comment(session.document, "eins")
        mine = holder_of(lock_path(path))
        lock_path(path).unlink()
        session.save()
        assert holder_of(lock_path(path)) == mine
    assert not lock_path(path).exists()


def test_nothing_is_saved_over_whoever_has_the_lock_by_now(path):
    """The lock of a computer that slept was deleted by hand, and a colleague opened the study."""
    with open_study(path, "Zoë") as session:
        comment(session.document, "eins")
        before = path.read_bytes()
        put(path, replace(Holder.me(), user="Ann", host="another-host", token="theirs"))
        with pytest.raises(
            UserFacingError, match=r"lock was taken away, and now Ann on another-host has it open"
        ) as told:
            session.save()
        assert "Save a copy" in told.value.remedy
        assert path.read_bytes() == before
        assert session.n_unsaved == 1
        lock_path(path).unlink()
        session.save()
        assert session.n_unsaved == 0


def test_a_lock_whose_making_was_not_answered_is_held_all_the_same(path, monkeypatch):
    """A network drive makes the link, loses its answer, and says at the second try that it is there already."""
    real = os.link

    def link(*args):
        real(*args)
        raise FileExistsError(errno.EEXIST, "exists")

    monkeypatch.setattr(os, "link", link)
    lock = acquire(path)
    assert holder_of(lock.file) == lock.holder
    lock.release()


ON_HOST = """
import socket, sys
from pathlib import Path
socket.sethostname(sys.argv[2])
from workstation.errors import UserFacingError
from workstation.storage.lock import acquire
try:
    lock = acquire(Path(sys.argv[1]))
    print("mine", flush=True)
except UserFacingError as error:
    print(error.what, flush=True)
sys.stdin.read()
"""


def may_name_hosts():
    try:
        return subprocess.run(["unshare", "--uts", "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.skipif(not may_name_hosts(), reason="only the administrator may give a computer another name")
def test_two_hosts(path, repository):
    """A lock of another host stands even where its process was killed: from here nobody can tell."""

    def on_host(name):
        command = ["unshare", "--uts", sys.executable, "-c", ON_HOST, str(path), name]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=repository)

    first = on_host("here")
    assert first.stdout.readline() == "mine\n"
    second = on_host("there")
    assert " on here has it open" in second.stdout.readline()
    second.communicate()
    first.kill()
    first.communicate()
    second = on_host("there")
    assert " on here has it open" in second.stdout.readline()
    second.communicate()
    again = on_host("here")
    assert again.stdout.readline() == "mine\n"
    again.communicate()
    assert not lock_path(path).exists()


def test_a_lock_is_on_disk_before_it_has_its_name(path, monkeypatch):
    synced, real = [], os.fsync

    def fsync(descriptor):
        synced.append((os.fstat(descriptor).st_size > 0, lock_path(path).exists()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    acquire(path).release()
    assert synced == [(True, False)]


def test_letting_go_of_a_lock_on_a_lost_disk_is_no_error(path, monkeypatch):
    lock = acquire(path)

    def refuse(*_, **__):
        raise OSError(errno.EIO, "bad disk")

    with monkeypatch.context() as patch:
        patch.setattr(type(path), "unlink", refuse)
        lock.release()
    assert holder_of(lock.file) == lock.holder
    lock.file.unlink()


def test_the_edits_of_a_program_with_another_folder_are_said(path, monkeypatch, tmp_path):
    """Another account on this computer, or `TRICHODESK_HOME` changed: the journal with the edits is out of sight."""
    with open_study(path, "Zoë") as session:
        comment(session.document, "nicht gesichert")
        left = holder_of(lock_path(path))
    pid, started = dead_process()
    left = replace(left, user="zoe", pid=pid, process_started=started)
    put(path, left)
    monkeypatch.setenv("TRICHODESK_HOME", str(tmp_path / "another home"))
    with open_study(path, "Ann") as session:
        (notice,) = session.recovered.notices
        assert notice.startswith("The program of zoe that had this study open since ")
        assert f"not saved are in {tmp_path / 'home'}, not in the folder of this one" in notice
    monkeypatch.setenv("TRICHODESK_HOME", str(tmp_path / "home"))
    put(path, left)
    with open_study(path, "Zoë") as session:
        assert (session.recovered.n_edits, session.recovered.notices) == (1, ())


def test_another_lock_is_not_removed(path):
    lock = acquire(path)
    other = replace(Holder.me(), token="another")
    put(path, other)
    lock.release()
    assert holder_of(lock_path(path)) == other


def test_without_hard_links(path, monkeypatch):
    def refuse(*_):
        raise OSError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    lock = acquire(path)
    with pytest.raises(StudyLocked):
        acquire(path)
    lock.release()


def try_to_lock(study, everybody, results):
    everybody.wait()
    try:
        lock = acquire(study)
    except UserFacingError:
        lock = None
    everybody.wait()  # hold it until all have tried
    results.put(lock is not None)
    if lock is not None:
        lock.release()


def test_of_many_who_find_a_dead_lock_one_gets_it(path):
    pid, started = dead_process()
    context = multiprocessing.get_context("spawn")
    put(path, replace(Holder.me(), pid=pid, process_started=started, token="x"))
    everybody, results = context.Barrier(4), context.Queue()
    processes = [context.Process(target=try_to_lock, args=(path, everybody, results)) for _ in range(4)]
    for process in processes:
        process.start()
    found = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    assert sorted(found) == [False, False, False, True]
    assert not lock_path(path).exists()


def test_of_many_threads_one_gets_it(path):
    pid, started = dead_process()
    put(path, replace(Holder.me(), pid=pid, process_started=started, token="x"))

    def attempt(_):
        try:
            return acquire(path)
        except StudyLocked:
            return None

    with ThreadPoolExecutor(8) as pool:
        locks = [lock for lock in pool.map(attempt, range(40)) if lock is not None]
    assert len(locks) == 1
    locks[0].release()


def test_the_lock_goes_with_the_process(path, repository):
    code = (
        "import sys; from pathlib import Path; from workstation.storage.lock import acquire\n"
        "acquire(Path(sys.argv[1])); raise ValueError"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, check=False, cwd=repository)
    assert b"ValueError" in ended.stderr
    assert not lock_path(path).exists()


def test_the_second_session_is_read_only_and_sees_unsaved_edits(path):
    with open_study(path, "Zoë") as first:
        comment(first.document, "noch nicht gespeichert")
        with open_study(path, "Zoë") as second:
            assert f"process {os.getpid()})" in second.read_only_because
            assert second.study.reads[3].hairs[1].comment == "noch nicht gespeichert"
            assert second.recovered.message.startswith("Shown with 1 edit from ")
            with pytest.raises(UserFacingError, match="the study is open read-only"):
                comment(second.document, "x")
            with pytest.raises(UserFacingError, match="the study is open read-only"):
                second.save()
        first.save()
        assert first.n_unsaved == 0
    with open_study(path, "Zoë") as third:
        assert third.read_only_because is None


def test_the_lock_is_released_after_an_error(path):
    def fail():
        with open_study(path, "Zoë"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not lock_path(path).exists()


def test_a_folder_that_cannot_be_written_makes_a_study_read_only(path, monkeypatch):
    real = type(path).open

    def refuse(self, mode="r", *args, **more):
        if mode == "x":
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, mode, *args, **more)

    monkeypatch.setattr(type(path), "open", refuse)
    with open_study(path, "Zoë") as session:
        assert "you may not write here" in session.read_only_because
        assert len(session.study.reads) == 4
