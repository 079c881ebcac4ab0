"""One follicular unit at every visit of its area: was it there, with how many hairs, how wide in all, and where.

A unit that the first visit shows is followed from there, by each visit's pair with the first; one that came later, or
that such a pair says nothing of, from visit to visit.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from analysis.detection import FloatArray
from analysis.matching.match import Level, Match, Matching, Status
from workstation.model.hair import Hair
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.pairing import PairIds, visits_of
from workstation.visit_columns import scale_of
from workstation.ways import route_between

STEP_PX = 4.0
"""How far apart places are by which it is told how the skin lies there."""

Matchings = Mapping[PairIds, Matching]


class Presence(StrEnum):
    """Whether a unit is there at a visit."""

    SEEN = "seen"
    UNCERTAIN = "uncertain"
    LOST = "lost"
    NOT_YET = "not there yet"
    OUTSIDE = "outside the common field"
    """Or so near its edge that nothing can be said."""
    UNKNOWN = "not known"
    """The image has no read, or is not registered."""


@dataclass(frozen=True, slots=True)
class Link:
    """A unit at one visit."""

    presence: Presence
    unit_id: int | None = None
    """Its number in that visit's read; None where it is not there."""


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A place in an image, and how the skin lies there."""

    at_px: FloatArray
    """(2,)"""
    px_per_um: FloatArray
    """(2, 2): a step on the skin in µm, along the axes of the image that the unit is first seen in, becomes
    px_per_um @ step in this image."""


@dataclass(frozen=True, slots=True, eq=False)
class UnitAt:
    """A unit at one visit, with what was measured of it."""

    image_id: int
    link: Link
    n_hairs: int | None
    """Hairs that count: 0 where the unit is not there, None where that is not known."""
    sum_width_um: float
    """Of the widths of those hairs; NaN where one is not known, or the image has no scale."""
    spot: Spot | None
    """Where it is, or would be; None where that is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class UnitHistory:
    """A unit at all visits, earliest first."""

    visits: tuple[UnitAt, ...]

    @property
    def n_seen(self) -> int:
        """At how many visits it was found."""
        return sum(at.link.unit_id is not None for at in self.visits)

    @property
    def new_at(self) -> UnitAt | None:
        """The visit at which it appeared; None where it was there from the first on, or nobody can say."""
        for before, at in pairwise(self.visits):
            if at.link.unit_id is not None:
                return at if before.link.presence is Presence.NOT_YET else None
            if before.link.unit_id is not None:
                return None
        return None


def unit_history(
    study: Study, reads: Mapping[int, Read], matchings: Matchings, image_id: int, unit_id: int
) -> UnitHistory:
    """What became of a unit over all visits of its area.

    Args:
        study: the study.
        reads: the read that stands for each image; an image without one is told as not known.
        matchings: of the pairs that `pairs_of_visits` names, as far as there are any; they may be of a moment ago, and
            name units that are gone.
        image_id: the image that the unit is in.
        unit_id: its number in that image's read.
    """
    images = area_visits(study, image_id)
    counts = bool(_hairs(reads[image_id], unit_id))
    # what does not count is not matched
    found = chain_of(images, matchings if counts else {}, images.index(image_id), unit_id)
    gone = Link(Presence.UNKNOWN)
    links = [link if _is_there(reads.get(i), link) else gone for i, link in zip(images, found, strict=True)]
    spots = _spots(study, reads, images, links)
    return UnitHistory(
        tuple(_unit_at(study, reads.get(i), i, link, spot) for i, link, spot in zip(images, links, spots, strict=True))
    )


def area_visits(study: Study, image_id: int) -> tuple[int, ...]:
    """One image of each visit of an image's area, earliest first: of its own visit that image."""
    visit = study.images[image_id].visit_id
    return tuple(image_id if study.images[i].visit_id == visit else i for i in visits_of(study, image_id))


def pairs_of_visits(images: Sequence[int]) -> tuple[PairIds, ...]:
    """Each visit's image with the first one's and with that of the visit before, of images in the order of time."""
    return tuple(
        PairIds(images[earlier], images[place])
        for place in range(1, len(images))
        for earlier in dict.fromkeys((0, place - 1))
    )


def chain_of(images: Sequence[int], matchings: Matchings, place: int, unit_id: int) -> tuple[Link, ...]:
    """A unit at each of several visits.

    The unit itself is always in its chain: where matchings contradict each other, those it was first seen by decide.

    Args:
        images: one image a visit, earliest first.
        matchings: of these images, each with the first and with the one before, as far as there are any.
        place: of the image that the unit is in.
        unit_id: its number there.
    """
    visits = _Visits(tuple(images), matchings)
    links = visits.onwards(*visits.origin_of(place, unit_id))
    return links if links[place].unit_id == unit_id else visits.onwards(place, unit_id)


