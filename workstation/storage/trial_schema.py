"""The tables of the trial: its plan, questionnaires, what subjects answered, their scores, adverse events."""

from workstation.storage.tables import Group, flag, integer, number, text

SINCE = 3
"""The minor version that first had these tables."""

PLAN = Group(
    "plan",
    "What was fixed before results were looked at; one row.",
    (
        text("title", "of the trial"),
        text("primary_endpoint", "a column of /endpoints, or questionnaire_ and a questionnaire_id: its score"),
        number("primary_week", "the planned week at which it is compared with the baseline", "weeks"),
        text("control_arm", "the arm in /subjects that the others are compared with; empty where there is none"),
        text("control_site", "the site that the others of a subject are compared with; empty where there is none"),
        text("named_utc", "when the primary endpoint and week were named, ISO 8601, UTC; empty: they are defaults"),
    ),
    SINCE,
)
PLANNED_VISITS = Group(
    "planned_visits",
    "The weeks in which every subject is to be seen, ascending. Without a row: the weeks in /visits.",
    (
        number("week", "since the baseline, which is week 0", "weeks"),
        integer("early_days", "how many days before its day a visit may be and still be on time", "days"),
        integer("late_days", "how many days after it", "days"),
    ),
    SINCE,
)
QUESTIONNAIRES = Group(
    "questionnaires",
    "Questionnaires of the study.",
    (
        text("questionnaire_id", "its code in this file"),
        text("title", "its name"),
        text("intro", "said before the questions"),
        flag("higher_is_better", "whether a high score is good"),
        text("scoring", "mean or sum of the answers"),
        number("min_answered", "the least share of items that must be answered for a score", "1"),
        number("positive_from", "a score of this or better counts as a yes; NaN where no such count is made"),
    ),
    SINCE,
)
QUESTIONNAIRE_ITEMS = Group(
    "questionnaire_items",
    "The questions, in their order.",
    (
        text("questionnaire_id", "the questionnaire in /questionnaires"),
        text("item", "the question's code in its questionnaire"),
        text("text", "the question"),
        flag("reverse", "its answers are turned round for the score: lowest + highest answer of the scale − answer"),
    ),
    SINCE,
)
QUESTIONNAIRE_SCALE = Group(
    "questionnaire_scale",
    "The answers that can be given, from the lowest.",
    (
        text("questionnaire_id", "the questionnaire in /questionnaires"),
        integer("value", "the answer as a number"),
        text("label", "the answer in words"),
    ),
    SINCE,
)
ANSWERS = Group(
    "answers",
    "What subjects answered, one row an answer, as given: not turned round. What was not answered has no row.",
    (
        integer("response_id", "number of the filled-in questionnaire in this file"),
        text("subject", "the participant's code", derived=True),
        integer("visit_id", "the visit in /visits"),
        text("visit", "the visit's name", derived=True),
        text("questionnaire_id", "the questionnaire in /questionnaires"),
        text("item", "the question in /questionnaire_items"),
        integer("value", "the answer in /questionnaire_scale"),
    ),
    SINCE,
)
SCORES = Group(
    "scores",
    "The score of every filled-in questionnaire, computed on saving.",
    (
        integer("response_id", "the filled-in questionnaire in /answers", derived=True),
        text("subject", "the participant's code", derived=True),
        integer("visit_id", "the visit in /visits", derived=True),
        text("visit", "the visit's name", derived=True),
        number("week", "week of the visit", "weeks", derived=True),
        text("questionnaire_id", "the questionnaire in /questionnaires", derived=True),
        integer("n_answered", "number of items that were answered", derived=True),
        number("score", "mean or sum of the answers; NaN where too few were given", derived=True),
    ),
    SINCE,
)
ADVERSE_EVENTS = Group(
    "adverse_events",
    "Untoward occurrences, whether or not the treatment caused them.",
    (
        integer("event_id", "number of the event in this file"),
        text("subject", "the participant's code"),
        text("term", "what it was"),
        text("severity", "mild, moderate or severe"),
        text("relation", "to the treatment: not related, unlikely, possible, probable or definite"),
        flag("serious", "death, danger to life, hospital or lasting harm; not the same as severe"),
        text("start_date", "ISO 8601 day, or empty"),
        text("end_date", "ISO 8601 day; empty where it lasts or is not known"),
        text("comment", "the investigator's comment"),
    ),
    SINCE,
)
TRIAL_GROUPS = (
    PLAN, PLANNED_VISITS, QUESTIONNAIRES, QUESTIONNAIRE_ITEMS, QUESTIONNAIRE_SCALE, ANSWERS, SCORES, ADVERSE_EVENTS,
)  # fmt: skip
