import logging
import sys
import threading
from concurrent.futures import InvalidStateError

import pytest
from PySide6.QtCore import QTimer

from ui.problems import INSIDE, NO_MEMORY, Problems, watch
from workstation.errors import UserFacingError


@pytest.fixture
def problems(qapp, monkeypatch):
    for owner, hook in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(owner, hook, getattr(owner, hook))
    problems = Problems()
    problems.install()
    yield problems
    problems.uninstall()


@pytest.fixture
def heard(problems):
    heard = []
    problems.happened.connect(lambda problem: heard.append((problem, threading.current_thread())))
    return heard


def fail(error=None):
    raise error or ValueError("width of 'Eva' is wrong")


def test_an_error_in_a_slot_is_told_and_the_program_goes_on(problems, heard, qtbot, caplog):
    went_on = []
    QTimer.singleShot(0, fail)
    QTimer.singleShot(20, lambda: went_on.append(True))
    qtbot.waitUntil(lambda: bool(heard) and bool(went_on))
    problem, _ = heard[0]
    assert problem.text == INSIDE
    assert problem.n == 1
    assert problem.details.splitlines()[-1] == "ValueError"
    assert ", in fail" in problem.details
    [record] = [r for r in caplog.records if r.name == "ui.problems"]
    assert record.levelno == logging.ERROR
    assert record.exc_info[0] is ValueError


def test_an_error_on_a_thread_is_told_on_the_main_thread(problems, heard, qtbot):
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert heard == []
    qtbot.waitUntil(lambda: heard != [])
    assert heard[0][1] is threading.main_thread()


def test_a_pool_that_stumbles_over_cancelled_work_is_logged_alone(problems, heard, qtbot, caplog):
    thread = threading.Thread(target=fail, args=(InvalidStateError("CANCELLED"),))
    thread.start()
    thread.join()
    qtbot.wait(20)
    assert heard == []
    assert [r.levelname for r in caplog.records if r.name == "ui.problems"] == ["WARNING"]


def test_an_error_in_a_destructor_is_told(problems, heard, qtbot):
    class Broken:
        def __del__(self):
            fail()

    Broken()
    qtbot.waitUntil(lambda: heard != [])


def test_a_repeated_error_is_counted_and_not_told_again(problems, heard, qtbot, caplog):
    counted = []
    problems.repeated.connect(lambda problem: counted.append(problem.n))
    for _ in range(100):
        try:
            fail()
        except ValueError as error:
            problems.note(error)
    qtbot.waitUntil(lambda: counted == [2, 4, 8, 16, 32, 64])
    assert len(heard) == 1
    assert len([r for r in caplog.records if r.name == "ui.problems"]) == 7


def test_whoever_watches_hears_of_repeated_errors_with_their_number(qtbot):
    told = []
    watching = watch(told.append)
    try:
        for _ in range(4):
            try:
                fail()
            except ValueError as error:
                watching.note(error)
        qtbot.waitUntil(lambda: [problem.n for problem in told] == [1, 2, 4])
    finally:
        watching.uninstall()


def test_errors_from_different_places_are_told_each(problems, heard, qtbot):
    QTimer.singleShot(0, fail)
    QTimer.singleShot(0, lambda: 1 / 0)
    qtbot.waitUntil(lambda: len(heard) == 2)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (UserFacingError("the disk is full", file="a.h5", remedy="Free some space."), "a.h5: the disk is full. Free"),
        (MemoryError(), NO_MEMORY),
    ],
)
def test_what_the_user_can_mend_is_said_in_its_own_words(problems, heard, qtbot, error, text):
    QTimer.singleShot(0, lambda: fail(error))
    qtbot.waitUntil(lambda: heard != [])
    assert heard[0][0].text.startswith(text)


def test_whoever_tells_of_an_error_may_fail_too(problems, qtbot):
    told = []

    def tell(problem):
        told.append(problem.details.splitlines()[-1])
        raise RuntimeError("telling failed")

    problems.happened.connect(tell)
    QTimer.singleShot(0, fail)
    qtbot.waitUntil(lambda: len(told) == 2)
    qtbot.wait(100)
    assert told == ["ValueError", "RuntimeError"]


def test_ctrl_c_is_left_to_python(problems, heard, monkeypatch, qtbot):
    left = []
    problems._before = (lambda *arguments: left.append(arguments), *problems._before[1:])
    interrupt = KeyboardInterrupt()
    sys.excepthook(KeyboardInterrupt, interrupt, None)
    qtbot.wait(20)
    assert left == [(KeyboardInterrupt, interrupt, None)]
    assert heard == []


def test_the_hooks_that_were_there_come_back(qapp):
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    problems = Problems()
    problems.install()
    problems.install()
    assert sys.excepthook != before[0]
    problems.uninstall()
    problems.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
