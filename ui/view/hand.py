"""Turns mouse, wheel, touchpad and keyboard into panning, zooming, and pointers for the tool in hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)

from analysis.detection import FloatArray
from ui.pointing import Cursor, Target
from ui.tools.tool import Pointer
from ui.view.targets import target_at

if TYPE_CHECKING:
    from ui.view.hand_view import HandView

REACH = 7.0
"""How far from the pointer something counts as hit, in view pixels."""
NOTCH = 1.2
"""Zoom of one notch of a wheel, 120 eighths of a degree."""
CROSSHAIR_STEP = 4.0
"""In view pixels; ten times that with Shift."""
NUDGE_STEP = 1.0
KEPT_OFF_EDGE = 48.0
"""The crosshair comes no nearer to the view's edge: the image moves instead."""
BRUSH_FACTOR = 1.25
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier


class Hand:
    """The user's hand in one view.

    Args:
        view: the view.
    """

    def __init__(self, view: "HandView") -> None:
        self._view = view
        self._pan_from: QPointF | None = None
        self._space = False
        self._pressed = False
        self._doubled = False
        self._mouse: QPointF | None = None
        self._crosshair: tuple[float, float] | None = None

    @property
    def crosshair(self) -> tuple[float, float] | None:
        """Where the keyboard's crosshair is in the image; None while the mouse is used."""
        return self._crosshair

    def anchor(self) -> tuple[float, float] | None:
        """The point of the view that should stay when it is zoomed: under the crosshair or the mouse, else None."""
        if self._crosshair is not None:
            x, y = self._view.to_view(self._crosshair).tolist()
            return x, y
        if self._mouse is not None and self._view.underMouse():
            return self._mouse.x(), self._mouse.y()
        return None

    def take_cursor(self) -> None:
        """Show the mouse as what it does."""
        if self._pan_from is not None:
            self._view.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space:
            self._view.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self._view.setCursor(self._view.tools.current.cursor)

    # --- mouse -------------------------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        """Begin to pan, or press with the tool."""
        self._view.workspace.set_active(self._view.image_id)
        self._mouse = event.position()
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._pan_from = event.position()
            self.take_cursor()
        elif left and self._view.ready:
            self._hide_crosshair()
            self._pressed = True
            self._view.tools.current.press(self._pointer_of(event))

    def move(self, event: QMouseEvent) -> None:
        """Pan, or move the tool."""
        moved = self._mouse is None or self._mouse != event.position()
        self._mouse = event.position()
        if self._pan_from is not None:
            step = event.position() - self._pan_from
            self._pan_from = event.position()
            self._view.pan_by(step.x(), step.y())
        elif self._view.ready and moved:
            self._hide_crosshair()
            self._tell_position(self._image_point(event.position()))
            self._view.tools.current.move(self._pointer_of(event))

    def release(self, event: QMouseEvent) -> None:
        """End panning, or release the tool."""
        if self._pan_from is not None:
            if event.button() in (Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton):
                self._pan_from = None
                self.take_cursor()
            return
        if event.button() == Qt.MouseButton.LeftButton and self._pressed:
            self._pressed = False
            pointer = self._pointer_of(event)
            self._view.tools.current.release(pointer)
            if self._doubled:
                self._doubled = False
                self._view.tools.current.double_click(pointer)

    def double_click(self, event: QMouseEvent) -> None:
        """Qt tells of it in place of the second press."""
        if self._view.failed and not self._view.ready:
            self._view.retry()
            return
        self._doubled = event.button() == Qt.MouseButton.LeftButton and not self._space
        self.press(event)

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom at the mouse; two fingers on a touchpad pan, with Ctrl they zoom."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        by_touch = event.device() is not None and event.device().type() == QInputDevice.DeviceType.TouchPad
        if by_touch and not pixels.isNull() and not event.modifiers() & _CTRL:
            self._view.pan_by(pixels.x(), pixels.y())
        elif angle.y():
            at = event.position()
            self._view.zoom_by(NOTCH ** (angle.y() / 120), (at.x(), at.y()))
        event.accept()

    def takes(self, event: QEvent) -> bool:
        """Whether an event of another kind is the hand's: a pinch, or a key that is no command here."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                at = event.position()
                self._view.zoom_by(1.0 + event.value(), (at.x(), at.y()))
                return True
            return False
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            mine = event.key() in (*ARROWS, Qt.Key.Key_Space, Qt.Key.Key_Escape) or self._is_peek(event)
            if mine:
                event.accept()
            return mine
        return False

    def menu(self, event: QContextMenuEvent) -> None:
        """End a gesture of many clicks, else ask for a menu on what is there."""
        event.accept()
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if by_mouse and self._view.tools.current.finish():
            return
        if not self._view.ready:
            return
        if by_mouse:
            point, place = self._image_point(QPointF(event.pos())), event.globalPos()
        else:
            x, y = self._show_crosshair()
            at = self._view.to_view((x, y))
            point, place = np.array([x, y]), self._view.mapToGlobal(QPoint(round(at[0]), round(at[1])))
        self._view.workspace.set_active(self._view.image_id)
        self._view.menu_asked.emit(self.target_at(point), place)

    @contextmanager
    def in_another_image(self) -> Iterator[None]:
        """Meanwhile the view gets another image under the hand; the hand stays where it is."""
        crosshair, place = self._crosshair, None if self._crosshair is None else self._view.to_view(self._crosshair)
        self._tell_position(None)
        yield
        if crosshair is not None and place is not None:
            point = self._view.to_image(place)
            self._crosshair = self._inside(point)
            self._tell_position(point)
        else:
            self.settled()

    def settled(self) -> None:
        """The image came to rest: something else may lie under a mouse that did not move."""
        if self._mouse is not None and self._crosshair is None and not self._pressed and self._view.ready:
            self._tell_position(self._image_point(self._mouse))

    def leave(self) -> None:
        """The mouse left the view."""
        self._mouse = None
        if self._crosshair is None:
            self._tell_position(None)

    def let_go(self) -> None:
        """The keyboard's focus went elsewhere: keys that are held are not any more."""
        self._space = False
        self._pan_from = None
        self._view.peek_changed.emit(False)
        if self._crosshair is not None:
            self._crosshair = None
            self._tell_position(None)
        self.take_cursor()

    # --- keyboard ----------------------------------------------------------------------------------------------

    def key_press(self, event: QKeyEvent) -> bool:
        """Whether the key was the view's own."""
        key = Qt.Key(event.key())
        if key in ARROWS:
            return self._arrow(key, event.modifiers())
        if self._is_peek(event):
            self._view.peek_changed.emit(True)
            return True
        match key:
            case Qt.Key.Key_Space | Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Escape if event.isAutoRepeat():
                pass  # a panel may have been left by the key that is still held
            case Qt.Key.Key_Space:
                self._space = True
                self.take_cursor()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not event.modifiers() & _CTRL:
                self._enter(event.modifiers())
            case Qt.Key.Key_Escape:
                self._escape()
            case Qt.Key.Key_BracketLeft:
                self._view.tools.current.resize(1 / BRUSH_FACTOR)
            case Qt.Key.Key_BracketRight:
                self._view.tools.current.resize(BRUSH_FACTOR)
            case _:
                return False
        return True

    def key_release(self, event: QKeyEvent) -> bool:
        """Whether the key was the view's own."""
        if event.isAutoRepeat():
            return event.key() in (Qt.Key.Key_H, Qt.Key.Key_Space)
        if event.key() == Qt.Key.Key_H:
            self._view.peek_changed.emit(False)
            return True
        if event.key() == Qt.Key.Key_Space:
            self._space = False
            self.take_cursor()
            return True
        return False

    def _is_peek(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_H and event.modifiers() == _NO_MODIFIER

    def _arrow(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        if modifiers & _CTRL:
            return False
        dx, dy = ARROWS[key]
        times = 10 if modifiers & _SHIFT else 1
        nudged = self._view.viewport.step_to_image((dx * NUDGE_STEP * times, dy * NUDGE_STEP * times)).tolist()
        if not modifiers & _ALT and self._view.tools.current.nudge(*nudged):
            return True
        if self._view.ready:
            self._move_crosshair(dx * CROSSHAIR_STEP * times, dy * CROSSHAIR_STEP * times)
        return True

    def _enter(self, modifiers: Qt.KeyboardModifier) -> None:
        if self._view.failed and not self._view.ready:
            self._view.retry()
            return
        if not self._view.ready:
            return
        tool = self._view.tools.current
        if self._crosshair is None:
            if tool.finish():
                return
            if self._view.previewing:
                self._view.preview_answered.emit(True)
            else:
                self._tell_position(np.array(self._show_crosshair()))
            return
        pointer = self._pointer(np.array(self._crosshair), modifiers, by_key=True)
        tool.press(pointer)
        tool.release(pointer)

    def _escape(self) -> None:
        if not self._view.tools.cancel():
            if self._crosshair is not None:
                self._crosshair = None
                self._tell_position(None)
                self._view.update()
            elif self._view.previewing:
                self._view.preview_answered.emit(False)
            else:
                self._view.escape()

    def _show_crosshair(self) -> tuple[float, float]:
        if self._crosshair is None:
            size = self._view.viewport.size
            at = (self._mouse.x(), self._mouse.y()) if self._mouse is not None else (size[0] / 2, size[1] / 2)
            x, y = self._inside(self._view.to_image(at))
            self._crosshair = (x, y)
            self._view.update()
        return self._crosshair

    def _move_crosshair(self, dx: float, dy: float) -> None:
        shown = self._crosshair is not None
        at = self._view.to_view(self._show_crosshair())
        moved = self._view.to_image((at[0] + dx, at[1] + dy)) if shown else np.array(self._crosshair)
        self._crosshair = self._inside(moved)
        self._keep_in_sight()
        point = np.array(self._crosshair)
        self._tell_position(point)
        self._view.tools.current.move(self._pointer(point, _NO_MODIFIER, by_key=True))
        self._view.update()

    def _keep_in_sight(self) -> None:
        assert self._crosshair is not None
        at, size = self._view.to_view(self._crosshair), np.array(self._view.viewport.size)
        edge = np.minimum(KEPT_OFF_EDGE, size / 4)
        step = np.clip(at, edge, size - edge) - at
        if np.abs(step).max() >= 0.5:
            self._view.pan_by(float(step[0]), float(step[1]))

    def _hide_crosshair(self) -> None:
        if self._crosshair is not None:
            self._crosshair = None
            self._view.update()

    # --- where, and on what ------------------------------------------------------------------------------------

    def target_at(self, point_px: FloatArray) -> Target | None:
        """What is shown at a place (2,)."""
        view = self._view
        return target_at(view.workspace, view.image_id, point_px, REACH / view.viewport.scale)

    def _tell_position(self, point_px: FloatArray | None) -> None:
        """Say where the pointer is and what is there; while something is drawn or dragged only where."""
        view = self._view
        if point_px is None:
            cursor = view.workspace.cursor
            if cursor is not None and cursor.image_id == view.image_id:
                view.workspace.set_cursor(None)
                view.workspace.set_hover(None)
            return
        x, y = point_px.tolist()
        view.workspace.set_cursor(Cursor(view.image_id, (x, y)))
        view.workspace.set_hover(None if self._pressed or view.tools.current.busy else self.target_at(point_px))

    def _pointer_of(self, event: QMouseEvent) -> Pointer:
        return self._pointer(self._image_point(event.position()), event.modifiers(), by_key=False)

    def _pointer(self, point_px: FloatArray, modifiers: Qt.KeyboardModifier, *, by_key: bool) -> Pointer:
        x, y = point_px.tolist()
        return Pointer(
            self._view.image_id,
            (x, y),
            REACH / self._view.viewport.scale,
            shift=bool(modifiers & _SHIFT),
            ctrl=bool(modifiers & _CTRL),
            alt=bool(modifiers & _ALT),
            by_key=by_key,
            turn=self._view.viewport.turn,
        )

    def _image_point(self, at: QPointF) -> FloatArray:
        return self._view.to_image((at.x(), at.y()))

    def _inside(self, point_px: FloatArray) -> tuple[float, float]:
        record = self._view.record
        size = (1, 1) if record is None else (record.width_px, record.height_px)
        x, y = np.clip(point_px, -0.5, np.array(size) - 0.5).tolist()
        return x, y
