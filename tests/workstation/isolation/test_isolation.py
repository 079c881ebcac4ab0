"""Work in another process: what it does wrong costs that piece of work alone."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from workstation.errors import UserFacingError
from workstation.isolation import Allowance, Died, How, calling
from workstation.isolation.calling import Workers
from workstation.isolation.child import USUAL
from workstation.isolation.worker import Worker

TASKS = "tests.workstation.isolation.bad_tasks"
ENOUGH = Allowance(256 << 20, 10.0, 20.0)
POSIX = pytest.mark.skipif(os.name != "posix", reason="asks the system for what POSIX has")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="limits memory by its addresses")


@pytest.fixture(scope="module")
def workers():
    made = Workers(2)
    yield made
    made.close()


@pytest.fixture
def call(workers, monkeypatch):
    monkeypatch.setattr(calling, "_present", workers)

    def do(name, *, first=ENOUGH, most=ENOUGH, data=None, **arguments):
        return calling.call(f"{TASKS}:{name}", arguments, lambda a: a.result, first=first, most=most, data=data)

    return do


def test_a_worker_does_one_piece_after_the_other(call):
    first = call("echo", data=b"bytes of a file", n=15)
    assert first["held"] == "bytes of a file"
    assert call("echo", data=b"more", n=4) == {"pid": first["pid"], "held": "more"}
    assert first["pid"] != os.getpid()


@pytest.mark.parametrize("how", ["crash", "abort"])
def test_a_crash_costs_one_piece_of_work(call, how):
    before = call("echo")["pid"]
    with pytest.raises(Died) as caught:
        call(how)
    assert caught.value.how is How.CRASHED
    assert not psutil.pid_exists(before)
    assert call("echo")["pid"] != before


@pytest.mark.parametrize("how", ["spin", "hang", "hang_holding_the_interpreter"])
def test_what_takes_too_long_is_ended(call, how):
    short = Allowance(256 << 20, 1.0, 1.0)
    began = time.monotonic()
    with pytest.raises(Died) as caught:
        call(how, first=short)
    assert caught.value.how is How.TOO_LONG
    assert time.monotonic() - began < 5.0


@POSIX
def test_processor_time_is_limited_apart_from_the_clock(call):
    with pytest.raises(Died) as caught:
        call("spin", first=Allowance(256 << 20, 0.5, 60.0), most=Allowance(256 << 20, 0.5, 60.0))
    assert caught.value.how is How.TOO_LONG


@LINUX
def test_what_takes_too_much_memory_gets_none_and_the_worker_goes_on(call):
    before = call("echo")["pid"]
    with pytest.raises(Died) as caught:
        call("take_memory")
    assert caught.value.how is How.TOO_MUCH
    assert call("echo")["pid"] == before


def test_memory_is_watched_where_the_system_keeps_no_limit(call):
    with pytest.raises(Died) as caught:
        call("take_memory_behind_the_limit")
    assert caught.value.how is How.TOO_MUCH


@LINUX
def test_work_may_allow_itself_more(call):
    little = Allowance(64 << 20, 10.0, 10.0)
    n_bytes = 300 << 20
    assert call("take_memory_when_allowed", first=little, most=Allowance(1 << 30, 10.0, 10.0), n_bytes=n_bytes) == {
        "sum": n_bytes
    }


def test_a_refusal_comes_back_in_its_words(call):
    with pytest.raises(UserFacingError) as caught:
        call("refuse")
    assert (caught.value.what, caught.value.remedy) == ("it is no good", "Take another one.")


def test_an_error_of_the_program_comes_back_without_its_words(call):
    before = call("echo")["pid"]
    with pytest.raises(Died, match=r"ValueError in bad_tasks\.py:\d+ fail") as caught:
        call("fail")
    assert caught.value.how is How.FAILED
    assert "SECRETXYZ" not in str(caught.value)
    assert call("echo")["pid"] == before


def test_what_libraries_print_is_no_answer(call, capfd):
    assert call("chatter") == {}
    assert capfd.readouterr() == ("", "")


@POSIX
def test_no_core_dumps_and_few_open_files(call):
    assert call("limits") == {"core": 0, "files": 64}


def test_an_answer_without_end_is_none(call):
    with pytest.raises(Died):
        call("many_words")
    assert call("echo")["held"] == ""


def test_ctrl_c_is_for_the_program_alone(call):
    before = call("echo")["pid"]
    call("interrupted")
    assert call("echo")["pid"] == before


def test_a_worker_that_was_ended_while_it_waited_is_replaced(call):
    before = call("echo")["pid"]
    waiting = psutil.Process(before)
    waiting.kill()
    while waiting.is_running() and (waiting.status() != psutil.STATUS_ZOMBIE or waiting.num_threads() > 1):
        time.sleep(0.01)  # its first thread is gone before the others let go of the pipes
    time.sleep(0.1)
    assert call("echo")["pid"] != before


def test_each_thread_gets_its_own_worker_up_to_the_limit(call):
    pids = set()

    def work():
        for _ in range(10):
            pids.add(call("echo")["pid"])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(pids) <= 2


def test_an_interruption_ends_the_worker_that_it_left_at_work(workers):
    with pytest.raises(KeyboardInterrupt), workers.lent() as worker:
        raise KeyboardInterrupt
    assert not worker.alive


def test_closing_ends_all_and_leaves_no_file_open():
    me = psutil.Process()
    n_open, children = me.num_fds() if os.name == "posix" else 0, set(me.children())
    own = Workers(2)
    with own.lent(), own.lent():
        pass
    own.close()
    assert set(me.children()) == children
    if os.name == "posix":
        assert me.num_fds() == n_open


def test_a_hundred_pieces_of_work_leak_nothing(call):
    me = psutil.Process()
    call("echo")
    before = me.num_fds() if os.name == "posix" else me.num_handles()
    n_threads = me.num_threads()
    for _ in range(100):
        call("echo")
    assert (me.num_fds() if os.name == "posix" else me.num_handles()) == before
    end_s = time.monotonic() + 5
    while me.num_threads() > n_threads and time.monotonic() < end_s:
        time.sleep(0.01)  # the system counts a thread that has ended for a moment more
    assert me.num_threads() <= n_threads


ORPHAN = f"""
import sys, threading, time
from workstation.isolation import Allowance, calling
from workstation.isolation.calling import call
enough = Allowance(1 << 28, 60.0, 60.0)
print(call("{TASKS}:echo", {{}}, lambda a: a.result, first=enough, most=enough)["pid"], flush=True)
if sys.argv[1] == "working":
    call("{TASKS}:hang", {{}}, lambda a: a.result, first=enough, most=enough)
time.sleep(60)
"""


@POSIX
@pytest.mark.parametrize("state", ["waiting", "working"])
def test_no_worker_outlives_a_program_that_was_killed(state):
    root = Path(__file__).parents[3]
    parent = subprocess.Popen([sys.executable, "-c", ORPHAN, state], stdout=subprocess.PIPE, cwd=root)
    try:
        worker = psutil.Process(int(parent.stdout.readline()))
        time.sleep(0.3)
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        parent.stdout.close()
    _, alive = psutil.wait_procs([worker], timeout=5)
    assert not alive


def test_what_a_worker_imports_before_it_is_asked_is_small():
    """The window, the study and its file are not needed to decode an image."""
    code = f"import sys, {USUAL}; print(*sorted(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"PySide6", "h5py", "scipy", "shapely", "pydantic", "workstation.model.study", "workstation.storage"}
    assert not heavy & set(modules)


def test_a_worker_that_cannot_be_started_is_told(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(UserFacingError, match="cannot be started"):
        Worker()
