"""What the commands do that are no corrections: views, detection, settings, help; files are in `ui.file_commands`."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from ui.actions import Actions
from ui.adjudication.commands import AdjudicationCommands
from ui.banner import Banner
from ui.blinding.commands import BlindingCommands
from ui.comparing import Mode
from ui.corrections import CORRECTIONS
from ui.crash import CrashReport, pending_crash_report
from ui.detecting import Detecting
from ui.file_commands import FileCommands
from ui.messages import Message
from ui.panels import doubtful
from ui.preferences import change
from ui.record.commands import RecordCommands
from ui.study_commands import StudyCommands
from ui.view.adjustments import Adjustments
from ui.visit_commands import VisitCommands
from workstation.clock import utc_seconds
from workstation.edits import begin_read, set_calibration, set_change_rules, set_cutoffs

MODES = {
    "view.side_by_side": Mode.SIDE_BY_SIDE,
    "view.blink": Mode.BLINK,
    "view.curtain": Mode.CURTAIN,
    "view.fade": Mode.FADE,
}

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Commands(QObject):
    """Does them for one window. Dialogs are imported when they are asked for, so that the window opens quickly."""

    def __init__(self, window: "MainWindow", actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._desk = window.desk
        self._workspace = window.workspace
        self._actions = actions
        self.files = FileCommands(window)
        self.detecting = Detecting(window)
        self._crash: CrashReport | None = None
        corrections = {name: partial(do, self._workspace) for name, do in CORRECTIONS.items()}
        self.visits = VisitCommands(window, actions)
        self.adjudication = AdjudicationCommands(window, actions)
        self.study = StudyCommands(window, actions)
        self.blinding = BlindingCommands(window, actions)
        self.record = RecordCommands(window, actions)
        actions.connect_all({**corrections, **self._files(), **self._views(), **self._rest()})
        self._workspace.display_changed.connect(self._follow_display)
        window.comparison.linked_changed.connect(actions["view.linked"].setChecked)
        actions["view.linked"].setChecked(window.comparison.linked)
        window.comparison.comparing.mode_changed.connect(self._follow_mode)
        self._follow_mode()
        self._follow_display()
        self._desk.tools.scale_asked.connect(self.set_scale)
        self._desk.detection.began.connect(self._show_detection)
        self._desk.registrar.changed.connect(actions.refresh)

    def _files(self) -> dict[str, Callable[[], object]]:
        files = self.files
        return {
            "file.new": files.new_study,
            "file.new_table": files.new_study_of_manifest,
            "file.new_empty": files.new_empty_study,
            "file.open": files.ask_to_open,
            "file.demo": files.open_demo,
            "file.add_images": files.add_images,
            "file.import_reads": files.import_reads,
            "file.save": self._desk.saver.save_now,
            "file.save_as": files.save_as,
            "file.export": lambda: self._desk.exporter.ask(self._window),
            "file.close": files.close_study,
            "file.settings": self.settings,
            "file.quit": self._window.close,
        }

    def _views(self) -> dict[str, Callable[[], object]]:
        comparison, strip = self._window.comparison, self._window.film_strip
        return {
            "view.zoom_in": comparison.zoom_in,
            "view.zoom_out": comparison.zoom_out,
            "view.fit": comparison.fit,
            "view.one_to_one": comparison.one_to_one,
            "view.to_selection": lambda: doubtful.show_selected(self._workspace),
            **{name: partial(self._compare, mode) for name, mode in MODES.items()},
            "view.linked": lambda: comparison.set_linked(self._actions["view.linked"].isChecked()),
            "view.other": self._go_to_other,
            "view.hide_overlay": self._toggle_overlay,
            "view.local_contrast": self._toggle_local_contrast,
            "view.reset_display": self._reset_adjustments,
            "view.panels": self._show_panels,
            "view.full_screen": self._toggle_full_screen,
            "visits.film_strip": lambda: strip.set_wanted(self._actions["visits.film_strip"].isChecked()),
            "visits.later": lambda: strip.step(1),
            "visits.earlier": lambda: strip.step(-1),
        }

    def _rest(self) -> dict[str, Callable[[], object]]:
        return {
            "edit.undo": self._undo,
            "edit.redo": self._workspace.redo,
            "edit.comment": self._comment,
            "edit.delete": self._delete,
            "hairs.set_width": self._window.column.edit_width,
            "image.detect": self.detecting.begin,
            "image.detect_all": self.files.detect_where_nothing_is,
            "image.scale": self.set_scale,
            "image.new_read": self.begin_anew,
            "help.keys": self.show_keys,
            "help.crash": self.show_crash_report,
            "help.about": self.about,
        }

    def _undo(self) -> None:
        """The landmark whose registration is under way, else the last edit."""
        if not self._desk.registrar.take_back():
            self._workspace.undo()

    def _delete(self) -> None:
        """What the tool holds, such as a vertex, else the selected hairs."""
        if not self._desk.tools.remove():
            CORRECTIONS["edit.delete"](self._workspace)

    # --- views -------------------------------------------------------------------------------------------------

    def _go_to_other(self) -> None:
        """Have keys act on the next image to the right, and on the first after the last."""
        if self._window.comparison.comparing.over:
            self._window.comparison.comparing.flip()
            return
        shown, active = self._workspace.shown, self._workspace.active
        if active in shown and len(shown) > 1:
            image_id = shown[(shown.index(active) + 1) % len(shown)]
            self._workspace.set_active(image_id)
            view = self._window.comparison.view_of(image_id)
            if view is not None:
                view.setFocus()

    def _compare(self, mode: Mode) -> None:
        """Compare in another way; a way that is taken already leads back."""
        comparing = self._window.comparison.comparing
        comparing.set_mode(Mode.SIDE_BY_SIDE if comparing.mode is mode else mode)
        self._follow_mode()

    def _follow_mode(self) -> None:
        comparing = self._window.comparison.comparing
        for name, mode in MODES.items():
            self._actions[name].setChecked(comparing.mode is mode)
        if comparing.over:
            self.detecting.close()

    def _toggle_overlay(self) -> None:
        display = self._workspace.display
        self._workspace.set_display(replace(display, layers=display.layers.toggled("visible")))

    def _toggle_local_contrast(self) -> None:
        display = self._workspace.display
        wanted = not display.adjustments.local_contrast
        self._workspace.set_display(replace(display, adjustments=replace(display.adjustments, local_contrast=wanted)))

    def _reset_adjustments(self) -> None:
        self._workspace.set_display(replace(self._workspace.display, adjustments=Adjustments()))

    def _follow_display(self) -> None:
        display = self._workspace.display
        self._actions["view.hide_overlay"].setChecked(not display.layers.visible)
        self._actions["view.local_contrast"].setChecked(display.adjustments.local_contrast)

    def _show_panels(self) -> None:
        self.detecting.close()
        self._window.follow_page()

    def _toggle_full_screen(self) -> None:
        full = self._actions["view.full_screen"].isChecked()
        (self._window.showFullScreen if full else self._window.showNormal)()

    def _show_detection(self, _n_images: int) -> None:
        """Show how far detection is, with a way to stop it."""
        detection = self._desk.detection
        strip = self._window.status.begin_work("Detecting")
        detection.progressed.connect(strip.show_progress)
        strip.cancel_asked.connect(detection.cancel)
        for ended in (detection.finished, detection.failed, detection.cancelled):
            ended.connect(strip.end)

    def detect_at_once(self) -> None:
        """Detect in the images shown, with what the settings say: where nothing is yet, one click is enough."""
        self._desk.detection.detect(self._workspace.shown)

    # --- images ------------------------------------------------------------------------------------------------

    def begin_anew(self) -> None:
        """Begin another read of the active image from its latest detection; the one before is kept."""
        workspace, image_id = self._workspace, self._workspace.active
        session = workspace.session
        if session is None or image_id is None:
            return
        detections = [read for read in session.study.reads_of(image_id) if not read.editable]
        if not detections:
            workspace.tell("Nothing was detected in this image yet.")
            return
        user = session.document.user
        workspace.commit_study(lambda study: begin_read(study, detections[-1].id, image_id, user, utc_seconds()))

    def set_scale(self, image_id: int | None = None, drawn_px: float | None = None) -> None:
        """Ask for the scale of an image.

        Args:
            image_id: the image; the active one if None.
            drawn_px: the length of a line that was drawn for it.
        """
        from ui.dialogs.scale import ScaleDialog

        session, study = self._workspace.session, self._workspace.study
        image_id = self._workspace.active if image_id is None else image_id
        if study is None or image_id is None:
            return
        dialog = ScaleDialog(study.images[image_id], drawn_px, self._window)
        dialog.draw_asked.connect(lambda: self._workspace.set_tool("measure"))
        if dialog.exec() == QDialog.DialogCode.Accepted and self._workspace.session is session:
            choice = dialog.choice
            self._workspace.commit_study(
                lambda study: set_calibration(study, image_id, choice.um_per_px, choice.source)
            )

    def _comment(self) -> None:
        self._actions["view.panels"].setChecked(True)
        self._show_panels()
        self._window.column.edit_comment()

    # --- settings and help -------------------------------------------------------------------------------------

    def settings(self, *, keys: bool = False) -> None:
        """Change the settings.

        Args:
            keys: begin with the keys.
        """
        from ui.dialogs.settings import SettingsDialog

        workspace, session, study = self._workspace, self._workspace.session, self._workspace.study
        of_study = study if workspace.can_edit else None
        cutoffs, rules = (None, None) if of_study is None else (of_study.cutoffs, of_study.rules)
        dialog = SettingsDialog(workspace.settings, cutoffs, self._window, study_rules=rules)
        if keys:
            dialog.show_keys()
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        if changes := dialog.changes():
            change(workspace, lambda settings: settings.changed(**changes))
        wanted = dialog.study_cutoffs()
        if wanted and workspace.session is session:
            workspace.commit_study(lambda study: set_cutoffs(study, wanted.vellus_below_um, wanted.terminal_from_um))
        rule = dialog.study_rules()
        if rule and workspace.session is session:
            workspace.commit_study(lambda study: set_change_rules(study, rule.min_overlap, rule.width_error_um))

    def show_keys(self) -> None:
        """Show the sheet of keys."""
        from ui.dialogs.shortcut_sheet import ShortcutSheet

        sheet = ShortcutSheet(self._workspace.settings.keys, self._window)
        sheet.change_asked.connect(lambda: self.settings(keys=True))
        sheet.show()

    def offer_crash_report(self) -> None:
        """Offer what a crash left behind, if there is anything."""
        self._crash = pending_crash_report()
        self._actions["help.crash"].setVisible(self._crash is not None)
        if self._crash is None:
            return
        banner = Banner("The program ended unexpectedly the last time. Corrections were on disk.", "warning", "warn")
        banner.add_action("Show report…").clicked.connect(self.show_crash_report)
        banner.closed.connect(self._forget_crash)
        self._crash_banner = banner
        self._window.start.add_banner(banner)

    def show_crash_report(self) -> None:
        """Show what the last crash left behind; whoever closes it has seen it."""
        from ui.dialogs.crash_report import CrashReportDialog

        if self._crash is not None and CrashReportDialog(self._crash, self._window).exec():
            self._forget_crash()

    def _forget_crash(self) -> None:
        if self._crash is not None:
            self._crash.discard()
            self._crash = None
            self._crash_banner.hide()
            self._actions["help.crash"].setVisible(False)

    def about(self) -> None:
        """Say what the program is."""
        from ui.dialogs.about import AboutDialog

        AboutDialog(self._window).exec()

    def show_details(self, message: Message) -> None:
        """Show the details of a message."""
        from ui.dialogs.error import ErrorDialog

        ErrorDialog(message, self._window).exec()
