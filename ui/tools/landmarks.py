"""Landmarks: the same place clicked in two visits; the images are registered anew with each, and undone with it."""

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPainter

from ui.matching.registrar import Registrar
from ui.panels.titles import image_titles
from ui.pixels import PixelStore
from ui.tools import preview
from ui.tools.gesture import Gesture
from ui.tools.gesture_tool import GestureTool
from ui.tools.landmark_edits import LandmarkEdits
from ui.tools.landmark_gestures import MarkDrag, PlaceDrag
from ui.tools.landmark_marks import Key, Mark, Place, marks_of, paint_mark, paint_residual, pairs_among
from ui.tools.places import inside, nearest_point
from ui.tools.tool import Pointer
from ui.tools.wording import length_text
from ui.view.viewport import Viewport
from ui.workspace import Workspace
from workstation.pairing import PairIds
from workstation.session import Session
from workstation.ways import route_between

NUDGES_END_MS = 600
"""Steps of the arrow keys that follow each other so soon are one move: the images are registered once for all."""
EXPECTED_RADIUS = 14.0


@dataclass(frozen=True, slots=True)
class Begun:
    """The first end of a landmark, placed in one image and not yet in the other."""

    image_id: int
    at_px: Place


class LandmarksTool(GestureTool):
    """See the module."""

    name = "landmarks"

    def __init__(self, workspace: Workspace, pixels: PixelStore, parent: QObject | None = None) -> None:
        super().__init__(workspace, pixels, parent)
        self._edits = LandmarkEdits(workspace)
        self._begun: Begun | None = None
        self._hovered: Key | None = None
        self._current: Key | None = None
        """The end that keys act on."""
        self._nudged: Mark | None = None
        """An end that arrow keys are moving; not committed yet."""
        self._nudged_in: Session | None = None
        self._nudges_end = QTimer(self, singleShot=True, interval=NUDGES_END_MS)
        self._nudges_end.timeout.connect(self._commit_nudges)

    def use(self, registrar: Registrar) -> None:
        """Have pairs registered anew with each landmark; without, landmarks are only put down."""
        self._edits.registrar = registrar
        registrar.changed.connect(self._registering)

    # --- what there is -----------------------------------------------------------------------------------------

    @property
    def begun(self) -> Begun | None:
        """The first end of a landmark whose second end is still to be placed."""
        return self._begun

    def marks(self, image_id: int) -> list[Mark]:
        """The ends of landmarks in an image, as they will be once all edits under way are made."""
        found = [m for m in marks_of((ids, self._edits.pair(ids)) for ids in self._pairs()) if m.image_id == image_id]
        nudged = self._nudged
        return [m if nudged is None or m.key != nudged.key else replace(m, at_px=nudged.at_px) for m in found]

    def _pairs(self) -> tuple[PairIds, ...]:
        study = self.workspace.study
        return () if study is None else pairs_among(study, self.workspace.shown)

    def _pairs_of(self, image_id: int) -> list[PairIds]:
        return [ids for ids in self._pairs() if image_id in (ids.baseline_image_id, ids.followup_image_id)]

    def _held(self) -> Mark | None:
        """The end under the pointer, else the one that keys act on; None where there is none any more."""
        return self._mark_of(self._hovered) or self._mark_of(self._current)

    def _mark_of(self, key: Key | None) -> Mark | None:
        return None if key is None else next((mark for mark in self.marks(key[2]) if mark.key == key), None)

    # --- hints -------------------------------------------------------------------------------------------------

    def idle_hint(self) -> str:
        """See `GestureTool`."""
        active, study = self.workspace.active, self.workspace.study
        pairs = [] if active is None else self._pairs_of(active)
        if study is None or active is None or not pairs:
            return "Landmarks need two visits of one area side by side"
        if self._begun is not None:
            first = self._begun.image_id
            others = [i for ids in self._pairs_of(first) for i in ids.image_ids if i != first]
            titles = image_titles(study, self.workspace.shown)
            return f"Now the same place in {' or '.join(titles[i] for i in others)} · Esc: discard"
        what = "Click a mole, a pore or a unit, then the same in the other image · drag: move · Del: remove"
        fit = self._edits.fit_text(pairs[0])
        return f"{fit} · {what}" if fit else what

    # --- mouse and keyboard ------------------------------------------------------------------------------------

    def begin(self, pointer: Pointer) -> Gesture | None:
        """A place, or an end that is taken hold of."""
        if not self.may_edit():
            return None
        self._commit_nudges()
        if not self._pairs_of(pointer.image_id):
            self.workspace.tell("Landmarks need two visits of one area side by side.")
            return None
        mark = self._mark_at(pointer)
        if mark is None or (self._begun is not None and self._begun.image_id != pointer.image_id):
            return PlaceDrag(self, pointer)
        self._current = mark.key
        return MarkDrag(self, pointer, mark)

    def hovered(self, pointer: Pointer) -> None:
        """See `GestureTool`."""
        mark = self._mark_at(pointer)
        self._hovered = None if mark is None else mark.key

    def unhovered(self) -> None:
        """See `GestureTool`."""
        self._hovered = None

    def _mark_at(self, pointer: Pointer) -> Mark | None:
        marks = self.marks(pointer.image_id)
        nearest = nearest_point([mark.at_px for mark in marks], pointer.at_px, 1.5 * pointer.reach_px)
        return None if nearest is None else marks[nearest]

    @property
    def busy(self) -> bool:
        """See `Tool`: also while one end is placed and the other is not."""
        return super().busy or self._begun is not None

    @property
    def waits(self) -> bool:
        """See `Tool`."""
        return super().waits or self._nudged is not None

    def cancel(self) -> bool:
        """See `Tool`."""
        if super().cancel():
            return True
        if self._nudged is not None:
            self._nudges_end.stop()
            self._nudged = None
        elif self._begun is not None:
            self._begun = None
        else:
            return False
        self._told()
        return True

    def deactivate(self) -> None:
        """See `Tool`."""
        self._commit_nudges()
        super().deactivate()
        self._begun = self._current = None

    def nudge(self, dx_px: float, dy_px: float) -> bool:
        """Move the end that was clicked last, or the place that waits for its partner, of the active image."""
        active, begun, mark = self.workspace.active, self._begun, self._mark_of(self._current)
        if self.gesture is not None:
            return False
        if begun is not None:
            if begun.image_id == active:
                self._begun = replace(begun, at_px=self._moved(begun.image_id, begun.at_px, dx_px, dy_px))
                self._told()
            return begun.image_id == active
        if mark is None or mark.image_id != active or not self.may_edit():
            return False
        if self._nudged is not None and self._nudged.key != mark.key:
            self._commit_nudges()
        self._current = mark.key
        self._nudged = replace(mark, at_px=self._moved(mark.image_id, mark.at_px, dx_px, dy_px))
        self._nudged_in = self.workspace.session
        self._nudges_end.start()
        self._told()
        return True

    def resize(self, factor: float) -> None:
        """`]` takes the next landmark of the active image, `[` the one before."""
        active = self.workspace.active
        marks = [] if active is None else self.marks(active)
        if not marks or self.busy:
            return
        step = 1 if factor > 1 else -1
        at = next((place for place, mark in enumerate(marks) if mark.key == self._current), -1 if step > 0 else 0)
        self._current, self._hovered = marks[(at + step) % len(marks)].key, None
        self._told()

    def remove(self) -> bool:
        """Take out the landmark that is held, or the place that waits for its partner."""
        if super().remove():
            return True
        if self._begun is not None:
            return self.cancel()
        mark = self._held()
        if mark is None or not self.may_edit():
            return False
        self.remove_landmark(mark)
        return True

    # --- edits -------------------------------------------------------------------------------------------------

    def take_place(self, image_id: int, at_px: Place) -> None:
        """A place was clicked: the first end of a landmark, or the second one."""
        begun, self._begun = self._begun, None
        ids = None
        if begun is not None and begun.image_id != image_id:
            ids = next((ids for ids in self._pairs_of(image_id) if begun.image_id in ids.image_ids), None)
        if begun is None or ids is None:
            self._begun = Begun(image_id, at_px)
        else:
            self._edits.place(ids, {begun.image_id: begun.at_px, image_id: at_px})
        self._told()

    def move_mark(self, mark: Mark, to_px: Place) -> None:
        """Put an end of a landmark elsewhere."""
        self._edits.move(mark, to_px)
        self._told()

    def remove_landmark(self, mark: Mark) -> None:
        """Take a landmark out, both its ends."""
        self._hovered = self._current = self._nudged = None
        self._edits.remove(mark)
        self._told()

    def _commit_nudges(self) -> None:
        self._nudges_end.stop()
        nudged, self._nudged = self._nudged, None
        if nudged is not None and self._nudged_in is self.workspace.session:  # another study has other landmarks
            self.move_mark(nudged, nudged.at_px)

    def _moved(self, image_id: int, at_px: Place, dx_px: float, dy_px: float) -> Place:
        x, y = inside(self.record(image_id), np.add(at_px, (dx_px, dy_px))).tolist()
        return x, y

    # --- following and painting --------------------------------------------------------------------------------

    def depends_on_read(self, gesture: Gesture) -> bool:
        """Places in an image stay what they are."""
        return False

    def study_changed(self) -> None:
        """See `GestureTool`: an undo may have taken a landmark away."""
        self._hovered = None
        if self._nudged is not None and self._mark_of(self._nudged.key) is None:
            self._nudges_end.stop()
            self._nudged = None
        self._told()

    def _registering(self) -> None:
        if self.workspace.tool == self.name:
            self._told()

    def _told(self) -> None:
        self.hint_changed.emit()
        self._changed()

    def paint_idle(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """All landmarks of the image, the place that waits for its partner, and about where that is."""
        held = self._held()
        dragged = self.gesture.mark.key if isinstance(self.gesture, MarkDrag) else None
        for mark in self.marks(image_id):
            if mark.key != dragged:
                paint_residual(painter, viewport, mark)
                is_held = held is not None and (mark.ids, mark.landmark_id) == (held.ids, held.landmark_id)
                paint_mark(painter, viewport, mark.at_px, self._text(mark), held=is_held)
        if self._begun is None:
            return
        if self._begun.image_id == image_id:
            paint_mark(painter, viewport, self._begun.at_px, "", held=True)
        elif (expected := self._expected(self._begun, image_id)) is not None:
            preview.ring(painter, viewport, expected, EXPECTED_RADIUS)

    def _text(self, mark: Mark) -> str:
        """The number, in the later image with how far the fit is from it: `3 · 18 µm`."""
        if mark.fitted_px is None:
            return str(mark.number)
        apart_px = float(np.hypot(*np.subtract(mark.at_px, mark.fitted_px)))
        return f"{mark.number} · {length_text(apart_px, self.scale(mark.image_id))}"

    def _expected(self, begun: Begun, image_id: int) -> Place | None:
        """About where the place that was begun lies in another image; None where nobody knows."""
        study = self.workspace.study
        route = None if study is None else route_between(study, begun.image_id, image_id)
        if route is None:
            return None
        x, y = route.way.there([begun.at_px])[0].tolist()
        return x, y
