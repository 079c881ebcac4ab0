"""Join pieces of one long hair that a crossing or a gap has parted.

Two ends belong together where each points at the other: near, in line, and of like width. Each end is joined once at
most, the best pairs first.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.decoder.shaft import Shaft

MAX_TURN_RAD = 0.42
"""Sum of the two turns from the pieces' own directions to the bridge between them."""
MAX_WIDTH_RATIO = 1.7
OVERLAP = 36.0
"""Ends this near may also run past one another."""
AIM = 24.0
"""Pixels of a piece from its end that give its direction there."""

FloatArray = NDArray[np.float64]


def join(shafts: list[Shaft], reach: float) -> list[Shaft]:
    """Shafts with what belongs together joined.

    Args:
        shafts: pieces, either end first.
        reach: the longest bridge in pixels.
    """
    if len(shafts) < 2:
        return shafts
    ends = [(index, back, *_outward(shaft, back)) for index, shaft in enumerate(shafts) for back in (False, True)]
    places = np.array([place for _, _, place, _ in ends])
    from scipy.spatial import cKDTree

    pairs = [(_cost(ends[a], ends[b], shafts, reach), a, b) for a, b in cKDTree(places).query_pairs(reach)]
    partner: dict[int, int] = {}
    for cost, a, b in sorted(pairs):
        if np.isfinite(cost) and a not in partner and b not in partner:
            partner[a], partner[b] = b, a
    return _chains(shafts, partner)


def _outward(shaft: Shaft, back: bool) -> tuple[FloatArray, FloatArray]:
    """A shaft's end and the unit direction in which it points out there."""
    axis = shaft.axis[::-1] if back else shaft.axis
    inside = axis[np.argmax(np.hypot(*(axis - axis[0]).T) >= AIM)]
    inside = inside if not np.array_equal(inside, axis[0]) else axis[-1]
    out = axis[0] - inside
    return axis[0], out / max(float(np.hypot(*out)), 1e-9)


def _cost(
    first: tuple[int, bool, FloatArray, FloatArray],
    second: tuple[int, bool, FloatArray, FloatArray],
    shafts: list[Shaft],
    reach: float,
) -> float:
    """How ill two ends fit, infinite where they cannot belong together."""
    widths = sorted((shafts[first[0]].half_width, shafts[second[0]].half_width))
    if first[0] == second[0] or widths[1] > MAX_WIDTH_RATIO * widths[0]:
        return np.inf
    bridge = second[2] - first[2]
    length = float(np.hypot(*bridge))
    if length < OVERLAP:
        aside = abs(float(first[3][0] * bridge[1] - first[3][1] * bridge[0]))
        turn = float(np.arccos(np.clip(-first[3] @ second[3], -1, 1)))
        turn += max(0.0, aside - widths[1]) / OVERLAP
    else:
        bridge = bridge / length
        turn = float(np.arccos(np.clip(first[3] @ bridge, -1, 1)) + np.arccos(np.clip(-second[3] @ bridge, -1, 1)))
    return turn + 0.3 * length / reach + 0.2 * (widths[1] / widths[0] - 1) if turn <= MAX_TURN_RAD else np.inf


def _chains(shafts: list[Shaft], partner: dict[int, int]) -> list[Shaft]:
    """Follow the joints from each free end. End 2i is the first of shaft i, 2i + 1 its last."""
    seen: set[int] = set()
    joined: list[Shaft] = []
    free = [end for end in range(2 * len(shafts)) if end not in partner]
    for end in [*free, *range(2 * len(shafts))]:
        if end // 2 in seen:
            continue
        pieces: list[Shaft] = []
        at: int | None = end
        while at is not None and at // 2 not in seen:
            seen.add(at // 2)
            piece = shafts[at // 2]
            pieces.append(piece if at % 2 == 0 else piece.reversed())
            at = partner.get(at ^ 1)
        lengths = [p.length for p in pieces]
        half_width = float(np.average([p.half_width for p in pieces], weights=lengths))
        axis = pieces[0].axis
        for piece in pieces[1:]:
            axis = _bridged(axis, piece.axis)
        joined.append(Shaft(axis, half_width))
    return joined


def _bridged(line: FloatArray, piece: FloatArray) -> FloatArray:
    """One line after the other, without the vertices by which they run past one another."""
    ahead = piece[-1] - line[0]
    ahead = ahead / max(float(np.hypot(*ahead)), 1e-9)
    middle = float((line[-1] + piece[0]) @ ahead / 2)
    if line[-1] @ ahead <= piece[0] @ ahead:
        return np.concatenate([line, piece])
    before = line @ ahead < middle
    after = piece @ ahead > middle
    before[0] = after[-1] = True
    return np.concatenate([line[: np.flatnonzero(before)[-1] + 1], piece[np.flatnonzero(after)[0] :]])
