"""The Qt application: its names, its log, and a file ready for the case that it crashes."""

import atexit
import logging
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, Qt
from PySide6.QtWidgets import QApplication

from ui.crash import CrashWatch, about_the_program
from workstation.errors import UserFacingError
from workstation.home import data_dir
from workstation.log_file import log_to, stop_logging, without_names
from workstation.version import software_version

log = logging.getLogger(__name__)

NAME = "trichodesk"
SWITCH_INTERVAL_S = 0.001
"""How long another thread may keep the interpreter from the main thread. Python's own 5 ms add up: one repaint takes
it back many times."""

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def make_application(arguments: list[str]) -> QApplication:
    """Make the application, once; what it says from now on goes to the log.

    Args:
        arguments: of the command line, the program's name first; Qt takes out those that are its own.
    """
    _begin_log()
    atexit.register(CrashWatch().close)
    qInstallMessageHandler(_on_message)
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication(arguments)
    application.setApplicationName(NAME)
    application.setApplicationDisplayName(NAME)
    application.setApplicationVersion(software_version())
    application.setOrganizationName(NAME)
    application.setDesktopFileName(NAME)
    log.info(f"{about_the_program()} on {application.platformName()}")
    return application


def _begin_log() -> None:
    """A log that cannot be written is done without."""
    try:
        atexit.register(stop_logging, log_to(data_dir()))
    except (OSError, UserFacingError) as error:
        log.warning("there is no log file: %s", error)
    logging.raiseExceptions = False  # a full disk must not print a traceback for each line


def _on_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """What Qt has to say; after a fatal message it ends the program."""
    category = context.category or "default"
    logging.getLogger(f"qt.{category}").log(_LEVELS.get(kind, logging.WARNING), without_names(message))
    if kind is QtMsgType.QtFatalMsg and sys.__stderr__ is not None:
        sys.__stderr__.write(f"{NAME}: {message}\n")
