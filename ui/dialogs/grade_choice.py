"""A grade of hair loss, chosen from drawn pictures."""

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from ui.grades import grade_icon
from ui.theme import GRID_PX
from workstation.grades import GRADES, Grade, Scale, grade_named, scales_for

PICTURE_PX = 64
CELL_PX = (96, 104)
BUTTON_PICTURE_PX = 32
NONE = "Not graded"
TITLES = {Scale.NORWOOD: "Hamilton–Norwood", Scale.LUDWIG: "Ludwig"}


class GradeButton(QPushButton):
    """Shows the grade, and opens the pictures to choose another one. Grades written otherwise are shown as they are."""

    chosen = Signal(str)
    """The user chose a grade: its name, or an empty text."""

    def __init__(self, name: str) -> None:
        super().__init__(NONE)
        self.setObjectName(name)
        self.setAccessibleName("Grade")
        self.setAutoDefault(False)
        self.setIconSize(QSize(BUTTON_PICTURE_PX, BUTTON_PICTURE_PX))
        self.setFixedHeight(BUTTON_PICTURE_PX + GRID_PX)
        self.setStyleSheet("text-align: left;")
        self._sex = ""
        self._text = ""
        self.clicked.connect(self.open)

    def show_grade(self, text: str, sex: str) -> None:
        """Show a grade.

        Args:
            text: as it stands in the study; empty where none is known.
            sex: of the subject: says which scale comes first.
        """
        self._text, self._sex = text, sex
        grade = grade_named(text)
        self.setText(text or NONE)
        self.setToolTip("" if grade is None else grade.description)
        if grade is None:
            self.setIcon(QIcon())
        else:
            self.setIcon(grade_icon(grade))

    def open(self) -> None:
        """Show the pictures below the button."""
        pictures = GradePictures(self._text, self._sex, self)
        pictures.chosen.connect(self.chosen)
        place = self.mapToGlobal(QPoint(0, self.height()))
        room = self.screen().availableGeometry()
        size = pictures.sizeHint()
        left = min(place.x(), room.right() - size.width())
        top = min(place.y(), room.bottom() - size.height())
        pictures.move(max(left, room.left()), max(top, room.top()))
        pictures.show()
        pictures.focus_present()


class GradePictures(QFrame):
    """All grades as pictures, a row for each scale; arrows move, Enter chooses, Esc leaves.

    Args:
        present: the grade that is known now.
        sex: of the subject: says which scale comes first.
        parent: the button it belongs to.
    """

    chosen = Signal(str)

    def __init__(self, present: str, sex: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("grades")
        self.setAccessibleName("Grades of hair loss")
        self.setProperty("role", "popup")
        self._known = grade_named(present)
        self._rows = [[g for g in GRADES if g.scale is scale] for scale in scales_for(sex)]
        self.buttons: dict[Grade, QToolButton] = {}
        self._about = QLabel()
        self._about.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(GRID_PX)
        for grades in self._rows:
            heading = QLabel(TITLES[grades[0].scale])
            heading.setProperty("role", "heading")
            column.addWidget(heading)
            column.addLayout(self._row(grades))
        column.addWidget(self._about)
        self._none = QPushButton(NONE)
        self._none.setObjectName("grades.none")
        self._none.clicked.connect(lambda: self._choose(""))
        column.addWidget(self._none, 0, Qt.AlignmentFlag.AlignLeft)
        self._tell(self._known)

    def focus_present(self) -> None:
        """Give the keyboard to the grade that is known now, else to the first one."""
        self.buttons[self._known or self._rows[0][0]].setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from picture to picture."""
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._move(*step)

    def _row(self, grades: list[Grade]) -> QGridLayout:
        row = QGridLayout()
        row.setSpacing(4)
        for place, grade in enumerate(grades):
            button = _Picture(grade, grade == self._known)
            button.clicked.connect(lambda _checked, name=grade.name: self._choose(name))
            button.looked_at.connect(lambda seen=grade: self._tell(seen))
            self.buttons[grade] = button
            row.addWidget(button, 0, place)
        row.setColumnStretch(len(grades), 1)
        return row

    def _tell(self, grade: Grade | None) -> None:
        about = "Choose the picture that is nearest." if grade is None else f"{grade.name}: {grade.description}"
        self._about.setText(about)

    def _move(self, down: int, right: int) -> None:
        focus = next((g for g, button in self.buttons.items() if button.hasFocus()), None)
        if focus is None:
            self.focus_present()
            return
        row = next(place for place, grades in enumerate(self._rows) if focus in grades)
        column = self._rows[row].index(focus) + right
        row = min(max(row + down, 0), len(self._rows) - 1)
        wanted = self._rows[row][min(max(column, 0), len(self._rows[row]) - 1)]
        self.buttons[wanted].setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self, name: str) -> None:
        self.close()
        self.chosen.emit(name)


class _Picture(QToolButton):
    """One grade."""

    looked_at = Signal()

    def __init__(self, grade: Grade, present: bool) -> None:
        super().__init__()
        self.setObjectName(f"grades.{grade.picture}")
        self.setAccessibleName(grade.name)
        self.setAccessibleDescription(grade.description)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIcon(grade_icon(grade))
        self.setIconSize(QSize(PICTURE_PX, PICTURE_PX))
        self.setText(grade.step)
        self.setFixedSize(*CELL_PX)
        self.setCheckable(True)
        self.setChecked(present)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def focusInEvent(self, event: object) -> None:
        """Tell what it means."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.looked_at.emit()

    def enterEvent(self, event: object) -> None:
        """Tell what it means."""
        super().enterEvent(event)  # type: ignore[arg-type]
        self.looked_at.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses; arrows are the frame's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)
