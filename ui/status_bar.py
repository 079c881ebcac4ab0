"""The lower edge of the window: where am I, what is under the pointer, is my work safe."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStatusBar, QWidget

from analysis.calibration import Calibration
from ui.background import JobWatcher
from ui.elided import ElidedLabel
from ui.icons import set_icon
from ui.plain_text import plain_tip
from ui.pointing import Target
from ui.progress_strip import ProgressStrip
from ui.saving import SaveState
from ui.status_text import SEPARATOR, position_text, save_text, target_text, zoom_text
from ui.theme import GRID_PX
from ui.workspace import Workspace

WIDEST_POSITION = "00.000, 00.000 mm · 0000, 0000 px"
WIDEST_ZOOM = "0000 % · 00.00 µm/px"
HEIGHT_PX = 32
"""With and without a progress bar, so that the images above do not jump."""
USUAL_STATE = "Saved 00:00 · 000 edits since"
"""So much room is kept, that a way to stop work beside it stays where it is."""
CHIP_PX = 240
"""The longest that the state of saving gets; its tip says the rest."""


class StatusBar(QStatusBar):
    """Listens to the workspace; hints, zoom and the state of saving are told to it.

    Args:
        workspace: whose pointer is followed.
        what_became: says what became of what lies under it at another visit; empty where that is not known.
        parent: the window.
    """

    save_asked = Signal()
    read_only_clicked = Signal()

    def __init__(
        self,
        workspace: Workspace,
        what_became: Callable[[Target], str] = lambda _: "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._what_became = workspace, what_became
        self.setObjectName("status")
        self.setAccessibleName("Status")
        self.setSizeGripEnabled(False)
        self.setMinimumHeight(HEIGHT_PX)
        self._position = self._label("status.position", WIDEST_POSITION)
        self._target = self._label("status.target")
        self._hint = self._label("status.hint")
        self._hint.setProperty("role", "muted")
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._save = _chip("status.save")
        self._save.setText(USUAL_STATE)
        set_icon(self._save, "save")
        self._save.setMinimumWidth(self._save.sizeHint().width())
        self._save.clicked.connect(self._on_save_clicked)
        self._zoom = self._label("status.zoom", WIDEST_ZOOM)
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._row_widget = QWidget()
        self._row = QHBoxLayout(self._row_widget)
        self._row.setContentsMargins(GRID_PX, 2, GRID_PX, 2)
        self._row.setSpacing(2 * GRID_PX)
        for part, stretch in (
            (self._position, 0),
            (self._target, 0),
            (self._hint, 1),
            (self._save, 0),
            (self._zoom, 0),
        ):
            self._row.addWidget(part, stretch)
        self.addWidget(self._row_widget, 1)
        self._state = SaveState()
        workspace.cursor_changed.connect(self._show_position)
        for changed in (workspace.hover_changed, workspace.document_changed, workspace.settings_changed):
            changed.connect(self._show_target)
        workspace.session_changed.connect(self._on_session_changed)
        self._on_session_changed()

    def set_hint(self, text: str) -> None:
        """Say what the tool in hand does next."""
        self._hint.setText(text)

    def set_zoom(self, scale: float | None, calibration: Calibration | None = None) -> None:
        """Say how large the active image is drawn.

        Args:
            scale: pixels of the screen for one of the image; None where no image is shown.
            calibration: of the image.
        """
        self._zoom.setText("" if scale is None else zoom_text(scale, calibration))

    def show_saving(self, state: SaveState) -> None:
        """Say how safe the work is."""
        self._state = state
        said = save_text(state)
        fitted = self._save.fontMetrics().elidedText(said.text, Qt.TextElideMode.ElideRight, CHIP_PX)
        self._save.setText(fitted)
        self._save.setToolTip(plain_tip(said.tip if fitted == said.text else f"{said.text}\n\n{said.tip}"))
        self._save.setAccessibleName(said.text)
        self._save.setAccessibleDescription(said.tip)
        set_icon(self._save, said.icon, said.role)
        self._save.setVisible(self._workspace.session is not None)

    def begin_work(self, title: str, watcher: JobWatcher | None = None) -> ProgressStrip:
        """Show long work, with a way to stop it, until it is over.

        Args:
            title: what it is.
            watcher: of the job, if it is one; else the caller tells the strip how far it is.
        """
        strip = ProgressStrip(title)
        if watcher is not None:
            strip.follow(watcher)
        strip.over.connect(strip.deleteLater)
        self._row.insertWidget(self._row.indexOf(self._save), strip)
        return strip

    def _label(self, name: str, widest: str = "") -> ElidedLabel:
        label = ElidedLabel()
        label.setObjectName(name)
        if widest:  # what follows must not jump with each digit
            label.setMinimumWidth(label.fontMetrics().horizontalAdvance(widest))
        return label

    def _on_session_changed(self) -> None:
        if self._workspace.session is None:
            self.set_zoom(None)
            self.set_hint("")
        self.show_saving(self._state if self._workspace.session is not None else SaveState())
        self._show_position()
        self._show_target()

    def _on_save_clicked(self) -> None:
        (self.save_asked if self._state.read_only_because is None else self.read_only_clicked).emit()

    def _calibration(self, image_id: int) -> Calibration | None:
        study = self._workspace.study
        record = None if study is None else study.images.get(image_id)
        return None if record is None else record.calibration

    def _show_position(self) -> None:
        cursor = self._workspace.cursor
        text = "" if cursor is None else position_text(cursor.position_px, self._calibration(cursor.image_id))
        self._position.setText(text)

    def _show_target(self) -> None:
        target = self._workspace.hover
        if target is None:
            self._target.setText("")
            return
        read, calibration = self._workspace.read(target.image_id), self._calibration(target.image_id)
        said = target_text(target, read, calibration, self._workspace.settings.doubtful_below)
        self._target.setText(SEPARATOR.join(part for part in (said, self._what_became(target)) if part))


def _chip(name: str) -> QPushButton:
    chip = QPushButton(flat=True)
    chip.setObjectName(name)
    chip.setProperty("role", "chip")
    chip.setIconSize(QSize(16, 16))
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return chip
