"""What is measured of candidates: along them, beside them, at and beyond their ends.

Each feature is turned so that more of it speaks for a hair. Lengths are physical, contrasts shares of the hair's own.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.decoder.candidates import Candidates
from analysis.decoder.chords import agreement
from analysis.decoder.parts import usual_half_width
from analysis.evidence import Evidence, Map, Votes
from analysis.lines import SAMPLES, across, directions, lengths
from analysis.roots import EDGE_UM, END_REACH
from analysis.sampling import sample

FloatArray = NDArray[np.float64]
Named = dict[str, FloatArray]

LONGEST_NAMED_PX = 240.0
"""Longer chords were not asked for in training."""
AT_END_PX, BEYOND_PX = np.array([1.0, 3.0, 5.0]), np.array([4.0, 7.0, 10.0])
BESIDE_UM = 28.0
ASIDE_PX = 3.0
WINDOW = 5
"""Samples over which the weakest stretch of a line is a mean."""
INWARD = 3
"""Samples from an end at which the direction is taken."""


@dataclass(frozen=True)
class _Lines:
    """Candidates with what all features need, N of them."""

    points: FloatArray
    half_width: FloatArray
    length: FloatArray
    tangent: FloatArray
    normal: FloatArray
    core: FloatArray
    """(N, SAMPLES) contrast along the axis, as a share of its median."""
    own: FloatArray
    """(N,) that median, its amount."""
    sign: FloatArray
    """(N,) 1 where darker than the skin, -1 where lighter."""

    def beside(self, plane: Map, off: FloatArray | float) -> FloatArray:
        """(2, N, SAMPLES) a map so many pixels aside of the axis, on either side."""
        aside = self.normal * np.broadcast_to(off, self.length.shape)[:, None, None]
        return np.stack([sample(plane, self.points + way * aside) for way in (-1, 1)])


def features(evidence: Evidence, found: Candidates) -> FloatArray:
    """(N, F) float64; what they are is told by `named_features`."""
    return np.column_stack(list(named_features(evidence, found).values()))


def named_features(evidence: Evidence, found: Candidates) -> Named:
    """The features by name, (N,) each; some are there only with votes, one only without."""
    lines = _lines(evidence, found)
    named = _size_features(evidence, lines) | _contrast_features(evidence, lines) | _bend_features(lines)
    if evidence.votes is None:
        named["describes"] = found.describes.astype(np.float64)
    named |= _score_features(evidence.score, lines)
    hidden = _near_edge(evidence)
    first, last = (_end_features(evidence, lines, back, hidden) for back in (False, True))
    for name in first:
        named[name + ", lesser end"] = np.minimum(first[name], last[name])
        named[name + ", other end"] = np.maximum(first[name], last[name])
    if evidence.votes is not None:
        named |= _vote_features(evidence.votes, evidence.axis, lines)
    return named


def _lines(evidence: Evidence, found: Candidates) -> _Lines:
    tangent = directions(found.lines)
    along = sample(evidence.contrast, found.lines)
    middle = np.median(along, axis=1)
    sign = np.where(middle < 0, -1.0, 1.0)
    own = np.maximum(0.02, np.abs(middle))
    core = sign[:, None] * along / own[:, None]
    return _Lines(found.lines, found.half_width, lengths(found.lines), tangent, across(tangent), core, own, sign)


def _size_features(evidence: Evidence, lines: _Lines) -> Named:
    um = evidence.frame.um_per_work_px
    length_um = lines.length * um
    return {
        "length": np.log(np.clip(length_um / 300, 0.2, 4)),
        "not long": -np.maximum(0, np.log(length_um / 600)),
        "not short": np.minimum(0, np.log(length_um / 200)),
        "width": np.minimum(0, np.log(2 * lines.half_width * um / 40)),
        "not wide": -np.maximum(0, np.log(lines.half_width / usual_half_width(evidence))),
        "slender": np.minimum(2, lines.length / lines.half_width / 8),
    }


def _contrast_features(evidence: Evidence, lines: _Lines) -> Named:
    usual = max(0.02, float(np.percentile(lines.own, 75))) if len(lines.own) else 1.0
    beyond = lines.half_width + BESIDE_UM / evidence.frame.um_per_work_px
    drop = 1 - lines.sign[:, None] * lines.beside(evidence.contrast, beyond) / lines.own[:, None]
    drop = np.clip(np.median(drop, axis=2), -0.5, 1)
    return {
        "contrast": np.minimum(lines.own, 0.5),
        "relative contrast": np.minimum(1, lines.own / usual),
        "darker": (lines.sign > 0).astype(np.float64),
        "evenness": -np.minimum(1, lines.core.std(axis=1)),
        "weakest contrast": _weakest(np.clip(lines.core, -1, 1)),
        "drop, lesser side": drop.min(axis=0),
        "drop, other side": drop.max(axis=0),
    }


def _weakest(along: FloatArray) -> FloatArray:
    sums = np.cumsum(np.pad(along, ((0, 0), (1, 0))), axis=1)
    return np.asarray(((sums[:, WINDOW:] - sums[:, :-WINDOW]) / WINDOW).min(axis=1))


def _score_features(score: Map, lines: _Lines) -> Named:
    on = sample(score, lines.points)
    free = (lines.beside(score, lines.half_width + ASIDE_PX) < 0.5).mean(axis=2)
    return {
        "score": on.mean(axis=1),
        "weakest score": _weakest(on),
        "free, lesser side": free.min(axis=0),
        "free, other side": free.max(axis=0),
        "filled": lines.beside(score, 0.7 * lines.half_width).mean(axis=2).min(axis=0),
    }


def _bend_features(lines: _Lines) -> Named:
    knots = lines.tangent[:, :: (SAMPLES - 1) // 8]
    turn = knots[:, :-1, 0] * knots[:, 1:, 1] - knots[:, :-1, 1] * knots[:, 1:, 0]
    turn = np.arcsin(np.clip(turn, -1, 1))
    total = np.abs(turn).sum(axis=1)
    return {"straight": -total, "no wiggle": np.abs(turn.sum(axis=1)) - total, "no kink": -np.abs(turn).max(axis=1)}


def _near_edge(evidence: Evidence) -> Map:
    """1 where the edge of what is visible is so near that a shaft may go on beyond it."""
    reach = round(EDGE_UM / evidence.frame.um_per_work_px)
    padded = np.pad((~evidence.visible).view(np.uint8), reach, constant_values=1)
    grown = cv2.dilate(padded, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    return np.ascontiguousarray(grown[reach:-reach, reach:-reach]).astype(np.float32)


def _end_features(evidence: Evidence, lines: _Lines, back: bool, near_edge: Map) -> Named:
    """How plainly the hair is there at one end and stops beyond it; all 0.5 where it leaves the field."""
    end, inward = lines.points[:, 0], lines.tangent[:, INWARD]
    if back:
        end, inward = lines.points[:, -1], -lines.tangent[:, -1 - INWARD]
    at = end[:, None] + inward[:, None] * AT_END_PX[:, None]
    beyond = end[:, None] - inward[:, None] * BEYOND_PX[:, None]
    share = (lines.sign / lines.own)[:, None]
    named = {
        "contrast": np.clip((share * sample(evidence.contrast, at)).mean(axis=1), 0, 1),
        "contrast stops": 1 - np.clip((share * sample(evidence.contrast, beyond)).min(axis=1), 0, 1),
        "score": sample(evidence.score, at).mean(axis=1),
        "score stops": 1 - sample(evidence.score, beyond).min(axis=1),
    }
    if evidence.votes is not None:
        named["line"] = sample(evidence.votes.line, at).mean(axis=1)
        named["line stops"] = 1 - sample(evidence.votes.line, beyond).min(axis=1)
        heat = cv2.dilate(evidence.votes.ends.max(axis=0), np.ones((2 * END_REACH + 1, 2 * END_REACH + 1), np.uint8))
        named["heat"] = sample(heat, (end + 0.5) / evidence.votes.stride - 0.5)
    leaves = sample(near_edge, end) > 0.5
    return {"end's " + name: np.where(leaves, 0.5, values) for name, values in named.items()}


def _vote_features(votes: Votes, axis: Map, lines: _Lines) -> Named:
    points = lines.points
    on = sample(votes.line, points)
    agree = agreement(votes, points)
    whole = np.hypot(*(points[:, -1] - points[:, 0]).T) <= LONGEST_NAMED_PX
    column, row = np.clip(np.round(points).astype(int), 0, np.array(axis.shape[::-1]) - 1).transpose(2, 0, 1)
    turned = axis[row, column] - np.arctan2(lines.tangent[..., 1], lines.tangent[..., 0])
    wide = sample(votes.half_width, points)
    return {
        "line": on.mean(axis=1),
        "weakest line": _weakest(on),
        "centred": (on - lines.beside(votes.line, ASIDE_PX).max(axis=0)).mean(axis=1),
        "agreement": np.where(whole, agree.mean(axis=1), 0.5),
        "weakest agreement": np.where(whole, _weakest(agree), 0.25),
        "aligned": (np.cos(2 * turned) * on).sum(axis=1) / np.maximum(on.sum(axis=1), 1e-6),
        "even width": -np.minimum(1, wide.std(axis=1) / lines.half_width),
    }
