import shutil
from importlib import resources

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton

from tests.workstation.small_study import make_study
from ui.dialogs.image_looks import look_at, scale_text
from ui.dialogs.new_study import NewStudyDialog, usual_path
from ui.free_paths import fault_of_path
from workstation.settings import Settings

SUBJECT, VISIT, SITE, DATE = 1, 2, 3, 4


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "trial"
    folder.mkdir()
    picture = np.full((64, 96, 3), (10, 80, 200), np.uint8)
    paths = [folder / f"S0{n}_baseline.png" for n in (1, 2, 3)]
    for path in paths:
        cv2.imwrite(str(path), picture)
    return paths


@pytest.fixture
def shown(qtbot, background):
    def show(images, **more):
        dialog = NewStudyDialog(images, Settings(), background, **more)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: all(dialog.model.look(r.path) for r in dialog.model.rows))
        return dialog

    return show


def make(dialog):
    names = ("dialog.new_study.make_study", "dialog.new_study.add")
    return next(b for name in names if (b := dialog.findChild(QPushButton, name)) is not None)


def verdict(dialog):
    return dialog.findChild(QLabel, "new_study.verdict").text()


def select(dialog, rows, column):
    chosen = QItemSelection()
    for row in rows:
        index = dialog.model.index(row, column)
        chosen.select(index, index)
    dialog.table.setCurrentIndex(dialog.model.index(rows[0], column))
    dialog.table.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def type_into(dialog, qtbot, text):
    qtbot.keyClick(dialog.table, Qt.Key.Key_F2)
    line = dialog.table.findChild(QLineEdit)
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.table.findChild(QLineEdit) is None)


def column(dialog, name):
    return [row.value(name) for row in dialog.model.rows]


def click(dialog, name, qtbot):
    qtbot.mouseClick(dialog.findChild(QPushButton, f"new_study.{name}"), Qt.MouseButton.LeftButton)


def test_named_images_need_nothing_typed(shown, images, qtbot):
    dialog = shown(images)
    assert [(r.subject, r.visit) for r in dialog.rows] == [(f"S0{n}", "baseline") for n in (1, 2, 3)]
    assert dialog.path == images[0].parent / "trial.h5"
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(make(dialog), Qt.MouseButton.LeftButton)


def test_what_is_typed_goes_into_all_selected_cells(shown, images, qtbot):
    dialog = shown(images)
    select(dialog, [0, 2], SITE)
    type_into(dialog, qtbot, "crown")
    assert column(dialog, "site") == ["crown", "scalp", "crown"]


def test_typing_into_one_cell_changes_that_one(shown, images, qtbot):
    dialog = shown(images)
    select(dialog, [1], VISIT)
    type_into(dialog, qtbot, "week 12")
    assert column(dialog, "visit") == ["baseline", "week 12", "baseline"]
    assert dialog.model.index(1, 5).data() == "12"


