import pytest
from PySide6.QtWidgets import QWidget


@pytest.fixture
def show(qtbot):
    """Show a panel as wide as the column usually is, and bring it up to date."""

    def shown(panel: QWidget) -> QWidget:
        qtbot.addWidget(panel)
        panel.resize(344, 700)
        panel.show()
        panel.refresh_now()
        return panel

    return shown
