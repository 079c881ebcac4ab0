"""Choosing what to look for, with a preview in the image, up to the detection: one window's."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.comparing import Mode
from ui.live_preview import LivePreview
from ui.preferences import change

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Detecting(QObject):
    """See the module.

    Args:
        window: whose column has the panel, and whose active view the preview.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._workspace = workspace = window.workspace
        self._runner = window.desk.detection
        self._panel = panel = window.column.detect
        self.preview = LivePreview(workspace, window.desk.pixels, self._runner, window.comparison, self)
        panel.form.show_parameters(workspace.settings.detection)
        self._stored = workspace.settings.detection
        panel.parameters_changed.connect(lambda: self.preview.set_parameters(panel.parameters()))
        panel.detect_asked.connect(self.detect)
        panel.cancel_asked.connect(self.close)
        window.comparison.preview_answered.connect(self._answered)
        self.preview.changed.connect(self._show_preview)
        workspace.session_changed.connect(self.close)
        workspace.shown_changed.connect(self._show_images)
        workspace.document_changed.connect(self._show_images)
        workspace.settings_changed.connect(self._follow_settings)

    @property
    def open(self) -> bool:
        """Whether the panel is there."""
        return self._window.column.detect_shown

    def begin(self) -> None:
        """Open the panel; where it is open, put the keyboard there."""
        if not self.open:
            self._window.comparison.comparing.set_mode(Mode.SIDE_BY_SIDE)  # the preview is drawn there
            self._window.column.show_detect(True)
            self._window.column.show()
            self._show_images()
            self.preview.begin(self._panel.parameters())
        self._panel.focus()

    def close(self) -> None:
        """Leave everything as it is."""
        if not self.open:
            return
        self.preview.end()
        window = self._window
        window.column.show_detect(False)
        window.column.setVisible(self._workspace.session is not None and window.actions_["view.panels"].isChecked())
        window.focus_image()

    def detect(self) -> None:
        """Detect with what is chosen; it is kept with the result."""
        parameters, workspace = self._panel.parameters(), self._workspace
        if not self.open or parameters is None or not workspace.shown:
            return
        if self._runner.running:
            workspace.tell("Detection is still under way.")
            return
        everywhere, active = self._panel.all_shown.isChecked(), workspace.active
        images = workspace.shown if everywhere or active is None else (active,)
        if self._panel.remember.isChecked():
            self._panel.remember.setChecked(False)
            self._stored = parameters
            change(workspace, lambda settings: settings.changed(detection=parameters))
        self.close()
        self._runner.detect(images, parameters)

    def _answered(self, yes: bool) -> None:
        (self.detect if yes else self.close)()

    def _follow_settings(self) -> None:
        """Begin with what was set there; else with what was chosen here last."""
        stored = self._workspace.settings.detection
        if stored != self._stored:
            self._stored = stored
            self._panel.form.show_parameters(stored)
            self.preview.set_parameters(self._panel.parameters())

    def _show_images(self, _change: object = None) -> None:
        if not self.open:
            return
        workspace = self._workspace
        reads = [workspace.read(image_id) for image_id in workspace.shown]
        own = any(read is not None and read.editable for read in reads)
        self._panel.show_images(len(workspace.shown), corrected=own)

    def _show_preview(self) -> None:
        preview = self.preview
        self._panel.show_preview(preview.stage, preview.outlook, preview.error)
