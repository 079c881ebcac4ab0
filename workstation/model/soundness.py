"""Which of many hairs are sound, told for all at once: `validity` then looks only into those that are not."""

import numpy as np

from analysis.detection import BoolArray, FloatArray, IntArray
from analysis.geometry import SAME_PX
from workstation.model.columns import HairTable

CAUTION = 1e-9
"""What is so near to a limit, as a share of it, is left to the rule itself: sums differ with the order of adding."""


def unsound(hairs: HairTable, size_px: FloatArray, slack_px: float, min_length_px: float) -> BoolArray:
    """Of each hair (N,) whether its line, widths or confidence may break a rule; never False where one does.

    Args:
        hairs: of one or many reads.
        size_px: (2,) or (N, 2) width and height of the image that each lies in.
        slack_px: how far a coordinate may lie beyond the image's edge.
        min_length_px: no line is shorter.
    """
    found = hairs.n_vertices < 2
    if found.any():
        lines = ~found
        own = np.broadcast_to(size_px, (len(hairs), 2))[lines]
        found[lines] = unsound(hairs.taken(np.flatnonzero(lines)), own, slack_px, min_length_px)
        return found
    if not len(hairs):
        return found
    with np.errstate(invalid="ignore", over="ignore"):  # of what is not finite, which is then unsound
        good = _inside(hairs, np.asarray(size_px, dtype=np.float64) + slack_px, slack_px)
        good &= _good_lines(hairs, min_length_px) & _good_widths(hairs)
        return ~good | ~((hairs.confidence >= 0) & (hairs.confidence <= 1))


def _inside(hairs: HairTable, farthest_px: FloatArray, slack_px: float) -> BoolArray:
    """Whether every point of each hair lies in its image."""
    first, within = hairs.first_vertex, np.ones(len(hairs), dtype=np.bool_)
    for axis, place_px in enumerate((hairs.x_px, hairs.y_px)):
        edge_px = place_px + 0.5
        within &= np.minimum.reduceat(edge_px, first) >= -slack_px  # False of what is not a number
        within &= np.maximum.reduceat(edge_px, first) <= farthest_px[..., axis]
    return within


def _good_lines(hairs: HairTable, min_length_px: float) -> BoolArray:
    first = hairs.first_vertex
    steps_px = np.hypot(np.diff(hairs.x_px, append=0.0), np.diff(hairs.y_px, append=0.0))
    last = first + hairs.n_vertices - 1  # from there a step leads to the next hair
    steps_px[last] = np.inf
    moves = np.minimum.reduceat(steps_px, first) > SAME_PX * (1 + CAUTION)
    steps_px[last] = 0.0
    good: BoolArray = moves & (np.add.reduceat(steps_px, first) >= min_length_px * (1 + CAUTION))
    return good


def _good_widths(hairs: HairTable) -> BoolArray:
    widths_px, width_px = hairs.vertex_width_px, hairs.width_px
    positive = np.isnan(widths_px) | ((widths_px > 0) & (widths_px < np.inf))
    median_px = _medians(widths_px, hairs.n_vertices)
    same = np.abs(width_px - median_px) <= CAUTION / 2 * median_px
    same = (same & (median_px < np.inf)) | (np.isnan(median_px) & np.isnan(width_px))
    good: BoolArray = np.where(hairs.width_is_set, (width_px > 0) & (width_px < np.inf), same)
    return np.logical_and.reduceat(positive, hairs.first_vertex) & good


def _medians(widths_px: FloatArray, n_vertices: IntArray) -> FloatArray:
    """The median of the known widths of each hair (N,); NaN where none is."""
    first, found = np.cumsum(n_vertices) - n_vertices, np.full(len(n_vertices), np.nan)
    for n in np.unique(n_vertices).tolist():  # hairs of as many points make a matrix
        rows = np.flatnonzero(n_vertices == n)
        ordered = np.sort(widths_px[first[rows, None] + np.arange(n)], axis=1)  # NaN last
        n_known = n - np.isnan(ordered).sum(axis=1)
        low, high = np.maximum(n_known - 1, 0) // 2, np.minimum(n_known // 2, n - 1)
        each = np.arange(len(rows))
        found[rows] = np.where(n_known > 0, (ordered[each, low] + ordered[each, high]) / 2, np.nan)
    return found
