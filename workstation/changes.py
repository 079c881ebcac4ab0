"""What changed between two visits: units and hairs one by one, endpoints on each field and on the common one."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.matching.change import Change, NoChange, change_between
from analysis.matching.match import Status
from analysis.matching.visit import VisitHairs
from analysis.measures import ENDPOINTS, change
from workstation.endpoints import Cell, endpoints_of, known
from workstation.image_names import image_names
from workstation.matched_pairs import in_order
from workstation.model.pair import Pair
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.pairing import matching_of
from workstation.visit_columns import scale_of, visit_hairs_of

COMPARED = tuple(endpoint for endpoint in ENDPOINTS if endpoint.comparable)
"""The endpoints whose difference between two visits means something."""


@dataclass(frozen=True, slots=True)
class PairChange:
    """What changed between the two images of a pair."""

    pair: Pair
    baseline: Read | None
    """The reads that were compared; None where an image has none."""
    followup: Read | None
    counts: Change | NoChange
    """What became of units and hairs, or why no change is given; then the other two are empty."""
    own_field: Mapping[str, float]
    """Later less earlier of each comparable endpoint, each visit on its own field; NaN where it is undefined."""
    common_field: Mapping[str, float]
    """The same with both visits measured on what both fields show."""


def change_of(study: Study, pair: Pair, baseline: Read | None = None, followup: Read | None = None) -> PairChange:
    """What changed between the images of a pair, by the study's rules and cut-offs.

    Args:
        study: the study.
        pair: one of its pairs.
        baseline: the read of the earlier image; the one in use if None.
        followup: the read of the later image; the one in use if None.
    """
    baseline = baseline or study.read_in_use(pair.baseline_image_id)
    followup = followup or study.read_in_use(pair.followup_image_id)
    here, there = (None if read is None else _visit(study, read) for read in (baseline, followup))
    matching = matching_of(study, pair, baseline, followup)
    if baseline is None or followup is None or here is None or there is None or matching is None:
        reason = _why_unmatched(pair, (baseline, followup), (here, there))
        return PairChange(pair, baseline, followup, NoChange(reason, math.nan), {}, {})
    counts = change_between(
        matching,
        here,
        there,
        vellus_below_um=study.cutoffs.vellus_below_um,
        terminal_from_um=study.cutoffs.terminal_from_um,
        min_overlap=study.rules.min_overlap,
        width_error_um=study.rules.width_error_um,
    )
    if isinstance(counts, NoChange):
        return PairChange(pair, baseline, followup, counts, {}, {})
    return PairChange(
        pair,
        baseline,
        followup,
        counts,
        own_field=change(endpoints_of(study, baseline), endpoints_of(study, followup)),
        common_field=change(
            endpoints_of(study, baseline, matching.common_baseline),
            endpoints_of(study, followup, matching.common_followup),
        ),
    )


def change_rows(study: Study) -> list[dict[str, Cell]]:
    """One row a pair with what changed, in the columns of `CHANGE_COLUMNS`; by subject, site and time."""
    names = image_names(study)
    return [_row(study, change_of(study, pair), names) for pair in in_order(study, study.pairs.values())]


def _visit(study: Study, read: Read) -> VisitHairs | None:
    scale = scale_of(study, read)
    return None if scale is None else visit_hairs_of(read, scale)


def _why_unmatched(
    pair: Pair, reads: tuple[Read | None, Read | None], visits: tuple[VisitHairs | None, VisitHairs | None]
) -> str:
    for which, read, visit in zip(("earlier", "later"), reads, visits, strict=True):
        if read is None:
            return f"Nothing was detected in the {which} image yet."
        if visit is None:
            return f"The {which} image has no scale."
    if pair.registration is None:
        return "The images were not registered."
    return f"The images could not be registered. {pair.registration.result.reason}".strip()


def _row(study: Study, found: PairChange, names: Mapping[int, str]) -> dict[str, Cell]:
    pair, counts = found.pair, found.counts
    here, there = (study.images[image_id] for image_id in pair.image_ids)
    before, after = study.visits[here.visit_id], study.visits[there.visit_id]
    result = None if pair.registration is None else pair.registration.result
    return {
        "subject": before.subject,
        "site": here.site,
        "baseline_visit": before.name,
        "followup_visit": after.name,
        "baseline_week": before.week,
        "followup_week": after.week,
        "baseline_image": names[here.id],
        "followup_image": names[there.id],
        "baseline_read_id": None if found.baseline is None else found.baseline.id,
        "followup_read_id": None if found.followup is None else found.followup.id,
        "baseline_device": here.device,
        "followup_device": there.device,
        "verdict": None if result is None else result.verdict.value,
        "residual_um": None if result is None else known(result.residual_um),
        "overlap": None if result is None or result.warp is None else _overlap(found, result.overlap),
        "min_overlap": study.rules.min_overlap,
        "reason": counts.reason if isinstance(counts, NoChange) else "",
        **({} if isinstance(counts, NoChange) else _counts(counts)),
        **{f"{name}_change": known(value) for name, value in found.own_field.items()},
        **{f"{name}_change_common": known(value) for name, value in found.common_field.items()},
    }


def _overlap(found: PairChange, registered: float) -> float:
    """Of the reads that were compared, whose fields may be others than those that were registered."""
    compared = found.counts.overlap
    return registered if math.isnan(compared) else compared


def _counts(counts: Change) -> dict[str, Cell]:
    widths = counts.widths
    return {
        "compared_cm2": counts.area_cm2,
        **{f"fu_{status}": getattr(counts.units, status) for status in Status},
        **{f"hairs_{status}": getattr(counts.hairs, status) for status in Status},
        "width_change_limit_um": widths.error_um,
        "hairs_thickened": widths.thickened,
        "hairs_thinned": widths.thinned,
        "hairs_became_terminal": widths.became_terminal,
        "hairs_became_vellus": widths.became_vellus,
        "hairs_without_width": widths.n_unknown,
        "mean_width_change_um": known(widths.mean_um),
    }


_STATUS_MEANINGS = {
    Status.KEPT: "of both visits",
    Status.LOST: "of the earlier visit alone",
    Status.NEW: "of the later visit alone",
    Status.UNCERTAIN: "of which that cannot be said",
}

CHANGE_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("subject", "", "the participant's code"),
    ("site", "", "treatment area"),
    ("baseline_visit", "", "name of the earlier visit"),
    ("followup_visit", "", "name of the later visit"),
    ("baseline_week", "week", "week of the earlier visit"),
    ("followup_week", "week", "week of the later visit"),
    ("baseline_image", "", "name of the earlier image"),
    ("followup_image", "", "name of the later image"),
    ("baseline_read_id", "", "the read of the earlier image that was compared"),
    ("followup_read_id", "", "the read of the later image that was compared"),
    ("baseline_device", "", "camera of the earlier visit; widths of two cameras are not comparable"),
    ("followup_device", "", "camera of the later visit"),
    ("verdict", "", "whether the registration can be relied on: good, check or failed"),
    ("residual_um", "µm", "root mean square distance of the shared units after registration"),
    ("overlap", "1", "area seen in both images as a share of the earlier one's field"),
    ("min_overlap", "1", "least overlap for which a change is given"),
    ("reason", "", "why no change is given; else empty"),
    ("compared_cm2", "cm²", "area in which units and hairs were compared: seen in both images, its edge left out"),
    *((f"fu_{status}", "", f"units {meaning}, in that area") for status, meaning in _STATUS_MEANINGS.items()),
    *((f"hairs_{status}", "", f"hairs {meaning}, in that area") for status, meaning in _STATUS_MEANINGS.items()),
    ("width_change_limit_um", "µm", "a width that changed by less may be measurement error"),
    ("hairs_thickened", "", "kept hairs that became wider by more than that"),
    ("hairs_thinned", "", "kept hairs that became thinner by more than that"),
    ("hairs_became_terminal", "", "thickened hairs that became terminal"),
    ("hairs_became_vellus", "", "thinned hairs that became vellus"),
    ("hairs_without_width", "", "kept hairs whose width is not known at both visits"),
    ("mean_width_change_um", "µm", "mean over the kept hairs of later less earlier width"),
    *((f"{e.name}_change", e.unit, f"later less earlier, on each own field: {e.description}") for e in COMPARED),
    *((f"{e.name}_change_common", e.unit, f"the same on what both fields show: {e.description}") for e in COMPARED),
)
"""Name, unit and meaning of the columns of the table of changes."""
