"""Landmarks in the whole window, with the real registration, where that finds nothing by itself."""

import hashlib
import math
import threading
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

import ui.matching.registrar as registrar_module
from analysis.registration.result import Verdict
from tests.workstation.small_study import TEN_UM, make_hair, make_image, make_read, make_study
from workstation.edits import delete_hairs
from workstation.model.field import Field
from workstation.pairing import pair_between
from workstation.session import create_study
from workstation.storage.reader import read_study

SIZE_PX = 1000, 800
TURN_RAD = 1.5
"""No camera is held like that."""
LEFT = Qt.MouseButton.LeftButton


def turned(points_px):
    """Where the later image, taken upright instead of across, shows places of the earlier one."""
    c, s = math.cos(TURN_RAD), math.sin(TURN_RAD)
    return np.asarray(points_px) @ np.array([[c, s], [-s, c]]) + (850.0, -50.0)


def units_px():
    """Sixteen places, irregular, far enough apart; all of them in both images."""
    random, found = np.random.default_rng(1), []
    while len(found) < 16:
        place = random.uniform((120, 60), (760, 700))
        if all(np.hypot(*(place - other)) > 60 for other in found):
            found.append(place)
    return np.array(found)


def read_of(image_id, places_px):
    hairs = [make_hair(100 + k, k + 1, [place, np.add(place, (5, 30))]) for k, place in enumerate(places_px)]
    return make_read(hairs, id_=image_id, image_id=image_id, field=Field.whole_image(*SIZE_PX))


@pytest.fixture
def askew(window, tmp_path, qtbot):
    """The window with two visits side by side, the later one turned by a quarter and a little."""
    images = []
    for image_id in (1, 2):
        data = cv2.imencode(".png", np.full((SIZE_PX[1], SIZE_PX[0], 3), 140, np.uint8))[1].tobytes()
        sha256 = hashlib.sha256(data).hexdigest()
        record = make_image(image_id, image_id, f"{image_id}.png", calibration=TEN_UM)
        images.append(replace(record, width_px=SIZE_PX[0], height_px=SIZE_PX[1], sha256=sha256))
        (tmp_path / record.path).parent.mkdir(exist_ok=True)
        (tmp_path / record.path).write_bytes(data)
    places = units_px()
    reads = [read_of(1, places), read_of(2, turned(places) + np.random.default_rng(2).normal(0, 1.5, places.shape))]
    create_study(tmp_path / "askew.h5", make_study(reads, images), user="Ada")
    window.begin(tmp_path / "askew.h5")
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    window.workspace.set_shown((1, 2))
    qtbot.waitUntil(lambda: all(view.ready for view in window.comparison.views.values()))
    return window


def result(window):
    return pair_between(window.workspace.study, 1, 2).registration.result


def click(window, qtbot, image_id, place_px):
    view = window.comparison.view_of(image_id)
    x, y = view.viewport.to_view(place_px).tolist()
    at = QPoint(round(x), round(y))
    qtbot.mouseMove(view, at)
    qtbot.mouseClick(view, LEFT, pos=at)


def test_two_landmarks_register_what_could_not_be(askew, qtbot):
    registrar, tools = askew.desk.registrar, askew.desk.tools
    askew.actions_["visits.register"].trigger()
    qtbot.waitUntil(lambda: not registrar.running, timeout=20_000)
    assert result(askew).verdict is Verdict.FAILED

    qtbot.keyClick(askew.comparison.view_of(1), Qt.Key.Key_I)
    assert tools.current.name == "landmarks"
    assert tools.current.hint.startswith("Failed: ")
    for n, place_px in enumerate(units_px()[[0, 7]], start=1):
        click(askew, qtbot, 1, place_px)
        click(askew, qtbot, 2, turned(place_px))
        qtbot.waitUntil(lambda n=n: len(tools.current.marks(2)) == n and not registrar.running, timeout=20_000)
    # whether so large a turn is good or to be checked is for the registration to say
    assert result(askew).verdict is not Verdict.FAILED
    found_px = result(askew).warp.to_followup(units_px())
    assert np.hypot(*(found_px - turned(units_px())).T).max() < 6.0  # 60 µm
    fit = f"{result(askew).verdict.capitalize()}: {result(askew).residual_um:.0f} µm apart, 2 landmarks"
    assert tools.current.hint.split(" · ")[0] == fit

    for _ in range(2):
        askew.workspace.undo()
    assert result(askew).verdict is Verdict.FAILED
    assert tools.current.marks(1) == []


@pytest.fixture
def endless(monkeypatch):
    """Registering goes on until it is stopped."""

    def register_pair(_study, _ids, report):
        while True:
            report("searching", 0.1)
            threading.Event().wait(0.005)

    monkeypatch.setattr(registrar_module, "register_pair", register_pair)


def place_landmark(window, qtbot, place_px):
    window.workspace.set_tool("landmarks")
    click(window, qtbot, 1, place_px)
    click(window, qtbot, 2, turned(place_px))


@pytest.mark.parametrize("closing", ["the study", "the window"])
def test_a_landmark_whose_registration_is_under_way_is_in_the_file_when_it_closes(
    askew, qtbot, tmp_path, endless, closing
):
    place_landmark(askew, qtbot, units_px()[0])
    assert askew.desk.registrar.running
    if closing == "the study":
        askew.actions_["file.close"].trigger()
        qtbot.waitUntil(lambda: askew.workspace.session is None)
    else:
        askew.close()
        qtbot.waitUntil(lambda: not askew.isVisible())
    assert len(pair_between(read_study(tmp_path / "askew.h5").study, 1, 2).landmarks) == 1


def test_undo_takes_back_the_landmark_whose_registration_is_under_way_and_no_more(askew, qtbot, endless):
    undo, tools, registrar = askew.actions_["edit.undo"], askew.desk.tools, askew.desk.registrar
    askew.workspace.commit(1, lambda read: delete_hairs(read, [100]))
    for place_px in units_px()[[0, 7]]:
        place_landmark(askew, qtbot, place_px)
    for n_left in (1, 0):
        assert undo.text() == "Undo place landmark"
        undo.trigger()
        assert len(tools.current.marks(1)) == n_left
        assert registrar.running is (n_left > 0)
    assert undo.text() == "Undo delete hairs"
    assert 100 not in askew.workspace.read(1).hairs
    undo.trigger()
    assert 100 in askew.workspace.read(1).hairs
    assert not undo.isEnabled()
