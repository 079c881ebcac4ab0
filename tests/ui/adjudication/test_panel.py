import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from tests.ui.adjudication.conftest import ADJUDICATOR
from ui.adjudication.overlay import marks_of
from ui.adjudication.panel import AdjudicationPanel
from ui.desk import Desk
from ui.main_window import MainWindow
from workstation.adjudication.difference import DifferenceKind
from workstation.adjudication.provenance import From
from workstation.model.settlement import Choice
from workstation.palette import FIRST_READ, SECOND_READ
from workstation.settings import Settings, load_settings, save_settings

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(workspace, review, qtbot):
    panel = AdjudicationPanel(workspace, review)
    qtbot.addWidget(panel)
    panel.show()
    panel.refresh_now()
    return panel


def press(panel, qtbot, button):
    qtbot.mouseClick(button, LEFT)
    panel.refresh_now()


def row_texts(panel):
    return [panel.list.item(row).text() for row in range(panel.list.count())]


def test_what_is_left(panel):
    assert panel.ring.accessibleName() == "4 left, 0% done"
    assert panel.left.text() == "4 of 4\u00a0differences left. The reads share 80.0\u00a0% of their hairs (F1)."
    assert [label.text() for label in panel.readers] == ["Ada", "Bo"]
    shown = {kind for kind, chip in panel.chips.items() if chip.isVisible()}
    assert shown == {DifferenceKind.ONLY_FIRST, DifferenceKind.ONLY_SECOND, DifferenceKind.WIDTH, DifferenceKind.UNITS}
    assert len(row_texts(panel)) == 4
    assert not panel.choices[Choice.FIRST].isEnabled()
    assert not panel.submit.isVisible()


def test_it_is_settled_by_mouse_alone(panel, review, qtbot, workspace):
    for row in range(4):
        item = panel.list.item(row)
        qtbot.mouseClick(panel.list.viewport(), LEFT, pos=panel.list.visualItemRect(item).center())
        panel.refresh_now()
        press(panel, qtbot, panel.choices[Choice.FIRST])
    assert panel.ring.accessibleName() == "0 left, 100% done"
    assert all(text.endswith("· Ada") for text in row_texts(panel))
    assert panel.submit.isEnabled()
    press(panel, qtbot, panel.submit)
    assert workspace.study.read_in_use(1).reader == ADJUDICATOR
    assert not panel.submit.isVisible()


def test_a_choice_is_pressed_in_and_opened_again(panel, review, qtbot):
    press(panel, qtbot, panel.next)
    difference = review.current
    press(panel, qtbot, panel.choices[Choice.SECOND])
    review.show(difference)
    panel.refresh_now()
    assert panel.choices[Choice.SECOND].isChecked()
    assert panel.settled.text() == "Settled as Bo has it."
    press(panel, qtbot, panel.reopen)
    assert not panel.choices[Choice.SECOND].isChecked()
    assert panel.ring.accessibleName() == "4 left, 0% done"


def test_units_are_one_readers_or_by_hand(panel, review):
    review.show(next(d for d in review.adjudication.differences if d.kind is DifferenceKind.UNITS))
    panel.refresh_now()
    assert panel.title.text() == "1 unit against 2"
    assert panel.details.text() == "Ada: unit 94 of 2 hairs\nBo: unit 84 of 1 hair, unit 85 of 1 hair"
    enabled = {choice for choice, button in panel.choices.items() if button.isEnabled()}
    assert enabled == {Choice.FIRST, Choice.SECOND, Choice.EDITED}


def test_names_are_hidden(panel, qtbot):
    press(panel, qtbot, panel.blinded)
    assert [label.text() for label in panel.readers] == ["reader 1", "reader 2"]
    assert panel.choices[Choice.FIRST].accessibleName() == "As reader 1"
    assert not any("Ada" in text or "Bo" in text for text in row_texts(panel))


def test_some_kinds_alone_are_listed(panel, qtbot):
    for kind in (DifferenceKind.ONLY_FIRST, DifferenceKind.ONLY_SECOND, DifferenceKind.UNITS):
        press(panel, qtbot, panel.chips[kind])
    assert row_texts(panel) == ["1  Width of a hair"]


def test_what_is_drawn(review):
    marks = marks_of(review.adjudication, review)
    assert (len(marks.agreed), marks.below) == (3, 0.0)
    assert [len(side.hairs) for side in marks.others] == [2, 2]
    assert [len(side.units_px) for side in marks.others] == [1, 2]
    review.show(next(d for d in review.adjudication.differences if d.kind is DifferenceKind.ONLY_FIRST))
    review.choose(Choice.FIRST)
    marks = marks_of(review.adjudication, review)
    assert marks.agreed == ()
    assert list(marks.taken.values()) == [From.FIRST]
    assert 0 < marks.below < 1


@pytest.fixture
def opened(qtbot, study_path):
    save_settings(Settings(reader=ADJUDICATOR, autosave_after_s=3600))
    desk = Desk(load_settings())
    window = MainWindow(desk)
    qtbot.addWidget(window, before_close_func=lambda _: desk.shutdown())
    window.show()
    window.begin(study_path)
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    qtbot.waitUntil(lambda: bool(window.comparison.views) and window.comparison.view_of(1).ready)
    return window


def has_colour(picture: QImage, rgb) -> bool:
    shot = picture.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(shot.constBits(), np.uint8).reshape(shot.height(), shot.bytesPerLine())
    pixels = rows[:, : 3 * shot.width()].reshape(-1, 3)
    return bool((np.abs(pixels.astype(int) - rgb).max(axis=1) <= 3).any())


def test_both_reads_are_seen_in_the_window_and_settled_by_keys(opened, qtbot):
    view, review = opened.comparison.view_of(1), opened.desk.adjudication
    before = view.grab().toImage()
    assert not has_colour(before, FIRST_READ)
    opened.actions_["adjudication.review"].trigger()
    drawn = view.grab().toImage()
    assert has_colour(drawn, FIRST_READ)
    assert has_colour(drawn, SECOND_READ)
    view.setFocus()
    for key in ("N", "A", "B", "W", "A"):
        qtbot.keyClick(view, getattr(Qt.Key, f"Key_{key}"))
    if review.adjudication.open:  # the units came where both is no choice
        qtbot.keyClick(view, Qt.Key.Key_A)
    assert review.adjudication.open == ()
    opened.actions_["image.submit"].trigger()
    assert opened.workspace.study.read_in_use(1).adjudicates == (1, 2)
    opened.actions_["adjudication.review"].trigger()
    assert view.two_reads is None
