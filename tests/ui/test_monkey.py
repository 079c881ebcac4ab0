import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from tests.ui.monkey import Monkey
from tests.ui.small_session import READER
from tests.ui.test_detection import Threads
from tests.workstation.storage.studies import same
from ui import detection, problems
from ui.desk import Desk
from ui.main_window import MainWindow
from workstation.edits.review import comment_image, withdraw_read
from workstation.model.read import ReadState
from workstation.session import open_study
from workstation.settings import Settings, load_settings, save_settings

N_ACTS = 300
N_KILLS = 3


@pytest.fixture
def window(qtbot, monkeypatch, study_path):
    """The window with the small study; what it detects it detects in threads."""
    monkeypatch.setattr(detection, "WorkerPool", Threads)
    save_settings(Settings(reader=READER, autosave_after_s=2))
    desk = Desk(load_settings())
    window = MainWindow(desk)
    qtbot.addWidget(window, before_close_func=lambda _: desk.shutdown())
    window.resize(960, 600)
    window.show()
    qtbot.waitExposed(window)
    window.begin(study_path)
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    return window


def test_whatever_is_done_can_be_taken_back_and_is_found_again(window, study_path, qtbot, caplog):
    threads, children = set(threading.enumerate()), psutil.Process().children(recursive=True)
    first = window.workspace.study
    happened = []
    watch = problems.watch(happened.append)
    monkey = Monkey(window, study_path, seed=20260203)
    try:
        monkey.play(N_ACTS)
        window.desk.detection.cancel()
        qtbot.wait(1)
    finally:
        monkey.stop()
        watch.uninstall()
    story = "\n".join(monkey.story[-40:])
    assert not happened, story
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR], story

    document = window.workspace.session.document
    assert document.history.last_seq > N_ACTS / 10
    # it may have taken everything back itself, or detected anew, behind which undo does not go
    read = document.current_reader_read(min(first.images))
    if read.review.state is ReadState.SUBMITTED:
        document.apply(withdraw_read(read))
    document.apply(comment_image(document.study.reads[read.id], "the last word"))
    last = window.workspace.study
    with open_study(study_path, READER, read_only=True) as again:
        assert same(last, again.study)
    check_undo(document, first, last)

    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    window.desk.shutdown()
    assert set(threading.enumerate()) <= threads
    assert psutil.Process().children(recursive=True) == children


def check_undo(document, first, last):
    """Undo takes everything back, and redo leads to where it was."""
    n = 0
    while document.undo() is not None:
        n += 1
    assert n > 0
    assert (document.study.images, document.study.cutoffs) == (first.images, first.cutoffs)
    for read in document.study.reads.values():
        if read.id in first.reads:
            assert read.same_content(first.reads[read.id])
        elif read.review.state is ReadState.DETECTED:
            assert read.same_content(last.reads[read.id])
        else:
            source = document.study.reads[read.based_on]
            assert (dict(read.hairs), dict(read.units), read.field) == (source.hairs, source.units, source.field)
    for _ in range(n):
        document.redo()
    assert same(document.study, last)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the windows are made by forking")
def test_no_kill_loses_an_edit_that_was_seen(tmp_path):
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-m", "tests.ui.killed_monkey", str(tmp_path)]
    ended = subprocess.run(
        [*command, str(N_KILLS), "7"], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["wrong"] == []
    assert found["kills"] == N_KILLS
    assert found["edits"] >= N_KILLS
