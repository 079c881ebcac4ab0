from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.small_study import make_hair, make_read, make_study
from workstation import edits
from workstation.document import Document
from workstation.errors import EditRefused, ReasonNeeded
from workstation.model.hair import Status
from workstation.model.read import ReadState, Review
from workstation.model.reading import ReadingRules, ReasonFor
from workstation.model.trial import TrialPlan
from workstation.reasons import needs_reason

HAIRS = [make_hair(1, 10, [[100, 100], [100, 140]])]


class Journal:
    def __init__(self):
        self.entries = []

    def append(self, entry):
        self.entries.append(entry)


def study_with(reasons, state=ReadState.IN_REVIEW, n_submitted=0):
    read = replace(make_read(HAIRS), review=Review(state, n_submitted=n_submitted))
    return make_study([read], reading=ReadingRules(reasons=reasons))


EDITS = {
    "correct": lambda study: edits.set_status(study.reads[1], [1], Status.REJECTED),
    "comment": lambda study: edits.comment_image(study.reads[1], "blurred"),
    "scale": lambda study: edits.set_calibration(study, 1, 12.0),
    "cut-offs": lambda study: edits.set_cutoffs(study, 20, 50),
    "plan": lambda study: edits.set_plan(study, TrialPlan(title="A trial")),
    "rules": lambda study: edits.set_reading_rules(study, 20, study.reading.reasons),
    "remark": lambda study: edits.add_remark(study, 1, "Ada", "so"),
    "begin": lambda study: edits.begin_read(study, 1, 1, "Bo", "2026-03-01T10:00:00Z"),
}
RESTS_ON = {"scale", "cut-offs", "plan", "rules"}


@pytest.mark.parametrize(
    ("reasons", "n_submitted", "asked"),
    [
        (ReasonFor.NEVER, 1, set()),
        (ReasonFor.AFTER_SUBMISSION, 0, RESTS_ON),
        (ReasonFor.AFTER_SUBMISSION, 1, {*RESTS_ON, "correct", "comment"}),
        (ReasonFor.ALWAYS, 0, {*RESTS_ON, "correct", "comment"}),
    ],
)
def test_the_rules_say_which_edits_say_why(reasons, n_submitted, asked):
    study = study_with(reasons, n_submitted=n_submitted)
    assert {name for name, edit in EDITS.items() if needs_reason(study, edit(study))} == asked


@pytest.mark.parametrize("reasons", [ReasonFor.AFTER_SUBMISSION, ReasonFor.ALWAYS])
def test_what_takes_a_step_back_says_why_and_what_hands_on_does_not(reasons):
    read = study_with(reasons).reads[1]
    submitted = replace(read, review=Review(ReadState.SUBMITTED, n_submitted=1))
    study = study_with(reasons, ReadState.SUBMITTED, 1)
    assert not needs_reason(study_with(reasons), edits.submit(read))
    assert not needs_reason(study, edits.accept_read(submitted, "Bo"))
    assert needs_reason(study, edits.withdraw_read(submitted))
    assert needs_reason(study, edits.return_read(study, submitted, "Bo", "look again"))


def test_an_edit_without_a_reason_is_refused_and_with_one_made():
    journal = Journal()
    document = Document(study_with(ReasonFor.ALWAYS), journal, "Ada")
    patch = EDITS["correct"](document.study)
    for reason in ("", "  "):
        with pytest.raises(ReasonNeeded, match="a reason is needed: reject hairs"):
            document.apply(patch, reason=reason)
    assert journal.entries == []
    document.apply(patch, reason="a vessel")
    document.undo()
    document.redo()
    assert [entry.reason for entry in journal.entries] == ["a vessel", "undone", "a vessel"]


def test_an_undo_says_nothing_where_nobody_asks():
    journal = Journal()
    document = Document(study_with(ReasonFor.NEVER), journal, "Ada")
    document.apply(EDITS["correct"](document.study), reason="a vessel")
    document.undo()
    assert [entry.reason for entry in journal.entries] == ["a vessel", ""]


def test_an_amendment_always_says_why():
    document = Document(study_with(ReasonFor.NEVER, ReadState.SIGNED, 1), Journal(), "Ada")
    patch = edits.amend(document.study, 1, "Ada")
    with pytest.raises(ReasonNeeded, match="begin amendment"):
        document.apply(patch)
    document.apply(patch, reason="two hairs were missed at the rim")
    assert document.study.reads[2].amends == 1


def test_who_may_not_is_told_that_and_not_asked_why():
    study = study_with(ReasonFor.ALWAYS)
    document = Document(replace(study, people=MappingProxyType({})), Journal(), "Bo")
    with pytest.raises(EditRefused, match="this is the read of Ada") as refused:
        document.apply(EDITS["correct"](study))
    assert not isinstance(refused.value, ReasonNeeded)
