import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from analysis.progress import Cancelled
from ui.background import Background, JobWatcher
from workstation.jobs import Job


@pytest.fixture
def background(qapp):
    background = Background(workers=2)
    yield background
    background.shutdown()


def test_work_runs_off_the_main_thread_and_its_result_comes_back_to_it(background, qtbot):
    heard = []
    background.submit(
        lambda: threading.current_thread(), lambda t: heard.append((t, threading.current_thread())), name="asking"
    )
    assert background.busy
    assert heard == []
    qtbot.waitUntil(lambda: heard != [])
    (worker, receiver) = heard[0]
    assert worker is not threading.main_thread()
    assert receiver is threading.main_thread()
    assert not background.busy


def test_many_results_all_come_each_once(background, qtbot):
    heard = []
    for k in range(200):
        background.submit(lambda k=k: k, heard.append, name="counting")
    qtbot.waitUntil(lambda: len(heard) == 200)
    assert sorted(heard) == list(range(200))


def test_an_error_comes_to_the_one_who_asked(background, qtbot):
    heard = []
    background.submit(lambda: 1 / 0, heard.append, heard.append, name="dividing")
    qtbot.waitUntil(lambda: heard != [])
    assert [type(e) for e in heard] == [ZeroDivisionError]


def test_an_error_that_nobody_handles_is_raised_on_the_main_thread(background, qtbot):
    with qtbot.capture_exceptions() as raised:
        background.submit(lambda: 1 / 0, lambda _: None, name="dividing")
        qtbot.waitUntil(lambda: len(raised) == 1)
    assert raised[0][0] is ZeroDivisionError


def test_a_callback_that_fails_keeps_no_other_result_back(background, qtbot):
    heard = []

    def fail(_):
        raise RuntimeError("broken callback")

    with qtbot.capture_exceptions() as raised:
        background.submit(lambda: 1, fail, name="first")
        background.submit(lambda: 2, heard.append, name="second")
        qtbot.waitUntil(lambda: heard == [2] and len(raised) == 1)


def test_dropped_results_are_never_delivered(background, qtbot):
    let_go, heard = threading.Event(), []
    one = background.submit(lambda: let_go.wait(5), heard.append, heard.append, name="dropped alone")
    one.drop()
    background.submit(lambda: let_go.wait(5) and 1 / 0, heard.append, heard.append, name="dropped with all")
    background.drop_all()
    background.submit(lambda: "wanted", heard.append, name="wanted")
    assert background.busy
    let_go.set()
    qtbot.waitUntil(lambda: heard == ["wanted"])
    qtbot.wait(50)
    assert heard == ["wanted"]
    assert not background.busy


def test_what_was_dropped_before_its_turn_never_begins(qtbot):
    background, let_go, begun = Background(workers=1), threading.Event(), []
    background.submit(lambda: let_go.wait(5), lambda _: None, name="first")
    background.submit(lambda: begun.append(1), lambda _: None, name="second").drop()
    let_go.set()
    done = []
    background.submit(lambda: None, done.append, name="third")
    qtbot.waitUntil(lambda: done == [None])
    background.shutdown()
    assert begun == []


def test_shutdown_waits_for_the_threads_and_delivers_nothing_more(qtbot):
    before = threading.active_count()
    background, heard, ended = Background(workers=2), [], []

    def work():
        time.sleep(0.2)
        ended.append(True)

    background.submit(work, heard.append, name="slow")
    qtbot.wait(20)
    background.shutdown()
    background.shutdown()
    assert ended == [True]
    assert threading.active_count() == before
    late = background.submit(lambda: 1, heard.append, name="late")
    assert late.dropped
    qtbot.wait(50)
    assert heard == []


