"""Goes smoothly from one viewport to another, so that the eye keeps the place."""

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation

from ui.view.viewport import Viewport

DURATION_MS = 260


class Glide(QObject):
    """One glide at a time.

    Args:
        show: is given every viewport on the way.
        parent: the Qt parent.
    """

    def __init__(self, show: Callable[[Viewport], None], parent: QObject) -> None:
        super().__init__(parent)
        self._show = show
        self._ends: tuple[Viewport, Viewport] | None = None
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setDuration(DURATION_MS)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._animation.valueChanged.connect(self._step)

    @property
    def running(self) -> bool:
        """Whether it is on the way."""
        return self._animation.state() == QVariantAnimation.State.Running

    def go(self, start: Viewport, end: Viewport) -> None:
        """Begin; a glide that is on its way is given up."""
        self._animation.stop()
        self._ends = start, end
        self._animation.start()

    def stop(self) -> None:
        """Stay where it is."""
        self._animation.stop()

    def _step(self, share: float) -> None:
        if self._ends is not None and self.running:
            self._show(self._ends[1] if share >= 1.0 else self._ends[0].between(self._ends[1], share))
