"""The window on a work file: what tells is not there, a line says how far the work is, a key leads to the next pair."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from ui.actions import Actions
from ui.blinding.work_bar import WorkBar
from ui.messages import Message, MessageKind
from ui.pages import Page
from workstation.blinding.queue import WorkPair, is_submitted, next_open, progress_text, work_pairs
from workstation.edits import NothingToDo
from workstation.edits.review import submit
from workstation.errors import UserFacingError
from workstation.model.study import Study

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SIDE_BY_SIDE = 3
"""Pictures of a pair that are shown at once; of more the first two, and the rest by their letters."""


def shown_of(pair: WorkPair) -> tuple[int, ...]:
    """The pictures of a pair that are shown at first."""
    return pair.image_ids if len(pair.image_ids) <= SIDE_BY_SIDE else pair.image_ids[:2]


def first_of_work(work: Study) -> tuple[int, ...]:
    """What of a work file is shown when it is opened: the first pair that is not done."""
    pairs = work_pairs(work)
    pair = next_open(pairs, "") or (pairs[0] if pairs else None)
    return () if pair is None else shown_of(pair)


class WorkFile(QObject):
    """Sees to it in one window.

    Args:
        window: the window, whose parts are all there.
        actions: its commands.
    """

    def __init__(self, window: "MainWindow", actions: Actions) -> None:
        super().__init__(window)
        self._window, self._workspace = window, window.workspace
        self.bar: WorkBar = window.work_bar
        self.bar.submit_asked.connect(self.submit_pair)
        self.bar.next_asked.connect(self.go_on)
        window.column.work_queue.chosen.connect(self.show_pair)
        actions.connect_all(
            {
                "work.next": lambda: self.step(1),
                "work.previous": lambda: self.step(-1),
                "work.submit": self.submit_pair,
            }
        )
        workspace = self._workspace
        workspace.session_changed.connect(self._follow_session)
        workspace.shown_changed.connect(self._refresh)
        workspace.document_changed.connect(lambda _: self._refresh())
        window.pages.changed.connect(self._follow_session)
        self._follow_session()

    @property
    def blinded(self) -> bool:
        """Whether a work file is open."""
        study = self._workspace.study
        return study is not None and study.blinding is not None

    def step(self, step: int) -> None:
        """Go to the next pair of the list, or to the one before."""
        pairs, pair = self._now()
        if pairs:
            place = -1 if pair is None else pairs.index(pair)
            self._show(pairs[(place + step) % len(pairs)])

    def go_on(self) -> None:
        """Go to the next pair that is not done."""
        pairs, pair = self._now()
        if (following := next_open(pairs, "" if pair is None else pair.code)) is not None:
            self._show(following)

    def show_pair(self, code: str) -> None:
        """Go to a pair."""
        if (pair := next((one for one in self._now()[0] if one.code == code), None)) is not None:
            self._show(pair)

    def submit_pair(self) -> None:
        """Submit those pictures of the pair that are shown and not submitted; one that was not begun begins now, as it
        is.
        """
        session, (_, pair) = self._workspace.session, self._now()
        if session is None or pair is None:
            return
        document, n = session.document, 0
        try:
            for image_id in self._to_submit(pair):
                read = document.current_reader_read(image_id)
                document.apply(submit(document.study.reads[read.id]))
                n += 1
        except NothingToDo:
            pass
        except UserFacingError as error:
            self._workspace.told.emit(Message.of_error(error))
            return
        self._tell_how_far(n)

    def _tell_how_far(self, n: int) -> None:
        pairs, _ = self._now()
        if all(pair.is_done for pair in pairs):
            self._workspace.tell(
                "All pictures are submitted. Close the file, and hand it back to whoever gave it to you.",
                MessageKind.DONE,
            )
        elif n:
            self._workspace.tell(f"Submitted {n} picture{'s' if n != 1 else ''}.", MessageKind.DONE)
            self.go_on()

    def _now(self) -> tuple[tuple[WorkPair, ...], WorkPair | None]:
        """All pairs, and the one that is shown."""
        study, shown = self._workspace.study, self._workspace.shown
        if study is None or study.blinding is None:
            return (), None
        pairs = work_pairs(study)
        return pairs, next((pair for pair in pairs if shown and shown[0] in pair.image_ids), None)

    def _show(self, pair: WorkPair) -> None:
        self._workspace.set_shown(shown_of(pair))
        todo = next((i for i in pair.image_ids if not self._submitted(i)), None)
        self._workspace.set_active(todo if todo in self._workspace.shown else pair.image_ids[0])
        self._window.focus_image()

    def _to_submit(self, pair: WorkPair) -> list[int]:
        """Nothing is submitted that was not seen."""
        shown = self._workspace.shown
        return [i for i in pair.image_ids if i in shown and not self._submitted(i)]

    def _submitted(self, image_id: int) -> bool:
        study = self._workspace.study
        return study is not None and is_submitted(study, image_id)

    def _follow_session(self) -> None:
        window, blinded = self._window, self.blinded
        self.bar.setVisible(blinded)
        window.column.set_blinded(blinded)
        window.mode_buttons.setVisible(not blinded)
        for menu in window.menuBar().findChildren(QMenu):  # none is there that has nothing in it
            if menu.objectName().startswith("menu_"):
                menu.menuAction().setVisible(any(action.isVisible() for action in menu.actions() if action.text()))
        window.page_switch.follow()
        if blinded and window.pages.page not in (Page.IMAGES, Page.START):
            window.pages.show_page(Page.IMAGES)
        self._refresh()

    def _refresh(self) -> None:
        session, study = self._workspace.session, self._workspace.study
        if session is None or study is None or study.blinding is None:
            return
        pairs, pair = self._now()
        is_reader = session.document.user == study.blinding.reader
        text = progress_text(study)
        if not is_reader:
            text = f"This work file is for {study.blinding.reader}; as {session.document.user} you can only look at it."
        n_left = 0 if pair is None or not is_reader else len(self._to_submit(pair))
        self.bar.show_work(text, pairs, pair, n_left=n_left, is_reader=is_reader)
        self._window.column.work_queue.show_pairs(pairs, "" if pair is None else pair.code)
