"""Tools that consist of gestures: they begin one, pass the pointer on to it, and commit it when it is over."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPainter

from ui.pixels import PixelStore
from ui.tools.gesture import Gesture
from ui.tools.tool import Pointer, Tool
from ui.view.viewport import Viewport
from ui.workspace import Workspace

WAITING_HINT = "The image is being prepared; what was drawn is measured then · Esc: discard it"


class GestureTool(Tool):
    """A tool that does one gesture after another.

    Args:
        workspace: what is edited.
        pixels: images and snapping evidence.
        parent: the Qt parent.
    """

    def __init__(self, workspace: Workspace, pixels: PixelStore, parent: QObject | None = None) -> None:
        super().__init__(workspace, pixels, parent)
        self._gesture: Gesture | None = None
        self._waiting: list[Gesture] = []
        """Over, to be committed in this order as soon as their images are prepared."""
        self._over: Pointer | None = None
        self._ended: Pointer | None = None
        """Where a click ended the last gesture."""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._update)
        workspace.document_changed.connect(self._heard)
        workspace.cursor_changed.connect(self._left)
        workspace.session_changed.connect(self._waiting.clear)
        pixels.evidence_ready.connect(lambda _image_id: self._prepared())

    def begin(self, pointer: Pointer) -> Gesture | None:
        """The gesture that begins here; None where there is nothing to take hold of."""
        raise NotImplementedError

    def hovered(self, pointer: Pointer) -> None:
        """The pointer is here and nothing is begun: note what would be taken hold of."""

    def unhovered(self) -> None:
        """The pointer is over no image any more: forget what was under it."""

    def paint_idle(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """Draw what would be taken hold of, and what the tool shows all the time."""

    def idle_hint(self) -> str:
        """What to do first."""
        return ""

    @property
    def gesture(self) -> Gesture | None:
        """What is begun."""
        return self._gesture

    @property
    def hint(self) -> str:
        """See `Tool`."""
        if self._gesture is not None:
            return self.told_why_not(self._gesture.hint)
        return WAITING_HINT if self._waiting else self.told_why_not(self.idle_hint())

    @property
    def busy(self) -> bool:
        """See `Tool`."""
        return self._gesture is not None or bool(self._waiting)

    @property
    def waits(self) -> bool:
        """See `Tool`."""
        return bool(self._waiting)

    def press(self, pointer: Pointer) -> None:
        """See `Tool`; what was begun in another image is discarded."""
        if self._gesture is not None and pointer.image_id != self._gesture.image_id:
            self._end(commit=False)
        if self._gesture is None:
            self._gesture = self.begin(pointer)
            self.hint_changed.emit()
        else:
            self._gesture.moved(pointer)
        self._changed()

    def move(self, pointer: Pointer) -> None:
        """See `Tool`."""
        self._over = pointer
        if self._gesture is not None and pointer.image_id == self._gesture.image_id:
            self._gesture.moved(pointer)
        self._changed()

    def release(self, pointer: Pointer) -> None:
        """See `Tool`."""
        gesture = self._gesture
        if gesture is None or pointer.image_id != gesture.image_id:
            return
        if gesture.release(pointer):
            self._ended = pointer
            self._end(commit=True)
        else:
            self.hint_changed.emit()
            self._changed()

    def double_click(self, pointer: Pointer) -> None:
        """See `Tool`: where the first click ended a gesture, the second one begins none."""
        if self._gesture is not None and self._ended is not None and self._gesture.start.is_near(self._ended):
            self.cancel()

    def finish(self) -> bool:
        """See `Tool`."""
        if self._gesture is None or not self._gesture.finish():
            return False
        self._end(commit=True)
        return True

    def remove(self) -> bool:
        """See `Tool`."""
        if self._gesture is None:
            return False
        if self._gesture.remove():
            self._end(commit=False)
        return True

    def cancel(self) -> bool:
        """See `Tool`; what waits is discarded too, the last first."""
        if self._gesture is not None:
            self._end(commit=False)
            return True
        if self._waiting:
            self._waiting.pop()
            self.hint_changed.emit()
            self._changed()
            return True
        return False

    def deactivate(self) -> None:
        """See `Tool`; what waits is over and still to come."""
        if self._gesture is not None:
            self._end(commit=False)
        self._over = None
        self.unhovered()

    def paint(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """See `Tool`."""
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.paint_idle(painter, viewport, image_id)
            for gesture in self._waiting:
                if gesture.image_id == image_id:
                    gesture.paint(painter, viewport)
            if self._gesture is not None and self._gesture.image_id == image_id:
                self._gesture.paint(painter, viewport)
        finally:
            painter.restore()

    def _end(self, *, commit: bool) -> None:
        gesture, self._gesture = self._gesture, None
        if commit and gesture is not None:
            if gesture.ready:
                gesture.commit()
            else:
                gesture.waits = True
                self._waiting.append(gesture)
        self.hint_changed.emit()
        self._changed()

    def _prepared(self) -> None:
        """An image was prepared: commit what waited for it."""
        while self._waiting and self._waiting[0].ready:
            self._waiting.pop(0).commit()
            self.hint_changed.emit()
        self._changed()

    def _changed(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _update(self) -> None:
        """Once for all moves that arrived together."""
        if self._gesture is not None:
            self._gesture.update()
        elif self._over is not None and self._over.image_id in self.workspace.shown:
            self.hovered(self._over)
        self.preview_changed.emit()

    def _heard(self, change: object) -> None:
        """The study is another: a gesture on what was there before cannot go on."""
        self.study_changed()
        if self._gesture is not None and self.depends_on_read(self._gesture):
            self.cancel()
        elif self.workspace.tool == self.name:
            self._changed()

    def _left(self) -> None:
        if self._over is not None and self.workspace.cursor is None:
            self._over = None
            self.unhovered()
            self._changed()

    def study_changed(self) -> None:
        """An edit was made, here or elsewhere: forget what hung on what was there before."""

    def depends_on_read(self, gesture: Gesture) -> bool:
        """Whether an edit elsewhere takes the ground from under a gesture."""
        return True
