from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from ui.panels.hair_rows import Show
from ui.panels.tables import HairTable, UnitTable
from ui.workspace import Workspace
from workstation import edits
from workstation.entry import Selection
from workstation.model.hair import Status
from workstation.session import create_study, open_study
from workstation.settings import Settings

HAIR, UNIT, WIDTH, LENGTH, CLASS, CONFIDENCE, VERDICT, ORIGIN, ROOT, COMMENT = range(10)


@pytest.fixture
def hairs(workspace, show):
    return show(HairTable(workspace))


@pytest.fixture
def units(workspace, show):
    return show(UnitTable(workspace))


def row(table, number):
    return [table.model.index(number, column).data() for column in range(table.model.columnCount())]


def shown(table):
    return table.model.ids.tolist()


def selected(table):
    return set(table.model.ids[table.view.selected_rows()].tolist())


def reject(workspace, *hair_ids, image_id=1):
    workspace.commit(image_id, lambda read: edits.set_status(read, hair_ids, Status.REJECTED))


def test_hairs_are_listed_with_all_that_is_known_of_them(hairs):
    titles = [hairs.model.headerData(c, Qt.Orientation.Horizontal) for c in range(10)]
    assert titles == [
        "Hair", "Unit", "Width\nµm", "Length\nmm", "Class", "Conf.", "Verdict", "Origin", "Root", "Comment",
    ]  # fmt: skip
    assert row(hairs, 2) == ["3", "12", "90.0", "0.56", "terminal", "0.30", "not reviewed", "detected", "in", ""]
    assert row(hairs, 3)[UNIT] == "—"
    assert row(hairs, 3)[ROOT] == "outside"
    assert hairs.findChild(QLabel, "hair_count").text() == "4\u00a0hairs"


def test_units_are_listed(units):
    assert row(units, 0) == ["11", "2", "90.0", "1.200", ""]
    assert row(units, 1) == ["12", "1", "90.0", "1.200", ""]


def test_an_edit_and_its_undo_show_in_the_row(hairs, units, workspace, qtbot):
    workspace.commit(1, lambda read: edits.set_width(read, [2], 6.0))
    workspace.commit(1, lambda read: edits.comment_hairs(read, [2], "thin\nand grey"))
    qtbot.waitUntil(lambda: row(hairs, 1)[WIDTH] == "60.0", timeout=2000)
    units.refresh_now()
    assert row(hairs, 1)[ORIGIN] == "mended"
    assert row(hairs, 1)[COMMENT] == "thin and grey"
    assert row(units, 0)[2] == "75.0"
    workspace.undo()
    workspace.undo()
    hairs.refresh_now()
    assert row(hairs, 1) == ["2", "11", "90.0", "0.56", "terminal", "0.90", "not reviewed", "detected", "in", ""]


def test_hairs_come_and_go(hairs, units, workspace):
    workspace.commit(1, lambda read: edits.delete_hairs(read, [3]))
    workspace.commit(1, lambda read: edits.add_hair(read, [[200, 200], [220, 210]]))
    hairs.refresh_now()
    units.refresh_now()
    assert shown(hairs) == [1, 2, 4, 13]
    assert row(hairs, 3)[WIDTH] == "—"
    assert row(hairs, 3)[ORIGIN] == "added"
    assert shown(units) == [11, 14]


def test_only_changed_rows_are_told_of(hairs, workspace, qtbot):
    told = []
    hairs.model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    hairs.model.modelReset.connect(lambda: told.append("all"))
    reject(workspace, 2)
    hairs.refresh_now()
    assert told == [(1, 1)]


def test_it_is_sorted_by_any_column(hairs, workspace, qtbot):
    workspace.commit(1, lambda read: edits.set_width(read, [1], 2.0))
    workspace.commit(1, lambda read: edits.set_width(read, [4], 10.0))
    hairs.refresh_now()
    hairs.view.sortByColumn(WIDTH, Qt.SortOrder.DescendingOrder)
    assert shown(hairs) == [4, 2, 3, 1]
    hairs.view.sortByColumn(CONFIDENCE, Qt.SortOrder.AscendingOrder)
    assert shown(hairs) == [3, 1, 2, 4]
    hairs.view.sortByColumn(UNIT, Qt.SortOrder.DescendingOrder)
    assert shown(hairs) == [3, 1, 2, 4]  # hair 4 has no unit
    hairs.view.sortByColumn(CLASS, Qt.SortOrder.AscendingOrder)
    assert shown(hairs)[0] == 1


