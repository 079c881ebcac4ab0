"""What a reader of a trial's figures must know: each one sentence, told in the table, the window and the report."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from workstation.areas import Area, area_of
from workstation.image_names import image_names
from workstation.model.read import ReadState
from workstation.model.study import ImageRecord, Study
from workstation.trial.outcomes import outcomes
from workstation.trial.schedule import (
    BASELINE,
    Attendance,
    Status,
    attendance,
    day_of,
    planned_visits,
    visits_by_subject,
    weeks_of_visits,
)
from workstation.trial.wording import group, listed, week

SAME_SCALE = 1.05
"""Scales that differ by a smaller factor are one: a handheld stands nearer or further from visit to visit."""
MOST_BY_NAME = 5


def trial_warnings(study: Study) -> tuple[str, ...]:
    """What may make figures mean other than they seem to; each one clear sentence."""
    return (
        *plan_warnings(study),
        *_naming(study),
        *_subjects(study),
        *_weeks(study),
        *_attendance(study),
        *_images(study),
        *_areas(study),
    )


def plan_warnings(study: Study) -> Iterator[str]:
    """What the plan names and the study does not have, and who stands in no arm."""
    plan = study.plan
    if plan.primary_endpoint not in {outcome.name for outcome in outcomes(study)}:
        yield f"The primary endpoint {plan.primary_endpoint!r} is not one of this study's outcomes."
    if study.visits and plan.primary_week not in weeks_of_visits(study).values():
        yield f"There is no visit of {week(plan.primary_week)}, at which the primary endpoint is to be tested."
    arms = Counter(subject.arm for subject in study.subjects.values())
    if plan.control_arm and plan.control_arm not in arms:
        yield f"No subject is in the control arm {plan.control_arm!r}."
    if len(arms) > 1 and "" in arms:
        without = sorted(code for code, subject in study.subjects.items() if not subject.arm)
        yield f"Without an arm, and so a group of their own ({group('')}): {listed(without, MOST_BY_NAME)}."
    if plan.control_site and all(image.site != plan.control_site for image in study.images.values()):
        yield f"No image shows the control site {plan.control_site!r}."


def _naming(study: Study) -> Iterator[str]:
    """That the primary endpoint was named when there was something to choose from already."""
    named, weeks = study.plan.named_utc, weeks_of_visits(study)
    before = {
        read.image_id
        for read in study.reads.values()
        if read.created_utc < named and weeks.get(study.images[read.image_id].visit_id, BASELINE) > BASELINE
    }
    if before:
        images = "1 image" if len(before) == 1 else f"{len(before)} images"
        yield (
            f"The primary endpoint was named on {named[:10]}, when {images} of visits after the baseline had been "
            "detected or read already."
        )


def _subjects(study: Study) -> Iterator[str]:
    weeks = weeks_of_visits(study)
    with_baseline = {study.visits[i].subject for i, when in weeks.items() if when == BASELINE}
    by_subject = visits_by_subject(study)
    if without := [code for code in by_subject if code not in with_baseline]:
        yield f"No baseline, and so no change: {listed(without, MOST_BY_NAME)}."
    if unseen := sorted(set(study.subjects) - set(by_subject)):
        yield f"No visit: {listed(unseen, MOST_BY_NAME)}."


def _weeks(study: Study) -> Iterator[str]:
    weeks, planned = weeks_of_visits(study), {visit.week for visit in planned_visits(study)}
    unknown = [visit for visit in study.visits.values() if visit.id not in weeks]
    if unknown:
        names = [f"{visit.subject}, {visit.name}" for visit in unknown]
        yield f"Of no known week, and left out of all figures: {listed(names, MOST_BY_NAME)}."
    if others := sorted(set(weeks.values()) - planned):
        yield f"Visits of weeks that were not planned: {listed([week(each) for each in others], MOST_BY_NAME)}."
    twice, reversed_ = [], []
    for subject, visits in visits_by_subject(study).items():
        known = [(weeks[visit.id], day_of(visit)) for visit in visits if visit.id in weeks]
        often = Counter(when for when, _ in known)
        twice += [f"{subject}, {week(when)}" for when, count in sorted(often.items()) if count > 1]
        first = [day for when, day in known if when == BASELINE and day]
        if first and any(day < max(first) for when, day in known if when > BASELINE and day):
            reversed_.append(subject)
    if twice:
        yield f"Several visits of one week, whose mean is used: {listed(twice, MOST_BY_NAME)}."
    if reversed_:
        yield f"The baseline is dated after a later visit: {listed(reversed_, MOST_BY_NAME)}."


def _attendance(study: Study) -> Iterator[str]:
    """Visits out of their windows, in one sentence, and how many were missed or are undated."""
    found = attendance(study)
    off = [each for each in found if each.status in (Status.EARLY, Status.LATE)]
    if off:
        n_days = f"{len(off)} of {sum(each.visit_id is not None for each in found)} visits"
        yield f"Out of their windows: {n_days}: {listed([_days_off(each) for each in off], MOST_BY_NAME)}."
    missed = [f"{each.subject}, {week(each.week)}" for each in found if each.status is Status.MISSED]
    if missed:
        yield f"Missed, or still to come: {listed(missed, MOST_BY_NAME)}."


def _days_off(each: Attendance) -> str:
    days = abs(each.days_off or 0)
    return f"{each.subject}, {week(each.week)} ({days} {'day' if days == 1 else 'days'} {each.status})"


def _images(study: Study) -> Iterator[str]:
    reads = {image_id: study.read_in_use(image_id) for image_id in study.images}
    names, total = image_names(study), len(study.images)
    if unread := [names[i] for i, read in reads.items() if read is None]:
        yield f"Nothing was detected yet in {len(unread)} of {total} images: {listed(unread, MOST_BY_NAME)}."
    unreviewed = sum(read is not None and read.review.state is ReadState.DETECTED for read in reads.values())
    if unreviewed:
        yield f"{unreviewed} of {total} images rest on a detection that nobody has reviewed."
    if unscaled := [names[i] for i, image in study.images.items() if image.calibration is None]:
        yield f"No scale, and so no density, width or distance: {listed(unscaled, MOST_BY_NAME)}."


def _areas(study: Study) -> Iterator[str]:
    """Other devices, scales and sites at some visits of an area than at others."""
    of_area: defaultdict[Area, list[ImageRecord]] = defaultdict(list)
    for image_id, image in study.images.items():
        of_area[area_of(study, image_id)].append(image)
    devices = {area: sorted({image.device for image in images if image.device}) for area, images in of_area.items()}
    mixed = [f"{_name(area)} ({', '.join(used)})" for area, used in sorted(devices.items()) if len(used) > 1]
    if mixed:
        yield f"Widths and densities of different devices are not comparable: {listed(mixed, MOST_BY_NAME)}."
    scales = {area: [i.calibration.um_per_px for i in images if i.calibration] for area, images in of_area.items()}
    apart = [
        f"{_name(area)} ({min(used):.4g} to {max(used):.4g} µm/px)"
        for area, used in sorted(scales.items())
        if used and max(used) > SAME_SCALE * min(used)
    ]
    if apart:
        yield f"Scales differ between visits: {listed(apart, MOST_BY_NAME)}."
    yield from _sites(study, of_area)


def _sites(study: Study, of_area: Mapping[Area, list[ImageRecord]]) -> Iterator[str]:
    weeks = weeks_of_visits(study)
    seen = {area: {weeks.get(image.visit_id) for image in images} for area, images in of_area.items()}
    by_subject: defaultdict[str, set[float | None]] = defaultdict(set)
    for area, when in seen.items():
        by_subject[area.subject] |= when
    late = [_name(area) for area, when in sorted(seen.items()) if BASELINE in by_subject[area.subject] - when]
    if late:
        yield f"Sites without a baseline, left out of all figures: {listed(late, MOST_BY_NAME)}."
    gaps = [
        f"{_name(area)}, {week(when)}"
        for area, own in sorted(seen.items())
        if BASELINE in own
        for when in sorted(w for w in by_subject[area.subject] - own if w is not None)
    ]
    if gaps:
        shown = listed(gaps, MOST_BY_NAME)
        yield f"Sites not seen at a visit, where the mean change of the others stands for the subject: {shown}."


def _name(area: Area) -> str:
    return f"{area.subject}, {area.site}" if area.site else area.subject
