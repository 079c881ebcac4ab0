import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from analysis.detection import DetectionParameters, Polarity, Preset, Source
from tests.ui.small_session import N_RODS
from tests.workstation.cli.conftest import field_of_rods
from ui import detection as module
from ui.detection import DetectionRunner, messages_of
from ui.messages import MessageKind
from ui.worker_pool import WorkerPool
from workstation import detecting
from workstation.detecting import Outcome, Request
from workstation.errors import UserFacingError
from workstation.session import open_study


class Threads:
    """A pool of threads in place of processes, which take seconds to start."""

    size = 2

    def __init__(self):
        self.ended = 0
        self._pool = ThreadPoolExecutor(2)

    def executor(self):
        return self._pool

    def end(self):
        self.ended += 1
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = ThreadPoolExecutor(2)


def settle(trials, qtbot):
    """Waits until all that was tried out so far is answered, or dropped."""
    over = []
    trials._background.submit(lambda: True, over.append, name="a marker")  # its one thread takes one after the other
    qtbot.waitUntil(lambda: bool(over), timeout=20_000)


@contextmanager
def runner_of(workspace):
    runner = DetectionRunner(workspace)
    try:
        yield runner
    finally:
        runner.shutdown()


@pytest.fixture
def runner(workspace, monkeypatch):
    """A runner that detects in threads."""
    monkeypatch.setattr(module, "WorkerPool", Threads)
    with runner_of(workspace) as runner:
        yield runner


@pytest.fixture
def told(workspace):
    told = []
    workspace.told.connect(told.append)
    return told


@pytest.fixture
def stuck(monkeypatch):
    """A detection that goes on until it is stopped; gives what tells that it began."""
    begun = threading.Event()

    def endless(requests, parameters, executor, *, report, **_):
        while True:
            begun.set()
            report("tracing hairs", 0.25)
            time.sleep(0.005)
            if False:
                yield

    monkeypatch.setattr(module, "detect_all", endless)
    return begun


def finished(runner, qtbot, image_ids, timeout=30_000):
    with qtbot.waitSignal(runner.finished, timeout=timeout) as done:
        assert runner.detect(image_ids)
    return done.args[0]


def test_what_is_found_becomes_a_read_beside_the_others(workspace, runner, told, qtbot):
    changes, adopted = [], []
    workspace.document_changed.connect(lambda change: changes.append(change.entry.patch.operation))
    runner.adopted.connect(lambda image_id, read_id: adopted.append((image_id, read_id)))
    before = workspace.read(1)
    summary = finished(runner, qtbot, [1, 2, 2, 99])
    assert sorted(summary.reads) == [4, 5]
    assert summary.failed == ()
    assert sorted(adopted) in ([(1, 4), (2, 5)], [(1, 5), (2, 4)])
    assert changes == ["adopt detection", "adopt detection"]
    study = workspace.study
    assert {study.reads[i].image_id: len(study.reads[i].hairs) for i in (4, 5)} == {1: N_RODS, 2: N_RODS + 1}
    assert workspace.read(1) is before
    assert workspace.session.n_unsaved == 2
    assert not runner.running
    [message] = told
    assert message.text.startswith("Detection found 9 hairs in ")
    assert message.text.endswith(
        " in 2 images: clipped hair, dark. "
        "The read you see stays as it is; Image ▸ Begin anew from the detection takes up what was found."
    )


def test_progress_is_told_image_by_image(workspace, runner, monkeypatch, qtbot):
    told, steps = [], threading.Semaphore(0)

    def one_by_one(requests, *_, report, **__):
        for k, request in enumerate(requests):
            report(f"{request.name.name} tracing hairs", (k + 0.5) / 2)
            steps.acquire()
            yield Outcome(request, error=UserFacingError("no"))

    monkeypatch.setattr(module, "detect_all", one_by_one)
    runner.progressed.connect(lambda stage, share: told.append((stage, share)))
    runner.detect([1, 2])
    for expected in (("tracing hairs, 1 of 2", 0.25), ("tracing hairs, 2 of 2", 0.75)):
        qtbot.waitUntil(lambda expected=expected: told[-1:] == [expected])
        if expected[1] == 0.75:
            with qtbot.waitSignal(runner.finished):
                steps.release()
        else:
            steps.release()
    assert len(told) == len(set(told))


def test_one_failure_stops_no_other_image(workspace, runner, told, qtbot):
    path = workspace.session.path.parent / workspace.study.images[1].path
    path.unlink()
    failures = []
    runner.image_failed.connect(lambda image_id, error: failures.append((image_id, str(error))))
    summary = finished(runner, qtbot, [1, 2])
    assert [image_id for image_id, _ in summary.failed] == [1]
    assert [image_id for image_id, _ in failures] == [1]
    assert "1.png" in failures[0][1]
    assert len(summary.reads) == 1
    assert [m.kind for m in told] == [MessageKind.DONE, MessageKind.ERROR]


