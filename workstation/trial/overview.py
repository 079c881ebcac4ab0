"""The study at a glance: for each subject and week what there is, how far it has come, and what is amiss.

Pure values for the window's overview; a trial of 10,000 images takes a fraction of a second.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from workstation.model.read import Read, ReadState
from workstation.model.study import ImageRecord, Study, Subject, Visit
from workstation.model.trial import PlannedVisit
from workstation.trial.schedule import (
    BASELINE,
    Attendance,
    Status,
    attendance,
    planned_visits,
    visits_by_subject,
    weeks_of_visits,
)
from workstation.trial.warnings import SAME_SCALE
from workstation.trial.wording import capitalised, week


class Progress(IntEnum):
    """How far a visit has come; the least of its sites counts."""

    NO_VISIT = 0
    NO_IMAGE = 1
    NOT_DETECTED = 2
    DETECTED = 3
    IN_REVIEW = 4
    RETURNED = 5
    SUBMITTED = 6
    ACCEPTED = 7
    SIGNED = 8


_OF_READ = {
    ReadState.DETECTED: Progress.DETECTED,
    ReadState.IN_REVIEW: Progress.IN_REVIEW,
    ReadState.RETURNED: Progress.RETURNED,
    ReadState.SUBMITTED: Progress.SUBMITTED,
    ReadState.ACCEPTED: Progress.ACCEPTED,
    ReadState.SIGNED: Progress.SIGNED,
}


class Timing(StrEnum):
    """Whether a visit was when it should have been."""

    BASELINE = "baseline"
    ON_TIME = "on time"
    EARLY = "early"
    LATE = "late"
    UNDATED = "no date"
    """Its day, or that of the baseline, is not known."""
    UNPLANNED = "not planned"
    MISSED = "missed"
    """There is none, though a later one was."""
    OPEN = "no visit"
    """There is none, nor any later one: it may still come."""


_OF_STATUS = {
    Status.ON_TIME: Timing.ON_TIME,
    Status.EARLY: Timing.EARLY,
    Status.LATE: Timing.LATE,
    Status.UNDATED: Timing.UNDATED,
    Status.MISSED: Timing.MISSED,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One week, or visits of one name whose week is not known."""

    title: str
    week: float | None
    plan: PlannedVisit | None
    """None where the week is not among the planned ones."""
    name: str = ""
    """Of its visits, where their week is not known."""

    @property
    def key(self) -> float | str:
        """What its visits have in common: their week, else their name."""
        return self.name if self.week is None else self.week


@dataclass(frozen=True, slots=True)
class Site:
    """One site at one visit."""

    name: str
    image_ids: tuple[int, ...]
    progress: Progress


@dataclass(frozen=True, slots=True)
class Cell:
    """One subject in one week."""

    visit_ids: tuple[int, ...]
    """More than one where a visit was held again."""
    date: str
    """ISO 8601 day; empty where none is known."""
    timing: Timing
    days_off: int | None
    """After the planned day, or before it if negative; None where that cannot be told."""
    sites: tuple[Site, ...]
    progress: Progress
    missing_sites: tuple[str, ...]
    """Sites of which the subject has images at other visits alone; none where the visit has no image at all."""
    warnings: tuple[str, ...]
    """Each a sentence."""

    @property
    def image_ids(self) -> tuple[int, ...]:
        """All images, site by site."""
        return tuple(image_id for site in self.sites for image_id in site.image_ids)


@dataclass(frozen=True, slots=True)
class Row:
    """One subject."""

    subject: Subject
    cells: tuple[Cell, ...]
    """One for each column."""


