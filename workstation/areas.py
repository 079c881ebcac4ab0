"""The images of a study by subject, site and time."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from workstation.model.study import Study


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """One scalp area of one participant."""

    subject: str
    site: str


def area_of(study: Study, image_id: int) -> Area:
    """The area that an image shows."""
    return Area(study.visit_of(image_id).subject, study.images[image_id].site)


def subjects(study: Study) -> tuple[str, ...]:
    """All participants of whom there is an image, in the order in which they came into the study."""
    return tuple(dict.fromkeys(study.visit_of(image_id).subject for image_id in sorted(study.images)))


def areas_of(study: Study, subject: str) -> tuple[Area, ...]:
    """The areas of a participant, in the order in which they came into the study."""
    found = (area_of(study, image_id) for image_id in sorted(study.images))
    return tuple(area for area in dict.fromkeys(found) if area.subject == subject)


def images_of(study: Study, area: Area) -> tuple[int, ...]:
    """The images of an area, earliest first."""
    return by_time(study, (image_id for image_id in study.images if area_of(study, image_id) == area))


def by_time(study: Study, image_ids: Iterable[int]) -> tuple[int, ...]:
    """Images by week, then day, then as they came; those of no known week last."""
    return tuple(sorted(image_ids, key=lambda image_id: when(study, image_id)))


def when(study: Study, image_id: int) -> tuple[float, str, int, int]:
    """What images are put in the order of time by."""
    visit = study.visit_of(image_id)
    return math.inf if visit.week is None else visit.week, visit.date, visit.id, image_id


def ends(image_ids: tuple[int, ...]) -> tuple[int, ...]:
    """The first and the last of images; the one where there is but one."""
    return tuple(dict.fromkeys((*image_ids[:1], *image_ids[-1:])))


def has_visits(study: Study) -> bool:
    """Whether any area was seen more than once: else the study is a mere list of images."""
    areas = {area_of(study, image_id) for image_id in study.images}
    return len(areas) < len(study.images)