def test_a_click_on_a_title_sorts(hairs, workspace, qtbot):
    header = hairs.view.horizontalHeader()
    x = header.sectionViewportPosition(HAIR) + 10
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=header.rect().center().__class__(x, 8))
    assert shown(hairs) == [4, 3, 2, 1]


def test_sorting_follows_an_edit(hairs, workspace):
    hairs.view.sortByColumn(WIDTH, Qt.SortOrder.AscendingOrder)
    workspace.commit(1, lambda read: edits.set_width(read, [4], 2.0))
    hairs.refresh_now()
    assert shown(hairs) == [4, 1, 2, 3]


@pytest.mark.parametrize(
    ("show_kind", "expected"),
    [
        (Show.ALL, [1, 2, 3, 4]),
        (Show.DOUBTFUL, [3]),
        (Show.UNREVIEWED, [3, 4]),
        (Show.REJECTED, [1]),
        (Show.ACCEPTED, [2]),
        (Show.BY_HAND, [2]),
        (Show.COMMENTED, [4]),
    ],
)
def test_it_is_filtered_by_what_was_done(hairs, workspace, show_kind, expected):
    reject(workspace, 1)
    workspace.commit(1, lambda read: edits.set_width(read, [2], 3.5))
    workspace.commit(1, lambda read: edits.comment_hairs(read, [4], "from outside"))
    hairs.refresh_now()
    hairs.show_box.setCurrentText(str(show_kind))
    assert shown(hairs) == expected


def test_it_is_filtered_by_class_and_text(hairs, workspace, qtbot):
    workspace.commit(1, lambda read: edits.set_width(read, [2], 3.5))
    workspace.commit(1, lambda read: edits.comment_hairs(read, [3], "Grey hair"))
    hairs.refresh_now()
    hairs.class_box.setCurrentText("Intermediate")
    assert shown(hairs) == [2]
    assert hairs.findChild(QLabel, "hair_count").text() == "1 of 4\u00a0hairs"
    hairs.class_box.setCurrentText("Any class")
    for text, expected in (("grey", [3]), ("11", [1, 2]), ("4", [4]), ("nothing", [])):
        hairs.text.setText(text)
        qtbot.waitUntil(lambda expected=expected: shown(hairs) == expected, timeout=2000)


def test_a_filter_holds_through_edits(hairs, workspace):
    hairs.show_box.setCurrentText(str(Show.UNREVIEWED))
    reject(workspace, 1, 2)
    hairs.refresh_now()
    assert shown(hairs) == [3, 4]
    workspace.undo()
    hairs.refresh_now()
    assert shown(hairs) == [1, 2, 3, 4]


def test_units_are_filtered(units, workspace, qtbot):
    workspace.commit(1, lambda read: edits.comment_unit(read, 12, "single"))
    units.refresh_now()
    for text, expected in (("sing", [12]), ("11", [11]), ("", [11, 12])):
        units.text.setText(text)
        qtbot.waitUntil(lambda expected=expected: shown(units) == expected, timeout=2000)


def test_what_is_selected_in_the_image_is_selected_in_the_tables(hairs, units, workspace, qtbot):
    workspace.select(Selection(3, frozenset({1, 3})))
    qtbot.waitUntil(lambda: selected(hairs) == {1, 3}, timeout=2000)
    workspace.select(Selection(3, frozenset(), frozenset({11})))
    hairs.refresh_now()
    units.refresh_now()
    assert selected(hairs) == {1, 2}  # the unit's hairs
    assert selected(units) == {11}
    workspace.select(Selection())
    hairs.refresh_now()
    units.refresh_now()
    assert selected(hairs) == selected(units) == set()


def test_what_is_selected_in_a_table_is_selected_in_the_image(hairs, units, workspace, qtbot):
    hairs.view.sortByColumn(HAIR, Qt.SortOrder.DescendingOrder)
    hairs.view.selectRow(0)
    assert workspace.selection == Selection(3, frozenset({4}))
    hairs.view.selectAll()
    assert workspace.selection.hair_ids == {1, 2, 3, 4}
    units.view.selectRow(1)
    assert workspace.selection == Selection(3, frozenset(), frozenset({12}))
    units.view.clearSelection()
    assert workspace.selection == Selection()


def test_the_selection_survives_sorting_and_edits(hairs, workspace):
    workspace.select(Selection(3, frozenset({2, 3})))
    hairs.refresh_now()
    hairs.view.sortByColumn(WIDTH, Qt.SortOrder.AscendingOrder)
    workspace.commit(1, lambda read: edits.set_width(read, [3], 2.0))
    hairs.refresh_now()
    assert shown(hairs)[0] == 3
    assert selected(hairs) == {2, 3}
    assert workspace.selection.hair_ids == {2, 3}