@dataclass(frozen=True, slots=True)
class Overview:
    """All subjects by all weeks."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def overview(study: Study) -> Overview:
    """What there is of each subject in each week. Subjects are in the order of their codes, as people count."""
    return study.derived(_overview, "subjects", "visits", "images", "plan", "reads")


def _overview(study: Study) -> Overview:
    frame = study.derived(_Frame, "subjects", "visits", "images", "plan")
    return Overview(frame.columns, tuple(frame.row(study, code) for code in frame.codes))


class _Frame:
    """What of an overview does not hang on the reads, and each subject's row as it was made last.

    Args:
        study: any state of it; those with the same subjects, visits, images and plan have one frame.
    """

    def __init__(self, study: Study) -> None:
        self.columns = columns_of(study)
        self.codes = sorted(study.subjects, key=as_counted)
        self._weeks, self._visits = weeks_of_visits(study), visits_by_subject(study)
        self._attended = {(each.subject, each.week): each for each in attendance(study)}
        self._images: dict[int, list[ImageRecord]] = {}
        for image in study.images.values():
            self._images.setdefault(image.visit_id, []).append(image)
        self._made: dict[str, tuple[Mapping[int, Progress], Row]] = {}

    def row(self, study: Study, code: str) -> Row:
        """The row of a subject; the very one made before as long as none of its images has come further."""
        visits = self._visits.get(code, ())
        images = (image.id for visit in visits for image in self._images.get(visit.id, ()))
        progress = {image_id: _progress(study, image_id) for image_id in images}
        made = self._made.get(code)
        if made is None or made[0] != progress:
            held: dict[float | str, list[Visit]] = {}
            for visit in visits:
                held.setdefault(self._weeks.get(visit.id, visit.name), []).append(visit)
            came = [None if each.week is None else self._attended.get((code, each.week)) for each in self.columns]
            made = progress, Row(study.subjects[code], _cells(progress, self.columns, came, held, self._images))
            self._made[code] = made
        return made[1]


def columns_of(study: Study) -> tuple[Column, ...]:
    """The planned weeks and all others that were seen, in order; then, by name, visits that stand for no week."""
    plans = {plan.week: plan for plan in planned_visits(study)}
    weeks = weeks_of_visits(study)
    all_weeks = sorted({*weeks.values(), *plans})
    names = dict.fromkeys(visit.name for visit in study.visits.values() if visit.id not in weeks)
    return (
        *(Column(capitalised(week(each)), each, plans.get(each)) for each in all_weeks),
        *(Column(capitalised(name), None, None, name) for name in names),
    )


def as_counted(code: str) -> tuple[tuple[int, int, str], ...]:
    """What codes are ordered by: `S2` before `S10`."""
    parts = re.findall(r"\d+|\D", code.casefold())
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts)


def _cells(
    progress: Mapping[int, Progress],
    columns: Sequence[Column],
    came: Sequence[Attendance | None],
    held: Mapping[float | str, Sequence[Visit]],
    images_of: Mapping[int, Sequence[ImageRecord]],
) -> tuple[Cell, ...]:
    """The cells of one subject."""
    first: dict[str, ImageRecord] = {}
    for column in columns:
        for visit in held.get(column.key, ()):
            for image in images_of.get(visit.id, ()):
                first.setdefault(image.site, image)
    last = max((at for at, column in enumerate(columns) if column.key in held), default=-1)
    cells: list[Cell] = []
    for at, (column, attended) in enumerate(zip(columns, came, strict=True)):
        found = held.get(column.key, ())
        if found:
            images = [image for visit in found for image in images_of.get(visit.id, ())]
            cells.append(_cell(progress, found, images, attended, first))
        else:
            cells.append(_MISSED if at < last and column.plan is not None else _OPEN)
    return tuple(cells)


def _cell(
    progress: Mapping[int, Progress],
    visits: Sequence[Visit],
    images: Sequence[ImageRecord],
    attended: Attendance | None,
    first: Mapping[str, ImageRecord],
) -> Cell:
    by_site: dict[str, list[ImageRecord]] = {}
    for image in images:
        by_site.setdefault(image.site, []).append(image)
    sites = tuple(
        Site(name, tuple(image.id for image in found), min(progress[image.id] for image in found))
        for name, found in by_site.items()
    )
    return Cell(
        visit_ids=tuple(visit.id for visit in visits),
        date=visits[0].date,
        timing=_timing(attended),
        days_off=None if attended is None else attended.days_off,
        sites=sites,
        progress=min((site.progress for site in sites), default=Progress.NO_IMAGE),
        missing_sites=tuple(name for name in first if name not in by_site) if sites else (),
        warnings=tuple(warning for image in images for warning in _warnings(image, first[image.site])),
    )


_MISSED, _OPEN = (Cell((), "", timing, None, (), Progress.NO_VISIT, (), ()) for timing in (Timing.MISSED, Timing.OPEN))


def _timing(attended: Attendance | None) -> Timing:
    if attended is None:
        return Timing.UNPLANNED
    if attended.week == BASELINE and attended.status is not Status.UNDATED:
        return Timing.BASELINE
    return _OF_STATUS[attended.status]


def _progress(study: Study, image_id: int) -> Progress:
    read: Read | None = study.read_in_use(image_id)
    return Progress.NOT_DETECTED if read is None else _OF_READ[read.review.state]


def _warnings(image: ImageRecord, first: ImageRecord) -> Iterator[str]:
    """Why an image must not be compared with the first one of its site without a thought."""
    if image.device and first.device and image.device != first.device:
        yield f"{image.site}: taken with {image.device}, the first image with {first.device}."
    scale, before = image.calibration, first.calibration
    if scale is None:
        yield f"{image.site}: an image has no scale."
    elif before is not None and not 1 / SAME_SCALE <= scale.um_per_px / before.um_per_px <= SAME_SCALE:
        yield f"{image.site}: {scale.um_per_px:.4g} µm/px, the first image {before.um_per_px:.4g} µm/px."
