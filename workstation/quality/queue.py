"""The reads that wait for a decision, the one that matters most first.

The score of a read is the product of three factors, each of which can be told and looked up:

* **doubt**, in %: the expected error of its count, `reviewing.expected_error`, plus 2.6 %, by which the same reader
  differs on the same image at best (CV 2.6 to 9.8 %, a study of phototrichograms from Yonsei University).
* **effect**, in hairs/cm²: how far the group's mean change of the hair density since the baseline moves if this count
  moves by 1 %: density / 100, divided by the subject's images at that visit and by the subjects who have both visits.
  At the primary week it counts in full; where the primary week does not rest on the read, half of the largest at any
  other week counts, or half of that on the mean of its own week where no change rests on it.
* **disagreement**: ½ + the largest difference to another reader's finished read of the image over the one from which
  the study adjudicates; 1 where nobody else has finished a read of it, so that a read that others confirm goes behind
  one that nobody has looked at. The difference is that of the counts, or the hairs that only one of the two has where
  these are more, in % of the mean of both counts: equal counts of different hairs are no agreement.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import median

from workstation.endpoints import endpoints_of
from workstation.model.read import FINISHED, Read, ReadState
from workstation.model.study import Study
from workstation.reviewing import expected_error
from workstation.trial.schedule import BASELINE, weeks_of_visits

READER_CV_PERCENT = 2.6
UNKNOWN_DISAGREEMENT = 1.0
LEAST_DISAGREEMENT = 0.5
SECONDARY = 0.5


@dataclass(frozen=True, slots=True)
class Factors:
    """Why a read stands where it does."""

    doubt_percent: float
    effect_per_cm2: float
    """In hairs/cm² per percent; what is usual in this queue where `effect_known` is false."""
    disagreement: float
    expected_error_percent: float
    """NaN where no hair is counted."""
    effect_known: bool
    rests_on: str
    """What the effect is on, in words: `the mean change at week 12`."""
    other_reader: str
    """Whose read is farthest; empty where nobody else has finished a read of it."""
    difference_percent: float
    """NaN with it."""

    @property
    def score(self) -> float:
        """The product."""
        return self.doubt_percent * self.effect_per_cm2 * self.disagreement

    @property
    def brief(self) -> str:
        """The three factors as short as they can be: `2.0 % in doubt · 1.2/cm² a percent · 16.4 % off Bo`."""
        parts = [
            "" if math.isnan(self.expected_error_percent) else f"{self.expected_error_percent:.1f} % in doubt",
            f"{self.effect_per_cm2:.2g}/cm² a percent" if self.effect_known else "effect not known",
            f"{self.difference_percent:.1f} % off {self.other_reader}"
            if self.other_reader
            else "no other finished read",
        ]
        return " · ".join(filter(None, parts))

    @property
    def reason(self) -> str:
        """The three factors in words."""
        error = self.expected_error_percent
        doubt = "no hair is counted" if math.isnan(error) else f"{error:.1f} % of the hairs may be wrong"
        effect = (
            f"1 % of them moves {self.rests_on} by {self.effect_per_cm2:.2g} hairs/cm²"
            if self.effect_known
            else f"{self.rests_on}, so an effect as usual here is taken"
        )
        others = (
            f"it differs from {self.other_reader}'s read by {self.difference_percent:.1f} % of the hairs"
            if self.other_reader
            else "nobody else has finished a read of the image"
        )
        return f"{doubt}; {effect}; {others}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A read in the queue."""

    read: Read
    factors: Factors


def queue(study: Study) -> tuple[Waiting, ...]:
    """The submitted reads, worst first; of equal score the one that was made first.

    One that came in anew out of its work file since waits no more: its reader stands by the later one.
    """
    replaced = {read.amends for read in study.reads.values()}
    submitted = [read for read in study.reads.values() if read.review.state is ReadState.SUBMITTED]
    reads = [read for read in submitted if read.id not in replaced]
    places = _Places.of(study)
    factors = [_factors(study, read, places) for read in reads]
    known = [found.effect_per_cm2 for found in factors if found.effect_known]
    usual = median(known) if known else 1.0
    waiting = [
        Waiting(read, found if found.effect_known else replace(found, effect_per_cm2=usual))
        for read, found in zip(reads, factors, strict=True)
    ]
    return tuple(sorted(waiting, key=lambda each: (-each.factors.score, each.read.id)))


