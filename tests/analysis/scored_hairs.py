"""How right found hairs are, told without what detection itself uses: pairs of lines that lie on one another."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

STEP_UM = 10.0
BESIDE_UM, END_UM, TIP_SHARE = 35.0, 150.0, 0.2
"""How far aside a line may lie; how far off its ends may be, the tip also this share of the length."""
COVERED = 0.85
LEAST_UM = 200.0
"""Of a hair less is in sight: it is not asked for, and whoever finds it is not blamed."""


@dataclass(frozen=True)
class Line:
    """A hair as points every `STEP_UM`, root first, in µm."""

    points: np.ndarray
    width_um: float


@dataclass(frozen=True)
class Score:
    """Of one image, or of several together."""

    n_true: int
    n_found: int
    n_right: int
    width_errors_um: np.ndarray
    """Of the hairs that are right."""
    shifts_um: np.ndarray
    """(n_right, 2) how far the middle between their ends is off."""

    @property
    def f1(self) -> float:
        return 2 * self.n_right / max(1, self.n_true + self.n_found)

    @property
    def width_error_um(self) -> float:
        return float(np.abs(self.width_errors_um).mean())

    @property
    def shift_um(self) -> float:
        """How far all hairs together are off."""
        return float(np.hypot(*np.median(self.shifts_um, axis=0)))


def evenly(points_um: np.ndarray) -> np.ndarray:
    """The same line, a point every `STEP_UM`."""
    along = np.concatenate([[0.0], np.hypot(*np.diff(points_um, axis=0).T).cumsum()])
    at = np.arange(0, along[-1] + STEP_UM / 2, STEP_UM)
    return np.column_stack([np.interp(at, along, axis) for axis in points_um.T])


def true_lines(truth) -> tuple[list[Line], np.ndarray]:
    """The hairs that are asked for, as far as they are in sight, and points (N, 2) of those that are not."""
    asked, others = [], [np.zeros((0, 2))]
    far = (np.array(truth.size_px) - 0.5) * truth.um_per_px
    for hair in truth.hairs:
        points = evenly(hair.centreline_px * truth.um_per_px)
        inside = ((points >= 0) & (points <= far)).all(axis=1)
        seen = points if inside.all() else points[: inside.argmin()]
        if len(seen) * STEP_UM < LEAST_UM:
            others.append(points[inside])
        else:
            asked.append(Line(seen, hair.width_um))
    return asked, np.concatenate(others)


def found_lines(detection) -> list[Line]:
    """The hairs that are found with their roots."""
    um = detection.um_per_px
    return [
        Line(evenly(detection.vertices_of(i) * um), detection.width_px[i] * um)
        for i in np.flatnonzero(detection.root_visible)
    ]


def lies_on(one: Line, other: Line) -> bool:
    """Whether two lines are the same hair, from the same root to the same tip."""
    length = STEP_UM * len(one.points)
    ends = np.hypot(*(one.points[[0, -1]] - other.points[[0, -1]]).T)
    if ends[0] > END_UM or ends[1] > max(END_UM, TIP_SHARE * length):
        return False
    there = cKDTree(other.points).query(one.points)[0] < BESIDE_UM
    back = cKDTree(one.points).query(other.points)[0] < BESIDE_UM
    return min(there.mean(), back.mean()) > COVERED


def score(found: list[Line], asked: list[Line], others: np.ndarray) -> Score:
    """Pair found and true hairs one to one, as many as can be."""
    same = np.array([[lies_on(line, hair) for hair in asked] for line in found]).reshape(len(found), len(asked))
    lines, hairs = linear_sum_assignment(same, maximize=True)
    right = same[lines, hairs]
    lines, hairs = lines[right], hairs[right]
    tree = cKDTree(others) if len(others) else None
    blamed = [
        i
        for i in range(len(found))
        if i in set(lines) or tree is None or (tree.query(found[i].points)[0] < BESIDE_UM).mean() < 0.7
    ]
    pairs = [(found[i], asked[j]) for i, j in zip(lines, hairs, strict=True)]
    errors = np.array([line.width_um - hair.width_um for line, hair in pairs])
    shifts = np.array([(line.points[[0, -1]] - hair.points[[0, -1]]).mean(axis=0) for line, hair in pairs])
    return Score(len(asked), len(blamed), len(lines), errors, shifts)
