"""Puts two reads over the image in which they are settled."""

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QObject

from analysis.detection import FloatArray
from ui.adjudication.review import AdjudicationReview
from ui.view.adjudication_layer import FAINT, ReadMarks, Side
from ui.view.comparison import ComparisonView
from workstation.adjudication.difference import Difference
from workstation.adjudication.provenance import From, origins
from workstation.adjudication.third_read import Adjudication
from workstation.model.read import Read
from workstation.model.settlement import About


class AdjudicationOverlay(QObject):
    """See the module.

    Args:
        review: what is settled.
        comparison: the views.
    """

    def __init__(self, review: AdjudicationReview, comparison: ComparisonView) -> None:
        super().__init__(comparison)
        self._review, self._comparison = review, comparison
        review.changed.connect(self.refresh)
        comparison.views_changed.connect(self.refresh)

    def refresh(self) -> None:
        """Bring all views up to date."""
        found, image_id = self._review.adjudication, self._review.image_id
        for shown, view in self._comparison.views.items():
            is_it = found is not None and shown == image_id
            view.set_two_reads(marks_of(found, self._review) if is_it and found is not None else None)


def marks_of(found: Adjudication, review: AdjudicationReview) -> ReadMarks:
    """What is drawn of two reads."""
    current = review.current
    others = [d for d in found.open if d != current and d.kind in review.kinds]
    begun = found.third is not None
    agreed = () if begun else tuple(found.first.hairs[ids[0]] for ids, _ in found.comparison.agreed if ids)
    return ReadMarks(
        others=_sides(found, others),
        current=_sides(found, [current]) if current is not None and not review.by_hand else (Side(), Side()),
        agreed=agreed,
        taken=_taken(found.third) if found.third is not None else {},
        below=(1.0 if review.by_hand else FAINT) if begun else 0.0,
    )


def _sides(found: Adjudication, differences: Sequence[Difference]) -> tuple[Side, Side]:
    first = _side(found.first, [(d.about, d.first_ids) for d in differences])
    return first, _side(found.second, [(d.about, d.second_ids) for d in differences])


def _side(read: Read, parts: Iterable[tuple[About, tuple[int, ...]]]) -> Side:
    hairs, units, field = [], set[int](), None
    for about, ids in parts:
        match about:
            case About.HAIR:
                hairs += [read.hairs[i] for i in ids if i in read.hairs]
            case About.UNIT:
                units.update(ids)
            case About.FIELD:
                field = read.field
    return Side(tuple(hairs), _roots_of(read, units), field)


def _roots_of(read: Read, units: set[int]) -> tuple[FloatArray, ...]:
    """Of each unit the roots of its hairs that count, (M, 2)."""
    if not units:
        return ()
    columns = read.columns
    chosen = (columns.root_px[columns.counts & (columns.unit == unit)] for unit in sorted(units))
    return tuple(np.asarray(roots) for roots in chosen if len(roots))


def _taken(third: Read) -> dict[tuple[float, float], From]:
    known = origins(third)
    found: dict[tuple[float, float], From] = {}
    for hair in third.hairs.values():
        source = known[hair.id].source if hair.id in known else From.ADJUDICATOR
        if source is not From.AGREED:
            x, y = hair.root_px.tolist()
            found[x, y] = source
    return found
