"""Offers the report of a crash at the next start."""

from datetime import datetime

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from ui.crash import CrashReport
from ui.dialogs.report_text import TextReport

SENTENCE = (
    "trichodesk ended unexpectedly on {when}. Corrections are written to disk as they are made, so they are not lost. "
    "This is what is known of it; please send it to whoever looks after the program. It names no patients."
)


def when_of(report: CrashReport) -> str:
    """When it crashed, in local time."""
    return datetime.fromisoformat(report.when_utc).astimezone().strftime("%Y-%m-%d at %H:%M")


class CrashReportDialog(TextReport):
    """The report, with ways to copy, to find and to forget it. Accepted: it is forgotten.

    Args:
        report: what the crash left.
        parent: the window it belongs to.
    """

    def __init__(self, report: CrashReport, parent: QWidget | None = None) -> None:
        sentence = SENTENCE.format(when=when_of(report))
        super().__init__("crash_report", "Problem report", sentence, report.text, parent, close="Close and forget")
        self._report = report
        self.close_button.setToolTip("It is not offered again")
        later = self.add_action("&Keep for later")
        later.clicked.connect(self.reject)
        self.add_action("Open &folder").clicked.connect(self._open_folder)
        self.accepted.connect(report.discard)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._report.file.parent)))
