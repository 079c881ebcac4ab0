"""When a panel draws itself again: soon after something changed, once for many changes, never while hidden."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

AFTER_IMAGES_MS = 25
"""An edit is drawn in the images first; the figures beside them follow within the same blink of an eye."""


class Refresher(QObject):
    """Calls `refresh` soon after it is asked to; while the widget is hidden, when it is next shown.

    Args:
        widget: the panel.
        refresh: draws it anew from the workspace.
        delay_ms: how long to wait for more changes.
    """

    def __init__(self, widget: QWidget, refresh: Callable[[], None], delay_ms: int = AFTER_IMAGES_MS) -> None:
        super().__init__(widget)
        self._widget = widget
        self._refresh = refresh
        self._stale = True
        self._timer = QTimer(self, singleShot=True, interval=delay_ms)
        self._timer.timeout.connect(self.now)
        widget.installEventFilter(self)

    def ask(self, *_: object) -> None:
        """Something changed. Takes any signal's arguments."""
        self._stale = True
        if self._widget.isVisible():
            self._timer.start()

    def now(self) -> None:
        """Draw at once what is stale."""
        self._timer.stop()
        if self._stale and self._widget.isVisible():
            self._stale = False
            self._refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Draw when the widget is shown."""
        if watched is self._widget and event.type() == QEvent.Type.Show:
            self._timer.start()
        return super().eventFilter(watched, event)
