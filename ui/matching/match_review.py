"""The match review: from one unit worth a look to the next, a verdict on each, all as decisions of the study.

What is reviewed is the current pair; what a verdict is about is what is selected in one of its images, a unit as a
rule, or a hair.
"""

from collections.abc import Iterable

import shapely
from PySide6.QtCore import QObject, Signal

from analysis.matching.match import Level, Match, Matching, Ruling, Status
from ui.keys import Context
from ui.matching.matched_pair import MatchedPair
from ui.matching.matches import Matches, all_same
from ui.matching.places import one_unit, place_in, selected_match, surroundings, unit_under
from ui.messages import Message
from ui.workspace import Workspace
from workstation.document import ChangeSet
from workstation.edits import decide, withdraw
from workstation.entry import Action, Selection
from workstation.errors import EditRefused
from workstation.match_review import Answer, MatchQueue, Order, Reason, ReviewItem, Side, decision_on, ruling_for
from workstation.model.pair import Decision
from workstation.model.patch import Kind
from workstation.model.study import Study
from workstation.pairing import in_force
from workstation.visit_columns import scale_of

EMPTY = MatchQueue((), 0, Matching((), (), shapely.Polygon(), shapely.Polygon(), 0.0))
SELECT_FIRST = "Select a unit first: N goes to the next one worth a look."


