import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import psutil
import pytest

from analysis.detection import DetectionParameters
from analysis.progress import Cancelled
from tests.workstation.cli.conftest import field_of_rods
from workstation import detecting
from workstation.detecting import Request, detect_all, processes
from workstation.errors import UserFacingError

HAIRS = (4, 0, 4, 4, 3)


def request(number: int) -> Request:
    done, data = cv2.imencode(".png", field_of_rods(HAIRS[number]))
    assert done
    return Request(number, Path(f"{number}.png"), data.tobytes, 7.0)


def missing(number: int) -> Request:
    def bytes_of() -> bytes:
        raise UserFacingError("there is no such file", file="gone.png")

    return Request(number, Path("gone.png"), bytes_of, 7.0)


def detected(requests, executor, parallel=1, **more):
    outcomes = detect_all(requests, DetectionParameters(), executor, parallel=parallel, max_megapixels=150, **more)
    return [(o.request.image_id, str(o.error) if o.error else len(o.detection.n_vertices)) for o in outcomes]


def test_one_failure_stops_no_other_image():
    damaged = Request(3, Path("cut.png"), lambda: b"\x89PNG\r\n\x1a\n", 7.0)
    with ThreadPoolExecutor(2) as executor:
        found = sorted(detected([request(0), request(1), missing(2), damaged, request(4)], executor, parallel=2))
    assert found[:2] == [(0, 4), (1, 0)]
    assert found[2] == (2, "gone.png: there is no such file.")
    assert found[3][0] == 3
    assert "cut.png" in found[3][1]
    assert found[4] == (4, 3)


class ByHand(Executor):
    """An executor whose work is done when the test says so."""

    def __init__(self):
        self.work = []

    def submit(self, work, *arguments):
        future = Future()
        self.work.append((future, partial(work, *arguments)))
        return future

    def do(self, index):
        future, work = self.work[index]
        future.set_result(work())


def test_what_is_done_first_comes_first():
    executor = ByHand()
    requests = [request(0), request(1)]
    found = detect_all(
        requests, DetectionParameters(), executor, parallel=2, max_megapixels=150,
        report=lambda *_: executor.do(1) if not executor.work[1][0].done() else executor.do(0),
    )  # fmt: skip
    assert [outcome.request.image_id for outcome in found] == [1, 0]


def test_an_error_of_the_program_stops_no_other_image(monkeypatch):
    real = detecting.detect_bytes

    def broken_for_one(data, name, *more):
        if name.name == "1.png":
            raise ZeroDivisionError("a slip")
        return real(data, name, *more)

    monkeypatch.setattr(detecting, "detect_bytes", broken_for_one)
    with ThreadPoolExecutor(1) as executor:
        assert detected([request(0), request(1), request(2)], executor) == [(0, 4), (1, "a slip"), (2, 4)]


@pytest.mark.parametrize("how", ["broken", "cancelled"])
def test_an_executor_that_gives_up_is_told_at_once(how):
    class GivesUp(ByHand):
        def submit(self, work, *arguments):
            future = super().submit(work, *arguments)
            if how == "broken":
                future.set_exception(BrokenProcessPool("a child process terminated abruptly"))
            else:
                future.cancel()
                future.set_running_or_notify_cancel()
            return future

    with pytest.raises(BrokenExecutor):
        detected([request(0)], GivesUp())


def test_nothing_to_do():
    with ThreadPoolExecutor(1) as executor:
        assert detected([], executor) == []


class Eager:
    """An executor that works at once, and counts how many results wait to be fetched."""

    def __init__(self):
        self.submitted = 0

    def submit(self, work, *arguments):
        self.submitted += 1
        future = Future()
        future.set_result(work(*arguments))
        return future


def test_few_images_are_in_memory_at_once():
    executor, fetched = Eager(), 0
    requests = [replace(request(1), image_id=i) for i in range(9)]
    for _ in detect_all(requests, DetectionParameters(), executor, parallel=2, max_megapixels=150):
        fetched += 1
        assert executor.submitted <= fetched - 1 + 2 * 2
    assert fetched == 9


def test_a_report_that_cancels_ends_the_work():
    shares = []

    def stop(_: str, share: float) -> None:
        shares.append(share)
        raise Cancelled

    with ThreadPoolExecutor(1) as executor, pytest.raises(Cancelled):
        detected([request(0), request(2)], executor, report=stop)
    assert len(shares) == 1


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_workers_leave_ctrl_c_to_whoever_started_them():
    with processes(1) as executor:
        pid = executor.submit(os.getpid).result(60)
        os.kill(pid, signal.SIGINT)
        assert executor.submit(os.getpid).result(60) == pid


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_workers_end_when_whoever_started_them_is_killed():
    code = (
        "import os, time\nfrom workstation.detecting import processes\n"
        "if __name__ == '__main__':\n    with processes(1) as pool:\n"
        "        print(pool.submit(os.getpid).result(), flush=True)\n        time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        worker = psutil.Process(int(parent.stdout.readline()))
    finally:
        parent.kill()
        parent.communicate()
    deadline = time.monotonic() + 20
    while alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(worker)


def alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
