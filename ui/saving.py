"""Saving without asking: off the main thread when the user pauses, and at the end. Edits go on meanwhile.

Every edit is in the journal before it is seen, so nothing is lost where saving fails; saving puts the edits into the
study file, for colleagues and for the commands.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ui.background import Background
from ui.problems import told_to_user
from workstation.clock import utc_seconds
from workstation.errors import UserFacingError

if TYPE_CHECKING:  # what they stand on takes a second to import
    from ui.workspace import Workspace
    from workstation.session import Session

LATEST_AFTER = 8
"""Who never pauses has their edits saved all the same, after this many times the usual pause."""
RETRY_AFTER_S = 60.0
"""After a failure: long enough to free some space, short enough not to be forgotten."""

Finished = Callable[[UserFacingError | None], None]


@dataclass(frozen=True, slots=True)
class SaveState:
    """How safe the open study is."""

    n_unsaved: int = 0
    """Edits that are in the journal and not in the study file yet."""
    saving: bool = False
    last_saved_utc: str | None = None
    """When the study file was last written, ISO 8601; None where that is not known."""
    error: UserFacingError | None = None
    """Why the last attempt failed; None since it succeeded."""
    read_only_because: str | None = None
    """Why nothing can be changed or saved; None where it can."""


class Saver(QObject):
    """Saves the workspace's study. Lives on the main thread as long as the window.

    Args:
        workspace: whose session is saved; `autosave_after_s` of its settings says after how long a pause.
        parent: the Qt parent.
    """

    state_changed = Signal(object)
    """A `SaveState`."""
    failed = Signal(object)
    """A `UserFacingError` to tell the user; a failure that repeats itself is told once unless the user asked."""

    def __init__(self, workspace: "Workspace", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._session: Session | None = None
        self._background = Background(self, workers=1)
        self._state = SaveState()
        self._saving: Session | None = None
        self._waiting: list[Finished] = []
        self._asked = False
        self._last_saved_utc: str | None = None
        self._error: UserFacingError | None = None
        self._unsaved_since_s: float | None = None
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._save)
        workspace.session_changed.connect(self._take_over)
        workspace.document_changed.connect(self._on_edited)
        workspace.settings_changed.connect(self._schedule)
        self._take_over()

    @property
    def state(self) -> SaveState:
        """How safe the open study is now."""
        return self._state

    def save_now(self) -> None:
        """Save at the user's wish. What goes wrong is told even if it was told before."""
        if self._session is None:
            return
        self._asked = True
        self._pause.stop()
        if self._saving is None:
            self._save()

    def finish(self, on_ready: Finished) -> None:
        """Save what is unsaved, then call back; the window stays alive meanwhile.

        Args:
            on_ready: called on the main thread, never before this returns: with None where everything is in the study
                file or nothing can be, else with the error, which says that the edits come back.
        """
        self._waiting.append(on_ready)
        self._pause.stop()
        if self._saving is not None:
            return
        if self._can_save:
            self._save()
        else:
            QTimer.singleShot(0, self, partial(self._call_back, None))

    def shutdown(self) -> None:
        """Wait for a save that goes on, and never save again."""
        self._pause.stop()
        self._background.shutdown()

    @property
    def _can_save(self) -> bool:
        session = self._session
        return session is not None and session.n_unsaved > 0 and session.read_only_because is None

    def _take_over(self) -> None:
        """Another study is open, or none."""
        self._session = self._workspace.session
        self._error, self._asked, self._unsaved_since_s = None, False, None
        self._last_saved_utc = None if self._session is None else _written_utc(self._session.path)
        self._schedule()
        self._publish()

    def _on_edited(self) -> None:
        self._schedule()
        self._publish()

    def _schedule(self) -> None:
        """Save when the user has paused, but not for ever later."""
        if not self._can_save:
            self._unsaved_since_s = None
            self._pause.stop()
            return
        now_s, pause_s = time.monotonic(), self._workspace.settings.autosave_after_s
        if self._unsaved_since_s is None:
            self._unsaved_since_s = now_s
        latest_s = self._unsaved_since_s + LATEST_AFTER * pause_s - now_s
        wait_s = max(pause_s, RETRY_AFTER_S) if self._error else min(pause_s, max(latest_s, 0.0))
        if not (self._error and self._pause.isActive()):  # edits do not put off the next attempt
            self._pause.start(int(wait_s * 1000))

    def _save(self) -> None:
        session = self._session
        if session is None or self._saving is not None:
            return
        self._saving, asked, self._asked = session, self._asked, False
        self._publish()
        self._background.submit(
            session.save, lambda _: self._on_saved(session), partial(self._on_failed, session, asked), name="saving"
        )

    def _on_saved(self, session: "Session") -> None:
        self._saving = None
        if session is self._session:
            self._error, self._unsaved_since_s = None, None
            self._last_saved_utc = _written_utc(session.path)
        if (self._waiting or self._asked) and self._can_save:
            self._save()  # edits were made meanwhile
            return
        self._schedule()
        self._publish()
        self._call_back(None)

    def _on_failed(self, session: "Session", asked: bool, error: Exception) -> None:
        self._saving = None
        told = told_to_user(error, "the study could not be saved", file=session.path)
        is_new = session is not self._session or self._error is None or str(self._error) != str(told)
        asked, self._asked = asked or self._asked, False
        if session is self._session:
            self._error = told
        self._schedule()
        self._publish()
        if self._waiting:
            self._call_back(_with_comfort(told, session.n_unsaved))
        elif is_new or asked:
            self.failed.emit(told)

    def _call_back(self, error: UserFacingError | None) -> None:
        waiting, self._waiting = self._waiting, []
        for on_ready in waiting:
            on_ready(error)

    def _publish(self) -> None:
        session = self._session
        state = SaveState()
        if session is not None:
            state = SaveState(
                n_unsaved=session.n_unsaved,
                saving=self._saving is session,
                last_saved_utc=self._last_saved_utc,
                error=self._error,
                read_only_because=session.read_only_because,
            )
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)


def _written_utc(path: Path) -> str | None:
    try:
        return utc_seconds(datetime.fromtimestamp(path.stat().st_mtime, UTC))
    except OSError:
        return None


def _with_comfort(error: UserFacingError, n_unsaved: int) -> UserFacingError:
    """The error of a last save, with what becomes of the edits."""
    edits = "The edit is" if n_unsaved == 1 else f"The {n_unsaved} edits are"
    comfort = f"{edits} in the journal and will be there when you open the study again on this computer."
    return UserFacingError(error.what, file=error.file, remedy=f"{error.remedy} {comfort}".strip())
