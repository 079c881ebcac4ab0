"""A study without what tells of whom, when and by whom it is: the same measurements under other names and numbers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

import shapely

from analysis.detection import FloatArray
from workstation.deidentifying.key import Key
from workstation.deidentifying.pictures import CleanPicture
from workstation.edits.outlines import clipped, outline_of
from workstation.model.field import Exclusion, ExclusionCause
from workstation.model.hair import Hair, Unit
from workstation.model.pair import Pair
from workstation.model.read import DETECTOR, Read, ReadState, Review
from workstation.model.study import ImageRecord, Study, Subject, Visit
from workstation.model.trial import AdverseEvent, TrialPlan
from workstation.model.validity import MIN_AREA_PX
from workstation.trial.schedule import BASELINE, day_of, visits_by_subject, weeks_of_visits

OLDEST_YEARS = 90.0
"""Higher ages are given as this one: so few people are older that the age alone may tell who it is."""
STUDY_DAY = "study_day"
"""The note on an image: days since the subject's baseline."""
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _Numbers:
    """New ids by old ones, which follow the order in which subjects were entered and would tell who is who."""

    visits: Mapping[int, int]
    images: Mapping[int, int]
    reads: Mapping[int, int]
    pairs: Mapping[int, int]


def deidentified(
    study: Study,
    key: Key,
    pictures: Mapping[int, CleanPicture],
    *,
    study_id: str,
    now_utc: str,
    folder: str,
    keep_comments: bool = False,
) -> Study:
    """The study under the names of a key, without dates, comments, notes and history.

    Args:
        study: the original.
        key: what stands for what.
        pictures: the image files that will lie beside it, by the image's original id.
        study_id: the new one.
        now_utc: stands for every time of day and date that a study must have, ISO 8601.
        folder: of the images, relative to the study's.
        keep_comments: comments on hairs, units, images and events, and the trial's title, stay.
    """
    days = _Days(study)
    numbers = _numbers(study, key)

    def text(comment: str) -> str:
        return comment if keep_comments else ""

    subjects = [_subject(study.subjects[old], new) for old, new in key.subjects.items()]
    visits = [
        Visit(numbers.visits[i], key.subjects[visit.subject], key.visits[i], visit.week)
        for i, visit in study.visits.items()
    ]
    images = [
        _image(image, key, pictures[i], numbers, days.of(visit.subject, visit.date), folder)
        for i, image in study.images.items()
        for visit in [study.visits[image.visit_id]]
    ]
    reads = [
        _read(read, key, pictures[read.image_id], study.images[read.image_id], numbers, now_utc, keep_comments)
        for read in study.reads.values()
    ]
    pairs = [_pair(pair, key, numbers, now_utc) for pair in study.pairs.values()]
    ordered = sorted(study.responses.values(), key=lambda r: (numbers.visits[r.visit_id], r.questionnaire_id, r.id))
    responses = [
        replace(response, id=number, visit_id=numbers.visits[response.visit_id])
        for number, response in enumerate(ordered, start=1)
    ]
    return Study(
        id=study_id,
        created_utc=now_utc,
        cutoffs=study.cutoffs,
        subjects=_mapped((subject.id, subject) for subject in sorted(subjects, key=lambda s: s.id)),
        visits=_numbered(visits),
        images=_numbered(images),
        reads=_numbered(reads),
        rules=study.rules,
        reading=study.reading,
        pairs=_numbered(pairs),
        plan=_plan(study.plan, key, now_utc, text),
        questionnaires=study.questionnaires,
        responses=_numbered(responses),
        events=_numbered(_events(study, key, days, text)),
    )


def _mapped(items: Iterable[tuple[Any, V]]) -> Mapping[Any, V]:
    return MappingProxyType(dict(items))


def _numbered(values: Sequence[Any]) -> Mapping[int, Any]:
    return _mapped((value.id, value) for value in sorted(values, key=lambda v: v.id))


def _numbers(study: Study, key: Key) -> _Numbers:
    """By the new codes, then by week, site and the old order; the reads of an image keep theirs."""

    def place(visit: Visit) -> tuple[str, bool, float, str, int]:
        return key.subjects[visit.subject], visit.week is None, visit.week or 0.0, visit.date, visit.id

    visits = _new_ids(study.visits, lambda i: place(study.visits[i]))
    images = _new_ids(study.images, lambda i: (visits[study.images[i].visit_id], key.sites[study.images[i].site], i))
    reads = _new_ids(study.reads, lambda i: (images[study.reads[i].image_id], i))
    pairs = _new_ids(study.pairs, lambda i: tuple(images[image] for image in study.pairs[i].image_ids))
    return _Numbers(visits, images, reads, pairs)


def _new_ids(ids: Iterable[int], place: Any) -> dict[int, int]:
    return {old: new for new, old in enumerate(sorted(ids, key=place), start=1)}


class _Days:
    """Dates as days since the subject's baseline: no other visit stands for one whose day is not known."""

    def __init__(self, study: Study) -> None:
        weeks = weeks_of_visits(study)
        self._baselines: dict[str, date | None] = {}
        for subject, visits in visits_by_subject(study).items():
            first = next((visit for visit in visits if weeks.get(visit.id) == BASELINE), None)
            self._baselines[subject] = None if first is None else day_of(first)

    def of(self, subject: str, iso: str) -> int | None:
        """The day; None where it or the baseline is not known."""
        baseline = self._baselines.get(subject)
        return (date.fromisoformat(iso) - baseline).days if iso and baseline is not None else None


