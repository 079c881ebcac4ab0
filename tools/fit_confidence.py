"""Fit a model of `analysis/confidence.py` on synthetic truth: `python -m tools.fit_confidence ridges|network [SEEDS]`.

A shaft is right where it lies along one true hair and follows most of what is visible of it, and no other does better.
A logistic model with a small penalty on large weights, and no negative weight: a hair that shows more must never be
less sure. Half of the seeds fit, the others say how well the probabilities hold.
"""

import sys
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from scipy.optimize import linear_sum_assignment, minimize
from scipy.spatial import cKDTree

from analysis.confidence import RIDGES, VOTES, features
from analysis.decoder.decode import choose_preset, decode
from analysis.detection import DetectionParameters
from analysis.evidence import Evidence
from analysis.geometry import resample
from analysis.learned import learned_evidence
from analysis.preprocess import Prepared, prepare_image
from analysis.ridges import ridge_evidence
from analysis.synthetic import phantom

CASES = (
    "dark", "dense", "brown", "blond", "grey", "glare", "dark_skin", "vellus", "vessels", "flakes_bubbles",
    "frame_text", "defocus", "tattoo", "whorl", "bare", "long_sparse", "long_curly",
)  # fmt: skip
UM_PER_PX = 5.525
SIZE_PX = (1000, 800)
STEP_PX = 2.0
NEAR_UM = 30.0
ON_LINE, FOLLOWED = 0.75, 0.65
PENALTY = 0.02
Source = Callable[[Prepared], Evidence]
SOURCES: dict[str, Source] = {"ridges": ridge_evidence, "network": learned_evidence}


def examples(source: Source, case: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Features (N, F) of what is decoded in one phantom, and whether each is a hair and right, bool (N,)."""
    made = phantom(case, seed, size_px=SIZE_PX, um_per_px=UM_PER_PX)
    evidence = source(prepare_image(made.image, UM_PER_PX))
    shafts = decode(evidence, replace(DetectionParameters(), preset=choose_preset(evidence)))
    lines = [line for h in made.truth.hairs if len(line := visible(h.centreline_px)) > 1]
    axes = [resample(evidence.frame.to_image(shaft.axis), STEP_PX) for shaft in shafts]
    return features(evidence, shafts), right(axes, lines)


def visible(line: np.ndarray) -> np.ndarray:
    """Points `STEP_PX` apart on the part of a hair that lies in the image."""
    points = resample(line, STEP_PX)
    return points[((points >= 0) & (points <= np.array(SIZE_PX) - 1)).all(axis=1)]


def right(axes: list[np.ndarray], lines: list[np.ndarray]) -> np.ndarray:
    """Which shafts are hairs: each hair is given to at most one."""
    fit = np.zeros((len(axes), len(lines)))
    reach = NEAR_UM / UM_PER_PX
    trees = [cKDTree(line) for line in lines]
    for i, axis in enumerate(axes):
        own = cKDTree(axis)
        for j, line in enumerate(lines):
            on_line = (trees[j].query(axis, distance_upper_bound=reach)[0] < reach).mean()
            followed = (own.query(line, distance_upper_bound=reach)[0] < reach).mean() if on_line > ON_LINE else 0
            fit[i, j] = on_line + followed if followed > FOLLOWED else 0
    given = np.zeros(len(axes), bool)
    rows, columns = linear_sum_assignment(-fit)
    given[rows] = fit[rows, columns] > 0
    return given


def fit(measured: np.ndarray, true: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights (F,), none negative, and bias of the likeliest logistic model."""
    count = measured.shape[1]

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        logit = measured @ theta[:-1] + theta[-1]
        likely = 1 / (1 + np.exp(-logit))
        value = np.mean(np.logaddexp(0, logit) - true * logit) + PENALTY / 2 * theta[:-1] @ theta[:-1] / count
        gradient = np.append(measured.T @ (likely - true) / len(true), np.mean(likely - true))
        gradient[:-1] += PENALTY * theta[:-1] / count
        return value, gradient

    bounds = [(0.0, None)] * count + [(None, None)]
    theta = minimize(loss, np.ones(count + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    return theta[:-1], float(theta[-1])


def main(source: str, seeds: int) -> None:
    cv2.setNumThreads(1)
    sets = []
    for first in (0, 1):
        parts = [examples(SOURCES[source], case, 100 + seed) for case in CASES for seed in range(first, seeds, 2)]
        sets.append(tuple(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    (measured, true), (unseen, unseen_true) = sets
    weights, bias = fit(measured, true)
    names = (RIDGES if source == "ridges" else VOTES).names
    for name, weight in zip(names, weights, strict=True):
        print(f"{name:18s} {weight:.2f}")
    print(f"{'bias':18s} {bias:.2f}")
    print(f"fitted on {len(true)} shafts, {true.mean():.0%} true; on {len(unseen_true)} others:")
    likely = 1 / (1 + np.exp(-(unseen @ weights + bias)))
    for low in np.arange(0, 1, 0.2):
        inside = (likely >= low) & (likely < low + 0.2 + 1e-9)
        share = unseen_true[inside].mean() if inside.any() else float("nan")
        print(f"  said {low:.1f}–{low + 0.2:.1f}: {share:.2f} of {inside.sum()} true")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 4)
