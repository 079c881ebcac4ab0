"""What the analysis of a trial gives, for the command line, the window and the report."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from analysis.trialstats.results import Comparison, ModelledChange, PairedChange, Proportion, Sample
from workstation.model.trial import TrialPlan

FloatArray = NDArray[np.float64]


class Basis(StrEnum):
    """The fields on which the endpoints of two visits are compared."""

    OWN = "own"
    """Each visit on its own field."""
    COMMON = "common"
    """Both on what their fields share, by registration: a later value is the baseline's plus the change there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is compared between visits: an endpoint of images, or the score of a questionnaire."""

    name: str
    """Of the endpoint, or `questionnaire_<id>`."""
    label: str
    """For people, capitalised as in running text: `hairs per cm²`."""
    unit: str
    digits: int
    description: str
    questionnaire_id: str = ""
    """Of a score; empty for an endpoint of images."""


@dataclass(frozen=True)
class ValueTable:
    """One value for each subject and planned week."""

    outcome: Outcome
    subjects: tuple[str, ...]
    """Subjects who have any value, by code."""
    weeks: tuple[float, ...]
    """Ascending; 0 is the baseline."""
    values: FloatArray
    """(subjects, weeks), read-only; NaN where there is none. Sites, and images of one site, are averaged."""
    read_ids: Mapping[tuple[str, float], tuple[int, ...]]
    """The reads that a value comes from, by subject and week; of a score: none."""

    def at(self, week: float) -> FloatArray:
        """(subjects,) the values of one week; all NaN where the table does not know it."""
        if week not in self.weeks:
            return np.full(len(self.subjects), np.nan)
        values: FloatArray = self.values[:, self.weeks.index(week)]
        return values


@dataclass(frozen=True)
class VisitResult:
    """One outcome at one week against the baseline, in one group of subjects."""

    outcome: Outcome
    week: float
    group: str
    """The arm; empty where the trial has none."""
    baseline: Sample
    """Of all who have a baseline; `change` rests on those with both."""
    visit: Sample
    change: PairedChange
    modelled: ModelledChange
    comparison: Comparison | None
    """With the control arm or site; None where there is none, and for the control itself."""
    is_primary: bool
    p_holm: float
    """The paired t test's p after Holm over the secondary endpoints of the primary week; NaN for all others."""
    control: PairedChange | None = None
    """The change at the control site of the same subjects; None where the trial has no such site."""
    modelled_comparison: ModelledChange | None = None
    """How much more than the control arm, by the mixed model; None where there is no such arm, and for itself."""


@dataclass(frozen=True)
class YesCount:
    """How many subjects a questionnaire's score counts as a yes at one week."""

    outcome: Outcome
    week: float
    group: str
    share: Proportion


@dataclass(frozen=True)
class Analysis:
    """The whole analysis of a trial."""

    plan: TrialPlan
    groups: tuple[str, ...]
    """Arms by name; one empty text where the trial has none."""
    weeks: tuple[float, ...]
    """All weeks with a value, the baseline included."""
    tables: tuple[ValueTable, ...]
    """In the order of the endpoints, then the questionnaires."""
    results: tuple[VisitResult, ...]
    """By outcome, group and week; the baseline's own week is left out."""
    yes_counts: tuple[YesCount, ...]
    warnings: tuple[str, ...]
    """What a reader of the figures must know: mixed devices, scales, subjects without a baseline, …"""
    basis: Basis = Basis.OWN
    """The fields that endpoints were compared on."""
    control_tables: tuple[ValueTable, ...] = ()
    """The values of the control site, where the plan names one; `tables` are then of the other sites."""

    @property
    def primaries(self) -> tuple[VisitResult, ...]:
        """The results that the trial was made for: one for each arm that is not the control and has it."""
        return tuple(result for result in self.results if result.is_primary)

    @property
    def primary(self) -> VisitResult | None:
        """The first of them; None where no subject has it."""
        return next(iter(self.primaries), None)
