import errno
import os
import threading

import pytest

from tests.ui.small_session import READER, open_small
from ui.saving import Saver, SaveState
from ui.workspace import Workspace
from workstation.edits import comment_hairs
from workstation.session import open_study
from workstation.settings import Settings
from workstation.storage.reader import read_study

SOON_S = 0.3
"""A shorter pause than the settings allow."""


@pytest.fixture
def saver(workspace):
    saver = Saver(workspace)
    yield saver
    saver.shutdown()


@pytest.fixture
def failures(saver):
    failures = []
    saver.failed.connect(lambda error: failures.append(str(error)))
    return failures


def save_soon(workspace):
    workspace.set_settings(workspace.settings.model_copy(update={"autosave_after_s": SOON_S}))


def edit(workspace, text="seen"):
    workspace.commit(1, lambda read: comment_hairs(read, {1}, text))


def comment_in_file(workspace):
    return read_study(workspace.session.path).study.reads[3].hairs[1].comment


def saved(saver):
    return lambda: not saver.state.saving and saver.state.n_unsaved == 0


@pytest.fixture
def slow_save(workspace, monkeypatch):
    """A save that waits before it begins; gives what lets it go on, and what tells that it waits."""
    let_go, waiting = threading.Event(), threading.Event()
    save = workspace.session.save

    def slowly():
        waiting.set()
        assert let_go.wait(10)
        save()

    monkeypatch.setattr(workspace.session, "save", slowly)
    return let_go, waiting


@pytest.fixture
def full_disk(monkeypatch):
    """A disk that is full until the fixture's function is called."""
    real, full = os.fsync, [True]

    def fsync(descriptor):
        if full:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return full.clear


def test_the_state_follows_edits_and_saving(workspace, saver, qtbot):
    assert saver.state.n_unsaved == 0
    assert saver.state.last_saved_utc is not None
    states = []
    saver.state_changed.connect(states.append)
    edit(workspace)
    assert states[-1].n_unsaved == 1
    saver.save_now()
    assert states[-1].saving
    qtbot.waitUntil(saved(saver))
    assert [(s.n_unsaved, s.saving) for s in states] == [(1, False), (1, True), (0, False)]
    assert comment_in_file(workspace) == "seen"


def test_a_pause_saves(workspace, saver, qtbot):
    save_soon(workspace)
    edit(workspace)
    qtbot.wait(200)
    edit(workspace, "seen again")
    qtbot.wait(200)
    assert comment_in_file(workspace) == ""
    qtbot.waitUntil(saved(saver), timeout=3000)
    assert comment_in_file(workspace) == "seen again"


def test_who_never_pauses_is_saved_all_the_same(workspace, saver, qtbot, monkeypatch):
    monkeypatch.setattr("ui.saving.LATEST_AFTER", 1.2)
    save_soon(workspace)
    for k in range(250):  # on a busy computer a save takes its time
        edit(workspace, f"{k}")
        qtbot.wait(40)
        if comment_in_file(workspace):
            break
    assert comment_in_file(workspace) != ""


def test_edits_that_came_back_at_the_start_are_saved_too(workspace, session, qtbot):
    edit(workspace)
    session.close()
    with open_study(session.path, READER) as again:
        assert again.n_unsaved == 1
        desk = Workspace(Settings(reader=READER))
        save_soon(desk)
        saver = Saver(desk)
        assert saver.state == SaveState()
        desk.set_session(again)
        assert saver.state.n_unsaved == 1
        qtbot.waitUntil(saved(saver), timeout=3000)
        saver.shutdown()


def test_edits_go_on_while_a_save_waits_for_the_disk(workspace, saver, slow_save, qtbot):
    let_go, waiting = slow_save
    edit(workspace, "one")
    saver.save_now()
    assert waiting.wait(5)
    edit(workspace, "two")
    assert saver.state.saving
    assert saver.state.n_unsaved == 2
    saver.save_now()
    let_go.set()
    qtbot.waitUntil(saved(saver))
    assert comment_in_file(workspace) == "two"


def test_a_full_disk_is_told_once_and_tried_again(workspace, saver, failures, full_disk, qtbot, monkeypatch):
    monkeypatch.setattr("ui.saving.RETRY_AFTER_S", 0.0)
    save_soon(workspace)
    attempts = []
    saver.state_changed.connect(lambda state: attempts.append(state.saving))
    edit(workspace)
    qtbot.waitUntil(lambda: attempts.count(True) >= 2, timeout=5000)
    qtbot.waitUntil(lambda: not saver.state.saving)
    assert failures == [f"{workspace.session.path}: the disk is full. Free some space on it and save again."]
    assert saver.state.error.what == "the disk is full"
    assert saver.state.n_unsaved == 1
    assert comment_in_file(workspace) == ""
    full_disk()
    qtbot.waitUntil(saved(saver), timeout=5000)
    assert saver.state.error is None
    assert comment_in_file(workspace) == "seen"


