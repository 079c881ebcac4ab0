"""Asks what is to be handed to a blinded reader: whom, which pictures, how reads begin, how many are shown twice."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ui.background import Background
from ui.blinding.mask_preview import MaskPreview
from ui.dialogs.form import Form, whole_field
from ui.dialogs.sheet import Sheet, paragraph
from ui.dialogs.study_place import StudyPlace
from ui.free_paths import free_path
from ui.theme import GRID_PX
from workstation.blinding.choosing import Choice, chosen_images
from workstation.blinding.ordering import groups_of, n_repeats
from workstation.blinding.packing import Order
from workstation.counting import counted
from workstation.errors import UserFacingError
from workstation.file_names import safe_name
from workstation.model.package import Start
from workstation.model.read import DETECTOR
from workstation.model.study import Study
from workstation.session import Session

USUAL_REPEATS_PERCENT = 10
LIST_PX = (20 * GRID_PX, 13 * GRID_PX)
STARTS = (
    (
        Start.DETECTION,
        "The &detection, to be corrected: quicker, but reads that begin with it lean the same way",
    ),
    (Start.BLANK, "&Blank: every hair is drawn; independent of the detection and of others"),
)


class PackageDialog(Sheet):
    """See the module.

    Args:
        session: the open study.
        background: makes previews on a thread.
        parent: the window it belongs to.
    """

    def __init__(self, session: Session, background: Background, parent: QWidget | None = None) -> None:
        super().__init__("package", "Package for a blinded reader", parent)
        self._study, self._folder = session.study, session.path.parent
        study = self._study
        self.reader = QComboBox(editable=True)
        self.reader.setObjectName("package.reader")
        self.reader.addItems(_readers(study, session.document.user))
        self.reader.setCurrentText("")
        self.reader.setMinimumWidth(30 * GRID_PX)
        subjects = dict.fromkeys(study.visit_of(i).subject for i in study.images)
        visits = dict.fromkeys(study.visit_of(i).name for i in study.images)
        sites = dict.fromkeys(image.site for image in study.images.values())
        self.lists = tuple(
            _CheckList(name, title, names)
            for name, title, names in (
                ("subjects", "Subjects", subjects), ("visits", "Visits", visits), ("sites", "Sites", sites)
            )
        )  # fmt: skip
        self.repeats = whole_field("package.repeats", 0, 100, USUAL_REPEATS_PERCENT, "%")
        self.place = StudyPlace("package", free_path(self._folder, "for a reader"), "&Work file")
        self.preview = MaskPreview(session, background)
        self._lay_out()
        self._follow_reader = True
        self.place.line.textEdited.connect(self._leave_name)
        self.reader.currentTextChanged.connect(self._name_file)
        for part in self.lists:
            part.list.itemChanged.connect(self._check)
        for button in self._starts:
            button.toggled.connect(self._check)
        self.repeats.valueChanged.connect(self._check)
        self.place.changed.connect(self._check)
        self.finished.connect(self.preview.stop)
        self._check()
        self.reader.setFocus()

    @property
    def path(self) -> Path:
        """Where the work file goes."""
        return self.place.path

    @property
    def order(self) -> Order:
        """What is asked for."""
        return Order(self.reader.currentText().strip(), self._start(), self.repeats.value() / 100, self._images())

    def _start(self) -> Start:
        return next(start for button, (start, _) in zip(self._starts, STARTS, strict=True) if button.isChecked())

    def _images(self) -> tuple[int, ...]:
        names = [part.chosen for part in self.lists]
        if not all(names):
            return ()
        try:
            return chosen_images(self._study, Choice(*names))
        except UserFacingError:
            return ()

    def _lay_out(self) -> None:
        form = Form("package.form")
        form.add_row("&Reader", self.reader, "The name in the settings of their program: it opens to nobody else.")
        which = QWidget()
        row = QHBoxLayout(which)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID_PX)
        for part in self.lists:
            row.addWidget(part)
        form.add_heading("Pictures")
        form.add_field(which)
        self.summary = form.add_note("", "")
        self.summary.setObjectName("package.summary")
        form.add_heading("Reads begin with")
        self._starts = [QRadioButton(text) for _, text in STARTS]
        group = QButtonGroup(self)
        for button, (start, _) in zip(self._starts, STARTS, strict=True):
            button.setObjectName(f"package.start.{start}")
            group.addButton(button)
            form.add_field(button)
        self._starts[0].setChecked(True)
        form.add_heading("Hidden repeats")
        form.add_row("&Shown twice", self.repeats, "Of the pairs, under another code and far apart: how well a reader "
                     "agrees with themselves.")  # fmt: skip
        form.add_end()
        beside = QVBoxLayout()
        beside.setSpacing(GRID_PX)
        title = QLabel("What will be masked")
        title.setProperty("role", "heading")
        beside.addWidget(title)
        beside.addWidget(self.preview, 1)
        about = "Text, boxes and all beside the field of view become grey. What is not found cannot be masked: look."
        beside.addWidget(paragraph(about, "muted"))
        columns = QHBoxLayout()
        columns.setSpacing(4 * GRID_PX)
        columns.addWidget(form, 1)
        columns.addLayout(beside, 1)
        self.column.addLayout(columns)
        self.column.addWidget(self.place)
        self.fault = paragraph("", "danger")
        self.fault.setObjectName("package.fault")
        self.column.addWidget(self.fault)
        self._make = self.add_buttons("Make package")

    def _leave_name(self, _text: str) -> None:
        self._follow_reader = False

    def _name_file(self, reader: str) -> None:
        """The file is called after its reader, unless it was named by hand."""
        if self._follow_reader:
            self.place.line.setText(str(free_path(self._folder, safe_name(f"for {reader.strip()}") or "for a reader")))
        self._check()

    def _check(self, *_: object) -> None:
        images = self._images()
        self.preview.show_images(images)
        self.summary.setText(summary(self._study, images, self.repeats.value() / 100))
        fault = self._fault(images)
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        self._make.setEnabled(not fault and bool(self.reader.currentText().strip()))

    def _fault(self, images: tuple[int, ...]) -> str:
        if not images:
            return "No picture is chosen."
        if self.reader.currentText().strip() == DETECTOR:
            return "This is the name of the detection. Give that of a person."
        missing = [i for i in images if all(read.editable for read in self._study.reads_of(i))]
        if missing and self._start() is Start.DETECTION:
            return (
                f"Nothing was detected yet in {counted(len(missing), 'image')}. Detect first, or let reads start blank."
            )
        return self.place.fault()


class _CheckList(QWidget):
    """Names, each with a tick."""

    def __init__(self, name: str, title: str, names: Iterable[str]) -> None:
        super().__init__()
        heading = QLabel(title)
        heading.setProperty("role", "muted")
        self.list = QListWidget()
        self.list.setObjectName(f"package.{name}")
        self.list.setAccessibleName(title)
        self.list.setFixedSize(*LIST_PX)
        heading.setBuddy(self.list)
        for text in names:
            item = QListWidgetItem(text)
            item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked)
            self.list.addItem(item)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        column.addWidget(heading)
        column.addWidget(self.list)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Those that are ticked."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return tuple(item.text() for item in items if item.checkState() is Qt.CheckState.Checked)


def summary(study: Study, images: tuple[int, ...], repeats: float) -> str:
    """How much it is: `24 pictures in 12 pairs, 1 of them shown twice: 26 pictures to read.`"""
    groups = groups_of(study, images)
    if not groups:
        return ""
    again = n_repeats(len(groups), repeats)
    mean = len(images) / len(groups)
    told = f"{counted(len(images), 'picture')} in {counted(len(groups), 'pair')}"
    if not again:
        return f"{told}."
    return f"{told}, {again} of them shown twice: about {round(len(images) + again * mean)} pictures to read."


def _readers(study: Study, user: str) -> list[str]:
    """Who may be meant: those listed in the study, else those who read in it; not whoever makes the package."""
    names = list(study.people) or sorted({r.reader for r in study.reads.values() if r.editable})
    return [name for name in names if name != user]
