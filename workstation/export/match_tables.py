"""What became of each unit and hair between visits as a table, and the columns of the table of changes."""

from collections.abc import Iterator

from analysis.matching.match import Match, Status
from analysis.measures import ENDPOINTS
from workstation.changes import CHANGE_COLUMNS
from workstation.endpoints import Cell, known
from workstation.export.table import Column, Kind, Source, flag, integer, number, text
from workstation.matched_pairs import MatchedPair, in_order, matched_pair
from workstation.model.study import Study

MATCHES = (
    text("level", "fu or hair"),
    text("subject", "the participant's code"),
    text("baseline_image", "name of the earlier image"),
    text("followup_image", "name of the later image"),
    integer("baseline_id", "the unit or hair in the earlier image; empty where it is new"),
    integer("followup_id", "the unit or hair in the later image; empty where it is lost"),
    text("status", "kept, lost, new or uncertain"),
    number("distance_um", "distance between the two after registration", "µm", 1),
    number("width_change_um", "later width less earlier width, for hairs", "µm", 1),
    integer("baseline_read_id", "the read of the earlier image in which baseline_id counts"),
    integer("followup_read_id", "the read of the later image in which followup_id counts"),
    flag("ruled", "whether a reader decided it"),
    text("site", "treatment area"),
    text("baseline_visit", "name of the earlier visit"),
    text("followup_visit", "name of the later visit"),
    text("baseline_reader", "who made the read of the earlier image"),
    text("followup_reader", "who made the read of the later image"),
    text("baseline_read_state", "how far the read of the earlier image has come"),
    text("followup_read_state", "how far the read of the later image has come"),
)
_CHANGE_TEXTS = {
    "subject", "site", "baseline_visit", "followup_visit", "baseline_image", "followup_image", "baseline_device",
    "followup_device", "verdict", "reason",
}  # fmt: skip
_CHANGE_COUNTS = {
    "baseline_read_id", "followup_read_id", "hairs_thickened", "hairs_thinned", "hairs_became_terminal",
    "hairs_became_vellus", "hairs_without_width",
    *(f"{what}_{status}" for what in ("fu", "hairs") for status in Status),
}  # fmt: skip
_DIGITS = {e.name + end: e.digits for e in ENDPOINTS for end in ("_change", "_change_common")}


def _change_column(name: str, unit: str, description: str) -> Column:
    kind = Kind.TEXT if name in _CHANGE_TEXTS else Kind.INTEGER if name in _CHANGE_COUNTS else Kind.NUMBER
    return Column(name, kind, description, "" if unit == "1" else unit, _DIGITS.get(name))


CHANGES = tuple(_change_column(*column) for column in CHANGE_COLUMNS)
"""Of the rows of `change_rows`."""


def match_rows(source: Source) -> Iterator[dict[str, Cell]]:
    """One row a unit or hair of each registered pair, in the reads in use; the pairs by subject, site and time.

    No row stands for what has no partner and lies outside the area that both images show.
    """
    study, names = source.study, source.names
    for pair in in_order(study, study.pairs.values()):
        if (matched := matched_pair(study, pair)) is not None:
            yield from _rows(study, matched, names[pair.baseline_image_id], names[pair.followup_image_id])


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
