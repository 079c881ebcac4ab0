"""What two reads of one image say differently: few things, each worth a decision, in an order with short ways."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from analysis.agreement.objects import ObjectMatch, Objects, f1_score, match_objects, tolerance_px
from analysis.detection import BoolArray, FloatArray
from analysis.measures import width_classes
from workstation.adjudication.difference import Difference, DifferenceKind
from workstation.adjudication.same_shaft import SHARE, same_shafts, share_along
from workstation.model.hair import Hair
from workstation.model.read import Read
from workstation.model.settlement import About
from workstation.model.study import ImageRecord, Study, WidthCutoffs
from workstation.reviewing import curve_places

FIELD_AGREES_FROM = 0.98
"""Intersection over union of two fields that count as the same: what is left moves a density by 2 % at most."""
CLASS_STEP_UM = 2.0
"""Widths that differ by less are one width, on whichever side of a cut-off they lie: a line drawn anew along the same
shaft measures as much more or less."""
REACH_OF_TOLERANCE = 0.4
"""Lines nearer to each other than this share of the roots' tolerance (40 µm) run along one shaft."""
TURNED = np.cos(np.radians(20.0))
"""Hairs of one root that turn from each other by more are looked at more closely: they may be two."""
Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """From where on a difference is one."""

    tolerance_px: float
    """Roots no farther apart may be one hair's."""
    um_per_px: float | None
    cutoffs: WidthCutoffs
    width_error_um: float

    @classmethod
    def of(cls, study: Study, image: ImageRecord) -> "Rules":
        """Those of a study for one of its images."""
        scale = None if image.calibration is None else image.calibration.um_per_px
        return cls(tolerance_px(image.width_px, scale), scale, study.cutoffs, study.rules.width_error_um)


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two reads of one image beside each other."""

    first: Read
    second: Read
    rules: Rules
    agreed: tuple[tuple[Ids, Ids], ...]
    """Hairs that both have alike, and those that one has and that count in neither: ids in each read."""
    agreed_units: tuple[tuple[int, int], ...]
    """Units with the same of the hairs that both have."""
    differences: tuple[Difference, ...]
    """In the order of looking at them."""
    field_iou: float
    """Of the two measured regions, 0 to 1."""
    n_shared: int
    """Counting hairs that both have, alike or not."""

    @property
    def f1(self) -> float:
        """Of the hairs that count, one read against the other; NaN where neither has any."""
        n_first, n_second = (int(read.columns.counts.sum()) for read in (self.first, self.second))
        return f1_score(self.n_shared, n_first, n_second)

    def counts(self) -> dict[DifferenceKind, int]:
        """How many differences there are of each kind."""
        return {kind: sum(d.kind is kind for d in self.differences) for kind in DifferenceKind}


def compare_reads(study: Study, first: Read, second: Read) -> Comparison:
    """What two reads of one image say differently, by the study's rules. Kept with the first read.

    Hairs that count are matched by their roots first, then those that are left with those that count nowhere. What is
    left of both after that and runs along one shaft is one difference together, not two.

    Raises:
        ValueError: if they are not of one image.
    """
    if first.image_id != second.image_id:
        raise ValueError(f"reads {first.id} and {second.id} are of different images")
    image = study.images[first.image_id]
    rules = Rules.of(study, image)
    known: Comparison | None = first.remembered.get("compared")
    if known is None or known.second is not second or known.rules != rules:
        known = _compared(first, second, image, rules)
        first.remembered["compared"] = known
    return known


def _compared(first: Read, second: Read, image: ImageRecord, rules: Rules) -> Comparison:
    sides = _Side(first, rules), _Side(second, rules)
    matched = _matched(*sides, rules)
    apart = _two_hairs(*sides, matched, rules)
    agreed: list[tuple[Ids, Ids]] = []
    found: list[tuple[DifferenceKind, Ids, Ids]] = []
    shared: list[tuple[Hair, Hair]] = []
    pairs: list[tuple[int, int]] = []
    for (i, j), two in zip(matched, apart, strict=True):
        a, b = sides[0].hairs[i], sides[1].hairs[j]
        if two and not (a.counts and b.counts):
            continue  # what counts nowhere is no partner of another hair
        pairs.append((i, j))
        if a.counts and b.counts and not two:
            shared.append((a, b))
        kind = _kind(sides, (i, j), rules, two=two)
        if kind is None:
            agreed.append(((a.id,), (b.id,)))
        else:
            found.append((kind, (a.id,), (b.id,)))
    alone, nowhere = _alone(*sides, pairs, rules)
    differences = [_of_hairs(kind, a, b, first, second) for kind, a, b in (*found, *alone)]
    alike, units = _groupings(shared)
    differences += units
    iou = _overlap(first, second)
    if iou < FIELD_AGREES_FROM:
        differences.append(_of_field(first))
    return Comparison(
        first, second, rules, (*agreed, *nowhere), alike, _in_order(differences, image), iou, len(shared)
    )  # fmt: skip


class _Side:
    """The hairs of one read as the comparison needs them."""

    def __init__(self, read: Read, rules: Rules) -> None:
        self.hairs = list(read.hairs.values())
        self.counts: BoolArray = read.columns.counts
        self.root_px = read.columns.root_px
        tips = np.array([hair.vertices_px[-1] for hair in self.hairs], dtype=np.float64).reshape(-1, 2)
        self.direction: FloatArray = tips - self.root_px
        self.width_um: FloatArray = read.columns.width_px * (rules.um_per_px or np.nan)
        limits = rules.cutoffs.vellus_below_um, rules.cutoffs.terminal_from_um
        self.width_class = np.zeros(len(self.hairs), dtype=np.int64)
        for number, members in enumerate(width_classes(self.width_um, *limits).values(), 1):
            self.width_class[members] = number

    def objects(self, chosen: Sequence[int]) -> Objects:
        """Some of the hairs, by their places in the list."""
        return Objects(self.root_px[list(chosen)].reshape(-1, 2), self.direction[list(chosen)].reshape(-1, 2))

    def lines(self, chosen: Iterable[int]) -> list[FloatArray]:
        return [self.hairs[i].vertices_px for i in chosen]


def _matched(first: _Side, second: _Side, rules: Rules) -> list[tuple[int, int]]:
    """Places of the hairs that both reads have: what counts goes before what does not, which could take its place."""
    pairs: list[tuple[int, int]] = []
    left = [np.flatnonzero(first.counts).tolist(), np.flatnonzero(second.counts).tolist()]
    for more in (False, True):
        if more:
            left[0] = sorted({*left[0], *np.flatnonzero(~first.counts).tolist()})
            left[1] = sorted({*left[1], *np.flatnonzero(~second.counts).tolist()})
        match: ObjectMatch = match_objects(first.objects(left[0]), second.objects(left[1]), rules.tolerance_px)
        pairs += [(left[0][i], left[1][j]) for i, j in zip(match.first.tolist(), match.second.tolist(), strict=True)]
        left = [[left[0][i] for i in match.only_first.tolist()], [left[1][j] for j in match.only_second.tolist()]]
    return sorted(pairs)


def _two_hairs(first: _Side, second: _Side, pairs: Sequence[tuple[int, int]], rules: Rules) -> list[bool]:
    """Of each matched pair whether they are two hairs of one ostium: they part, and neither runs along the other."""
    if not pairs:
        return []
    i, j = np.array(pairs).T
    a, b = first.direction[i], second.direction[j]
    length = np.hypot(*a.T) * np.hypot(*b.T)
    turned = np.flatnonzero((a * b).sum(axis=1) < TURNED * length).tolist()
    lines = first.lines(i[turned].tolist()), second.lines(j[turned].tolist())
    share = share_along(*lines, REACH_OF_TOLERANCE * rules.tolerance_px)
    two = [False] * len(pairs)
    for place, along in zip(turned, share.tolist(), strict=True):
        two[place] = along < SHARE
    return two


def _kind(sides: "tuple[_Side, _Side]", pair: tuple[int, int], rules: Rules, *, two: bool) -> DifferenceKind | None:
    """How a hair that both reads have differs; None where it does not."""
    (first, second), (i, j) = sides, pair
    counts, other_counts = bool(first.counts[i]), bool(second.counts[j])
    if not (counts or other_counts):
        return None
    if two:
        return DifferenceKind.LINE
    if counts != other_counts:
        return DifferenceKind.COUNTED
    if rules.um_per_px is None:
        return None
    apart_um = abs(first.width_um[i] - second.width_um[j])
    if apart_um > rules.width_error_um:
        return DifferenceKind.WIDTH
    # a width that only one has differs in class, and by an unknown step
    other_class = first.width_class[i] != second.width_class[j]
    return DifferenceKind.WIDTH if other_class and not apart_um < CLASS_STEP_UM else None


def _alone(
    first: _Side, second: _Side, pairs: Sequence[tuple[int, int]], rules: Rules
) -> tuple[list[tuple[DifferenceKind, Ids, Ids]], list[tuple[Ids, Ids]]]:
    """What only one read has: what counts, together where it runs along one shaft; and what counts in neither."""
    with_partner = [{pair[side] for pair in pairs} for side in (0, 1)]
    left = [
        [i for i in range(len(side.hairs)) if i not in matched]
        for side, matched in zip((first, second), with_partner, strict=True)
    ]
    nowhere: list[tuple[Ids, Ids]] = [((first.hairs[i].id,), ()) for i in left[0] if not first.counts[i]]
    nowhere += [((), (second.hairs[j].id,)) for j in left[1] if not second.counts[j]]
    mine = [i for i in left[0] if first.counts[i]]
    theirs = [j for j in left[1] if second.counts[j]]
    along = same_shafts(first.lines(mine), second.lines(theirs), REACH_OF_TOLERANCE * rules.tolerance_px)
    groups = _components([(mine[i], theirs[j]) for i, j in along])
    found = [
        (DifferenceKind.LINE, _ids(first.hairs, some), _ids(second.hairs, others)) for some, others in groups
    ]  # fmt: skip
    taken = {i for some, _ in groups for i in some}, {j for _, others in groups for j in others}
    found += [(DifferenceKind.ONLY_FIRST, (first.hairs[i].id,), ()) for i in mine if i not in taken[0]]
    found += [(DifferenceKind.ONLY_SECOND, (), (second.hairs[j].id,)) for j in theirs if j not in taken[1]]
    return found, nowhere


def _groupings(shared: Sequence[tuple[Hair, Hair]]) -> tuple[tuple[tuple[int, int], ...], list[Difference]]:
    """Units that have the same of the hairs that both reads have, and what is grouped otherwise.

    A unit of one read and one of the other hang together where a hair is of both; what hangs together and is more than
    one unit in a read is one difference.
    """
    links = [(a.unit_id, b.unit_id) for a, b in shared if a.unit_id is not None and b.unit_id is not None]
    roots: dict[int, list[FloatArray]] = {}
    for a, _ in shared:
        if a.unit_id is not None:
            roots.setdefault(a.unit_id, []).append(a.root_px)
    alike: list[tuple[int, int]] = []
    differences: list[Difference] = []
    for some, others in _components(links):
        if len(some) == len(others) == 1:
            alike.append((some[0], others[0]))
            continue
        x, y = np.mean([root for unit in some for root in roots[unit]], axis=0).tolist()
        differences.append(
            Difference(DifferenceKind.UNITS, About.UNIT, tuple(sorted(some)), tuple(sorted(others)), (x, y), 0)
        )
    return tuple(alike), differences


def _components(links: Iterable[tuple[int, int]]) -> list[tuple[list[int], list[int]]]:
    """What hangs together in a graph between two kinds of things, each once, in order."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = sorted(set(links))
    if not pairs:
        return []
    first, i = np.unique([a for a, _ in pairs], return_inverse=True)
    second, j = np.unique([b for _, b in pairs], return_inverse=True)
    n = len(first) + len(second)
    graph = coo_array((np.ones(len(pairs)), (i, len(first) + j)), shape=(n, n))
    _, label = connected_components(graph, directed=False)
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for place, of in enumerate(label.tolist()):
        group = groups.setdefault(of, ([], []))
        is_second = place >= len(first)
        group[is_second].append(int(second[place - len(first)] if is_second else first[place]))
    return list(groups.values())