def test_who_asks_is_told_every_time(workspace, saver, failures, full_disk, qtbot):
    edit(workspace)
    for k in range(2):
        saver.save_now()
        qtbot.waitUntil(lambda k=k: len(failures) == k + 1)


def test_a_file_that_another_program_changed_is_not_saved_over(workspace, saver, failures, tmp_path, qtbot):
    path = workspace.session.path
    with open_small(tmp_path / "another") as other:
        other.document.apply(comment_hairs(other.document.current_reader_read(1), {2}, "theirs"))
        other.save()
    theirs = (tmp_path / "another" / "trial.h5").read_bytes()
    path.write_bytes(theirs)
    edit(workspace)
    saver.save_now()
    qtbot.waitUntil(lambda: failures != [])
    assert "another program changed the file" in failures[0]
    assert path.read_bytes() == theirs


def test_an_error_of_the_program_is_told_as_one_and_nothing_is_lost(
    workspace, saver, failures, monkeypatch, qtbot, caplog
):
    with monkeypatch.context() as broken:
        broken.setattr(workspace.session, "save", lambda: 1 / 0)
        edit(workspace)
        saver.save_now()
        qtbot.waitUntil(lambda: failures != [])
    assert "because of an error inside the program" in failures[0]
    assert [r.exc_info[0] for r in caplog.records if r.name == "ui.problems"] == [ZeroDivisionError]
    saver.save_now()
    qtbot.waitUntil(saved(saver))
    assert comment_in_file(workspace) == "seen"


def test_a_study_open_for_reading_is_never_saved(workspace, session, saver, failures, qtbot):
    session.close()
    with open_study(session.path, READER, read_only=True) as read_only:
        workspace.set_session(read_only)
        assert saver.state.read_only_because == "it was opened read-only"
        saver.save_now()
        qtbot.waitUntil(lambda: failures != [])
        assert "read-only" in failures[0]
        ready = []
        saver.finish(ready.append)
        assert ready == []
        qtbot.waitUntil(lambda: ready == [None])


def test_closing_saves_first_also_what_is_edited_meanwhile(workspace, saver, slow_save, qtbot):
    let_go, waiting = slow_save
    edit(workspace, "one")
    ready = []
    saver.finish(ready.append)
    assert waiting.wait(5)
    edit(workspace, "two")
    saver.finish(ready.append)
    let_go.set()
    qtbot.waitUntil(lambda: ready == [None, None])
    assert comment_in_file(workspace) == "two"


def test_closing_with_nothing_to_save_calls_back_afterwards(workspace, saver, qtbot):
    ready = []
    saver.finish(ready.append)
    assert ready == []
    qtbot.waitUntil(lambda: ready == [None])
    workspace.set_session(None)
    saver.finish(ready.append)
    qtbot.waitUntil(lambda: ready == [None, None])


def test_closing_on_a_full_disk_says_that_the_edits_come_back(workspace, session, saver, failures, full_disk, qtbot):
    edit(workspace)
    edit(workspace, "seen twice")
    ready = []
    saver.finish(ready.append)
    qtbot.waitUntil(lambda: ready != [])
    assert str(ready[0]).endswith(
        "the disk is full. Free some space on it and save again. The 2 edits are in the journal and will be there when "
        "you open the study again on this computer."
    )
    assert failures == []
    session.close()
    full_disk()
    with open_study(session.path, READER) as again:
        assert again.study.reads[3].hairs[1].comment == "seen twice"


def test_a_window_that_closes_during_a_save_waits_for_it(workspace, saver, slow_save, qtbot):
    let_go, waiting = slow_save
    edit(workspace)
    saver.save_now()
    assert waiting.wait(5)
    threading.Timer(0.2, let_go.set).start()
    saver.shutdown()
    assert comment_in_file(workspace) == "seen"
    qtbot.wait(20)
    assert workspace.session.n_unsaved == 0


def test_the_save_of_a_study_that_was_closed_meanwhile_says_nothing_of_the_next(
    workspace, saver, slow_save, failures, tmp_path, qtbot
):
    let_go, waiting = slow_save
    edit(workspace)
    saver.save_now()
    assert waiting.wait(5)
    with open_small(tmp_path / "next") as following:
        workspace.set_session(following)
        assert not saver.state.saving
        edit(workspace, "in the next")
        saver.save_now()
        let_go.set()
        qtbot.waitUntil(saved(saver))
        assert comment_in_file(workspace) == "in the next"
    assert failures == []
