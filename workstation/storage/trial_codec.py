"""The plan, questionnaires, answers and adverse events as plain JSON values and back; a part of `codec`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from workstation.model.patch import Kind
from workstation.model.trial import (
    AdverseEvent,
    Item,
    PlannedVisit,
    Questionnaire,
    Relation,
    Response,
    Scoring,
    Severity,
    TrialPlan,
)

Plain = dict[str, Any]
TrialValue = TrialPlan | Questionnaire | Response | AdverseEvent


def plain_trial(value: TrialValue) -> Plain:
    """A value of the trial as plain JSON values, every field under its own name."""
    match value:
        case TrialPlan():
            return _fields(value) | {"visits": [_fields(visit) for visit in value.visits]}
        case Questionnaire():
            return _fields(value) | {
                "items": [_fields(item) for item in value.items],
                "scale": [list(step) for step in value.scale],
                "scoring": value.scoring.value,
            }
        case Response():
            return _fields(value) | {"answers": dict(value.answers)}
        case AdverseEvent():
            return _fields(value) | {"severity": value.severity.value, "relation": value.relation.value}


def _fields(value: TrialValue | PlannedVisit | Item) -> Plain:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _plan(value: Plain) -> TrialPlan:
    return TrialPlan(**value | {"visits": tuple(PlannedVisit(**visit) for visit in value["visits"])})


def _questionnaire(value: Plain) -> Questionnaire:
    items = tuple(Item(**item) for item in value["items"])
    scale = tuple((number, label) for number, label in value["scale"])
    return Questionnaire(**value | {"items": items, "scale": scale, "scoring": Scoring(value["scoring"])})


def _response(value: Plain) -> Response:
    return Response(**value | {"answers": MappingProxyType(dict(value["answers"]))})


def _event(value: Plain) -> AdverseEvent:
    judged = {"severity": Severity(value["severity"]), "relation": Relation(value["relation"])}
    return AdverseEvent(**value | judged)


TRIAL_FROM_PLAIN: Mapping[Kind, Callable[[Plain], TrialValue]] = {
    Kind.PLAN: _plan,
    Kind.QUESTIONNAIRE: _questionnaire,
    Kind.RESPONSE: _response,
    Kind.EVENT: _event,
}
"""What makes each kind of value from its plain values; they raise ValueError, KeyError or TypeError where it cannot."""
