"""The images of a study by subject, site and time."""

import math
from collections.abc import Iterable, Mapping
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
    return tuple(dict.fromkeys(area.subject for area in _images_by_area(study)))


def areas_of(study: Study, subject: str) -> tuple[Area, ...]:
    """The areas of a participant, in the order in which they came into the study."""
    return study.derived(_areas_by_subject, "images", "visits").get(subject, ())


def images_of(study: Study, area: Area) -> tuple[int, ...]:
    """The images of an area, earliest first."""
    return _images_by_area(study).get(area, ())


def _images_by_area(study: Study) -> Mapping[Area, tuple[int, ...]]:
    return study.derived(_sorted_into_areas, "images", "visits")


def _sorted_into_areas(study: Study) -> Mapping[Area, tuple[int, ...]]:
    """The images of each area, earliest first; areas in the order in which they came into the study."""
    found: dict[Area, list[int]] = {}
    for image_id in sorted(study.images):
        found.setdefault(area_of(study, image_id), []).append(image_id)
    return {area: by_time(study, image_ids) for area, image_ids in found.items()}


def _areas_by_subject(study: Study) -> Mapping[str, tuple[Area, ...]]:
    found: dict[str, list[Area]] = {}
    for area in _images_by_area(study):
        found.setdefault(area.subject, []).append(area)
    return {subject: tuple(areas) for subject, areas in found.items()}


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
    return len(_images_by_area(study)) < len(study.images)
