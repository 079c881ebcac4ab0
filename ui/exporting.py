"""Export: a dialog that asks what and where, and the work on a thread with progress and cancel."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from analysis.progress import Report, part_of
from ui.dialogs.sheet import paragraph
from ui.long_jobs import LongJobs
from ui.messages import Message, MessageKind
from ui.package_choice import PackageBox, PackageChoice
from ui.theme import GRID_PX
from workstation.deidentifying import Package, write_package
from workstation.errors import UserFacingError
from workstation.export.manifest import read_entries, record
from workstation.export.parquet import parquet_is_there
from workstation.export.state import ExportState, export_state, staleness, when_made
from workstation.export.study_files import ExportFormat, export_session
from workstation.session import Session

BOXES = (
    (ExportFormat.CSV, "&Tables (CSV), a file each", True),
    (ExportFormat.XLSX, "&Workbook (Excel), a sheet a table", False),
    (ExportFormat.GEOJSON, "&Shapes (GeoJSON), for QuPath and others", True),
    (ExportFormat.COCO, "&Annotations (COCO), for training detectors", False),
    (ExportFormat.PARQUET, "&Long tables (Parquet), for pandas, R and DuckDB", False),
)
"""Format, what is said of it, and whether it is offered as chosen."""


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What to write, and where to."""

    folder: Path
    formats: tuple[ExportFormat, ...] = (ExportFormat.CSV, ExportFormat.GEOJSON)
    pictures: bool = False
    package: PackageChoice | None = None
    """A de-identified package instead of all that."""


class ExportDialog(QDialog):
    """Asks what to export.

    Args:
        folder: offered as the place.
        now: the state of the study, with which earlier exports there are compared; None: they are not.
        parent: the window.
        stem: of the study file, after which a de-identified package and its key are named.
    """

    def __init__(
        self, folder: Path, now: ExportState | None = None, parent: QWidget | None = None, stem: str = "study"
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._offered = {False: str(folder), True: str(folder.parent / f"{stem}-deidentified")}
        self._whole = QRadioButton("Tables, shapes and pictures, for other &programs")
        self._whole.setObjectName("export_whole")
        self._whole.setChecked(True)
        self._anonymous = QRadioButton("A &de-identified package, to be passed on")
        self._anonymous.setObjectName("export_anonymous")
        self._package = PackageBox(folder.parent / f"{stem}-key.csv", self._check)
        self.setObjectName("export_dialog")
        self.setWindowTitle("Export")
        self._folder = QLineEdit(str(folder))
        self._folder.setObjectName("export_folder")
        self._folder.setAccessibleName("Folder to write into")
        self._folder.setMinimumWidth(360)
        browse = QPushButton("&Browse…")
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.addWidget(self._folder, 1)
        place.addWidget(browse)
        self._formats = {format: self._box(f"export_{format}", text, checked=on) for format, text, on in BOXES}
        if not parquet_is_there():
            self._formats[ExportFormat.PARQUET].setEnabled(False)
            self._formats[ExportFormat.PARQUET].setToolTip("Install it with: pip install trichodesk[parquet]")
        self._pictures = self._box("export_pictures", "Pict&ures (PNG): overlays and width histograms")
        self._earlier = paragraph("", "muted")
        self._earlier.setObjectName("export_earlier")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._go = buttons.addButton("&Export", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        title = QLabel("F&older")
        title.setBuddy(self._folder)  # a row that is no single widget names none by itself
        form.addRow(title, place)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addLayout(form)
        layout.addWidget(self._earlier)
        layout.addWidget(self._whole)
        self._tables = self._tables_box()
        layout.addWidget(self._tables)
        layout.addWidget(self._anonymous)
        layout.addWidget(self._package)
        self._fault = paragraph("", "danger")
        self._fault.setObjectName("export_fault")
        layout.addWidget(self._fault)
        layout.addWidget(buttons)
        self._anonymous.toggled.connect(self._switch)
        self._folder.textChanged.connect(self._check)
        self._folder.editingFinished.connect(self._compare)
        self._switch(False)

    @property
    def choice(self) -> ExportChoice:
        """What was chosen."""
        folder = Path(self._folder.text().strip()).expanduser()
        if self._anonymous.isChecked():
            return ExportChoice(folder, (), package=self._package.choice)
        return ExportChoice(
            folder,
            tuple(format for format, box in self._formats.items() if box.isChecked()),
            self._pictures.isChecked(),
        )

    def _tables_box(self) -> QWidget:
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(3 * GRID_PX, 0, 0, 0)
        layout.setSpacing(GRID_PX)
        for box in (*self._formats.values(), self._pictures):
            layout.addWidget(box)
        note = "The reads in use are written; files of the same names in the folder are replaced."
        layout.addWidget(paragraph(note, "muted"))
        return part

    def _switch(self, package: bool) -> None:
        """Ask for what belongs to the choice; the folder follows as long as it is the one that was offered."""
        self._tables.setVisible(not package)
        self._package.setVisible(package)
        if self._folder.text() == self._offered[not package]:
            self._folder.setText(self._offered[package])
        self._check()
        self._compare()

    def _fit(self) -> None:
        """Be as high as what is shown: texts that wrap would be cut off."""
        if (layout := self.layout()) is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def _box(self, name: str, text: str, *, checked: bool = False) -> QCheckBox:
        box = QCheckBox(text)
        box.setObjectName(name)
        box.setChecked(checked)
        box.toggled.connect(self._check)
        return box

    def _check(self) -> None:
        choice, named = self.choice, bool(self._folder.text().strip())
        fault = self._package.fault(choice.folder) if named and choice.package is not None else ""
        is_new = fault != self._fault.text()
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))
        if is_new:
            self._fit()
        wanted = bool(choice.formats or choice.pictures or choice.package is not None)
        self._go.setEnabled(named and wanted and not fault)

    def _compare(self) -> None:
        """Say what lies in the folder already, and whether the study has changed since."""
        said = (
            [] if self._now is None or self._anonymous.isChecked() else earlier_exports(self.choice.folder, self._now)
        )
        self._earlier.setText("\n".join(said))
        self._earlier.setVisible(bool(said))
        self._fit()

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Folder to write into", self._folder.text())
        if chosen:
            self._folder.setText(chosen)
            self._compare()


