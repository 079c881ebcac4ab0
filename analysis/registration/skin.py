"""How skin lies to skin: the transforms that are plausible between two visits, and the likeliest one through pairs.

A place of the baseline goes to the follow-up by a similarity (any shift, and any turn and scale within limits), a small
strain and a smooth bending. The strain's and the bending's sizes are normally distributed about nothing: what a probe
pressed on skin does. The bending is a thin-plate spline (Bookstein, IEEE PAMI 1989) over a coarse lattice of knots,
with a penalty on its energy (Wood, J R Statist Soc B 2003). All lengths here are millimetres on the skin.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.detection import FloatArray, IntArray
from analysis.registration.warp import Warp, kernel

STRAIN = 0.04
"""Standard deviation of either strain: stretched along one axis and shortened along the other, or sheared."""
BEND_MM = 0.061
"""Standard deviation of how far a quadratic term moves the skin at the field's edge."""
FADING = 2.7
"""Energy of such a bending over all the plane, where it fades outside the field, next to that within."""
KNOTS_ALONG = 5
"""Knots along the field's longer side."""
MARK_MM = 0.01
"""Standard deviation of a reader's mark along an axis: less than of a click, as it goes before the units."""
DAMPING = 0.1
"""Precision with which a step of the fit holds on to the similarity before it."""
N_PLACED = 6
"""Numbers before the bending: similarity (a, b, tx, ty), then the two strains."""


@dataclass(frozen=True, eq=False)
class Placement:
    """One transform of a `Skin`, and how surely it is known."""

    numbers: FloatArray
    """(6,) or (6 + 2B,): similarity, strains, bending of x, bending of y."""
    precision: FloatArray
    """Square, of the numbers: the inverse of their covariance by the pairs and the prior."""

    @staticmethod
    def at(numbers: FloatArray) -> "Placement":
        """A placement of which nothing is known yet."""
        return Placement(numbers, np.zeros((len(numbers), len(numbers))))

    @property
    def linear(self) -> FloatArray:
        """(2, 2) of the affine part."""
        a, b, _, _, p, q = self.numbers[:N_PLACED]
        return np.array([[a + p, q - b], [b + q, a - p]])


@dataclass(frozen=True, eq=False)
class Skin:
    """The plausible transforms of a field."""

    low_mm: FloatArray
    """(2,) upper left corner of the baseline's field."""
    high_mm: FloatArray
    """(2,) lower right corner."""

    @cached_property
    def knots_mm(self) -> FloatArray:
        """(K, 2) a lattice over the field."""
        size = np.maximum(self.high_mm - self.low_mm, 1e-3)
        n = np.clip(np.round(KNOTS_ALONG * size / size.max()), 3, KNOTS_ALONG).astype(int)
        axes = [np.linspace(low, high, k) for low, high, k in zip(self.low_mm, self.high_mm, n, strict=True)]
        return np.stack(np.meshgrid(*axes), -1).reshape(-1, 2)

    @cached_property
    def _bends(self) -> FloatArray:
        """(K, B) strengths of the kernels for each kind of bending, of standard deviation 1.

        Kernels whose strengths add up to no affine part have the energy 8π wᵀKw. Each kind has the energy of one
        quadratic term of the usual size, so that such a term is as likely as its size says.
        """
        apart = self.knots_mm[:, None] - self.knots_mm[None]
        plane = np.column_stack([np.ones(len(self.knots_mm)), self.knots_mm])
        free = np.linalg.qr(plane, mode="complete")[0][:, 3:]
        energy = 8 * math.pi * free.T @ kernel(np.einsum("abd,abd->ab", apart, apart)) @ free
        values, vectors = np.linalg.eigh(energy)
        size = np.maximum(self.high_mm - self.low_mm, 1e-3)
        quadratic = FADING * (2 * BEND_MM / (size.max() / 2) ** 2) ** 2 * float(np.prod(size))
        strengths: FloatArray = free @ vectors * np.sqrt(quadratic / values)
        return strengths

    def design(self, points_mm: FloatArray, bent: bool) -> FloatArray:
        """(2, N, P) by how much each number moves x and y of each of (N, 2) points."""
        x, y = points_mm.T
        one, none = np.ones_like(x), np.zeros_like(x)
        placed = np.array([[x, -y, one, none, x, y], [y, x, none, one, -y, x]]).transpose(0, 2, 1)
        if not bent:
            return placed
        apart = points_mm[:, None] - self.knots_mm[None]
        basis = kernel(np.einsum("nkd,nkd->nk", apart, apart)) @ self._bends
        nothing = np.zeros_like(basis)
        rows = np.stack([np.hstack([basis, nothing]), np.hstack([nothing, basis])])
        return np.concatenate([placed, rows], axis=2)

    def prior_precision(self, n: int) -> FloatArray:
        """(n,) of each number; 0 for those of the similarity, which are free within their limits."""
        precision = np.ones(n)
        precision[:4] = 0
        precision[4:N_PLACED] = STRAIN**-2
        return precision

    def warp(self, placement: Placement, baseline_um_per_px: float, followup_um_per_px: float) -> Warp:
        """The transform between the images' pixels."""
        px_per_mm = 1000 / followup_um_per_px
        shift = placement.numbers[2:4] * px_per_mm
        affine = np.column_stack([placement.linear * (baseline_um_per_px / followup_um_per_px), shift])
        if len(placement.numbers) == N_PLACED:
            return Warp(affine)
        bends = self._bends @ placement.numbers[N_PLACED:].reshape(2, -1).T
        unit_px = 1000 / baseline_um_per_px
        return Warp(affine, self.knots_mm * unit_px, bends * px_per_mm, unit_px)


