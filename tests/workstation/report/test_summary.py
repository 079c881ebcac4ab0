from dataclasses import replace

import pytest

from tests.workstation.report.conftest import made_of
from tests.workstation.trial_study import RECOMMEND, TRIAL, answered, trial_of
from workstation.model.trial import TrialPlan
from workstation.report.document import Bullets, Paragraph, Table

ARMS = {"S01": "serum", "S02": "serum", "S03": "serum", "S04": "foam", "S05": "foam", "S06": "foam"}


@pytest.fixture
def lead(tmp_path):
    """Gives the summary of a study."""

    def summary(study):
        return next(block.text for block in made_of(study, tmp_path).blocks if isinstance(block, Paragraph))

    return summary


def test_the_means_are_those_of_the_subjects_whom_the_change_rests_on(lead):
    units = {"S01": {0: 60, 12: 58}, "S02": {0: 62, 12: 59}, "S03": {0: 61, 12: 60}, "S04": {0: 20}, "S05": {12: 90}}
    assert "fell from 61.0 ± 1.0 to 59.0 ± 1.0, a mean change of −2.0" in lead(trial_of(units))


def test_every_treated_arm_has_its_primary_result_and_its_count_of_secondary_ones(lead):
    said = lead(trial_of(TRIAL, arms=ARMS))
    assert "at week 12 in serum, rose from 64.7 ± 5.0 to 70.3 ± 7.5" in said  # 60, 64, 70 and 66, 66, 79
    assert "at week 12 in foam, rose from 71.3 ± 11.9 to 76.3 ± 13.9" in said  # 58, 81, 75 and 61, 88, 80
    # hairs, their summed widths, intermediate hairs and the Delaunay distance change, the others are constant
    assert said.count("None of 4 secondary outcomes changed by more than chance after Holm's adjustment in ") == 2


def test_too_few_subjects_of_the_control_are_the_reason(lead):
    arms = {**ARMS, "S04": "placebo", "S05": "serum", "S06": "serum"}
    said = lead(replace(trial_of(TRIAL, arms=arms), plan=TrialPlan(control_arm="placebo")))
    assert "Against the control the difference is +2.8; whether that is more than chance cannot be said: at" in said
    assert "–" not in said


def test_the_reason_for_no_test_is_that_of_the_test(lead):
    said = lead(trial_of({"S01": {0: 0, 12: 6}}))
    assert "cannot be said: at least 3 subjects with both values are needed; there is only 1" in said


def test_an_endpoint_without_values_goes_by_its_label(lead):
    assert "The primary endpoint (follicular units per cm² at week 12)" in lead(trial_of({"S01": {0: None}}))


def test_a_week_of_the_control_site_alone_is_not_shown_as_one_with_results(tmp_path):
    units = {f"S{k}": {0: {"vertex": 60 + k, "nape": 70}, 4: {"vertex": 61 + 2 * k, "nape": 71}} for k in range(3)}
    study = trial_of({code: {**at, 12: {"nape": 72}} for code, at in units.items()})
    report = made_of(replace(study, plan=TrialPlan(control_site="nape")), tmp_path)
    (found,) = [
        block for block in report.blocks if isinstance(block, Table) and block.caption.startswith("Outcomes at")
    ]
    assert found.caption == "Outcomes at week 4 against the baseline"
    assert found.rows
    assert "No subject has a value at week 12, the primary week." in "".join(
        block.text for block in report.blocks if isinstance(block, Paragraph)
    )


def test_why_there_is_no_comparison_stands_below_the_table(tmp_path):
    arms = {**ARMS, "S04": "placebo", "S05": "serum", "S06": "serum"}
    report = made_of(replace(trial_of(TRIAL, arms=arms), plan=TrialPlan(control_arm="placebo")), tmp_path)
    (note,) = [b.text for b in report.blocks if isinstance(b, Paragraph) and b.text.startswith("Not given: ")]
    assert "At least 3 subjects with a change in each group are needed; there is only 1." in note


def test_a_yes_may_be_a_score_of_nought(tmp_path):
    asked = replace(
        RECOMMEND, scale=((0, "never"), (1, "often")), higher_is_better=False, positive_from=0.0, title="I hide it"
    )
    study = replace(answered(trial_of(TRIAL), {2: 0, 4: 1, 6: 0}), questionnaires={"recommend": asked})
    said = "\n".join(i for b in made_of(study, tmp_path).blocks if isinstance(b, Bullets) for i in b.items)
    assert "2 of 3 (67 %; 95 % CI 9.4 to 99.2 %) said yes (a score of 0 or less)" in said
