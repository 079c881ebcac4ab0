"""What is compared between visits: the comparable endpoints of images, then the scores of questionnaires."""

from functools import cache

from analysis.measures import ENDPOINTS
from analysis.measures.endpoints import Endpoint
from workstation.model.study import Study
from workstation.model.trial import Questionnaire, Scoring
from workstation.trial.results import Outcome

LABELS = {
    "hair_density_per_cm2": "hairs per cm²",
    "fu_density_per_cm2": "follicular units per cm²",
    "hairs_per_fu": "hairs per follicular unit",
    "fu_share_1": "share of units with one hair",
    "fu_share_2": "share of units with two hairs",
    "fu_share_3": "share of units with three hairs",
    "fu_share_4_plus": "share of units with four hairs or more",
    "mean_hair_width_um": "mean hair width",
    "sum_hair_width_mm_per_cm2": "sum of hair widths",
    "inter_follicular_distance_mm": "distance between units",
    "inter_follicular_distance_delaunay_mm": "distance between units (Delaunay)",
    "vellus_density_per_cm2": "vellus hairs per cm²",
    "intermediate_density_per_cm2": "intermediate hairs per cm²",
    "terminal_density_per_cm2": "terminal hairs per cm²",
    "terminal_vellus_ratio": "terminal hairs per vellus hair",
}
"""For people; an endpoint that is not named here goes by its name in files, spaced."""


@cache
def image_outcomes() -> tuple[Outcome, ...]:
    """The comparable endpoints, in the order of the table of endpoints."""
    return tuple(_of_endpoint(endpoint) for endpoint in ENDPOINTS if endpoint.comparable)


def score_outcomes(study: Study) -> tuple[Outcome, ...]:
    """The scores of the study's questionnaires, in the order in which these stand in the study."""
    return tuple(_of_questionnaire(questionnaire) for questionnaire in study.questionnaires.values())


def outcomes(study: Study) -> tuple[Outcome, ...]:
    """All that can be compared between visits, and named as the primary endpoint."""
    return (*image_outcomes(), *score_outcomes(study))


def _of_endpoint(endpoint: Endpoint) -> Outcome:
    label = LABELS.get(endpoint.name, endpoint.name.replace("_", " "))
    return Outcome(endpoint.name, label, endpoint.unit, endpoint.digits, endpoint.description)


def _of_questionnaire(questionnaire: Questionnaire) -> Outcome:
    low, high = questionnaire.scale[0][0], questionnaire.scale[-1][0]
    is_sum = questionnaire.scoring is Scoring.SUM
    n_items = len(questionnaire.items) if is_sum else 1
    better = "higher" if questionnaire.higher_is_better else "lower"
    return Outcome(
        name=questionnaire.outcome,
        label=questionnaire.title,
        unit="points",
        digits=1 if is_sum else 2,
        description=f"{questionnaire.scoring} of the answers, {low * n_items} to {high * n_items}; {better} is better",
        questionnaire_id=questionnaire.id,
    )
