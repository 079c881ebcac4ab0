"""What the study asks of its reads."""

from workstation.edits.drafting import NothingToDo
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch
from workstation.model.reading import ReadingRules, ReasonFor
from workstation.model.study import Study


def set_reading_rules(study: Study, adjudicate_above_percent: float, reasons: ReasonFor) -> Patch:
    """Set from which difference on two readers' counts need a third read, and which changes need a reason.

    Raises:
        EditRefused: unless the difference is above 0 and at most 1000 %.
        NothingToDo: if these are the rules.
    """
    try:
        rules = ReadingRules(float(adjudicate_above_percent), reasons)
    except ValueError as error:
        raise EditRefused(str(error), remedy="Enter another difference.") from error
    if rules == study.reading:
        raise NothingToDo
    return Patch("set reading rules", None, (Change(Kind.READING, 0, study.reading, rules),))
