"""How much better two visits' units are explained by one skin than by two: a ratio of likelihoods, and its maximum.

Where both fields show the skin, a unit of either visit is one of the other's with probability `KEPT`, found a little
off its place; else it lies anywhere. That is the mixture of Coherent Point Drift (Myronenko & Song, IEEE TPAMI 2010),
here in both directions and as a ratio to units that all lie anywhere. It is maximised by expectation and maximisation
while the allowed distance shrinks. Integrated over all plausible transforms (Laplace's method) it is a Bayes factor:
for images of different skin it comes above B with probability 1/B at most (Markov's inequality), whatever the number
of transforms that were tried.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from analysis.detection import FloatArray, IntArray
from analysis.registration.aim import Aim, possible, within_limits
from analysis.registration.places import Places
from analysis.registration.skin import (
    N_PLACED,
    NO_MARKS,
    Marks,
    Placement,
    Pulls,
    Skin,
    fit,
)

KEPT = 0.65
"""Share of one visit's units that the other visit shows too, where units come, go and are missed."""
OFF_MM = (0.022, 0.055)
"""Standard deviations of a unit's place along an axis: well found, and with a hair more or less."""
WELL_FOUND = 0.75
"""Share of the former among units with as many hairs at both visits, and of the latter among the others."""
SAME_COUNT = 0.6
"""Share of the kept units whose number of hairs is found the same, beyond chance."""
REACH = 3.5
"""Standard deviations beyond which units are no pair."""
DENSE = 10_000
"""Up to so many distances are all computed."""


@dataclass(frozen=True, eq=False)
class Likeness:
    """How two visits' units pair up under a placement."""

    base: IntArray
    """(P,) index of each possible pair's unit in the baseline."""
    there: IntArray
    """(P,) in the follow-up."""
    precision: FloatArray
    """(P,) how strongly the pair holds, in 1/mm²."""
    of_base: FloatArray
    """(N,) what each unit of the baseline adds to the logarithm of the ratio; 0 outside the common field."""
    of_there: FloatArray
    """(M,) the same of the follow-up's."""

    @property
    def log_ratio(self) -> float:
        """Natural logarithm of the ratio of likelihoods."""
        return float(self.of_base.sum() + self.of_there.sum())


