"""A matcher with plain rules, so that tests of the window know what comes out: whoever is nearest is the same."""

from collections.abc import Sequence

import numpy as np
import shapely

from analysis.detection import FloatArray
from analysis.matching.match import Level, Match, Matching, Ruling, Status
from analysis.matching.visit import VisitHairs
from analysis.registration.warp import Warp

SURE_UM, LIKELY_UM = 150.0, 250.0
"""Nearer than this two units are the same; nearer than that perhaps."""


def match_nearest(baseline: VisitHairs, followup: VisitHairs, warp: Warp, rulings: Sequence[Ruling] = ()) -> Matching:
    """Units are paired with the nearest one, nearest pairs first; rulings are obeyed."""
    before, after = _centres(baseline), _centres(followup)
    shown = shapely.transform(followup.region, warp.to_baseline)
    common = shapely.intersection(baseline.region, shown)
    here = {i: warp.to_followup([place])[0] for i, place in before.items()}
    ruled = [ruling for ruling in rulings if ruling.level is Level.UNIT]
    units = _matched(here, after, followup.um_per_px, ruled)
    seen = [m for m in units if m.ruled or _in_common(m, before, after, warp, common)]
    hairs = [match for unit in seen if unit.status is Status.KEPT for match in _hairs(unit, baseline, followup)]
    overlap = common.area / baseline.region.area if baseline.region.area else 0.0
    there = shapely.transform(common, warp.to_followup)
    return Matching(tuple(seen), tuple(hairs), common, there, overlap)


def _centres(visit: VisitHairs) -> dict[int, FloatArray]:
    return {int(i): visit.root_px[visit.unit == i].mean(axis=0) for i in np.unique(visit.unit)}


def _matched(
    here: dict[int, FloatArray], after: dict[int, FloatArray], um_per_px: float, rulings: Sequence[Ruling]
) -> list[Match]:
    def um(b: int, f: int) -> float:
        return float(np.hypot(*(here[b] - after[f]))) * um_per_px

    same = {(r.baseline_id, r.followup_id) for r in rulings if r.same and None not in (r.baseline_id, r.followup_id)}
    apart = {(r.baseline_id, r.followup_id) for r in rulings if not r.same}
    lost = {r.baseline_id for r in rulings if r.followup_id is None}
    new = {r.followup_id for r in rulings if r.baseline_id is None}
    found = [
        Match(Level.UNIT, b, f, Status.KEPT, um(b, f), ruled=True)
        for b, f in sorted(same)  # type: ignore[type-var]
        if b in here and f in after
    ]
    taken_b = {m.baseline_id for m in found} | lost
    taken_f = {m.followup_id for m in found} | new
    near = sorted((um(b, f), b, f) for b in here for f in after if (b, f) not in apart)
    for distance_um, b, f in near:
        if distance_um > LIKELY_UM or b in taken_b or f in taken_f:
            continue
        status = Status.KEPT if distance_um <= SURE_UM else Status.UNCERTAIN
        found.append(Match(Level.UNIT, b, f, status, distance_um))
        taken_b.add(b)
        taken_f.add(f)
    matched_b, matched_f = {m.baseline_id for m in found}, {m.followup_id for m in found}
    found += [Match(Level.UNIT, b, None, Status.LOST, ruled=b in lost) for b in here if b not in matched_b]
    found += [Match(Level.UNIT, None, f, Status.NEW, ruled=f in new) for f in after if f not in matched_f]
    return found


def _in_common(
    match: Match, before: dict[int, FloatArray], after: dict[int, FloatArray], warp: Warp, common: shapely.Geometry
) -> bool:
    if match.baseline_id is not None:
        return bool(shapely.contains_xy(common, *before[match.baseline_id]))
    assert match.followup_id is not None
    return bool(shapely.contains_xy(common, *warp.to_baseline([after[match.followup_id]])[0]))


def _hairs(unit: Match, baseline: VisitHairs, followup: VisitHairs) -> list[Match]:
    """Hairs of a kept unit in the order of their ids."""
    ids = [sorted(v.id[v.unit == i].tolist()) for v, i in ((baseline, unit.baseline_id), (followup, unit.followup_id))]
    widths = [dict(zip(v.id.tolist(), v.width_um.tolist(), strict=True)) for v in (baseline, followup)]
    n = min(len(ids[0]), len(ids[1]))
    kept = [
        Match(Level.HAIR, b, f, Status.KEPT, 0.0, widths[1][f] - widths[0][b])
        for b, f in zip(ids[0][:n], ids[1][:n], strict=True)
    ]
    lost = [Match(Level.HAIR, b, None, Status.LOST) for b in ids[0][n:]]
    return kept + lost + [Match(Level.HAIR, None, f, Status.NEW) for f in ids[1][n:]]
