"""Matching on real fields: two annotations of one image as two visits, and detections before and after bending it.

One of the two is turned, shifted and bent as between visits. A unit is present in both if, bent back, the nearest of
the other is within 0.2 mm, each way. Only fields whose name ends in an even digit were looked at.
"""

import json
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import cv2
import numpy as np
import shapely
from scipy.spatial import cKDTree

from analysis.matching.match import Status
from analysis.matching.visit import VisitHairs, units_of
from analysis.pipeline import detect
from analysis.synthetic import Change, ScalpSpec
from analysis.synthetic.camera import Pose
from analysis.synthetic.follow_up import moved_pose
from tests.analysis.phantom_visits import detected_visit
from tests.benchmarks.figure import Figure
from tests.benchmarks.matching_accuracy import SECTION, found_between
from tests.benchmarks.measuring_data import FIELDS, shared
from tests.benchmarks.share import some

UM_PER_PX = 5.525
SIZE_PX = (1280, 1024)
PRESENT_WITHIN_UM = 200.0
TWICE_ANNOTATED = (("220316_A600", "220316_A604"), ("220316_A601", "220316_A605"))
MOVED = Change(shift_mm=1.5, turn_deg=15, zoom=0.05, stretch_mm=0.1)
MOVES = range(20)
Counts = tuple[int, int, int]


class Moved:
    """Another capture of the same skin: where its pixels lie."""

    def __init__(self, seed: int) -> None:
        self.here, self.there = Pose(SIZE_PX, UM_PER_PX), moved_pose(ScalpSpec(size_px=SIZE_PX), seed, MOVED)

    def forth(self, points_px: np.ndarray) -> np.ndarray:
        """(N, 2) pixels of the other capture."""
        return self.there.to_px(self.here.to_mm(points_px))

    def back(self, points_px: np.ndarray) -> np.ndarray:
        """(N, 2) pixels of the field as it is."""
        return self.here.to_px(self.there.to_mm(points_px))

    def visit(self, hairs: list[dict], *, moved: bool) -> VisitHairs:
        """Annotated hairs as a visit, as they are or as the other capture shows them."""
        ends = np.array([[hair["root"], hair["tip"]] for hair in hairs], dtype=np.float64)
        if moved:
            ends = self.forth(ends.reshape(-1, 2)).reshape(-1, 2, 2)
        width, height = SIZE_PX
        field = shapely.box(-0.5, -0.5, width - 0.5, height - 0.5)
        own = np.flatnonzero(shapely.intersects_xy(field, ends[:, 0, 0], ends[:, 0, 1]))
        x, y = (ends[own, 1] - ends[own, 0]).T
        return VisitHairs(
            id=own.astype(np.int64),
            unit=np.array([hairs[i]["fu"] for i in own], dtype=np.int64),
            root_px=ends[own, 0],
            width_um=np.full(len(own), np.nan),
            direction_rad=np.arctan2(y, x),
            confidence=np.ones(len(own)),
            region=field,
            um_per_px=self.there.um_per_px if moved else UM_PER_PX,
        )

    def image(self, image: np.ndarray) -> np.ndarray:
        """What the other capture shows, black where the field does not reach."""
        width, height = SIZE_PX
        columns, rows = np.meshgrid(np.arange(width), np.arange(height))
        at = self.back(np.column_stack([columns.ravel(), rows.ravel()]).astype(np.float64))
        x, y = at.astype(np.float32).T.reshape(2, height, width)
        return cv2.remap(image, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT)


def kept_of_present(before: VisitHairs, after: VisitHairs, moved: Moved) -> Counts:
    """Units present in both, those of them kept, and kept pairs of others; all 0 where registration failed."""
    matching = found_between(before, after)
    if matching is None:
        return 0, 0, 0
    first, second = units_of(before), units_of(after)
    back = moved.back(second.centre_px)
    apart, there = cKDTree(back).query(first.centre_px)
    here = cKDTree(first.centre_px).query(back)[1]
    mutual = (here[there] == np.arange(len(there))) & (apart * UM_PER_PX < PRESENT_WITHIN_UM)
    present = set(zip(first.unit[mutual].tolist(), second.unit[there[mutual]].tolist(), strict=True))
    kept = {(m.baseline_id, m.followup_id) for m in matching.units if m.status is Status.KEPT}
    return len(present), len(present & kept), len(kept - present)


def annotated(names: tuple[str, str], seed: int) -> Counts:
    """Two annotations of one field, one of them moved."""
    before, after = (
        [h for h in json.loads((shared() / FIELDS / f"{name}.json").read_text())["hairs"] if h["class"] != "abnormal"]
        for name in names
    )
    moved = Moved(seed)
    return kept_of_present(moved.visit(before, moved=False), moved.visit(after, moved=True), moved)


def bent(path: Path) -> Counts:
    """Detections in a field, and in the same bent."""
    image = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    moved = Moved(sum(map(ord, path.stem)))
    before, after = detect(image, UM_PER_PX), detect(moved.image(image), moved.there.um_per_px)
    return kept_of_present(detected_visit(before), detected_visit(after), moved)


def field_figures(pool: Executor) -> Iterator[Figure]:
    """The kept share of units present in both."""
    if not (shared() / FIELDS).exists():
        yield Figure(SECTION, "real fields", None, "", note="the annotated fields are not on this machine")
        return
    for names in TWICE_ANNOTATED:
        seeds = some(MOVES)
        counts = list(pool.map(annotated, [names, names[::-1]] * len(seeds), [s for s in seeds for _ in range(2)]))
        yield _kept(f"annotations {names[0]} and {names[1]}: kept of units present in both", counts, "moves")
    images = [p for p in sorted((shared() / FIELDS).glob("*.jpg")) if int(p.stem[-1]) % 2 == 0]
    yield _kept("detections, fields bent: kept of units present in both", list(pool.map(bent, some(images))), "fields")


def _kept(name: str, counts: list[Counts], what: str) -> Figure:
    present, kept, others = (sum(column) for column in zip(*counts, strict=True))
    failed = sum(count == (0, 0, 0) for count in counts)
    note = f"{len(counts)} {what}, {present} units; {failed} not registered; {others} other pairs kept"
    return Figure(SECTION, name, kept / present if present else None, "", "≥ 0.97", note)
