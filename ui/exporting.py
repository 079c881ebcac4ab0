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
from workstation.session import Session


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What to write, and where to."""

    folder: Path
    tables: bool = True
    shapes: bool = True
    pictures: bool = False


class ExportDialog(QDialog):
    """Asks what to export.

    Args:
        folder: offered as the place.
        parent: the window.
    """

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        self._tables = self._box("export_tables", "&Tables (CSV): images, hairs, units, matches, changes", checked=True)
        self._shapes = self._box("export_shapes", "&Shapes (GeoJSON), for QuPath and others", checked=True)
        self._pictures = self._box("export_pictures", "&Pictures (PNG): overlays and width histograms")
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
        for box in (self._tables, self._shapes, self._pictures):
            layout.addWidget(box)
        note = QLabel("The reads in use are written; files of the same names in the folder are replaced.")
        note.setProperty("role", "muted")
        note.setWordWrap(True)
        layout.addWidget(note)
        layout.addWidget(buttons)
        self._folder.textChanged.connect(self._check)
        self._check()

    @property
    def choice(self) -> ExportChoice:
        """What was chosen."""
        return ExportChoice(
            Path(self._folder.text().strip()).expanduser(),
            self._tables.isChecked(),
            self._shapes.isChecked(),
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
        self._go.setEnabled(bool(self._folder.text().strip()) and (choice.tables or choice.shapes or choice.pictures))

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Folder to write into", self._folder.text())
        if chosen:
            self._folder.setText(chosen)


def write_export(session: Session, choice: ExportChoice, report: Report) -> list[Path]:
    """Write what was chosen; on any thread.

    Returns:
        The files written.

    Raises:
        UserFacingError: if something cannot be read or written.
        Cancelled: if the report asks for it.
    """
    # the picture of a histogram needs matplotlib, which takes long to import
    from workstation.export.study_files import ExportFormat, export_study
    from workstation.images import load_of
    from workstation.pictures.of_study import write_pictures
    from workstation.storage.atomic import explain

    study, folder = session.study, choice.folder
    formats = [ExportFormat.CSV] * choice.tables + [ExportFormat.GEOJSON] * choice.shapes
    steps: list[Callable[[Report], list[Path]]] = [partial(export_study, study, folder, format) for format in formats]
    if choice.pictures:
        home = session.path.parent

        def pictures(report: Report) -> list[Path]:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise explain(error, folder) from error
            embedded = session.image_file
            return write_pictures(
                study,
                lambda record: load_of(home, record, embedded=lambda image: embedded(image.id)).pixels,
                folder,
                report,
            )

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
        dialog = ExportDialog(session.path.parent / f"{session.path.stem}-export", parent)
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
