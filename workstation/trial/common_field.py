"""Changes of endpoints on what a later image and the baseline's image of its site both show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from types import MappingProxyType

from analysis.matching.change import NoChange
from workstation.areas import Area, area_of, by_time
from workstation.changes import change_of
from workstation.model.pair import Pair
from workstation.model.study import Study
from workstation.trial.schedule import BASELINE, weeks_of_visits

UNPAIRED = "The image is not registered to the one of the baseline."


@dataclass(frozen=True, slots=True)
class CommonChange:
    """How one later image differs from the baseline's on the common field."""

    change: Mapping[str, float] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    """Of each comparable endpoint; empty where there is no change."""
    reason: str = ""
    """Why there is none; a sentence."""


def common_changes(study: Study, image_ids: Iterable[int]) -> dict[int, CommonChange]:
    """The changes from the baseline of images of later weeks, by image; others are not there.

    A change is there where the image is registered to the first one of its site's baseline, and enough of its field is
    seen in both.
    """
    weeks, pairs = weeks_of_visits(study), baseline_pairs(study)
    later = [i for i in image_ids if weeks.get(study.images[i].visit_id, BASELINE) != BASELINE]
    return {i: _change(study, pairs[i]) if i in pairs else CommonChange(reason=UNPAIRED) for i in later}


def baseline_pairs(study: Study) -> dict[int, Pair]:
    """The pair of each image with the first image of its site's baseline, by the later image, as far as registered."""
    weeks = weeks_of_visits(study)
    of_baseline: dict[Area, list[int]] = {}
    for image_id, image in study.images.items():
        if weeks.get(image.visit_id) == BASELINE:
            of_baseline.setdefault(area_of(study, image_id), []).append(image_id)
    first = {area: by_time(study, images)[0] for area, images in of_baseline.items()}
    return {
        pair.followup_image_id: pair
        for pair in study.pairs.values()
        if pair.registration is not None and first.get(area_of(study, pair.followup_image_id)) == pair.baseline_image_id
    }


def _change(study: Study, pair: Pair) -> CommonChange:
    found = change_of(study, pair)
    if isinstance(found.counts, NoChange):
        return CommonChange(reason=found.counts.reason)
    return CommonChange(found.common_field)
