"""From a subject's answers to a score."""

import math
from collections.abc import Mapping

from workstation.model.trial import Questionnaire, Scoring

ROUNDING = 1e-9
"""How far a share may lie below the least one: 0.8 of 5 items are 4, whatever binary fractions make of it."""


def score(questionnaire: Questionnaire, answers: Mapping[str, int]) -> float:
    """The score of a questionnaire: the mean of the answers, or their sum scaled up to all items.

    The answer to a reverse-coded item is turned round first: lowest + highest answer of the scale less the answer.
    A missing answer thus counts as the mean of the others that the same subject gave (the half rule of person-mean
    imputation, with the questionnaire's own share instead of a half).

    Args:
        questionnaire: with at least one item and two answers on its scale.
        answers: by the item's id, as given; what is not one of its items is passed over.

    Returns:
        The score; NaN where fewer than `min_answered` of the items were answered.
    """
    turn = questionnaire.scale[0][0] + questionnaire.scale[-1][0]
    given = [
        turn - answers[item.id] if item.reverse else answers[item.id]
        for item in questionnaire.items
        if item.id in answers
    ]
    n_items = len(questionnaire.items)
    if not given or len(given) < questionnaire.min_answered * n_items - ROUNDING:
        return math.nan
    total = math.fsum(given)
    return total / len(given) if questionnaire.scoring is Scoring.MEAN else total * n_items / len(given)


def score_range(questionnaire: Questionnaire) -> tuple[float, float]:
    """The lowest and the highest score that it can give."""
    n = len(questionnaire.items) if questionnaire.scoring is Scoring.SUM else 1
    return float(questionnaire.scale[0][0] * n), float(questionnaire.scale[-1][0] * n)


def is_yes(questionnaire: Questionnaire, value: float) -> bool:
    """Whether a score counts as a yes: `positive_from` or better, which is lower where low scores are good.

    It is none where the score is not known or the questionnaire makes no such count.
    """
    limit = questionnaire.positive_from
    if limit is None or math.isnan(value):
        return False
    return value >= limit if questionnaire.higher_is_better else value <= limit
