"""What was done, and what went wrong: short messages at the lower edge of the views, gone again by themselves.

They never take the keyboard's focus; a screen reader says them. What cannot wait for the user to read it is no toast.
"""

from collections.abc import Iterator

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPropertyAnimation, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from ui.icons import IconLabel, set_icon
from ui.messages import Message, MessageKind
from ui.motion import duration_ms
from ui.theme import GRID_PX

MAX_WIDTH_PX = 560
MAX_SHOWN = 4
SHORTEST_MS, LONGEST_MS = 3_000, 12_000
MS_A_CHARACTER = 60
"""About 200 words a minute: slow enough for a text that one did not wait for."""
WARNING_FACTOR = 2
AFTER_HOVER_MS = 1_500
FADE_MS = 120
ABOVE_SCALE_BARS_PX = 7 * GRID_PX
"""From the lower edge: no message lies over a scale bar."""

_SIGNS = {
    MessageKind.DONE: ("tick", "ok"),
    MessageKind.NOTE: ("info", "link"),
    MessageKind.WARNING: ("warning", "warn"),
    MessageKind.ERROR: ("error", "danger"),
}


def reading_ms(message: Message) -> int | None:
    """How long a message stays; None for an error, which stays until it is closed."""
    if message.kind is MessageKind.ERROR:
        return None
    needed = min(max(SHORTEST_MS, MS_A_CHARACTER * len(message.text)), LONGEST_MS)
    return needed * WARNING_FACTOR if message.kind is MessageKind.WARNING else needed


