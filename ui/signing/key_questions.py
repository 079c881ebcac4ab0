"""What is asked before a key counts, and before it no longer does."""

from PySide6.QtCore import QDateTime, QTimeZone
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDateTimeEdit, QLabel, QRadioButton, QWidget

from ui.dialogs.sheet import Sheet, paragraph
from ui.theme import GRID_PX
from workstation.signing.public_keys import OfferedKey, fingerprint

SHEET_PX = 56 * GRID_PX
COMPARE = (
    "Compare the fingerprint with what the reader tells you by another way, on the telephone say. A file that came by "
    "mail may have been exchanged on its way."
)
KEPT = "What was signed before stays verified. A withdrawn key cannot be enrolled again."


class EnrolDialog(Sheet):
    """Asks whether a key is the reader's.

    Args:
        offered: what the file says.
        listed: whether the reader is listed already.
        parent: the window it belongs to.
    """

    def __init__(self, offered: OfferedKey, *, listed: bool, parent: QWidget | None = None) -> None:
        super().__init__("enrol", "Enrol a key", parent)
        self.setMinimumWidth(SHEET_PX)
        self.column.addWidget(_heading(f"Key of {offered.name}, made on {offered.created_utc[:10]}"))
        self.column.addWidget(_fingerprint(offered.public_key))
        self.column.addWidget(paragraph(COMPARE, "muted"))
        if not listed:
            self.column.addWidget(paragraph(f"{offered.name} is not listed yet and will be, as an assessor.", "muted"))
        self.add_buttons("&Enrol").setFocus()


class WithdrawDialog(Sheet):
    """Asks from when on a key counts no longer.

    Args:
        name: whose it is.
        public_key: in base64.
        parent: the window it belongs to.
    """

    def __init__(self, name: str, public_key: str, parent: QWidget | None = None) -> None:
        super().__init__("withdraw", "Withdraw a key", parent)
        self.setMinimumWidth(SHEET_PX)
        self._now = QRadioButton("From &now on")
        self._since = QRadioButton("It may have been in other hands &since")
        self._now.setObjectName("withdraw.now")
        self._since.setObjectName("withdraw.since")
        self._now.setChecked(True)
        now = QDateTime.currentDateTimeUtc()
        self._moment = QDateTimeEdit(now)
        self._moment.setObjectName("withdraw.moment")
        self._moment.setAccessibleName("Since, UTC")
        self._moment.setTimeZone(QTimeZone.utc())
        self._moment.setDateTime(now)
        self._moment.setMaximumDateTime(now)
        self._moment.setDisplayFormat("yyyy-MM-dd HH:mm 'UTC'")
        self._moment.setEnabled(False)
        self._since.toggled.connect(self._moment.setEnabled)
        self.column.addWidget(_heading(f"Key of {name}"))
        self.column.addWidget(_fingerprint(public_key))
        for part in (self._now, self._since, self._moment, paragraph(KEPT, "muted")):
            self.column.addWidget(part)
        self.add_buttons("&Withdraw")
        self._now.setFocus()

    @property
    def since_utc(self) -> str | None:
        """The moment that was chosen, ISO 8601; None: now."""
        if self._now.isChecked():
            return None
        return self._moment.dateTime().toUTC().toString("yyyy-MM-ddTHH:mm:00Z")


def _heading(text: str) -> QLabel:
    label = paragraph(text)
    label.setProperty("role", "heading")
    return label


def _fingerprint(public_key: str) -> QLabel:
    label = QLabel(fingerprint(public_key))
    label.setObjectName("key.fingerprint")
    label.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    return label
