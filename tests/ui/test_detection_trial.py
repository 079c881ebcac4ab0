import multiprocessing
from dataclasses import replace

import numpy as np
import pytest

from analysis.detection import DetectionParameters
from tests.ui.small_session import N_RODS
from tests.ui.test_detection import Threads, settle
from tests.workstation.cli.conftest import field_of_rods
from ui import detection as module
from ui.detection import DetectionRunner

TEN_UM = 10.0
NONE_SO_LONG = replace(DetectionParameters(), min_length_um=3000.0)


@pytest.fixture
def runner(workspace):
    runner = DetectionRunner(workspace)
    yield runner
    runner.shutdown()


def test_a_part_is_detected_in_a_process_that_closing_ends(runner, qtbot):
    pixels = field_of_rods(N_RODS)
    with qtbot.waitSignal(runner.trials.answered, timeout=60_000) as answered:
        runner.trials.ask(pixels[20:, 20:], TEN_UM, DetectionParameters())
    assert answered.args[0].n_hairs == N_RODS
    with qtbot.waitSignal(runner.trials.failed, timeout=60_000) as failed:
        runner.trials.ask(np.tile(pixels, (6, 6, 1)), TEN_UM, DetectionParameters())  # many seconds of work
        qtbot.wait(1000)
        for worker in multiprocessing.active_children():
            worker.kill()
    assert str(failed.args[0]).startswith("the preview was ended from outside")
    with qtbot.waitSignal(runner.trials.answered, timeout=60_000):
        runner.trials.ask(pixels, TEN_UM, DetectionParameters())
    runner.shutdown()
    assert multiprocessing.active_children() == []


def test_only_the_last_question_is_answered(workspace, monkeypatch, qtbot):
    monkeypatch.setattr(module, "WorkerPool", Threads)
    runner = DetectionRunner(workspace)
    answers = []
    runner.trials.answered.connect(lambda detection: answers.append(detection.n_hairs))
    try:
        pixels = field_of_rods(N_RODS)
        for _ in range(3):
            runner.trials.ask(pixels, TEN_UM, DetectionParameters())
        runner.trials.ask(pixels, TEN_UM, NONE_SO_LONG)
        qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
        runner.trials.ask(pixels, TEN_UM, DetectionParameters())
        runner.trials.drop()
        settle(runner.trials, qtbot)
        assert answers == [0]
    finally:
        runner.shutdown()


def test_a_detection_goes_before_a_trial(workspace, monkeypatch, qtbot):
    monkeypatch.setattr(module, "WorkerPool", Threads)
    runner = DetectionRunner(workspace)
    answers = []
    runner.trials.answered.connect(answers.append)
    try:
        runner.trials.ask(field_of_rods(N_RODS), TEN_UM, DetectionParameters())
        with qtbot.waitSignal(runner.finished, timeout=20_000):
            assert runner.detect([1])
        assert answers == []
    finally:
        runner.shutdown()
