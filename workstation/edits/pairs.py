"""The follow-up: pairs of images, how they lie to each other, landmarks, and what a reader decides of matches.

All take the study, for a pair belongs to no single read.
"""

from collections.abc import Iterable
from dataclasses import replace

from analysis.matching.match import Level, Ruling
from workstation.edits.drafting import NothingToDo
from workstation.errors import EditRefused
from workstation.model.pair import Decision, Landmark, Pair, RegistrationRecord
from workstation.model.patch import Change, Kind, Patch
from workstation.model.study import ChangeRules, Study
from workstation.pairing import in_force, pair_between

Place = tuple[float, float]


def add_pair(study: Study, baseline_image_id: int, followup_image_id: int) -> Patch:
    """Make two images a pair that nothing is known of yet, so that landmarks can be placed in it; kept for ever.

    Raises:
        NothingToDo: if they are one.
    """
    if pair_between(study, baseline_image_id, followup_image_id) is not None:
        raise NothingToDo
    pair = Pair(max(study.pairs, default=0) + 1, baseline_image_id, followup_image_id)
    return Patch("pair images", None, (Change(Kind.PAIR, pair.id, None, pair),))


def add_registration(study: Study, baseline_image_id: int, followup_image_id: int, record: RegistrationRecord) -> Patch:
    """Put a registration into the study, with the pair that it is of where there is none yet.

    Raises:
        NothingToDo: if it is the one that the pair has.
    """
    pair = pair_between(study, baseline_image_id, followup_image_id)
    made: tuple[Change, ...] = ()
    if pair is None:
        pair = Pair(max(study.pairs, default=0) + 1, baseline_image_id, followup_image_id)
        made = (Change(Kind.PAIR, pair.id, None, pair),)
    if record == pair.registration:
        raise NothingToDo
    return Patch("register", None, (*made, Change(Kind.REGISTRATION, pair.id, pair.registration, record)))


def with_registration(patch: Patch, pair: Pair, record: RegistrationRecord) -> Patch:
    """An edit of a pair together with the registration that follows from it: they are undone together."""
    if record == pair.registration:
        return patch
    fitted = Change(Kind.REGISTRATION, pair.id, pair.registration, record)
    return replace(patch, changes=(*patch.changes, fitted))


def place_landmark(study: Study, pair_id: int, baseline_px: Place, followup_px: Place) -> Patch:
    """Mark the same place in both images of a pair, pixels.

    Raises:
        EditRefused: if there is no such pair.
    """
    pair = _pair(study, pair_id)
    landmark = Landmark(pair.next_id, pair.id, _floats(baseline_px), _floats(followup_px))
    return Patch("place landmark", None, (Change(Kind.LANDMARK, landmark.id, None, landmark),))


def move_landmark(
    study: Study, pair_id: int, landmark_id: int, *, baseline_px: Place | None = None, followup_px: Place | None = None
) -> Patch:
    """Put one or both ends of a landmark elsewhere, pixels.

    Raises:
        EditRefused: if there is no such landmark.
        NothingToDo: if it is there already.
    """
    before = _landmark(study, pair_id, landmark_id)
    after = replace(
        before,
        baseline_px=before.baseline_px if baseline_px is None else _floats(baseline_px),
        followup_px=before.followup_px if followup_px is None else _floats(followup_px),
    )
    if after == before:
        raise NothingToDo
    return Patch("move landmark", None, (Change(Kind.LANDMARK, landmark_id, before, after),))


def remove_landmarks(study: Study, pair_id: int, landmark_ids: Iterable[int]) -> Patch:
    """Take landmarks away.

    Raises:
        EditRefused: if one does not exist.
        NothingToDo: if none is named.
    """
    found = [_landmark(study, pair_id, i) for i in dict.fromkeys(landmark_ids)]
    if not found:
        raise NothingToDo
    name = "remove landmark" if len(found) == 1 else "remove landmarks"
    return Patch(name, None, tuple(Change(Kind.LANDMARK, landmark.id, landmark, None) for landmark in found))


