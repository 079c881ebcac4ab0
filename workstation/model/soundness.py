"""Which of many hairs are sound, told for all at once: `validity` then looks only into those that are not."""

from collections.abc import Sequence

import numpy as np

from analysis.detection import BoolArray, FloatArray, IntArray
from analysis.geometry import SAME_PX
from workstation.model.hair import Hair

CAUTION = 1e-9
"""What is so near to a limit, as a share of it, is left to the rule itself: sums differ with the order of adding."""


def unsound(hairs: Sequence[Hair], size_px: tuple[int, int], slack_px: float, min_length_px: float) -> BoolArray:
    """Of each hair (N,) whether its line, widths or confidence may break a rule; never False where one does.

    Args:
        hairs: of one read.
        size_px: width and height of its image.
        slack_px: how far a coordinate may lie beyond the image's edge.
        min_length_px: no line is shorter.
    """
    shapes = [_has_shape(hair.vertices_px, hair.vertex_width_px) for hair in hairs]
    shaped = np.array(shapes, dtype=np.bool_)
    found = ~shaped
    listed = [hair for hair, good in zip(hairs, shapes, strict=True) if good]
    if listed:
        n_vertices = np.array([len(hair.vertices_px) for hair in listed])
        points_px = np.concatenate([hair.vertices_px for hair in listed])
        widths_px = np.concatenate([hair.vertex_width_px for hair in listed])
        with np.errstate(invalid="ignore", over="ignore"):  # of what is not finite, which is then unsound
            edge_px = points_px + 0.5
            within = (edge_px >= -slack_px) & (edge_px <= np.array(size_px) + slack_px)
            good = _good_lines(points_px, within[:, 0] & within[:, 1], n_vertices, min_length_px)
            good &= _good_widths(widths_px, n_vertices, listed)
        found[shaped] = ~good | np.array([not 0 <= hair.confidence <= 1 for hair in listed])
    return found


def _has_shape(vertices_px: FloatArray, widths_px: FloatArray) -> bool:
    n = len(vertices_px)
    return n > 1 and vertices_px.shape == (n, 2) and widths_px.shape == (n,)


def _good_lines(points_px: FloatArray, inside: BoolArray, n_vertices: IntArray, min_length_px: float) -> BoolArray:
    first = _firsts(n_vertices)
    steps_px = np.hypot(*np.diff(points_px, axis=0, append=0.0).T)
    moves = steps_px > SAME_PX * (1 + CAUTION)
    last = first + n_vertices - 1  # from there a step leads to the next hair
    moves[last], steps_px[last] = True, 0.0
    long_enough = np.add.reduceat(steps_px, first) >= min_length_px * (1 + CAUTION)
    return np.logical_and.reduceat(inside & moves, first) & long_enough


def _good_widths(widths_px: FloatArray, n_vertices: IntArray, hairs: Sequence[Hair]) -> BoolArray:
    positive = np.isnan(widths_px) | ((widths_px > 0) & (widths_px < np.inf))
    width_px = np.array([hair.width_px for hair in hairs])
    is_set = np.array([hair.width_is_set for hair in hairs])
    median_px = _medians(widths_px, n_vertices)
    same = (np.isnan(median_px) & np.isnan(width_px)) | (np.abs(width_px - median_px) <= CAUTION / 2 * median_px)
    good = np.where(is_set, (width_px > 0) & (width_px < np.inf), same)
    return np.logical_and.reduceat(positive, _firsts(n_vertices)) & good


def _medians(widths_px: FloatArray, n_vertices: IntArray) -> FloatArray:
    """The median of the known widths of each hair (N,); NaN where none is."""
    first = _firsts(n_vertices)
    hair = np.repeat(np.arange(len(n_vertices)), n_vertices)
    ordered = widths_px[np.lexsort((widths_px, hair))]  # NaN last
    n_known = np.add.reduceat((~np.isnan(widths_px)).astype(np.int64), first)
    low, high = first + np.maximum(n_known - 1, 0) // 2, first + n_known // 2
    middle = (ordered[low] + ordered[np.minimum(high, len(ordered) - 1)]) / 2
    return np.where(n_known > 0, middle, np.nan)


def _firsts(n_vertices: IntArray) -> IntArray:
    return np.cumsum(n_vertices) - n_vertices