def test_an_error_of_the_program_in_one_image_stops_no_other(workspace, runner, told, monkeypatch, qtbot, caplog):
    real = detecting.detect_bytes

    def broken_for_the_first(data, name, *more):
        if name.name == "1.png":
            raise MemoryError
        return real(data, name, *more)

    monkeypatch.setattr(detecting, "detect_bytes", broken_for_the_first)
    summary = finished(runner, qtbot, [1, 2])
    assert [image_id for image_id, _ in summary.failed] == [1]
    assert "memory is used up" in told[-1].text
    assert workspace.study.reads[summary.reads[0]].image_id == 2


def test_a_journal_that_cannot_be_written_is_told(workspace, runner, told, monkeypatch, qtbot):
    def fail(*_):
        raise UserFacingError("the journal cannot be written")

    monkeypatch.setattr(workspace.session.document._journal, "append", fail)
    summary = finished(runner, qtbot, [1])
    assert [str(error) for _, error in summary.failed] == ["the journal cannot be written."]
    assert told[-1].text == "The journal cannot be written."


def test_only_one_at_a_time(workspace, runner, told, stuck, qtbot):
    assert runner.detect([1])
    assert runner.running
    assert not runner.detect([2])
    assert told[-1].text == "Detection is still under way."


def test_nothing_to_do_begins_nothing(workspace, runner, told):
    began = []
    runner.began.connect(began.append)
    assert not runner.detect([])
    assert not runner.detect([99])
    workspace.set_session(None)
    assert not runner.detect([1])
    assert began == []
    assert told == []


def test_a_study_open_for_reading_is_left_alone(workspace, session, runner, told):
    session.close()
    with open_study(session.path, "Ada", read_only=True) as read_only:
        workspace.set_session(read_only)
        assert not runner.detect([1])
    assert "open for reading only" in told[-1].text


def test_stopping_is_told_at_once_and_the_next_one_works(workspace, runner, told, stuck, monkeypatch, qtbot):
    heard = []
    for name in ("finished", "failed"):
        getattr(runner, name).connect(lambda *_, name=name: heard.append(name))
    runner.cancelled.connect(lambda: heard.append("cancelled"))
    runner.detect([1, 2])
    assert stuck.wait(5)
    runner.cancel()
    runner.cancel()
    assert heard == ["cancelled"]
    assert not runner.running
    assert told[-1].text == "Detection was stopped."
    monkeypatch.undo()
    monkeypatch.setattr(module, "WorkerPool", Threads)
    assert len(finished(runner, qtbot, [1]).reads) == 1
    assert heard == ["cancelled", "finished"]


def test_what_was_found_before_a_stop_is_kept(workspace, runner, told, monkeypatch, qtbot):
    real = module.detect_all

    def first_then_endless(requests, *more, report, **named):
        yield next(real(requests[:1], *more, report=report, **named))
        while True:
            report("tracing hairs", 0.5)
            time.sleep(0.005)

    monkeypatch.setattr(module, "detect_all", first_then_endless)
    with qtbot.waitSignal(runner.adopted, timeout=20_000):
        runner.detect([1, 2])
    runner.cancel()
    assert told[-1].text == "Detection was stopped; what was found in 1 image is kept."
    assert [r.id for r in workspace.study.reads_of(1)] == [1, 3, 4]


def test_a_study_that_is_closed_stops_its_detection(workspace, session, runner, stuck, qtbot):
    cancelled = []
    runner.cancelled.connect(lambda: cancelled.append(True))
    runner.detect([1])
    assert stuck.wait(5)
    workspace.set_session(None)
    assert cancelled == [True]
    qtbot.wait(150)
    assert session.n_unsaved == 0


def test_a_broken_pool_is_told_in_one_sentence_and_ended(workspace, runner, told, monkeypatch, qtbot):
    with monkeypatch.context() as broken:

        def fail(*_, **__):
            raise BrokenProcessPool("a child process terminated abruptly")
            yield

        broken.setattr(module, "detect_all", fail)
        with qtbot.waitSignal(runner.failed):
            runner.detect([1, 2])
    assert told[-1].text == (
        "Detection was ended from outside, most often because the computer's memory was used up. "
        "Close other programs and detect again."
    )
    assert runner._pool.ended == 1
    assert len(finished(runner, qtbot, [1]).reads) == 1


