"""How two registered visits are compared: side by side, or one over the other; which of them is on top."""

from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

BLINKS_PER_S = (0.5, 3.0)
"""Slowest and fastest; faster than three a second can harm (WCAG 2.3.1)."""
STEP = 0.05
"""Of curtain and fade by key."""
RATE_FACTOR = 1.25


class Mode(StrEnum):
    """How two visits are compared."""

    SIDE_BY_SIDE = "side by side"
    BLINK = "blink"
    """One after the other in the same place."""
    CURTAIN = "curtain"
    """The first to the left of an edge, the second to its right."""
    FADE = "fade"
    """The second shines through the first."""


class Comparing(QObject):
    """The mode and what can be set about each. Whoever shows the images listens.

    Args:
        parent: the Qt parent.
    """

    mode_changed = Signal()
    changed = Signal()
    """Something about the mode: the rate, the edge of the curtain, the fade, which is on top."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode = Mode.SIDE_BY_SIDE
        self._rate = 1.0
        self._curtain = self._fade = 0.5
        self._second_on_top = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._blink)
        self._keep_time()

    @property
    def mode(self) -> Mode:
        """How the visits are compared."""
        return self._mode

    @property
    def over(self) -> bool:
        """Whether one is over the other."""
        return self._mode is not Mode.SIDE_BY_SIDE

    def set_mode(self, mode: Mode) -> None:
        """Compare in another way. Blinking begins with the first on top."""
        if mode is not self._mode:
            self._mode = mode
            self._second_on_top = False
            self._timer.stop()
            if mode is Mode.BLINK:
                self._timer.start()
            self.mode_changed.emit()

    @property
    def rate(self) -> float:
        """How often a second the visits take turns."""
        return self._rate

    def set_rate(self, per_s: float) -> None:
        """Blink faster or slower."""
        self._rate = min(max(per_s, BLINKS_PER_S[0]), BLINKS_PER_S[1])
        self._keep_time()
        self.changed.emit()

    @property
    def running(self) -> bool:
        """Whether the visits take turns by themselves."""
        return self._timer.isActive()

    def set_running(self, running: bool) -> None:
        """Have the visits take turns by themselves, or stay as they are."""
        if running != self.running and self._mode is Mode.BLINK:
            if running:
                self._timer.start()
            else:
                self._timer.stop()
            self.changed.emit()

    @property
    def curtain(self) -> float:
        """Where the edge of the curtain is: 0 at the left of the view, 1 at its right."""
        return self._curtain

    def set_curtain(self, share: float) -> None:
        """Draw the curtain."""
        self._curtain = min(max(share, 0.0), 1.0)
        self.changed.emit()

    @property
    def fade(self) -> float:
        """How much is seen of the second: 0 nothing, 1 it alone."""
        return self._fade

    def set_fade(self, share: float) -> None:
        """Fade over."""
        self._fade = min(max(share, 0.0), 1.0)
        self.changed.emit()

    @property
    def second_on_top(self) -> bool:
        """Whether the second is the one that is seen, or seen more of. A curtain has one on either side."""
        match self._mode:
            case Mode.BLINK:
                return self._second_on_top
            case Mode.FADE:
                return self._fade > 0.5
            case _:
                return False

    def hides(self, second: bool) -> bool:
        """Whether one of them is not seen, and will not be by itself."""
        match self._mode:
            case Mode.BLINK:
                return not self.running and second is not self._second_on_top
            case Mode.FADE:
                return self._fade == float(not second)
            case Mode.CURTAIN:
                return self._curtain == float(second)
            case _:
                return False

    def show_only(self, second: bool) -> None:
        """Show one of them alone, until it is changed again."""
        match self._mode:
            case Mode.BLINK:
                self._timer.stop()
                self._second_on_top = second
                self.changed.emit()
            case Mode.FADE:
                self.set_fade(float(second))
            case Mode.CURTAIN:
                self.set_curtain(float(not second))

    def flip(self) -> None:
        """Show the other one alone."""
        self.show_only(self._curtain >= 0.5 if self._mode is Mode.CURTAIN else not self.second_on_top)

    def step(self, up: bool) -> None:
        """More of the second or less; faster or slower."""
        sign = 1 if up else -1
        match self._mode:
            case Mode.BLINK:
                self.set_rate(self._rate * RATE_FACTOR**sign)
            case Mode.CURTAIN:
                self.set_curtain(self._curtain + sign * STEP)
            case Mode.FADE:
                self.set_fade(self._fade + sign * STEP)

    def _blink(self) -> None:
        self._second_on_top = not self._second_on_top
        self.changed.emit()

    def _keep_time(self) -> None:
        self._timer.setInterval(round(1000 / self._rate))
