"""Asks for a report: of the whole trial or of one subject, as PDF or HTML, where to."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ui.dialogs.form import Form
from ui.dialogs.sheet import Sheet, mark_faulty, paragraph
from ui.theme import GRID_PX
from workstation.file_names import safe_name
from workstation.model.study import Study
from workstation.trial.results import Basis

PATH_PX = 48 * GRID_PX
KINDS = (("&PDF, to print and to hand in", ".pdf"), ("&HTML, one file for a browser", ".html"))
REPLACED = (".pdf", ".html", ".htm")
"""Endings that give way to that of another kind; other dots are part of the name."""


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """What to write, and where to."""

    path: Path
    """Its ending says whether as PDF or HTML."""
    subject: str = ""
    """The code of the one that it is for; empty: the trial's report."""
    figures: bool = False
    """Whether its drawings are also written beside it, as SVG and PNG."""
    basis: Basis = Basis.OWN
    """The fields that endpoints are compared on."""

    @property
    def figures_folder(self) -> Path:
        """Where the drawings go."""
        return self.path.with_name(f"{self.path.stem}-figures")


class ReportDialog(Sheet):
    """See the module.

    Args:
        study: of which.
        folder: offered as the place.
        stem: offered as the file's name, without ending.
        subject: offered; empty: the trial's report.
        parent: the window it belongs to.
    """

    def __init__(self, study: Study, folder: Path, stem: str, subject: str = "", parent: QWidget | None = None) -> None:
        super().__init__("report", "Report", parent)
        self._folder, self._stem = folder, stem
        self._subject = QComboBox()
        self._subject.setObjectName("report.subject")
        self._subject.addItem("The trial: all subjects, statistics, methods", "")
        for code in sorted(study.subjects):
            self._subject.addItem(f"One page for subject {code}", code)
        self._subject.setCurrentIndex(max(0, self._subject.findData(subject)))
        self._kinds = [QRadioButton(text) for text, _ in KINDS]
        self._kinds[0].setChecked(True)
        self._path = QLineEdit(str(self._offered()))
        self._path.setObjectName("report.path")
        self._path.setMinimumWidth(PATH_PX)
        self._touched = False
        self._figures = QCheckBox("Also write its &drawings as SVG and PNG")
        self._figures.setObjectName("report.figures")
        browse = QPushButton("&Browse…")
        browse.setObjectName("report.browse")
        browse.setAutoDefault(False)
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self._path, 1)
        row.addWidget(browse)
        place.setFocusProxy(self._path)
        form = Form("report.form")
        form.add_row("&Report of", self._subject)
        form.add_row("As", self._kinds_box())
        form.add_row("&File", place)
        form.add_field(self._figures)
        self.column.addWidget(form)
        self._fault = paragraph("", "danger")
        self._fault.setObjectName("report.fault")
        self.column.addWidget(self._fault)
        self.column.addWidget(paragraph("A file of this name is replaced once the new one is whole.", "muted"))
        self._write = self.add_buttons("Write")
        self._subject.currentIndexChanged.connect(self._offer)
        for button in self._kinds:
            button.toggled.connect(self._offer)
        self._path.textEdited.connect(self._touch)
        self._path.textChanged.connect(self._check)
        browse.clicked.connect(self._browse)
        self._check()

    @property
    def choice(self) -> ReportChoice:
        """What was chosen."""
        path = Path(self._path.text().strip()).expanduser()
        return ReportChoice(path, self._subject.currentData(), self._figures.isChecked())

    def _kinds_box(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for button, (_, suffix) in zip(self._kinds, KINDS, strict=True):
            button.setObjectName(f"report.kind{suffix}")
            column.addWidget(button)
        return box

    def _suffix(self) -> str:
        return next(suffix for button, (_, suffix) in zip(self._kinds, KINDS, strict=True) if button.isChecked())

    def _offered(self) -> Path:
        subject = self._subject.currentData()
        of = f"-{safe_name(subject)}" if subject else ""
        return self._folder / f"{self._stem}-report{of}{self._suffix()}"

    def _offer(self, *_: object) -> None:
        """Follow the choice with the file's name, or with its ending alone where the user wrote the name."""
        text = self._path.text().strip()
        self._path.setText(self._with_ending(text) if self._touched and text else str(self._offered()))
        self._check()

    def _with_ending(self, text: str) -> str:
        """What was written, as a file of the kind that is chosen; a folder is left as it is."""
        path = Path(text)
        if not path.name or path.is_dir():
            return text
        name = path.stem if path.suffix.lower() in REPLACED else path.name
        return str(path.with_name(name + self._suffix()))

    def _touch(self, _text: str) -> None:
        self._touched = True

    def _check(self, *_: object) -> None:
        path, suffix = self.choice.path, self._suffix()
        fault = ""
        if not path.name:
            fault = "Name the file."
        elif path.suffix.lower() not in (suffix, ".htm" if suffix == ".html" else suffix):
            fault = f"The file's name must end in {suffix}."
        elif path.is_dir():
            fault = "This is a folder. Name a file in it."
        mark_faulty(self._path, bool(fault))
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))
        self._write.setEnabled(not fault)
        self._figures.setEnabled(not self._subject.currentData())

    def _browse(self) -> None:
        suffix = self._suffix()
        chosen, _ = QFileDialog.getSaveFileName(self, "Report", self._path.text(), f"Report (*{suffix})")
        if chosen:
            self._touched = True
            self._path.setText(chosen if Path(chosen).suffix else chosen + suffix)
