"""The passages between the images that are shown, out of the registrations of the study."""

import math
from itertools import permutations

from analysis.registration.way import Way, similarity_of
from ui.view.boxes import corners
from ui.view.linking import Passage
from workstation.model.study import Study
from workstation.ways import route_between

Key = tuple[int, int]


LEAST_TURN = math.radians(0.5)
"""Images that are turned by less stay upright, and their pixels sharp."""


class PassageMemory:
    """What was worked out for pairs of images, kept as long as their registrations are the same."""

    def __init__(self) -> None:
        self._known: dict[Key, tuple[Way, Passage]] = {}

    def between(self, study: Study | None, shown: tuple[int, ...]) -> dict[Key, Passage]:
        """The passages between each two of the images that are registered, by their ids."""
        known: dict[Key, tuple[Way, Passage]] = {}
        if study is not None and study.pairs:
            for one, other in permutations(shown, 2):
                route = route_between(study, one, other)
                if route is not None:
                    way, before = route.way, self._known.get((one, other))
                    same = before is not None and before[0] == way
                    known[one, other] = before if before and same else (way, passage_of(study, one, other, way))
        self._known = known
        return {key: passage for key, (_, passage) in known.items()}


def passage_of(study: Study, one: int, other: int, way: Way) -> Passage:
    """The passage along a way from one image to another."""
    sizes = [(study.images[i].width_px, study.images[i].height_px) for i in (one, other)]
    similarity = similarity_of(way.there, *sizes)
    width, height = sizes[1]
    outline = similarity.back(corners((-0.5, -0.5, width - 0.5, height - 0.5)))
    turn = similarity.turn if abs(similarity.turn) >= LEAST_TURN else 0.0
    return Passage(way.there, similarity.scale, turn, outline)
