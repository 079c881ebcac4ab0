"""Landmarks as the tool sees them: the ends that stand in the images shown, what the fit leaves open, how they look."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from analysis.detection import FloatArray
from ui.tools import preview
from ui.view.viewport import Viewport
from workstation.areas import area_of, by_time
from workstation.model.pair import Landmark, Pair
from workstation.model.study import Study
from workstation.pairing import PairIds

Place = tuple[float, float]
"""In pixels of an image."""
Key = tuple[PairIds, int, int]
"""What tells an end of a landmark from others: pair, landmark, image."""

ARM, GAP = 11.0, 3.0
"""Of a cross, in view pixels: how far it reaches, and what it leaves free in the middle."""
LABEL_AT = (9.0, -9.0)
SEEN_FROM = 4.0
"""A residual is drawn as a line where it is so long, in view pixels."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One end of a landmark."""

    ids: PairIds
    landmark_id: int
    number: int
    """Of the landmark among all that are shown, from 1."""
    image_id: int
    at_px: Place
    fitted_px: Place | None = None
    """Where the registration puts it, in the later image; None in the earlier one, and without a registration."""

    @property
    def in_baseline(self) -> bool:
        """Whether it is the end in the earlier image."""
        return self.image_id == self.ids.baseline_image_id

    @property
    def key(self) -> Key:
        """What tells it from other ends."""
        return self.ids, self.landmark_id, self.image_id


def pairs_among(study: Study, shown: Sequence[int]) -> tuple[PairIds, ...]:
    """Any two of the images shown that are of one area and two visits, the earlier one first."""
    return tuple(
        PairIds(earlier, later)
        for earlier, later in combinations(by_time(study, shown), 2)
        if area_of(study, earlier) == area_of(study, later)
        and study.images[earlier].visit_id != study.images[later].visit_id
    )


def marks_of(pairs: Iterable[tuple[PairIds, Pair | None]]) -> Iterator[Mark]:
    """Both ends of each landmark of several pairs, in the order of placing."""
    number = 0
    for ids, pair in pairs:
        landmarks: list[Landmark] = [] if pair is None else [pair.landmarks[i] for i in sorted(pair.landmarks)]
        fitted = _fitted(pair, landmarks)
        for place, landmark in enumerate(landmarks):
            number += 1
            end = None if fitted is None else (float(fitted[place, 0]), float(fitted[place, 1]))
            yield Mark(ids, landmark.id, number, ids.baseline_image_id, landmark.baseline_px)
            yield Mark(ids, landmark.id, number, ids.followup_image_id, landmark.followup_px, end)


def _fitted(pair: Pair | None, landmarks: Sequence[Landmark]) -> FloatArray | None:
    """(L, 2) where the registration puts landmarks in the later image."""
    record = None if pair is None else pair.registration
    if record is None or record.result.warp is None or not landmarks:
        return None
    return record.result.warp.to_followup([landmark.baseline_px for landmark in landmarks])


def paint_mark(
    painter: QPainter, viewport: Viewport, at_px: ArrayLike, text: str, *, held: bool = False, faint: bool = False
) -> None:
    """A cross that leaves its middle free, with a number beside it.

    Args:
        painter: draws, in view coordinates.
        viewport: the view.
        at_px: (2,) the place in the image.
        text: what stands beside it.
        held: it is the one that keys act on.
        faint: it is not placed yet.
    """
    x, y = viewport.to_view(at_px).tolist()
    opacity = painter.opacity()
    painter.setOpacity(opacity * (0.6 if faint else 1.0))
    core = 2.6 if held else 1.6
    for rgb, width in ((preview.DARK, core + 2.6), (preview.LIGHT, core)):
        painter.setPen(QPen(QColor(*rgb), width))
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(QPointF(x + GAP * dx, y + GAP * dy), QPointF(x + ARM * dx, y + ARM * dy))
    if text:
        place = viewport.to_image((x + LABEL_AT[0] + ARM, y + LABEL_AT[1] - ARM / 2))
        preview.badge(painter, viewport, place, text, preview.LIGHT)
    painter.setOpacity(opacity)


def paint_residual(painter: QPainter, viewport: Viewport, mark: Mark) -> None:
    """A line from where the registration puts a landmark to where it was placed, unless they are as good as one."""
    if mark.fitted_px is None:
        return
    ends = np.array([mark.fitted_px, mark.at_px])
    if np.hypot(*(viewport.to_view(ends[1]) - viewport.to_view(ends[0]))) >= SEEN_FROM:
        preview.line(painter, viewport, ends, dashed=True)
