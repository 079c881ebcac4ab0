"""Detect: what to look for. The fields, what they would give in what is seen, and the way to do it or not."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from analysis.detection import DetectionParameters, Polarity, Preset
from ui.dialogs.sheet import set_role
from ui.live_preview import Outlook, Stage
from ui.messages import Message
from ui.panels.detection_form import DetectionForm
from ui.panels.fact_rows import heading, muted
from ui.panels.figures import counted, number
from ui.panels.row import beside
from workstation.describing import chosen_text
from workstation.errors import UserFacingError

FAULT_AFTER_MS = 300
"""Whoever types a number passes through others."""
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
LEAD = "White lines show what would be found. Nothing changes until you detect."
CORRECTED = "Corrections stay as they are; what is found becomes a detection of its own beside them."
PROGRESS = {
    Stage.NOTHING: "",
    Stage.LOADING: "The image is loading.",
    Stage.WAITING: "A detection is under way; the preview follows when it is done.",
    Stage.LOOKING: "Looking for hairs …",
}


class DetectPanel(QWidget):
    """See the module. Enter detects, Esc leaves."""

    parameters_changed = Signal()
    detect_asked = Signal()
    cancel_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("detect_panel")
        self.setAccessibleName("Detect: what to look for")
        self.form = DetectionForm("detect")
        self.restore = QPushButton("Restore defaults", flat=True, autoDefault=True)
        self.restore.setObjectName("detect.restore")
        self.restore.setToolTip("What the program looks for unless told otherwise")
        self.where = heading(name="detect.where")
        self.found = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.found.setObjectName("detect.found")
        self.chosen = muted(name="detect.chosen")
        self.fault = muted(name="detect.fault")
        set_role(self.fault, "danger")
        self.own = muted(CORRECTED, "detect.corrected")
        self.all_shown = QCheckBox()
        self.all_shown.setObjectName("detect.all_shown")
        self.all_shown.setChecked(True)
        self.all_shown.setToolTip("Else in the framed image alone")
        self.remember = QCheckBox("Use these for every image from now on")
        self.remember.setObjectName("detect.remember")
        self.remember.setToolTip("Kept in the settings, under Detection")
        self.detect = QPushButton("Detect whole image", default=True)
        self.detect.setObjectName("detect.detect")
        self.detect.setToolTip("Detect with these (Enter)")
        self.cancel = QPushButton("Cancel", autoDefault=True)
        self.cancel.setObjectName("detect.cancel")
        self.cancel.setToolTip("Leave everything as it is (Esc)")
        self._n_shown = 1
        self._late = QTimer(self, singleShot=True, interval=FAULT_AFTER_MS)
        self._late.timeout.connect(self._show_fault)
        self._lay_out()
        self._connect()

    def parameters(self) -> DetectionParameters | None:
        """What to look for; None where that cannot be."""
        return None if self.form.fault() else self.form.parameters()

    @property
    def least_width_px(self) -> int:
        """How wide it must be for all fields to be seen, also where they scroll."""
        bar_px = self._scroll.verticalScrollBar().sizeHint().width()
        return max(self.minimumSizeHint().width(), self._page.minimumSizeHint().width() + bar_px)

    def focus(self) -> None:
        """Put the keyboard where most is changed."""
        self.form.sensitivity.slider.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_images(self, n_shown: int, *, corrected: bool) -> None:
        """Say what a detection would be of.

        Args:
            n_shown: the images that are shown.
            corrected: whether one of them was corrected already.
        """
        self._n_shown = n_shown
        self.all_shown.setText("In both images shown" if n_shown == 2 else f"In all {n_shown} images shown")
        self.all_shown.setVisible(n_shown > 1)
        self.own.setVisible(corrected)
        self._name_detect()
        self._show_fault()

    def show_preview(self, stage: Stage, outlook: Outlook | None, error: UserFacingError | None) -> None:
        """Say what the preview shows; what was found before stays, muted, until there is something new."""
        shown = outlook if error is None and stage in (Stage.FOUND, Stage.LOOKING) else None
        if error is not None:
            said, role = Message.of_error(error).text, "danger"
        elif shown is not None:
            said, role = outlook_text(shown), "" if stage is Stage.FOUND else "muted"
        else:
            said, role = PROGRESS.get(stage, ""), "muted"
        self.where.setText("In the framed part" if shown is not None and shown.framed else "In what you see")
        set_role(self.found, role)
        self.found.setText(said)
        self.chosen.setText("" if shown is None else chosen_here(shown))
        self.where.setVisible(bool(said))
        for part in (self.found, self.chosen):
            part.setVisible(bool(part.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter detects, Esc leaves; one that is held on from elsewhere does nothing."""
        if event.isAutoRepeat() and event.key() in (*ENTER, Qt.Key.Key_Escape):
            return
        if event.key() in ENTER:
            self.detect_asked.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancel_asked.emit()
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self.form.changed.connect(self._follow_form)
        self.restore.clicked.connect(self.form.restore_defaults)
        self.all_shown.toggled.connect(self._name_detect)
        self.detect.clicked.connect(self.detect_asked)
        self.cancel.clicked.connect(self.cancel_asked)

    def _follow_form(self) -> None:
        self._late.start()
        self.parameters_changed.emit()

    def _show_fault(self) -> None:
        fault = self.form.show_fault()
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        self.detect.setEnabled(not fault and self._n_shown > 0)

    def _name_detect(self, _checked: bool = False) -> None:
        several = self._n_shown > 1 and self.all_shown.isChecked()
        images = "both images" if self._n_shown == 2 else f"{self._n_shown} images"
        self.detect.setText(f"Detect {images}" if several else "Detect whole image")

    def _lay_out(self) -> None:
        self._page = page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(heading("Detect: what to look for"))
        column.addWidget(muted(LEAD))
        column.addWidget(self.form)
        column.addWidget(self.fault)
        column.addWidget(beside(None, self.restore))
        for part in (self.where, self.found, self.chosen, self.own):
            column.addWidget(part)
        column.addStretch(1)
        self._scroll = scroll = QScrollArea()
        scroll.setObjectName("detect_scroll")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        foot = QVBoxLayout()
        foot.setContentsMargins(8, 8, 8, 8)
        foot.setSpacing(8)
        foot.addWidget(self.all_shown)
        foot.addWidget(self.remember)
        foot.addWidget(beside(None, self.cancel, self.detect))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addLayout(foot)


def outlook_text(outlook: Outlook) -> str:
    """`312 hairs in 140 units; before 298 in 139.`"""
    found = f"{counted(outlook.n_hairs, 'hair')} in {counted(outlook.n_units, 'unit')}"
    if outlook.before is None:
        return f"{found}."
    hairs, units = outlook.before
    return f"{found}; before {number(hairs)} in {number(units)}."


def chosen_here(outlook: Outlook) -> str:
    """What was chosen automatically, and whatever else there is to say."""
    asked, used = outlook.asked, outlook.used
    left_open = replace(
        used,
        preset=used.preset if asked.preset is Preset.AUTO else Preset.AUTO,
        polarity=used.polarity if asked.polarity is Polarity.AUTO else Polarity.AUTO,
    )
    chosen = chosen_text(left_open)
    said = [f"Chosen automatically here: {chosen}."] if chosen else []
    return " ".join([*said, *(f"{note[:1].upper()}{note[1:].removesuffix('.')}." for note in outlook.notes)])
