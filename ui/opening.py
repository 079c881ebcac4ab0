"""Opening and closing studies off the main thread; the window is told when one is there."""

import importlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ui.background import Background, Task
from ui.blinding.work_file import first_of_work
from ui.messages import Message, MessageKind
from ui.problems import told_to_user
from ui.workspace import Workspace
from workstation.areas import area_of, ends, images_of
from workstation.errors import UserFacingError
from workstation.home import account_name
from workstation.isolation import warm_up
from workstation.model.study import Study
from workstation.session import Session, open_study
from workstation.settings import Settings, change_settings
from workstation.trial.overview import overview


def first_shown(study: Study) -> tuple[int, ...]:
    """What to show of a study at first: the first and the last visit of its first image's area.

    Of a blinded reader's work file the first pair that is not done.
    """
    if study.blinding is not None:
        return first_of_work(study)
    if not study.images:
        return ()
    return ends(images_of(study, area_of(study, min(study.images))))


def _open(path: Path, user: str) -> Session:
    """On a thread, with what the window shows first: loading or working that out would hold it up later."""
    warm_up()  # whoever decodes its images starts meanwhile
    for module in ("scipy.spatial", "ui.overview.page"):
        importlib.import_module(module)
    session = open_study(path, user)
    try:
        overview(session.study)  # remembered by the study, as is the next: of many subjects they take a while
        first_shown(session.study)
    except BaseException:
        session.close()  # nobody else knows of it, and its lock would stay
        raise
    return session


class Opener(QObject):
    """Opens one study at a time into the workspace.

    Args:
        workspace: takes the opened study over.
        background: opens files on a thread.
        parent: the Qt parent.
    """

    began = Signal(str)
    """A study of this file name is being opened."""
    ended = Signal()
    """It is open, or it could not be."""

    def __init__(self, workspace: Workspace, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._background = background
        self._task: Task[Session] | None = None

    @property
    def busy(self) -> bool:
        """Whether a study is being opened."""
        return self._task is not None

    def open(self, path: Path, then: Callable[[], object] = lambda: None, *, else_again: Path | None = None) -> None:
        """Open a study in place of the one that was open, which must be closed already.

        Args:
            path: the study file.
            then: called when it is open.
            else_again: opened where that fails: the study that was open before.
        """
        if self._task is not None:
            return
        settings = self._workspace.settings
        user = settings.reader or account_name()
        self.began.emit(path.name)
        self._task = self._background.submit(
            partial(_open, path, user),
            partial(self._opened, then=then),
            partial(self._failed, else_again=else_again),
            name="opening a study",
            on_dropped=Session.close,  # the window was closed meanwhile
        )

    def _opened(self, session: Session, then: Callable[[], object]) -> None:
        self._task = None
        workspace = self._workspace
        session.backups = workspace.settings.backups_kept
        workspace.set_session(session, first_shown(session.study))
        self._remember(session.path)
        self.ended.emit()
        if session.recovered.message:
            workspace.told.emit(
                Message(session.recovered.message, MessageKind.NOTE, details="\n".join(session.recovered.notices))
            )
        for notice in session.recovered.notices:
            workspace.tell(notice, MessageKind.WARNING)
        if session.read_only_because:
            because = session.read_only_because.removesuffix(".")
            workspace.tell(f"Open for reading only: {because}.", MessageKind.WARNING)
        then()

    def _remember(self, path: Path) -> None:
        """Put a study at the head of the recent files; on a thread, for the disk takes its time."""

        def failed(error: Exception) -> None:
            self._workspace.told.emit(Message.of_error(told_to_user(error, "the settings could not be written")))

        def noted(_written: Settings) -> None:
            # not what was written: on the main thread other settings may have been changed since
            self._workspace.set_settings(self._workspace.settings.with_recent(path))

        self._background.submit(
            partial(change_settings, lambda settings: settings.with_recent(path)),
            noted,
            failed,
            name="noting a recent file",
        )

    def _failed(self, error: Exception, else_again: Path | None) -> None:
        self._task = None
        self.ended.emit()
        if else_again is None:
            self._tell(error)
        else:  # a study that comes open takes messages away, so this one comes after
            self.open(else_again, lambda: self._tell(error))

    def _tell(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self._workspace.told.emit(Message.of_error(error))
