"""What is done with the trial: its statistics, its plan, its report."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class TrialCommands(QObject):
    """Does it for one window. Pages and dialogs are imported when they are asked for."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace

    def plan(self) -> None:
        """Change what is fixed before results are looked at."""
        from ui.trial.plan_dialog import PlanDialog
        from workstation.edits import set_plan

        study = self._workspace.study
        if study is None:
            return
        dialog = PlanDialog(study, read_only=not self._workspace.can_edit, parent=self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            wanted = dialog.plan
            self._workspace.commit_study(lambda study: set_plan(study, wanted, named=True))

    def report(self) -> None:
        """Write a report."""
        desk = self._window.desk
        desk.reporter.ask(self._window, basis=desk.analyses.basis)


def statistics_page(window: "MainWindow") -> QWidget:
    """The page with the statistics of the trial."""
    from ui.trial.page import StatisticsPage

    page = StatisticsPage(window.workspace, window.desk.analyses)
    page.opened.connect(window.show_images)
    for asked, command_id in (
        (page.plan_asked, "study.plan"),
        (page.report_asked, "study.report"),
        (page.export_asked, "file.export"),
    ):
        asked.connect(window.actions_[command_id].trigger)
    return page
