"""A small trial to build on: three subjects in two arms, two questionnaires, answers, adverse events, a plan."""

from dataclasses import replace
from types import MappingProxyType

from tests.workstation.small_study import make_image, make_study
from workstation.model.study import Study, Subject, Visit
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

GROWTH = Questionnaire(
    id="growth",
    title="Haarwuchs – 毛",
    items=(
        Item("fuller", "My hair looks fuller."),
        Item("shedding", "I lose more hair than I would like.", reverse=True),
        Item("thicker", "Single hairs feel thicker."),
        Item("pleased", 'I am pleased with it; "really".'),
        Item("new-hair", "I see new hair."),
    ),
    scale=((1, "not at all"), (2, "a little"), (3, "somewhat"), (4, "much"), (5, "very much")),
    intro="Please think of the last two weeks.",
)
WOULD = Questionnaire(
    id="would_recommend",
    title="Would recommend",
    items=(Item("friend", "I would recommend it to a friend."), Item("again", "I would use it again.")),
    scale=((-1, "no"), (0, ""), (1, "yes")),
    higher_is_better=True,
    scoring=Scoring.SUM,
    min_answered=0.5,
    positive_from=1.0,
)
PLAN = TrialPlan(
    title="Serum, 12 weeks",
    visits=(PlannedVisit(0.0, 0, 0), PlannedVisit(4.0), PlannedVisit(12.0, 3, 7)),
    primary_endpoint="hair_density_per_cm2",
    primary_week=12.0,
    control_arm="placebo",
    named_utc="2026-01-02T03:04:05Z",
)
ITCHING = AdverseEvent(
    id=2,
    subject="S02",
    term="itching, scalp",
    severity=Severity.MODERATE,
    relation=Relation.POSSIBLE,
    serious=False,
    start_date="2026-02-10",
    end_date="2026-02-12",
    comment='Went by itself.\nNo "cause" found; é',
)
HOSPITAL = AdverseEvent(3, "S03", "appendicitis", Severity.SEVERE, Relation.NOT_RELATED, True, "2026-03-01")


def response(id_, visit_id, questionnaire_id, **answers):
    named = {item.replace("new_hair", "new-hair"): value for item, value in answers.items()}
    return Response(id_, visit_id, questionnaire_id, MappingProxyType(named))


RESPONSES = (
    response(1, 1, "growth", fuller=2, shedding=4, thicker=1, pleased=2, new_hair=1),
    response(2, 2, "growth", fuller=4, shedding=2, thicker=3, pleased=5),
    response(4, 3, "growth", fuller=3, pleased=3),
    response(7, 2, "would_recommend", friend=1, again=0),
)


def trial_study(**more) -> Study:
    """Visits 1 (baseline, with image 1) and 2 (week 12) of S01, 3 and 4 of S02; S03 has none."""
    visits = [
        Visit(1, "S01", "baseline", 0.0, "2026-02-03"),
        Visit(2, "S01", "week 12", 12.0, "2026-04-28"),
        Visit(3, "S02", "baseline", 0.0, "2026-02-04"),
        Visit(4, "S02", "week 4", 4.0, "2026-03-05"),
    ]
    subjects = [
        Subject("S01", "female", 34.5, "Ludwig I", "serum"), Subject("S02", "male", None, "Norwood III", "placebo"),
        Subject("S03", arm="serum"),
    ]  # fmt: skip
    filled = {
        "subjects": by_id(subjects),
        "plan": PLAN,
        "questionnaires": by_id([GROWTH, WOULD]),
        "responses": by_id(RESPONSES),
        "events": by_id([ITCHING, HOSPITAL]),
    }
    base = make_study(images=[make_image(1, 1)], visits=visits)
    return replace(base, **filled | more)


def by_id(values):
    return MappingProxyType({value.id: value for value in values})
