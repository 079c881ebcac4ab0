from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QVBoxLayout, QWidget

from ui.panels.section import Section, foldings, restore_foldings


def column(qtbot):
    page = QWidget()
    layout = QVBoxLayout(page)
    for name in ("first", "second"):
        label = QLabel("inside")
        label.setObjectName(name)
        layout.addWidget(Section(name.capitalize(), label))
    qtbot.addWidget(page)
    page.show()
    return page, page.findChildren(Section)


def test_a_click_folds_and_unfolds(qtbot):
    page, (section, _) = column(qtbot)
    header = page.findChild(QAbstractButton)
    with qtbot.waitSignal(section.folded_changed, check_params_cb=lambda folded: folded):
        qtbot.mouseClick(header, Qt.MouseButton.LeftButton)
    assert section.folded
    assert not section.content.isVisible()
    qtbot.mouseClick(header, Qt.MouseButton.LeftButton)
    assert section.content.isVisible()


def test_keys_fold_and_unfold(qtbot):
    page, (section, _) = column(qtbot)
    header = page.findChild(QAbstractButton)
    folded = []
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right):
        qtbot.keyClick(header, key)
        folded.append(section.folded)
    assert folded == [True, False, True, True, False]


def test_a_folded_section_takes_no_room_that_is_left_over(qtbot):
    page, (_, second) = column(qtbot)
    page.layout().setStretch(1, 1)
    page.resize(200, 600)
    second.set_folded(True)
    page.layout().addStretch()
    page.layout().activate()
    assert second.height() == 32
    second.set_folded(False)
    page.layout().activate()
    assert second.height() > 300


def test_a_header_says_in_words_whether_it_is_folded(qtbot):
    page, (section, _) = column(qtbot)
    header = page.findChild(QAbstractButton)
    assert header.accessibleName() == "First, unfolded"
    section.set_folded(True)
    assert header.accessibleName() == "First, folded"


def test_what_was_folded_is_kept_by_name(qtbot):
    page, (first, second) = column(qtbot)
    second.set_folded(True)
    kept = foldings(page)
    assert kept == {"first.section": False, "second.section": True}
    other_page, (first, second) = column(qtbot)
    restore_foldings(other_page, {**kept, "gone.section": True, "first.section": "no answer"})
    assert (first.folded, second.folded) == (False, True)


def test_the_title_is_seen(qtbot):
    page, _ = column(qtbot)
    header = page.findChild(QAbstractButton)
    with_title = header.grab().toImage()
    header.setText("")
    assert header.grab().toImage() != with_title
