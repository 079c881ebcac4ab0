"""The commands of the Study menu that are about work files."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.actions import Actions

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class BlindingCommands(QObject):
    """Does them for one window.

    Args:
        window: the window.
        actions: its actions.
    """

    def __init__(self, window: "MainWindow", actions: Actions) -> None:
        super().__init__(window)
        self._window, self._desk = window, window.desk
        actions.connect_all({"study.package": self.package, "study.merge": self.merge, "study.packages": self.packages})

    def package(self) -> None:
        """Make a work file."""
        self._desk.packer.ask(self._window, self._desk.background)

    def merge(self) -> None:
        """Bring one back."""
        self._desk.packer.ask_to_merge(self._window, self._desk.background)

    def packages(self) -> None:
        """Show what was handed out and what came back."""
        from ui.blinding.package_list import PackageList

        study = self._desk.workspace.study
        if study is None:
            return
        dialog = PackageList(study, self._window, can_edit=self._desk.workspace.can_edit)
        dialog.exec()
        if dialog.asked == "package":
            self.package()
        elif dialog.asked == "merge":
            self.merge()