@dataclass(frozen=True, slots=True)
class _Places:
    """Which images stand for a subject at a week, and how many subjects a mean change rests on."""

    weeks: Mapping[int, float]
    """Of the visits."""
    images: Mapping[tuple[str, float], int]
    """By subject and week: the number of images with a read."""
    primary_week: float

    @classmethod
    def of(cls, study: Study) -> "_Places":
        weeks, images = weeks_of_visits(study), defaultdict[tuple[str, float], int](int)
        control = study.plan.control_site
        for image_id, image in study.images.items():
            measured = image.calibration is not None and study.read_in_use(image_id) is not None
            if measured and image.visit_id in weeks and not (control and image.site == control):
                images[study.visits[image.visit_id].subject, weeks[image.visit_id]] += 1
        return cls(weeks, dict(images), study.plan.primary_week)

    def n_both(self, week: float) -> int:
        """How many subjects have the baseline and a later week."""
        return sum((subject, BASELINE) in self.images for subject, at in self.images if at == week)

    def share(self, study: Study, image_id: int) -> tuple[float, str] | None:
        """How far a mean moves if the image's value moves by 1, and which; None where the image enters none."""
        visit = study.visit_of(image_id)
        week = self.weeks.get(visit.id, math.nan)
        n_images = self.images.get((visit.subject, week), 0)
        if not n_images:
            return None
        later = {at for subject, at in self.images if subject == visit.subject and at != BASELINE}
        moved = later if week == BASELINE else {week} & later
        if (visit.subject, BASELINE) not in self.images:
            moved = set()
        if self.primary_week in moved:
            return 1 / n_images / self.n_both(self.primary_week), f"the mean change at {_week(self.primary_week)}"
        if moved:
            fewest = min(moved, key=lambda at: (self.n_both(at), at))
            return SECONDARY / n_images / self.n_both(fewest), f"the mean change at {_week(fewest)}, by half,"
        n = sum(at == week for _, at in self.images)
        return SECONDARY / n_images / n, f"the mean at {_week(week)}, by half,"


def _factors(study: Study, read: Read, places: _Places) -> Factors:
    error = expected_error(read)
    percent = 0.0 if math.isnan(error.percent) else error.percent
    density = endpoints_of(study, read).hair_density_per_cm2
    share = places.share(study, read.image_id)
    known = share is not None and math.isfinite(density)
    other, difference = _farthest(study, read)
    limit = study.reading.adjudicate_above_percent
    return Factors(
        doubt_percent=percent + READER_CV_PERCENT,
        effect_per_cm2=density / 100 * share[0] if known and share is not None else math.nan,
        disagreement=LEAST_DISAGREEMENT + difference / limit if other else UNKNOWN_DISAGREEMENT,
        expected_error_percent=error.percent,
        effect_known=known,
        rests_on=share[1] if known and share is not None else _unknown(study, read),
        other_reader=other,
        difference_percent=difference,
    )


def _unknown(study: Study, read: Read) -> str:
    image = study.images[read.image_id]
    if image.calibration is None:
        return "the image has no scale"
    return "it is of the control site" if image.site and image.site == study.plan.control_site else "it has no week"


def _farthest(study: Study, read: Read) -> tuple[str, float]:
    """Whose finished read of the image is farthest, and by how much in percent of the mean count."""
    latest: dict[str, Read] = {}
    amended = study.amended_reads(read.image_id)
    for other in study.reads_of(read.image_id):
        comparable = not other.repeat and other.adjudicates is None and other.review.state in FINISHED
        if comparable and other.id not in amended and other.reader != read.reader:
            latest[other.reader] = other
    found = [(_difference(study, read, other), name) for name, other in latest.items()]
    difference, name = max(found, default=(math.nan, ""))
    return name, difference


def _difference(study: Study, read: Read, other: Read) -> float:
    """Of the counts, or what only one of the two has, in percent of the mean count: whichever is more."""
    from workstation.agreement.hairs import match_reads  # scipy: not for the start of the program

    one, another = (endpoints_of(study, each).hair_count for each in (read, other))
    found = match_reads(study, read, other).hairs
    only_one = len(found.only_first) + len(found.only_second)
    differs = max(abs(one - another), only_one)
    return 200 * differs / (one + another) if one + another else 0.0


def _week(week: float) -> str:
    return "baseline" if week == BASELINE else f"week {week:g}"
