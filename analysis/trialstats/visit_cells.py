"""Values of subjects at visits, gathered by which visits were missed: all that a normal model needs to know."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.trialstats.checking import FloatArray


@dataclass(frozen=True, slots=True)
class VisitCells:
    """Subjects of the same design with the same visits; C such cells, T visits, p fixed effects.

    What was not seen is zero in every array.
    """

    seen: NDArray[np.bool_]
    """(C, T)"""
    design: FloatArray
    """(C, T, p)"""
    count: FloatArray
    """(C,) subjects"""
    mean: FloatArray
    """(C, T) of the subjects of the cell"""
    scatter: FloatArray
    """(C, T, T) sums of squares and products about that mean"""

    @property
    def n_subjects(self) -> int:
        """With any value."""
        return int(self.count.sum())

    @property
    def n_values(self) -> int:
        """At all visits."""
        return int((self.count[:, None] * self.seen).sum())


def gather(values: FloatArray, design: FloatArray, group: NDArray[np.int64]) -> VisitCells:
    """Gather subjects into cells.

    Args:
        values: (n, T), NaN where a visit was missed; a subject with no visit is left out.
        design: (groups, T, p) the fixed effects' part in the mean of each visit.
        group: (n,) which of them each subject follows.
    """
    seen = ~np.isnan(values)
    there = seen.any(axis=1)
    keys, cell_of = np.unique(np.column_stack([group, seen])[there], axis=0, return_inverse=True)
    seen_of, group_of = keys[:, 1:].astype(bool), keys[:, 0]
    known = np.where(seen, values, 0.0)[there]
    count = np.bincount(cell_of, minlength=len(keys)).astype(float)
    mean = np.zeros(seen_of.shape)
    np.add.at(mean, cell_of, known)
    mean /= count[:, None]
    residual = known - mean[cell_of]
    scatter = np.zeros((*seen_of.shape, values.shape[1]))
    np.add.at(scatter, cell_of, residual[:, :, None] * residual[:, None, :])
    return VisitCells(seen_of, design[group_of] * seen_of[:, :, None], count, mean, scatter)
