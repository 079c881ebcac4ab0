from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from ui.adjudication.due_panel import DuePanel
from workstation.model.settlement import Choice


@pytest.fixture
def due(workspace, qtbot):
    panel = DuePanel(workspace)
    qtbot.addWidget(panel)
    panel.show()
    panel.refresh_now()
    return panel


def rows(panel):
    table = panel.table
    return [[table.item(r, c).text() for c in range(table.columnCount())] for r in range(table.rowCount())]


def test_images_farther_apart_than_the_limit(due, workspace):
    # 5 hairs of either; 4 units against 5
    assert due.told.text() == "1\u00a0image needs a third read: counts more than 10\u00a0% apart."
    assert rows(due) == [["scalp.png", "Ada, Bo", "5 / 5", "4 / 5", "22\u00a0%", "—"]]
    workspace.set_display(replace(workspace.display, blinded=True))
    due.refresh_now()
    assert rows(due)[0][1] == "two readers"


def test_how_far_a_third_read_is(due, review):
    review.next()
    review.choose(Choice.FIRST)
    due.refresh_now()
    assert rows(due)[0][-1] == "Zoë: 3\u00a0differences left"
    while review.adjudication.open:
        review.choose(Choice.FIRST)
    review.submit()
    due.refresh_now()
    assert rows(due) == []
    due.every.setChecked(True)
    due.refresh_now()
    assert rows(due)[0][-1] == "Zoë: submitted"


def test_enter_settles_one(due, qtbot):
    asked = []
    due.opened.connect(asked.append)
    due.table.setCurrentCell(0, 0)
    due.table.setFocus()
    qtbot.keyClick(due.table, Qt.Key.Key_Return)
    assert asked == [1]
