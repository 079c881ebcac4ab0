"""Where a new study's file goes: a line to type in, and a button to look for a folder."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from ui.dialogs.sheet import mark_faulty
from ui.free_paths import STUDY_SUFFIX, fault_of_path
from ui.theme import GRID_PX


class StudyPlace(QWidget):
    """See the module.

    Args:
        name: of the dialog, before the names of the parts.
        path: what is offered.
        label_text: what stands before the line.
    """

    changed = Signal()

    def __init__(self, name: str, path: Path, label_text: str = "&Study file") -> None:
        super().__init__()
        self._title = label_text.replace("&", "")
        self.line = QLineEdit(str(path))
        self.line.setObjectName(f"{name}.path")
        self.line.textChanged.connect(self.changed)
        label = QLabel(label_text)
        label.setBuddy(self.line)
        browse = QPushButton("&Browse…")
        browse.setObjectName(f"{name}.browse")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(label)
        row.addWidget(self.line, 1)
        row.addWidget(browse)

    @property
    def path(self) -> Path:
        """Where the study file goes."""
        typed = Path(self.line.text().strip()).expanduser().absolute()
        return typed if typed.suffix else typed.with_suffix(STUDY_SUFFIX)

    def fault(self) -> str:
        """Why a study cannot be made there, as a sentence; empty where it can. The line is marked accordingly."""
        said = fault_of_path(self.path, self.line.text())
        mark_faulty(self.line, bool(said))
        return said

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            self._title,
            str(self.path),
            f"Studies (*{STUDY_SUFFIX})",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self.line.setText(chosen)