def _of_hairs(kind: DifferenceKind, first_ids: Ids, second_ids: Ids, first: Read, second: Read) -> Difference:
    hairs = [*(first.hairs[i] for i in first_ids), *(second.hairs[i] for i in second_ids)]
    x, y = np.mean([hair.root_px for hair in hairs], axis=0).tolist()
    return Difference(kind, About.HAIR, first_ids, second_ids, (x, y), 0)


def _of_field(first: Read) -> Difference:
    x, y = first.field.polygon_px.mean(axis=0).tolist()
    return Difference(DifferenceKind.FIELD, About.FIELD, (), (), (x, y), -1)


def _overlap(first: Read, second: Read) -> float:
    if first.field == second.field:
        return 1.0
    a, b = first.field.region(), second.field.region()
    union = shapely.area(shapely.union(a, b))
    return float(shapely.area(shapely.intersection(a, b)) / union) if union else 1.0


def _in_order(differences: Sequence[Difference], image: ImageRecord) -> tuple[Difference, ...]:
    along = curve_places([d.place_px for d in differences], image).tolist()
    placed = [
        d if d.along < 0 else Difference(d.kind, d.about, d.first_ids, d.second_ids, d.place_px, place)
        for d, place in zip(differences, along, strict=True)
    ]
    return tuple(sorted(placed, key=lambda d: d.order))


def _ids(hairs: Sequence[Hair], places: Iterable[int]) -> Ids:
    return tuple(sorted(hairs[i].id for i in places))