def test_the_processes_wait_a_while_and_are_ended(workspace, runner, monkeypatch, qtbot):
    monkeypatch.setattr(module, "KEPT_WARM_S", 0.2)
    finished(runner, qtbot, [1])
    assert runner._pool.ended == 0
    qtbot.waitUntil(lambda: runner._pool.ended == 1)


def test_what_was_found_is_said_with_what_to_look_at(workspace):
    read = workspace.study.reads[1]
    [one] = messages_of([read], [])
    assert (one.text, one.kind) == ("Detection found 4 hairs in 2 units; 0.5 s.", MessageKind.DONE)
    noted = replace(read, detection=replace(read.detection, notes=("the scale was estimated",)))
    empty = replace(read, hairs={}, units={})
    [message] = messages_of([noted, empty], [])
    assert message.kind is MessageKind.WARNING
    assert message.text == (
        "Detection found 4 hairs in 2 units in 2 images. The scale was estimated. "
        "No hair was found; check the scale, or raise the sensitivity."
    )
    chosen = [
        replace(read, detection=replace(read.detection, seconds=12.4, parameters=DetectionParameters(polarity, preset)))
        for polarity, preset in ((Polarity.DARK, Preset.CLIPPED), (Polarity.LIGHT, Preset.LONG))
    ]
    assert messages_of(chosen[:1], [])[0].text == "Detection found 4 hairs in 2 units: clipped hair, dark; 12 s."
    assert messages_of(chosen, [], beside=True)[0].text == (
        "Detection found 8 hairs in 4 units in 2 images: clipped hair, dark; long hair, light. "
        "The read you see stays as it is; Image ▸ Begin anew from the detection takes up what was found."
    )
    errors = [(1, UserFacingError("gone", file="a.png")), (2, UserFacingError("cut", file="b.png"))]
    [message] = messages_of([], errors)
    assert message.text == "2 images were not detected. Gone (a.png)."
    assert message.details == "a.png: gone.\nb.png: cut."


def workers():
    return multiprocessing.active_children()


def test_detection_in_processes_survives_a_killed_one_and_leaves_none(workspace, told, qtbot):
    with runner_of(workspace) as runner:
        assert len(finished(runner, qtbot, [1], 60_000).reads) == 1
        [worker] = workers()[:1]
        # killed while it waits: the next detection starts others
        os.kill(worker.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        qtbot.waitUntil(lambda: worker.pid not in [w.pid for w in workers()])
        qtbot.wait(100)
        assert len(finished(runner, qtbot, [2], 60_000).reads) == 1
    assert workers() == []
    assert [m.kind for m in told] == [MessageKind.DONE, MessageKind.DONE]


@pytest.fixture
def long_work(monkeypatch):
    """Images that take many seconds each."""
    done, data = cv2.imencode(".png", np.tile(field_of_rods(12), (6, 6, 1)))
    assert done
    requests = tuple(Request(i, Path(f"{i}.png"), data.tobytes, 10.0) for i in (1, 2))
    monkeypatch.setattr(module, "_requests", lambda *_: requests)


def at_work(runner):
    return lambda: runner._run is not None and runner._run.fraction > 0


@pytest.mark.usefixtures("long_work")
def test_a_process_killed_at_work_is_told_and_closing_ends_the_others(workspace, told, qtbot):
    with runner_of(workspace) as runner:
        runner.detect([1, 2])
        qtbot.waitUntil(at_work(runner), timeout=30_000)
        with qtbot.waitSignal(runner.failed, timeout=30_000):
            for worker in workers():
                worker.kill()
        assert told[-1].text.startswith("Detection was ended from outside")
        runner.detect([1, 2])
        qtbot.waitUntil(at_work(runner), timeout=30_000)
        begun = time.monotonic()
    assert time.monotonic() - begun < 5  # it did not wait for the work
    assert workers() == []
    assert workspace.session.n_unsaved == 0


def test_a_pool_has_room_for_the_window():
    pool = WorkerPool()
    try:
        assert pool.executor() is pool.executor()
        assert 1 <= pool.size <= max(1, (os.cpu_count() or 1) - 1)
    finally:
        pool.end()
        pool.end()
    assert workers() == []


def test_what_the_settings_say_is_looked_for_and_kept_with_the_result(workspace, runner, qtbot):
    wanted = DetectionParameters(Polarity.DARK, Preset.CLIPPED, sensitivity=0.6, source=Source.RIDGES)
    workspace.set_settings(workspace.settings.changed(detection=wanted))
    (read_id,) = finished(runner, qtbot, [1]).reads
    assert workspace.study.reads[read_id].detection.parameters == wanted
