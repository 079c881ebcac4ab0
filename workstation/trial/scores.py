"""The scores of the study's questionnaires, by subject and week."""

import math
from collections import defaultdict

from workstation.model.study import Study
from workstation.model.trial import Response
from workstation.questionnaires.scoring import score
from workstation.trial.schedule import weeks_of_visits

ByPlace = dict[tuple[str, float], list[float]]
"""Scores by subject and week."""


def score_of(study: Study, response: Response) -> float | None:
    """The score of one subject's answers; None where too few items were answered."""
    value = score(study.questionnaires[response.questionnaire_id], response.answers)
    return value if math.isfinite(value) else None


def scores(study: Study) -> dict[str, ByPlace]:
    """All scores, by the questionnaire's id, in the order in which questionnaires stand in the study."""
    weeks = weeks_of_visits(study)
    found: dict[str, ByPlace] = {id_: defaultdict(list) for id_ in study.questionnaires}
    for response in study.responses.values():
        value = score_of(study, response)
        if response.visit_id in weeks and value is not None:
            place = study.visits[response.visit_id].subject, weeks[response.visit_id]
            found[response.questionnaire_id][place].append(value)
    return found