def _plan(plan: TrialPlan, key: Key, now_utc: str, text: Callable[[str], str]) -> TrialPlan:
    return replace(
        plan,
        title=text(plan.title),
        control_site=key.sites[plan.control_site] if plan.control_site else "",
        named_utc=now_utc if plan.named_utc else "",
    )


def _subject(subject: Subject, code: str) -> Subject:
    age = None if subject.age is None else min(subject.age, OLDEST_YEARS)
    return replace(subject, id=code, age=age)


def _image(
    image: ImageRecord, key: Key, picture: CleanPicture, numbers: _Numbers, day: int | None, folder: str
) -> ImageRecord:
    masked = len(picture.masked_px)
    return replace(
        image,
        id=numbers.images[image.id],
        visit_id=numbers.visits[image.visit_id],
        site=key.sites[image.site],
        path=f"{folder}/{key.images[image.id]}",
        sha256=picture.sha256,
        source_name=key.images[image.id],
        notes=MappingProxyType({} if day is None else {STUDY_DAY: str(day)}),
        conversions=(f"text and margins masked in {masked} places",) if masked else (),
        embedded=False,
    )


def _read(
    read: Read,
    key: Key,
    picture: CleanPicture,
    image: ImageRecord,
    numbers: _Numbers,
    now_utc: str,
    keep_comments: bool,
) -> Read:
    hairs: Mapping[int, Hair] = read.hairs
    units: Mapping[int, Unit] = read.units
    review = _review(read.review, key)
    if not keep_comments:
        hairs = _mapped((i, replace(hair, comment="") if hair.comment else hair) for i, hair in hairs.items())
        units = _mapped((i, replace(unit, comment="")) for i, unit in units.items())
        review = replace(review, comment="")
    exclusions = _exclusions(read, picture.masked_px, image)
    return replace(
        read,
        id=numbers.reads[read.id],
        image_id=numbers.images[read.image_id],
        reader=read.reader if read.reader == DETECTOR else key.readers[read.reader],
        created_utc=now_utc,
        review=review,
        field=replace(read.field, exclusions=(*read.field.exclusions, *exclusions)),
        hairs=hairs,
        units=units,
        next_id=read.next_id + len(exclusions),
        based_on=None if read.based_on is None else numbers.reads[read.based_on],
        amends=None if read.amends is None else numbers.reads[read.amends],
        package="",
        adjudicates=None if read.adjudicates is None else _both(numbers.reads, read.adjudicates),
    )


def _review(review: Review, key: Key) -> Review:
    """How far a read has come. What locks a signed one is its signature, which is left behind: it is accepted."""
    state = ReadState.ACCEPTED if review.state is ReadState.SIGNED else review.state
    return replace(review, state=state, decided_by=key.readers[review.decided_by] if review.decided_by else "")


def _both(numbers: Mapping[int, int], ids: tuple[int, int]) -> tuple[int, int]:
    return numbers[ids[0]], numbers[ids[1]]


def _exclusions(read: Read, masked_px: Sequence[FloatArray], image: ImageRecord) -> list[Exclusion]:
    """What was masked, as exclusions: as far as it lies in the field, is not left out already and leaves some of it."""
    left = read.field.region()
    found: list[Exclusion] = []
    for outline in masked_px:
        polygon = shapely.make_valid(shapely.Polygon(outline))
        if shapely.intersection(left, polygon).area < MIN_AREA_PX:
            continue
        after = shapely.difference(left, polygon)
        if after.area < MIN_AREA_PX:
            continue
        for part in clipped(polygon, image):
            found.append(Exclusion(read.next_id + len(found), outline_of(part), ExclusionCause.TEXT))
        left = after
    return found


def _pair(pair: Pair, key: Key, numbers: _Numbers, now_utc: str) -> Pair:
    new_id = numbers.pairs[pair.id]
    record = pair.registration
    if record is not None:
        reads = numbers.reads[record.baseline_read_id], numbers.reads[record.followup_read_id]
        record = replace(record, baseline_read_id=reads[0], followup_read_id=reads[1], created_utc=now_utc)
    decisions = (
        replace(
            decision,
            pair_id=new_id,
            baseline_read_id=numbers.reads[decision.baseline_read_id],
            followup_read_id=numbers.reads[decision.followup_read_id],
            reader=key.readers.get(decision.reader, decision.reader),
        )
        for decision in pair.decisions.values()
    )
    return replace(
        pair,
        id=new_id,
        baseline_image_id=numbers.images[pair.baseline_image_id],
        followup_image_id=numbers.images[pair.followup_image_id],
        registration=record,
        landmarks=_mapped((i, replace(landmark, pair_id=new_id)) for i, landmark in pair.landmarks.items()),
        decisions=_mapped((decision.id, decision) for decision in decisions),
    )


def _events(study: Study, key: Key, days: _Days, text: Callable[[str], str]) -> list[AdverseEvent]:
    """By code and day; the days stand in the comment, for an event has dates alone."""
    told = []
    for event in study.events.values():
        start, end = (days.of(event.subject, iso) for iso in (event.start_date, event.end_date))
        when = "" if start is None else f"from study day {start}"
        when += "" if end is None else f" to study day {end}"
        comment = "; ".join(part for part in (when.strip(), text(event.comment)) if part)
        told.append((key.subjects[event.subject], start is None, start or 0, event, comment))
    told.sort(key=lambda one: (*one[:3], one[3].term, one[3].id))
    return [
        replace(event, id=number, subject=code, start_date="", end_date="", comment=comment)
        for number, (code, _, _, event, comment) in enumerate(told, start=1)
    ]
