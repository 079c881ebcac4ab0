"""The visits of one area against each other: which images are pairs, and what became of each unit and hair.

Matches are not stored but follow from both reads, the registration and the decisions; what was worked out is
remembered as long as these are the very same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analysis.matching.match import Matching, Ruling
from analysis.registration.warp import Warp
from workstation.areas import Area, area_of, by_time, images_of
from workstation.model.pair import Decision, Pair
from workstation.model.read import Read, SameRead
from workstation.model.study import Study
from workstation.visit_columns import origins, scale_of, visit_hairs_of

REMEMBERED = 4096
"""The latest matchings of so many pairs of reads are kept at hand: of a whole trial, since each save needs them all."""


@dataclass(frozen=True, slots=True)
class PairIds:
    """Two images that belong together, the earlier one first."""

    baseline_image_id: int
    followup_image_id: int

    @property
    def image_ids(self) -> tuple[int, int]:
        """Both, the earlier one first."""
        return self.baseline_image_id, self.followup_image_id


def visits_of(study: Study, image_id: int) -> tuple[int, ...]:
    """One image of each visit of the area that an image shows, earliest first: the first one of each visit."""
    first: dict[int, int] = {}
    for each in images_of(study, area_of(study, image_id)):
        first.setdefault(study.images[each].visit_id, each)
    return tuple(first.values())


def baseline_image_of(study: Study, image_id: int) -> int:
    """The image of the area's first visit; the image itself where it is of that visit."""
    first = visits_of(study, image_id)[0]
    return image_id if study.images[image_id].visit_id == study.images[first].visit_id else first


def wanted_pairs(study: Study) -> tuple[PairIds, ...]:
    """The pairs to be matched: each image of a later visit with the first visit's and that of the visit before."""
    return pairs_among(study, study.images)


def pairs_among(study: Study, image_ids: Iterable[int]) -> tuple[PairIds, ...]:
    """The pairs among some images: each with the first visit's and that of the visit before, as far as among them."""
    areas: dict[Area, list[int]] = {}
    for image in sorted(image_ids):
        areas.setdefault(area_of(study, image), []).append(image)
    return tuple(pair for images in areas.values() for pair in _pairs_of_area(study, by_time(study, images)))


def _pairs_of_area(study: Study, images: Sequence[int]) -> Iterator[PairIds]:
    first: dict[int, int] = {}
    for image in images:
        first.setdefault(study.images[image].visit_id, image)
    visits = tuple(first)
    for image in images:
        place = visits.index(study.images[image].visit_id)
        earlier = () if place == 0 else dict.fromkeys((visits[0], visits[place - 1]))
        for visit in earlier:
            yield PairIds(first[visit], image)


def pair_between(study: Study, baseline_image_id: int, followup_image_id: int) -> Pair | None:
    """The pair of two images, the earlier one first; None where they were never registered."""
    return next(iter(study.pairs_between(baseline_image_id, followup_image_id)), None)


def in_force(study: Study, pair: Pair, baseline: Read, followup: Read) -> tuple[Decision, ...]:
    """The decisions of a pair whose ids mean in these reads what they meant, in the order of deciding."""
    before, after = origins(study, baseline), origins(study, followup)
    return tuple(
        decision
        for _, decision in sorted(pair.decisions.items())
        if decision.baseline_read_id in before and decision.followup_read_id in after
    )


def matching_of(
    study: Study, pair: Pair, baseline: Read | None = None, followup: Read | None = None
) -> Matching | None:
    """What became of each unit and hair between the images of a pair.

    Args:
        study: the study.
        pair: one of its pairs.
        baseline: the read of the earlier image; the one in use if None.
        followup: the read of the later image; the one in use if None.

    Returns:
        The matching; None where an image has no read or no scale, or the pair is not registered.
    """
    baseline = baseline or study.read_in_use(pair.baseline_image_id)
    followup = followup or study.read_in_use(pair.followup_image_id)
    record = pair.registration
    if baseline is None or followup is None or record is None or not record.usable or record.result.warp is None:
        return None
    scales = scale_of(study, baseline), scale_of(study, followup)
    if scales[0] is None or scales[1] is None:
        return None
    rulings = tuple(decision.ruling for decision in in_force(study, pair, baseline, followup))
    return _matched(SameRead(baseline), SameRead(followup), scales[0], scales[1], record.result.warp, rulings)


_latest: dict[tuple[int, int], tuple[tuple[object, ...], Matching]] = {}
"""By the ids of both reads: what was worked out last, and from what. Earlier states of a read are not kept alive."""


def _matched(
    baseline: SameRead, followup: SameRead, baseline_um_per_px: float, followup_um_per_px: float, warp: Warp,
    rulings: Sequence[Ruling],
) -> Matching:  # fmt: skip
    from analysis.matching.matcher import match  # scipy: not for the start of the program

    ids = baseline.read.id, followup.read.id
    asked = (baseline, followup, baseline_um_per_px, followup_um_per_px, warp, rulings)
    known = _latest.get(ids)
    if known is not None and known[0] == asked:
        return known[1]
    before, after = visit_hairs_of(baseline.read, baseline_um_per_px), visit_hairs_of(followup.read, followup_um_per_px)
    found = match(before, after, warp, rulings)
    _latest.pop(ids, None)  # a save on another thread may ask at the same time
    _latest[ids] = asked, found
    for oldest in list(_latest)[:-REMEMBERED]:
        _latest.pop(oldest, None)
    return found
