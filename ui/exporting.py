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
    QVBoxLayout,
    QWidget,
)

from analysis.progress import Report, part_of
from ui.long_jobs import LongJobs
from ui.messages import Message, MessageKind
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


class ExportDialog(QDialog):
    """Asks what to export.

    Args:
        folder: offered as the place.
        now: the state of the study, with which earlier exports there are compared; None: they are not.
        parent: the window.
    """

    def __init__(self, folder: Path, now: ExportState | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
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
        self._earlier = QLabel()
        self._earlier.setObjectName("export_earlier")
        self._earlier.setProperty("role", "muted")
        self._earlier.setWordWrap(True)
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
        for box in (*self._formats.values(), self._pictures):
            layout.addWidget(box)
        note = QLabel("The reads in use are written; files of the same names in the folder are replaced.")
        note.setProperty("role", "muted")
        note.setWordWrap(True)
        layout.addWidget(note)
        layout.addWidget(buttons)
        self._folder.textChanged.connect(self._check)
        self._folder.editingFinished.connect(self._compare)
        self._check()
        self._compare()

    @property
    def choice(self) -> ExportChoice:
        """What was chosen."""
        return ExportChoice(
            Path(self._folder.text().strip()).expanduser(),
            tuple(format for format, box in self._formats.items() if box.isChecked()),
            self._pictures.isChecked(),
        )

    def _box(self, name: str, text: str, *, checked: bool = False) -> QCheckBox:
        box = QCheckBox(text)
        box.setObjectName(name)
        box.setChecked(checked)
        box.toggled.connect(self._check)
        return box

    def _check(self) -> None:
        choice = self.choice
        self._go.setEnabled(bool(self._folder.text().strip()) and bool(choice.formats or choice.pictures))

    def _compare(self) -> None:
        """Say what lies in the folder already, and whether the study has changed since."""
        said = [] if self._now is None else earlier_exports(self.choice.folder, self._now)
        self._earlier.setText("\n".join(said))
        self._earlier.setVisible(bool(said))

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
        dialog = ExportDialog(session.path.parent / f"{session.path.stem}-export", export_state(session), parent)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.export(session, dialog.choice)

    def export(self, session: Session, choice: ExportChoice) -> None:
        """Export, with progress; the outcome is told."""
        done = partial(self._done, choice)
        self._run("Exporting", partial(write_export, session, choice), done, stopped="Export stopped.")

    def _done(self, choice: ExportChoice, files: list[Path]) -> None:
        details = "\n".join(str(file) for file in files)
        text = f"{len(files)} file{'s' if len(files) != 1 else ''} written to {choice.folder}."
        self._workspace.told.emit(Message(text, MessageKind.NOTE, details=details))
