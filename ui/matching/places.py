"""Where units of a pair are in its images, which one is under the cursor, and what became of what is selected."""

import numpy as np

from analysis.detection import FloatArray
from analysis.matching.match import Level, Match
from ui.matching.matched_pair import MatchedPair
from ui.pointing import TargetKind
from ui.workspace import Workspace
from workstation.entry import Selection
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.visit_columns import centres_of

SURROUNDING_UM = 700.0
"""So much skin is shown on each side of a unit."""
NEAR_UM = 200.0
"""A unit whose centre is no farther from the cursor is meant, where the cursor is on none."""


def place_in(pair: MatchedPair, selection: Selection, image_id: int, shown_id: int) -> FloatArray | None:
    """Where what is selected in one image of a pair is in either: its partner there, else the place in the skin.

    Args:
        pair: the images.
        selection: what is selected, in `image_id`.
        image_id: one of the two.
        shown_id: one of the two.

    Returns:
        (2,) pixels of `shown_id`; None where nothing is selected, or the place is not known.
    """
    read = pair.read_of(image_id)
    here = None if read is None else _middle(read, selection)
    if here is None or shown_id == image_id:
        return here
    partner = _partner_of(pair, selection, image_id)
    there = pair.read_of(shown_id)
    if partner is not None and there is not None:
        return _middle(there, partner)
    record = pair.registration
    if record is None or record.result.warp is None:
        return None
    warp, forward = record.result.warp, image_id == pair.ids.baseline_image_id
    placed: FloatArray = (warp.to_followup if forward else warp.to_baseline)([here])[0]
    return placed


def partners_of(pair: MatchedPair, image_id: int, level: Level, ids: frozenset[int]) -> frozenset[int]:
    """The partners of units or hairs of one image, by their ids in the other."""
    found = set()
    for id_ in ids:
        match = pair.match_of(image_id, level, id_)
        if match is not None:
            found.add(match.followup_id if image_id == pair.ids.baseline_image_id else match.baseline_id)
    return frozenset(i for i in found if i is not None)


def unit_under(workspace: Workspace, pair: MatchedPair, image_id: int) -> tuple[int, int | None] | None:
    """The unit under the cursor in an image, and the hair if it is on one; None where there is none near."""
    read, cursor, hover = pair.read_of(image_id), workspace.cursor, workspace.hover
    if read is None or cursor is None or cursor.image_id != image_id:
        return None
    if hover is not None and hover.image_id == image_id:
        if hover.kind is TargetKind.UNIT:
            return hover.id, None
        hair = read.hairs.get(hover.id) if hover.kind is TargetKind.HAIR else None
        if hair is not None and hair.unit_id is not None:
            return hair.unit_id, hair.id
    centres = centres_of(read)
    calibration = None if workspace.study is None else workspace.study.images[image_id].calibration
    reach_px = 20.0 if calibration is None else calibration.px(NEAR_UM)
    if not centres:
        return None
    apart = {unit: float(np.hypot(*(place - cursor.position_px))) for unit, place in centres.items()}
    nearest = min(apart, key=lambda unit: apart[unit])
    return (nearest, None) if apart[nearest] <= reach_px else None


def one_unit(read: Read | None, selection: Selection) -> tuple[int, int | None] | None:
    """The one selected unit, or the one selected hair with its unit."""
    if read is not None and len(selection.hair_ids) + len(selection.unit_ids) == 1:
        for unit_id in selection.unit_ids:
            return unit_id, None
        hair = read.hairs.get(next(iter(selection.hair_ids)))
        if hair is not None and hair.unit_id is not None:
            return hair.unit_id, hair.id
    return None


def surroundings(study: Study | None, image_id: int, place_px: FloatArray) -> list[tuple[float, float]]:
    """Opposite corners of the surroundings of a place."""
    calibration = None if study is None else study.images[image_id].calibration
    reach_px = 60.0 if calibration is None else calibration.px(SURROUNDING_UM)
    low, high = np.asarray(place_px) - reach_px, np.asarray(place_px) + reach_px
    return [(float(low[0]), float(low[1])), (float(high[0]), float(high[1]))]


def selected_match(workspace: Workspace, pair: MatchedPair | None) -> Match | None:
    """What became of what is selected: of one hair, else of one unit; None where that is not known."""
    image_id, selection = workspace.selected_image, workspace.selection
    if pair is None or image_id is None or not pair.has(image_id):
        return None
    if len(selection.hair_ids) == 1 and not selection.unit_ids:
        (hair_id,) = selection.hair_ids
        read = pair.read_of(image_id)
        hair = None if read is None else read.hairs.get(hair_id)
        of_hair = pair.match_of(image_id, Level.HAIR, hair_id)
        if of_hair is not None or hair is None or hair.unit_id is None:
            return of_hair
        return pair.match_of(image_id, Level.UNIT, hair.unit_id)
    if len(selection.unit_ids) == 1 and not selection.hair_ids:
        (unit_id,) = selection.unit_ids
        return pair.match_of(image_id, Level.UNIT, unit_id)
    return None


def _partner_of(pair: MatchedPair, selection: Selection, image_id: int) -> Selection | None:
    hairs = partners_of(pair, image_id, Level.HAIR, selection.hair_ids)
    units = partners_of(pair, image_id, Level.UNIT, selection.unit_ids)
    return Selection(None, hairs, units) if hairs or units else None


def _middle(read: Read, selection: Selection) -> FloatArray | None:
    """The middle of the roots of selected hairs and of the centres of selected units."""
    centres = centres_of(read)
    places = [read.hairs[i].root_px for i in selection.hair_ids if i in read.hairs]
    places += [centres[i] for i in selection.unit_ids if i in centres]
    if not places:
        return None
    middle: FloatArray = np.mean(places, axis=0)
    return middle
