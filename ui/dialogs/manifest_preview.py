"""A study from a manifest: the table as it is, each bad cell marked, and the study made once nothing is wrong."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTableView,
    QWidget,
)

from ui.background import Background, Task
from ui.dialogs.manifest_model import ManifestModel, MarkingDelegate
from ui.dialogs.sheet import Sheet, paragraph, set_role
from ui.dialogs.study_place import StudyPlace
from ui.elided import ElidedLabel
from ui.free_paths import free_path
from ui.icons import icon
from ui.panels.figures import counted
from ui.plain_text import plain_tip
from ui.theme import GRID_PX
from workstation.errors import UserFacingError
from workstation.manifest import Fault, Inspection, ManifestRow, Oddity, inspect_manifest

SIZE_PX = (1080, 640)
LIST_PX = 15 * GRID_PX
SAID = Qt.ItemDataRole.UserRole
WIDEST_PX = 280


class ManifestDialog(Sheet):
    """See the module. Reads the table again by itself when it was changed in another program.

    Args:
        path: the manifest.
        background: reads it off the main thread.
        parent: the window it belongs to.
    """

    def __init__(self, path: Path, background: Background, parent: QWidget | None = None) -> None:
        super().__init__("manifest", "New study from a table", parent)
        self._file, self._background = path, background
        self._found: Inspection | None = None
        self._unreadable = ""
        self._task: Task[Inspection] | None = None
        self._read_at: float | None = None
        self.model = ManifestModel()
        self.table = self._made_table()
        self.said = self._made_list()
        self._place = StudyPlace("manifest", free_path(path.absolute().parent, path.stem))
        self._place.changed.connect(self._judge)
        self._verdict = paragraph("")
        self._verdict.setObjectName("manifest.verdict")
        self.column.addLayout(self._head())
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.said)
        self.column.addWidget(self._verdict)
        self.column.addWidget(self._place)
        self._create = self.add_buttons("&Create study")
        self.resize(*SIZE_PX)
        self.finished.connect(self._stop)
        self.table.setFocus()
        self.read_again()

    @property
    def rows(self) -> tuple[ManifestRow, ...]:
        """The images as an import takes them."""
        return () if self._found is None or self._found.faults else self._found.rows

    @property
    def path(self) -> Path:
        """Where the study file goes."""
        return self._place.path

    def read_again(self) -> None:
        """Read the table as it is now."""
        self._stop()
        self._read_at = _changed_at(self._file)
        self._task = self._background.submit(
            partial(inspect_manifest, self._file), self._show, self._fail, name="reading a manifest"
        )
        self._judge()

    def event(self, event: QEvent) -> bool:
        """Look at the table again when the user comes back from another program."""
        if event.type() == QEvent.Type.WindowActivate and self._read_at not in (None, _changed_at(self._file)):
            self.read_again()
        return super().event(event)

    # --- what it is made of ------------------------------------------------------------------------------------

    def _head(self) -> QHBoxLayout:
        name = ElidedLabel(str(self._file), Qt.TextElideMode.ElideMiddle)
        name.setProperty("role", "muted")
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(name, 1)
        for key, text, tip, does in (
            ("edit", "Open in the &editor", "In the program that the system opens such tables with", self._edit),
            ("again", "&Read again", "After something was mended (F5)", self.read_again),
        ):
            button = QPushButton(text)
            button.setObjectName(f"manifest.{key}")
            button.setToolTip(tip)
            button.setAutoDefault(False)
            button.clicked.connect(does)
            row.addWidget(button)
            if key == "again":
                button.setShortcut(Qt.Key.Key_F5)
        return row

    def _made_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("manifest.table")
        table.setAccessibleName("The table")
        table.setModel(self.model)
        table.setItemDelegate(MarkingDelegate(table))
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setWordWrap(False)
        table.verticalHeader().setDefaultSectionSize(3 * GRID_PX)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return table

    def _made_list(self) -> QListWidget:
        said = QListWidget()
        said.setObjectName("manifest.said")
        said.setAccessibleName("What is amiss")
        said.setFixedHeight(LIST_PX)
        said.setIconSize(QSize(16, 16))
        said.setUniformItemSizes(True)
        said.currentItemChanged.connect(lambda item, _before: self._go_to(item))
        said.itemClicked.connect(self._go_to)
        return said

    # --- what was read -----------------------------------------------------------------------------------------

    def _show(self, found: Inspection) -> None:
        self._task, self._found, self._unreadable = None, found, ""
        self.model.show_inspection(found)
        self.table.resizeColumnsToContents()
        for column in range(self.model.columnCount()):
            self.table.setColumnWidth(column, min(self.table.columnWidth(column), WIDEST_PX))
        self._list(found)
        self._judge()

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self._task, self._found = None, None
        what = f"{error.what[:1].upper()}{error.what[1:]}."
        self._unreadable = f"{what} {error.remedy}".strip()
        self.model.show_inspection(None)
        self.said.hide()
        self._judge()

    def _list(self, found: Inspection) -> None:
        """What is amiss, faults first; the signs say which stands in the way."""
        self.said.clear()
        for fault in found.faults:
            self._add(fault.sentence, "error", "danger", fault)
        for text in found.table.warnings:
            self._add(text, "warning", "warn", None)
        for oddity in found.oddities:
            self._add(oddity.text, "warning", "warn", oddity)
        self.said.setVisible(self.said.count() > 0)

    def _add(self, text: str, sign: str, role: str, said: Fault | Oddity | None) -> None:
        item = QListWidgetItem(icon(sign, role), f"{text[:1].upper()}{text[1:]}")
        item.setToolTip(plain_tip(item.text()))
        item.setData(SAID, said)
        self.said.addItem(item)

    def _go_to(self, item: QListWidgetItem | None) -> None:
        said = None if item is None else item.data(SAID)
        if said is not None and (index := self.model.place_of(said)).isValid():
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index)

    # --- what stands in the way --------------------------------------------------------------------------------

    def _judge(self) -> None:
        wrong_place = self._place.fault()
        fault = self._unreadable or _fault(self._found) or wrong_place
        self._verdict.setText(fault or ("Reading …" if self._found is None else _amount(self._found)))
        set_role(self._verdict, "danger" if fault else "")
        self._create.setEnabled(not fault and self._found is not None and self._task is None)

    def _edit(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file.absolute())))

    def _stop(self) -> None:
        if self._task is not None:
            self._task.drop()
            self._task = None


def _fault(found: Inspection | None) -> str:
    if found is None or not found.faults:
        return ""
    there = {row.line for row in found.rows}  # an image that is named twice is there
    missing = len({fault.line for fault in found.faults if fault.column == "image"} - there)
    told = f", {counted(missing, 'image')} not found" if missing else ""
    return f"{counted(len(found.faults), 'fault')}{told}. Mend the table, save it, and read it again."


def _amount(found: Inspection) -> str:
    """`60 images of 10 subjects at 60 visits, all of them found.`"""
    subjects = {row.subject for row in found.rows}
    visits = {(row.subject, row.visit) for row in found.rows}
    more = f" {counted(len(found.warnings), 'warning')}: nothing stands in the way." if found.warnings else ""
    return (
        f"{counted(len(found.rows), 'image')} of {counted(len(subjects), 'subject')} at "
        f"{counted(len(visits), 'visit')}, all of them found.{more}"
    )


def _changed_at(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None
