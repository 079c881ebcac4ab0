"""The heaviest set of pairs in which nothing has two partners, found exactly and part by part.

What is not linked by a chain of possible pairs does not touch: the assignment falls into parts, each solved alone
(Crouse, IEEE TAES 52, 2016, as SciPy has it), so that a change in one leaves all others as they are.
"""

import numpy as np

from analysis.detection import BoolArray, IntArray
from analysis.matching.edges import Edges


def parts_of(edges: Edges) -> IntArray:
    """(E,) number of the part that each edge belongs to, from 0."""
    if not len(edges):
        return np.empty(0, dtype=np.int64)
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows, row = np.unique(edges.row, return_inverse=True)
    columns, column = np.unique(edges.column, return_inverse=True)
    size = len(rows) + len(columns)
    links = coo_array((np.ones(len(edges), bool), (row, len(rows) + column)), shape=(size, size))
    label = connected_components(links, directed=False)[1][row]
    numbered: IntArray = np.unique(label, return_inverse=True)[1].astype(np.int64)
    return numbered


def assign(edges: Edges) -> BoolArray:
    """(E,) which edges make the heaviest set in which every row and every column is used at most once.

    Weights are above 0. Where two sets weigh the same, the order of rows and columns decides.
    """
    chosen = np.zeros(len(edges), dtype=bool)
    part = parts_of(edges)
    order = np.argsort(part, kind="stable")
    for own in np.split(order, np.flatnonzero(np.diff(part[order])) + 1):
        chosen[own if len(own) == 1 else own[_solve(edges.where(own))]] = True
    return chosen


def heaviest(edges: Edges) -> float:
    """Weight of that set."""
    return float(edges.weight[assign(edges)].sum())


def _solve(edges: Edges) -> BoolArray:
    from scipy.optimize import linear_sum_assignment

    rows, row = np.unique(edges.row, return_inverse=True)
    columns, column = np.unique(edges.column, return_inverse=True)
    if min(len(rows), len(columns)) == 1:
        best = np.zeros(len(edges), dtype=bool)
        best[np.argmax(edges.weight)] = True
        return best
    weight = np.zeros((len(rows), len(columns)))
    weight[row, column] = edges.weight
    partner = np.full(len(rows), -1)
    taken, given = linear_sum_assignment(weight, maximize=True)
    partner[taken] = given
    solved: BoolArray = partner[row] == column
    return solved
