"""What changed between two matched reads, by the rules of the study."""

from analysis.matching.change import Change, NoChange, change_between
from analysis.matching.match import Matching
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.visit_columns import scale_of, visit_hairs_of


def matched_change(study: Study, baseline: Read, followup: Read, matching: Matching) -> Change | NoChange:
    """What changed, with the study's cut-offs and rules.

    Args:
        study: the study.
        baseline: the earlier read.
        followup: the later read.
        matching: of the two.

    Raises:
        ValueError: if one of the reads has no scale: then it cannot have been matched.
    """
    scales = scale_of(study, baseline), scale_of(study, followup)
    if scales[0] is None or scales[1] is None:
        raise ValueError("a read without a scale has no change")
    return change_between(
        matching,
        visit_hairs_of(baseline, scales[0]),
        visit_hairs_of(followup, scales[1]),
        vellus_below_um=study.cutoffs.vellus_below_um,
        terminal_from_um=study.cutoffs.terminal_from_um,
        min_overlap=study.rules.min_overlap,
        width_error_um=study.rules.width_error_um,
    )
