import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context

import pytest

from analysis.progress import Cancelled, Report
from workstation.jobs import Jobs


def add(a: int, b: int, report: Report) -> int:
    report("adding", 0.5)
    return a + b


def wait_until_cancelled(report: Report) -> None:
    for step in range(1000):
        report("waiting", step / 1000)
        time.sleep(0.01)


@pytest.fixture(params=["threads", "processes"])
def executor(request):
    if request.param == "threads":
        with ThreadPoolExecutor(1) as pool:
            yield pool
    else:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            yield pool


def test_a_job_gives_its_result(executor):
    assert Jobs(executor).submit("sum", partial(add, 2, 3)).result(60) == 5


def test_progress_is_seen_and_cancel_stops_the_work(executor):
    job = Jobs(executor).submit("wait", wait_until_cancelled)
    deadline = time.monotonic() + 60
    while job.progress[0] != "waiting" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert job.progress[0] == "waiting"
    assert 0 <= job.progress[1] < 1
    job.cancel()
    with pytest.raises(Cancelled):
        job.result(10)
    assert job.progress == ("", 1.0)


def test_a_newer_job_drops_the_older_ones_result():
    gate = threading.Event()

    def slow(report: Report) -> str:
        gate.wait(10)
        return "old"

    with ThreadPoolExecutor(2) as pool:
        jobs = Jobs(pool)
        old = jobs.submit("detect", slow)
        new = jobs.submit("detect", lambda report: "new")
        gate.set()
        assert new.result(10) == "new"
        with pytest.raises(Cancelled):
            old.result(10)


def test_a_job_that_has_not_begun_is_cancelled_at_once():
    gate = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        jobs = Jobs(pool)
        first = jobs.submit(1, lambda report: gate.wait(10))
        second = jobs.submit(2, lambda report: pytest.fail("it was cancelled"))
        second.cancel()
        gate.set()
        assert first.result(10)
        with pytest.raises(Cancelled):
            second.result(10)


def test_an_error_in_the_work_reaches_the_caller():
    def broken(report: Report) -> None:
        raise ValueError("broken")

    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="broken"):
        Jobs(pool).submit(1, broken).result(10)


def test_a_report_without_its_file_is_silent(tmp_path):
    from workstation.jobs import FileReport

    FileReport(str(tmp_path / "gone"))("stage", 0.1)
