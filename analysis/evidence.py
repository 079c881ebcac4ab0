"""Evidence: which pixels are hair. Where it comes from, ridges or a network, is no concern of the decoder."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
