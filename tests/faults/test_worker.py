import sys

import pytest

from tests.faults import worker as module
from tests.faults.tally import do_all
from tests.faults.worker import Worker

WORK = "tests.faults.misbehaving:making"


@pytest.fixture
def worker():
    with Worker(WORK, {"answer": "well"}, memory_mib=40) as worker:
        yield worker


def test_a_crash_is_told_and_a_new_process_goes_on(worker):
    first = worker.do("work")
    assert (first.kind, worker.do("work").text) == ("well", first.text)  # the same process
    crash = worker.do("crash")
    assert (crash.kind, crash.text, crash.is_fault) == ("crash", "SIGSEGV", True)
    again = worker.do("work")
    assert (again.kind, again.is_fault) == ("well", False)
    assert again.text != first.text


def test_a_stand_still_is_told(worker, monkeypatch):
    worker.do("work")
    monkeypatch.setattr(module, "LIMIT_S", 0.5)
    hang = worker.do("hang")
    assert (hang.kind, hang.is_fault) == ("hang", True)
    monkeypatch.undo()
    assert worker.do("work").kind == "well"


def test_an_exception_that_nobody_expects_is_told(worker):
    bug = worker.do("raise")
    assert (bug.kind, bug.is_fault) == ("bug", True)
    assert bug.text.startswith("KeyError: 'nobody expected this' at ")
    assert "misbehaving.py" in bug.text


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process tells its peak")
def test_too_much_memory_is_told(worker):
    assert worker.do("work").kind == "well"
    much = worker.do("take memory")
    assert (much.kind, much.is_fault) == ("memory", True)
    assert worker.do("work").kind == "well"


def test_faults_are_counted():
    tally = do_all(WORK, {"answer": "well"}, ["work", "raise", "work", "crash", "work"])
    assert (tally.n, tally.n_faults) == (5, 2)
    assert tally.told() == "3 well, 1 bug, 1 crash"
    assert [job for job, _ in tally.faults] == ["raise", "crash"]
