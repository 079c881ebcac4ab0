"""Asks for a work file, checks it on a thread, and shows what would come in before anything does."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from ui.background import Background, Task
from ui.dialogs.sheet import Sheet, mark_faulty, paragraph
from ui.theme import GRID_PX
from workstation.blinding.checking import Checked, check_work_file
from workstation.blinding.merging import Incoming, incoming
from workstation.blinding.packing import refuse_unlisted
from workstation.clock import local_time
from workstation.counting import counted
from workstation.errors import UserFacingError
from workstation.session import Session

WORK_FILES = "Work files (*.h5 *.hdf5)"
PATH_PX = 56 * GRID_PX


@dataclass(frozen=True, slots=True)
class Weighed:
    """A work file that was checked, and what it would bring in."""

    checked: Checked
    found: Incoming


def weigh(session: Session, path: Path) -> Weighed:
    """Check a work file and see what it would bring in; on any thread.

    Raises:
        UserFacingError: if it is refused.
    """
    study = session.study
    refuse_unlisted(study, session.document.user)
    checked = check_work_file(study, path)
    return Weighed(checked, incoming(study, checked))


class MergeDialog(Sheet):
    """See the module.

    Args:
        session: the open study.
        background: checks on a thread.
        parent: the window it belongs to.
        path: of a work file, checked at once.
    """

    def __init__(
        self, session: Session, background: Background, parent: QWidget | None = None, path: Path | None = None
    ) -> None:
        super().__init__("merge", "Merge a package", parent)
        self._session, self._background = session, background
        self._task: Task[Weighed] | None = None
        self.checked: Checked | None = None
        """The work file, once it is checked and has something new."""
        self.line = QLineEdit("" if path is None else str(path))
        self.line.setObjectName("merge.path")
        self.line.setMinimumWidth(PATH_PX)
        self.line.setPlaceholderText("The file that its reader handed back")
        label = QLabel("&Work file")
        label.setBuddy(self.line)
        browse = QPushButton("&Browse…")
        browse.setObjectName("merge.browse")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        for part in (label, self.line, browse):
            row.addWidget(part)
        self.column.addLayout(row)
        self.about = paragraph("It is checked before anything of it comes in.", "muted")
        self.about.setObjectName("merge.about")
        self.about.setMinimumHeight(12 * GRID_PX)
        self.fault = paragraph("", "danger")
        self.fault.setObjectName("merge.fault")
        self.column.addWidget(self.about)
        self.column.addWidget(self.fault)
        self._merge = self.add_buttons("Merge")
        self.line.editingFinished.connect(self._check)
        self.line.textEdited.connect(self._forget)
        self.finished.connect(self._drop)
        self._forget()
        if path is not None:
            self._check()

    def _browse(self) -> None:
        start = self.line.text() or str(self._session.path.parent)
        chosen, _ = QFileDialog.getOpenFileName(self, "Merge a package", start, WORK_FILES)
        if chosen:
            self.line.setText(chosen)
            self._forget()
            self._check()

    def _forget(self, *_: object) -> None:
        self._drop()
        self.checked = None
        self._say("It is checked before anything of it comes in.")

    def _drop(self, *_: object) -> None:
        if self._task is not None:
            self._task.drop()
            self._task = None

    def _check(self) -> None:
        text = self.line.text().strip()
        if not text or self._task is not None or self.checked is not None:
            return
        self._say("Checking the file, its pictures and its whole trail…")
        work = partial(weigh, self._session, Path(text).expanduser())
        self._task = self._background.submit(work, self._show, self._refused, name="checking a work file")

    def _show(self, weighed: Weighed) -> None:
        self._task = None
        self.checked = weighed.checked if weighed.found.patch is not None else None
        self._say("\n".join(told(weighed)))

    def _refused(self, error: Exception) -> None:
        self._task = None
        if not isinstance(error, UserFacingError):
            raise error
        self._say("", f"{error.what[:1].upper()}{error.what[1:]}. {error.remedy}".strip())

    def _say(self, text: str, fault: str = "") -> None:
        self.about.setText(text)
        self.about.setVisible(not fault)
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        mark_faulty(self.line, bool(fault))
        self._merge.setEnabled(self.checked is not None)


def told(weighed: Weighed) -> list[str]:
    """What is said of a checked work file, a line each."""
    package, rows = weighed.checked.package, weighed.checked.rows
    begun = "the detection" if package.start.value == "detection" else "blank"
    worked = f"{counted(len(rows) - 1, 'edit')} in it"
    last = f", the last one at {local_time(rows[-1].utc)}" if len(rows) > 1 else ""
    return [
        f"Handed to {package.reader} by {package.created_by} at {local_time(package.created_utc)}; reads begin "
        f"{'with ' if begun != 'blank' else ''}{begun}.",
        f"The file holds together, what was handed out is unchanged, and every one of {worked} is "
        f"{package.reader}'s{last}.",
        " ".join(weighed.found.sentences),
    ]
