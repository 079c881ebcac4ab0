import os

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from ui import theme
from ui.dialogs.manifest_model import MARK
from ui.dialogs.manifest_preview import ManifestDialog

HEADER = "subject,visit,site,image,date,device\n"
GOOD = HEADER + "S01,baseline,vertex,a.png,2026-03-02,HairMetrix\nS01,week 12,vertex,b.png,2026-05-25,HairMetrix\n"
BAD = HEADER + "S01,baseline,vertex,a.png,2.3.2026,HairMetrix\nS01,week 12,,gone.png,2026-05-25,Foto 9\n"


@pytest.fixture
def table(tmp_path):
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"not looked into")
    return tmp_path / "visits.csv"


@pytest.fixture
def shown(qtbot, background, table):
    def show(text):
        table.write_text(text)
        dialog = ManifestDialog(table, background)
        qtbot.addWidget(dialog)
        dialog.show()
        settle(dialog, qtbot)
        return dialog

    return show


def settle(dialog, qtbot):
    qtbot.waitUntil(lambda: verdict(dialog) not in ("", "Reading …"))


def verdict(dialog):
    return dialog.findChild(QLabel, "manifest.verdict").text().replace("\xa0", " ")


def create(dialog):
    return dialog.findChild(QPushButton, "dialog.manifest.create_study")


def cell(dialog, row, column):
    names = [dialog.model.headerData(c, Qt.Orientation.Horizontal) for c in range(dialog.model.columnCount())]
    return dialog.model.index(row, names.index(column))


def said(dialog):
    return [dialog.said.item(row).text() for row in range(dialog.said.count())]


def test_a_good_table_makes_a_study_beside_it(shown, qtbot, table):
    dialog = shown(GOOD)
    assert verdict(dialog) == "2 images of 1 subject at 2 visits, all of them found."
    assert dialog.path == table.with_suffix(".h5")
    assert not dialog.said.isVisible()
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(create(dialog), Qt.MouseButton.LeftButton)
    assert [(row.subject, row.visit, row.image.name) for row in dialog.rows] == [
        ("S01", "baseline", "a.png"),
        ("S01", "week 12", "b.png"),
    ]


def test_each_bad_cell_is_marked_and_named(shown):
    dialog = shown(BAD)
    assert not create(dialog).isEnabled()
    assert dialog.rows == ()
    assert verdict(dialog) == "3 faults, 1 image not found. Mend the table, save it, and read it again."
    assert [cell(dialog, r, c).data(MARK) for r, c in ((0, "date"), (1, "site"), (1, "image"), (0, "image"))] == [
        "danger", "danger", "danger", "",
    ]  # fmt: skip
    assert "is not a date" in cell(dialog, 0, "date").data(Qt.ItemDataRole.ToolTipRole)
    assert said(dialog) == [
        "Line 2, column 'date': '2.3.2026' is not a date: write it as year-month-day, 2026-03-31",
        "Line 3, column 'image': 'gone.png' does not exist",
        "Line 3, column 'site': is empty",
    ]


def test_an_image_that_is_named_twice_is_not_told_as_missing(shown):
    dialog = shown(GOOD.replace("b.png", "a.png"))
    assert said(dialog) == ["Line 3, column 'image': 'a.png' is already named in line 2"]
    assert verdict(dialog) == "1 fault. Mend the table, save it, and read it again."


def test_what_may_be_a_slip_is_marked_and_stands_not_in_the_way(shown):
    dialog = shown(GOOD.replace("2026-05-25,HairMetrix", "2026-05-25,Foto 9"))
    assert create(dialog).isEnabled()
    assert verdict(dialog).endswith("2 warnings: nothing stands in the way.")
    assert cell(dialog, 1, "device").data(MARK) == "warn"
    assert any("is not known" in text for text in said(dialog))


def test_a_fault_leads_to_its_cell(shown):
    dialog = shown(BAD)
    dialog.said.setCurrentRow(1)
    current = dialog.table.currentIndex()
    assert (current.row(), dialog.model.headerData(current.column(), Qt.Orientation.Horizontal)) == (1, "image")


def test_after_mending_it_is_read_again(shown, qtbot, table):
    dialog = shown(BAD)
    table.write_text(GOOD)
    qtbot.keyClick(dialog, Qt.Key.Key_F5)
    qtbot.waitUntil(create(dialog).isEnabled)
    assert len(dialog.rows) == 2
    assert said(dialog) == []


def test_who_comes_back_from_the_editor_sees_the_mended_table(shown, qtbot, table):
    dialog = shown(BAD)
    table.write_text(GOOD)
    os.utime(table, (1, 1))
    QApplication.sendEvent(dialog, QEvent(QEvent.Type.WindowActivate))
    qtbot.waitUntil(create(dialog).isEnabled)


def test_what_is_no_table_is_said_and_can_be_mended(shown, qtbot, table):
    dialog = shown("name,age\nAnna,3\n")
    assert verdict(dialog).startswith("Line 1 is not the header of a manifest: it lacks 'subject'")
    assert dialog.model.rowCount() == 0
    assert not create(dialog).isEnabled()
    table.write_text(GOOD)
    dialog.read_again()
    qtbot.waitUntil(create(dialog).isEnabled)


def test_the_place_must_be_free(shown, qtbot, table):
    dialog = shown(GOOD)
    dialog.findChild(QLineEdit, "manifest.path").setText(str(table.parent / "a.png"))
    assert verdict(dialog) == "There is a file a.png already; choose another name."
    assert not create(dialog).isEnabled()


def test_the_editor_is_the_systems(shown, qtbot, table, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    qtbot.mouseClick(shown(BAD).findChild(QPushButton, "manifest.edit"), Qt.MouseButton.LeftButton)
    assert opened == [str(table)]


def test_faults_are_framed_in_both_themes(shown, qapp):
    dialog = shown(BAD)
    try:
        for choice in ("dark", "light"):
            now = theme.apply_theme(qapp, choice)
            rect = dialog.table.visualRect(cell(dialog, 1, "site"))
            picture = dialog.table.viewport().grab(rect).toImage()
            edge = [{picture.pixelColor(x, y).name() for x in range(4, picture.width() - 4)} for y in range(3)]
            assert {now.danger} in edge
    finally:
        theme.apply_theme(qapp, "dark")
