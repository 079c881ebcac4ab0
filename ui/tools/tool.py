"""What every tool is: one gesture grammar for mouse and keyboard.

A gesture is press–drag–release, or click–move–click. The keyboard has a crosshair; Enter clicks there, so that every
tool works without a mouse. Esc discards what is begun. Nothing is committed before a gesture is over.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPainter

from analysis.detection import FloatArray
from ui.pixels import PixelStore
from ui.view.viewport import Viewport
from ui.workspace import Workspace


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

    @property
    def at_px(self) -> FloatArray:
        """(2,) the position."""
        return np.array(self.position_px, dtype=np.float64)


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

    def press(self, pointer: Pointer) -> None:
        """The left button went down, or Enter was pressed."""

    def move(self, pointer: Pointer) -> None:
        """The pointer moved, with or without the button."""

    def release(self, pointer: Pointer) -> None:
        """The left button went up; follows every `press`, also that of Enter."""

    def double_click(self, pointer: Pointer) -> None:
        """Comes after the second press and release."""

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
        """Make the brush larger or smaller, where there is one."""

    def deactivate(self) -> None:
        """Another tool is taken: drop everything begun."""
        self.cancel()

    def paint(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """Draw the preview over an image, in view coordinates."""