class MatchReview(QObject):
    """See the module. Lives on the main thread as long as the window.

    Args:
        workspace: whose selection and cursor it acts on.
        matches: the pairs.
        parent: the Qt parent.
    """

    changed = Signal()
    """The queue, what is chosen of it, or what is looked at is otherwise."""

    def __init__(self, workspace: Workspace, matches: Matches, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._matches = matches
        self._reasons = frozenset(Reason)
        self._here: Order | None = None
        self._linking: Selection | None = None
        self._known: tuple[tuple[object, ...], float, MatchQueue] = ((), 0.0, EMPTY)
        matches.changed.connect(self._follow)
        matches.current_changed.connect(self._follow_pair)
        workspace.document_changed.connect(self._follow_document)
        workspace.selection_changed.connect(self._follow_selection)
        workspace.reviewing_changed.connect(self.changed)

    # --- what there is to look at ------------------------------------------------------------------------------

    @property
    def on(self) -> bool:
        """Whether the verdict keys mean matches."""
        return self._workspace.reviewing is Context.MATCHES

    def set_on(self, on: bool) -> None:
        """Review matches, or hairs."""
        wanted = on and self._matches.current is not None
        self._workspace.set_reviewing(Context.MATCHES if wanted else Context.HAIRS)

    @property
    def pair(self) -> MatchedPair | None:
        """The pair that is reviewed."""
        return self._matches.current

    @property
    def reasons(self) -> frozenset[Reason]:
        """What is gone through."""
        return self._reasons

    def choose(self, reasons: Iterable[Reason]) -> None:
        """Go through units of some reasons alone; through all where none is named."""
        self._reasons = frozenset(reasons) or frozenset(Reason)
        self.changed.emit()

    @property
    def all(self) -> MatchQueue:
        """All units worth a look that nobody decided on."""
        pair, study = self.pair, self._workspace.study
        sides = None if pair is None or study is None else _sides(study, pair)
        if pair is None or study is None or sides is None or pair.matching is None or pair.registration is None:
            return EMPTY
        warp, error_um = pair.registration.result.warp, study.rules.width_error_um
        if warp is None:
            return EMPTY
        basis = (pair.matching, pair.baseline, pair.followup, warp)
        if not all_same(self._known[0], basis) or self._known[1] != error_um:
            self._known = basis, error_um, MatchQueue.of(pair.matching, *sides, warp, error_um)
        return self._known[2].after_deciding(self.decisions)

    @property
    def queue(self) -> MatchQueue:
        """What is gone through."""
        return self.all.only(self._reasons)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The readers' decisions that hold, in the order of deciding."""
        pair, study = self.pair, self._workspace.study
        if study is None or pair is None or pair.pair is None or pair.baseline is None or pair.followup is None:
            return ()
        return in_force(study, pair.pair, pair.baseline, pair.followup)

    @property
    def match(self) -> Match | None:
        """What became of what is selected: of one hair, else of one unit; None where that is not known."""
        return selected_match(self._workspace, self.pair)

    @property
    def decision(self) -> Decision | None:
        """Who decided on what is selected."""
        match = self.match
        return None if match is None else decision_on(self.decisions, match)

    @property
    def linking(self) -> bool:
        """Whether a click in the other image is awaited, on the partner of what is selected."""
        return self._linking is not None

    # --- going through it --------------------------------------------------------------------------------------

    def next(self) -> bool:
        """Go to the next unit worth a look; whether there is one, else the user is told."""
        return self._go(self.queue.after(self._here))

    def previous(self) -> bool:
        """Go to the previous unit worth a look; as `next`."""
        return self._go(self.queue.before(self._here))

    def show(self, match: Match) -> None:
        """Select a unit or a hair where it is, the baseline first, and bring it into view in both images."""
        pair = self.pair
        if pair is None:
            return
        at_baseline = match.baseline_id is not None
        read, id_ = (pair.baseline, match.baseline_id) if at_baseline else (pair.followup, match.followup_id)
        if read is None or id_ is None:
            return
        ids = frozenset({id_})
        selection = Selection(read.id, ids) if match.level is Level.HAIR else Selection(read.id, frozenset(), ids)
        self._workspace.select(selection)
        self.reveal()

    def reveal(self) -> None:
        """Bring what is selected into the middle of both images."""
        pair, image_id = self.pair, self._workspace.selected_image
        if pair is None or image_id is None or not pair.has(image_id):
            return
        # linked views go together: the one that goes first leads
        for shown in (image_id, pair.other(image_id)):
            place = place_in(pair, self._workspace.selection, image_id, shown)
            if place is not None:
                self._workspace.reveal(shown, surroundings(self._workspace.study, shown, place))

    def _go(self, item: ReviewItem | None) -> bool:
        if item is None:
            pair = self.pair
            if pair is not None and pair.matching is not None:
                left = "" if self._reasons == frozenset(Reason) else " of those chosen"
                self._workspace.tell(f"No unit{left} is left to look at in these two images.")
            elif pair is not None and not pair.pending:
                self._workspace.tell("These two images are not registered yet.")
            return False
        self._here = item.order
        self.show(item.match)
        return True

    # --- verdicts ----------------------------------------------------------------------------------------------

    def answer(self, answer: Answer) -> None:
        """Decide on what is selected; from a unit of the queue it goes on to the next."""
        match = self.match
        if match is None:
            self._workspace.tell(SELECT_FIRST)
            return
        try:
            ruling = ruling_for(answer, match)
        except EditRefused as error:
            self._workspace.told.emit(Message.of_error(error))
            return
        self._decide(ruling, match)

    def relink(self) -> None:
        """Decide that what is selected is the same as what is under the cursor in the other image.

        Where nothing is under it, the next click there says what.
        """
        pair, match, workspace = self.pair, self.match, self._workspace
        image_id = workspace.selected_image
        if pair is None or match is None or image_id is None:
            workspace.tell(SELECT_FIRST)
            return
        found = unit_under(workspace, pair, pair.other(image_id))
        if found is None:
            self._await_click(None if self.linking else workspace.selection)
        else:
            self._link(pair, match, image_id, found)

    def _link(self, pair: MatchedPair, match: Match, image_id: int, found: tuple[int, int | None]) -> None:
        """Decide that what is selected in an image is the same as a unit, or its hair, in the other."""
        at_baseline = image_id == pair.ids.baseline_image_id
        own = match.baseline_id if at_baseline else match.followup_id
        unit_id, hair_id = found
        partner = unit_id if match.level is Level.UNIT else hair_id
        if partner is None:
            self._workspace.tell("A hair is selected: point at a hair in the other image.")
            return
        self._await_click(None)
        self._decide(Ruling(match.level, *((own, partner) if at_baseline else (partner, own))), match)

    def _await_click(self, of: Selection | None) -> None:
        """Wait for a click on the partner of what is selected, or no more."""
        if of != self._linking:
            self._linking = of
            if of is not None:
                self._workspace.tell("Click its partner in the other image, or point at it and press the key.")
            self.changed.emit()

    def _clicked(self, of: Selection) -> bool:
        """Whether what was just selected is the partner that was awaited: then they are linked."""
        workspace, pair = self._workspace, self.pair
        clicked, image_id = workspace.selection, workspace.selected_image
        self._await_click(None)
        study = workspace.study
        read = None if study is None or of.read_id is None else study.reads.get(of.read_id)
        if pair is None or read is None or image_id is None or image_id != pair.other(read.image_id):
            return False
        found = one_unit(pair.read_of(image_id), clicked)
        if found is None:
            return False
        workspace.select(of)  # an undo comes back to it
        match = self.match
        if match is not None:
            self._link(pair, match, read.image_id, found)
        return True

    def back(self) -> None:
        """Take the decision on what is selected back; where there is none, go to what was decided last."""
        decision, pair, decisions = self.decision, self.pair, self.decisions
        if decision is not None and pair is not None and pair.pair is not None:
            pair_id, decision_id = pair.pair.id, decision.id
            self._workspace.commit_study(lambda study: withdraw(study, pair_id, [decision_id]))
        elif decisions and pair is not None:
            ruling = decisions[-1].ruling
            at_baseline = ruling.baseline_id is not None
            image_id = pair.ids.baseline_image_id if at_baseline else pair.ids.followup_image_id
            id_ = ruling.baseline_id if at_baseline else ruling.followup_id
            assert id_ is not None
            known = pair.match_of(image_id, ruling.level, id_)
            self.show(known or _as_ruled(ruling))
        else:
            self._workspace.tell("Nothing was decided in these two images yet.")

    def _decide(self, ruling: Ruling, match: Match) -> None:
        pair, session = self.pair, self._workspace.session
        if pair is None or pair.pair is None or pair.baseline is None or pair.followup is None or session is None:
            return
        item = self.queue.item_of(match)
        pair_id, reads, user = pair.pair.id, (pair.baseline.id, pair.followup.id), session.document.user
        if not user:
            self._workspace.tell("Tell your name first, in the settings: each decision is kept with who made it.")
            return
        change = self._workspace.commit_study(lambda study: decide(study, pair_id, ruling, user, *reads))
        if change is not None and item is not None:
            self._here = item.order
            self.next()

    # --- following ---------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        if self.on and self._matches.current is None:
            self.set_on(False)
        self.changed.emit()

    def _follow_pair(self) -> None:
        self._here = self._linking = None
        self._follow()

    def _follow_selection(self) -> None:
        """What is selected in the images is where it goes on from, or the partner that was awaited."""
        if self._linking is not None and self._linking != self._workspace.selection and self._clicked(self._linking):
            return
        item = self.all.item_of(self.match)
        if item is not None:
            self._here = item.order
        self.changed.emit()

    def _follow_document(self, change: ChangeSet) -> None:
        """A decision that is taken back, or made again, is shown."""
        if self.on and change.entry.action is not Action.DO and Kind.DECISION in change.changed:
            self.reveal()
            self._follow_selection()


def _sides(study: Study, pair: MatchedPair) -> tuple[Side, Side] | None:
    sides = []
    for image_id in (pair.ids.baseline_image_id, pair.ids.followup_image_id):
        read = pair.read_of(image_id)
        um_per_px = None if read is None else scale_of(study, read)
        if read is None or um_per_px is None:
            return None
        sides.append(Side(study.images[image_id], read, um_per_px))
    return sides[0], sides[1]


def _as_ruled(ruling: Ruling) -> Match:
    """What a ruling says, until it is matched again."""
    gone = Status.NEW if ruling.baseline_id is None else Status.LOST
    status = Status.KEPT if None not in (ruling.baseline_id, ruling.followup_id) else gone
    return Match(ruling.level, ruling.baseline_id, ruling.followup_id, status, ruled=True)
