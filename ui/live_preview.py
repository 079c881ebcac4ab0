"""Shows in the active view what a detection would find there, while parameters are chosen; the study stays as it is.

What is seen is detected in a process of its own, soon after the parameters or the view changed; an answer to an older
question is never shown.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from analysis.detection import Detection, DetectionParameters
from analysis.measures.counts import NO_UNIT
from ui.detection import DetectionRunner
from ui.pixels import PixelStore
from ui.preview_part import Part, part_of
from ui.view.comparison import ComparisonView
from ui.view.found_part import FoundPart, found_in, inside
from ui.workspace import Workspace
from workstation.endpoints import um_per_px
from workstation.errors import UserFacingError

if TYPE_CHECKING:
    from workstation.model.read import Read
    from workstation.model.study import ImageRecord

SOON_MS = 200
"""Sliders and images come to rest before a detection begins."""


class Stage(StrEnum):
    """How far a preview is."""

    NOTHING = "nothing"
    """There is no image to look at, or nothing that could be looked for."""
    LOADING = "loading"
    WAITING = "waiting"
    """A detection is under way."""
    LOOKING = "looking"
    FOUND = "found"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a detection would find in the part that is looked at."""

    asked: DetectionParameters
    used: DetectionParameters
    """With what was chosen automatically."""
    n_hairs: int
    n_units: int
    before: tuple[int, int] | None
    """Hairs and units there of the read that is shown; None where there is none."""
    framed: bool
    """Whether more is seen than was looked at."""
    notes: tuple[str, ...]


class _Question(NamedTuple):
    image_id: int
    sha256: str
    part: Part
    um_per_px: float | None
    parameters: DetectionParameters


class _Guess(NamedTuple):
    """What the first answer took for the scale of an image that has none, and what it said to that."""

    um_per_px: float
    notes: tuple[str, ...]