@dataclass(frozen=True, eq=False)
class Pulls:
    """Places that are drawn to places of the other image."""

    design: FloatArray
    """(2, N, P) of the baseline's places."""
    weight: FloatArray
    """(N,) how strongly each is drawn, as the sum of 1/variance along an axis, in 1/mm²."""
    target_mm: FloatArray
    """(N, 2) where to, each times its weight."""

    @staticmethod
    def of(design: FloatArray, base: IntArray, targets_mm: FloatArray, precision: FloatArray) -> "Pulls":
        """Of M pairs: the index of each pair's place in the baseline, (M, 2) its target, (M,) its 1/variance."""
        n = design.shape[1]
        weight, x, y = (np.bincount(base, precision * by, n).astype(np.float64) for by in (1.0, *targets_mm.T))
        return Pulls(design, weight, np.column_stack([x, y]))

    @property
    def normal(self) -> FloatArray:
        """(P, P) of the normal equations."""
        weighted = self.design * self.weight[:, None]
        product: FloatArray = np.tensordot(weighted, self.design, ((0, 1), (0, 1)))
        return product

    @property
    def right(self) -> FloatArray:
        """(P,) their right side."""
        side: FloatArray = np.einsum("cnp,nc->p", self.design, self.target_mm)
        return side


@dataclass(frozen=True, eq=False)
class Marks:
    """Places that a reader says are the same: L pairs."""

    baseline_mm: FloatArray
    """(L, 2)"""
    followup_mm: FloatArray
    """(L, 2)"""

    def __len__(self) -> int:
        return len(self.baseline_mm)

    def pulls(self, skin: Skin, bent: bool) -> Pulls:
        """What they hold a placement by."""
        n = len(self)
        design = skin.design(self.baseline_mm, bent)
        return Pulls.of(design, np.arange(n), self.followup_mm, np.full(n, MARK_MM**-2))


NO_MARKS = Marks(np.empty((0, 2)), np.empty((0, 2)))


def fit(skin: Skin, pulls: Pulls, near: FloatArray, held: Pulls) -> Placement:
    """The likeliest transform.

    Args:
        skin: what is plausible.
        pulls: the pairs of units.
        near: (P,) the numbers so far: what no pair tells stays as it is.
        held: the reader's pairs; how surely the placement is known by the units does not count them.
    """
    prior = skin.prior_precision(len(near))
    damping = DAMPING * (prior == 0)
    precision = pulls.normal + np.diag(prior + damping)
    right = pulls.right + held.right + damping * near
    return Placement(np.linalg.solve(precision + held.normal, right), precision)
