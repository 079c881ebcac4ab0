"""What changed between two visits on the skin that both show: counted one by one, not as a difference of two counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from analysis.detection import BoolArray, FloatArray, IntArray
from analysis.matching.common_field import compared, lies_in
from analysis.matching.match import Match, Matching, Status
from analysis.matching.visit import VisitHairs, units_of
from analysis.measures import WidthClass, width_classes

MIN_OVERLAP = 0.5
WIDTH_ERROR_UM = 10.0
NAN = float("nan")
UM2_PER_CM2 = 1e8


@dataclass(frozen=True, slots=True)
class Tally:
    """How many units, or hairs, of the compared field were kept, lost and so on."""

    kept: int
    lost: int
    new: int
    uncertain: int

    @property
    def net(self) -> int:
        """New less lost."""
        return self.new - self.lost

    @property
    def lost_share(self) -> float:
        """Lost as a share of those of the baseline; NaN where there was none."""
        return self._of_baseline(self.lost)

    @property
    def new_share(self) -> float:
        """New ones, as a share of those of the baseline; NaN where there was none."""
        return self._of_baseline(self.new)

    @property
    def net_share(self) -> float:
        """Net change as a share of those of the baseline; NaN where there was none."""
        return self._of_baseline(self.net)

    def _of_baseline(self, count: int) -> float:
        before = self.kept + self.lost
        return count / before if before else NAN


@dataclass(frozen=True, slots=True)
class Change:
    """What changed on the compared field.

    That is the common field without its edge, where nothing can be said to be lost or new: kept ones at the edge are
    left out too, so that all counts are of one area. What a reader ruled counts wherever it lies. The uncertain count
    in no share and in no net change.
    """

    overlap: float
    """The common field as a share of the baseline's."""
    area_cm2: float
    """Of the compared field, by the baseline's scale."""
    units: Tally
    hairs: Tally
    thickened: int
    thinned: int
    """Kept hairs whose width changed by more than `width_error_um`."""
    became_terminal: int
    became_vellus: int
    """Those among them that came into the class by it."""
    n_without_width: int
    """Kept hairs of which a width is not known at both visits."""
    mean_width_change_um: float
    """Of the kept hairs; NaN without any."""
    width_error_um: float
    """What a hair's width may differ by though nothing changed."""

    def per_cm2(self, count: float) -> float:
        """A count of this change per cm² of the compared field."""
        return count / self.area_cm2


@dataclass(frozen=True, slots=True)
class NoChange:
    """No change is given, and why."""

    reason: str
    """One plain sentence."""
    overlap: float


def change_between(
    matching: Matching,
    baseline: VisitHairs,
    followup: VisitHairs,
    *,
    vellus_below_um: float,
    terminal_from_um: float,
    min_overlap: float = MIN_OVERLAP,
    width_error_um: float = WIDTH_ERROR_UM,
) -> Change | NoChange:
    """Count what changed between two matched visits.

    Args:
        matching: of these two visits.
        baseline: the earlier visit.
        followup: the later visit.
        vellus_below_um: cut-off of the width classes.
        terminal_from_um: cut-off of the width classes.
        min_overlap: least share of the baseline's field that has to be seen again.
        width_error_um: the 95 % limit of a width's change where nothing changed. The default is measured on synthetic
            pairs whose hairs keep their width, by detection at both visits: `tests/benchmarks/bench_matching.py`.
    """
    here = compared(matching.common_baseline, baseline.um_per_px)
    there = compared(matching.common_followup, followup.um_per_px)
    area_cm2 = float(shapely.area(here)) * baseline.um_per_px**2 / UM2_PER_CM2
    if matching.overlap < min_overlap:
        reason = f"The two fields share {matching.overlap:.0%} of the first; a change needs {min_overlap:.0%}."
        return NoChange(reason, matching.overlap)
    if not area_cm2 > 0:
        return NoChange("What the two fields share is too narrow to compare anything in.", matching.overlap)
    units = _compared(matching.units, _unit_places(baseline), _unit_places(followup), here, there)
    hairs = _compared(matching.hairs, _hair_places(baseline), _hair_places(followup), here, there)
    kept = [match for match in hairs if match.status is Status.KEPT]
    before, after = _widths(baseline, [m.baseline_id for m in kept]), _widths(followup, [m.followup_id for m in kept])
    wider = after - before
    known = np.isfinite(wider)
    thicker, thinner = wider > width_error_um, wider < -width_error_um
    was, became = (width_classes(width, vellus_below_um, terminal_from_um) for width in (before, after))
    return Change(
        overlap=matching.overlap,
        area_cm2=area_cm2,
        units=_tally(units),
        hairs=_tally(hairs),
        thickened=int(thicker.sum()),
        thinned=int(thinner.sum()),
        became_terminal=int((thicker & _entered(WidthClass.TERMINAL, was, became)).sum()),
        became_vellus=int((thinner & _entered(WidthClass.VELLUS, was, became)).sum()),
        n_without_width=int((~known).sum()),
        mean_width_change_um=float(wider[known].mean()) if known.any() else NAN,
        width_error_um=width_error_um,
    )


Places = tuple[IntArray, FloatArray]
"""Numbers (N,) and where they lie (N, 2), in pixels."""


def _unit_places(visit: VisitHairs) -> Places:
    units = units_of(visit)
    return units.unit, units.centre_px


def _hair_places(visit: VisitHairs) -> Places:
    return visit.id, visit.root_px


def _compared(
    matches: Iterable[Match], before: Places, after: Places, here: shapely.Geometry, there: shapely.Geometry
) -> list[Match]:
    """The matches in the compared field, by the baseline's place where there is one; and those that are ruled."""
    inside_before, inside_after = (
        set(number[lies_in(region, place)].tolist()) for (number, place), region in ((before, here), (after, there))
    )

    def lies_inside(match: Match) -> bool:
        if match.baseline_id is not None:
            return match.baseline_id in inside_before
        return match.followup_id in inside_after

    return [match for match in matches if match.ruled or lies_inside(match)]


def _tally(matches: list[Match]) -> Tally:
    statuses = [match.status for match in matches]
    return Tally(*(statuses.count(status) for status in (Status.KEPT, Status.LOST, Status.NEW, Status.UNCERTAIN)))


def _widths(visit: VisitHairs, ids: list[int | None]) -> FloatArray:
    width = dict(zip(visit.id.tolist(), visit.width_um.tolist(), strict=True))
    return np.array([width[i] for i in ids if i is not None], dtype=np.float64)


def _entered(
    into: WidthClass, was: Mapping[WidthClass, BoolArray], became: Mapping[WidthClass, BoolArray]
) -> BoolArray:
    entered: BoolArray = became[into] & ~was[into]
    return entered
