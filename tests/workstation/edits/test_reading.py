import pytest

from tests.workstation.small_study import make_study
from workstation import edits
from workstation.errors import EditRefused
from workstation.model.patch import apply
from workstation.model.reading import ReadingRules, ReasonFor


def test_reading_rules_are_set_and_taken_back():
    study = make_study()
    patch = edits.set_reading_rules(study, 15, ReasonFor.AFTER_SUBMISSION)
    after = apply(study, patch)
    assert after.reading == ReadingRules(15.0, ReasonFor.AFTER_SUBMISSION)
    assert apply(after, patch.inverse()).reading == ReadingRules(10.0, ReasonFor.NEVER)
    with pytest.raises(edits.NothingToDo):
        edits.set_reading_rules(after, 15, ReasonFor.AFTER_SUBMISSION)


@pytest.mark.parametrize("percent", [0, -1, float("nan"), 1001])
def test_a_difference_that_makes_no_sense_is_refused(percent):
    with pytest.raises(EditRefused, match="must differ by more than 0"):
        edits.set_reading_rules(make_study(), percent, ReasonFor.NEVER)
