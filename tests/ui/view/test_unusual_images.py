"""Images without a read, without hairs, without a scale, without a file; many of them side by side."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt

from tests.ui.small_session import READER, make_small_study, small_study
from tests.ui.view.conftest import pixels_shown
from tests.workstation.small_study import make_hair, make_read, make_study
from ui.background import Background
from ui.pixels import PixelStore
from ui.tools import TOOLS
from ui.tools.host import ToolHost
from ui.view.comparison import ComparisonView
from ui.workspace import Workspace
from workstation.model.study import Visit
from workstation.session import create_study, open_study
from workstation.settings import Settings


@pytest.fixture
def unusual(tmp_path):
    """Images 1 without a read, 2 without hairs or scale, 3 with one hair and no scale, 4 whose file is missing."""
    make_small_study(tmp_path, "as it is usual.h5")
    first = small_study([])
    with open_study(tmp_path / "as it is usual.h5", READER) as session:
        records = list(session.study.images.values())
    images = [
        records[0],
        replace(records[1], calibration=None),
        replace(records[1], id=3, calibration=None),
        replace(records[1], id=4, path="study.images/gone.png"),
    ]
    reads = [
        make_read([], id_=1, image_id=2, reader=READER, field=next(iter(first.reads.values())).field),
        make_read([make_hair(1, 9, [[50, 50], [90, 90]])], id_=2, image_id=3, reader=READER),
    ]
    path = tmp_path / "unusual.h5"
    study = make_study(reads, images, [Visit(1, "S01", "baseline", 0.0), Visit(2, "S01", "week 12", 12.0)])
    create_study(path, replace(study, id="7" * 8 + study.id[8:]), user="Ada")
    with open_study(path, READER) as session:
        yield session


@pytest.fixture
def views(qtbot, unusual):
    workspace = Workspace(Settings(reader=READER))
    pixels, background = PixelStore(workspace), Background()
    comparison = ComparisonView(workspace, pixels, ToolHost(workspace, pixels, TOOLS), background)
    qtbot.addWidget(comparison)
    comparison.resize(1200, 400)
    comparison.show()
    workspace.set_session(unusual, (1, 2, 3, 4))
    qtbot.waitUntil(lambda: all(view.ready or view.failed for view in comparison.views.values()))
    yield comparison.views
    workspace.set_session(None)
    pixels.shutdown()
    background.shutdown()


def test_four_views_stand_side_by_side(views):
    places = [view.parentWidget().x() for view in views.values()]
    assert places == sorted(places)
    assert len(set(places)) == 4


def test_without_read_hairs_or_scale_the_image_is_shown_all_the_same(views, qtbot):
    for image_id in (1, 2, 3):
        view = views[image_id]
        assert np.ptp(pixels_shown(view)) > 100
        qtbot.mouseMove(view, view.rect().center())
        assert view.workspace.cursor.image_id == image_id
    assert views[1].workspace.read(1) is None
    assert views[3].drawing.geometry.hairs[1].width_class is None


def test_without_a_scale_linked_views_move_as_far_on_the_screen(views):
    first, second = views[1], views[2]
    before = second.viewport
    scale = first.viewport.scale
    first.zoom_by(3.0, (50.0, 60.0))
    assert first.viewport.scale == pytest.approx(3 * scale)
    assert second.viewport.scale == pytest.approx(3 * before.scale)


def test_a_missing_file_is_told_in_its_view_and_can_be_tried_again(views, qtbot, unusual):
    view = views[4]
    assert view.failed
    assert not view.ready
    assert np.ptp(pixels_shown(view)) > 100  # words
    assert view._words()[0] == "gone.png: there is no such file."
    done, encoded = cv2.imencode(".png", np.zeros((3, 3, 3), np.uint8))
    assert done
    (unusual.path.parent / "study.images" / "gone.png").write_bytes(encoded.tobytes())
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Return)  # another image than was imported: still refused, anew
    qtbot.waitUntil(lambda: view.failed)
    source = unusual.path.parent / unusual.study.images[2].path
    (unusual.path.parent / "study.images" / "gone.png").write_bytes(source.read_bytes())
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.ready)
    assert not view.failed


def test_nothing_can_be_pointed_at_where_there_is_no_image(views, qtbot):
    view = views[4]
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.rect().center())
    qtbot.keyClick(view, Qt.Key.Key_Right)
    cursor = view.workspace.cursor
    assert cursor is None or cursor.image_id != 4
