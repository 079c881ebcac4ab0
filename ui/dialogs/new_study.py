"""Images become a study, or join one: of whom, when, where, at what scale; and where the study file goes."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from ui.background import Background, Task
from ui.dialogs.image_looks import Look, look_at
from ui.dialogs.image_rows import COLUMNS, Checked, check, guessed_rows, suggestions
from ui.dialogs.image_table import ImageTable
from ui.dialogs.image_table_model import HEADINGS, ImageTableModel
from ui.dialogs.sheet import Sheet, paragraph, set_role
from ui.dialogs.study_place import StudyPlace
from ui.dropped import IMAGE_SUFFIXES
from ui.free_paths import free_path
from ui.theme import GRID_PX
from workstation.manifest import ManifestRow
from workstation.model.study import Study
from workstation.settings import Settings

SIZE_PX = (1080, 640)
HOW = (
    "What the names of the files tell is filled in. Select several cells and type to fill all of them; "
    "blocks can be pasted from a spreadsheet."
)


class NewStudyDialog(Sheet):
    """The table and, for a new study, the place of its file.

    Args:
        images: the files.
        settings: the program's.
        background: looks at the images off the main thread.
        study: the open study that the images are added to; None for a new one.
        parent: the window it belongs to.
    """

    def __init__(
        self,
        images: Sequence[Path],
        settings: Settings,
        background: Background,
        study: Study | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("new_study", "New study" if study is None else "Add images", parent)
        self._settings, self._background, self._study = settings, background, study
        self._tasks: list[Task[Look]] = []
        self._checked = Checked(())
        self.model = ImageTableModel(guessed_rows(images, study))
        self.table = ImageTable(self.model, lambda column: suggestions(column, self.model.rows, study))
        self._place = StudyPlace("new_study", usual_path(images, settings))
        self._verdict = paragraph("")
        self._verdict.setObjectName("new_study.verdict")
        self._verdict.setMinimumHeight(4 * GRID_PX)
        self.column.addWidget(paragraph(HOW, "muted"))
        self.column.addWidget(self.table, 1)
        self.column.addLayout(self._tools())
        if study is None:
            self.column.addWidget(self._place)
        self.column.addWidget(self._verdict)
        self._make = self.add_buttons("&Make study" if study is None else "&Add")
        self.resize(*SIZE_PX)
        self.model.edited.connect(self._check)
        self._place.changed.connect(self._judge)
        self.finished.connect(self._stop_looking)
        self._look()
        self._check()
        self.table.setFocus()
        self.table.setCurrentIndex(self.model.index(0, 1))

    @property
    def rows(self) -> tuple[ManifestRow, ...]:
        """The images as an import takes them."""
        return self._checked.rows

    @property
    def path(self) -> Path:
        """Where the study file goes."""
        return self._place.path

    # --- what it is made of ------------------------------------------------------------------------------------

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        for name, text, tip, does in (
            ("more", "More &images…", "", self._ask_for_more),
            ("fill", "&Fill down", "The first selected cell into those below it (Ctrl+D)", self.table.fill_down),
            ("remove", "&Leave out", "The selected images", self._leave_out),
        ):
            button = QPushButton(text)
            button.setObjectName(f"new_study.{name}")
            button.setToolTip(tip)
            button.setAutoDefault(False)
            button.clicked.connect(does)
            row.addWidget(button)
        row.addStretch(1)
        return row

    # --- what is wrong -----------------------------------------------------------------------------------------

    def _check(self) -> None:
        self._checked = check(self.model.rows, self._study)
        self.model.show_faults(dict(self._checked.faults))
        self._judge()

    def _judge(self) -> None:
        """Say what stands in the way, else what may not have been meant."""
        wrong_place = "" if self._study is not None else self._place.fault()
        fault = self._first_fault() or wrong_place
        self._verdict.setText(fault or self._note())
        set_role(self._verdict, "danger" if fault else "muted")
        self._make.setEnabled(not fault)

    def _first_fault(self) -> str:
        if not self.model.rows:
            return "There is no image in the table."
        for at, row in enumerate(self.model.rows):
            look = self.model.look(row.path)
            if look is not None and look.problem:
                return f"Row {at + 1}, {row.path.name}: {look.problem}. Leave it out, or mend the file."
        for (at, column), what in sorted(self._checked.faults.items()):
            heading = HEADINGS[COLUMNS.index(column) + 1] if column in COLUMNS else HEADINGS[0]
            return f"Row {at + 1}, {heading.lower() if heading != 'µm/px' else heading}: {what}."
        return ""

    def _note(self) -> str:
        """What may not have been meant; else how many images have no scale."""
        if self._checked.notes:
            said = self._checked.notes[0]
            return f"{said[:1].upper()}{said[1:]}."
        looks = [(row, self.model.look(row.path)) for row in self.model.rows]
        if any(look is None for _, look in looks):
            return "Looking at the images …"
        without = sum(self.model.implied_scale(row) == "none" for row, _ in looks)
        if without:
            has = "image has" if without == 1 else "images have"
            return f"{without} {has} no scale: results are then in pixels, and no density is given."
        return ""

    # --- looking at the images ---------------------------------------------------------------------------------

    def _look(self) -> None:
        limit = self._settings.max_megapixels
        for row in self.model.rows:
            if self.model.look(row.path) is None:
                task = self._background.submit(
                    partial(look_at, row.path, limit), partial(self._seen, row.path), name="looking at an image"
                )
                self._tasks.append(task)

    def _seen(self, path: Path, look: Look) -> None:
        self.model.show_look(path, look)
        self.model.take_facts(path, look.facts, self._study)
        self._judge()

    def _stop_looking(self) -> None:
        for task in self._tasks:
            task.drop()

    # --- doings ------------------------------------------------------------------------------------------------

    def _ask_for_more(self) -> None:
        kinds = f"Images (*{' *'.join(IMAGE_SUFFIXES)})"
        folder = self.model.rows[-1].path.parent if self.model.rows else self._settings.last_folder
        chosen, _ = QFileDialog.getOpenFileNames(self, "More images", str(folder or ""), kinds)
        if chosen:
            self.model.add_rows(guessed_rows(map(Path, chosen), self._study))
            self._look()

    def _leave_out(self) -> None:
        self.table.remove_selected()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)


def usual_path(images: Sequence[Path], settings: Settings) -> Path:
    """A study file beside the images that is not there yet, named as their folder."""
    folder = images[0].absolute().parent if images else settings.last_folder or Path.home()
    return free_path(folder, folder.name or "study")
