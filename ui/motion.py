"""How much the window may move: as much as the user's desktop moves itself."""

from PySide6.QtWidgets import QApplication, QStyle


def duration_ms(wanted_ms: int) -> int:
    """How long something may glide or fade; 0, which is at once, where the desktop was told not to animate."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return 0
    allowed = app.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
    return wanted_ms if allowed > 0 else 0
