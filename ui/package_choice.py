"""The part of the export dialog that asks for a de-identified package: where its key goes, and what stays in it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.dialogs.sheet import paragraph
from ui.theme import GRID_PX
from workstation.deidentifying.package import LOOK_AT_EACH, check_places
from workstation.errors import UserFacingError

ABOUT = (
    "A study of its own for others: codes instead of subjects and readers, study days instead of dates, pictures "
    "without metadata and with burnt-in text masked."
)


@dataclass(frozen=True, slots=True)
class PackageChoice:
    """What is asked of a package besides its folder."""

    key_file: Path | None = None
    """None: nobody can tell any more what stands for what."""
    keep_comments: bool = False


class PackageBox(QWidget):
    """Asks for it.

    Args:
        key_file: offered as the key's place.
        changed: called after each change.
        parent: the dialog.
    """

    def __init__(self, key_file: Path, changed: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = QCheckBox("&Key, which tells what stands for what:")
        self._key.setObjectName("package_key")
        self._key.setChecked(True)
        self._path = QLineEdit(str(key_file))
        self._path.setObjectName("package_key_file")
        self._path.setAccessibleName("File of the key")
        browse = QPushButton("B&rowse…")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        self._comments = QCheckBox("Keep co&mments and the title, which may tell who it is of")
        self._comments.setObjectName("package_comments")
        place = QHBoxLayout()
        place.addWidget(self._path, 1)
        place.addWidget(browse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID_PX, 0, 0, 0)
        layout.setSpacing(GRID_PX)
        layout.addWidget(paragraph(ABOUT, "muted"))
        layout.addWidget(self._key)
        layout.addLayout(place)
        layout.addWidget(self._comments)
        layout.addWidget(paragraph(LOOK_AT_EACH))
        for part in (self._path, browse):
            self._key.toggled.connect(part.setEnabled)
        self._key.toggled.connect(changed)
        self._path.textChanged.connect(changed)

    @property
    def choice(self) -> PackageChoice:
        """What was chosen."""
        key = Path(self._path.text().strip()).expanduser() if self._key.isChecked() else None
        return PackageChoice(key, self._comments.isChecked())

    def fault(self, folder: Path) -> str:
        """Why a package cannot be written into a folder, as a sentence; empty where it can."""
        choice = self.choice
        if choice.key_file is not None and not choice.key_file.name:
            return "Name the file of the key."
        try:
            check_places(folder, choice.key_file)
        except UserFacingError as error:
            return f"{error.what[:1].upper()}{error.what[1:]}. {error.remedy}"
        except (OSError, ValueError):
            return "There can be no folder or file of that name."
        return ""

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "File of the key", self._path.text(), "Key (*.csv)")
        if chosen:
            self._path.setText(chosen)
