"""What a trial lacks, and why: each gap named, none filled."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from workstation.image_names import image_names
from workstation.model.study import Study
from workstation.trial.common_field import common_changes
from workstation.trial.results import Basis, ValueTable
from workstation.trial.schedule import BASELINE, Status, attendance, weeks_of_visits
from workstation.trial.scores import score_of
from workstation.trial.values import value_tables
from workstation.trial.wording import number, week


class Lack(StrEnum):
    """What is not there."""

    VISIT = "visit"
    IMAGE = "image"
    READ = "read"
    SCALE = "scale"
    CHANGE = "change"
    """On the common field, where that is the basis."""
    VALUE = "value"
    ANSWERS = "answers"
    SCORE = "score"


ORDER = {lack: place for place, lack in enumerate(Lack)}
NO_UNIT = "No follicular unit was counted."
TOO_FEW_UNITS = "There are too few follicular units for it."
WHY_UNDEFINED = {
    "hairs_per_fu": NO_UNIT,
    "fu_share_1": NO_UNIT,
    "fu_share_2": NO_UNIT,
    "fu_share_3": NO_UNIT,
    "fu_share_4_plus": NO_UNIT,
    "mean_hair_width_um": "No counted hair has a known width.",
    "sum_hair_width_mm_per_cm2": "No counted hair has a known width.",
    "inter_follicular_distance_mm": TOO_FEW_UNITS,
    "inter_follicular_distance_delaunay_mm": TOO_FEW_UNITS,
    "terminal_vellus_ratio": "There is no vellus hair.",
}
"""Why an endpoint of an image that has a scale may be undefined."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One gap."""

    subject: str
    week: float
    lack: Lack
    what: str
    """The image's name, the questionnaire's title or the outcome's label; empty for a visit."""
    reason: str
    """One sentence."""


def missing_data(
    study: Study, basis: Basis = Basis.OWN, tables: Sequence[ValueTable] | None = None
) -> tuple[Missing, ...]:
    """All that is missing, by subject and week: a gap is told of once, at the first thing that lacks.

    Args:
        study: the study.
        basis: the fields on which endpoints are compared.
        tables: the values on that basis, if they are at hand.
    """
    tables = value_tables(study, basis) if tables is None else tables
    found = {
        *_visits(study),
        *_images(study),
        *_reads(study),
        *(_changes(study) if basis is Basis.COMMON else ()),
        *_values(study, tables),
        *_answers(study),
    }
    return tuple(sorted(found, key=lambda gap: (gap.subject, gap.week, ORDER[gap.lack], gap.what, gap.reason)))


def _visits(study: Study) -> Iterator[Missing]:
    for each in attendance(study):
        if each.status is Status.MISSED:
            reason = "There is no baseline." if each.week == BASELINE else f"There is no visit of {week(each.week)}."
            yield Missing(each.subject, each.week, Lack.VISIT, "", reason)


def _images(study: Study) -> Iterator[Missing]:
    """Visits without an image in a week at which others have one, and sites of the baseline that were left out."""
    weeks = weeks_of_visits(study)
    sites: defaultdict[tuple[str, float], set[str]] = defaultdict(set)
    for image in study.images.values():
        if image.visit_id in weeks:
            sites[study.visits[image.visit_id].subject, weeks[image.visit_id]].add(image.site)
    photographed = {when for _, when in sites}
    for subject, when in {(study.visits[i].subject, when) for i, when in weeks.items()}:
        seen = sites.get((subject, when), set())
        if not seen and when in photographed:
            yield Missing(subject, when, Lack.IMAGE, "", "The visit has no image.")
        elif seen:
            for site in sites.get((subject, BASELINE), set()) - seen:
                yield Missing(subject, when, Lack.IMAGE, site, f"There is no image of the site {site!r}.")


def _reads(study: Study) -> Iterator[Missing]:
    """Images without a read or a scale."""
    weeks, names = weeks_of_visits(study), image_names(study)
    for image_id, image in study.images.items():
        if image.visit_id not in weeks:
            continue
        subject, when = study.visits[image.visit_id].subject, weeks[image.visit_id]
        if study.read_in_use(image_id) is None:
            yield Missing(subject, when, Lack.READ, names[image_id], "Nothing was detected in the image yet.")
        elif image.calibration is None:
            reason = "The image has no scale, so it gives no density, width or distance."
            yield Missing(subject, when, Lack.SCALE, names[image_id], reason)


def _changes(study: Study) -> Iterator[Missing]:
    """Images whose change on the common field is not known."""
    weeks, names = weeks_of_visits(study), image_names(study)
    read = [image_id for image_id in study.images if study.read_in_use(image_id) is not None]
    for image_id, found in common_changes(study, read).items():
        if found.reason:
            visit = study.visit_of(image_id)
            yield Missing(visit.subject, weeks[visit.id], Lack.CHANGE, names[image_id], found.reason)


def _values(study: Study, tables: Sequence[ValueTable]) -> Iterator[Missing]:
    """Endpoints that are not defined although the subject was read at that week."""
    weeks = weeks_of_visits(study)
    read = {place for table in tables for place in table.read_ids}
    unscaled = {
        (study.visits[image.visit_id].subject, weeks[image.visit_id])
        for image in study.images.values()
        if image.calibration is None and image.visit_id in weeks
    }
    for table in tables:
        if table.outcome.questionnaire_id:
            continue
        i, j = np.nonzero(np.isfinite(table.values))
        defined = {(table.subjects[s], table.weeks[w]) for s, w in zip(i.tolist(), j.tolist(), strict=True)}
        for subject, when in read - defined - unscaled:
            reason = WHY_UNDEFINED.get(table.outcome.name, "It is not defined there.")
            yield Missing(subject, when, Lack.VALUE, table.outcome.label, reason)


def _answers(study: Study) -> Iterator[Missing]:
    """Questionnaires that others answered at that week, and answers too few for a score."""
    weeks = weeks_of_visits(study)
    subject_at = {i: (study.visits[i].subject, when) for i, when in weeks.items()}
    given: defaultdict[str, set[tuple[str, float]]] = defaultdict(set)
    for response in study.responses.values():
        if response.visit_id not in weeks:
            continue
        questionnaire, place = study.questionnaires[response.questionnaire_id], subject_at[response.visit_id]
        given[questionnaire.id].add(place)
        if score_of(study, response) is None:
            n_given, n_items = len(response.answers), len(questionnaire.items)
            needed = number(100 * questionnaire.min_answered, 0)
            reason = f"{n_given} of {n_items} items were answered; a score needs {needed} %."
            yield Missing(*place, Lack.SCORE, questionnaire.title, reason)
    for id_, places in given.items():
        asked = {when for _, when in places}
        for subject, when in set(subject_at.values()) - places:
            if when in asked:
                reason = "The questionnaire was not answered."
                yield Missing(subject, when, Lack.ANSWERS, study.questionnaires[id_].title, reason)
