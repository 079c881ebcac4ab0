"""Registering pairs of images while the window stays usable: when asked, and by itself once both are detected.

One thread does it; each registration is put into the study on the main thread as it comes. After an edit of a read
nothing is registered again, only matched.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Event

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from analysis.progress import Cancelled, Report, part_of
from ui.background import POLL_MS, Background
from ui.matching.wording import registered_messages
from ui.messages import Message, MessageKind
from ui.problems import told_to_user
from ui.workspace import Workspace
from workstation.edits import NothingToDo, add_registration, with_registration
from workstation.errors import UserFacingError
from workstation.model.pair import Pair, RegistrationRecord
from workstation.model.patch import Patch, apply
from workstation.model.study import Study
from workstation.pairing import PairIds, pair_between, wanted_pairs
from workstation.registering import landmarks_of, register_pair
from workstation.session import Session

Make = Callable[[Study], Patch]
"""Makes an edit of a pair, such as a landmark that is placed."""


@dataclass(frozen=True, slots=True, eq=False)
class _Wish:
    """Two images to be registered."""

    ids: PairIds
    make: Make | None = None
    """An edit that is made together with the registration that follows from it: one undo takes both back."""


@dataclass(slots=True, eq=False)
class _Run:
    """Registering some pairs. The thread reads `stop` and writes `stage` and `fraction`."""

    session: Session
    wishes: tuple[_Wish, ...]
    study: Study | None = None
    """What they are registered in, with the edit made."""
    stop: Event = field(default_factory=Event)
    stage: str = ""
    fraction: float = 0.0
    n_over: int = 0
    """So many of the wishes are seen to."""
    done: list[RegistrationRecord] = field(default_factory=list)
    failed: list[UserFacingError] = field(default_factory=list)

    def report(self, stage: str, fraction: float) -> None:
        """Called on the thread."""
        if self.stop.is_set():
            raise Cancelled
        self.stage, self.fraction = stage, fraction


class Registrar(QObject):
    """See the module. Lives on the main thread as long as the window.

    After `began` comes exactly one `ended`.

    Args:
        workspace: whose study; it hears of registrations as of any other edit.
        parent: the Qt parent.
    """

    began = Signal()
    progressed = Signal(str, float)
    """What is done now, and the share of all that is done."""
    ended = Signal()
    """It is over, however it went; the user was told."""
    changed = Signal()
    """Other pairs are being registered, or other edits wait for it."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._background = Background(self)
        self._run: _Run | None = None
        self._waiting: list[_Wish] = []
        self._told = ("", 0.0)
        self._looking = QTimer(self, interval=POLL_MS)
        self._looking.timeout.connect(self._look)
        workspace.session_changed.connect(self.cancel)

    @property
    def running(self) -> bool:
        """Whether anything is being registered."""
        return self._run is not None

    def registers(self, ids: PairIds) -> bool:
        """Whether two images are being registered, or are going to be."""
        return any(wish.ids == ids for wish in self._wishes())

    def pair_after(self, ids: PairIds) -> Pair | None:
        """A pair as it will be once the edits that wait for their registration are made."""
        study, _ = self._study_after(wish for wish in self._wishes() if wish.ids == ids)
        return None if study is None else pair_between(study, ids.baseline_image_id, ids.followup_image_id)

    @property
    def waiting_text(self) -> str:
        """The name of the edit made last that waits for its registration; empty where none does."""
        return self._study_after(self._wishes())[1]

    def take_back(self) -> bool:
        """Give up the edit made last that waits for its registration, as an undo does; whether there was one."""
        text, run = self.waiting_text, self._run
        last = next((wish for wish in reversed(self._wishes()) if wish.make is not None), None)
        if not text or last is None or run is None:
            return False
        if last in self._waiting:
            self._waiting.remove(last)
            self.changed.emit()
        else:
            run.stop.set()
            self._end_run()
        self._workspace.tell(f"Undo: {text}.", MessageKind.DONE)
        return True

    def _study_after(self, wishes: Iterable[_Wish]) -> tuple[Study | None, str]:
        """The study with the edits made that wait, and the name of the last."""
        study, text = self._workspace.study, ""
        for wish in wishes:
            if study is not None and wish.make is not None and (patch := self._made(study, wish.make, tell=False)):
                study, text = apply(study, patch), patch.operation
        return study, text

    def register(self, pairs: Iterable[PairIds]) -> bool:
        """Register pairs anew, whatever is known of them; whether there was anything to do, else the user is told."""
        if not self._workspace.can_edit:
            self._refuse()
            return False
        wishes = [_Wish(ids) for ids in dict.fromkeys(pairs) if not self.registers(ids)]
        self._take_in(wishes)
        return bool(wishes)

    def register_where_detected(self, image_ids: Iterable[int]) -> None:
        """Register the study's pairs with any of these images of which both have a read and that are not registered."""
        study, images = self._workspace.study, frozenset(image_ids)
        if study is None or not self._workspace.can_edit:
            return
        wanted = [ids for ids in wanted_pairs(study) if images & {ids.baseline_image_id, ids.followup_image_id}]
        self._take_in([_Wish(ids) for ids in wanted if _is_due(study, ids) and not self.registers(ids)])

    def revise(self, ids: PairIds, make: Make) -> None:
        """Make an edit of a pair, such as a landmark that is placed, and register it anew with that.

        The edit is made together with its registration, so that one undo takes both back and nothing has to be
        registered for it. Until then `pair_after` has it.
        """
        if not self._workspace.can_edit:
            self._refuse()
            return
        self._take_in([_Wish(ids, make)])

    def cancel(self) -> None:
        """Stop; what was registered so far is kept, edits that waited for it are made without."""
        run, waiting = self._run, [wish for wish in self._wishes() if wish.make is not None]
        if run is None:
            return
        run.stop.set()
        self._waiting = []
        if run.session is self._workspace.session:
            for wish in waiting:
                self._commit(wish, None)
            self._workspace.tell("Registration was stopped.")
        self._end_run()

    def shutdown(self) -> None:
        """Stop, for good. Edits that waited are made."""
        self.cancel()
        self._background.shutdown()

    def _refuse(self) -> None:
        session = self._workspace.session
        because = "" if session is None or session.read_only_because is None else f", {session.read_only_because}"
        self._workspace.tell(f"Nothing can be registered: the study is open for reading only{because.rstrip('.')}.")

    def _wishes(self) -> tuple[_Wish, ...]:
        return (*(() if self._run is None else self._run.wishes[self._run.n_over :]), *self._waiting)

    def _take_in(self, wishes: Sequence[_Wish]) -> None:
        if wishes:
            self._waiting += wishes
            if self._run is None:
                self._begin()
            self.changed.emit()

    def _begin(self) -> None:
        """Register what waits: an edit alone, with the study as it is then, all others together."""
        session = self._workspace.session
        assert session is not None
        n = next((k for k, wish in enumerate(self._waiting) if wish.make is not None), len(self._waiting)) or 1
        run = _Run(session, tuple(self._waiting[:n]))
        self._waiting = self._waiting[n:]
        self._run, self._told = run, ("", 0.0)
        self._looking.start()
        self.began.emit()
        study = session.study
        if (make := run.wishes[0].make) is not None:
            patch = self._made(study, make)
            if patch is None:
                self._background.on_main(partial(self._on_over, run))
                return
            study = apply(study, patch)
        run.study = study
        self._background.submit(
            partial(self._work, run, study),
            lambda _: self._on_over(run),
            partial(self._on_broken, run),
            name="registering",
        )

    def _work(self, run: _Run, study: Study) -> None:
        """On the background's thread."""
        share = 1 / len(run.wishes)
        for place, wish in enumerate(run.wishes):
            report: Report = part_of(run.report, place * share, share)
            record: RegistrationRecord | UserFacingError
            try:
                record = register_pair(study, wish.ids, report)
            except Cancelled:
                return  # told when it was asked for
            except Exception as error:  # noqa: BLE001 - the other pairs go on
                record = told_to_user(error, "two images could not be registered")
            self._background.on_main(partial(self._on_record, run, wish, record))

    def _on_record(self, run: _Run, wish: _Wish, record: RegistrationRecord | UserFacingError) -> None:
        if run is not self._run:
            return
        run.n_over += 1  # whoever hears of the edit asks what waits still
        if isinstance(record, UserFacingError):
            run.failed.append(record)
            if wish.make is not None:
                self._commit(wish, None)
            return
        if not self._rests_on_now(run, wish):
            self._waiting.insert(0, wish)
            return
        run.done.append(record)
        self._commit(wish, record)

    def _rests_on_now(self, run: _Run, wish: _Wish) -> bool:
        """Whether a pair has the landmarks that it was registered with: one may have been undone meanwhile."""
        study = self._workspace.study
        if study is None or run.study is None:
            return True
        if wish.make is not None:
            patch = self._made(study, wish.make, tell=False)
            if patch is None:
                return True  # it is told why when it is tried
            study = apply(study, patch)
        ids = wish.ids.baseline_image_id, wish.ids.followup_image_id
        then, now = (landmarks_of(pair_between(each, *ids)) for each in (run.study, study))
        return np.array_equal(then.baseline_px, now.baseline_px) and np.array_equal(then.followup_px, now.followup_px)

    def _commit(self, wish: _Wish, record: RegistrationRecord | None) -> None:
        def patch(study: Study) -> Patch:
            if wish.make is None:
                assert record is not None
                return add_registration(study, wish.ids.baseline_image_id, wish.ids.followup_image_id, record)
            made = wish.make(study)
            pair = pair_between(study, wish.ids.baseline_image_id, wish.ids.followup_image_id)
            return made if pair is None or record is None else with_registration(made, pair, record)

        self._workspace.commit_study(patch, quiet=wish.make is None)

    def _made(self, study: Study, make: Make, *, tell: bool = True) -> Patch | None:
        try:
            return make(study)
        except NothingToDo:
            return None
        except UserFacingError as error:
            if tell:
                self._workspace.told.emit(Message.of_error(error))
            return None

    def _on_over(self, run: _Run) -> None:
        if run is not self._run:
            return
        if run.wishes[0].make is None or run.failed:
            for message in registered_messages(run.done, run.failed):
                self._workspace.told.emit(message)
        self._end_run()

    def _on_broken(self, run: _Run, error: Exception) -> None:
        if run is self._run:
            run.failed.append(told_to_user(error, "registration could not go on"))
            self._on_over(run)

    def _end_run(self) -> None:
        self._run = None
        self._looking.stop()
        self.ended.emit()
        if self._waiting and self._run is None:
            self._begin()
        self.changed.emit()

    def _look(self) -> None:
        if self._run is not None:
            now = self._run.stage, self._run.fraction
            if now != self._told:
                self._told = now
                self.progressed.emit(*now)


def _is_due(study: Study, ids: PairIds) -> bool:
    pair = pair_between(study, ids.baseline_image_id, ids.followup_image_id)
    usable = pair is not None and pair.registration is not None and pair.registration.usable
    images = (ids.baseline_image_id, ids.followup_image_id)
    return not usable and all(study.read_in_use(image_id) is not None for image_id in images)
