"""Detection while the window stays usable: in processes of their own, each image adopted as it comes.

A thread hands the images to the processes and waits; what they find is put into the study on the main thread, as
patches, so that it is in the journal before it is seen.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from analysis.detection import DetectionParameters
from analysis.progress import Cancelled
from ui.background import POLL_MS, Background
from ui.detection_trial import Trials
from ui.messages import Message, MessageKind
from ui.problems import told_to_user
from ui.worker_pool import WorkerPool
from workstation.counting import counted
from workstation.describing import chosen_text
from workstation.detecting import Outcome, Request, detect_all
from workstation.errors import UserFacingError
from workstation.sentences import as_sentence

if TYPE_CHECKING:  # what they stand on takes a second to import
    from ui.workspace import Workspace
    from workstation.model.patch import Patch
    from workstation.model.read import Read
    from workstation.session import Session

KEPT_WARM_S = 120.0
"""Processes take seconds to start: those of the last detection wait as long for the next one."""


BESIDE = "The read you see stays as it is; Image ▸ Begin anew from the detection takes up what was found."


@dataclass(frozen=True, slots=True)
class Summary:
    """How a detection went."""

    reads: tuple[int, ...]
    """The new reads, in the order in which they came."""
    failed: tuple[tuple[int, UserFacingError], ...]
    """Images that could not be detected, each with why."""


@dataclass(slots=True, eq=False)
class _Run:
    """One detection. The thread reads `stop` and writes `stage` and `fraction`; the rest is the main thread's."""

    session: "Session"
    requests: tuple[Request, ...]
    stop: Event = field(default_factory=Event)
    stage: str = ""
    fraction: float = 0.0
    reads: "list[Read]" = field(default_factory=list)
    failed: list[tuple[int, UserFacingError]] = field(default_factory=list)

    def report(self, stage: str, fraction: float) -> None:
        """Called on the thread, about ten times a second."""
        if self.stop.is_set():
            raise Cancelled
        self.stage, self.fraction = stage, fraction

    @property
    def n_done(self) -> int:
        return len(self.reads) + len(self.failed)

    @property
    def stage_shown(self) -> str:
        """`tracing hairs, 2 of 5`."""
        n, k = len(self.requests), min(self.n_done, len(self.requests) - 1)
        name = next((r.name.name for r in self.requests if self.stage.startswith(r.name.name)), "")
        stage = self.stage.removeprefix(name).strip() or "waiting for a process"
        return stage if n == 1 else f"{stage}, {k + 1} of {n}"


