"""The units near the selected hairs, each with the digit that puts the hairs into it."""

from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from ui.panels.fact_rows import muted
from ui.panels.figures import counted
from ui.panels.hints import key_of
from ui.panels.row import choice_button
from ui.tools.slots import SLOTS, unit_slots
from ui.workspace import Workspace
from workstation import edits
from workstation.model.read import Read

PER_ROW = 3


class NearbyUnits(QWidget):
    """Up to nine buttons; hidden where no unit is near, or no root is visible.

    Args:
        workspace: whose selected hairs go into a unit.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.setObjectName("nearby_units")
        self._workspace = workspace
        self._units: tuple[int, ...] = ()
        self.buttons = [self._button(slot) for slot in range(1, SLOTS + 1)]
        grid = QGridLayout()
        grid.setSpacing(4)
        for place, button in enumerate(self.buttons):
            grid.addWidget(button, place // PER_ROW, place % PER_ROW)
            grid.setColumnStretch(place % PER_ROW, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(muted("Put into a unit nearby"))
        layout.addLayout(grid)

    def show_units(self, read: Read) -> None:
        """Show the units near the selected hairs of a read."""
        hairs = [read.hairs[i] for i in self._workspace.selected_hairs() if i in read.hairs]
        rooted = any(hair.root_visible for hair in hairs)
        self._units = unit_slots(read, self._workspace.selection) if rooted else ()
        sizes: dict[int | None, int] = {}
        for hair in read.hairs.values():
            sizes[hair.unit_id] = sizes.get(hair.unit_id, 0) + hair.counts
        theirs = {hair.unit_id for hair in hairs}
        for slot, button in enumerate(self.buttons, start=1):
            button.setVisible(slot <= len(self._units))
            if slot <= len(self._units):
                self._show(button, slot, self._units[slot - 1], sizes, theirs)
        self.setVisible(bool(self._units))

    def _show(
        self, button: QPushButton, slot: int, unit_id: int, sizes: dict[int | None, int], theirs: set[int | None]
    ) -> None:
        key = key_of(f"units.slot{slot}", self._workspace.settings)
        button.setText(f"{key} → {unit_id}" if key else str(unit_id))
        size = counted(sizes.get(unit_id, 0), "hair")
        inside = theirs == {unit_id}
        button.setChecked(inside)
        button.setEnabled(not inside)
        what = "They are in" if inside else "Puts the selected hairs into"
        button.setToolTip(f"{what} unit {unit_id}, of {size}  ({key})")
        button.setAccessibleName(f"Unit {unit_id}, of {size}")

    def _button(self, slot: int) -> QPushButton:
        button = choice_button(f"units.slot{slot}.button")
        button.clicked.connect(lambda _checked: self._put(slot))
        return button

    def _put(self, slot: int) -> None:
        image_id, unit_id = self._workspace.selected_image, self._units[slot - 1]
        self.buttons[slot - 1].setChecked(False)  # until the study says otherwise
        if image_id is not None:
            hair_ids = self._workspace.selected_hairs()
            self._workspace.commit(image_id, lambda read: edits.put_into_unit(read, hair_ids, unit_id))
