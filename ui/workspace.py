"""What the window is about: the open session, the images side by side, one selection, the tool in hand.

All panels, views and tools read from here and listen to its signals; none keeps a copy of its own. Every correction
goes through `commit`, so it is in the journal before anybody draws it.
"""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from ui.keys import Context
from ui.messages import Message, MessageKind, said
from ui.pointing import Cursor, Reveal, Target
from ui.record.past_read import PastRead
from ui.record.reasons import Reasons
from ui.shown_reads import ShownReads, still_there
from ui.view.layers import Display
from workstation.document import ChangeSet
from workstation.edits import NothingToDo
from workstation.entry import Action, Selection
from workstation.errors import UserFacingError
from workstation.model.patch import Patch
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.session import Session
from workstation.settings import Settings

SELECT_TOOL = "select"


class Workspace(QObject):
    """See the module. Lives on the main thread as long as the window.

    Args:
        settings: the program's; `set_settings` changes them.
        parent: the Qt parent.
    """

    session_changed = Signal()
    """A study was opened or closed."""
    document_changed = Signal(object)
    """A `ChangeSet`: an edit is in the journal and may be drawn."""
    shown_changed = Signal()
    """Other images stand side by side, or another read of one of them is shown."""
    active_changed = Signal()
    """Another image is the one that keys act on."""
    selection_changed = Signal()
    hover_changed = Signal()
    cursor_changed = Signal()
    tool_changed = Signal()
    tool_taken_again = Signal()
    """The tool in hand was asked for once more: it goes to its next mode, where it has several."""
    reviewing_changed = Signal()
    """Hairs are reviewed that were not, or matches."""
    display_changed = Signal()
    settings_changed = Signal()
    reveal_asked = Signal(object)
    """A `Reveal`."""
    told = Signal(object)
    """A `Message`."""

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._session: Session | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._shown: tuple[int, ...] = ()
        self._shown_reads = ShownReads()
        self.reasons = Reasons()
        """Why changes are made; whoever has a window lets it ask."""
        self._active: int | None = None
        self._selection = Selection()
        self._hover: Target | None = None
        self._cursor: Cursor | None = None
        self._tool = SELECT_TOOL
        self._reviewing = Context.HAIRS
        self._display = Display()

    # --- the study ---------------------------------------------------------------------------------------------

    @property
    def session(self) -> Session | None:
        """The open study file; None where none is open."""
        return self._session

    @property
    def study(self) -> Study | None:
        """The study as it is now; None where none is open."""
        return None if self._session is None else self._session.study

    @property
    def settings(self) -> Settings:
        """The program's settings."""
        return self._settings

    def set_settings(self, settings: Settings) -> None:
        """Take over other settings; saving them is the caller's."""
        if settings != self._settings:
            self._settings = settings
            self.settings_changed.emit()

    def set_session(self, session: Session | None, shown: Iterable[int] = ()) -> None:
        """Take over an opened study, or none. The one before is not closed here.

        Args:
            session: the study.
            shown: the images to begin with.
        """
        self._unsubscribe()
        self._session = session
        self._unsubscribe = (lambda: None) if session is None else session.document.subscribe(self._heard)
        self._selection, self._hover, self._cursor, self._active, self._shown = Selection(), None, None, None, ()
        self._shown_reads, self.reasons = ShownReads(), Reasons(self.reasons.ask)
        self.session_changed.emit()
        self.selection_changed.emit()
        self.set_shown(shown)

    def read(self, image_id: int) -> Read | None:
        """The read that is shown of an image; see `ShownReads`."""
        if self._session is None:
            return None
        return self._shown_reads.read(self._session.study, image_id, self._session.document.user)

    @property
    def asked_reads(self) -> Mapping[int, int]:
        """By image the read that was asked for."""
        return self._shown_reads.asked

    def show_read(self, image_id: int, read_id: int | None) -> None:
        """Show a certain read of an image as long as the image is shown, be it another's; None: no certain one."""
        asking = self._shown_reads if self.study is None else self._shown_reads.asking(self.study, image_id, read_id)
        self._show_reads(asking, image_id)

    @property
    def past(self) -> Mapping[int, PastRead]:
        """By image the read that is shown as it was once; nothing in it can be corrected."""
        return self._shown_reads.past

    def show_past(self, image_id: int, past: PastRead | None) -> None:
        """Show a read of an image as it was, as long as the image is shown; None: as it is now."""
        self._show_reads(self._shown_reads.going_back(image_id, past), image_id)

    def _show_reads(self, asking: ShownReads, image_id: int) -> None:
        if asking != self._shown_reads:
            self._shown_reads = asking
            if self.selected_image == image_id:
                self.select(self._selection)
            if image_id in self._shown:
                self.shown_changed.emit()
                self.active_changed.emit()

    @property
    def can_edit(self) -> bool:
        """Whether corrections are possible at all."""
        return self._session is not None and self._session.read_only_because is None

    # --- what is shown -----------------------------------------------------------------------------------------

    @property
    def shown(self) -> tuple[int, ...]:
        """The images side by side, left to right."""
        return self._shown

    def set_shown(self, image_ids: Iterable[int]) -> None:
        """Show these images side by side, those of them that exist."""
        images = {} if self.study is None else self.study.images
        shown = tuple(dict.fromkeys(i for i in image_ids if i in images))
        if shown != self._shown:
            self._shown = shown
            self._shown_reads = self._shown_reads.among(shown)
            self._forget_hidden()
            self.shown_changed.emit()
        if self._active not in shown:
            self.set_active(shown[0] if shown else None)

    def _forget_hidden(self) -> None:
        """Select nothing and point at nothing in an image that is not shown any more: keys would act on it unseen."""
        if self.selected_image not in (None, *self._shown):
            self.select(Selection())
        if self._cursor is not None and self._cursor.image_id not in self._shown:
            self.set_cursor(None)
        if self._hover is not None and self._hover.image_id not in self._shown:
            self.set_hover(None)

    @property
    def active(self) -> int | None:
        """The image that keys act on; None where none is shown."""
        return self._active

    def set_active(self, image_id: int | None) -> None:
        """Have keys act on another of the shown images."""
        if image_id != self._active and (image_id is None or image_id in self._shown):
            self._active = image_id
            self.active_changed.emit()

    @property
    def active_read(self) -> Read | None:
        """The read that is shown of the active image."""
        return None if self._active is None else self.read(self._active)

    @property
    def display(self) -> Display:
        """What of the overlay is shown, and how the images are."""
        return self._display

    def set_display(self, display: Display) -> None:
        """Show the overlay and the images otherwise; the data stay as they are."""
        if display != self._display:
            self._display = display
            self.display_changed.emit()

    def reveal(self, image_id: int, points_px: Iterable[tuple[float, float]]) -> None:
        """Bring a place into view."""
        self.reveal_asked.emit(Reveal(image_id, tuple(points_px)))

    # --- selection, hover, cursor, tool ------------------------------------------------------------------------

    @property
    def selection(self) -> Selection:
        """What is selected, in one read."""
        return self._selection

    def select(self, selection: Selection) -> None:
        """Select something else; what does not exist is left out. The image it is on becomes the active one."""
        selection = self._existing(selection)
        read = None if selection.read_id is None or self.study is None else self.study.reads.get(selection.read_id)
        if read is not None:
            self.set_active(read.image_id)
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit()

    @property
    def selected_image(self) -> int | None:
        """The image that the selection is on; None where nothing is selected."""
        if self.study is None or self._selection.read_id is None:
            return None
        read = self.study.reads.get(self._selection.read_id)
        return None if read is None else read.image_id

    def selected_hairs(self) -> frozenset[int]:
        """The selected hairs and those of the selected units."""
        read = None if self.study is None else self.study.reads.get(self._selection.read_id or 0)
        if read is None or not self._selection.unit_ids:
            return self._selection.hair_ids
        of_units = {h.id for h in read.hairs.values() if h.unit_id in self._selection.unit_ids}
        return self._selection.hair_ids | of_units

    @property
    def hover(self) -> Target | None:
        """What lies under the mouse."""
        return self._hover

    def set_hover(self, target: Target | None) -> None:
        """Note what lies under the mouse."""
        if target != self._hover:
            self._hover = target
            self.hover_changed.emit()

    @property
    def cursor(self) -> Cursor | None:
        """Where the mouse or the crosshair is; None where it is over no image."""
        return self._cursor

    def set_cursor(self, cursor: Cursor | None) -> None:
        """Note where the mouse or the crosshair is."""
        if cursor != self._cursor:
            self._cursor = cursor
            self.cursor_changed.emit()

    @property
    def tool(self) -> str:
        """The name of the tool in hand; see `ui.keys`."""
        return self._tool

    def set_tool(self, name: str) -> None:
        """Take a tool in hand; one that is in hand already goes to its next mode."""
        if name == self._tool:
            self.tool_taken_again.emit()
        else:
            self._tool = name
            self.tool_changed.emit()

    @property
    def reviewing(self) -> Context:
        """What the verdict keys act on: hairs, or matches."""
        return self._reviewing

    def set_reviewing(self, context: Context) -> None:
        """Have the verdict keys act on hairs, or on matches."""
        if context != self._reviewing:
            self._reviewing = context
            self.reviewing_changed.emit()

    # --- corrections -------------------------------------------------------------------------------------------

    def commit(
        self,
        image_id: int,
        make: Callable[[Read], Patch],
        *,
        select: Callable[[Patch], Selection] | None = None,
        reason: str = "",
        quiet: bool = False,
    ) -> ChangeSet | None:
        """Make a correction on the user's own read of an image, which begins now if there is none.

        Args:
            image_id: the image.
            make: makes the patch; given the user's own read, in which a copied detection keeps its ids.
            select: what is selected afterwards; by default what was, as far as it still exists.
            reason: why, for the record.
            quiet: do not tell of it; refusals are told all the same.

        Returns:
            What was changed; None where nothing was: then the user was told why, unless nothing would have changed.
        """
        if self._session is None:
            return None
        document, said_before = self._session.document, reason

        def do(reason: str) -> ChangeSet | None:
            shown = self.read(image_id)
            asked = shown if image_id in self.asked_reads else None
            if refusal := self._shown_reads.refusal(image_id, asked, document.user):
                self.tell(refusal, MessageKind.WARNING)
                return None
            read = asked or document.current_reader_read(image_id)
            if shown is not None and shown.editable and shown.id != read.id:
                # what was pointed at there may be another hair here, or none
                self.tell(f"Your own read of this image begins here; that of {shown.reader} stays as it is.")
                return None
            patch = make(read)
            before = self._selection if self._selection.read_id == read.id else Selection(read.id)
            after = before if select is None else select(patch)
            why = said_before or reason
            return document.apply(patch, selection_before=before, selection_after=after, reason=why)

        def read_id() -> int | None:
            return None if (read := self.read(image_id)) is None else read.id

        return self._told_of(do, read_id, quiet=quiet)

    def commit_study(
        self, make: Callable[[Study], Patch], *, reason: str = "", quiet: bool = False
    ) -> ChangeSet | None:
        """Make a change of the study, such as an image's scale; as `commit`."""
        if self._session is None:
            return None
        session, said_before = self._session, reason

        def do(reason: str) -> ChangeSet:
            patch, now = make(session.study), self._selection
            return session.document.apply(
                patch, selection_before=now, selection_after=now, reason=said_before or reason
            )

        return self._told_of(do, lambda: None, quiet=quiet)

    def _told_of(
        self, do: Callable[[str], ChangeSet | None], read_id: Callable[[], int | None], *, quiet: bool
    ) -> ChangeSet | None:
        """Make an edit, asking why where that must be said, and tell of it or of what stood against it."""
        try:
            change = self.reasons.tried(do, read_id)
        except NothingToDo:
            return None
        except UserFacingError as error:
            self.told.emit(Message.of_error(error))
            return None
        if change is not None and not quiet:
            patch, why = change.entry.patch, change.entry.reason
            because = f" Reason: {why}." if why else ""
            self.told.emit(Message(f"{said(patch.operation)}.{because}", MessageKind.DONE, undo=patch.undoable))
        return change

    def undo(self) -> None:
        """Take the last correction back, and with it its selection."""
        self._repeat("undo")

    def redo(self) -> None:
        """Do the last undone correction again, and with it its selection."""
        self._repeat("redo")

    def tell(self, text: str, kind: MessageKind = MessageKind.NOTE) -> None:
        """Tell the user something."""
        self.told.emit(Message(text, kind))

    def _repeat(self, which: str) -> None:
        if self._session is None:
            return
        document = self._session.document
        try:
            change = document.undo() if which == "undo" else document.redo()
        except UserFacingError as error:
            self.told.emit(Message.of_error(error))
            return
        if change is None:
            self.tell(f"There is nothing to {which}.")
            return
        self.tell(f"{said(which)}: {change.entry.patch.operation}{self._where(change)}.", MessageKind.DONE)
        self._show_changed(change)

    def _where(self, change: ChangeSet) -> str:
        """Says of a change in another read than the one that is shown which one it was in."""
        read = None if change.read_id is None else change.after.reads.get(change.read_id)
        shown = None if read is None else self.read(read.image_id)
        if read is None or shown is None or shown.id == read.id:
            return ""
        own = self._session is not None and read.reader == self._session.document.user
        return ", in an earlier read of this image" if own else f", the read of {read.reader}"

    def _show_changed(self, change: ChangeSet) -> None:
        """Show the image that an undo changed, where it is not among those shown."""
        read = None if change.read_id is None else change.after.reads.get(change.read_id)
        if read is not None:
            self.show_past(read.image_id, None)
        if read is not None and read.image_id not in self._shown:
            self.set_shown((read.image_id, *self._shown[1:]))

    def _heard(self, change: ChangeSet) -> None:
        """An edit was made: what is selected follows, then everybody hears of it."""
        self._selection_after(change)
        self.document_changed.emit(change)

    def _selection_after(self, change: ChangeSet) -> None:
        told = change.selection
        wanted = told if told.read_id is not None or change.entry.action is not Action.DO else self._selection
        wanted = self._existing(wanted)
        if wanted != self._selection:
            self._selection = wanted
            self.selection_changed.emit()

    def _existing(self, selection: Selection) -> Selection:
        return Selection() if self.study is None else still_there(selection, self.study, self.read)
