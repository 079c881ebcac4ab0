"""How sure a detected hair is, from what can be measured along, beside and beyond it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.decoder.chords import agreement, chord_map, chord_of
from analysis.decoder.shaft import Shaft
from analysis.evidence import Evidence, Votes
from analysis.geometry import resample
from analysis.roots import darkness_beyond, end_likelihood, leaves_field
from analysis.sampling import normals, sample

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """A logistic model: `tools/fit_confidence.py` fits it on synthetic truth."""

    names: tuple[str, ...]
    """Of the features; a hair is the surer the larger any of them is."""
    weights: FloatArray
    bias: float

    def __call__(self, measured: FloatArray) -> FloatArray:
        """(N,) probability, 0 to 1, that each shaft is a hair and right, from its features (N, F)."""
        likely: FloatArray = 1 / (1 + np.exp(-(measured @ self.weights + self.bias)))
        return likely


RIDGES = Model(
    ("contrast", "relative contrast", "side drop", "continuity", "evenness", "length", "width", "root"),
    np.array([2.78, 2.69, 0.86, 0.60, 0.48, 0.91, 0.0, 1.27]),
    -4.50,
)
"""For evidence from filters.

* contrast: median along the axis; relative contrast: the same over the image's usual contrast, at most 1;
* side drop: share of the contrast that is gone a little beyond the edge, on the lesser side, median along the axis;
* continuity: share of the axis that is hair; evenness: minus the spread of the contrast along the axis, as a share;
* length: logarithm over 300 µm, at most that of 2.5; width: logarithm over 40 µm, at most 0;
* root: darkness of the skin beyond the darker end as a share of the shaft's own, at most 0.5, which is what an end
  outside the field counts as.
"""
VOTES = Model(
    ("line", "weakest line", "cover", "agreement", "contrast", "length", "width", "end", "root"),
    np.array([0.75, 0.17, 0.57, 3.67, 0.37, 0.84, 0.35, 0.16, 0.0]),
    -2.26,
)
"""For evidence from a network.

* line, weakest line: mean and tenth percentile of the axis' likelihood along the shaft; cover: mean of the score;
* agreement: share of the pixels along the shaft that name its chord; a hair too long to be named counts as half;
* contrast: median of its amount along the axis, at most 0.4; length and width: as above;
* end, root: likelihood of an end at the lesser end and of a root at either; outside the field they count as half.
"""
BESIDE_UM = 28.0
LONGEST_NAMED_PX = 240.0
"""Longer chords were not asked for in training."""


def model_for(evidence: Evidence) -> Model:
    """The model for this source of evidence."""
    return RIDGES if evidence.votes is None else VOTES


def features(evidence: Evidence, shafts: list[Shaft]) -> FloatArray:
    """(N, F) float64, the columns as the evidence's model names them."""
    if not shafts:
        return np.zeros((0, len(model_for(evidence).names)))
    if evidence.votes is not None:
        return _voted(evidence, evidence.votes, shafts)
    axes = [resample(s.axis, 2.0) for s in shafts]
    along = [sample(evidence.contrast, axis) for axis in axes]
    core = np.array([max(0.02, float(np.median(a))) for a in along])
    usual = float(np.percentile(core, 75))
    um = evidence.frame.um_per_work_px
    rows = []
    for shaft, axis, on_axis, own in zip(shafts, axes, along, core, strict=True):
        aside = normals(axis) * (shaft.half_width + BESIDE_UM / um)
        drop = 1 - np.maximum(sample(evidence.contrast, axis - aside), sample(evidence.contrast, axis + aside)) / own
        rows.append((
            own,
            min(1.0, own / usual),
            float(np.clip(np.median(drop), 0, 1)),
            float((sample(evidence.score, axis) > 0.4).mean()),
            -min(1.0, float(on_axis.std()) / own),
            float(np.log(min(2.5, max(0.1, shaft.length * um / 300)))),
            min(0.0, float(np.log(2 * shaft.half_width * um / 40))),
            _rooted(evidence, shaft, own),
        ))  # fmt: skip
    return np.array(rows)


def confidence(evidence: Evidence, shafts: list[Shaft]) -> FloatArray:
    """(N,) probability, 0 to 1, that each shaft is a hair and right."""
    return model_for(evidence)(features(evidence, shafts))


def _voted(evidence: Evidence, votes: Votes, shafts: list[Shaft]) -> FloatArray:
    um = evidence.frame.um_per_work_px
    named = chord_map(votes)
    rows = []
    for shaft in shafts:
        axis = resample(shaft.axis, 2.0)
        along = sample(votes.line, axis)
        chord = chord_of(axis)
        whole = 2 * float(np.hypot(*chord[2:])) <= LONGEST_NAMED_PX
        ends = [_ends_near(evidence, votes, place) for place in (axis[0], axis[-1])]
        rows.append((
            float(along.mean()),
            float(np.percentile(along, 10)),
            float(sample(evidence.score, axis).mean()),
            float(agreement(chord, axis, named, votes.stride).mean()) if whole else 0.5,
            min(0.4, abs(float(np.median(sample(evidence.contrast, axis))))),
            float(np.log(min(2.5, max(0.1, shaft.length * um / 300)))),
            min(0.0, float(np.log(2 * shaft.half_width * um / 40))),
            min(max(end) for end in ends),
            max(end[0] for end in ends),
        ))  # fmt: skip
    return np.array(rows)


def _ends_near(evidence: Evidence, votes: Votes, place: FloatArray) -> tuple[float, float]:
    """Likelihood that a root, and a tip, lies at a place."""
    if leaves_field(evidence, place):
        return 0.5, 0.5
    root, tip = end_likelihood(votes, place)
    return root, tip


def _rooted(evidence: Evidence, shaft: Shaft, core: float) -> float:
    beyond = [
        0.5 if leaves_field(evidence, axis[0]) else darkness_beyond(evidence, axis, core)
        for axis in (shaft.axis, shaft.axis[::-1])
    ]
    return min(0.5, max(beyond))