def test_a_column_is_filled_down(shown, images, qtbot):
    dialog = shown(images)
    dialog.model.set_cells({(0, "date"): "2026-02-03"})
    select(dialog, [0, 1, 2], DATE)
    qtbot.keyClick(dialog.table, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert column(dialog, "date") == ["2026-02-03"] * 3
    dialog.model.set_cells({(0, "site"): "nape"})
    select(dialog, [1], SITE)
    click(dialog, "fill", qtbot)
    assert column(dialog, "site") == ["nape", "nape", "scalp"]


def test_cells_are_copied_pasted_and_cleared(shown, images, qtbot):
    dialog = shown(images)
    QGuiApplication.clipboard().setText("P1\tbaseline\tvertex\t2026-01-01\nP2\tweek 4\tnape\t2026-01-29\n")
    select(dialog, [1], SUBJECT)
    qtbot.keyClick(dialog.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert column(dialog, "subject") == ["S01", "P1", "P2"]
    assert column(dialog, "date") == ["", "2026-01-01", "2026-01-29"]
    select(dialog, [1, 2], VISIT)
    qtbot.keyClick(dialog.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "baseline\nweek 4"
    qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)
    assert column(dialog, "visit") == ["baseline", "", ""]
    assert not make(dialog).isEnabled()


def test_one_pasted_value_fills_the_selection(shown, images, qtbot):
    dialog = shown(images)
    QGuiApplication.clipboard().setText("vertex")
    select(dialog, [0, 1, 2], SITE)
    qtbot.keyClick(dialog.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert column(dialog, "site") == ["vertex"] * 3


def test_a_faulty_cell_is_named_and_marked(shown, images):
    dialog = shown(images)
    dialog.model.set_cells({(1, "date"): "3.2.26"})
    assert verdict(dialog).startswith("Row 2, date: “3.2.26” is not a date")
    assert not make(dialog).isEnabled()
    cell = dialog.model.index(1, DATE)
    assert "is not a date" in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert "is not a date" in cell.data(Qt.ItemDataRole.AccessibleDescriptionRole)
    dialog.model.set_cells({(1, "date"): "2026-02-03"})
    assert make(dialog).isEnabled()


def test_a_damaged_image_is_named_and_can_be_left_out(shown, images, qtbot):
    images[1].write_bytes(images[1].read_bytes()[:90])
    dialog = shown(images)
    assert verdict(dialog).startswith("Row 2, S02_baseline.png: ")
    assert not make(dialog).isEnabled()
    select(dialog, [1], SUBJECT)
    click(dialog, "remove", qtbot)
    assert [row.image.name for row in dialog.rows] == ["S01_baseline.png", "S03_baseline.png"]
    assert make(dialog).isEnabled()


def test_no_image_is_no_study(shown, images, qtbot):
    dialog = shown(images)
    select(dialog, [0, 1, 2], SUBJECT)
    click(dialog, "remove", qtbot)
    assert verdict(dialog) == "There is no image in the table."
    assert not make(dialog).isEnabled()


def test_more_images_are_added_once(shown, images, qtbot, monkeypatch):
    dialog = shown(images[:2])
    chosen = [str(path) for path in images[1:]]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (chosen, ""))
    click(dialog, "more", qtbot)
    assert [row.image for row in dialog.rows] == images
    qtbot.waitUntil(lambda: dialog.model.look(images[2]) is not None)


def test_images_join_an_open_study(shown, images):
    dialog = shown(images[:1], study=make_study())
    assert dialog.findChild(QLineEdit, "new_study.path") is None
    dialog.model.set_cells({(0, "date"): "2026-02-04"})
    assert "2026-02-03" in verdict(dialog)
    assert not make(dialog).isEnabled()
    assert dialog.windowTitle() == "Add images"


def test_missing_scales_are_told_and_a_camera_gives_one(shown, images):
    dialog = shown(images)
    assert verdict(dialog).startswith("3 images have no scale")
    dialog.model.set_cells({(row, "um_per_px"): "10" for row in range(3)})
    assert verdict(dialog) == ""


def test_where_a_scale_comes_from_is_shown(tmp_path):
    with resources.as_file(resources.files("resources") / "demo" / "baseline.jpg") as file:
        shutil.copy(file, tmp_path / "a.jpg")
    look = look_at(tmp_path / "a.jpg", 150)
    assert max(look.thumbnail.shape) == 96
    assert scale_text("", "", look) == "none"
    assert scale_text("5.3", "", look) == ""
    assert look_at(tmp_path / "gone.jpg", 150).problem == "there is no such file"
    assert "limit is 1" in look_at(tmp_path / "a.jpg", 1).problem


def test_a_place_that_cannot_be_is_told(shown, images, tmp_path):
    dialog = shown(images)
    line = dialog.findChild(QLineEdit, "new_study.path")
    taken = tmp_path / "trial" / "taken.h5"
    taken.touch()
    line.setText(str(taken))
    assert verdict(dialog) == "There is a file taken.h5 already; choose another name."
    assert line.property("faulty") is True
    line.setText(str(tmp_path / "nowhere" / "a.h5"))
    assert verdict(dialog) == f"There is no folder {tmp_path / 'nowhere'}."
    line.setText("")
    assert verdict(dialog) == "Name the study file."
    line.setText(str(tmp_path / "fine"))
    assert dialog.path == tmp_path / "fine.h5"
    assert make(dialog).isEnabled()
    assert fault_of_path(tmp_path / ("x" * 5000), "x") != ""


def test_the_usual_place_is_beside_the_images_and_free(images):
    folder = images[0].parent
    assert usual_path(images, Settings()) == folder / "trial.h5"
    (folder / "trial.h5").touch()
    assert usual_path(images, Settings()) == folder / "trial 2.h5"


def test_nobody_looks_on_when_the_dialog_is_gone(images, background, qtbot):
    dialog = NewStudyDialog(images, Settings(), background)
    qtbot.addWidget(dialog)
    dialog.reject()
    assert not background.busy
