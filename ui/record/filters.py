"""The line above the record: which rows are looked at."""

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from ui.icons import set_icon
from ui.theme import GRID_PX
from workstation.errors import UserFacingError
from workstation.record.filtering import GROUPS, Wanted
from workstation.record.rows import Record
from workstation.record.times import as_utc

TYPING_MS = 200
"""A search waits so long for the next letter."""


class Filters(QWidget):
    """See the module."""

    changed = Signal()
    """Other rows are wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("record.filters")
        self.search = QLineEdit(placeholderText="Search: hair 27, blurred …", clearButtonEnabled=True)
        self.search.setObjectName("record.search")
        self.search.setAccessibleName("Words that a row says")
        self.by = _combo("record.by", "Who made the change")
        self.reader = _combo("record.reader", "Whose read was changed")
        self.image = _combo("record.image", "Image")
        self.group = _combo("record.group", "What was changed")
        self.since = _day("record.since", "From", "Since: 2026-02-03")
        self.until = _day("record.until", "Up to", "Until")
        self.after = QCheckBox("&After submission")
        self.after.setObjectName("record.after")
        self.after.setToolTip("Only what changed a read that had been submitted before")
        self._clear = QToolButton()
        self._clear.setObjectName("record.clear")
        self._clear.setAccessibleName("Show all rows")
        self._clear.setToolTip("Show all rows")
        set_icon(self._clear, "close", "muted")
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self.changed)
        self._lay_out()
        self.show_record(None)
        for line in (self.search, self.since, self.until):
            line.textChanged.connect(lambda _text: self._typing.start())
        for combo in (self.by, self.reader, self.image, self.group):
            combo.activated.connect(lambda _index: self.changed.emit())
        self.after.toggled.connect(lambda _on: self.changed.emit())
        self._clear.clicked.connect(self.clear)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(GRID_PX)
            column.addLayout(row)
        first.addWidget(self.search, 1)
        for part in (self.since, self.until, self.after, self._clear):
            first.addWidget(part)
        for combo in (self.by, self.reader, self.image, self.group):
            second.addWidget(combo, 1)

    @property
    def wanted(self) -> Wanted:
        """What is looked for. A time that is not typed to its end yet is none."""
        return Wanted(
            by=self.by.currentData() or "",
            reader=self.reader.currentData() or "",
            image_id=self.image.currentData(),
            group=self.group.currentData() or "",
            since_utc=_time(self.since),
            until_utc=_time(self.until),
            text=self.search.text(),
            after_submission=self.after.isChecked(),
        )

    def show_record(self, record: Record | None) -> None:
        """Offer who and what there is; what was chosen stays where it is still there."""
        rows = () if record is None else record.rows
        people = sorted({row.row.user for row in rows}, key=str.casefold)
        readers = sorted({row.reader for row in rows if row.reader}, key=str.casefold)
        images = sorted({(row.image, row.image_id) for row in rows if row.image})
        _offer(self.by, "By anybody", ((name, name) for name in people))
        _offer(self.reader, "Reads of all", ((f"Read of {name}", name) for name in readers))
        _offer(self.image, "All images", images)
        _offer(self.group, "All changes", ((name[:1].upper() + name[1:], name) for name in GROUPS))

    def clear(self) -> None:
        """Look at all rows."""
        for widget in (self.search, self.since, self.until, self.by, self.reader, self.image, self.group, self.after):
            with QSignalBlocker(widget):
                if isinstance(widget, QLineEdit):
                    widget.clear()
                elif isinstance(widget, QComboBox):
                    widget.setCurrentIndex(0)
                else:
                    widget.setChecked(False)
        self._typing.stop()
        self.changed.emit()


def _combo(name: str, title: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(title)
    combo.setToolTip(title)
    combo.setMinimumContentsLength(9)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo


def _day(name: str, title: str, placeholder: str) -> QLineEdit:
    line = QLineEdit(placeholderText=placeholder, maxLength=32)
    line.setObjectName(name)
    line.setAccessibleName(f"{title} (UTC)")
    line.setToolTip(f"{title}, in UTC: a day, 2026-02-03, or a time, 2026-02-03 09:15")
    line.setFixedWidth(17 * GRID_PX)
    return line


def _offer(combo: QComboBox, all_of_them: str, choices: Iterable[tuple[str, object]]) -> None:
    kept = combo.currentData()
    with QSignalBlocker(combo):
        combo.clear()
        combo.addItem(all_of_them, None)
        for text, value in choices:
            combo.addItem(text, value)
        combo.setCurrentIndex(max(combo.findData(kept), 0) if kept is not None else 0)


def _time(line: QLineEdit) -> str:
    try:
        return as_utc(line.text())
    except UserFacingError:
        return ""
