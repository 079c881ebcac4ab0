"""The values that a trial is computed from: one for each subject and week, of every outcome.

Statistics rest on these alone: a subject is the unit, hairs and images never are.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from types import MappingProxyType

import numpy as np

from workstation.endpoints import endpoints_of
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.trial.averaging import (
    FloatArray,
    ImageValues,
    IntArray,
    collected,
    counted,
    mean_by_site,
    mean_over_sites,
    rests_on_baseline,
)
from workstation.trial.common_field import common_changes
from workstation.trial.outcomes import image_outcomes, score_outcomes
from workstation.trial.results import Basis, Outcome, ValueTable
from workstation.trial.schedule import BASELINE, weeks_of_visits
from workstation.trial.scores import ByPlace, scores

ReadIds = Mapping[tuple[str, float], tuple[int, ...]]
"""The reads that a value comes from, by subject and week."""


def value_tables(study: Study, basis: Basis = Basis.OWN) -> tuple[ValueTable, ...]:
    """The values of all outcomes, in the order of the endpoints, then the questionnaires; those with any value.

    The read in use stands for an image. The control site, if the plan names one, is left out: see `control_tables`.

    Args:
        study: the study.
        basis: the fields that endpoints are measured on.
    """
    return study.derived(_TABLES[basis], *LOOKED_AT)


def control_tables(study: Study, basis: Basis = Basis.OWN) -> tuple[ValueTable, ...]:
    """The values of the control site alone, by endpoint; none where the plan names no such site."""
    control = study.plan.control_site
    images = [image_id for image_id, image in study.images.items() if control and image.site == control]
    return _image_tables(study, images, basis) if images else ()


def _tables(study: Study, basis: Basis) -> tuple[ValueTable, ...]:
    control = study.plan.control_site
    images = [image_id for image_id, image in study.images.items() if not control or image.site != control]
    return (*_image_tables(study, images, basis), *_score_tables(study))


LOOKED_AT = (
    "cutoffs", "visits", "images", "reads", "rules", "pairs", "plan", "questionnaires", "responses",
)  # fmt: skip
"""The parts of a study that its values follow from."""
_TABLES = {basis: partial(_tables, basis=basis) for basis in Basis}


@dataclass(frozen=True)
class _Images:
    """Images that have a read and a week, as columns."""

    subjects: tuple[str, ...]
    weeks: tuple[float, ...]
    image_id: tuple[int, ...]
    subject: IntArray
    site: IntArray
    week: IntArray
    read_id: IntArray
    values: FloatArray
    """(images, outcomes)."""
    moved: bool = False
    """Whether later values rest on those of the baseline too."""

    @property
    def baseline(self) -> int:
        """The index of its week."""
        return self.weeks.index(BASELINE)

    def of(self, values: FloatArray) -> ImageValues:
        """One outcome."""
        return ImageValues(self.subject, self.site, self.week, values)

    def by_site(self, values: FloatArray) -> FloatArray:
        """(subjects, sites, weeks) of one outcome."""
        return mean_by_site(self.of(values), len(self.subjects), len(self.weeks))


def _image_tables(study: Study, image_ids: Iterable[int], basis: Basis) -> tuple[ValueTable, ...]:
    chosen = image_outcomes()
    images = _measured(study, image_ids, [outcome.name for outcome in chosen])
    if images is None:
        return ()
    if basis is Basis.COMMON:
        images = _on_common_field(study, images, chosen)
    known: dict[bytes, ReadIds] = {}  # nearly always all outcomes have values in the same places
    tables = []
    for values, outcome in zip(images.values.T, chosen, strict=True):
        by_site = images.by_site(values)
        there = np.isfinite(values).tobytes()
        if there not in known:
            known[there] = _read_ids(images, values, by_site)
        means = mean_over_sites(by_site, images.baseline)
        tables.append(_table(outcome, images.subjects, images.weeks, means, known[there]))
    return tuple(table for table in tables if table is not None)


def _measured(study: Study, image_ids: Iterable[int], names: Sequence[str]) -> _Images | None:
    """The endpoints of images; None where none has both a read and a week."""
    weeks = weeks_of_visits(study)
    reads = {i: study.read_in_use(i) for i in image_ids if study.images[i].visit_id in weeks}
    seen: list[tuple[int, Read]] = sorted((i, read) for i, read in reads.items() if read is not None)
    if not seen:
        return None
    whose = [study.visit_of(i).subject for i, _ in seen]
    at = [weeks[study.images[i].visit_id] for i, _ in seen]
    subjects, known_weeks = tuple(sorted(set(whose))), tuple(sorted({BASELINE, *at}))
    subject_at = {code: k for k, code in enumerate(subjects)}
    week_at = {week: k for k, week in enumerate(known_weeks)}
    values_of = attrgetter(*names)
    return _Images(
        subjects,
        known_weeks,
        image_id=tuple(i for i, _ in seen),
        subject=np.array([subject_at[code] for code in whose]),
        site=_site_of_subject(whose, [study.images[i].site for i, _ in seen]),
        week=np.array([week_at[week] for week in at]),
        read_id=np.array([read.id for _, read in seen]),
        values=np.array([values_of(endpoints_of(study, read)) for _, read in seen], dtype=np.float64),
    )


def _site_of_subject(subjects: Sequence[str], sites: Sequence[str]) -> IntArray:
    """(images,) the place of each image's site among those of its subject."""
    place: defaultdict[str, dict[str, int]] = defaultdict(dict)
    known = [(place[subject], site) for subject, site in zip(subjects, sites, strict=True)]
    return np.array([own.setdefault(site, len(own)) for own, site in known], dtype=np.int64)