def decide(
    study: Study, pair_id: int, ruling: Ruling, reader: str, baseline_read_id: int, followup_read_id: int
) -> Patch:
    """Decide of a unit or a hair, or of two; what was decided to the contrary is taken back with it.

    Args:
        study: the study.
        pair_id: the pair of images.
        ruling: what is decided.
        reader: who decides.
        baseline_read_id: the read in which the ids of the ruling are meant.
        followup_read_id: the same of the later image.

    Raises:
        EditRefused: if there is no such pair or read.
        NothingToDo: if just that was decided.
    """
    pair = _pair(study, pair_id)
    if unknown := [i for i in (baseline_read_id, followup_read_id) if i not in study.reads]:
        raise EditRefused(f"there is no read {unknown[0]}")
    standing = in_force(study, pair, study.reads[baseline_read_id], study.reads[followup_read_id])
    if any(decision.ruling == ruling for decision in standing):
        raise NothingToDo
    gone = [decision for decision in standing if _contradicts(decision.ruling, ruling)]
    made = Decision(pair.next_id, pair.id, ruling, baseline_read_id, followup_read_id, reader)
    changes = [Change(Kind.DECISION, decision.id, decision, None) for decision in gone]
    return Patch(_operation(ruling), None, (*changes, Change(Kind.DECISION, made.id, None, made)))


def withdraw(study: Study, pair_id: int, decision_ids: Iterable[int]) -> Patch:
    """Take decisions back: the program matches there again.

    Raises:
        EditRefused: if one does not exist.
        NothingToDo: if none is named.
    """
    pair = _pair(study, pair_id)
    wanted = list(dict.fromkeys(decision_ids))
    if unknown := [i for i in wanted if i not in pair.decisions]:
        raise EditRefused(f"there is no decision {unknown[0]}")
    if not wanted:
        raise NothingToDo
    return Patch(
        "let the program match", None, tuple(Change(Kind.DECISION, i, pair.decisions[i], None) for i in wanted)
    )


def set_change_rules(study: Study, min_overlap: float, width_error_um: float) -> Patch:
    """Set from which overlap on a change is given, and how much a width must change to count.

    Raises:
        EditRefused: if a value is not plausible.
        NothingToDo: if these are the rules.
    """
    try:
        rules = ChangeRules(min_overlap, width_error_um)
    except ValueError as error:
        raise EditRefused(str(error), remedy="Enter another value.") from error
    if rules == study.rules:
        raise NothingToDo
    return Patch("set rules of change", None, (Change(Kind.RULES, 0, study.rules, rules),))


def _contradicts(old: Ruling, new: Ruling) -> bool:
    """Whether two rulings cannot both hold. That two are not the same goes with all but that they are."""
    if old.level is not new.level:
        return False
    same_baseline = old.baseline_id is not None and old.baseline_id == new.baseline_id
    same_followup = old.followup_id is not None and old.followup_id == new.followup_id
    if old.same and new.same:
        return same_baseline or same_followup
    return same_baseline and same_followup


def _operation(ruling: Ruling) -> str:
    what = "units" if ruling.level is Level.UNIT else "hairs"
    if ruling.baseline_id is None:
        return f"mark {what[:-1]} as new"
    if ruling.followup_id is None:
        return f"mark {what[:-1]} as lost"
    return f"match {what}" if ruling.same else f"tell {what} apart"


def _pair(study: Study, pair_id: int) -> Pair:
    if pair_id not in study.pairs:
        raise EditRefused(f"there is no pair {pair_id} of images")
    return study.pairs[pair_id]


def _landmark(study: Study, pair_id: int, landmark_id: int) -> Landmark:
    landmark = _pair(study, pair_id).landmarks.get(landmark_id)
    if landmark is None:
        raise EditRefused(f"there is no landmark {landmark_id}")
    return landmark


def _floats(place: Place) -> Place:
    return float(place[0]), float(place[1])
