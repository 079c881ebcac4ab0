"""The pairs of a study with what became of each unit and hair: what tables and files are made of."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.matching.match import Matching
from workstation.areas import area_of, by_time, when
from workstation.model.pair import Pair
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.pairing import matching_of


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """A registered pair of images, the reads that stand for them, and their matches."""

    pair: Pair
    baseline: Read
    followup: Read
    matching: Matching


def matched_pair(study: Study, pair: Pair) -> MatchedPair | None:
    """A pair with the matches of the reads in use; None where it cannot be matched, or goes back in time."""
    if not _goes_on(study, pair):
        return None
    baseline, followup = (study.read_in_use(image_id) for image_id in pair.image_ids)
    if baseline is None or followup is None:
        return None
    matching = matching_of(study, pair, baseline, followup)
    return None if matching is None else MatchedPair(pair, baseline, followup, matching)


def in_order(study: Study, pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Pairs of a study by subject, site and time, that of the earlier image first.

    One that goes back in time is left out: the visits' weeks were told after it was made, and its losses are gains.
    """

    def order(pair: Pair) -> tuple[object, ...]:
        baseline, followup = pair.image_ids
        return area_of(study, baseline), when(study, baseline), when(study, followup)

    return tuple(sorted((pair for pair in pairs if _goes_on(study, pair)), key=order))


def _goes_on(study: Study, pair: Pair) -> bool:
    return by_time(study, pair.image_ids) == pair.image_ids
