"""The pixels of a study's images, and the evidence that drawn lines snap to: made off the main thread, kept while
there is room.

Whoever shows an image asks for it in passing: what is not there yet is fetched, and a signal tells when it is.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from analysis.detection import Polarity
from ui.background import Background
from ui.kept import Kept
from ui.problems import told_to_user
from workstation.errors import UserFacingError

if TYPE_CHECKING:  # what they stand on takes a while to import
    from analysis.evidence import Guide
    from ui.workspace import Workspace
    from workstation.model.study import ImageRecord, Study
    from workstation.session import Session

log = logging.getLogger(__name__)

Pixels = NDArray[np.uint8]

SHARE_OF_MEMORY = 8
LEAST_BYTES, MOST_BYTES = 256 << 20, 4 << 30
FETCHED_AHEAD = 4
WORKERS = 2
"""A pair is decoded side by side."""


class _PixelsKey(NamedTuple):
    image_id: int
    sha256: str


class _EvidenceKey(NamedTuple):
    image_id: int
    sha256: str
    um_per_px: float | None
    polarity: Polarity


class PixelStore(QObject):
    """Pixels and evidence of the images of the workspace's study. Lives on the main thread as long as the window.

    Args:
        workspace: whose study; `max_megapixels` of its settings says which images are refused.
        parent: the Qt parent.
        budget_bytes: what all that is kept may take; images that are shown stay whatever they take. By default an
            eighth of the computer's memory.
    """

    loaded = Signal(int)
    """The pixels of this image are there."""
    failed = Signal(int, object)
    """The image's id and a `UserFacingError`: its pixels cannot be had; `retry` tries again."""
    evidence_ready = Signal(int)
    """The image is prepared for following shafts, or could not be: see `is_prepared`."""

    def __init__(
        self, workspace: "Workspace", parent: QObject | None = None, *, budget_bytes: int | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._session: Session | None = None
        self._max_megapixels = workspace.settings.max_megapixels
        self._kept: Kept[_PixelsKey | _EvidenceKey] = Kept(_usual_budget() if budget_bytes is None else budget_bytes)
        self._errors: dict[int, UserFacingError] = {}
        self._next: list[int] = []
        self._loading: set[int] = set()
        self._preparing: set[_EvidenceKey] = set()
        self._unprepared: set[_EvidenceKey] = set()
        self._wants_evidence: set[int] = set()
        self._background = Background(self, workers=WORKERS)
        # of its own, so that nobody waits for an image behind it
        self._evidence_background = Background(self, workers=1)
        workspace.session_changed.connect(self._take_over)
        workspace.shown_changed.connect(self._on_shown)
        workspace.settings_changed.connect(self._on_settings)
        self._take_over()

    def pixels(self, image_id: int) -> Pixels | None:
        """The image as it is displayed: uint8 (H, W, 3) RGB, not to be written to.

        Returns:
            None where it is not there yet: then `loaded` or `failed` follows, unless it failed before.
        """
        record = self._record(image_id)
        if record is None:
            return None
        kept = self._kept.get(_PixelsKey(record.id, record.sha256))
        if kept is None:
            if image_id not in self._errors:
                self._load(record)
            return None
        return cast("Pixels", kept)

    def error(self, image_id: int) -> UserFacingError | None:
        """Why an image cannot be shown; None where it can, or where that is not known yet."""
        return self._errors.get(image_id)

    def retry(self, image_id: int) -> None:
        """Try once more to load an image that failed."""
        self._errors.pop(image_id, None)
        self.pixels(image_id)

    def evidence(self, image_id: int) -> "Guide | None":
        """What a line drawn in the image snaps to, for its present scale and the polarity that detection found.

        Returns:
            None where it is not there yet: then `evidence_ready` follows, as soon as the pixels are there too.
        """
        record = self._record(image_id)
        if record is None or self._session is None:
            return None
        key = _evidence_key(self._session.study, record)
        kept = self._kept.get(key)
        if kept is None:
            self._wants_evidence.add(image_id)
            self._prepare(record, key)
            return None
        return cast("Guide", kept)

    def is_prepared(self, image_id: int) -> bool:
        """Whether `evidence` gives all it ever will: what lines follow, or None for good."""
        record = self._record(image_id)
        if record is None or self._session is None or image_id in self._errors:
            return True
        key = _evidence_key(self._session.study, record)
        return key in self._unprepared or self.evidence(image_id) is not None

    def shutdown(self) -> None:
        """Let everything go and wait for the threads; for good."""
        self._let_go()
        self._background.shutdown()
        self._evidence_background.shutdown()

    def _take_over(self) -> None:
        """Another study is open, or none."""
        self._let_go()
        self._session = self._workspace.session
        self._on_shown()

    def _let_go(self) -> None:
        self._background.drop_all()
        self._evidence_background.drop_all()
        self._session = None
        self._kept.clear()
        noted = (self._errors, self._next, self._loading, self._preparing, self._unprepared, self._wants_evidence)
        for collected in noted:
            collected.clear()

    def _on_shown(self) -> None:
        shown = self._workspace.shown
        self._kept.pin(frozenset(shown))
        self._next = likely_next(self._session.study, shown) if self._session else []
        for image_id in shown:
            self.pixels(image_id)
        self._load_next()

    def _on_settings(self) -> None:
        """With a higher limit, images that were refused are tried again when they are asked for."""
        if self._workspace.settings.max_megapixels != self._max_megapixels:
            self._max_megapixels = self._workspace.settings.max_megapixels
            self._errors.clear()

    def _record(self, image_id: int) -> "ImageRecord | None":
        return None if self._session is None else self._session.study.images.get(image_id)

    def _load(self, record: "ImageRecord") -> None:
        session, image_id = self._session, record.id
        if session is None or image_id in self._loading:
            return
        self._loading.add(image_id)
        self._background.submit(
            partial(_decoded, session.path.parent, record, lambda r: session.image_file(r.id), self._max_megapixels),
            partial(self._on_loaded, record),
            partial(self._on_failed, record),
            name="loading an image",
        )

    def _on_loaded(self, record: "ImageRecord", pixels: Pixels) -> None:
        self._loading.discard(record.id)
        self._kept.put(_PixelsKey(record.id, record.sha256), pixels, pixels.nbytes)
        self.loaded.emit(record.id)
        if record.id in self._wants_evidence:
            self.evidence(record.id)
        self._load_next()

    def _on_failed(self, record: "ImageRecord", error: Exception) -> None:
        self._loading.discard(record.id)
        self._wants_evidence.discard(record.id)
        told = told_to_user(error, "the image could not be loaded", file=Path(record.path))
        self._errors[record.id] = told
        self.failed.emit(record.id, told)
        self._load_next()

    def _load_next(self) -> None:
        while self._next and not self._loading:
            record = self._record(self._next.pop(0))
            if record is None or record.id in self._errors or _PixelsKey(record.id, record.sha256) in self._kept:
                continue
            if self._kept.has_room(record.width_px * record.height_px * 3):
                self._load(record)

    def _prepare(self, record: "ImageRecord", key: _EvidenceKey) -> None:
        pixels = self.pixels(record.id)
        if pixels is None or key in self._preparing:
            return
        self._preparing.add(key)
        self._evidence_background.submit(
            partial(_prepared, pixels, key.um_per_px, key.polarity),
            partial(self._on_prepared, record, key),
            partial(self._on_unprepared, record, key),
            name="preparing evidence",
        )

    def _on_prepared(self, record: "ImageRecord", key: _EvidenceKey, evidence: "Guide") -> None:
        self._preparing.discard(key)
        self._wants_evidence.discard(record.id)
        self._kept.put(key, evidence, evidence.n_bytes)
        self.evidence_ready.emit(record.id)

    def _on_unprepared(self, record: "ImageRecord", key: _EvidenceKey, error: Exception) -> None:
        """Lines are then drawn straight; the key stays among those under way, so that it is not tried again."""
        self._wants_evidence.discard(record.id)
        self._unprepared.add(key)
        log.error("no evidence could be made of an image", exc_info=error)
        self.evidence_ready.emit(record.id)


def likely_next(study: "Study", shown: Sequence[int]) -> list[int]:
    """Which images are likely to be shown next: other visits of the same site, then the image after those shown."""
    from workstation.areas import area_of, images_of

    areas = dict.fromkeys(area_of(study, i) for i in shown)
    same = [i for area in areas for i in sorted(images_of(study, area))]
    after = [i for i in sorted(study.images) if shown and i > max(shown)]
    return [i for i in dict.fromkeys((*same, *after[:1])) if i not in shown][:FETCHED_AHEAD]


def _evidence_key(study: "Study", record: "ImageRecord") -> _EvidenceKey:
    """Evidence depends on the scale, which an edit can change, and on the polarity."""
    detections = [r.detection for r in study.reads_of(record.id) if r.detection is not None]
    latest = detections[-1] if detections else None
    um_per_px = record.calibration.um_per_px if record.calibration else latest.um_per_px if latest else None
    polarity = latest.parameters.polarity if latest else Polarity.AUTO
    return _EvidenceKey(record.id, record.sha256, um_per_px, polarity)


def _decoded(
    folder: Path, record: "ImageRecord", embedded: Callable[["ImageRecord"], bytes], max_megapixels: float
) -> Pixels:
    """On a thread."""
    from workstation.images import load_of

    pixels = load_of(folder, record, max_megapixels=max_megapixels, embedded=embedded).pixels
    pixels.flags.writeable = False
    return pixels


def _prepared(pixels: Pixels, um_per_px: float | None, polarity: Polarity) -> "Guide":
    """On a thread."""
    from analysis.snapping import prepare

    return prepare(pixels, um_per_px, polarity)


def _usual_budget() -> int:
    import psutil

    return int(min(max(psutil.virtual_memory().total // SHARE_OF_MEMORY, LEAST_BYTES), MOST_BYTES))
