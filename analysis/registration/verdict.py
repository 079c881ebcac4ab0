"""Whether a registration can be relied on: what speaks for it, and what speaks against it."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from analysis.detection import FloatArray, IntArray
from analysis.registration.aim import MAX_SCALE, MIN_SCALE, turn_and_scale
from analysis.registration.likelihood import Likeness, Pairing
from analysis.registration.result import Verdict
from analysis.registration.skin import N_PLACED, NO_MARKS, Marks, Placement

SHARED_MM = 0.15
"""Units that lie nearer than this are the same: half of what units keep from one another."""
LOG_FACTOR_CHECK, LOG_FACTOR_GOOD = 0.0, math.log(100)
"""Least Bayes factors of one skin against two."""
MAX_RESIDUAL_UM = 60.0
MAX_UNCERTAIN_UM = 60.0
LEAST_SHARE = 0.5
"""Of the common field's units that are found again, at the visit that has fewer there."""
LEAST_SAID = 5.0
"""By each half of the common field: natural logarithm of its ratio of likelihoods."""
MAX_STRETCH = 1.35
LATTICE = 24
"""Places along the longer side of the field where the transform is looked at."""
NUDGE_MM = 0.01


@dataclass(frozen=True)
class Findings:
    """What is known of a placement."""

    log_factor: float
    """Natural logarithm of the Bayes factor of one skin against two."""
    n_shared: int
    """Units found at both visits."""
    n_common: int
    """Units in the common field, at the visit that has fewer there."""
    residual_um: float
    """Root mean square distance between units found at both visits; NaN without any."""
    uncertain_um: float
    """Root mean square of how far off the transform may be in the common field; NaN where there is none."""
    weakest: float
    """Natural logarithm of the ratio of likelihoods of that half of the common field which says least."""
    stretch: float
    """The most that skin is stretched or shortened along one direction; infinite where it folds."""
    scale: float
    """Of the follow-up next to what the calibrations say."""


def findings(pairing: Pairing, placement: Placement, log_factor: float, marks: Marks = NO_MARKS) -> Findings:
    """What is known of a placement, and of the pairs that a reader placed."""
    numbers = placement.numbers
    places = pairing.baseline.at_mm
    bent = len(numbers) > N_PLACED
    design = pairing.skin.design(places, bent)
    placed = np.einsum("cnp,p->nc", design, numbers)
    seen = pairing.followup.in_view(placed)
    back = pairing.back(placement)
    shown = pairing.baseline.in_view(back)
    base, there = _shared(placed, pairing)
    off_mm = np.hypot(*(placed[base] - pairing.followup.at_mm[there]).T)
    known = placement.precision + marks.pulls(pairing.skin, bent).normal
    common = _common_lattice(pairing, numbers)
    variance = np.einsum("cnp,pq,cnq->n", common, np.linalg.inv(known), common, optimize=True)
    return Findings(
        log_factor=log_factor,
        n_shared=len(base),
        n_common=int(min(seen.sum(), shown.sum())),
        residual_um=1000 * math.sqrt(np.mean(off_mm**2)) if len(base) else math.nan,
        uncertain_um=1000 * math.sqrt(np.mean(variance)) if len(variance) else math.nan,
        weakest=_weakest(pairing.likeness(placement, design), places, back),
        stretch=_stretch(pairing, numbers, places[seen]),
        scale=turn_and_scale(placement.linear)[1],
    )


def judged(found: Findings) -> tuple[Verdict, str]:
    """The verdict, and why, in one plain sentence."""
    if not found.log_factor >= LOG_FACTOR_CHECK or not found.n_shared:
        return Verdict.FAILED, "No placement brings more units of the two images together than chance does."
    again = f"{found.n_shared} of {found.n_common} units in the common field were found again"
    if found.log_factor < LOG_FACTOR_GOOD:
        return Verdict.CHECK, f"Only {again}: that may be chance."
    likely_scale = MIN_SCALE <= found.scale <= MAX_SCALE
    # a number that could not be told is a doubt: so each asks whether all is well
    doubts = (
        (found.n_shared >= LEAST_SHARE * found.n_common, f"Only {again}."),
        (found.weakest >= LEAST_SAID, f"{again}, but too few in one half of it."),
        (likely_scale, f"{again}, but at {found.scale:.2f} times the scale that was stated."),
        (found.stretch <= MAX_STRETCH, "The skin would be stretched more than skin stretches."),
        (found.residual_um <= MAX_RESIDUAL_UM, f"{again}, but {found.residual_um:.0f} µm apart."),
        (found.uncertain_um <= MAX_UNCERTAIN_UM, f"{again}, too few to place the rest within {MAX_UNCERTAIN_UM:g} µm."),
    )
    for well, doubt in doubts:
        if not well:
            return Verdict.CHECK, doubt
    return Verdict.GOOD, f"{again}, {found.residual_um:.0f} µm apart."


def _shared(placed_mm: FloatArray, pairing: Pairing) -> tuple[IntArray, IntArray]:
    """Units that are near and each other's nearest: (S,) index in the baseline, (S,) in the follow-up."""
    apart, there = pairing.followup.tree.query(placed_mm, distance_upper_bound=SHARED_MM)
    base = np.flatnonzero(np.isfinite(apart))
    back = cKDTree(placed_mm).query(pairing.followup.at_mm[there[base]])[1]
    mutual = base[back == base]
    return mutual, there[mutual]


def _weakest(likeness: Likeness, here_mm: FloatArray, back_mm: FloatArray) -> float:
    """Of left, right, upper and lower half of the common field: what the one that says least says."""
    places, says = np.vstack([here_mm, back_mm]), np.concatenate([likeness.of_base, likeness.of_there])
    common = says != 0
    if not common.any():
        return -math.inf
    lower = places[common] > (places[common].min(0) + places[common].max(0)) / 2
    return float(min((says[common] @ half).min() for half in (lower, ~lower)))


def _common_lattice(pairing: Pairing, numbers: FloatArray) -> FloatArray:
    """(2, N, P) the design of places all over the common field."""
    here = pairing.baseline
    step_mm = float((here.high_mm - here.low_mm).max()) / LATTICE
    places = np.stack(np.meshgrid(*map(np.arange, here.low_mm, here.high_mm, (step_mm, step_mm))), -1).reshape(-1, 2)
    design = pairing.skin.design(places[here.in_view(places)], len(numbers) > N_PLACED)
    return design[:, pairing.followup.in_view(np.einsum("cnp,p->nc", design, numbers))]


def _stretch(pairing: Pairing, numbers: FloatArray, places_mm: FloatArray) -> float:
    if not len(places_mm):
        return math.inf
    bent = len(numbers) > N_PLACED
    middle, right, down = (
        np.einsum("cnp,p->nc", pairing.skin.design(places_mm + nudge, bent), numbers)
        for nudge in NUDGE_MM * np.array([[0, 0], [1, 0], [0, 1]])
    )
    slopes = np.stack([right - middle, down - middle], axis=2) / NUDGE_MM
    if np.linalg.det(slopes).min() <= 0:
        return math.inf
    along = np.linalg.svd(slopes, compute_uv=False) / math.hypot(*numbers[:2])
    return float(max(along.max(), 1 / along.min()))