class DetectionRunner(QObject):
    """Detects in images of the workspace's study, one batch at a time. Lives on the main thread as the window does.

    After `began` comes exactly one of `finished`, `failed` and `cancelled`. The user is told how it went.

    Args:
        workspace: whose study; it hears of new reads as of any other edit.
        parent: the Qt parent.
    """

    began = Signal(int)
    """The number of images."""
    progressed = Signal(str, float)
    """Where it is, in words, and the share of all images that is done."""
    adopted = Signal(int, int)
    """An image's id and that of its new read."""
    image_failed = Signal(int, object)
    """An image's id and a `UserFacingError`; the other images go on."""
    finished = Signal(object)
    """A `Summary`."""
    failed = Signal(object)
    """A `UserFacingError`: it could not go on. What was found before is kept."""
    cancelled = Signal()

    def __init__(self, workspace: "Workspace", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._background = Background(self, workers=1)
        self._pool = WorkerPool()  # touched on the background's one thread alone
        self.trials = Trials(self._background, self._pool, self)
        """Tries out parameters in the same processes; while a detection runs it has to wait."""
        self._run: _Run | None = None
        self._told = ("", 0.0)
        self._looking = QTimer(self, interval=POLL_MS)
        self._looking.timeout.connect(self._look)
        self._cooling = QTimer(self, singleShot=True)
        self._cooling.timeout.connect(self._end_processes)
        self.trials.asked.connect(self._keep_warm)
        workspace.session_changed.connect(self.cancel)

    @property
    def running(self) -> bool:
        """Whether a detection is under way."""
        return self._run is not None

    def detect(self, image_ids: Iterable[int], parameters: DetectionParameters | None = None) -> bool:
        """Detect in images; the reads that they have stay as they are.

        Args:
            image_ids: the images.
            parameters: what to look for; None: what the settings say.

        Returns:
            Whether it began; else the user was told why not, or there was nothing to do.
        """
        session = self._workspace.session
        if self._run is not None:
            self._workspace.tell("Detection is still under way.")
            return False
        if session is None:
            return False
        if session.read_only_because is not None:
            because = session.read_only_because.removesuffix(".")
            self._workspace.tell(f"Nothing can be detected: the study is open for reading only, {because}.")
            return False
        requests = _requests(session, image_ids)
        if not requests:
            return False
        run = _Run(session, requests)
        self._run, self._told = run, ("", 0.0)
        self.trials.drop()
        self._cooling.stop()
        self._looking.start()
        self.began.emit(len(requests))
        limit = self._workspace.settings.max_megapixels
        self._background.submit(
            partial(self._work, run, parameters or self._workspace.settings.detection, limit),
            lambda _: self._on_over(run),
            partial(self._on_broken, run),
            name="detecting",
        )
        return True

    def cancel(self) -> None:
        """Stop; what was found so far is kept. `cancelled` follows at once."""
        run = self._run
        if run is None:
            return
        run.stop.set()
        self._end_run()
        self._workspace.tell(f"Detection was stopped{_kept(run)}.")
        self.cancelled.emit()

    def shutdown(self) -> None:
        """Stop, and end the processes; for good."""
        self.trials.drop()
        if self._run is not None:
            self._run.stop.set()
            self._end_run()
        self._cooling.stop()
        self._background.shutdown()
        self._pool.end()

    def _work(self, run: _Run, parameters: DetectionParameters, max_megapixels: float) -> None:
        """On the background's thread."""
        try:
            for outcome in detect_all(
                run.requests,
                parameters,
                self._pool.executor(),
                parallel=self._pool.size,
                max_megapixels=max_megapixels,
                report=run.report,
            ):
                known = _in_words(outcome)
                self._background.on_main(partial(self._on_outcome, run, known, _prepared(run, known)))
        except Cancelled:
            return  # told when it was asked for
        except BrokenExecutor:
            self._pool.end()
            raise

    def _on_outcome(self, run: _Run, outcome: Outcome, prepared: "Patch | None" = None) -> None:
        if run is not self._run:
            return
        image_id = outcome.request.image_id
        try:
            read = _adopted(run.session, outcome, prepared)
        except Exception as error:  # noqa: BLE001 - the other images go on
            told = told_to_user(error, "what was found could not be added to the study", file=outcome.request.name)
            run.failed.append((image_id, told))
            self.image_failed.emit(image_id, told)
        else:
            run.reads.append(read)
            self.adopted.emit(image_id, read.id)

    def _on_over(self, run: _Run) -> None:
        if run is not self._run:
            return
        self._end_run()
        beside = any(self._workspace.read(read.image_id) is not read for read in run.reads)
        for message in messages_of(run.reads, run.failed, beside=beside):
            self._workspace.told.emit(message)
        self.finished.emit(Summary(tuple(read.id for read in run.reads), tuple(run.failed)))

    def _on_broken(self, run: _Run, error: Exception) -> None:
        if run is not self._run:
            return
        self._end_run()
        if isinstance(error, BrokenExecutor):
            error = UserFacingError(
                "detection was ended from outside, most often because the computer's memory was used up",
                remedy=f"Close other programs and detect again{_kept(run)}.",
            )
        told = told_to_user(error, "detection could not go on")
        self._workspace.told.emit(Message.of_error(told))
        self.failed.emit(told)

    def _end_run(self) -> None:
        self._run = None
        self._looking.stop()
        self._keep_warm()

    def _keep_warm(self) -> None:
        self._cooling.start(int(KEPT_WARM_S * 1000))

    def _end_processes(self) -> None:
        self._background.submit(self._pool.end, lambda _: None, name="ending the processes")

    def _look(self) -> None:
        if self._run is not None:
            now = self._run.stage_shown, self._run.fraction
            if now != self._told:
                self._told = now
                self.progressed.emit(*now)


def messages_of(
    reads: "Sequence[Read]", failed: Sequence[tuple[int, UserFacingError]], *, beside: bool = False
) -> list[Message]:
    """What the user is told when a detection is over: one message of what was found, one of what went wrong.

    Args:
        reads: the new reads.
        failed: images that were not detected, each with why.
        beside: whether another read than the new one is shown of an image: one that was corrected.
    """
    messages: list[Message] = []
    if reads:
        hairs, units = sum(len(r.hairs) for r in reads), sum(len(r.units) for r in reads)
        where = "" if len(reads) == 1 else f" in {len(reads)} images"
        notes = dict.fromkeys(note for r in reads if r.detection for note in r.detection.notes)
        if any(not r.hairs for r in reads):
            notes["No hair was found; check the scale, or raise the sensitivity."] = None
        text = f"Detection found {counted(hairs, 'hair')} in {counted(units, 'unit')}{where}{_how(reads)}."
        said = " ".join([text, *([BESIDE] if beside else []), *(as_sentence(note) for note in notes)])
        messages.append(Message(said, MessageKind.WARNING if notes else MessageKind.DONE))
    if len(failed) == 1:
        messages.append(Message.of_error(failed[0][1]))
    elif failed:
        first = Message.of_error(failed[0][1]).text
        details = "\n".join(str(error) for _, error in failed)
        messages.append(Message(f"{len(failed)} images were not detected. {first}", MessageKind.ERROR, details=details))
    return messages


def _how(reads: "Sequence[Read]") -> str:
    """What was looked for, be it chosen automatically, and how long one image took."""
    records = [read.detection for read in reads if read.detection is not None]
    kinds = "; ".join(filter(None, dict.fromkeys(chosen_text(record.parameters) for record in records)))
    seconds = records[0].seconds if len(reads) == 1 and records else None
    took = "" if seconds is None else f"; {seconds:.{0 if seconds >= 10 else 1}f} s"
    return f"{': ' if kinds else ''}{kinds}{took}"


def _requests(session: "Session", image_ids: Iterable[int]) -> tuple[Request, ...]:
    from workstation.adopting import request_of

    images = session.study.images
    return tuple(request_of(session, images[i]) for i in dict.fromkeys(image_ids) if i in images)


def _in_words(outcome: Outcome) -> Outcome:
    """With an error of the program as the user is told of it."""
    if outcome.error is None:
        return outcome
    told = told_to_user(outcome.error, "nothing could be detected in it", file=outcome.request.name)
    return replace(outcome, error=told)


def _prepared(run: _Run, outcome: Outcome) -> "Patch | None":
    """On the background's thread."""
    from workstation.adopting import prepare

    if outcome.error is not None:
        return None
    try:
        return prepare(run.session.study, outcome)
    except Exception:  # noqa: BLE001 - of this image alone: adopting it meets the same, and tells
        return None


def _adopted(session: "Session", outcome: Outcome, prepared: "Patch | None") -> "Read":
    from workstation.adopting import adopt

    if outcome.error is not None:
        raise outcome.error
    return adopt(session.document, outcome, prepared)


def _kept(run: _Run) -> str:
    n = len(run.reads)
    return f"; what was found in {counted(n, 'image')} is kept" if n else ""