def earlier_exports(folder: Path, now: ExportState) -> list[str]:
    """A line for each export that lies in a folder: whether the study has changed since. Files are not looked into."""
    try:
        entries = read_entries(folder)
    except UserFacingError as error:
        return [f"{error.what[:1].upper()}{error.what[1:]}."]
    return [
        f"There already: {entry.format} of {when_made(entry.state)}, {staleness(entry.state, now) or 'up to date'}."
        for entry in entries
    ]


def write_export(session: Session, choice: ExportChoice, report: Report) -> list[Path]:
    """Write what was chosen; on any thread.

    Returns:
        The files written.

    Raises:
        UserFacingError: if something cannot be read or written.
        Cancelled: if the report asks for it.
    """
    # the picture of a histogram needs matplotlib, which takes long to import
    from workstation.images import load_of
    from workstation.pictures.of_study import write_pictures
    from workstation.storage.atomic import explain

    moment, folder = session.moment, choice.folder
    steps: list[Callable[[Report], list[Path]]] = []
    if choice.formats:
        steps.append(partial(export_session, session, folder, choice.formats))
    if choice.pictures:
        home = session.path.parent

        def pictures(report: Report) -> list[Path]:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise explain(error, folder) from error
            embedded = session.image_file
            files = write_pictures(
                moment.study,
                lambda shown: load_of(home, shown, embedded=lambda image: embedded(image.id)).pixels,
                folder,
                report,
            )
            record(folder, "pictures", export_state(session, moment), files)
            return files

        steps.append(pictures)
    written: list[Path] = []
    for done, step in enumerate(steps):
        written += step(part_of(report, done / len(steps), 1 / len(steps)))
    return written


def write_anonymous(session: Session, folder: Path, choice: PackageChoice, report: Report) -> Package:
    """Write a de-identified package; on any thread. Raises as `write_package`."""
    return write_package(session, folder, key_file=choice.key_file, keep_comments=choice.keep_comments, report=report)


class Exporter(LongJobs):
    """Runs exports.

    Args:
        workspace: whose study is exported, and which is told how it went.
        follow: shows a watcher's progress under a title.
        parent: the Qt parent.
    """

    def ask(self, parent: QWidget) -> None:
        """Ask what to export, and do it."""
        session = self._workspace.session
        if session is None:
            return
        stem = session.path.stem
        dialog = ExportDialog(session.path.parent / f"{stem}-export", export_state(session), parent, stem)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.export(session, dialog.choice)

    def export(self, session: Session, choice: ExportChoice) -> None:
        """Export, with progress; the outcome is told."""
        if choice.package is not None:
            self._run(
                "De-identifying",
                partial(write_anonymous, session, choice.folder, choice.package),
                self._packed,
                stopped="De-identifying stopped; nothing was written.",
                session=session,
            )
            return
        done = partial(self._done, choice)
        self._run("Exporting", partial(write_export, session, choice), done, stopped="Export stopped.")

    def _done(self, choice: ExportChoice, files: list[Path]) -> None:
        details = "\n".join(str(file) for file in files)
        text = f"{len(files)} file{'s' if len(files) != 1 else ''} written to {choice.folder}."
        self._workspace.told.emit(Message(text, MessageKind.NOTE, details=details))

    def _packed(self, package: Package) -> None:
        details = "\n".join(str(path) for path in (package.study, *package.images, *filter(None, [package.key])))
        text = f"{package.study.parent}: {' '.join(package.sentences)}"
        self._workspace.told.emit(Message(text, MessageKind.NOTE, details=details))
