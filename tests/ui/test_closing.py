"""Studies and windows that close while something else goes on."""

import threading
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QDialog, QMessageBox

from analysis.calibration import CalibrationSource
from analysis.progress import Cancelled
from tests.ui.small_session import READER, make_small_study
from tests.ui.test_main_window import OWN, drag, drop, reject
from tests.workstation.images.files import saved, texture
from tests.workstation.small_study import TEN_UM
from ui import importing, opening, recent_files
from ui.dialogs.scale import ScaleDialog
from ui.dialogs.settings import SettingsDialog
from ui.preferences import change
from ui.tools.tool import Pointer
from workstation.errors import UserFacingError
from workstation.importing.adding import prepare
from workstation.manifest import ManifestRow
from workstation.model.study import WidthCutoffs
from workstation.session import open_study
from workstation.settings import change_settings

SHORT_S = 0.1


@pytest.fixture
def told(window):
    told = []
    window.workspace.told.connect(lambda message: told.append(message.text))
    return told


@pytest.fixture
def let_go():
    """What slow work waits for."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def copying(opened, let_go, monkeypatch):
    """A copy is being written, until it is let go or stopped."""

    def save_copy(path, *, replace, report):
        while not let_go.wait(0.005):
            report("copying images", 0.5)
        path.write_text("copy")
        return ()

    session = opened.workspace.session
    monkeypatch.setattr(session, "save_copy", save_copy)
    path = session.path.with_name("copy.h5")
    opened.desk.maker.copy(session, path, lambda _: None)
    return path


def test_a_study_that_comes_open_when_the_window_is_gone_is_let_go_of(window, study_path, qtbot, let_go, monkeypatch):
    begun = threading.Event()

    def slowly(path, user):
        begun.set()
        let_go.wait(5)
        return open_study(path, user)

    monkeypatch.setattr(opening, "open_study", slowly)
    window.begin(study_path)
    assert begun.wait(5)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    threading.Timer(SHORT_S, let_go.set).start()
    window.desk.shutdown()
    with open_study(study_path, READER) as session:
        assert session.read_only_because is None


def test_whoever_closes_twice_is_asked_once(opened, qtbot, let_go, monkeypatch):
    def fail():
        let_go.wait(5)
        raise UserFacingError("the disk is full", remedy="Make room.")

    asked = []
    monkeypatch.setattr(opened.workspace.session, "save", fail)
    monkeypatch.setattr(QMessageBox, "exec", lambda box: asked.append(box.text()))
    monkeypatch.setattr(QMessageBox, "clickedButton", lambda box: box.escapeButton())
    reject(opened)
    opened.close()
    opened.close()
    let_go.set()
    qtbot.waitUntil(lambda: opened.isEnabled() and bool(asked))
    qtbot.wait(50)
    assert len(asked) == 1
    opened.close()  # and again, when it was kept open
    qtbot.waitUntil(lambda: len(asked) == 2)


def test_the_window_waits_for_a_copy_that_is_being_written(opened, copying, told, qtbot, let_go):
    opened.close()
    assert opened.isVisible()
    assert opened.isEnabled()
    assert told[-1].startswith("The window closes as soon as the work under way is done.")
    let_go.set()
    qtbot.waitUntil(lambda: not opened.isVisible())
    assert copying.read_text() == "copy"


def test_a_study_stays_open_while_a_copy_of_it_is_being_written(opened, copying, told, let_go, qtbot):
    session = opened.workspace.session
    opened.actions_["file.close"].trigger()
    assert told[-1] == "Files of this study are being written. Close it when that is done, or stop that."
    let_go.set()
    qtbot.waitUntil(lambda: not opened.desk.busy)
    assert opened.workspace.session is session
    opened.actions_["file.close"].trigger()
    qtbot.waitUntil(lambda: opened.workspace.session is None)


def test_a_program_that_ends_stops_what_is_being_written(opened, copying):
    opened.desk.shutdown()
    assert not copying.exists()


def test_images_that_come_too_late_into_a_study_are_taken_away_again(opened, tmp_path, let_go, monkeypatch, qtbot):
    images = opened.workspace.session.path.with_name("trial.images")
    image = tmp_path / "new.png"
    image.write_bytes(saved(texture(seed=1), "PNG"))
    placed = threading.Event()

    def slowly(*arguments, **more):
        addition = prepare(*arguments, **more)
        placed.set()
        let_go.wait(5)
        return addition

    monkeypatch.setattr(importing, "prepare", slowly)
    row = ManifestRow(line=1, subject="S1", visit="baseline", site="vertex", image=image)
    opened.desk.maker.add([row], lambda _: None)
    assert placed.wait(10)
    assert len(list(images.iterdir())) == 1
    threading.Timer(SHORT_S, let_go.set).start()
    opened.desk.shutdown()
    assert not images.exists()


@pytest.fixture
def other(opened, tmp_path):
    """Another study, which an answer that comes late must not reach."""
    with open_study(make_small_study(tmp_path / "other", "other.h5"), READER) as other:
        first = opened.workspace.session
        yield other
        opened.workspace.set_session(None)
        first.close()


def answered_late(opened, other):
    def exec_(_dialog):
        opened.workspace.set_session(other, (1, 2))
        return QDialog.DialogCode.Accepted

    return exec_


def test_a_scale_that_was_asked_for_one_study_is_not_given_to_another(opened, other, monkeypatch):
    monkeypatch.setattr(ScaleDialog, "exec", answered_late(opened, other))
    monkeypatch.setattr(ScaleDialog, "choice", SimpleNamespace(um_per_px=3.0, source=CalibrationSource.TYPED))
    opened.actions_["image.scale"].trigger()
    assert other.study.images[1].calibration == TEN_UM


def test_cut_offs_that_were_set_for_one_study_are_not_given_to_another(opened, other, monkeypatch):
    monkeypatch.setattr(SettingsDialog, "exec", answered_late(opened, other))
    monkeypatch.setattr(SettingsDialog, "changes", lambda _: {})
    monkeypatch.setattr(SettingsDialog, "study_cutoffs", lambda _: WidthCutoffs(20, 40))
    opened.actions_["file.settings"].trigger()
    assert other.study.cutoffs == WidthCutoffs()


def test_nothing_is_dropped_behind_a_dialog(opened, tmp_path, qtbot):
    path = make_small_study(tmp_path / "other", "other.h5")
    dialog = QDialog(opened)
    qtbot.addWidget(dialog)
    dialog.setModal(True)
    dialog.show()
    event = drag([path])
    opened.dragEnterEvent(event)
    assert not event.isAccepted()
    session = opened.workspace.session
    drop(opened, [path])
    qtbot.wait(50)
    assert opened.workspace.session is session


def test_what_is_typed_while_a_study_is_saved_to_be_closed_is_kept(opened, study_path, qtbot, let_go, monkeypatch):
    session = opened.workspace.session
    save = session.save
    monkeypatch.setattr(session, "save", lambda: let_go.wait(5) and save())
    reject(opened)
    opened.actions_["file.close"].trigger()
    opened.actions_["edit.comment"].trigger()
    qtbot.keyClicks(opened.focusWidget(), "looks odd")
    let_go.set()
    qtbot.waitUntil(lambda: opened.workspace.session is None)
    with open_study(study_path, READER, read_only=True) as again:
        assert again.study.reads[OWN].hairs[1].comment == "looks odd"


def test_noting_a_recent_file_takes_no_other_setting_back(window, study_path, qtbot, let_go, monkeypatch):
    def slowly(change):
        written = change_settings(change)
        let_go.wait(5)
        return written

    monkeypatch.setattr(opening, "change_settings", slowly)
    window.begin(study_path)
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    change(window.workspace, lambda settings: settings.changed(doubtful_below=0.25))
    let_go.set()
    qtbot.waitUntil(lambda: window.workspace.settings.recent_files == (study_path,))
    assert window.workspace.settings.doubtful_below == 0.25


def test_an_import_that_is_stopped_says_so_once_it_has(window, tmp_path, told, qtbot, monkeypatch):
    def endless(*_, report, **__):
        try:
            while True:
                report("checking", 0.5)
        except Cancelled:
            told.append("stopping")
            raise

    monkeypatch.setattr(importing, "study_from_manifest", endless)
    watchers = []
    window.desk.work_began.connect(lambda _, watcher: watchers.append(watcher))
    window.desk.maker.of_rows([], tmp_path / "new.h5", lambda _: told.append("opened"))
    watchers[0].cancel()
    qtbot.waitUntil(lambda: not window.desk.busy)
    assert told == ["stopping", "Stopped; nothing was made."]


def test_a_file_that_cannot_be_opened_leaves_the_study_open_that_was(opened, study_path, tmp_path, told, qtbot):
    path = tmp_path / "notes.h5"
    path.write_text("not a study")
    session = opened.workspace.session
    reject(opened)
    drop(opened, [path])
    qtbot.waitUntil(lambda: opened.workspace.session not in (None, session))
    assert opened.workspace.session.path == study_path
    assert opened.workspace.session.n_unsaved == 0
    assert "notes.h5" in told[-1]
    assert [toast.message.text for toast in opened.toasts] == [told[-1]]


def test_a_drive_that_does_not_answer_keeps_no_image_back(window, study_path, qtbot, let_go, monkeypatch):
    """Nobody knows how long it takes to ask for a recent study on a network that is gone."""
    monkeypatch.setattr(recent_files, "look_at", lambda paths: let_go.wait(10) and ())
    for n in range(3):
        change(window.workspace, lambda settings, n=n: settings.with_recent(study_path.with_name(f"{n}.h5")))
    window.begin(study_path)
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    qtbot.waitUntil(lambda: all(view.ready for view in window.comparison.views.values()))
    assert not let_go.is_set()


@pytest.fixture
def measuring(opened, monkeypatch):
    """A hair was drawn, and waits for its image to be prepared; calling it says that it is."""
    pixels = opened.desk.pixels
    with monkeypatch.context() as patch:
        patch.setattr(pixels, "is_prepared", lambda _: False)
        patch.setattr(pixels, "evidence", lambda _: None)
        opened.actions_["tool.draw"].trigger()
        for place in ((200.0, 180.0), (240.0, 200.0)):
            pointer = Pointer(1, place, 2.0)
            opened.desk.tools.current.press(pointer)
            opened.desk.tools.current.release(pointer)

        def prepared():
            patch.setattr(pixels, "is_prepared", lambda _: True)
            pixels.evidence_ready.emit(1)

        yield prepared


def test_the_window_waits_for_a_hair_that_is_being_measured(opened, measuring, study_path, told, qtbot):
    opened.close()
    assert opened.isVisible()
    assert told[-1].startswith("The window closes as soon as")
    measuring()
    qtbot.waitUntil(lambda: not opened.isVisible())
    opened.desk.shutdown()
    with open_study(study_path, READER, read_only=True) as again:
        assert again.recovered.n_edits == 0
        assert len(again.study.reads[OWN].hairs) == 5


def test_a_study_waits_for_a_hair_that_is_being_measured(opened, measuring, told, qtbot):
    opened.actions_["file.close"].trigger()
    assert told[-1] == "What was drawn is still being measured. Close the study when that is done."
    measuring()
    opened.actions_["file.close"].trigger()
    qtbot.waitUntil(lambda: opened.workspace.session is None)
