"""What became of each unit and hair between visits as a table, and the columns of the table of changes."""

from collections.abc import Iterator

from analysis.matching.match import Match
from workstation.changes import CHANGE_COLUMNS
from workstation.endpoints import Cell, known
from workstation.image_names import image_names
from workstation.matched_pairs import MatchedPair, in_order, matched_pair
from workstation.model.study import Study

MATCHES = (
    "level", "subject", "baseline_image", "followup_image", "baseline_id", "followup_id", "status", "distance_um",
    "width_change_um", "baseline_read_id", "followup_read_id", "ruled", "site", "baseline_visit", "followup_visit",
    "baseline_reader", "followup_reader", "baseline_read_state", "followup_read_state",
)  # fmt: skip
CHANGES = tuple(name for name, _, _ in CHANGE_COLUMNS)
"""Of the rows of `change_rows`."""


def match_table(study: Study) -> list[dict[str, Cell]]:
    """One row a unit or hair of each registered pair, in the reads in use; the pairs by subject, site and time.

    No row stands for what has no partner and lies outside the area that both images show.
    """
    names = image_names(study)
    return [
        row
        for pair in in_order(study, study.pairs.values())
        if (matched := matched_pair(study, pair)) is not None
        for row in _rows(study, matched, names[pair.baseline_image_id], names[pair.followup_image_id])
    ]


def _rows(study: Study, matched: MatchedPair, baseline_image: str, followup_image: str) -> Iterator[dict[str, Cell]]:
    here, there = (study.images[image_id] for image_id in matched.pair.image_ids)
    before, after = study.visits[here.visit_id], study.visits[there.visit_id]
    of_pair: dict[str, Cell] = {
        "subject": before.subject,
        "baseline_image": baseline_image,
        "followup_image": followup_image,
        "baseline_read_id": matched.baseline.id,
        "followup_read_id": matched.followup.id,
        "site": here.site,
        "baseline_visit": before.name,
        "followup_visit": after.name,
        "baseline_reader": matched.baseline.reader,
        "followup_reader": matched.followup.reader,
        "baseline_read_state": matched.baseline.review.state.value,
        "followup_read_state": matched.followup.review.state.value,
    }
    for match in (*matched.matching.units, *matched.matching.hairs):
        yield of_pair | _cells(match)


def _cells(match: Match) -> dict[str, Cell]:
    return {
        "level": match.level.value,
        "baseline_id": match.baseline_id,
        "followup_id": match.followup_id,
        "status": match.status.value,
        "distance_um": known(match.distance_um),
        "width_change_um": known(match.width_change_um),
        "ruled": match.ruled,
    }
