"""What makes the plan, the questionnaires, the answers and the adverse events of a study valid.

Said once: a file is checked whole, an edit where it changed something, and where it took something away on which these
rest.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from workstation.model.patch import Change, Patch
from workstation.model.study import Study, Subject, Visit
from workstation.model.trial import AdverseEvent, Item, Questionnaire, Response, Scoring, TrialPlan
from workstation.model.validity import storable

MAX_WEEK = 2000.0
MAX_WINDOW_DAYS = 365
MAX_ITEMS = 200
MAX_STEPS = 201
"""Of a scale: a visual analogue scale from −100 to 100 has so many."""
MAX_ANSWER = 1000
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
"""The id of a questionnaire or an item: it becomes the name of a column."""
CODE_RULE = "1 to 40 letters, digits, _ or -, the first a letter or a digit"
TABLE_COLUMNS = frozenset(
    {"subject", "visit", "week", "date", "questionnaire", "item", "question", "value", "answer", "n_answered", "score"}
)
"""What a table of answers calls its other columns: no item may be called so."""
QUESTIONNAIRE_OUTCOME = "questionnaire_"
"""How the name of an outcome begins that is the score of a questionnaire."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def trial_problems(study: Study) -> list[str]:
    """Everything that is wrong with the trial's own values in a study, one sentence each; empty when all are valid."""
    found = list(_plan_problems(study.plan, study))
    for questionnaire in study.questionnaires.values():
        found += questionnaire_problems(questionnaire)
    allowed = {code: _Allowed.by(questionnaire) for code, questionnaire in study.questionnaires.items()}
    for response in study.responses.values():
        found += _response_problems(response, study, allowed)
    found += _answered_twice(study.responses.values())
    for event in study.events.values():
        found += _event_problems(event, study)
    return found


def trial_problems_after(after: Study, patch: Patch) -> list[str]:
    """What a patch made wrong in the trial's own values, one sentence each.

    Args:
        after: the study with the patch.
        patch: an edit of a valid study, or the undoing of one.
    """
    allowed = {code: _Allowed.by(questionnaire) for code, questionnaire in after.questionnaires.items()}
    found = [problem for change in patch.changes for problem in _problems_of_change(change, after, allowed)]
    gone = [c.before for c in patch.changes if c.after is None]
    if any(isinstance(value, Subject | Visit | Questionnaire) for value in gone):
        found += _orphans(after)
    changed = [c.after for c in patch.changes if isinstance(c.after, Response)]
    if changed:
        places = {response.place for response in changed}
        found += _answered_twice(r for r in after.responses.values() if r.place in places)
    return found


def _problems_of_change(change: Change, after: Study, allowed: Mapping[str, "_Allowed"]) -> Iterator[str]:
    match change.after:
        case TrialPlan() as plan:
            yield from _plan_problems(plan, after)
        case Questionnaire() as questionnaire:
            yield from questionnaire_problems(questionnaire)
            if change.before is not None:
                for response in after.responses.values():
                    if response.questionnaire_id == questionnaire.id:
                        yield from _response_problems(response, after, allowed)
        case Response() as response:
            yield from _response_problems(response, after, allowed)
        case AdverseEvent() as event:
            yield from _event_problems(event, after)


def _orphans(after: Study) -> Iterator[str]:
    """What rests on a subject, visit or questionnaire that is gone."""
    if homeless := [e for e in after.events.values() if e.subject not in after.subjects]:
        yield f"subject {homeless[0].subject!r} has adverse events"
    for response in after.responses.values():
        if response.visit_id not in after.visits:
            yield f"visit {response.visit_id} has answers"
            break
        if response.questionnaire_id not in after.questionnaires:
            yield f"the questionnaire {response.questionnaire_id!r} has answers"
            break
    yield from _primary_problems(after.plan, after)


# --- the plan ----------------------------------------------------------------------------------------------------


def _plan_problems(plan: TrialPlan, study: Study) -> Iterator[str]:
    if not all(map(storable, (plan.title, plan.primary_endpoint, plan.control_arm, plan.control_site, plan.named_utc))):
        yield "a text of the plan has a character that cannot be stored"
    weeks = [visit.week for visit in plan.visits]
    if not all(abs(week) <= MAX_WEEK for week in weeks):  # of NaN it is false
        yield f"a planned week is not from −{MAX_WEEK:g} to {MAX_WEEK:g}"
    elif any(later <= earlier for earlier, later in pairwise(weeks)):
        yield "the planned visits are not in the order of their weeks, or two are of one week"
    if not all(0 <= days <= MAX_WINDOW_DAYS for visit in plan.visits for days in (visit.early_days, visit.late_days)):
        yield f"a visit's window is not from 0 to {MAX_WINDOW_DAYS} days"
    if not plan.primary_endpoint:
        yield "the plan has no primary endpoint"
    if not 0 < plan.primary_week <= MAX_WEEK:
        yield f"the primary week is not after the baseline, from 0 to {MAX_WEEK:g}"
    yield from _primary_problems(plan, study)


def _primary_problems(plan: TrialPlan, study: Study) -> Iterator[str]:
    code = plan.primary_endpoint.removeprefix(QUESTIONNAIRE_OUTCOME)
    if code != plan.primary_endpoint and code not in study.questionnaires:
        yield f"the primary endpoint is the score of the questionnaire {code!r}, which is not in the study"


