"""What a report is made from, and what its chapters ask of it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from workstation.agreement.results import Agreement
from workstation.image_names import image_names
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study
from workstation.pictures.canvas import Pixels
from workstation.signing.checking import Checked, check_signatures
from workstation.storage.audit import AuditRow
from workstation.trial.outcomes import outcomes
from workstation.trial.results import Analysis, ValueTable, VisitResult
from workstation.trial.schedule import weeks_of_visits

MAIN = (
    "fu_density_per_cm2",
    "hair_density_per_cm2",
    "sum_hair_width_mm_per_cm2",
    "mean_hair_width_um",
    "hairs_per_fu",
    "inter_follicular_distance_mm",
)
"""The endpoints that are drawn; the others stand in tables."""
COMPOSITION = ("fu_share_1", "fu_share_2", "fu_share_3", "fu_share_4_plus")


@dataclass(frozen=True)
class Material:
    """A study, its analysis, and the way to its pictures."""

    study: Study
    analysis: Analysis
    study_name: str
    """Of its file."""
    revision: int
    """How many edits it holds."""
    n_unsaved: int
    """How many of them are not in the file yet."""
    digest: str
    """Of the file's whole content."""
    made_utc: str
    doubtful_below: float
    """A hair of less confidence that nobody judged is doubtful."""
    pixels_of: Callable[[ImageRecord], Pixels]
    """Gives the pixels of an image, (H, W, 3) RGB.

    Raises:
        UserFacingError: if the image is missing or has changed.
    """
    trail: Sequence[AuditRow] = ()
    """The audit trail, oldest first."""

    @property
    def title(self) -> str:
        """The trial's title, else the name of the file."""
        return self.analysis.plan.title or self.study_name.removesuffix(".h5")

    @cached_property
    def names(self) -> Mapping[int, str]:
        """Of the images, as in every table."""
        return image_names(self.study)

    @cached_property
    def week_of_visit(self) -> Mapping[int, float]:
        """The week that each visit stands for."""
        return weeks_of_visits(self.study)

    @cached_property
    def reads(self) -> Mapping[int, Read]:
        """The read in use of every image that has one."""
        found = {image_id: self.study.read_in_use(image_id) for image_id in self.study.images}
        return {image_id: read for image_id, read in found.items() if read is not None}

    @cached_property
    def tables(self) -> Mapping[str, ValueTable]:
        """The values by the outcome's name."""
        return {table.outcome.name: table for table in self.analysis.tables}

    @cached_property
    def signatures(self) -> tuple[Checked, ...]:
        """The signatures on reads, checked."""
        return check_signatures(self.study, self.trail)

    @cached_property
    def agreement(self) -> Agreement:
        """How far the readers agree."""
        from workstation.agreement.comparing import agreement_of  # statistics take long to import

        return agreement_of(self.study)

    @property
    def arms(self) -> Mapping[str, str]:
        """The arm of each subject."""
        return {subject.id: subject.arm for subject in self.study.subjects.values()}

    @property
    def shown_week(self) -> float | None:
        """The week that the chapters show: the primary one, or where nobody has a value then, the last one."""
        later = {result.week for result in self.analysis.results}
        primary = self.analysis.plan.primary_week
        return primary if primary in later else max(later, default=None)

    def at_week(self, week: float) -> tuple[VisitResult, ...]:
        """All results of one week, by outcome and group."""
        return tuple(result for result in self.analysis.results if result.week == week)

    @cached_property
    def main_tables(self) -> tuple[ValueTable, ...]:
        """The values of the outcomes that are drawn, that of the primary one first."""
        primary = self.analysis.plan.primary_endpoint
        wanted = dict.fromkeys((primary, *MAIN))
        return tuple(self.tables[name] for name in wanted if name in self.tables and self.tables[name].subjects)

    def label(self, name: str) -> str:
        """An outcome for people, also where nobody has a value of it."""
        return next((one.label for one in outcomes(self.study) if one.name == name), name)

    def images_at(self, subject: str, week: float) -> tuple[int, ...]:
        """The images of a subject at the visits that stand for a week."""
        visits = {
            visit.id
            for visit in self.study.visits.values()
            if visit.subject == subject and self.week_of_visit.get(visit.id) == week
        }
        return tuple(sorted(i for i, image in self.study.images.items() if image.visit_id in visits))

    def days(self) -> Sequence[str]:
        """The known days of visits, rising."""
        return sorted({visit.date for visit in self.study.visits.values() if visit.date})


def values_of(table: ValueTable, subject: str) -> Mapping[float, float]:
    """The known values of a subject by week, rising."""
    if subject not in table.subjects:
        return {}
    row = table.values[table.subjects.index(subject)]
    return {week: float(value) for week, value in zip(table.weeks, row, strict=True) if math.isfinite(value)}