def test_a_filter_that_hides_selected_hairs_leaves_them_selected(hairs, workspace):
    workspace.select(Selection(3, frozenset({1, 3})))
    hairs.refresh_now()
    hairs.show_box.setCurrentText(str(Show.DOUBTFUL))
    assert selected(hairs) == {3}
    assert workspace.selection.hair_ids == {1, 3}
    hairs.show_box.setCurrentText(str(Show.ALL))
    assert selected(hairs) == {1, 3}


@pytest.mark.parametrize("by", ["double click", "enter"])
def test_opening_a_row_brings_it_into_view(hairs, workspace, qtbot, by):
    with qtbot.waitSignal(workspace.reveal_asked) as asked:
        if by == "enter":
            hairs.view.selectRow(2)
            qtbot.keyClick(hairs.view, Qt.Key.Key_Return)
        else:
            place = hairs.view.visualRect(hairs.model.index(2, 0)).center()
            qtbot.mouseClick(hairs.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
            qtbot.mouseDClick(hairs.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    (wish,) = asked.args
    # hair 3 with 0.4 mm around it
    assert wish.image_id == 1
    assert wish.points_px == ((180.0, 20.0), (310.0, 125.0))


def test_rows_are_copied_with_their_titles(hairs, qtbot):
    hairs.view.selectRow(2)
    qtbot.keyClick(hairs.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    first, second = QGuiApplication.clipboard().text().splitlines()
    assert first.split("\t")[:4] == ["Hair", "Unit", "Width µm", "Length mm"]
    assert second.split("\t")[:4] == ["3", "12", "90.0", "0.56"]


def test_the_tables_follow_the_active_image(hairs, workspace):
    reject(workspace, 1)
    workspace.set_active(2)
    hairs.refresh_now()
    assert row(hairs, 0)[VERDICT] == "not reviewed"


def test_a_selection_elsewhere_is_not_shown_here(hairs, workspace):
    workspace.select(Selection(2, frozenset({1})))
    workspace.set_active(1)
    hairs.refresh_now()
    assert selected(hairs) == set()


def test_an_image_without_hairs_says_so(qapp, show):
    table = show(HairTable(Workspace(Settings())))
    assert not table.view.isVisible()
    assert table.findChild(QLabel, "hair_count").text() == "No image is shown."


def test_without_a_scale_lengths_are_in_pixels(tmp_path: Path, qapp, show):
    read = make_read([make_hair(1, 7, [[100, 100], [100, 140]], 5.0), make_hair(2, 8, [[200, 100], [200, 140]], 5.0)])
    create_study(tmp_path / "study.h5", make_study([read], [make_image(calibration=None)]), user="Ada")
    with open_study(tmp_path / "study.h5", "Ada") as session:
        workspace = Workspace(Settings())
        workspace.set_session(session, [1])
        hairs, units = show(HairTable(workspace)), show(UnitTable(workspace))
        assert hairs.model.headerData(WIDTH, Qt.Orientation.Horizontal) == "Width\npx"
        assert row(hairs, 0)[:5] == ["1", "7", "5.0", "40.0", "—"]
        assert row(units, 0) == ["7", "1", "5.0", "100.0", ""]


def test_five_thousand_hairs_are_listed_selected_and_edited(tmp_path: Path, qapp, show):
    hairs = [
        make_hair(
            i, 5000 + i, [[10 + i % 90 * 10, 10 + i // 90 * 10], [15 + i % 90 * 10, 10 + i // 90 * 10]], 2 + i % 7
        )
        for i in range(1, 5001)
    ]
    create_study(tmp_path / "study.h5", make_study([make_read(hairs)]), user="Ada")
    with open_study(tmp_path / "study.h5", "Ada") as session:
        workspace = Workspace(Settings())
        workspace.set_session(session, [1])
        table = show(HairTable(workspace))
        table.view.sortByColumn(WIDTH, Qt.SortOrder.DescendingOrder)
        assert shown(table)[:3] == [6, 13, 20]
        odd = frozenset(range(1, 5001, 2))
        workspace.select(Selection(1, odd))
        table.refresh_now()
        assert selected(table) == odd
        table.view.selectAll()
        assert len(workspace.selection.hair_ids) == 5000
        workspace.commit(1, lambda read: edits.delete_hairs(read, odd))
        table.refresh_now()
        assert shown(table)[:3] == [6, 20, 34]
        assert workspace.selection.hair_ids == frozenset(range(2, 5001, 2))
        assert selected(table) == set(range(2, 5001, 2))