class Toast(QFrame):
    """One message.

    Args:
        message: what it says.
        parent: what it lies over.
    """

    closed = Signal()
    undo_asked = Signal()
    details_asked = Signal()

    def __init__(self, message: Message, parent: QWidget) -> None:
        super().__init__(parent)
        self.message = message
        self.n_times = message.n_times
        self.setObjectName(f"toast.{message.kind}")
        self.setProperty("role", "toast")
        self.setAccessibleName(message.text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self._label = QLabel(self._text, wordWrap=True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        row.setSpacing(GRID_PX)
        row.addWidget(IconLabel(*_SIGNS[message.kind]), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._label, 1)
        if message.undo:
            row.addWidget(self._button("Undo", self.undo_asked, closes=True))
        if message.details:
            row.addWidget(self._button("Details", self.details_asked, closes=False))
        row.addWidget(self._closer())
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._expire)
        self.restart()

    def restart(self) -> None:
        """Stay as long as a new message does."""
        stays_ms = reading_ms(self.message)
        if stays_ms is not None:
            self._timer.start(stays_ms)

    def again(self, message: Message) -> None:
        """The same was said once more."""
        self.n_times = max(self.n_times + 1, message.n_times)
        self._label.setText(self._text)
        self.restart()

    @property
    def _text(self) -> str:
        return self.message.text if self.n_times == 1 else f"{self.message.text}  ({self.n_times}×)"

    def fit(self, available_px: int) -> None:
        """Take the room that the text needs, within what there is."""
        widest = min(MAX_WIDTH_PX, available_px - 4 * GRID_PX)
        self._label.setMinimumWidth(0)
        text_px = self._label.fontMetrics().horizontalAdvance(self._label.text()) + 1
        others_px = self.sizeHint().width() - self._label.sizeHint().width()
        self._label.setFixedWidth(max(min(text_px, widest - others_px), 8 * GRID_PX))
        self._row.activate()
        width = self._row.totalSizeHint().width()
        self.resize(width, max(self._row.totalHeightForWidth(width), self.sizeHint().height()))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Wait for whoever points at it."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Go on soon."""
        if reading_ms(self.message) is not None:
            self._timer.start(AFTER_HOVER_MS)
        super().leaveEvent(event)

    def _expire(self) -> None:
        focus = QApplication.focusWidget()
        if self.underMouse() or (focus is not None and self.isAncestorOf(focus)):
            self._timer.start(AFTER_HOVER_MS)
        else:
            self.closed.emit()

    def _button(self, text: str, asked: SignalInstance, *, closes: bool) -> QPushButton:
        button = QPushButton(text, flat=True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setObjectName(f"toast.{text.lower()}")
        button.setAccessibleName(f"{text}: {self.message.text}")
        button.clicked.connect(asked)
        if closes:
            button.clicked.connect(self.closed)
        return button

    def _closer(self) -> QToolButton:
        button = QToolButton()
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setObjectName("toast.close")
        button.setAccessibleName("Close message")
        button.setToolTip("Close")
        button.setIconSize(QSize(16, 16))
        set_icon(button, "close", "muted")
        button.clicked.connect(self.closed)
        return button


class Toasts(QObject):
    """The messages over one widget, newest at the bottom.

    Args:
        host: what they lie over.
    """

    undo_asked = Signal()
    details_asked = Signal(object)
    """The `Message` whose details are wanted."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._toasts: list[Toast] = []
        host.installEventFilter(self)

    def __iter__(self) -> Iterator[Toast]:
        return iter(self._toasts)

    def show_message(self, message: Message) -> None:
        """Show a message. What was done replaces what was done before; what is still there is counted."""
        same = next((t for t in self._toasts if t.message == message and not message.undo), None)
        if same is not None:
            same.again(message)
            self._arrange()
        else:
            if message.kind is MessageKind.DONE:
                self._remove_all(MessageKind.DONE)
            self._add(message)
        self._announce(message)

    def clear(self) -> None:
        """Take all of them away."""
        for toast in tuple(self._toasts):
            self._remove(toast)

    def drop_undo(self) -> None:
        """What could be undone from a message no longer is what an undo would take back."""
        for toast in tuple(self._toasts):
            if toast.message.undo:
                self._remove(toast)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the lower edge when the host changes."""
        if watched is self._host and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._arrange()
        return False

    def _add(self, message: Message) -> None:
        while len(self._toasts) >= MAX_SHOWN:
            passing = [t for t in self._toasts if t.message.kind is not MessageKind.ERROR]
            self._remove((passing or self._toasts)[0])
        toast = Toast(message, self._host)
        toast.closed.connect(lambda: self._remove(toast))
        toast.undo_asked.connect(self.undo_asked)
        toast.details_asked.connect(lambda: self.details_asked.emit(message))
        self._toasts.append(toast)
        self._arrange()
        toast.show()
        toast.raise_()
        _fade_in(toast)

    def _remove(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._arrange()

    def _remove_all(self, kind: MessageKind) -> None:
        for toast in [t for t in self._toasts if t.message.kind is kind]:
            self._remove(toast)

    def _arrange(self) -> None:
        bottom = self._host.height() - ABOVE_SCALE_BARS_PX
        for toast in reversed(self._toasts):
            toast.fit(self._host.width())
            toast.move((self._host.width() - toast.width()) // 2, bottom - toast.height())
            bottom -= toast.height() + GRID_PX

    def _announce(self, message: Message) -> None:
        event = QAccessibleAnnouncementEvent(self._host, message.text)
        if message.kind is MessageKind.ERROR:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)


def _fade_in(toast: Toast) -> None:
    lasts_ms = duration_ms(FADE_MS)
    if not lasts_ms:
        return
    effect = QGraphicsOpacityEffect(toast)
    toast.setGraphicsEffect(effect)
    fade = QPropertyAnimation(effect, b"opacity", toast)
    fade.setDuration(lasts_ms)
    fade.setStartValue(0.0)
    fade.setEndValue(1.0)
    fade.setEasingCurve(QEasingCurve.Type.OutCubic)
    # an effect that stays would have every repaint go through a picture of its own
    fade.finished.connect(lambda: toast.setGraphicsEffect(None))  # type: ignore[arg-type]
    fade.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)
