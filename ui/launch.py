"""From a study's name to a running window."""

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from ui import problems
from ui.application import make_application
from ui.desk import Desk
from ui.garbage import MainThreadCollector
from ui.main_window import MainWindow
from ui.spare_memory import SpareMemory
from ui.theme import apply_theme
from workstation.settings import load_settings

SIGNAL_POLL_MS = 250
WARM_UP_MS = 1500
"""When the window stands, a worker is started for the first study or image from outside."""
SWITCH_S = 0.0005
"""How long a worker thread may keep the interpreter while the window waits for it; Python's own 5 ms add up."""


def run(study: Path | None = None, *, detect: bool = False) -> int:
    """Open the window and stay until it is closed.

    Args:
        study: opened at once; None shows the start page.
        detect: detect in it where nothing was detected yet, as for the demo.

    Returns:
        The exit status.
    """
    sys.setswitchinterval(SWITCH_S)
    application = make_application(sys.argv[:1])
    said: list[str] = []
    settings = load_settings(said.append)
    apply_theme(application, settings.theme)
    collector, spare = MainThreadCollector(), SpareMemory()
    desk = Desk(settings)
    window = MainWindow(desk)
    collector.spare_present()
    watch = problems.watch(window.tell_of_failure)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    # Python sees a signal only when it runs: let it, now and then
    ticking = QTimer(interval=SIGNAL_POLL_MS)
    ticking.timeout.connect(lambda: None)
    ticking.start()
    window.show()
    for sentence in said:
        desk.workspace.tell(sentence)
    QTimer.singleShot(0, lambda: window.begin(study, detect=detect))
    QTimer.singleShot(WARM_UP_MS, _warm_up)
    try:
        return application.exec()
    finally:
        ticking.stop()
        spare.stop()
        desk.shutdown()
        watch.uninstall()
        collector.stop()


def _warm_up() -> None:
    from workstation.isolation import warm_up

    warm_up()