# --- questionnaires ----------------------------------------------------------------------------------------------


def questionnaire_problems(one: Questionnaire) -> list[str]:
    """Everything that is wrong with a questionnaire, one sentence each; empty when it is valid."""
    name = f"the questionnaire {one.id!r}"
    found: list[str] = []
    if not CODE.fullmatch(one.id):
        found.append(f"{name} must have an id of {CODE_RULE}")
    texts = [one.title, one.intro, *(item.text for item in one.items), *(label for _, label in one.scale)]
    if not all(map(storable, texts)):
        found.append(f"a text of {name} has a character that cannot be stored")
    if not one.title.strip():
        found.append(f"{name} has no title")
    if not 0 < one.min_answered <= 1:
        found.append(f"the least share of answers of {name} is not above 0 and at most 1")
    found += _item_problems(name, one.items)
    found += _scale_problems(name, one)
    return found


def _item_problems(name: str, items: Sequence[Item]) -> Iterator[str]:
    if not 1 <= len(items) <= MAX_ITEMS:
        yield f"{name} has {len(items)} items instead of 1 to {MAX_ITEMS}"
    for item in items:
        if not CODE.fullmatch(item.id):
            yield f"item {item.id!r} of {name} must have an id of {CODE_RULE}"
        elif column_name(item.id) in TABLE_COLUMNS:
            yield f"item {item.id!r} of {name} has the name of another column in tables of answers"
        if not item.text.strip():
            yield f"item {item.id!r} of {name} has no text"
    counts = Counter(column_name(item.id) for item in items)
    if twice := [item.id for item in items if counts[column_name(item.id)] > 1]:
        yield f"{name} has more than one item {twice[0]!r}"


def _scale_problems(name: str, one: Questionnaire) -> Iterator[str]:
    numbers = [number for number, _ in one.scale]
    if not 2 <= len(numbers) <= MAX_STEPS:
        yield f"the scale of {name} has {len(numbers)} answers instead of 2 to {MAX_STEPS}"
        return
    if not all(isinstance(n, int) and abs(n) <= MAX_ANSWER for n in numbers):
        yield f"the scale of {name} has an answer that is no whole number from −{MAX_ANSWER} to {MAX_ANSWER}"
        return
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        yield f"the scale of {name} does not ascend"
    n_items = len(one.items) if one.scoring is Scoring.SUM else 1
    lowest, highest = numbers[0] * n_items, numbers[-1] * n_items
    if one.positive_from is not None and not lowest <= one.positive_from <= highest:
        yield f"{name} counts a score of {one.positive_from:g} as a yes, but scores go from {lowest} to {highest}"


def column_name(code: str) -> str:
    """How a table of answers spells the id of an item: upper and lower case, `-` and `_` are the same there."""
    return "_".join(code.lower().replace("-", " ").split())


# --- answers and events ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Allowed:
    """What may be answered."""

    items: frozenset[str]
    numbers: frozenset[int]

    @classmethod
    def by(cls, questionnaire: Questionnaire) -> "_Allowed":
        return cls(
            frozenset(item.id for item in questionnaire.items), frozenset(number for number, _ in questionnaire.scale)
        )


def _response_problems(response: Response, study: Study, allowed: Mapping[str, _Allowed]) -> Iterator[str]:
    name = f"response {response.id}"
    may = allowed.get(response.questionnaire_id)
    if response.id < 1:
        yield f"a response has the number {response.id}"
    if response.visit_id not in study.visits:
        yield f"{name} is of visit {response.visit_id}, which does not exist"
    if may is None:
        yield f"{name} is to the questionnaire {response.questionnaire_id!r}, which does not exist"
        return
    if not response.answers:
        yield f"{name} answers nothing"
    for item, value in response.answers.items():
        if item not in may.items:
            yield f"{name} answers {item!r}, which is no item of {response.questionnaire_id!r}"
        elif type(value) is not int or value not in may.numbers:
            yield f"{name} answers {item!r} with {value!r}, which is not on the scale"


def _answered_twice(responses: Iterable[Response]) -> Iterator[str]:
    for (visit_id, code), n in Counter(response.place for response in responses).items():
        if n > 1:
            yield f"the questionnaire {code!r} was answered {n} times at visit {visit_id}"


def _event_problems(event: AdverseEvent, study: Study) -> Iterator[str]:
    name = f"adverse event {event.id}"
    if event.id < 1:
        yield f"an adverse event has the number {event.id}"
    if event.subject not in study.subjects:
        yield f"{name} is of subject {event.subject!r}, who does not exist"
    if not event.term.strip():
        yield f"{name} has no term"
    if not all(map(storable, (event.term, event.comment))):
        yield f"a text of {name} has a character that cannot be stored"
    if not (is_day(event.start_date) and is_day(event.end_date)):
        yield f"a date of {name} is not a day written as year-month-day"
    elif event.start_date and event.end_date and event.end_date < event.start_date:
        yield f"{name} ends before it starts"


def is_day(text: str) -> bool:
    """Whether a text is a day, ISO 8601 (`2026-03-31`), or empty."""
    if not text:
        return True
    try:
        return _DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def is_week(week: float | None) -> bool:
    """Whether a number may be the week of a visit; None, not known, may."""
    return week is None or (math.isfinite(week) and abs(week) <= MAX_WEEK)
