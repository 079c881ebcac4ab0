"""Which matched units a reviewer should look at, in which order, and what a verdict on one means."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from analysis.matching.match import Level, Match, Matching, Ruling, Status
from analysis.registration.warp import Warp
from workstation.errors import EditRefused
from workstation.model.pair import Decision
from workstation.model.read import Read
from workstation.model.study import ImageRecord
from workstation.reviewing import curve_places
from workstation.visit_columns import centres_of

Order = tuple[int, float, int, int]
"""Where something stands in the queue: its reason, then how far along the curve or how little changed, then its ids."""


class Reason(StrEnum):
    """Why a unit is worth a look, the most urgent first."""

    UNCERTAIN = "uncertain"
    LOST = "lost"
    NEW = "new"
    CHANGED = "changed"
    """It was kept, but a hair came or went, or a width changed by more than the measurement error."""


_RANK = {reason: rank for rank, reason in enumerate(Reason)}
_BY_STATUS = {Status.UNCERTAIN: Reason.UNCERTAIN, Status.LOST: Reason.LOST, Status.NEW: Reason.NEW}


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One unit to look at."""

    match: Match
    reason: Reason
    order: Order
    change_um: float = 0.0
    """Of a kept unit, how much its hairs' widths changed in all, those of hairs that came or went included."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One visit of a pair."""

    image: ImageRecord
    read: Read
    um_per_px: float


@dataclass(frozen=True, slots=True)
class MatchQueue:
    """The units of a pair that nobody has decided on and that are worth a look.

    Uncertain ones come first, then lost and new ones, each along a curve through the baseline image with short ways
    (`workstation.reviewing.ReviewQueue`), then those that changed, the most changed first. Where one stands hangs on
    nothing but itself, so the order of the others stays as it is when one is decided.
    """

    items: tuple[ReviewItem, ...]
    n_decided: int
    """Units that a reader decided on."""
    matching: Matching = field(compare=False, repr=False)
    units: tuple[frozenset[int], frozenset[int]] = field(default=(frozenset(), frozenset()), compare=False, repr=False)
    """The units of the baseline and of the follow-up that have a hair that counts."""

    @classmethod
    def of(
        cls, matching: Matching, baseline: Side, followup: Side, warp: Warp, width_error_um: float = 0.0
    ) -> "MatchQueue":
        """The queue of a pair.

        Args:
            matching: what became of its units.
            baseline: the earlier visit.
            followup: the later visit.
            warp: from the baseline's pixels to the follow-up's.
            width_error_um: widths that changed by more count as changed.
        """
        open_ = [match for match in matching.units if not match.ruled]
        changes = _changes_um(matching, baseline, followup, width_error_um)
        along = _along([match for match in open_ if match.status in _BY_STATUS], baseline, followup, warp)
        items = (_item(match, along.get(id(match), 0.0), changes) for match in open_)
        found = sorted((item for item in items if item is not None), key=lambda item: item.order)
        units = frozenset(centres_of(baseline.read)), frozenset(centres_of(followup.read))
        return cls(tuple(found), len(matching.units) - len(open_), matching, units)

    def after_deciding(self, decisions: Sequence[Decision]) -> "MatchQueue":
        """The queue without the units that decisions settle, be it that they are not matched by them yet.

        Args:
            decisions: those in force. That two are not the same settles nothing: what became of each is open then.
                Nor does one on a unit that is gone settle anything of the other.
        """
        rulings = [
            d.ruling for d in decisions if d.ruling.level is Level.UNIT and d.ruling.same and self._are_there(d.ruling)
        ]
        before = {ruling.baseline_id for ruling in rulings} - {None}
        after = {ruling.followup_id for ruling in rulings} - {None}

        def settled(match: Match) -> bool:
            return match.ruled or match.baseline_id in before or match.followup_id in after

        items = tuple(item for item in self.items if not settled(item.match))
        return replace(self, items=items, n_decided=sum(map(settled, self.matching.units)))

    def only(self, reasons: Iterable[Reason]) -> "MatchQueue":
        """The queue with items of some reasons alone."""
        wanted = frozenset(reasons)
        return replace(self, items=tuple(item for item in self.items if item.reason in wanted))

    def counts(self) -> Mapping[Reason, int]:
        """How many units are left for each reason."""
        return {reason: sum(item.reason is reason for item in self.items) for reason in Reason}

    @property
    def n_left(self) -> int:
        """How many are left."""
        return len(self.items)

    @property
    def share_done(self) -> float:
        """From 0 to 1; 1 where there is nothing to do."""
        n_all = self.n_decided + len(self.items)
        return self.n_decided / n_all if n_all else 1.0

    def item_of(self, match: Match | None) -> ReviewItem | None:
        """The item of a unit, known by its ids; None where it is not in the queue."""
        if match is None or match.level is not Level.UNIT:
            return None
        return next((item for item in self.items if _ids(item.match) == _ids(match)), None)

    def after(self, here: Order | None) -> ReviewItem | None:
        """The next item from a place in the order; after the last comes the first. None where there is none."""
        orders = [item.order for item in self.items]
        return self._at(0 if here is None else bisect_right(orders, here))

    def before(self, here: Order | None) -> ReviewItem | None:
        """The previous item, as `after`; before the first comes the last."""
        orders = [item.order for item in self.items]
        return self._at(-1 if here is None else bisect_left(orders, here) - 1)

    def _are_there(self, ruling: Ruling) -> bool:
        ids = ruling.baseline_id, ruling.followup_id
        return all(id_ is None or id_ in units for id_, units in zip(ids, self.units, strict=True))

    def _at(self, index: int) -> ReviewItem | None:
        return self.items[index % len(self.items)] if self.items else None


