"""What the window knows of matches: of the images shown, and of any two that somebody asks for.

Matching is done off the main thread after each edit; until it is done, what was known a moment ago is given, and what
comes too late is dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from analysis.matching.match import Matching
from ui.background import Background, Task
from ui.matching.matched_pair import MatchedPair
from ui.workspace import Workspace
from workstation.model.pair import Pair
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.pairing import PairIds, matching_of, pairs_among


@dataclass(slots=True, eq=False)
class _Known:
    """What was last matched of two images, and what is being matched. Belongs to the main thread."""

    basis: tuple[object, ...] = ()
    """All that `matching` follows from, by identity."""
    matching: Matching | None = None
    coming: tuple[object, ...] = ()
    task: Task[Matching | None] | None = None


class Matches(QObject):
    """See the module. Lives on the main thread as long as the window.

    Args:
        workspace: whose study it is.
        parent: the Qt parent.
    """

    changed = Signal()
    """Other images are shown, or a registration or a matching that somebody asked for is another one."""
    current_changed = Signal()
    """Another pair is the one that keys act on."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._background = Background(self)
        self._known: dict[PairIds, _Known] = {}
        self._pairs: tuple[Mapping[int, Pair], dict[tuple[int, int], Pair]] | None = None
        self._current: PairIds | None = None
        workspace.session_changed.connect(self._forget)
        workspace.shown_changed.connect(self._follow)
        workspace.active_changed.connect(self._choose_current)
        workspace.document_changed.connect(self._follow)
        self._choose_current()

    @property
    def busy(self) -> bool:
        """Whether anything is being matched."""
        return self._background.busy

    @property
    def shown(self) -> tuple[PairIds, ...]:
        """The pairs among the images shown: each later one with the earliest of its area and with the one before."""
        study = self._workspace.study
        return () if study is None else pairs_among(study, self._workspace.shown)

    @property
    def current(self) -> MatchedPair | None:
        """The pair that keys act on: of the active image, with the earliest shown; None where it has no partner."""
        return None if self._current is None else self.pair(self._current)

    def pair_of(self, image_id: int) -> MatchedPair | None:
        """The pair that a shown image is seen in: the current one if it is of it, else that with the earliest."""
        if self._current is not None and image_id in self._current.image_ids:
            return self.pair(self._current)
        ids = next((ids for ids in self.shown if image_id in ids.image_ids), None)
        return None if ids is None else self.pair(ids)

    def pair(self, ids: PairIds) -> MatchedPair:
        """What is known of two images; where they have to be matched for it, `changed` follows."""
        study, workspace = self._workspace.study, self._workspace
        if study is None or not {ids.baseline_image_id, ids.followup_image_id} <= study.images.keys():
            return MatchedPair(ids, None, None, None)
        pair = self._pair_between(study, ids)
        baseline, followup = workspace.read(ids.baseline_image_id), workspace.read(ids.followup_image_id)
        if pair is None or pair.registration is None or not pair.registration.usable:
            return MatchedPair(ids, pair, baseline, followup)
        if baseline is None or followup is None:
            return MatchedPair(ids, pair, baseline, followup)
        known = self._matched(study, pair, baseline, followup, ids)
        return MatchedPair(ids, pair, baseline, followup, known.matching, known.task is not None)

    def shutdown(self) -> None:
        """End the work; for good."""
        self._background.shutdown()

    def _matched(self, study: Study, pair: Pair, baseline: Read, followup: Read, ids: PairIds) -> _Known:
        """What is known now; matched anew in the background where it is out of date."""
        scales = tuple(study.images[image_id].calibration for image_id in ids.image_ids)
        basis = (pair.registration, pair.decisions, baseline, followup, *scales)
        known = self._known.setdefault(ids, _Known())
        if all_same(known.coming if known.task else known.basis, basis):
            return known
        if known.task is not None:
            known.task.drop()
        known.coming = basis
        known.task = self._background.submit(
            partial(matching_of, study, pair, baseline, followup),
            lambda matching: self._take(known, basis, matching),
            lambda error: self._fail(known, basis, error),
            name="matching",
        )
        return known

    def _take(self, known: _Known, basis: tuple[object, ...], matching: Matching | None) -> None:
        known.basis, known.matching, known.coming, known.task = basis, matching, (), None
        self.changed.emit()

    def _fail(self, known: _Known, basis: tuple[object, ...], error: Exception) -> None:
        """There is no matching, and it is not tried again for the same: then the program's error is told."""
        self._take(known, basis, None)
        raise error

    def _pair_between(self, study: Study, ids: PairIds) -> Pair | None:
        if self._pairs is None or self._pairs[0] is not study.pairs:
            self._pairs = study.pairs, {pair.image_ids: pair for pair in study.pairs.values()}
        return self._pairs[1].get(ids.image_ids)

    def _forget(self) -> None:
        """Another study: its images may have the same numbers."""
        self._background.drop_all()
        self._known.clear()
        self._pairs = None
        self._follow()

    def _follow(self, _change: object = None) -> None:
        self._choose_current()
        _ = self.current  # matched first, before pairs that others ask for
        self.changed.emit()

    def _choose_current(self) -> None:
        """The pair of the active image; while it is the earliest of several, the one that it was before."""
        shown, active = self.shown, self._workspace.active
        mine = [ids for ids in shown if active is not None and active in ids.image_ids]
        as_followup = [ids for ids in mine if ids.followup_image_id == active]
        stays = self._current in mine and not (as_followup and self._current not in as_followup)
        chosen = self._current if stays else next(iter(as_followup or mine or shown), None)
        if chosen != self._current:
            self._current = chosen
            self.current_changed.emit()


def all_same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether they hold the very same objects."""
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
