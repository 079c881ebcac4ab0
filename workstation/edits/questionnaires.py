"""Questionnaires of a study and what subjects answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workstation.edits.drafting import NothingToDo
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch
from workstation.model.study import Study
from workstation.model.trial import Questionnaire, Response
from workstation.model.trial_validity import questionnaire_problems


@dataclass(frozen=True, slots=True)
class GivenAnswers:
    """What one subject answered at one visit."""

    visit_id: int
    questionnaire_id: str
    answers: Mapping[str, int]
    """By the item's id, as given; none at all takes away what was answered before."""


def add_questionnaire(study: Study, questionnaire: Questionnaire) -> Patch:
    """Let a study use a questionnaire. One with this id that nobody answered yet is replaced.

    Raises:
        EditRefused: if it is not valid, or the study has another one with this id that was answered already.
        NothingToDo: if the study has just this one.
    """
    before = study.questionnaires.get(questionnaire.id)
    if before == questionnaire:
        raise NothingToDo
    if found := questionnaire_problems(questionnaire):
        raise EditRefused(found[0], remedy="Mend its definition.")
    folded = {code.casefold(): code for code in study.questionnaires if code != questionnaire.id}
    if (other := folded.get(questionnaire.id.casefold())) is not None:
        raise EditRefused(f"there is a questionnaire {other!r} already", remedy="Give this one another id.")
    if before is not None and (n := _n_responses(study, before.id)):
        raise EditRefused(
            f"the questionnaire {before.id!r} is in the study with other questions and was answered {_times(n)}",
            remedy="Give the new one another id.",
        )
    name = "add questionnaire" if before is None else "replace questionnaire"
    return Patch(name, None, (Change(Kind.QUESTIONNAIRE, 0, before, questionnaire),))


def remove_questionnaire(study: Study, questionnaire_id: str) -> Patch:
    """Take a questionnaire out of a study.

    Raises:
        EditRefused: if there is none with this id, it was answered, or its score is the primary endpoint.
    """
    questionnaire = _questionnaire(study, questionnaire_id)
    if n := _n_responses(study, questionnaire_id):
        raise EditRefused(
            f"the questionnaire {questionnaire_id!r} was answered {_times(n)}", remedy="Remove the answers first."
        )
    if study.plan.primary_endpoint == questionnaire.outcome:
        raise EditRefused(
            f"the score of {questionnaire_id!r} is the primary endpoint", remedy="Name another one in the plan first."
        )
    return Patch("remove questionnaire", None, (Change(Kind.QUESTIONNAIRE, 0, questionnaire, None),))


def answer(study: Study, visit_id: int, questionnaire_id: str, answers: Mapping[str, int]) -> Patch:
    """Enter what a subject answered at a visit, in place of what was there; no answers take it away.

    Raises:
        EditRefused: if there is no such visit or questionnaire, or an answer is to no item or not on the scale.
        NothingToDo: if just that was answered.
    """
    before = {r.place: r for r in study.responses.values()}.get((visit_id, questionnaire_id))
    patch = enter_answers(study, [GivenAnswers(visit_id, questionnaire_id, answers)])
    name = "enter answers" if before is None else "change answers" if answers else "remove answers"
    return Patch(name, None, patch.changes)


def enter_answers(study: Study, given: Iterable[GivenAnswers]) -> Patch:
    """Enter what subjects answered, all in one edit; each in place of what was there.

    Raises:
        EditRefused: as `answer`.
        NothingToDo: if just that was answered.
    """
    standing = {response.place: response for response in study.responses.values()}
    next_id = max(study.responses, default=0) + 1
    changes: list[Change] = []
    for one in given:
        before = standing.get((one.visit_id, one.questionnaire_id))
        answers = _checked(study, one)
        if answers == (None if before is None else before.answers) or (before is None and not answers):
            continue
        id_ = next_id if before is None else before.id
        next_id += before is None
        after = Response(id_, one.visit_id, one.questionnaire_id, answers) if answers else None
        changes.append(Change(Kind.RESPONSE, id_, before, after))
        if after is None:
            del standing[one.visit_id, one.questionnaire_id]
        else:
            standing[one.visit_id, one.questionnaire_id] = after
    if not changes:
        raise NothingToDo
    return Patch("enter answers", None, tuple(changes))


def _checked(study: Study, given: GivenAnswers) -> Mapping[str, int]:
    questionnaire = _questionnaire(study, given.questionnaire_id)
    if given.visit_id not in study.visits:
        raise EditRefused(f"there is no visit {given.visit_id}")
    numbers = [number for number, _ in questionnaire.scale]
    found: dict[str, int] = {}
    for item in questionnaire.items:
        if item.id not in given.answers:
            continue
        value = given.answers[item.id]
        if isinstance(value, bool) or value not in numbers:
            raise EditRefused(
                f"{value!r} is no answer to {item.id!r} of {questionnaire.id!r}",
                remedy=f"Answers go from {numbers[0]} to {numbers[-1]}.",
            )
        found[item.id] = int(value)
    if unknown := given.answers.keys() - found.keys():
        raise EditRefused(f"{questionnaire.id!r} has no item {min(unknown)!r}")
    return MappingProxyType(found)


def _questionnaire(study: Study, questionnaire_id: str) -> Questionnaire:
    if questionnaire_id not in study.questionnaires:
        raise EditRefused(f"the study has no questionnaire {questionnaire_id!r}", remedy="Add it to the study first.")
    return study.questionnaires[questionnaire_id]


def _n_responses(study: Study, questionnaire_id: str) -> int:
    return sum(response.questionnaire_id == questionnaire_id for response in study.responses.values())


def _times(n: int) -> str:
    return "once" if n == 1 else f"{n} times"