class Answer(StrEnum):
    """What a reviewer says of a unit or a hair."""

    CONFIRM = "confirm"
    """It is as the program says."""
    BREAK = "break"
    """These two are not the same."""
    LOST = "lost"
    NEW = "new"


def ruling_for(answer: Answer, match: Match) -> Ruling:
    """What an answer means for a match.

    Raises:
        EditRefused: if it makes no sense there, with what would.
    """
    before, after, what = match.baseline_id, match.followup_id, _word(match.level)
    match answer:
        case Answer.CONFIRM if match.status is Status.UNCERTAIN and (before is None or after is None):
            remedy = f"Say that it is {'lost' if after is None else 'new'}, or link it to its partner."
            raise EditRefused(f"there is nothing to confirm: this {what} has no sure partner", remedy=remedy)
        case Answer.CONFIRM:
            return Ruling(match.level, before, after)
        case Answer.BREAK if before is None or after is None:
            raise EditRefused(f"this {what} has no partner to be parted from")
        case Answer.BREAK:
            return Ruling(match.level, before, after, same=False)
        case Answer.LOST if before is None:
            raise EditRefused(f"this {what} was not there at the earlier visit, so it cannot be lost")
        case Answer.LOST:
            return Ruling(match.level, before, None)
        case _ if after is None:
            raise EditRefused(f"this {what} is not there at the later visit, so it cannot be new")
        case _:
            return Ruling(match.level, None, after)


def decision_on(decisions: Sequence[Decision], match: Match) -> Decision | None:
    """The latest decision that names a unit or a hair of a match; None where nobody decided.

    Args:
        decisions: those in force, in the order of deciding.
        match: the match.
    """
    for decision in reversed(decisions):
        ruling = decision.ruling
        if ruling.level is not match.level:
            continue
        names_before = ruling.baseline_id is not None and ruling.baseline_id == match.baseline_id
        names_after = ruling.followup_id is not None and ruling.followup_id == match.followup_id
        if names_before or names_after:
            return decision
    return None


def _item(match: Match, along: float, changes_um: Mapping[int, float]) -> ReviewItem | None:
    reason = _BY_STATUS.get(match.status)
    if reason is not None:
        return ReviewItem(match, reason, (_RANK[reason], along, *_ids(match)))
    change_um = changes_um.get(match.baseline_id or 0)
    if change_um is None:
        return None
    order = (_RANK[Reason.CHANGED], -change_um, *_ids(match))
    return ReviewItem(match, Reason.CHANGED, order, change_um)


def _along(matches: Sequence[Match], baseline: Side, followup: Side, warp: Warp) -> dict[int, float]:
    """How far along the curve over the baseline each match lies, by the match's identity."""
    before, after = centres_of(baseline.read), centres_of(followup.read)
    nowhere = np.zeros(2)
    there = [m for m in matches if m.baseline_id is None]
    back = warp.to_baseline(np.array([after.get(m.followup_id or 0, nowhere) for m in there]).reshape(-1, 2))
    place = {id(m): point for m, point in zip(there, back, strict=True)}
    place |= {id(m): before.get(m.baseline_id, nowhere) for m in matches if m.baseline_id is not None}
    along = curve_places([place[id(m)] for m in matches], baseline.image)
    return {id(m): float(far) for m, far in zip(matches, along.tolist(), strict=True)}


def _changes_um(matching: Matching, baseline: Side, followup: Side, width_error_um: float) -> dict[int, float]:
    """By how much the hairs of each kept unit changed, by its id at the baseline; units that did not are left out."""
    kept = {m.followup_id: m.baseline_id for m in matching.units if m.status is Status.KEPT}
    own = {unit: unit for unit in kept.values()}
    sums: dict[int, float] = {}
    changed: set[int] = set()
    for match in matching.hairs:
        of_baseline = match.baseline_id is not None
        side, hair_id = (baseline, match.baseline_id) if of_baseline else (followup, match.followup_id)
        hair = side.read.hairs.get(hair_id or 0)
        unit = None if hair is None else (own if of_baseline else kept).get(hair.unit_id)
        if hair is None or unit is None or match.status is Status.UNCERTAIN:
            continue
        is_kept = match.status is Status.KEPT
        by_um = abs(match.width_change_um) if is_kept else hair.width_px * side.um_per_px
        sums[unit] = sums.get(unit, 0.0) + (by_um if np.isfinite(by_um) else 0.0)
        if not is_kept or by_um > width_error_um:
            changed.add(unit)
    return {unit: total for unit, total in sums.items() if unit in changed}


def _ids(match: Match) -> tuple[int, int]:
    return match.baseline_id or 0, match.followup_id or 0


def _word(level: Level) -> str:
    return "unit" if level is Level.UNIT else "hair"
