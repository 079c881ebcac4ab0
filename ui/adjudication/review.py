"""The way through what two reads of an image differ in: from one difference to the next, each settled by a key.

Until something is settled there is no third read: both reads are only looked at, and the first choice begins one. Where
the readers' names are hidden it is begun at once: else the name of whose read is shown would stand above the image.
"""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from ui.adjudication.places import around
from ui.keys import Context
from ui.workspace import SELECT_TOOL, Workspace
from workstation.adjudication.difference import Difference, DifferenceKind
from workstation.adjudication.differences import compare_reads
from workstation.adjudication.third_read import Adjudication, adjudication_of, source_problems, third_reads_of
from workstation.adjudication.trigger import two_reads_of
from workstation.adjudication.wording import reader_names
from workstation.clock import utc_seconds
from workstation.document import ChangeSet
from workstation.edits import submit
from workstation.edits.adjudication import begin_third_read, reopen_difference, settle
from workstation.entry import Action, Selection
from workstation.model.patch import Kind
from workstation.model.read import WITH_READER, Read
from workstation.model.settlement import About, Choice, Settlement
from workstation.model.study import Study

TOOLS = {About.HAIR: "vertices", About.UNIT: "units", About.FIELD: "field"}
"""What is taken in hand to settle something by hand."""
SELECT_FIRST = "Go to a difference first: N goes to the next one."


