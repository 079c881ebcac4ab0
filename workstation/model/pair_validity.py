"""What makes the pairs of a study valid: their images, registrations, landmarks and decisions."""

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np

from analysis.matching.match import Level
from analysis.registration.result import Registration, Verdict
from analysis.registration.warp import Warp
from workstation.model.pair import Decision, Landmark, Pair, RegistrationRecord
from workstation.model.patch import Change, Kind, Patch
from workstation.model.study import ImageRecord, Study
from workstation.model.validity import inside_image, storable

MAX_KNOTS = 4096
"""Of a transform's bending: far more than the skin of one field needs."""
FARTHEST_PX = 1e6
"""Where a transform may put a corner of the earlier image."""
ROUNDING = 1e-6
"""How far a share may lie beyond 1."""


def pair_problems(study: Study) -> list[str]:
    """Everything that is wrong with the pairs of a study, one sentence each; empty when they are valid."""
    return [
        problem
        for pair in study.pairs.values()
        for problem in _all_problems(pair, study, shared=len(study.pairs_between(*pair.image_ids)) > 1)
    ]


def pair_problems_after(after: Study, patch: Patch) -> list[str]:
    """What a patch made wrong in the pairs of a study, one sentence each.

    Args:
        after: the study with the patch.
        patch: a new edit of a valid study.
    """
    return [problem for change in patch.changes for problem in _problems_of_change(change, after)]


def _all_problems(pair: Pair, study: Study, *, shared: bool) -> Iterator[str]:
    if problems := list(_pair_problems(pair, study, shared=shared)):
        yield from problems
        return
    if pair.registration is not None:
        yield from _registration_problems(pair.registration, pair, study)
    for landmark in pair.landmarks.values():
        yield from _landmark_problems(landmark, pair, study)
    for decision in pair.decisions.values():
        yield from _decision_problems(decision, pair, study)
    for id_, n in Counter([*pair.landmarks, *pair.decisions]).items():
        if n > 1 or not 1 <= id_ < pair.next_id:
            yield f"the id {id_} in pair {pair.id} is used twice or not below the next free one"


def _problems_of_change(change: Change, after: Study) -> Iterator[str]:
    if change.kind is Kind.PAIR and change.before is not None:
        yield f"pair {change.id} is kept for ever"
        return
    match change.after:
        case Pair() as pair:
            yield from _pair_problems(pair, after, shared=len(after.pairs_between(*pair.image_ids)) > 1)
            if pair != Pair(pair.id, *pair.image_ids):
                yield f"pair {pair.id} does not begin empty"
        case RegistrationRecord() as record:
            yield from _registration_problems(record, after.pairs[change.id], after)
        case Landmark() as landmark:
            yield from _landmark_problems(landmark, after.pairs[landmark.pair_id], after)
        case Decision() as decision:
            pair = after.pairs[decision.pair_id]
            yield from _decision_problems(decision, pair, after) or _existence_problems(decision, after)


def _pair_problems(pair: Pair, study: Study, *, shared: bool) -> Iterator[str]:
    if pair.id < 1:
        yield f"a pair has the number {pair.id}"
    if pair.baseline_image_id == pair.followup_image_id or any(i not in study.images for i in pair.image_ids):
        yield f"pair {pair.id} is not of two images of the study"
        return
    first, second = (study.images[i] for i in pair.image_ids)
    if (first.site, study.visit_of(first.id).subject) != (second.site, study.visit_of(second.id).subject):
        yield f"the images of pair {pair.id} are not of one area"
    if shared:
        yield f"the images of pair {pair.id} are a pair already"


def _registration_problems(record: RegistrationRecord, pair: Pair, study: Study) -> Iterator[str]:
    yield from _read_problems(record.baseline_read_id, record.followup_read_id, pair, study)
    if not all(map(storable, (record.result.reason, record.software_version, record.created_utc))):
        yield f"a text on the registration of pair {pair.id} has a character that cannot be stored"
    if not _measured(record.result) or record.n_landmarks < 0:
        yield f"the registration of pair {pair.id} has a number that cannot be"
    warp = record.result.warp
    if warp is None and record.result.verdict is not Verdict.FAILED:
        yield f"pair {pair.id} is said to be registered and has no transform"
    if warp is not None and not _plausible(warp, study.images[pair.baseline_image_id]):
        yield f"the transform of pair {pair.id} is not plausible"


def _measured(result: Registration) -> bool:
    residual_known = math.isnan(result.residual_um) or 0 <= result.residual_um < math.inf
    area_known = 0 <= result.overlap <= 1 + ROUNDING and 0 <= result.overlap_cm2 < math.inf
    return residual_known and area_known and result.n_shared >= 0


def _plausible(warp: Warp, image: ImageRecord) -> bool:
    if len(warp.knots_px) > MAX_KNOTS:
        return False
    right, bottom = image.width_px - 1, image.height_px - 1
    with np.errstate(all="ignore"):
        corners = warp.to_followup([[0, 0], [right, 0], [0, bottom], [right, bottom]])
        return bool((np.abs(corners) <= FARTHEST_PX).all())


def _landmark_problems(landmark: Landmark, pair: Pair, study: Study) -> Iterator[str]:
    for image_id, place in zip(pair.image_ids, (landmark.baseline_px, landmark.followup_px), strict=True):
        if not _inside(place, study.images[image_id]):
            yield f"landmark {landmark.id} of pair {pair.id} lies outside the image"


def _inside(place_px: tuple[float, float], image: ImageRecord) -> bool:
    points = np.array([place_px])
    return bool(np.isfinite(points).all()) and inside_image(points, image)


def _decision_problems(decision: Decision, pair: Pair, study: Study) -> list[str]:
    """What is wrong with a decision, whatever became of the hairs since: an id that was never given is."""
    ruling, name = decision.ruling, f"decision {decision.id} of pair {pair.id}"
    reads = (decision.baseline_read_id, decision.followup_read_id)
    if problems := list(_read_problems(*reads, pair, study)):
        return problems
    found: list[str] = []
    if ruling.baseline_id is None and ruling.followup_id is None:
        found.append(f"{name} is about nothing")
    if not ruling.same and None in (ruling.baseline_id, ruling.followup_id):
        found.append(f"{name} tells one thing from none")
    if not storable(decision.reader):
        found.append(f"the reader of {name} has a character that cannot be stored")
    for read_id, id_ in zip(reads, (ruling.baseline_id, ruling.followup_id), strict=True):
        if id_ is not None and not 1 <= id_ < study.reads[read_id].next_id:
            found.append(f"{name} is about {ruling.level} {id_}, which never was")
    return found


def _existence_problems(decision: Decision, after: Study) -> Iterator[str]:
    ruling = decision.ruling
    reads = (after.reads[decision.baseline_read_id], after.reads[decision.followup_read_id])
    for read, id_ in zip(reads, (ruling.baseline_id, ruling.followup_id), strict=True):
        if id_ is not None and id_ not in (read.units if ruling.level is Level.UNIT else read.hairs):
            yield f"decision {decision.id} is about {ruling.level} {id_}, which does not exist"


def _read_problems(baseline_read_id: int, followup_read_id: int, pair: Pair, study: Study) -> Iterator[str]:
    for image_id, read_id in zip(pair.image_ids, (baseline_read_id, followup_read_id), strict=True):
        if read_id not in study.reads or study.reads[read_id].image_id != image_id:
            yield f"pair {pair.id} names read {read_id}, which is not of its image"
