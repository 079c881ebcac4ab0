"""Long work in the status bar: what is being done, how far it is, and a way to stop it."""

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QToolButton, QWidget

from ui.background import JobWatcher
from ui.elided import ElidedLabel
from ui.icons import set_icon
from ui.theme import GRID_PX

APPEARS_AFTER_MS = 400
"""Work that is over before that is not worth a look."""
BAR_PX = 96
TEXT_PX, LEAST_TEXT_PX = 320, 100
CANCEL_PX = 22
STEPS = 1000


class ProgressStrip(QWidget):
    """One piece of work.

    Args:
        title: what it is.
        parent: the Qt parent.
    """

    cancel_asked = Signal()
    over = Signal()
    """It ended, however it did."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.setObjectName("progress")
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._text = ElidedLabel(title)
        self._text.setMaximumWidth(TEXT_PX)
        self._text.setMinimumWidth(LEAST_TEXT_PX)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedWidth(BAR_PX)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(f"{title}: progress")
        self._cancel = QToolButton()
        self._cancel.setObjectName("progress.cancel")
        self._cancel.setIconSize(QSize(16, 16))
        self._cancel.setFixedSize(QSize(CANCEL_PX, CANCEL_PX))
        self._cancel.setToolTip(f"Stop: {title[:1].lower()}{title[1:]}")
        self._cancel.setAccessibleName(f"Stop: {title}")
        set_icon(self._cancel, "close")
        self._cancel.clicked.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        for part in (self._text, self._bar, self._cancel):
            row.addWidget(part)
        self.hide()
        self._appearing = QTimer(self, singleShot=True)
        self._appearing.timeout.connect(self.show)
        self._appearing.start(APPEARS_AFTER_MS)

    def follow(self, watcher: JobWatcher) -> None:
        """Show the progress of a job, stop it when asked, and end with it."""
        watcher.progressed.connect(self.show_progress)
        self.cancel_asked.connect(watcher.cancel)
        for ended in (watcher.finished, watcher.failed, watcher.cancelled):
            ended.connect(self.end)

    def show_progress(self, stage: str, fraction: float | None = None) -> None:
        """Show where it is.

        Args:
            stage: what is done now; the title alone if empty.
            fraction: how much is done, 0 to 1; None where nobody knows.
        """
        self._text.setText(f"{self._title}: {stage}" if stage else self._title)
        if fraction is None:
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, STEPS)
            self._bar.setValue(round(STEPS * min(max(fraction, 0.0), 1.0)))

    def end(self, *_: object) -> None:
        """It is over."""
        self._appearing.stop()
        self.hide()
        self.over.emit()

    def _stop(self) -> None:
        self._cancel.setEnabled(False)
        self._text.setText(f"{self._title}: stopping …")
        self.cancel_asked.emit()