class AdjudicationReview(QObject):
    """See the module. Lives on the main thread as long as the window.

    Args:
        workspace: whose active image is settled.
        parent: the Qt parent.
    """

    changed = Signal()
    """The reads, what is open, what is chosen of it, or what is looked at is otherwise."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._image_id: int | None = None
        self._kinds = frozenset(DifferenceKind)
        self._current: Difference | None = None
        self._names_wanted = False
        workspace.reviewing_changed.connect(self._follow_context)
        workspace.active_changed.connect(self._follow_active)
        workspace.session_changed.connect(lambda: self.set_on(False))
        workspace.document_changed.connect(self._follow_document)
        workspace.display_changed.connect(self.changed)
        workspace.tool_changed.connect(self.changed)

    # --- what there is to settle -------------------------------------------------------------------------------

    @property
    def on(self) -> bool:
        """Whether two reads are looked at, and the verdict keys mean what they differ in."""
        return self._workspace.reviewing is Context.ADJUDICATION and self._image_id is not None

    @property
    def image_id(self) -> int | None:
        """The image whose reads are looked at."""
        return self._image_id if self.on else None

    @property
    def possible(self) -> bool:
        """Whether the active image has two reads to be looked at."""
        return self._why_not() == ""

    def set_on(self, on: bool) -> None:
        """Look at two reads of the active image, or no more. The user is told why not where there are none."""
        workspace = self._workspace
        if not on:
            if self.on:
                workspace.set_reviewing(Context.HAIRS)
            return
        if why := self._why_not():
            workspace.tell(why)
            return
        self._image_id, self._current = workspace.active, None
        workspace.set_reviewing(Context.ADJUDICATION)
        found = self.adjudication
        if found is not None and (found.first.package or found.second.package) and not self._names_wanted:
            workspace.set_display(replace(workspace.display, blinded=True))
        self._begin_blinded()
        self._show_read()
        self.changed.emit()

    def open_image(self, image_id: int) -> None:
        """Show an image alone, and look at its two reads."""
        self._workspace.set_shown((image_id,))
        self._workspace.set_active(image_id)
        self.set_on(True)

    @property
    def adjudication(self) -> Adjudication | None:
        """The two reads and the third; None where nothing is settled."""
        study = self._workspace.study
        if study is None or self.image_id is None:
            return None
        return _found(study, self.image_id, self._user)

    @property
    def names(self) -> tuple[str, str]:
        """What the two readers are called."""
        found = self.adjudication
        if found is None:
            return "", ""
        return reader_names(found.first, found.second, blinded=self._workspace.display.blinded)

    def set_blinded(self, blinded: bool) -> None:
        """Tell the readers by number, or by name. Reads that came in blinded packages are told by number at first."""
        self._names_wanted = not blinded
        self._workspace.set_display(replace(self._workspace.display, blinded=blinded))
        self._begin_blinded()

    @property
    def problems(self) -> tuple[str, ...]:
        """What became of the two reads since the third was begun."""
        found, study = self.adjudication, self._workspace.study
        return () if found is None or found.third is None or study is None else source_problems(study, found.third)

    @property
    def kinds(self) -> frozenset[DifferenceKind]:
        """What is gone through."""
        return self._kinds

    def choose_kinds(self, kinds: Iterable[DifferenceKind]) -> None:
        """Go through some kinds of differences alone; through all where none is named."""
        self._kinds = frozenset(kinds) or frozenset(DifferenceKind)
        self.changed.emit()

    @property
    def current(self) -> Difference | None:
        """What is looked at."""
        return self._current if self.on else None

    @property
    def settlement(self) -> Settlement | None:
        """How that was settled."""
        found = self.adjudication
        return None if found is None or self._current is None else found.settlement_of(self._current)

    @property
    def can_settle(self) -> bool:
        """Whether the third read is the user's to work on, or could be begun."""
        found = self.adjudication
        if found is None or not self._workspace.can_edit:
            return False
        if found.third is None:
            return self._user not in (found.first.reader, found.second.reader)
        return found.third.reader == self._user and found.third.review.state in WITH_READER

    @property
    def by_hand(self) -> bool:
        """Whether a tool is in hand, so that the third read must be seen well."""
        return self.on and self._workspace.tool != SELECT_TOOL

    # --- going through it --------------------------------------------------------------------------------------

    def next(self) -> bool:
        """Go to the next open difference; whether there is one, else the user is told."""
        return self._step(forward=True)

    def previous(self) -> bool:
        """Go to the previous one; as `next`."""
        return self._step(forward=False)

    def show(self, difference: Difference) -> None:
        """Look at a difference, settled or not: it stands out and comes into view."""
        found, image_id = self.adjudication, self.image_id
        if found is None or image_id is None:
            return
        self._current = difference
        self._select_results(found)
        self._workspace.reveal(image_id, around(self._workspace.study, image_id, found, difference))
        self.changed.emit()

    def _step(self, *, forward: bool) -> bool:
        found = self.adjudication
        if found is None:
            return False
        if self._workspace.tool in TOOLS.values():
            self._workspace.set_tool(SELECT_TOOL)  # what was mended by hand is done
        here = None if self._current is None else self._current.order
        beside = found.after(here, self._kinds) if forward else found.before(here, self._kinds)
        if beside is None:
            of_kind = "" if self._kinds == frozenset(DifferenceKind) else " of those chosen"
            self._workspace.tell(f"No difference{of_kind} is left to settle in this image.")
            return False
        self.show(beside)
        return True

    # --- verdicts ----------------------------------------------------------------------------------------------

    def choose(self, choice: Choice) -> None:
        """Settle what is looked at, and go on to the next."""
        if self._settle(choice) and self.adjudication is not None and self.adjudication.open:
            self.next()

    def edit(self) -> None:
        """Settle what is looked at by hand: its hairs come into the third read, selected, with a tool in hand."""
        difference = self._current
        if difference is None or not self._settle(Choice.EDITED):
            return
        self.show(difference)
        self._workspace.set_tool(TOOLS[difference.about])

    def reopen(self) -> None:
        """Take the settlement of what is looked at back."""
        difference, third, study = self._current, self._begun(), self._workspace.study
        if difference is None or third is None or study is None or self.settlement is None:
            self._workspace.tell("This is not settled." if difference else SELECT_FIRST)
            return
        self._workspace.commit(third.image_id, lambda read: reopen_difference(study, read, difference))

    def submit(self) -> None:
        """Say that the third read is done."""
        third = self._begun()
        if third is None:
            self._workspace.tell("There is no third read yet: the first choice begins one.")
            return
        self._workspace.commit(third.image_id, submit)

    def _settle(self, choice: Choice) -> bool:
        """Whether what is looked at is settled so now, or was already."""
        difference, found, workspace = self._current, self.adjudication, self._workspace
        if difference is None or found is None:
            workspace.tell(SELECT_FIRST)
            return False
        before = found.settlement_of(difference)
        if before is not None and before.choice is choice:
            return True
        third = found.third or self._begin(found)
        study = workspace.study
        if third is None or study is None:
            return False
        change = workspace.commit(
            third.image_id,
            lambda read: settle(study, read, difference, choice),
            select=lambda _: Selection(third.id),
        )
        return change is not None

    def _begin_blinded(self) -> None:
        """Where names are hidden, begin the third read, so that nobody's read is shown under a name."""
        found = self.adjudication
        if self._workspace.display.blinded and found is not None and found.third is None and self.can_settle:
            self._begin(found)

    def _begin(self, found: Adjudication) -> Read | None:
        """Begin the third read; None where that is refused, and the user was told why."""
        workspace = self._workspace
        if not self._user:
            workspace.tell("Tell your name first, in the settings: a third read is somebody's.")
            return None
        change = workspace.commit_study(
            lambda study: begin_third_read(study, found.first.id, found.second.id, self._user, utc_seconds()),
            quiet=True,
        )
        if change is None:
            return None
        self._show_read()
        return self._begun()

    # --- following ---------------------------------------------------------------------------------------------

    @property
    def _user(self) -> str:
        session = self._workspace.session
        return "" if session is None else session.document.user

    def _begun(self) -> Read | None:
        found = self.adjudication
        return None if found is None else found.third

    def _why_not(self) -> str:
        """Why there is nothing to look at in the active image; empty where there is."""
        study, image_id = self._workspace.study, self._workspace.active
        if study is None or image_id is None:
            return "Open an image first."
        if _found(study, image_id, self._user) is None:
            return "This image has no finished reads of two readers."
        own = [r for r in study.reads_of(image_id) if r.reader == self._user and r.adjudicates is None and r.editable]
        if any(read.review.state in WITH_READER for read in own):
            return "Submit your own read of this image first: you would see how others read it."
        return ""

    def _show_read(self) -> None:
        """Have the third read shown, which tools then work on; before it begins, the first of the two."""
        study, image_id = self._workspace.study, self._image_id
        if study is None or image_id is None:
            return
        found = _found(study, image_id, self._user)
        if found is not None:
            self._workspace.show_read(image_id, (found.third or found.first).id)

    def _select_results(self, found: Adjudication) -> None:
        """Select what came of the current difference, so that it can be worked on."""
        settlement = None if self._current is None else found.settlement_of(self._current)
        third = found.third
        if third is None or settlement is None or settlement.about is About.FIELD:
            self._workspace.select(Selection())
            return
        ids = frozenset(settlement.result_ids)
        of_hairs = settlement.about is About.HAIR
        self._workspace.select(Selection(third.id, ids) if of_hairs else Selection(third.id, frozenset(), ids))

    def _follow_context(self) -> None:
        if self._workspace.reviewing is not Context.ADJUDICATION and self._image_id is not None:
            left, self._image_id, self._current = self._image_id, None, None
            self._workspace.show_read(left, None)
        self.changed.emit()

    def _follow_active(self) -> None:
        """Another image has reads of its own, or none."""
        if self.on and self._workspace.active != self._image_id:
            self.set_on(False)
        self.changed.emit()

    def _follow_document(self, change: ChangeSet) -> None:
        """Whoever takes a choice back sees what it was about."""
        found = self.adjudication
        if found is None:
            self.changed.emit()
            return
        if change.entry.action is not Action.DO and Kind.SETTLEMENT in change.changed:
            settled = [c.before or c.after for c in change.entry.patch.changes if c.kind is Kind.SETTLEMENT]
            keys = {(s.about, s.first_ids, s.second_ids) for s in settled if isinstance(s, Settlement)}
            again = next((d for d in found.differences if d.key in keys), None)
            if again is not None:
                self.show(again)
        self.changed.emit()


def _found(study: Study, image_id: int, user: str) -> Adjudication | None:
    """The third read of an image that is worked on, the user's own before others'; else its two reads."""
    thirds = third_reads_of(study, image_id)
    if thirds:
        own = [read for read in thirds if read.reader == user]
        return adjudication_of(study, (own or list(thirds))[-1])
    pairs = sorted(two_reads_of(study, image_id), key=lambda pair: -pair.percent)
    if not pairs:
        return None
    first, second = study.reads[pairs[0].first_id], study.reads[pairs[0].second_id]
    return Adjudication(None, compare_reads(study, first, second))
