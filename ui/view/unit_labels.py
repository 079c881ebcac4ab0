"""Where the units' numbers stand, so that none hides another: fewer of them where there is no room."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.detection import FloatArray
from ui.view.unit_shapes import UnitShape
from ui.view.viewport import Viewport

DIRECTIONS = 8
CLEAR_SHARE = 0.75
"""From an outline to the middle of its number, of the number's height."""
DIGIT_SHARE = 0.62
"""How wide a digit is, of the number's height."""
GAP_SHARE = 0.3
"""Between two numbers, of their height."""


@dataclass(frozen=True, slots=True)
class Label:
    """The number of one unit's hairs and where its middle stands, in view pixels from the image's origin."""

    text: str
    x: float
    y: float


def place_labels(
    units: Iterable[UnitShape],
    viewport: Viewport,
    margin: float,
    height: float,
    *,
    tries: int = DIRECTIONS,
    kept: Mapping[int, Label] | None = None,
    texts: Mapping[int, str] | None = None,
) -> dict[int, Label]:
    """Place the numbers of the counted units beside their outlines, best where no shaft lies.

    The places depend on scale and turn alone, so that numbers stand still while the image is panned.

    Args:
        units: the units; the first ones get their places first.
        viewport: how the image lies.
        margin: from a unit's roots to its outline, in view pixels.
        height: of the letters, in view pixels.
        tries: how many directions are tried before a number is left out.
        kept: numbers of other units that stay where they are.
        texts: what stands beside each unit, by its id; how many hairs it has if None.

    Returns:
        The labels by unit id, those that were kept included.
    """
    counted = [unit for unit in units if (unit.counted if texts is None else texts.get(unit.id))]
    labels = dict(kept or {})
    if not counted:
        return labels
    away = np.arctan2(*np.array([unit.away for unit in counted]).T[::-1])
    # straight away from the shafts first, then ever farther round on either side
    turns = [(-1) ** k * ((k + 1) // 2) * 2 * np.pi / DIRECTIONS for k in range(tries)]
    angles = away[:, None] + np.array(turns)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=2)
    widest = 1 if texts is None else max(map(len, texts.values()))
    width = max(height, DIGIT_SHARE * widest * height)
    beside = CLEAR_SHARE * height + np.abs(directions[..., 0]) * (width - height) / 2
    reach = _reach(counted, directions) + (margin + beside) / viewport.scale
    centres = np.array([unit.centre_px for unit in counted])
    places = viewport.step_to_view(centres[:, None] + reach[:, :, None] * directions)
    grid = _Occupied(width + GAP_SHARE * height, height * (1 + GAP_SHARE))
    for label in labels.values():
        grid.put(label.x, label.y)
    for unit, tried in zip(counted, places.tolist(), strict=True):
        for x, y in tried:
            if grid.takes(x, y):
                labels[unit.id] = Label(str(unit.n_hairs) if texts is None else texts[unit.id], x, y)
                break
    return labels


def _reach(units: list[UnitShape], directions: FloatArray) -> FloatArray:
    """How far each unit's roots reach from its centre in directions (N, K, 2), as (N, K) in image pixels."""
    sizes = [len(unit.roots_px) for unit in units]
    offsets = np.concatenate([unit.roots_px - unit.centre_px for unit in units])
    along = np.einsum("ij,ikj->ik", offsets, np.repeat(directions, sizes, axis=0))
    farthest: FloatArray = np.maximum.reduceat(along, np.cumsum([0, *sizes[:-1]]))
    return farthest


class _Occupied:
    """Which places are taken, each so wide and high; cells of that size are looked at with their neighbours."""

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height = width, height
        self._taken: dict[tuple[int, int], tuple[float, float]] = {}

    def takes(self, x: float, y: float) -> bool:
        """Take a place if it is free."""
        column, row = self._cell(x, y)
        for i in (column - 1, column, column + 1):
            for j in (row - 1, row, row + 1):
                other = self._taken.get((i, j))
                if other and abs(other[0] - x) < self._width and abs(other[1] - y) < self._height:
                    return False
        self._taken[column, row] = (x, y)
        return True

    def put(self, x: float, y: float) -> None:
        """Take a place that is known to be free."""
        self._taken[self._cell(x, y)] = (x, y)

    def _cell(self, x: float, y: float) -> tuple[int, int]:
        return int(x // self._width), int(y // self._height)
