"""What every tool is: one gesture grammar for mouse and keyboard.

A gesture is press–drag–release, or click–move–click. The keyboard has a crosshair; Enter clicks there, so that every
tool works without a mouse. Esc discards what is begun. Nothing is committed before a gesture is over.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPainter

from analysis.calibration import Calibration
from analysis.detection import FloatArray
from ui.pixels import PixelStore
from ui.tools.option import Option
from ui.view.hits import Hits
from ui.view.viewport import Viewport
from ui.workspace import Workspace
from workstation.entry import Selection
from workstation.model.hair import Hair
from workstation.model.read import Read
from workstation.model.study import ImageRecord


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the mouse or the crosshair is, and how."""

    image_id: int
    position_px: tuple[float, float]
    """In the image."""
    reach_px: float
    """How far from it something counts as hit, in image pixels: a few pixels of the screen."""
    shift: bool = False
    ctrl: bool = False
    alt: bool = False
    by_key: bool = False
    """The keyboard's crosshair, not the mouse."""
    turn: float = 0.0
    """How far the image is turned in its view; see `Viewport`."""

    @property
    def at_px(self) -> FloatArray:
        """(2,) the position."""
        return np.array(self.position_px, dtype=np.float64)

    def is_near(self, other: "Pointer") -> bool:
        """Whether the two are so close that the hand meant one place."""
        apart_px = float(np.hypot(*(self.at_px - other.at_px)))
        return self.image_id == other.image_id and apart_px <= 0.5 * self.reach_px


class Tool(QObject):
    """A tool; the base does nothing.

    Args:
        workspace: what is edited, and how.
        pixels: images and snapping evidence.
        parent: the Qt parent.
    """

    name: ClassVar[str] = ""
    """As in `ui.keys`: the command is `tool.<name>`."""
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.CrossCursor

    preview_changed = Signal()
    """What the tool paints is another; views that show images draw it again."""
    hint_changed = Signal()
    """The hint or an option is another."""

    def __init__(self, workspace: Workspace, pixels: PixelStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.pixels = pixels

    @property
    def hint(self) -> str:
        """What to do next, for the status bar."""
        return ""

    @property
    def busy(self) -> bool:
        """Whether a gesture is begun, which Esc would discard."""
        return False

    @property
    def waits(self) -> bool:
        """Whether something is over and still to be committed, once its image is prepared."""
        return False

    def options(self) -> tuple[Option, ...]:
        """What can be chosen about the tool."""
        return ()

    def press(self, pointer: Pointer) -> None:
        """The left button went down, or Enter was pressed."""

    def move(self, pointer: Pointer) -> None:
        """The pointer moved, with or without the button."""

    def release(self, pointer: Pointer) -> None:
        """The left button went up; follows every `press`, also that of Enter."""

    def double_click(self, pointer: Pointer) -> None:
        """Comes after the second press and release."""

    def clicked(self, pointer: Pointer) -> None:
        """A mere click where a drag might have begun."""

    def finish(self) -> bool:
        """End a gesture of any number of clicks; whether there was one to end."""
        return False

    def cancel(self) -> bool:
        """Discard what is begun; whether there was anything."""
        return False

    def nudge(self, dx_px: float, dy_px: float) -> bool:
        """Move what the tool holds or what is selected by a step in the image; whether there was anything to move."""
        return False

    def remove(self) -> bool:
        """Delete what the tool holds, a vertex say; False leaves Del to the selected hairs."""
        return False

    def resize(self, factor: float) -> None:
        """`[` and `]`: make the brush smaller or larger; without a brush, step back or on through what can be held."""

    def again(self) -> None:
        """The tool's key was pressed while it was in hand: its next mode, where it has several."""

    def activate(self) -> None:
        """The tool is taken in hand."""

    def deactivate(self) -> None:
        """Another tool is taken: drop everything begun."""
        self.cancel()

    def paint(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """Draw the preview over an image, in view coordinates."""

    # --- what tools ask for ------------------------------------------------------------------------------------

    def read(self, image_id: int) -> Read | None:
        """The read that is shown of an image."""
        return self.workspace.read(image_id)

    def record(self, image_id: int) -> ImageRecord:
        """The image; it is shown, so it exists."""
        study = self.workspace.study
        assert study is not None
        return study.images[image_id]

    def scale(self, image_id: int) -> Calibration | None:
        """The image's scale."""
        study = self.workspace.study
        return None if study is None or image_id not in study.images else study.images[image_id].calibration

    def hits(self, image_id: int) -> Hits | None:
        """What lies where in the read that is shown; None where there is none."""
        read = self.read(image_id)
        return None if read is None else Hits.of(read)

    def hair_at(self, pointer: Pointer) -> Hair | None:
        """The hair under the pointer."""
        read, hits = self.read(pointer.image_id), self.hits(pointer.image_id)
        if read is None or hits is None:
            return None
        hair_id = hits.hair_at(pointer.position_px, pointer.reach_px)
        return None if hair_id is None else read.hairs[hair_id]

    def single_hair(self, image_id: int) -> Hair | None:
        """The one hair that is selected in an image; None where there is none, or more than one."""
        read, selection = self.read(image_id), self.workspace.selection
        if read is None or selection.read_id != read.id or selection.unit_ids or len(selection.hair_ids) != 1:
            return None
        return read.hairs.get(next(iter(selection.hair_ids)))

    def select_hairs(self, image_id: int, *hair_ids: int) -> None:
        """Select these hairs and nothing else."""
        read = self.read(image_id)
        if read is not None:
            self.workspace.select(Selection(read.id, frozenset(hair_ids)))

    def may_edit(self) -> bool:
        """Whether corrections are possible; where not, the user is told why."""
        if self.workspace.can_edit:
            return True
        session = self.workspace.session
        why = None if session is None else session.read_only_because
        if why:
            self.workspace.tell(f"This study can only be looked at: {why.removesuffix('.')}.")
        return False

    def told_why_not(self, hint: str) -> str:
        """A hint; in a study that may not be changed, that instead."""
        session = self.workspace.session
        if session is not None and session.read_only_because is not None:
            return "This study can only be looked at"
        return hint