@dataclass(frozen=True, eq=False)
class Pairing:
    """The units of two visits, and how camera and skin may lie."""

    baseline: Places
    followup: Places
    skin: Skin
    aim: Aim

    def likeness(self, placement: Placement, design: FloatArray, loose: float = 1.0) -> Likeness:
        """How the units pair up under a placement.

        Args:
            placement: where the baseline lies in the follow-up.
            design: of the baseline's units.
            loose: by how much further off than `OFF_MM` units may lie.
        """
        placed = np.einsum("cnp,p->nc", design, placement.numbers)
        off = np.multiply(OFF_MM, loose)[:, None]
        base, there, squared = self._near(placed, REACH * float(off.max()))
        seen, shown = self.followup.in_view(placed), self.baseline.in_view(self.back(placement))
        both = seen[base] & shown[there]
        base, there, squared = base[both], there[both], squared[both]
        parts = self._counts(base, there) * np.exp(-squared / (2 * off**2)) / (2 * math.pi * off**2)
        dense = KEPT * parts.sum(0)
        per_base, per_there = dense / self.followup.per_mm2, dense / self.baseline.per_mm2
        by_base = 1 - KEPT + np.bincount(base, per_base, len(self.baseline))
        by_there = 1 - KEPT + np.bincount(there, per_there, len(self.followup))
        share = 0.5 * (per_base / by_base[base] + per_there / by_there[there])
        tightness = (parts / off**2).sum(0) / parts.sum(0)
        return Likeness(base, there, share * tightness, seen * np.log(by_base) / 2, shown * np.log(by_there) / 2)

    def log_factor(self, placement: Placement, likeness: Likeness) -> float:
        """Natural logarithm of the Bayes factor, about the likeliest placement."""
        prior = self.skin.prior_precision(len(placement.numbers))
        penalty = 0.5 * float(prior @ np.square(placement.numbers))
        sharpness = 0.5 * float(np.linalg.slogdet(placement.precision)[1] - np.log(prior[4:]).sum())
        aimed = self.aim.log_density(placement.linear, placement.numbers[2:4])
        return likeness.log_ratio + aimed - penalty - sharpness + 2 * math.log(2 * math.pi)

    def back(self, placement: Placement) -> FloatArray:
        """(M, 2) where the follow-up's units lie in the baseline, to a few µm."""
        inverse = np.linalg.inv(placement.linear).T
        here: FloatArray = (self.followup.at_mm - placement.numbers[2:4]) @ inverse
        if len(placement.numbers) > N_PLACED:
            for _ in range(3):
                off = np.einsum("cnp,p->nc", self.skin.design(here, True), placement.numbers) - self.followup.at_mm
                here = here - off @ inverse
        return here

    def _near(self, placed: FloatArray, reach_mm: float) -> tuple[IntArray, IntArray, FloatArray]:
        """Pairs within reach: (P,) index in the baseline, (P,) in the follow-up, (P,) squared distance."""
        if len(placed) * len(self.followup) <= DENSE:
            apart = placed[:, None] - self.followup.at_mm[None]
            squared = np.einsum("nmd,nmd->nm", apart, apart)
            base, there = np.nonzero(squared < reach_mm**2)
            return base, there, squared[base, there]
        near = cKDTree(placed).sparse_distance_matrix(self.followup.tree, reach_mm, output_type="ndarray")
        return near["i"], near["j"], np.square(near["v"])

    def _counts(self, base: IntArray, there: IntArray) -> FloatArray:
        """(2, M) likelihoods of both numbers of hairs and of each spread, for one unit as a ratio to any two."""
        one, other = self.baseline.n_hairs[base], self.followup.n_hairs[there]
        shares = np.sqrt(self.baseline.hair_shares * self.followup.hair_shares)
        alike = one == other
        ratio = 1 - SAME_COUNT + SAME_COUNT * alike / shares[one]
        well = np.where(alike, WELL_FOUND, 1 - WELL_FOUND)
        return np.stack([ratio * well, ratio * (1 - well)])


@dataclass(frozen=True, eq=False)
class Settled:
    """The likeliest placement near a first one."""

    placement: Placement
    likeness: Likeness
    log_factor: float
    """Natural logarithm of the Bayes factor."""


def settle(
    pairing: Pairing,
    start: FloatArray,
    bent: bool,
    schedule: Sequence[float],
    marks: Marks = NO_MARKS,
    limited: bool = True,
) -> Settled | None:
    """The likeliest placement near a first one, or None where that leaves the limits.

    Args:
        pairing: the units.
        start: (6,) or more numbers of a placement.
        bent: whether the skin may bend.
        schedule: for each step by how much units may lie off.
        marks: pairs that a reader placed.
        limited: whether turn and scale keep to their limits.
    """
    design = pairing.skin.design(pairing.baseline.at_mm, bent)
    held = marks.pulls(pairing.skin, bent)
    numbers = np.zeros(design.shape[2])
    numbers[: min(len(start), len(numbers))] = start[: len(numbers)]
    placement = Placement.at(numbers)
    for loose in schedule:
        likeness = pairing.likeness(placement, design, loose)
        targets = pairing.followup.at_mm[likeness.there]
        pulls = Pulls.of(design, likeness.base, targets, likeness.precision)
        placement = fit(pairing.skin, pulls, placement.numbers, held)
        if not (within_limits(placement.linear) if limited else possible(placement.linear)):
            return None
    likeness = pairing.likeness(placement, design, schedule[-1])
    return Settled(placement, likeness, pairing.log_factor(placement, likeness))