@dataclass(frozen=True, slots=True)
class _Visits:
    images: tuple[int, ...]
    matchings: Matchings

    def origin_of(self, place: int, unit_id: int) -> tuple[int, int]:
        """The earliest visit, and the unit there, that a unit can be traced back to."""
        while place > 0:
            earlier = next((p for p in (0, place - 1) if self.link(place, p, unit_id).unit_id is not None), None)
            if earlier is None:
                break
            place, unit_id = earlier, self.link(place, earlier, unit_id).unit_id or 0
        return place, unit_id

    def onwards(self, origin: int, unit_id: int) -> tuple[Link, ...]:
        """The unit at all visits, from where it was first seen."""
        links = [self._before(origin, place, unit_id) for place in range(origin)]
        links.append(Link(Presence.SEEN, unit_id))
        for place in range(origin + 1, len(self.images)):
            told = self.link(origin, place, unit_id)
            if origin > 0 or told.presence in (Presence.OUTSIDE, Presence.UNKNOWN):
                told = self._after(origin, place, links[-1], told)
            links.append(told)
        return tuple(links)

    def link(self, start: int, end: int, unit_id: int) -> Link:
        """What the pair of two visits says of a unit of the one at the other."""
        later = max(start, end)
        matching = self.matchings.get(PairIds(self.images[min(start, end)], self.images[later]))
        if matching is None:
            return Link(Presence.UNKNOWN)
        forth = end == later
        match = (matching.by_baseline if forth else matching.by_followup).get((Level.UNIT, unit_id))
        return Link(Presence.OUTSIDE) if match is None else _told(match, forth=forth)

    def _before(self, origin: int, place: int, unit_id: int) -> Link:
        """The unit before it was first seen: as the first visit's pair says there, else as the one just before's."""
        told = self.link(origin, place if place == 0 else origin - 1, unit_id)
        return Link(told.presence) if told.unit_id is None else Link(Presence.UNCERTAIN)

    def _after(self, origin: int, place: int, before: Link, told: Link) -> Link:
        """The unit at a visit, by the pair of the one before with it; `told` where that is no help."""
        if before.unit_id is None:
            return before if origin > 0 and before.presence is Presence.LOST else told
        link = self.link(place - 1, place, before.unit_id)
        if link.unit_id is not None and self.link(place, 0, link.unit_id).unit_id is not None:
            return Link(Presence.UNCERTAIN)  # it is another unit, that the first visit has
        return link


def _told(match: Match, *, forth: bool) -> Link:
    if match.status is Status.UNCERTAIN:
        return Link(Presence.UNCERTAIN, match.followup_id if forth else match.baseline_id)
    if match.status is Status.KEPT:
        return Link(Presence.SEEN, match.followup_id if forth else match.baseline_id)
    return Link(Presence.LOST if match.status is Status.LOST else Presence.NOT_YET)


def _is_there(read: Read | None, link: Link) -> bool:
    """Whether a read still has the unit that it is said to have."""
    return link.unit_id is None or (read is not None and any(h.unit_id == link.unit_id for h in read.hairs.values()))


def _unit_at(study: Study, read: Read | None, image_id: int, link: Link, spot: Spot | None) -> UnitAt:
    if read is None or link.unit_id is None:
        absent = link.presence in (Presence.LOST, Presence.NOT_YET)
        return UnitAt(image_id, link, 0 if absent else None, 0.0 if absent else math.nan, spot)
    hairs, scale = _hairs(read, link.unit_id), scale_of(study, read)
    width_px = math.fsum(hair.width_px for hair in hairs)
    return UnitAt(image_id, link, len(hairs), math.nan if scale is None else width_px * scale, spot)


def _spots(
    study: Study, reads: Mapping[int, Read], images: Sequence[int], links: Sequence[Link]
) -> tuple[Spot | None, ...]:
    """Where a unit is at each visit; where it is not, the place that shows the same skin as that of its first visit."""
    first = next(place for place, link in enumerate(links) if link.unit_id is not None)
    origin, read = images[first], reads[images[first]]
    centre, scale = _centre(read, links[first].unit_id), scale_of(study, read) or 1.0
    around = centre + STEP_PX * np.array([[0, 0], [1, 0], [0, 1]])
    found: list[Spot | None] = []
    for image_id, link in zip(images, links, strict=True):
        own = None if link.unit_id is None else _centre(reads[image_id], link.unit_id)
        if image_id == origin:
            found.append(Spot(centre, np.eye(2) / scale))
        elif route := route_between(study, origin, image_id):
            placed = route.way.there(around)
            axes = (placed[1:] - placed[0]).T / (STEP_PX * scale)
            found.append(Spot(placed[0] if own is None else own, axes))
        else:
            found.append(None if own is None else Spot(own, np.eye(2) / (scale_of(study, reads[image_id]) or 1.0)))
    return tuple(found)


def _hairs(read: Read, unit_id: int | None) -> list[Hair]:
    """The hairs of a unit that count."""
    return [hair for hair in read.hairs.values() if hair.unit_id == unit_id and hair.counts]


def _centre(read: Read, unit_id: int | None) -> FloatArray:
    """(2,) the mean of the roots of a unit's hairs that count, or of all its hairs where none does."""
    hairs = _hairs(read, unit_id) or [hair for hair in read.hairs.values() if hair.unit_id == unit_id]
    centre: FloatArray = np.mean([hair.root_px for hair in hairs], axis=0)
    return centre
