"""What the commands do that are no corrections: files, views, detection, settings, help."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from analysis.detection import DetectionParameters
from ui import theme
from ui.actions import Actions
from ui.corrections import CORRECTIONS
from ui.crash import pending_crash_report
from ui.dropped import Dropped, sorted_out
from ui.messages import Message, MessageKind
from ui.panels import doubtful
from ui.preferences import change
from ui.view.adjustments import Adjustments
from workstation.adopting import undetected
from workstation.edits import begin_read, set_calibration
from workstation.errors import UserFacingError
from workstation.manifest import ManifestRow, read_manifest

if TYPE_CHECKING:
    from ui.main_window import MainWindow

STUDY_FILES = "Studies (*.h5 *.hdf5)"
IMAGE_FILES = "Images (*.jpg *.jpeg *.png *.tif *.tiff *.bmp *.webp)"


class Commands(QObject):
    """Does them for one window. Dialogs are imported when they are asked for, so that the window opens quickly."""

    def __init__(self, window: "MainWindow", actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._desk = window.desk
        self._workspace = window.workspace
        self._actions = actions
        corrections = {name: partial(do, self._workspace) for name, do in CORRECTIONS.items()}
        actions.connect_all({**corrections, **self._files(), **self._views(), **self._rest()})
        self._workspace.display_changed.connect(self._follow_display)
        window.comparison.linked_changed.connect(actions["view.linked"].setChecked)
        actions["view.linked"].setChecked(window.comparison.linked)
        self._follow_display()

    def _files(self) -> dict[str, Callable[[], object]]:
        return {
            "file.new": self.new_study,
            "file.open": self.ask_to_open,
            "file.demo": self.open_demo,
            "file.add_images": self.add_images,
            "file.save": self._desk.saver.save_now,
            "file.save_as": self.save_as,
            "file.export": lambda: self._desk.exporter.ask(self._window),
            "file.close": self.close_study,
            "file.settings": self.settings,
            "file.quit": self._window.close,
        }

    def _views(self) -> dict[str, Callable[[], object]]:
        comparison = self._window.comparison
        return {
            "view.zoom_in": comparison.zoom_in,
            "view.zoom_out": comparison.zoom_out,
            "view.fit": comparison.fit,
            "view.one_to_one": comparison.one_to_one,
            "view.to_selection": lambda: doubtful.show_selected(self._workspace),
            "view.linked": lambda: comparison.set_linked(self._actions["view.linked"].isChecked()),
            "view.other": self._go_to_other,
            "view.hide_overlay": self._toggle_overlay,
            "view.local_contrast": self._toggle_local_contrast,
            "view.reset_display": self._reset_adjustments,
            "view.panels": self._show_panels,
            "view.full_screen": self._toggle_full_screen,
        }

    def _rest(self) -> dict[str, Callable[[], object]]:
        return {
            "edit.undo": self._workspace.undo,
            "edit.redo": self._workspace.redo,
            "edit.comment": self._comment,
            "hairs.set_width": self._window.column.edit_width,
            "image.detect": lambda: self.detect(self._workspace.shown),
            "image.detect_all": self.detect_where_nothing_is,
            "image.scale": self.set_scale,
            "image.new_read": self.begin_anew,
            "help.keys": self.show_keys,
            "help.crash": self.show_crash_report,
            "help.about": self.about,
        }

    # --- files -------------------------------------------------------------------------------------------------

    def open(self, path: Path, then: Callable[[], object] = lambda: None) -> None:
        """Open a study in place of the one that is open, which is saved and closed first."""
        if not self._knows_reader() or self._desk.opener.busy:
            return
        self.close_study(lambda: self._desk.opener.open(path, then))

    def ask_to_open(self) -> None:
        """Ask which study to open."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open study", self._folder(), STUDY_FILES)
        if chosen:
            self.open(Path(chosen))

    def open_demo(self) -> None:
        """Open the bundled pair; detect in it the first time."""
        self._desk.maker.demo(lambda path: self.open(path, self.detect_where_nothing_is))

    def close_study(self, then: Callable[[], object] = lambda: None) -> None:
        """Save the open study and close it; it stays open where that fails and the user wants so."""
        session = self._workspace.session
        if session is None:
            then()
            return

        def finished(error: UserFacingError | None) -> None:
            if self._workspace.session is not session or (error is not None and not self.closes_unsaved(error)):
                return
            self._desk.detection.cancel()
            self._workspace.set_session(None)
            session.close()
            then()

        self._desk.tools.cancel()
        self._desk.saver.finish(finished)

    def closes_unsaved(self, error: UserFacingError) -> bool:
        """Ask whether to close a study that could not be saved; its corrections come back when it is opened again."""
        box = QMessageBox(self._window)
        box.setObjectName("unsaved_dialog")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Not saved")
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
            self._desk.maker.copy(session, path if path.suffix else path.with_suffix(".h5"))

    def new_study(self) -> None:
        """Ask for images and make a study of them."""
        self._make_study(self._ask_for_images())

    def add_images(self) -> None:
        """Ask for images and add them to the open study."""
        self._add(self._ask_for_images())

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

    def take_paths(self, paths: list[Path]) -> None:
        """Open what was dropped on the start page."""
        dropped = sorted_out(paths)
        if dropped is None:
            self._workspace.tell("That is neither a study (.h5), a manifest (.csv) nor an image.", MessageKind.WARNING)
        else:
            self.take(dropped)

    def _make_study_of_manifest(self, path: Path) -> None:
        try:
            manifest = read_manifest(path)
        except UserFacingError as error:
            self._workspace.told.emit(Message.of_error(error))
            return
        start = path.with_suffix(".h5")
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save the new study as", str(start), STUDY_FILES)
        if chosen:
            self._desk.maker.of_rows(manifest.rows, Path(chosen), self.open)
