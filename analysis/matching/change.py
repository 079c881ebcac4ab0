"""What changed between two visits on the skin that both show: counted one by one, not as a difference of two counts."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely

from analysis.detection import FloatArray, IntArray
from analysis.matching.common_field import compared, lies_in
from analysis.matching.match import Match, Matching, Status
from analysis.matching.visit import VisitHairs, units_of
from analysis.measures import WidthClass, width_classes

MIN_OVERLAP = 0.5
"""Less of the baseline's field seen again, and no change is given."""
WIDTH_ERROR_UM = 20.0
"""The 95 % limit of a hair's change of width where nothing changed, detected at both visits.

Measured on synthetic pairs whose hairs keep their width, `tests/benchmarks/bench_matching.py`: 19 µm of 3,247 hairs in
16 cases of clipped hair. Half of the changes are below 2.2 µm; where hairs overlap a width goes badly wrong.
"""
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
class WidthChanges:
    """How the widths of the kept hairs changed."""

    thickened: int
    thinned: int
    """Hairs whose width changed by more than `error_um`."""
    became_terminal: int
    became_vellus: int
    """Those among them that came into the class by it: who merely crosses a cut-off within the error is not counted."""
    n_known: int
    n_unknown: int
    """Hairs of which the width is known at both visits, and the others."""
    mean_um: float
    """Mean change, later less earlier; NaN where none is known."""
    error_um: float
    """What a hair's width may differ by though nothing changed."""


@dataclass(frozen=True, slots=True)
class Change:
    """What changed on the compared field.

    That is the common field without its edge, where nothing can be said to be lost or new: kept ones at the edge are
    left out too, and so is what a reader ruled there: all counts are of one area. The uncertain count in no share
    and in no net change.
    """

    overlap: float
    """The common field as a share of the baseline's."""
    area_cm2: float
    """Of the compared field, by the baseline's scale."""
    units: Tally
    hairs: Tally
    widths: WidthChanges
    """Of the kept hairs."""

    def per_cm2(self, count: float) -> float:
        """A count of this change per cm² of the compared field."""
        return count / self.area_cm2


@dataclass(frozen=True, slots=True)
class NoChange:
    """No change is given, and why."""

    reason: str
    """One plain sentence."""
    overlap: float
    """The common field as a share of the baseline's; NaN where the visits were not matched."""


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
        width_error_um: what a width may differ by though nothing changed.
    """
    if matching.overlap < min_overlap:
        seen, asked = (f"{100 * share:.3g} %" for share in (matching.overlap, min_overlap))
        reason = f"{seen} of the first field is seen again at the later visit; a change is given from {asked} on."
        return NoChange(reason, matching.overlap)
    here = compared(matching.common_baseline, baseline.um_per_px)
    there = compared(matching.common_followup, followup.um_per_px)
    area_cm2 = float(shapely.area(here)) * baseline.um_per_px**2 / UM2_PER_CM2
    if not area_cm2 > 0:
        return NoChange("What the two fields share is too narrow to compare anything in.", matching.overlap)
    hairs = _compared(matching.hairs, _hair_places(baseline), _hair_places(followup), here, there)
    return Change(
        overlap=matching.overlap,
        area_cm2=area_cm2,
        units=_tally(_compared(matching.units, _unit_places(baseline), _unit_places(followup), here, there)),
        hairs=_tally(hairs),
        widths=_width_changes(hairs, baseline, followup, (vellus_below_um, terminal_from_um), width_error_um),
    )


def _width_changes(
    hairs: Iterable[Match], baseline: VisitHairs, followup: VisitHairs, cutoffs_um: tuple[float, float], error_um: float
) -> WidthChanges:
    kept = [match for match in hairs if match.status is Status.KEPT]
    before, after = _widths(baseline, [m.baseline_id for m in kept]), _widths(followup, [m.followup_id for m in kept])
    wider = after - before
    known = np.isfinite(wider)
    thicker, thinner = wider > error_um, wider < -error_um
    was, became = (width_classes(width, *cutoffs_um) for width in (before, after))
    terminal, vellus = (became[entered] & ~was[entered] for entered in (WidthClass.TERMINAL, WidthClass.VELLUS))
    return WidthChanges(
        thickened=int(thicker.sum()),
        thinned=int(thinner.sum()),
        became_terminal=int((thicker & terminal).sum()),
        became_vellus=int((thinner & vellus).sum()),
        n_known=int(known.sum()),
        n_unknown=int((~known).sum()),
        mean_um=float(wider[known].mean()) if known.any() else NAN,
        error_um=error_um,
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
    """The matches in the compared field, by the baseline's place where there is one."""
    inside_before, inside_after = (
        set(number[lies_in(region, place)].tolist()) for (number, place), region in ((before, here), (after, there))
    )

    def lies_inside(match: Match) -> bool:
        if match.baseline_id is not None:
            return match.baseline_id in inside_before
        return match.followup_id in inside_after

    return [match for match in matches if lies_inside(match)]


def _tally(matches: list[Match]) -> Tally:
    statuses = [match.status for match in matches]
    return Tally(*(statuses.count(status) for status in (Status.KEPT, Status.LOST, Status.NEW, Status.UNCERTAIN)))


def _widths(visit: VisitHairs, ids: list[int | None]) -> FloatArray:
    width = dict(zip(visit.id.tolist(), visit.width_um.tolist(), strict=True))
    return np.array([width[i] for i in ids if i is not None], dtype=np.float64)
