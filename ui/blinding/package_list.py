"""The work files that were made from a study: for whom, when, and what came back."""

from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QDialogButtonBox, QTableView, QWidget

from ui.dialogs.sheet import Sheet, paragraph
from ui.plain_table import make_plain, set_widths
from ui.theme import GRID_PX
from workstation.blinding.queue import package_state
from workstation.clock import local_time
from workstation.model.package import Package
from workstation.model.study import Study

TITLES = ("Reader", "Handed out", "By", "Reads begin with", "Pictures", "Shown twice", "Edits", "What came back")
WIDTHS_PX = (150, 130, 130, 130, 72, 96, 64)
ROW_PX = 28
SIZE_PX = (126 * GRID_PX, 40 * GRID_PX)


class PackageList(Sheet):
    """See the module.

    Args:
        study: as it is.
        parent: the window it belongs to.
        can_edit: whether another one can be made or merged.
    """

    def __init__(self, study: Study, parent: QWidget | None = None, *, can_edit: bool = True) -> None:
        super().__init__("packages", "Packages for blinded readers", parent)
        self.asked = ""
        """`package` or `merge` where that was asked for."""
        packages = sorted(study.packages.values(), key=lambda package: (package.created_utc, package.id))
        self.model = QStandardItemModel(0, len(TITLES), self)
        self.model.setHorizontalHeaderLabels(list(TITLES))
        for package in packages:
            self.model.appendRow([QStandardItem(text) for text in row_of(study, package)])
        view = QTableView()
        make_plain(view, "packages.table", "Packages", ROW_PX)
        view.setModel(self.model)
        set_widths(view, WIDTHS_PX)
        self.column.addWidget(view, 1)
        if not packages:
            view.hide()
            self.column.addWidget(
                paragraph("Nothing was handed out yet. A package is a file of coded pictures for one reader, without "
                          "subjects, visits, dates and other reads; merged, what was read comes back here.", "muted")
            )  # fmt: skip
        self.add_buttons("", "Close")
        for text, asked in (("Package…", "package"), ("Merge…", "merge")):
            button = self.add_button(text, QDialogButtonBox.ButtonRole.ActionRole)
            button.setEnabled(can_edit)
            button.clicked.connect(lambda _checked, asked=asked: self._leave(asked))
        self.resize(*SIZE_PX) if packages else self.setMinimumWidth(70 * GRID_PX)

    def _leave(self, asked: str) -> None:
        self.asked = asked
        self.accept()


def row_of(study: Study, package: Package) -> tuple[str, ...]:
    """What is said of a package."""
    again = len({item.code for item in package.items if item.repeat})
    return (
        package.reader,
        local_time(package.created_utc),
        package.created_by,
        str(package.start),
        str(len(package.items)),
        f"{again} of {len({item.code for item in package.items})}",
        "" if package.returned is None else str(package.returned.revision - 1),
        package_state(study, package),
    )
