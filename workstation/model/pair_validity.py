"""What makes the pairs of a study valid after a patch: their images, registrations, landmarks and decisions."""

from collections.abc import Iterator

import numpy as np

from analysis.matching.match import Level
from workstation.model.pair import Decision, Landmark, Pair, RegistrationRecord
from workstation.model.patch import Change, Kind, Patch
from workstation.model.study import ImageRecord, Study
from workstation.model.validity import inside_image, storable


def pair_problems_after(after: Study, patch: Patch) -> list[str]:
    """What a patch made wrong in the pairs of a study, one sentence each.

    Args:
        after: the study with the patch.
        patch: a new edit of a valid study.
    """
    return [problem for change in patch.changes for problem in _problems(change, after)]


def _problems(change: Change, after: Study) -> Iterator[str]:
    if change.kind is Kind.PAIR and change.before is not None:
        yield f"pair {change.id} is kept for ever"
        return
    match change.after:
        case Pair():
            yield from _pair_problems(change.after, after)
        case RegistrationRecord():
            yield from _registration_problems(change.after, after.pairs[change.id], after)
        case Landmark():
            yield from _landmark_problems(change.after, after)
        case Decision():
            yield from _decision_problems(change.after, after)


def _pair_problems(pair: Pair, after: Study) -> Iterator[str]:
    if pair.id < 1:
        yield f"a pair has the number {pair.id}"
    if pair.baseline_image_id == pair.followup_image_id or any(i not in after.images for i in pair.image_ids):
        yield f"pair {pair.id} is not of two images of the study"
        return
    first, second = (after.images[i] for i in pair.image_ids)
    if (first.site, after.visit_of(first.id).subject) != (second.site, after.visit_of(second.id).subject):
        yield f"the images of pair {pair.id} are not of one area"
    if any(other.image_ids == pair.image_ids and other.id != pair.id for other in after.pairs.values()):
        yield f"the images of pair {pair.id} are a pair already"


def _registration_problems(record: RegistrationRecord, pair: Pair, after: Study) -> Iterator[str]:
    yield from _read_problems(record.baseline_read_id, record.followup_read_id, pair, after)
    if not storable(record.result.reason):
        yield f"the verdict on pair {pair.id} has a character that cannot be stored"


def _landmark_problems(landmark: Landmark, after: Study) -> Iterator[str]:
    pair = after.pairs[landmark.pair_id]
    for image_id, place in zip(pair.image_ids, (landmark.baseline_px, landmark.followup_px), strict=True):
        if not _inside(place, after.images[image_id]):
            yield f"landmark {landmark.id} lies outside the image"


def _inside(place_px: tuple[float, float], image: ImageRecord) -> bool:
    points = np.array([place_px])
    return bool(np.isfinite(points).all()) and inside_image(points, image)


def _decision_problems(decision: Decision, after: Study) -> Iterator[str]:
    pair, ruling = after.pairs[decision.pair_id], decision.ruling
    if problems := list(_read_problems(decision.baseline_read_id, decision.followup_read_id, pair, after)):
        yield from problems
        return
    if ruling.baseline_id is None and ruling.followup_id is None:
        yield f"decision {decision.id} is about nothing"
    if not ruling.same and None in (ruling.baseline_id, ruling.followup_id):
        yield f"decision {decision.id} tells one thing from none"
    reads = (after.reads[decision.baseline_read_id], after.reads[decision.followup_read_id])
    for read, id_ in zip(reads, (ruling.baseline_id, ruling.followup_id), strict=True):
        if id_ is not None and id_ not in (read.units if ruling.level is Level.UNIT else read.hairs):
            yield f"decision {decision.id} is about {ruling.level} {id_}, which does not exist"


def _read_problems(baseline_read_id: int, followup_read_id: int, pair: Pair, after: Study) -> Iterator[str]:
    for image_id, read_id in zip(pair.image_ids, (baseline_read_id, followup_read_id), strict=True):
        if read_id not in after.reads or after.reads[read_id].image_id != image_id:
            yield f"pair {pair.id} names read {read_id}, which is not of its image"
