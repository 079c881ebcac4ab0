import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QLabel

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from ui import theme
from ui.background import Background
from ui.panels.width_chart import HEIGHT_PX, WidthChart, series_of, summary
from ui.workspace import Workspace
from workstation import edits
from workstation.model.hair import Status
from workstation.model.study import WidthCutoffs
from workstation.pictures.histogram import WidthSeries
from workstation.settings import Settings


@pytest.fixture
def background(qapp):
    background = Background()
    yield background
    background.shutdown()


@pytest.fixture
def chart(workspace, background, show, qtbot):
    chart = show(WidthChart(workspace, background))
    qtbot.waitUntil(lambda: not chart.picture.image.isNull(), timeout=20000)
    return chart


def redrawn(chart, qtbot):
    """Wait for another picture than the present one."""
    before = chart.picture.image.cacheKey()
    qtbot.waitUntil(lambda: chart.picture.image.cacheKey() != before, timeout=20000)


def test_widths_are_drawn_as_large_as_the_panel_and_told_in_words(chart):
    ratio = chart.devicePixelRatioF()
    assert chart.picture.image.deviceIndependentSize().toSize().height() == HEIGHT_PX
    assert chart.picture.image.width() == round((344 - 16) * ratio)
    assert chart.picture.accessibleDescription() == (
        "baseline: 3\u00a0hairs, 90.0 ± 0.0\u00a0µm; 0 vellus, 0 intermediate, 3 terminal\n"
        "week 12: 3\u00a0hairs, 90.0 ± 0.0\u00a0µm; 0 vellus, 0 intermediate, 3 terminal"
    )


def test_it_follows_edits_once_they_pause(chart, workspace, qtbot):
    for width_px in (2.0, 2.5, 2.9):
        workspace.commit(1, lambda read, px=width_px: edits.set_width(read, [1], px))
    workspace.commit(1, lambda read: edits.set_status(read, [3], Status.REJECTED))
    redrawn(chart, qtbot)
    assert chart.picture.accessibleDescription().startswith(
        "baseline: 2\u00a0hairs, 59.5 ± 43.1\u00a0µm; 1 vellus, 0 intermediate, 1 terminal"
    )


def test_what_changes_nothing_draws_nothing(chart, workspace, qtbot, monkeypatch):
    monkeypatch.setattr(chart._background, "submit", lambda *_, **__: pytest.fail("drawn again"))
    workspace.set_active(2)
    workspace.shown_changed.emit()
    chart.refresh_now()


def test_it_has_the_colours_of_the_theme(chart, qtbot):
    app = QApplication.instance()
    try:
        for choice in ("light", "dark"):
            theme.apply_theme(app, choice)
            redrawn(chart, qtbot)
            assert chart.picture.image.pixelColor(0, 0).name() == theme.current().window
    finally:
        app.setStyleSheet("")


def test_with_three_visits_the_first_and_the_last_are_drawn(chart, workspace, qtbot):
    workspace.set_shown([2])
    redrawn(chart, qtbot)
    assert chart.picture.accessibleDescription().startswith("week 12: 3")
    assert "\n" not in chart.picture.accessibleDescription()


def test_without_a_scale_it_says_what_is_missing(chart, workspace, qtbot):
    for image_id in (1, 2):
        workspace.commit_study(lambda study, i=image_id: edits.set_calibration(study, i, None))
    chart.refresh_now()
    assert not chart.picture.isVisible()
    assert chart.findChild(QLabel, "width_note").text() == (
        "Without a scale no width in µm is known. Ctrl+M sets the scale."
    )


def test_with_nothing_open_it_says_what_will_stand_there(background, show):
    chart = show(WidthChart(Workspace(Settings()), background))
    assert not chart.picture.isVisible()
    assert chart.findChild(QLabel, "width_note").text() == "The widths of the hairs shown stand here."


def test_only_counted_hairs_are_in_it():
    hairs = [
        make_hair(1, 7, [[100, 100], [100, 140]], 4.0),
        make_hair(2, 7, [[110, 100], [110, 140]], 5.0, status=Status.REJECTED),
        make_hair(3, None, [[0, 100], [50, 140]], 6.0),
    ]
    study = make_study([make_read(hairs)])
    series = series_of("baseline", make_image(), study.reads[1])
    assert series.width_um.tolist() == [40.0]
    assert series.field_cm2 == pytest.approx(1.0)


def test_words_for_a_single_hair_and_for_none():
    cutoffs = WidthCutoffs()
    assert summary(WidthSeries("a", np.array([30.0, np.nan])), cutoffs) == (
        "a: 1\u00a0hair, 30.0\u00a0µm; 0 vellus, 1 intermediate, 0 terminal"
    )
    assert summary(WidthSeries("a", np.array([np.nan])), cutoffs) == "a: no hair has a width"


def test_starting_does_not_wait_for_matplotlib():
    code = "import sys, ui.panels.width_chart; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