def test_what_nobody_wants_any_more_is_let_go_of(qtbot):
    background, heard, dropped = Background(workers=2), [], []
    begun, let_go = threading.Barrier(3), threading.Event()

    def work(result):
        begun.wait(5)
        let_go.wait(5)
        return result

    task = background.submit(lambda: work(1), heard.append, name="dropped alone", on_dropped=dropped.append)
    background.submit(lambda: work(2), heard.append, name="dropped by the shutdown", on_dropped=dropped.append)
    begun.wait(5)  # what never begins has nothing to let go of
    task.drop()
    threading.Timer(0.05, let_go.set).start()
    background.shutdown()
    assert sorted(dropped) == [1, 2]
    assert heard == []


@pytest.fixture
def executor():
    with ThreadPoolExecutor(1) as executor:
        yield executor


def test_a_watcher_tells_progress_and_the_result(executor, qtbot):
    steps = threading.Semaphore(0)

    def work(report):
        for k in range(3):
            report(f"stage {k}", k / 4)
            steps.acquire()
        return "found"

    watcher = JobWatcher(Job(executor, work), interval_ms=5)
    told = []
    watcher.progressed.connect(lambda stage, share: told.append((stage, share)))
    for k in range(3):
        qtbot.waitUntil(lambda k=k: told[-1:] == [(f"stage {k}", k / 4)])
        if k == 2:
            with qtbot.waitSignal(watcher.finished) as finished:
                steps.release()
        else:
            steps.release()
    assert finished.args == ["found"]
    assert told == [("stage 0", 0.0), ("stage 1", 0.25), ("stage 2", 0.5)]


def test_a_watcher_tells_an_error_once(executor, qtbot):
    def work(report):
        raise ValueError("no")

    watcher, heard = JobWatcher(Job(executor, work), interval_ms=5), []
    watcher.failed.connect(heard.append)
    qtbot.waitUntil(lambda: heard != [])
    qtbot.wait(50)
    assert [type(e) for e in heard] == [ValueError]


def test_cancelling_stops_the_work_and_is_told_once_it_has(executor, qtbot):
    stopped = threading.Event()

    def work(report):
        try:
            while True:
                report("endless", 0.5)
                time.sleep(0.005)
        except Cancelled:
            stopped.set()
            raise

    watcher, heard = JobWatcher(Job(executor, work), interval_ms=5), []
    for signal in (watcher.finished, watcher.failed):
        signal.connect(heard.append)
    watcher.cancelled.connect(lambda: heard.append(("cancelled", stopped.is_set())))
    qtbot.wait(30)
    watcher.cancel()
    watcher.cancel()
    assert heard == []
    qtbot.waitUntil(lambda: heard != [])
    qtbot.wait(50)
    assert heard == [("cancelled", True)]


def test_what_was_made_before_it_could_be_stopped_is_not_denied(executor, qtbot):
    let_go = threading.Event()
    watcher, heard = JobWatcher(Job(executor, lambda report: let_go.wait(5)), interval_ms=5), []
    watcher.cancelled.connect(lambda: heard.append("cancelled"))
    watcher.cancel()
    with qtbot.waitSignal(watcher.finished) as finished:
        let_go.set()
    assert finished.args == [True]
    assert heard == []


def test_a_watcher_that_is_stopped_waits_and_tells_nobody(executor, qtbot):
    let_go = threading.Event()
    watcher, heard = JobWatcher(Job(executor, lambda report: let_go.wait(5)), interval_ms=5), []
    for signal in (watcher.finished, watcher.failed, watcher.cancelled):
        signal.connect(lambda *_: heard.append("told"))
    threading.Timer(0.05, let_go.set).start()
    assert watcher.stop() is True
    queued = JobWatcher(Job(executor, lambda report: report("stage", 0.5)), interval_ms=5)
    assert queued.stop() is None
    qtbot.wait(30)
    assert heard == []


def test_work_that_was_cancelled_by_another_is_told_as_cancelled(executor, qtbot):
    let_go = threading.Event()
    job = Job(executor, lambda report: let_go.wait(5))
    watcher = JobWatcher(job, interval_ms=5)
    with qtbot.waitSignal(watcher.cancelled):
        job.cancel()
        let_go.set()
