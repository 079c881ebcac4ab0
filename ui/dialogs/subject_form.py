"""What is known of one subject: each field is an edit of its own as soon as it is left."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from ui.dialogs.grade_choice import GradeButton
from ui.dialogs.sheet import mark_faulty
from ui.panels.figures import typed_number
from ui.theme import GRID_PX
from workstation.model.study import Subject

SEXES = ("female", "male")
FIELD_PX = 24 * GRID_PX


class SubjectForm(QWidget):
    """See the module."""

    changed = Signal(object)
    """The `Subject` as it should be."""
    refused = Signal(str)
    """What cannot be, as a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self._subject: Subject | None = None
        self.sex = _choice_field("subject.sex", "Sex", "female, male …")
        self.age = QLineEdit(placeholderText="in years")
        self.age.setObjectName("subject.age")
        self.arm = _choice_field("subject.arm", "Arm", "if there are several")
        self.grade = GradeButton("subject.grade")
        self.grade.chosen.connect(self._take_grade)
        self.age.editingFinished.connect(self._take_age)
        for box, field in ((self.sex, "sex"), (self.arm, "arm")):
            line = box.lineEdit()
            assert line is not None
            line.editingFinished.connect(lambda box=box, field=field: self._take(**{field: box.currentText()}))
            box.activated.connect(lambda _row, box=box, field=field: self._take(**{field: box.currentText()}))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID_PX)
        grid.setVerticalSpacing(GRID_PX)
        for place, (text, widget) in enumerate(
            (("Se&x", self.sex), ("A&ge", self.age), ("Ar&m", self.arm), ("G&rade", self.grade))
        ):
            label = QLabel(text)
            label.setBuddy(widget)
            widget.setFixedWidth(FIELD_PX)
            widget.setAccessibleName(text.replace("&", ""))
            grid.addWidget(label, place // 2, place % 2 * 2)
            grid.addWidget(widget, place // 2, place % 2 * 2 + 1)
        grid.setColumnStretch(4, 1)

    def show_subject(self, subject: Subject | None, arms: list[str], *, editable: bool) -> None:
        """Show a subject, or none; what is being typed elsewhere stays."""
        self._subject = subject
        self.setEnabled(subject is not None and editable)
        known = subject or Subject("")
        _fill(self.sex, SEXES, known.sex)
        _fill(self.arm, arms, known.arm)
        self.grade.show_grade(known.grade, known.sex)
        self.age.setText("" if known.age is None else f"{known.age:g}")
        mark_faulty(self.age, False)

    def _take_age(self) -> None:
        text = self.age.text().strip()
        age = typed_number(text)
        wrong = bool(text) and age is None
        mark_faulty(self.age, wrong)
        if wrong:
            self.refused.emit(f"“{text}” is not an age: type a number of years, or nothing.")
        elif self._subject is not None and self._subject.age != age:
            self.changed.emit(replace(self._subject, age=age))

    def _take_grade(self, name: str) -> None:
        self._take(grade=name)

    def _take(self, **values: str) -> None:
        if self._subject is None:
            return
        changed = replace(self._subject, **{key: " ".join(text.split()) for key, text in values.items()})  # type: ignore[arg-type]
        if changed != self._subject:
            self.changed.emit(changed)


def _choice_field(name: str, title: str, hint: str) -> QComboBox:
    box = QComboBox(editable=True)
    box.setObjectName(name)
    box.setAccessibleName(title)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    line = box.lineEdit()
    assert line is not None
    line.setPlaceholderText(hint)
    return box


def _fill(box: QComboBox, offered: tuple[str, ...] | list[str], text: str) -> None:
    with QSignalBlocker(box):
        if [box.itemText(i) for i in range(box.count())] != list(offered):
            box.clear()
            box.addItems(list(offered))
        box.setCurrentIndex(box.findText(text))
        box.setEditText(text)
