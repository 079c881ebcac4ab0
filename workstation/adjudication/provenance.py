"""Where each hair of a third read comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from workstation.model.hair import Hair
from workstation.model.read import Read
from workstation.model.settlement import About, Choice, Settlement
from workstation.model.study import Study

KEPT = "provenance"


class From(StrEnum):
    """Who drew a hair of a third read."""

    AGREED = "agreed"
    """Both reads have it; the line is the first one's."""
    FIRST = "first"
    SECOND = "second"
    EDITED = "edited"
    """From one of the reads, and then changed by the adjudicator."""
    ADJUDICATOR = "adjudicator"
    """Drawn by the adjudicator."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one hair comes from."""

    source: From
    settlement: Settlement | None = None
    """That it came with; None for the adjudicator's own."""
    first_id: int | None = None
    """The hair of the first read that it is, or that it was taken to be the same as."""
    second_id: int | None = None


OWN = Provenance(From.ADJUDICATOR)


def origin_of(read: Read, hair_id: int) -> Provenance:
    """Where a hair of a third read comes from."""
    return origins(read).get(hair_id, OWN)


def origins(read: Read) -> Mapping[int, Provenance]:
    """The same of every hair that came with a settlement, be it there still or not; kept with the read."""
    known: dict[int, Provenance] | None = read.remembered.get(KEPT)
    if known is None:
        known = {}
        for settlement in read.settlements.values():
            if settlement.about is About.HAIR:
                known.update(zip(settlement.result_ids, _of(settlement), strict=True))
        read.remembered[KEPT] = known
    return known


_WHOSE = {
    Choice.AGREED: From.AGREED,
    Choice.FIRST: From.FIRST,
    Choice.SECOND: From.SECOND,
    Choice.EDITED: From.EDITED,
}


def _of(settlement: Settlement) -> list[Provenance]:
    """Of each result. What both reads have keeps its counterpart in each, whosever line was taken."""
    first, second = settlement.first_ids, settlement.second_ids
    results, choice = settlement.result_ids, settlement.choice
    one_each = len(first) == len(second) == 1 and choice is not Choice.BOTH
    whose = _WHOSE.get(choice)
    if one_each and whose is not None:
        return [Provenance(whose, settlement, first[0], second[0]) for _ in results]
    taken: list[tuple[From, int | None, int | None]] = []
    if choice is not Choice.SECOND:
        taken += [(whose or From.FIRST, i, None) for i in first]
    if choice is not Choice.FIRST:
        taken += [(whose or From.SECOND, None, i) for i in second]
    # what was edited may have begun as more hairs of one read than of the other
    taken += [(whose or From.ADJUDICATOR, None, None)] * (len(results) - len(taken))
    return [Provenance(source, settlement, a, b) for source, a, b in taken[: len(results)]]


def changed_hairs(study: Study, read: Read) -> frozenset[int]:
    """The hairs of a third read that are no longer as they were taken from their read: line, width or whether they
    count. Those that were settled by hand and the adjudicator's own are not among them.
    """
    if read.adjudicates is None:
        return frozenset()
    reads = [study.reads[i] for i in read.adjudicates]
    found = []
    for hair_id, origin in origins(read).items():
        hair = read.hairs.get(hair_id)
        of_second = origin.source is From.SECOND or origin.first_id is None
        source = reads[of_second].hairs.get((origin.second_id if of_second else origin.first_id) or 0)
        if hair is None or source is None or origin.source in (From.EDITED, From.ADJUDICATOR):
            continue
        if not _is_as(hair, source):
            found.append(hair_id)
    return frozenset(found)


def _is_as(hair: Hair, source: Hair) -> bool:
    if hair.vertices_px is source.vertices_px and hair.width_px is source.width_px and hair.counts == source.counts:
        return True
    return (
        hair.counts == source.counts
        and np.array_equal(hair.vertices_px, source.vertices_px)
        and np.array_equal(hair.width_px, source.width_px, equal_nan=True)
    )
