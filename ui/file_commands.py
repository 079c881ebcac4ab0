"""What is done with files: opening, making, copying and closing studies, adding images."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox

from ui.dropped import Dropped
from ui.free_paths import STUDY_SUFFIX, fault_of_path, free_path
from ui.messages import Message, MessageKind
from ui.preferences import change
from workstation.adopting import undetected
from workstation.errors import UserFacingError
from workstation.home import account_name

if TYPE_CHECKING:
    from ui.main_window import MainWindow

STUDY_FILES = "Studies (*.h5 *.hdf5)"
MANIFESTS = "Tables (*.csv *.tsv *.txt)"
IMAGE_FILES = "Images (*.jpg *.jpeg *.png *.tif *.tiff *.bmp *.webp *.dcm *.dicom)"
READ_FILES = "Shapes (*.geojson *.json);;All files (*)"


class FileCommands(QObject):
    """Does it for one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._desk = window.desk
        self._workspace = window.workspace
        self._asked_reader = False

    def open(self, path: Path, then: Callable[[], object] = lambda: None) -> None:
        """Open a study in place of the one that is open, which is saved and closed first, and comes back if need be."""
        if self._desk.opener.busy:
            return
        self._ask_reader()
        before = None if self._workspace.session is None else self._workspace.session.path
        self.close_study(lambda: self._desk.opener.open(path, then, else_again=before))

    def ask_to_open(self) -> None:
        """Ask which study to open."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open study", self._folder(), STUDY_FILES)
        if chosen:
            self.open(Path(chosen))

    def open_demo(self) -> None:
        """Open the bundled pair; detect in it the first time."""
        if self._desk.maker.busy or self._desk.opener.busy:  # a second click on it
            return
        self._ask_reader()
        self._desk.maker.demo(lambda path: self.open(path, self.detect_where_nothing_is))

    def close_study(self, then: Callable[[], object] = lambda: None) -> None:
        """Save the open study and close it; it stays open where that fails and the user wants so."""
        session = self._workspace.session
        if session is None:
            then()
            return
        if self._desk.maker.works_on(session) or self._desk.packer.works_on(session):
            self._workspace.tell("Files of this study are being written. Close it when that is done, or stop that.")
            return

        if self._desk.tools.waits:
            self._workspace.tell("What was drawn is still being measured. Close the study when that is done.")
            return

        def finished(error: UserFacingError | None) -> None:
            if self._workspace.session is not session or (error is not None and not self.closes_unsaved(error)):
                return
            self._desk.detection.cancel()
            self._desk.registrar.cancel()
            self._window.commit_typed()  # it was saved off this thread, and the keys worked meanwhile
            self._workspace.set_session(None)
            session.close()
            then()

        self._desk.tools.cancel()
        self._desk.registrar.cancel()  # landmarks that wait for it are saved too
        self._window.commit_typed()
        self._desk.saver.finish(finished)

    def closes_unsaved(self, error: UserFacingError) -> bool:
        """Ask whether to close a study that could not be saved; its corrections come back when it is opened again."""
        box = QMessageBox(self._window)
        box.setObjectName("unsaved_dialog")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Not saved")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(Message.of_error(error).text)
        keep = box.addButton("&Keep it open", QMessageBox.ButtonRole.RejectRole)
        close = box.addButton("&Close all the same", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.exec()
        return box.clickedButton() is close

    def save_as(self) -> None:
        """Ask where to put a copy, write it on a thread, and offer to go on with it."""
        session = self._workspace.session
        if session is None:
            return
        start = session.path.with_name(f"{session.path.stem} copy.h5")
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save a copy as", str(start), STUDY_FILES)
        if chosen:
            path = Path(chosen)
            path = path if path.suffix else path.with_suffix(".h5")
            # of a study that cannot be changed, the copy is what one wants to go on with
            self._desk.maker.copy(session, path, self.open if session.read_only_because else lambda _: None)

    def new_study(self) -> None:
        """Ask for images and make a study of them."""
        self._make_study(self._ask_for_images())

    def add_images(self) -> None:
        """Ask for images and add them to the open study."""
        self._add(self._ask_for_images())

    def import_reads(self) -> None:
        """Ask for files with hairs, and bring each into the open study as a new read."""
        if self._workspace.session is None:
            return
        if not self._workspace.can_edit:
            self._workspace.tell("Nothing can be imported: the study is open for reading only.", MessageKind.WARNING)
            return
        chosen, _ = QFileDialog.getOpenFileNames(self._window, "Import reads", self._folder(), READ_FILES)
        if chosen:
            self._desk.maker.import_reads(tuple(map(Path, chosen)), self._show_imported)

    def _show_imported(self, image_ids: Sequence[int]) -> None:
        if not set(image_ids) & set(self._workspace.shown):
            self._workspace.set_shown(image_ids[:1])

    def take(self, dropped: Dropped) -> None:
        """Open what was dropped; images go into the open study, if there is one that can be changed."""
        if dropped.study is not None:
            self.open(dropped.study)
        elif dropped.manifest is not None:
            self._make_study_of_manifest(dropped.manifest)
        elif self._workspace.can_edit:
            self._add(dropped.images)
        else:
            self._make_study(dropped.images)

    def _make_study(self, images: Sequence[Path]) -> None:
        """Ask what the images are, and make a study of them."""
        from ui.dialogs.new_study import NewStudyDialog

        if not images:
            return
        dialog = NewStudyDialog(images, self._workspace.settings, self._desk.background, parent=self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._ask_reader()
            self._desk.maker.of_rows(dialog.rows, dialog.path, self.open)

    def _add(self, images: Sequence[Path]) -> None:
        """Ask what the images are, and add them to the open study."""
        from ui.dialogs.new_study import NewStudyDialog

        session, study = self._workspace.session, self._workspace.study
        if not images or study is None:
            return
        if not self._workspace.can_edit:
            self._workspace.tell("Images cannot be added: the study is open for reading only.", MessageKind.WARNING)
            return
        dialog = NewStudyDialog(images, self._workspace.settings, self._desk.background, study, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted and self._workspace.session is session:
            self._desk.maker.add(dialog.rows, self._workspace.set_shown)

    def new_study_of_manifest(self) -> None:
        """Ask for a table of images and make a study of it."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open a table of images", self._folder(), MANIFESTS)
        if chosen:
            change(self._workspace, lambda settings: settings.changed(last_folder=Path(chosen).parent))
            self._make_study_of_manifest(Path(chosen))

    def new_empty_study(self) -> None:
        """Ask for a place and make a study there whose subjects are entered by hand."""
        start = free_path(Path(self._folder()), "study")
        chosen, _ = QFileDialog.getSaveFileName(
            self._window,
            "New empty study",
            str(start),
            STUDY_FILES,
            options=QFileDialog.Option.DontConfirmOverwrite,  # nothing is ever overwritten: that is said below
        )
        if not chosen:
            return
        path = Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(STUDY_SUFFIX)
        if fault := fault_of_path(path, chosen):
            self._workspace.tell(fault, MessageKind.WARNING)
            return
        self._ask_reader()
        self._desk.maker.empty(path, self.open)

    def _make_study_of_manifest(self, path: Path) -> None:
        """Show what a table of images says, and make a study of it."""
        from ui.dialogs.manifest_preview import ManifestDialog

        dialog = ManifestDialog(path, self._desk.background, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._ask_reader()
            self._desk.maker.of_rows(dialog.rows, dialog.path, self.open)

    def detect_where_nothing_is(self) -> None:
        """Detect in those images of the study that have no detection yet."""
        study = self._workspace.study
        images = [] if study is None else [record.id for record in undetected(study)]
        if images:
            self._desk.detection.detect(images)
        elif study is not None:
            self._workspace.tell("All images have a detection.")

    def _ask_for_images(self) -> tuple[Path, ...]:
        chosen, _ = QFileDialog.getOpenFileNames(self._window, "Open images", self._folder(), IMAGE_FILES)
        images = tuple(map(Path, chosen))
        if images:
            change(self._workspace, lambda settings: settings.changed(last_folder=images[0].parent))
        return images

    def _folder(self) -> str:
        return str(self._workspace.settings.last_folder or Path.home())

    def _ask_reader(self) -> None:
        """Ask who reads, once, where it is not known; without an answer it is the name of the account."""
        from ui.dialogs.reader_name import ReaderNameDialog

        if self._workspace.settings.reader or self._asked_reader:
            return
        self._asked_reader = True
        dialog = ReaderNameDialog(account_name(), self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.name_reader(dialog.name)

    def forget(self, path: Path) -> None:
        """List a study no longer among the recent ones."""
        change(self._workspace, lambda settings: settings.without_recent(path))

    def name_reader(self, name: str) -> None:
        """Note who reads."""
        change(self._workspace, lambda settings: settings.changed(reader=name))
