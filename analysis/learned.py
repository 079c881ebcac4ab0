"""Evidence from a network, trained on synthetic images only: `training/` makes it, `resources/weights` holds it.

It reads the image in colour at the working scale and gives planes of half its resolution: which pixels are an axis or
part of a shaft, where ends are, direction, width, and from every pixel of an axis the way to the middle of its hair's
chord and half that chord. Light hair and dark hair are alike to it.
"""

import threading
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.evidence import Evidence, Map, Votes
from analysis.preprocess import Prepared
from analysis.progress import Report, silent
from analysis.ridges import ridge_evidence

STAGE = "finding hair"
WEIGHTS = "weights/evidence.onnx"
STRIDE, PARTS = 2, 2
MULTIPLE = 32
"""Of work pixels: what the network's sides must be."""
BLOCK_PX = 1216
OVERLAP_PX = 80
"""Work pixels around a block that only inform it."""
LEVEL_PERCENTILE = 70
LENGTH_UNIT_PX, WIDTH_UNIT_PX = 50.0, 5.0
"""Work pixels that the network calls 1."""
PLANES = ("line", "cover", "root", "tip", "cos", "sin", "half_width", "mid_x", "mid_y", "chord_c", "chord_s")
N_LOGITS = 4
COVER_WORTH = np.float32(1.5)
"""The network's doubt counts less than the filters'."""

Mask = NDArray[np.bool_]


def normalised(work: NDArray[np.uint8], visible: Mask) -> Map:
    """The network's input, float32 (3, h, w): each colour against its own level on skin, 0 where nothing is visible.

    Args:
        work: uint8 (h, w, 3) at the working scale.
        visible: bool (h, w).
    """
    counted = visible.view(np.uint8)
    planes = np.zeros((3, *work.shape[:2]), np.float32)
    for channel, plane in enumerate(planes):
        histogram = cv2.calcHist([work], [channel], counted, [256], [0, 256]).ravel().cumsum()
        level = max(8, int(np.searchsorted(histogram, LEVEL_PERCENTILE / 100 * histogram[-1])))
        table = np.clip(np.arange(256, dtype=np.float32) / level - 1, -1, 1.5)
        plane[:] = table[work[..., channel]]
        plane[~visible] = 0
    return planes


@dataclass(frozen=True)
class _Network:
    net: cv2.dnn.Net
    lock: threading.Lock
    """A net of OpenCV keeps its layers' state: one caller at a time."""

    def __call__(self, block: Map) -> Map:
        with self.lock:
            self.net.setInput(block[None])
            return _whole(self.net.forward()[0])


def _whole(parts: Map) -> Map:
    """Planes (len(PLANES), PARTS h, PARTS w) of (len(PLANES) · PARTS², h, w): a pixel says what its four parts are."""
    height, width = parts.shape[1:]
    split = parts.reshape(-1, PARTS, PARTS, height, width).transpose(0, 3, 1, 4, 2)
    return np.ascontiguousarray(split).reshape(-1, PARTS * height, PARTS * width)


@cache
def _network() -> _Network:
    data = np.frombuffer(files("resources").joinpath(WEIGHTS).read_bytes(), np.uint8)
    return _Network(cv2.dnn.readNetFromONNX(data), threading.Lock())


def planes_of(prepared: Prepared, report: Report = silent) -> Map:
    """What the network says: float32 (len(PLANES), ⌈h/2⌉, ⌈w/2⌉), the logits turned to 0 to 1."""
    image = normalised(prepared.work, prepared.visible)
    height, width = image.shape[1:]
    rows, columns = _blocks(height), _blocks(width)
    below, beside = (starts[-1] + block + OVERLAP_PX - n for (starts, block), n in ((rows, height), (columns, width)))
    padded = np.pad(image, ((0, 0), (OVERLAP_PX, below), (OVERLAP_PX, beside)))
    planes = np.zeros((len(PLANES), -(-height // STRIDE), -(-width // STRIDE)), np.float32)
    for done, top in enumerate(rows[0]):
        for left in columns[0]:
            report(STAGE, done / len(rows[0]))
            seen = padded[:, top : top + rows[1] + 2 * OVERLAP_PX, left : left + columns[1] + 2 * OVERLAP_PX]
            inner = _network()(np.ascontiguousarray(seen))[:, OVERLAP_PX // STRIDE :, OVERLAP_PX // STRIDE :]
            place = planes[:, top // STRIDE : (top + rows[1]) // STRIDE, left // STRIDE : (left + columns[1]) // STRIDE]
            place[:] = inner[:, : place.shape[1], : place.shape[2]]
    planes[:N_LOGITS] = 1 / (1 + np.exp(-planes[:N_LOGITS]))
    return planes


def _blocks(side: int) -> tuple[list[int], int]:
    """Where equal blocks along a side start, and how long each is: a multiple of `MULTIPLE`."""
    n = -(-side // BLOCK_PX)
    size = -(-side // (n * MULTIPLE)) * MULTIPLE
    return [i * size for i in range(n) if i * size < side], size


def learned_evidence(prepared: Prepared, sensitivity: float = 0.5, report: Report = silent) -> Evidence:
    """Evidence from the network.

    Args:
        prepared: the image at the working scale and where it is visible.
        sensitivity: 0 to 1; what counts half at 0.5 counts less below and more above.
        report: told of the share done, 0 to 1.
    """
    return evidence_from(planes_of(prepared, report), prepared, sensitivity)


def evidence_from(planes: Map, prepared: Prepared, sensitivity: float = 0.5) -> Evidence:
    """Evidence from planes and filters: what both see is the score."""
    ridges = ridge_evidence(prepared, sensitivity)
    named = dict(zip(PLANES, planes, strict=True))
    cover = _enlarged(COVER_WORTH * named["cover"], prepared)
    return replace(ridges, score=np.minimum(ridges.score, cover), votes=_votes(named, prepared))


def _votes(named: dict[str, Map], prepared: Prepared) -> Votes:
    line, half = (_enlarged(named[name], prepared) for name in ("line", "half_width"))
    half_width = np.maximum(half * WIDTH_UNIT_PX, np.float32(0.5))
    line = np.where(prepared.visible, line, np.float32(0))
    return Votes(line, half_width, *_chords(named), np.stack([named["root"], named["tip"]]), STRIDE)


def _chords(named: dict[str, Map]) -> tuple[Map, Map]:
    """Ways to the chords' middles and half the chords, each (h, w, 2) in work pixels."""
    middle = np.dstack([named["mid_x"], named["mid_y"]]) * np.float32(LENGTH_UNIT_PX)
    half_length, turned = cv2.cartToPolar(named["chord_c"], named["chord_s"])
    half_length *= np.float32(LENGTH_UNIT_PX)
    return middle, np.dstack([half_length * np.cos(turned / 2), half_length * np.sin(turned / 2)])


def _enlarged(plane: Map, prepared: Prepared) -> Map:
    """A plane at the resolution of the work image."""
    height, width = prepared.work.shape[:2]
    whole: Map = cv2.resize(plane, (plane.shape[1] * STRIDE, plane.shape[0] * STRIDE), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(whole[:height, :width])