def _on_common_field(study: Study, images: _Images, chosen: Sequence[Outcome]) -> _Images:
    """The same with each later value moved so that it differs from the baseline's by the change on the common field."""
    found = common_changes(study, images.image_id)
    rows = [found[i].change if i in found else {} for i in images.image_id]
    change = np.array([[row.get(outcome.name, math.nan) for outcome in chosen] for row in rows])
    later = images.week != images.baseline
    values = images.values.copy()
    for k in range(len(chosen)):
        start = images.by_site(images.values[:, k])[images.subject, images.site, images.baseline]
        values[later, k] = (start + change[:, k])[later]
    return replace(images, values=values, moved=True)


def _read_ids(images: _Images, values: FloatArray, by_site: FloatArray) -> ReadIds:
    chosen = counted(images.of(values), by_site, images.baseline)
    found = collected(images.subject[chosen], images.week[chosen], images.read_id[chosen])
    too = rests_on_baseline(by_site, images.baseline) | images.moved
    first = images.baseline
    return MappingProxyType({
        (images.subjects[s], images.weeks[w]): tuple(sorted({*ids, *found.get((s, first), ())})) if too[s, w] else ids
        for (s, w), ids in found.items()
    })  # fmt: skip


def _score_tables(study: Study) -> tuple[ValueTable, ...]:
    found = scores(study) if study.responses else {}
    tables = (_score_table(outcome, found.get(outcome.questionnaire_id, {})) for outcome in score_outcomes(study))
    return tuple(table for table in tables if table is not None)


def _score_table(outcome: Outcome, found: ByPlace) -> ValueTable | None:
    subjects = tuple(sorted({subject for subject, _ in found}))
    weeks = tuple(sorted({BASELINE, *(week for _, week in found)}))
    row = {subject: k for k, subject in enumerate(subjects)}
    column = {week: k for k, week in enumerate(weeks)}
    values = np.full((len(subjects), len(weeks)), np.nan)
    for (subject, week), of_visit in found.items():
        values[row[subject], column[week]] = sum(of_visit) / len(of_visit)
    return _table(outcome, subjects, weeks, values, MappingProxyType({}))


def _table(
    outcome: Outcome,
    subjects: tuple[str, ...],
    weeks: tuple[float, ...],
    values: FloatArray,
    read_ids: ReadIds,
) -> ValueTable | None:
    """The table without subjects and weeks that have no value, the baseline kept; None where there is no value."""
    known = np.isfinite(values)
    rows = np.flatnonzero(known.any(axis=1))
    columns = np.flatnonzero(known.any(axis=0) | (np.array(weeks) == BASELINE)) if weeks else rows
    if not len(rows):
        return None
    kept = values[np.ix_(rows, columns)]
    kept.flags.writeable = False
    return ValueTable(
        outcome,
        tuple(subjects[i] for i in rows),
        tuple(weeks[j] for j in columns),
        kept,
        read_ids,
    )
