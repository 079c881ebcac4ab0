"""Fit the weights of `analysis/confidence.py` on synthetic truth: `python -m tools.fit_confidence [SEEDS]`.

A logistic model with a small penalty on large weights, and no negative weight: a hair that shows more must never be
less sure. Half of the seeds fit, the others say how well the probabilities hold.
"""

import sys
from dataclasses import replace

import cv2
import numpy as np
from scipy.optimize import minimize
from scipy.spatial import cKDTree

from analysis.confidence import features, model_for
from analysis.decoder.decode import choose_preset, decode
from analysis.detection import DetectionParameters
from analysis.geometry import resample
from analysis.preprocess import prepare_image
from analysis.ridges import ridge_evidence
from analysis.synthetic import phantom

CASES = (
    "dark", "dense", "brown", "glare", "dark_skin", "vellus", "vessels", "flakes_bubbles", "frame_text", "defocus",
    "tattoo", "whorl", "bare", "long_sparse", "long_curly",
)  # fmt: skip
UM_PER_PX = 5.525
SIZE_PX = (1000, 800)
NEAR_UM = 30.0
PENALTY = 0.02


def examples(case: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Features (N, 8) of what is decoded in one phantom, and whether each is a true hair, bool (N,)."""
    made = phantom(case, seed, size_px=SIZE_PX, um_per_px=UM_PER_PX)
    evidence = ridge_evidence(prepare_image(made.image, UM_PER_PX))
    shafts = decode(evidence, replace(DetectionParameters(), preset=choose_preset(evidence)))
    lines = [resample(h.centreline_px, 2.0) for h in made.truth.hairs]
    trees = [cKDTree(line) for line in lines]
    true = []
    for shaft in shafts:
        axis = resample(evidence.frame.to_image(shaft.axis), 2.0)
        on_one = max(((t.query(axis)[0] * UM_PER_PX < NEAR_UM).mean() for t in trees), default=0.0)
        true.append(on_one > 0.8)
    return features(evidence, shafts), np.array(true, dtype=bool)


def fit(measured: np.ndarray, true: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights (F,), none negative, and bias of the likeliest logistic model."""

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        logit = measured @ theta[:-1] + theta[-1]
        likely = 1 / (1 + np.exp(-logit))
        value = np.mean(np.logaddexp(0, logit) - true * logit) + PENALTY / 2 * theta[:-1] @ theta[:-1] / len(FEATURES)
        gradient = np.append(measured.T @ (likely - true) / len(true), np.mean(likely - true))
        gradient[:-1] += PENALTY * theta[:-1] / len(FEATURES)
        return value, gradient

    bounds = [(0.0, None)] * len(FEATURES) + [(None, None)]
    theta = minimize(loss, np.ones(len(FEATURES) + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    return theta[:-1], float(theta[-1])


def main(seeds: int) -> None:
    cv2.setNumThreads(1)
    sets = []
    for first in (0, 1):
        parts = [examples(case, 100 + seed) for case in CASES for seed in range(first, seeds, 2)]
        sets.append(tuple(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    (measured, true), (unseen, unseen_true) = sets
    weights, bias = fit(measured, true)
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f"{name:18s} {weight:.2f}")
    print(f"{'bias':18s} {bias:.2f}")
    print(f"fitted on {len(true)} shafts, {true.mean():.0%} true; on {len(unseen_true)} others:")
    likely = 1 / (1 + np.exp(-(unseen @ weights + bias)))
    for low in np.arange(0, 1, 0.2):
        inside = (likely >= low) & (likely < low + 0.2 + 1e-9)
        share = unseen_true[inside].mean() if inside.any() else float("nan")
        print(f"  said {low:.1f}–{low + 0.2:.1f}: {share:.2f} of {inside.sum()} true")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
