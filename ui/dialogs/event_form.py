"""The fields of one adverse event; what is filled in becomes an edit when it is kept."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from ui.theme import GRID_PX
from workstation.model.trial import AdverseEvent, Relation, Severity

COMMENT_PX = 9 * GRID_PX
DAY_HINT = "year-month-day"
SERIOUS_TIP = "Death, danger to life, hospital or lasting harm: not the same as severe"


class EventForm(QWidget):
    """See the module."""

    edited = Signal()
    """Something was typed or chosen."""
    finished = Signal()
    """Enter was pressed in a field of one line."""

    def __init__(self) -> None:
        super().__init__()
        self._id = 0
        self.subject = QComboBox()
        self.term = QLineEdit(placeholderText="What happened: itching of the scalp, say")
        self.severity = _choice([str(each) for each in Severity])
        self.relation = _choice([str(each) for each in Relation])
        self.serious = QCheckBox("Seri&ous")
        self.serious.setToolTip(SERIOUS_TIP)
        self.start = QLineEdit(placeholderText=DAY_HINT)
        self.end = QLineEdit(placeholderText=f"{DAY_HINT}, or empty: it lasts")
        self.comment = QPlainTextEdit()
        self.comment.setTabChangesFocus(True)
        self.comment.setFixedHeight(COMMENT_PX)
        self._lay_out()
        self._connect()

    def offer_subjects(self, codes: list[str]) -> None:
        """The subjects that an event can be of."""
        if [self.subject.itemText(i) for i in range(self.subject.count())] != codes:
            present = self.subject.currentText()
            self.subject.clear()
            self.subject.addItems(codes)
            self.subject.setCurrentIndex(max(self.subject.findText(present), 0 if codes else -1))

    def show_event(self, event: AdverseEvent) -> None:
        """Fill the fields in."""
        self._id = event.id
        self.subject.setCurrentIndex(self.subject.findText(event.subject))
        self.term.setText(event.term)
        self.severity.setCurrentText(str(event.severity))
        self.relation.setCurrentText(str(event.relation))
        self.serious.setChecked(event.serious)
        self.start.setText(event.start_date)
        self.end.setText(event.end_date)
        self.comment.setPlainText(event.comment)

    def event_now(self) -> AdverseEvent:
        """The event as the fields say."""
        return AdverseEvent(
            self._id,
            self.subject.currentText(),
            " ".join(self.term.text().split()),
            Severity(self.severity.currentText()),
            Relation(self.relation.currentText()),
            self.serious.isChecked(),
            self.start.text().strip(),
            self.end.text().strip(),
            self.comment.toPlainText(),
        )

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID_PX)
        grid.setVerticalSpacing(GRID_PX)
        fields: tuple[tuple[str, str, QWidget, int, int, int], ...] = (
            ("subject", "S&ubject", self.subject, 0, 0, 1),
            ("term", "E&vent", self.term, 0, 2, 3),
            ("severity", "Se&verity", self.severity, 1, 0, 1),
            ("relation", "Re&lation to the treatment", self.relation, 1, 2, 1),
            ("start", "&From", self.start, 2, 0, 1),
            ("end", "&To", self.end, 2, 2, 1),
            ("comment", "Co&mment", self.comment, 3, 0, 5),
        )
        for name, text, field, row, column, span in fields:
            label = QLabel(text)
            label.setBuddy(field)
            field.setObjectName(f"event.{name}")
            field.setAccessibleName(text.replace("&", ""))
            above = Qt.AlignmentFlag.AlignTop if name == "comment" else Qt.AlignmentFlag.AlignVCenter
            grid.addWidget(label, row, column, above)
            grid.addWidget(field, row, column + 1, 1, span)
        self.serious.setObjectName("event.serious")
        grid.addWidget(self.serious, 1, 4, 1, 2)
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
        order = (self.subject, self.term, self.severity, self.relation, self.serious, self.start, self.end)
        for before, after in zip(order, (*order[1:], self.comment), strict=True):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        for line in (self.term, self.start, self.end):
            line.textChanged.connect(self.edited)
            line.returnPressed.connect(self.finished)
        for box in (self.subject, self.severity, self.relation):
            box.currentIndexChanged.connect(self.edited)
        self.serious.toggled.connect(self.edited)
        self.comment.textChanged.connect(self.edited)


def _choice(texts: list[str]) -> QComboBox:
    box = QComboBox()
    box.addItems(texts)
    return box