class LivePreview(QObject):
    """See the module.

    Args:
        workspace: whose active image is looked at.
        pixels: where the images come from.
        runner: whose processes detect.
        comparison: the views.
        parent: the Qt parent.
    """

    changed = Signal()
    """`stage`, `outlook` or `error` may be another."""

    def __init__(
        self,
        workspace: Workspace,
        pixels: PixelStore,
        runner: DetectionRunner,
        comparison: ComparisonView,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._pixels, self._runner, self._comparison = workspace, pixels, runner, comparison
        self._open = False
        self._parameters: DetectionParameters | None = None
        self._asked: _Question | None = None
        self._answered: _Question | None = None
        self._detection: Detection | None = None
        self._guesses: dict[int, _Guess] = {}
        self._picture: FoundPart | None = None
        self._stage = Stage.NOTHING
        self._error: UserFacingError | None = None
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._look)
        self._connect()

    def _connect(self) -> None:
        workspace, pixels, runner, comparison = self._workspace, self._pixels, self._runner, self._comparison
        runner.trials.answered.connect(self._on_answer)
        runner.trials.failed.connect(self._on_failure)
        runner.began.connect(self._look_soon)
        for ended in (runner.finished, runner.failed, runner.cancelled):
            ended.connect(self._look_soon)
        comparison.viewport_changed.connect(self._follow_viewport)
        comparison.views_changed.connect(self._look_soon)
        workspace.active_changed.connect(self._look_soon)
        # the scale may be another, or the hairs there were before
        workspace.document_changed.connect(self._check_soon)
        pixels.loaded.connect(self._check_soon)
        pixels.failed.connect(self._check_soon)

    # --- what it shows -----------------------------------------------------------------------------------------

    @property
    def stage(self) -> Stage:
        """How far it is."""
        return self._stage

    @property
    def error(self) -> UserFacingError | None:
        """Why there is no preview."""
        return self._error

    @property
    def outlook(self) -> Outlook | None:
        """What was found last, with the counts of the present read; None where nothing is shown."""
        picture, detection, question = self._picture, self._detection, self._answered
        if picture is None or detection is None or question is None:
            return None
        read = self._workspace.read(question.image_id)
        return Outlook(
            question.parameters,
            detection.parameters,
            picture.n_hairs,
            picture.n_units,
            None if read is None else counted_in(read, question.part),
            question.part.framed,
            self._notes(question, detection),
        )

    def _notes(self, question: _Question, detection: Detection) -> tuple[str, ...]:
        """What the answer says, and where its scale was guessed before, what was said then."""
        guess = self._guesses.get(question.image_id)
        told = guess.notes if guess is not None and guess.um_per_px == question.um_per_px else ()
        return tuple(dict.fromkeys((*told, *detection.notes)))

    # --- asking ------------------------------------------------------------------------------------------------

    def begin(self, parameters: DetectionParameters | None) -> None:
        """Show what a detection would find, until `end`.

        Args:
            parameters: what to look for; None where that cannot be.
        """
        self._open = True
        self._parameters = parameters
        self._look_soon()

    def set_parameters(self, parameters: DetectionParameters | None) -> None:
        """Look for something else."""
        if self._open and parameters != self._parameters:
            self._parameters = parameters
            self._look_soon()

    def end(self) -> None:
        """Show the images as they are."""
        self._open = False
        self._soon.stop()
        self._drop()
        self._forget()
        self._guesses.clear()
        self._tell(Stage.NOTHING)

    def _follow_viewport(self, image_id: int, _viewport: object) -> None:
        if image_id == self._workspace.active:
            self._look_soon()

    def _check_soon(self, *_: object) -> None:
        """What is asked or shown may still hold. Takes any signal's arguments."""
        if self._open:
            self._soon.start()

    def _look_soon(self, *_: object) -> None:
        """What is asked is out of date. Takes any signal's arguments."""
        if not self._open:
            return
        self._drop()
        if self._answered is not None and self._answered.image_id != self._workspace.active:
            self._forget()
        self._soon.start()
        self._tell(Stage.LOOKING)

    def _look(self) -> None:
        """Ask about what is seen, unless that was asked already."""
        question, stage = self._question()
        if question is None:
            self._drop()
            self._forget()
            self._tell(stage)
        elif question == self._answered:
            self._drop()
            self._tell(Stage.FOUND)
        elif question != self._asked:
            pixels, part = self._pixels.pixels(question.image_id), question.part
            assert pixels is not None
            self._asked = question
            crop = pixels[part.top : part.bottom, part.left : part.right]
            self._runner.trials.ask(crop, question.um_per_px, question.parameters)
            self._tell(Stage.LOOKING)

    def _question(self) -> tuple[_Question | None, Stage]:
        """What to ask, else how far one is."""
        image_id, study = self._workspace.active, self._workspace.study
        view = self._comparison.active_view
        if study is None or image_id is None or view is None or self._parameters is None:
            return None, Stage.NOTHING
        if self._runner.running:
            return None, Stage.WAITING
        pixels = self._pixels.pixels(image_id)
        if pixels is None:
            self._error = self._pixels.error(image_id)
            return None, Stage.LOADING if self._error is None else Stage.FAILED
        record = study.images[image_id]
        scale = self._scale(record)
        part = part_of(view.viewport.visible_px, (pixels.shape[1], pixels.shape[0]), scale)
        if part is None:
            return None, Stage.NOTHING
        return _Question(image_id, record.sha256, part, scale, self._parameters), Stage.LOOKING

    def _scale(self, record: "ImageRecord") -> float | None:
        """The image's scale, else what its last detection took for it: a part alone says less about it.

        Else what the first part gave: guessed anew for each part, it would change while one pans.
        """
        study = self._workspace.study
        records = [] if study is None else [read.detection for read in study.reads_of(record.id) if read.detection]
        taken = records[-1] if records else self._guesses.get(record.id)
        return um_per_px(record) or (None if taken is None else taken.um_per_px)

    # --- answers -----------------------------------------------------------------------------------------------

    def _on_answer(self, detection: Detection) -> None:
        question = self._asked
        if question is None:
            return
        if question.um_per_px is None:
            self._guesses[question.image_id] = _Guess(detection.um_per_px, detection.notes[:1])
            question = question._replace(um_per_px=detection.um_per_px)
        self._answered, self._asked, self._detection = question, None, detection
        self._picture = found_in(detection, question.part)
        self._tell(Stage.FOUND)

    def _on_failure(self, error: UserFacingError) -> None:
        if self._asked is None:
            return
        self._drop()
        self._forget()
        self._error = error
        self._tell(Stage.FAILED)

    def _drop(self) -> None:
        """What was asked is no longer wanted."""
        self._asked = None
        self._runner.trials.drop()

    def _forget(self) -> None:
        self._answered = self._detection = self._picture = None

    def _tell(self, stage: Stage) -> None:
        if stage is not Stage.FAILED:
            self._error = None
        self._stage = stage
        for image_id, view in self._comparison.views.items():
            here = self._open and image_id == self._workspace.active
            view.set_preview(self._picture if here else None, previewing=here)
        self.changed.emit()


def counted_in(read: "Read", part: Part) -> tuple[int, int]:
    """Hairs of a read that count and have their root in what a preview is of, and their units."""
    columns = read.columns
    there = columns.counts & inside(columns.root_px, part)
    units = columns.unit[there]
    return int(there.sum()), len(np.unique(units[units != NO_UNIT]))
