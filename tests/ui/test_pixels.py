import threading
from dataclasses import replace

import numpy as np
import pytest

from analysis.snapping import prepare, snap
from analysis.width import widths_along
from tests.ui.small_session import HEIGHT_PX, WIDTH_PX, open_small
from tests.workstation.small_study import make_image, make_study
from ui import pixels as module
from ui.pixels import PixelStore, likely_next
from workstation.edits import set_calibration
from workstation.images import load_of, loading
from workstation.model.study import Visit
from workstation.session import create_study, open_study

IMAGE_BYTES = WIDTH_PX * HEIGHT_PX * 3


@pytest.fixture
def store(workspace):
    """A store of a workspace that shows nothing yet."""
    workspace.set_shown(())
    store = PixelStore(workspace)
    yield store
    store.shutdown()


@pytest.fixture
def counted(monkeypatch):
    """The ids of the images that were decoded, in order."""
    decoded, real = [], module._decoded

    def counting(folder, record, *more):
        decoded.append(record.id)
        return real(folder, record, *more)

    monkeypatch.setattr(module, "_decoded", counting)
    return decoded


def fetch(store, image_id, qtbot):
    if store.pixels(image_id) is None:
        with qtbot.waitSignal(store.loaded, check_params_cb=lambda found: found == image_id):
            pass
    return store.pixels(image_id)


def test_pixels_come_when_asked_for_and_are_those_of_the_file(store, session, counted, qtbot):
    assert store.pixels(1) is None
    assert store.pixels(1) is None
    with qtbot.waitSignal(store.loaded) as loaded:
        pass
    assert loaded.args == [1]
    assert counted == [1]
    found = store.pixels(1)
    expected = load_of(session.path.parent, session.study.images[1]).pixels
    assert np.array_equal(found, expected)
    assert found is store.pixels(1)
    with pytest.raises(ValueError, match="read-only"):
        found[0, 0] = 0


def test_an_image_that_does_not_exist_has_none(store, workspace, qtbot):
    assert store.pixels(99) is None
    workspace.set_session(None)
    assert store.pixels(1) is None
    assert store.evidence(1) is None


def test_an_embedded_image_is_read_from_the_study(store, workspace, session, tmp_path, qtbot):
    folder = session.path.parent
    images = {i: replace(r, embedded=True) for i, r in session.study.images.items()}
    files = {i: (folder / r.path).read_bytes() for i, r in images.items()}
    study = replace(session.study, id="8a1d9b3e-3f6e-4c3a-9a39-0a6b1f9f2f22", images=images)
    (tmp_path / "elsewhere").mkdir()
    create_study(tmp_path / "elsewhere" / "inside.h5", study, user="Ada", image_files=files)
    with open_study(tmp_path / "elsewhere" / "inside.h5", "Ada") as inside:
        workspace.set_session(inside)
        assert fetch(store, 1, qtbot).shape == (HEIGHT_PX, WIDTH_PX, 3)
        store.shutdown()


def test_a_missing_image_is_told_once_and_tried_again_when_asked(store, session, counted, qtbot):
    path = session.path.parent / session.study.images[1].path
    data = path.read_bytes()
    path.unlink()
    with qtbot.waitSignal(store.failed) as failed:
        assert store.pixels(1) is None
    image_id, error = failed.args
    assert image_id == 1
    assert str(path) in str(error) or session.study.images[1].path in str(error)
    assert store.error(1) is error
    assert store.pixels(1) is None
    assert counted == [1]
    path.write_bytes(data)
    with qtbot.waitSignal(store.loaded):
        store.retry(1)
    assert store.error(1) is None
    assert store.pixels(1) is not None


def test_a_changed_image_is_not_shown_as_if_it_were_the_one(store, session, qtbot):
    path = session.path.parent / session.study.images[1].path
    path.write_bytes(path.read_bytes() + b" ")
    with qtbot.waitSignal(store.failed) as failed:
        store.pixels(1)
    assert "changed since it was imported" in failed.args[1].what


def test_an_error_of_the_program_is_told_too(store, monkeypatch, qtbot, caplog):
    monkeypatch.setattr(module, "_decoded", lambda *_: 1 / 0)
    with qtbot.waitSignal(store.failed) as failed:
        store.pixels(1)
    assert "error inside the program" in str(failed.args[1])
    monkeypatch.setattr(module, "_decoded", lambda *_: (_ for _ in ()).throw(MemoryError()))
    with qtbot.waitSignal(store.failed) as failed:
        store.retry(1)
    assert "memory is used up" in str(failed.args[1])


def test_a_limit_refuses_and_a_higher_one_allows(store, workspace, qtbot):
    workspace.set_settings(workspace.settings.changed(max_megapixels=0.01))
    with qtbot.waitSignal(store.failed) as failed:
        store.pixels(1)
    assert "megapixel" in str(failed.args[1])
    workspace.set_settings(workspace.settings.changed(max_megapixels=1.0))
    assert fetch(store, 1, qtbot) is not None


