"""Reports: what is asked before one is written, and the work on a thread with progress and cancel."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QDialog, QWidget

from analysis.progress import Report
from ui.long_jobs import LongJobs
from ui.messages import Message, MessageKind
from ui.trial.report_dialog import ReportChoice, ReportDialog
from workstation.session import Session
from workstation.trial.results import Basis


class Reporter(LongJobs):
    """Writes reports.

    Args:
        workspace: whose study is reported, and which is told how it went.
        follow: shows a watcher's progress under a title.
        parent: the Qt parent.
    """

    def ask(self, parent: QWidget, subject: str = "", basis: Basis = Basis.OWN) -> None:
        """Ask what to report, and do it.

        Args:
            parent: the window.
            subject: offered for a report of one subject; empty: the whole trial is offered.
            basis: the fields that endpoints are compared on.
        """
        session = self._workspace.session
        if session is None:
            return
        dialog = ReportDialog(session.study, session.path.parent, session.path.stem, subject, parent)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.write(session, replace(dialog.choice, basis=basis))

    def write(self, session: Session, choice: ReportChoice) -> None:
        """Write a report, with progress; the outcome is told."""
        self._run("Writing the report", partial(write, session, choice), self._done, stopped="Report stopped.")

    def _done(self, files: list[Path]) -> None:
        details = "\n".join(str(file) for file in files)
        self._workspace.told.emit(Message(f"{files[0].name} written.", MessageKind.NOTE, details=details))


def write(session: Session, choice: ReportChoice, report: Report) -> list[Path]:
    """Write what was chosen; on any thread.

    Returns:
        The files written, the report first.

    Raises:
        UserFacingError: if something cannot be read or written.
        Cancelled: if the report asks for it.
    """
    # drawing needs matplotlib and statistics scipy, which take long to import
    from workstation.report.making import make_report

    figures = choice.figures_folder if choice.figures and not choice.subject else None
    return make_report(
        session, choice.path, subject=choice.subject, figures=figures, basis=choice.basis, progress=report
    )
