"""Takes a CSV table into the open study: read off the main thread, and taken over whole or not at all."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QFileDialog

from ui.background import Background
from ui.dialogs.error import ErrorDialog
from ui.dialogs.study_sheet import StudySheet
from ui.messages import Message
from ui.preferences import change
from workstation.errors import UserFacingError
from workstation.model.study import Study

TABLES = "Tables (*.csv *.tsv *.txt)"
Found = TypeVar("Found")


def import_table(
    sheet: StudySheet,
    background: Background,
    title: str,
    read: Callable[[Path, Study], Found],
    take: Callable[[Found], None],
) -> None:
    """Ask for a table and take it over; what is wrong with it is shown at once, all of it.

    Args:
        sheet: the dialog in which that happens.
        background: reads the table.
        title: of the file dialog.
        read: reads it for a study.
        take: takes over what was read; on the main thread, unless the dialog was left meanwhile.
    """
    workspace = sheet.workspace
    chosen, _ = QFileDialog.getOpenFileName(sheet, title, str(workspace.settings.last_folder or Path.home()), TABLES)
    if not chosen:
        return
    path, study = Path(chosen), sheet.study
    change(workspace, lambda settings: settings.changed(last_folder=path.parent))

    def failed(error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        sheet.say("Nothing was taken over.", "danger")
        ErrorDialog(Message.of_error(error), sheet).exec()

    sheet.say(f"Reading {path.name} …")
    task = background.submit(partial(read, path, study), take, failed, name="reading a table")
    sheet.finished.connect(lambda _result: task.drop())  # a method of what is no QObject would not be kept alive
