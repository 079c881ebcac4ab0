"""What a trial plans beforehand, and what subjects tell of it: questionnaires, their answers, adverse events."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from types import MappingProxyType

DEFAULT_WINDOW_DAYS = 3
"""Visits of a trial may be a week apart: a wider window would let one stand for its neighbour."""


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A week in which every subject is to be seen."""

    week: float
    """Since the baseline, which is week 0."""
    early_days: int = DEFAULT_WINDOW_DAYS
    """How many days before its day a visit may be and still be on time."""
    late_days: int = DEFAULT_WINDOW_DAYS


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """What is fixed before results are looked at."""

    title: str = ""
    visits: tuple[PlannedVisit, ...] = ()
    """By week. Empty: the weeks that the study's visits name, each with the usual window."""
    primary_endpoint: str = "fu_density_per_cm2"
    """The name of an endpoint, or of a questionnaire as in `Questionnaire.outcome`."""
    primary_week: float = 12.0
    control_arm: str = ""
    """Of `Subject.arm`: the one that the others are compared with. Empty: there is none."""
    control_site: str = ""
    """A site of the same subjects that the others are compared with. Empty: there is none."""
    named_utc: str = ""
    """When the primary endpoint and week were named, ISO 8601, UTC; empty while they are the defaults."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question."""

    id: str
    """Unique in its questionnaire; the column in a table of answers."""
    text: str
    reverse: bool = False
    """Whether a high answer means the opposite of what a high score means: it is then turned round for the score."""


class Scoring(StrEnum):
    """How a score comes from the answers."""

    MEAN = "mean"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A set of questions with one scale of whole numbers."""

    id: str
    """A short code, unique in the study: letters, digits, `_`, `-`."""
    title: str
    items: tuple[Item, ...]
    scale: tuple[tuple[int, str], ...]
    """The answers that can be given, from the lowest: number and label."""
    intro: str = ""
    """Said to the subject before the questions."""
    higher_is_better: bool = True
    scoring: Scoring = Scoring.MEAN
    min_answered: float = 0.8
    """The least share of items that must be answered for a score; a sum is then scaled up to all of them."""
    positive_from: float | None = None
    """A score of this or better is counted as a yes: `9 of 10 would recommend`. None: no such count is made."""

    @property
    def outcome(self) -> str:
        """Its name among the endpoints."""
        return f"questionnaire_{self.id}"


@dataclass(frozen=True, slots=True)
class Response:
    """What one subject answered at one visit."""

    id: int
    visit_id: int
    questionnaire_id: str
    answers: Mapping[str, int] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    """By the item's id, as given: not turned round. An item that was not answered is not there."""

    @property
    def place(self) -> tuple[int, str]:
        """The visit and the questionnaire, of which a study has one response at most."""
        return self.visit_id, self.questionnaire_id


class Severity(StrEnum):
    """How bad an adverse event was."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class Relation(StrEnum):
    """Whether the treatment caused it, as the investigator judges."""

    NOT_RELATED = "not related"
    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    PROBABLE = "probable"
    DEFINITE = "definite"


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """An untoward occurrence in a subject, whether or not the treatment caused it."""

    id: int
    subject: str
    term: str
    """What it was, in the investigator's words or a coded term."""
    severity: Severity
    relation: Relation
    serious: bool = False
    """Death, danger to life, hospital, lasting harm: not the same as severe."""
    start_date: str = ""
    """ISO 8601 day, or empty."""
    end_date: str = ""
    """Empty: it lasts, or is not known."""
    comment: str = ""