def test_what_is_shown_is_fetched_at_once_and_its_other_visits_after_it(store, workspace, counted, qtbot):
    workspace.set_shown((2,))
    qtbot.waitUntil(lambda: counted == [2, 1])
    fetch(store, 1, qtbot)
    fetch(store, 2, qtbot)
    assert counted == [2, 1]


def test_what_does_not_fit_is_let_go_but_never_what_is_shown(workspace, counted, qtbot):
    workspace.set_shown((1,))
    store = PixelStore(workspace, budget_bytes=int(1.5 * IMAGE_BYTES))
    fetch(store, 1, qtbot)
    qtbot.wait(50)
    assert counted == [1]  # the other visit has no room
    fetch(store, 2, qtbot)
    assert store.pixels(1) is not None
    workspace.set_shown((2,))
    fetch(store, 2, qtbot)
    assert counted == [1, 2]
    assert store.pixels(1) is None
    store.shutdown()


def test_the_likeliest_come_first():
    visits = [Visit(i, f"S0{1 + i // 4}", f"week {i}") for i in range(1, 8)]
    images = [make_image(i, i, site="vertex" if i != 2 else "crown") for i in range(1, 8)]
    study = make_study(images=images, visits=visits)
    assert likely_next(study, (1,)) == [3, 2]
    assert likely_next(study, (3, 1)) == [4]
    assert likely_next(study, (4,)) == [5, 6, 7]
    assert likely_next(study, ()) == []


def test_pixels_of_a_study_that_was_closed_meanwhile_never_come(store, workspace, tmp_path, monkeypatch, qtbot):
    let_go, waiting, real = threading.Event(), threading.Event(), module._decoded

    def slowly(*arguments):
        waiting.set()
        assert let_go.wait(10)
        return real(*arguments)

    monkeypatch.setattr(module, "_decoded", slowly)
    told = []
    store.loaded.connect(told.append)
    store.pixels(1)
    assert waiting.wait(5)
    with open_small(tmp_path / "next") as following:
        workspace.set_session(following)
        let_go.set()
        qtbot.wait(100)
        assert told == []
        assert fetch(store, 1, qtbot) is not None
        store.shutdown()
    assert told == [1]


def test_evidence_is_what_drawing_needs_and_comes_once(store, session, qtbot):
    assert store.evidence(1) is None
    assert store.evidence(1) is None
    with qtbot.waitSignal(store.evidence_ready) as ready:
        pass
    assert ready.args == [1]
    found = store.evidence(1)
    whole = prepare(store.pixels(1), 10.0)
    line = snap(found, np.array([[60.0, 62.0], [108.0, 84.0]]))
    assert np.array_equal(line, snap(whole, np.array([[60.0, 62.0], [108.0, 84.0]])))
    assert np.array_equal(widths_along(found, line), widths_along(whole, line), equal_nan=True)
    assert found is store.evidence(1)
    again = []
    store.evidence_ready.connect(again.append)
    qtbot.wait(50)
    assert again == []


def test_another_scale_asks_for_other_evidence(store, session, qtbot):
    with qtbot.waitSignal(store.evidence_ready):
        store.evidence(1)
    before = store.evidence(1)
    session.document.apply(set_calibration(session.study, 1, 14.0))
    with qtbot.waitSignal(store.evidence_ready):
        assert store.evidence(1) is None
    assert store.evidence(1).frame.work_per_px == pytest.approx(2.0)
    session.document.undo()
    assert store.evidence(1) is before


def test_evidence_that_cannot_be_made_is_not_tried_for_ever(store, monkeypatch, qtbot, caplog):
    tried = []

    def fail(*_):
        tried.append(1)
        raise ValueError("no skin")

    monkeypatch.setattr(module, "_prepared", fail)
    store.evidence(1)
    assert not store.is_prepared(1)
    with qtbot.waitSignal(store.evidence_ready):
        pass
    assert "no evidence could be made of an image" in caplog.messages
    assert store.is_prepared(1)
    for _ in range(3):
        assert store.evidence(1) is None
        qtbot.wait(20)
    assert tried == [1]


def test_no_thread_is_left_behind(workspace, qtbot):
    before = set(threading.enumerate())
    store = PixelStore(workspace)
    fetch(store, 1, qtbot)
    store.evidence(1)
    assert set(threading.enumerate()) > before
    store.shutdown()
    assert set(threading.enumerate()) == before


def test_a_decoder_that_crashes_takes_nothing_with_it(store, monkeypatch, qtbot):
    with monkeypatch.context() as patch:
        patch.setattr(loading, "TASK", "tests.workstation.isolation.bad_tasks:crash")
        with qtbot.waitSignal(store.failed) as failed:
            store.pixels(1)
    assert failed.args[0] == 1
    assert failed.args[1].what == "the decoder crashed over the image"
    with qtbot.waitSignal(store.loaded):
        store.retry(1)
    assert store.pixels(1).shape == (HEIGHT_PX, WIDTH_PX, 3)
