"""How two visits are compared, as a row of buttons: with words where there is room, else as signs alone."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from ui.actions import Actions

WORDS_FROM_PX = 1200
"""So wide is the bar where words have room."""


class ModeButtons(QWidget):
    """See the module.

    Args:
        actions: the commands.
        bar: in which they stand.
    """

    def __init__(self, actions: Actions, bar: QWidget) -> None:
        super().__init__(bar)
        self.setObjectName("mode_buttons")
        self.setAccessibleName("How the visits are compared")
        self._bar = bar
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(2)
        self._buttons = []
        for name in ("side_by_side", "blink", "curtain", "fade"):
            button = QToolButton()
            button.setObjectName(f"mode.{name}")
            button.setDefaultAction(actions[f"view.{name}"])
            row.addWidget(button)
            self._buttons.append(button)
        bar.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the width of the bar."""
        if watched is self._bar and event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        wide = self._bar.width() >= WORDS_FROM_PX
        style = Qt.ToolButtonStyle.ToolButtonTextOnly if wide else Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in self._buttons:
            button.setToolButtonStyle(style)
