"""The tool in hand: made when first taken, told of the pointer by the views."""

from PySide6.QtCore import QObject, Signal

from ui.matching.registrar import Registrar
from ui.pixels import PixelStore
from ui.tools.landmarks import LandmarksTool
from ui.tools.measure import MeasureTool
from ui.tools.tool import Tool
from ui.workspace import Workspace


class ToolHost(QObject):
    """Holds the tools and the one in hand.

    Args:
        workspace: whose `tool` names the tool in hand.
        pixels: images and snapping evidence.
        tools: every kind of tool there is.
        registrar: registers images anew with each landmark; without, landmarks are only put down.
        parent: the Qt parent.
    """

    preview_changed = Signal()
    """The views should draw the tool's preview again."""
    changed = Signal()
    """Another tool is in hand, or its hint or an option is another."""
    scale_asked = Signal(int, float)
    """A measured length is to become an image's scale: the image, and the length in px."""

    def __init__(
        self,
        workspace: Workspace,
        pixels: PixelStore,
        tools: tuple[type[Tool], ...],
        parent: QObject | None = None,
        *,
        registrar: Registrar | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._pixels = pixels
        self._registrar = registrar
        self._kinds = {kind.name: kind for kind in tools}
        self._made: dict[str, Tool] = {}
        self._current = self._tool(workspace.tool)
        workspace.tool_changed.connect(self._take)
        workspace.tool_taken_again.connect(self._again)
        workspace.session_changed.connect(self._start_again)
        workspace.shown_changed.connect(self._start_again)
        workspace.selection_changed.connect(self.changed)

    @property
    def current(self) -> Tool:
        """The tool in hand."""
        return self._current

    @property
    def waits(self) -> bool:
        """Whether anything that was drawn is still to be measured and committed."""
        return any(tool.waits for tool in self._made.values())

    def cancel(self) -> bool:
        """Discard what is begun; whether there was anything."""
        return self._current.cancel()

    def remove(self) -> bool:
        """Delete what the tool holds; False leaves it to the selected hairs."""
        return self._current.remove()

    def _take(self) -> None:
        self._current.deactivate()
        self._current = self._tool(self._workspace.tool)
        self._current.activate()
        self.preview_changed.emit()
        self.changed.emit()

    def _again(self) -> None:
        self._current.again()

    def _start_again(self) -> None:
        """Other images: what was begun or pointed at is no more."""
        self._current.deactivate()
        self._current.activate()

    def _tool(self, name: str) -> Tool:
        if name not in self._made:
            tool = self._kinds[name](self._workspace, self._pixels, self)
            tool.preview_changed.connect(self.preview_changed)
            tool.hint_changed.connect(self.changed)
            if isinstance(tool, MeasureTool):
                tool.scale_asked.connect(self.scale_asked)
            if isinstance(tool, LandmarksTool) and self._registrar is not None:
                tool.use(self._registrar)
            self._made[name] = tool
        return self._made[name]
