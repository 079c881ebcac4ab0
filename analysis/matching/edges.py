"""Pairs that may be the same, with how much speaks for each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.detection import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """E pairs that may be the same: rows of the baseline, columns of the follow-up."""

    row: IntArray
    column: IntArray
    weight: FloatArray
    """(E,) logarithm of the odds, above 0."""

    def __len__(self) -> int:
        return len(self.row)

    def where(self, chosen: BoolArray | IntArray) -> "Edges":
        """Some of them, by a mask or by indices."""
        return Edges(self.row[chosen], self.column[chosen], self.weight[chosen])


def joined(parts: Sequence[Edges]) -> Edges:
    """All pairs of several sets, one after the other."""
    return Edges(
        np.concatenate([part.row for part in parts]),
        np.concatenate([part.column for part in parts]),
        np.concatenate([part.weight for part in parts]),
    )
