import threading
from dataclasses import replace

import pytest

from tests.ui.detecting.steps import (
    GUESS_NOTE,
    GUESSED_UM,
    hairs_found,
)
from tests.ui.test_detection import Threads
from ui import detection_trial


@pytest.fixture
def window(window, monkeypatch):
    """What the window detects it detects in threads."""
    pool = Threads()
    monkeypatch.setattr(window.desk.detection.trials, "_pool", pool)
    monkeypatch.setattr(window.desk.detection, "_pool", pool)
    return window


@pytest.fixture
def first(opened, qtbot):
    """The window with one image shown, which has the keyboard."""
    opened.workspace.set_shown((1,))
    view = opened.comparison.active_view
    qtbot.waitUntil(lambda: view.ready)
    opened.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    return opened


@pytest.fixture
def asked(monkeypatch):
    """Stands in for the detection: what it was asked, each answered when it is told to."""
    asked = []

    class Asked:
        def __init__(self, pixels, um_per_px, parameters):
            self.pixels, self.um_per_px, self.parameters = pixels, um_per_px, parameters
            self.answer, self.cancelled = threading.Event(), False

    def detect_pixels(pixels, um_per_px, parameters, report):
        one = Asked(pixels, um_per_px, parameters)
        asked.append(one)
        while not one.answer.wait(0.005):
            try:
                report("tracing hairs", 0.5)
            except Exception:
                one.cancelled = True
                raise
        found = hairs_found(round(100 * parameters.sensitivity), parameters)
        return found if um_per_px else replace(found, um_per_px=GUESSED_UM, notes=(GUESS_NOTE,))

    monkeypatch.setattr(detection_trial, "detect_pixels", detect_pixels)
    yield asked
    for one in asked:
        one.answer.set()
