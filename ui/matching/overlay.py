"""Puts matches over the images shown: numbers and signs while they are wanted, and partners of what is selected."""

from PySide6.QtCore import QObject

from analysis.matching.match import Level, Matching, Status
from ui.keys import Context
from ui.matching.matched_pair import MatchedPair
from ui.matching.matches import Matches
from ui.matching.places import partners_of, place_in
from ui.pointing import TargetKind
from ui.view.comparison import ComparisonView
from ui.view.match_marks import Marks, Partners, marks_of
from ui.workspace import Workspace


class MatchOverlay(QObject):
    """See the module.

    Args:
        workspace: what is selected, pointed at and shown.
        matches: the pairs.
        comparison: the views.
    """

    def __init__(self, workspace: Workspace, matches: Matches, comparison: ComparisonView) -> None:
        super().__init__(comparison)
        self._workspace = workspace
        self._matches = matches
        self._comparison = comparison
        self._known: dict[int, tuple[Matching, Marks]] = {}
        for changed in (
            matches.changed,
            matches.current_changed,
            comparison.views_changed,
            workspace.selection_changed,
            workspace.hover_changed,
            workspace.display_changed,
            workspace.reviewing_changed,
        ):
            changed.connect(self.refresh)
        self.refresh()

    @property
    def shown(self) -> bool:
        """Whether numbers and signs are shown: while matches are reviewed, and where it is switched on."""
        workspace = self._workspace
        return workspace.reviewing is Context.MATCHES or workspace.display.layers.matches

    def refresh(self) -> None:
        """Bring all views up to date."""
        self._known = {i: known for i, known in self._known.items() if i in self._comparison.views}
        for image_id, view in self._comparison.views.items():
            pair = self._matches.pair_of(image_id)
            marks = self._marks(pair, image_id) if self.shown and pair is not None else None
            view.set_matches(marks, self._partners(image_id))

    def _marks(self, pair: MatchedPair, image_id: int) -> Marks | None:
        matching, known = pair.matching, self._known.get(image_id)
        if matching is None:
            return None
        if known is None or known[0] is not matching:
            at_baseline = image_id == pair.ids.baseline_image_id
            known = matching, marks_of(matching.by_baseline if at_baseline else matching.by_followup)
            self._known[image_id] = known
        return known[1]

    def _partners(self, image_id: int) -> Partners:
        """What stands out in an image through another one that it is registered to."""
        workspace, units, hairs = self._workspace, frozenset[int](), frozenset[int]()
        hovered_units, hovered_hairs, ghost, status = units, hairs, None, Status.LOST
        source, selection, hover = workspace.selected_image, workspace.selection, workspace.hover
        pair = self._pair(source, image_id)
        if pair is not None and source is not None:
            units = partners_of(pair, source, Level.UNIT, selection.unit_ids)
            hairs = partners_of(pair, source, Level.HAIR, selection.hair_ids)
            if not units and not hairs and self.shown and len(selection.unit_ids) == 1:
                place = place_in(pair, selection, source, image_id)
                ghost = None if place is None else (float(place[0]), float(place[1]))
                (unit_id,) = selection.unit_ids
                match = pair.match_of(source, Level.UNIT, unit_id)
                ghost = ghost if match is not None else None
                status = Status.LOST if match is None else match.status
        pair = None if hover is None else self._pair(hover.image_id, image_id)
        if pair is not None and hover is not None:
            ids = frozenset({hover.id})
            if hover.kind is TargetKind.UNIT:
                hovered_units = partners_of(pair, hover.image_id, Level.UNIT, ids)
            elif hover.kind is TargetKind.HAIR:
                hovered_hairs = partners_of(pair, hover.image_id, Level.HAIR, ids)
        return Partners(units, hairs, hovered_units, hovered_hairs, ghost, status)

    def _pair(self, source: int | None, image_id: int) -> MatchedPair | None:
        """The pair of two shown images."""
        if source is None or source == image_id:
            return None
        both = {source, image_id}
        found = (p for p in self._matches.shown if {p.baseline_image_id, p.followup_image_id} == both)
        ids = next(found, None)
        return None if ids is None else self._matches.pair(ids)
