"""What became of each unit and hair in all pairs of a study: what tables and files are made of."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.matching.match import Matching
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


def matched_pairs(study: Study) -> Iterator[MatchedPair]:
    """Every pair that can be matched, in the order of the pairs' ids, one worked out after the other."""
    for _, pair in sorted(study.pairs.items()):
        baseline, followup = (study.read_in_use(image_id) for image_id in pair.image_ids)
        if baseline is None or followup is None:
            continue
        if (matching := matching_of(study, pair, baseline, followup)) is not None:
            yield MatchedPair(pair, baseline, followup, matching)
