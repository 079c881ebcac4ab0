"""What the window knows of change: between any two matched images that somebody asks for, off the main thread."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from analysis.matching.match import Matching
from ui.background import Background, Task
from ui.matching.matches import Matches
from ui.workspace import Workspace
from workstation.changes import PairChange, change_of
from workstation.model.study import ChangeRules, WidthCutoffs
from workstation.pairing import PairIds


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a change follows from; a matching is known by identity, since it never changes."""

    matching_id: int
    cutoffs: WidthCutoffs
    rules: ChangeRules


@dataclass(slots=True, eq=False)
class _Known:
    """What was last worked out of two images. Belongs to the main thread."""

    matching: Matching
    """Kept, so that its identity stays its own."""
    basis: _Basis
    change: PairChange | None
    task: Task[PairChange] | None


class Changes(QObject):
    """See the module. Lives on the main thread as long as the window.

    Args:
        workspace: whose study it is.
        matches: what it is worked out from.
        parent: the Qt parent.
    """

    changed = Signal()
    """A change that somebody asked for is there, or another one, or may be asked for anew."""

    def __init__(self, workspace: Workspace, matches: Matches, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._matches = workspace, matches
        self._background = Background(self)
        self._known: dict[PairIds, _Known] = {}
        workspace.session_changed.connect(self._forget)
        matches.changed.connect(self.changed)

    def change(self, ids: PairIds) -> PairChange | None:
        """What changed between two images.

        Returns:
            None where they are not matched, or it is not worked out yet: then `changed` follows. After an edit that
            of a moment ago.
        """
        study, pair = self._workspace.study, self._matches.pair(ids)
        matching, baseline, followup = pair.matching, pair.baseline, pair.followup
        if study is None or pair.pair is None or matching is None or baseline is None or followup is None:
            return None
        known, basis = self._known.get(ids), _Basis(id(matching), study.cutoffs, study.rules)
        if pair.pending:  # its reads are newer than its matching
            return None if known is None else known.change
        if known is not None and known.basis == basis:
            return known.change
        if known is not None and known.task is not None:
            known.task.drop()
        made = _Known(matching, basis, None if known is None else known.change, None)
        self._known[ids] = made
        made.task = self._background.submit(
            partial(change_of, study, pair.pair, baseline, followup),
            lambda change: self._take(made, change),
            name="working out a change",
        )
        return made.change

    def shutdown(self) -> None:
        """End the work; for good."""
        self._background.shutdown()

    def _take(self, known: _Known, change: PairChange) -> None:
        known.change, known.task = change, None
        self.changed.emit()

    def _forget(self) -> None:
        """Another study: its images may have the same numbers."""
        self._background.drop_all()
        self._known.clear()
