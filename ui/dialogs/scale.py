"""Sets an image's scale: typed, of a known camera, or from a line along something of known length."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QWidget,
)

from analysis.calibration import MAX_UM_PER_PX, MIN_UM_PER_PX, Calibration, CalibrationSource, from_line
from ui.dialogs.sheet import Sheet, paragraph, set_role
from ui.panels.figures import number, quantity
from ui.theme import GRID_PX
from workstation.devices import known_devices, scale_of
from workstation.model.study import ImageRecord

EXAMPLE_HAIR_UM = 60.0
SMALLEST_DECIMALS_UM_PER_PX = 4
LARGEST_MM = 1000.0
_FROM = {
    CalibrationSource.MANIFEST: "from the manifest",
    CalibrationSource.METADATA: "from the image file",
    CalibrationSource.DEVICE: "of its camera",
    CalibrationSource.DRAWN: "measured in the image",
    CalibrationSource.TYPED: "typed",
    CalibrationSource.COMMAND_LINE: "given when it was imported",
    CalibrationSource.SYNTHETIC: "of the simulation",
}


@dataclass(frozen=True, slots=True)
class ScaleChoice:
    """What was chosen, for `edits.set_calibration`."""

    um_per_px: float | None
    """None: the image has no scale."""
    source: CalibrationSource


class ScaleDialog(Sheet):
    """The choice for one image.

    Args:
        image: the image.
        drawn_px: the length of a line that was drawn in it, to be told its true length; None where none was.
        parent: the window it belongs to.
    """

    draw_asked = Signal()
    """The user wants to draw the line first; the dialog has closed itself."""

    def __init__(self, image: ImageRecord, drawn_px: float | None = None, parent: QWidget | None = None) -> None:
        super().__init__("scale", "Scale", parent)
        self._image = image
        self._drawn_px = drawn_px
        now = image.calibration
        self._typed = _spin_box("scale.typed", MIN_UM_PER_PX, MAX_UM_PER_PX, SMALLEST_DECIMALS_UM_PER_PX, " µm/px")
        self._typed.setValue(5.0 if now is None else now.um_per_px)
        self._length = _spin_box("scale.length", 0.001, LARGEST_MM, 3, " mm")
        self._length.setValue(1.0)
        self._camera = self._cameras()
        self._ways = QButtonGroup(self)
        self.column.addWidget(paragraph(_present(now), "muted"))
        self.column.addLayout(self._choices())
        self._outcome = paragraph("")
        self._outcome.setObjectName("scale.outcome")
        self._outcome.setMinimumHeight(4 * GRID_PX)
        self.column.addWidget(self._outcome)
        self.setMinimumWidth(60 * GRID_PX)
        self._set = self.add_buttons("&Set scale")
        self._begin()

    @property
    def choice(self) -> ScaleChoice:
        """What is chosen.

        Raises:
            ValueError: if it is no plausible scale; the dialog cannot be accepted then.
        """
        way = self._way()
        if way == "scale.by_camera":
            return ScaleChoice(float(self._camera.currentData()), CalibrationSource.DEVICE)
        if way == "scale.by_line":
            drawn = from_line((0.0, 0.0), (self._drawn_px or 0.0, 0.0), self._length.value())
            return ScaleChoice(drawn.um_per_px, drawn.source)
        if way == "scale.none":
            return ScaleChoice(None, CalibrationSource.TYPED)
        now = self._image.calibration
        kept = now is not None and round(now.um_per_px, SMALLEST_DECIMALS_UM_PER_PX) == self._typed.value()
        if kept and now is not None:
            return ScaleChoice(now.um_per_px, now.source)
        return ScaleChoice(self._typed.value(), CalibrationSource.TYPED)

    def _way(self) -> str:
        button = self._ways.checkedButton()
        return "" if button is None else button.objectName()

    def _begin(self) -> None:
        by_line = self._drawn_px is not None
        first = "scale.by_line" if by_line else "scale.by_typing"
        next(b for b in self._ways.buttons() if b.objectName() == first).setChecked(True)
        for changed in (self._typed.valueChanged, self._length.valueChanged, self._camera.currentIndexChanged):
            changed.connect(self._check)
        self._ways.buttonToggled.connect(self._check)
        for field, way in ((self._typed, 0), (self._camera, 1), (self._length, 2)):
            self._follow(field, self._ways.buttons()[way])
        (self._length if by_line else self._typed).setFocus()
        self._check()

    def _follow(self, field: QDoubleSpinBox | QComboBox, button: QAbstractButton) -> None:
        """Who fills a field in means its way."""
        changed = field.valueChanged if isinstance(field, QDoubleSpinBox) else field.activated
        changed.connect(lambda *_: button.setChecked(True))

    def _choices(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID_PX)
        grid.setVerticalSpacing(GRID_PX)
        grid.setColumnStretch(1, 1)
        draw = QPushButton("Draw a &line…")
        draw.setObjectName("scale.draw")
        draw.setAutoDefault(False)
        draw.setToolTip("Along a ruler or a scale bar in the image")
        draw.clicked.connect(self._ask_to_draw)
        line = "A &line" if self._drawn_px is None else f"The &line of {number(self._drawn_px, 1)} px is"
        for at, (name, text, field) in enumerate(
            (
                ("by_typing", "&Typed", self._typed),
                ("by_camera", "&Camera", self._camera),
                ("by_line", line, draw if self._drawn_px is None else self._length),
                ("none", "&No scale", QLabel("Results are then in pixels.")),
            )
        ):
            button = QRadioButton(text)
            button.setObjectName(f"scale.{name}")
            button.setAccessibleName(text.replace("&", ""))
            self._ways.addButton(button)
            grid.addWidget(button, at, 0)
            grid.addWidget(field, at, 1)
        if self._drawn_px is None:
            self._ways.buttons()[2].setEnabled(False)
        self._ways.buttons()[1].setEnabled(self._camera.count() > 0)
        return grid

    def _cameras(self) -> QComboBox:
        """Known cameras whose images have this one's proportions."""
        box = QComboBox()
        box.setObjectName("scale.camera")
        box.setAccessibleName("Camera")
        for device in known_devices():
            scale = scale_of(device.name, self._image.width_px, self._image.height_px)
            if scale is not None:
                box.addItem(f"{device.name} — {quantity(scale.um_per_px, 3, 'µm/px')}", scale.um_per_px)
        if not box.count():
            box.setPlaceholderText("none known of these proportions")
            box.setEnabled(False)
        return box

    def _check(self, *_: object) -> None:
        try:
            chosen = self.choice
        except ValueError as error:
            said = str(error)
            text, role, possible = f"{said[:1].upper()}{said[1:]}.", "danger", False
        else:
            text, role, possible = _outcome(chosen, self._image), "", True
        self._outcome.setText(text)
        set_role(self._outcome, role)
        self._set.setEnabled(possible)

    def _ask_to_draw(self) -> None:
        self.reject()
        self.draw_asked.emit()


def _spin_box(name: str, lowest: float, highest: float, decimals: int, unit: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox(decimals=decimals, suffix=unit, singleStep=0.1)
    box.setRange(lowest, highest)
    box.setObjectName(name)
    box.setAccessibleName(unit.strip())
    return box


def _present(now: Calibration | None) -> str:
    if now is None:
        return "The image has no scale."
    return f"Now {quantity(now.um_per_px, 4, 'µm/px')}, {_FROM[now.source]}."


def _outcome(chosen: ScaleChoice, image: ImageRecord) -> str:
    """What the scale means, so that a slip is seen: how large the image and a hair would be."""
    if chosen.um_per_px is None:
        return "Widths, lengths and areas are then given in pixels."
    scale = Calibration(chosen.um_per_px, chosen.source)
    width, height = number(scale.mm(image.width_px), 2), number(scale.mm(image.height_px), 2)
    hair = quantity(scale.px(EXAMPLE_HAIR_UM), 1, "px")
    return (
        f"{quantity(scale.um_per_px, 4, 'µm/px')}: the image shows {width} × {height} mm, "
        f"and a hair of {EXAMPLE_HAIR_UM:.0f} µm is {hair} wide."
    )
