"""Evidence: which pixels are hair. Where it comes from, ridges or a network, is no concern of the decoder."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from analysis.detection import FloatArray
from analysis.preprocess import Frame

Map = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Votes:
    """What each pixel of an axis says of the whole hair: only a network can tell."""

    line: Map
    """(h, w) at the working scale, 0 to 1: how surely the pixel lies on an axis, a ridge some 4 pixels wide."""
    half_width: Map
    """(h, w) half the shaft's width in work pixels, near an axis: no deeper where hairs touch."""
    middle: Map
    """(h/stride, w/stride, 2) work pixels from the pixel to the middle of its hair's chord."""
    half_chord: Map
    """(h/stride, w/stride, 2) work pixels from there to either end: its sign means nothing."""
    ends: Map
    """(2, h/stride, w/stride) 0 to 1: how surely a root, and a tip, lies there."""
    stride: int


@dataclass(frozen=True)
class Evidence:
    """Maps at the working scale, each (h, w)."""

    frame: Frame
    score: Map
    """0 to 1: how surely the pixel belongs to a shaft; 0.5 at the shaft's edge."""
    axis: Map
    """Direction of the shaft in radians, from 0 to π, x towards y; meaningless where the score is near 0."""
    half_width: Map
    """Half the shaft's width in work pixels, on and near its axis."""
    contrast: Map
    """Against the skin, 0 to 1: what roots are told from."""
    visible: Mask
    """Inside the field of view."""
    brightness: NDArray[np.uint8]
    """(H, W) at the image's own scale, hair darker than skin whatever its colour: where widths are measured."""
    blur_px: float
    """Standard deviation of the camera's blur in image pixels, as the sharper edges show it."""
    votes: Votes | None = None


@dataclass(frozen=True)
class Guide:
    """As much of the evidence as a drawn line follows and is measured by: a sixth of it, so that it can be kept."""

    frame: Frame
    score: NDArray[np.uint8]
    """(h, w) at the working scale, in 255ths."""
    brightness: NDArray[np.uint8]
    """As of `Evidence`."""
    blur_px: float

    @property
    def n_bytes(self) -> int:
        """What it takes in memory."""
        return self.score.nbytes + self.brightness.nbytes


AnyEvidence: TypeAlias = Evidence | Guide


def score_around(evidence: AnyEvidence, points_work: FloatArray, margin_work: float) -> tuple[Map, FloatArray]:
    """The score, 0 to 1, in the box around points (V, 2) with a margin, and the box's first pixel, x and y."""
    height, width = evidence.score.shape
    limits = np.array([width, height])
    low = np.clip(np.floor(points_work.min(axis=0) - margin_work), 0, limits - 1).astype(int)
    high = np.clip(np.ceil(points_work.max(axis=0) + margin_work) + 1, low + 1, limits).astype(int)
    score = evidence.score[low[1] : high[1], low[0] : high[0]]
    if score.dtype == np.uint8:
        score = score * np.float32(1 / 255)
    return np.asarray(score, dtype=np.float32), low.astype(np.float64)
