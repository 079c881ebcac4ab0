"""About the program: which version, on what it stands, where it keeps things."""

import platform

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.crash import about_the_program
from ui.dialogs.sheet import Sheet, paragraph
from ui.icons import app_icon
from ui.theme import GRID_PX
from workstation.errors import UserFacingError
from workstation.home import config_dir, data_dir
from workstation.version import software_version

ICON_PX = 64
WHAT = "Review scalp images: correct hairs and follicular units by hand, measure them, follow them through a trial."
LICENCE = (
    "MIT licence. It stands on Qt for Python (LGPL), OpenCV, NumPy, SciPy, Matplotlib, HDF5, cryptography and others."
)
RESEARCH = "For research; not a medical device."


class AboutDialog(Sheet):
    """The card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("about", "About trichodesk", parent)
        sign = QLabel()
        sign.setPixmap(app_icon().pixmap(QSize(ICON_PX, ICON_PX), self.devicePixelRatioF()))
        sign.setFixedSize(ICON_PX, ICON_PX)
        name = QLabel("trichodesk")
        name.setProperty("role", "title")
        version = QLabel(f"Version {software_version()}, Python {platform.python_version()}, {platform.system()}")
        version.setObjectName("about.version")
        version.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(GRID_PX)
        words.addWidget(name)
        words.addWidget(version)
        row = QHBoxLayout()
        row.setSpacing(2 * GRID_PX)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.column.addLayout(row)
        for text, role in ((WHAT, ""), (RESEARCH, "muted"), (LICENCE, "muted"), (_places(), "muted")):
            self.column.addWidget(paragraph(text, role))
        self.setMinimumWidth(60 * GRID_PX)
        self.add_buttons("", "Close").setFocus()
        copy = self.add_button("Copy versions", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(about_the_program()))
        folder = self.add_button("Open folder", QDialogButtonBox.ButtonRole.ActionRole)
        folder.clicked.connect(open_own_folder)


def open_own_folder() -> None:
    """Show the program's own folder, with log and journals, in the file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(data_dir())))


def _places() -> str:
    try:
        return f"Settings: {config_dir()}\nJournals and log: {data_dir()}"
    except UserFacingError as error:
        return str(error)
