"""What the commands of the Visits menu do: registering, showing matches, and the match review."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.actions import Actions
from workstation.match_review import Answer

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class VisitCommands(QObject):
    """Does them for one window.

    Args:
        window: the window.
        actions: its actions.
    """

    def __init__(self, window: "MainWindow", actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk = window.desk
        self._workspace = workspace = window.workspace
        self._actions = actions
        review = desk.match_review
        actions.connect_all(
            {
                "visits.register": self.register,
                "visits.register_all": self.register_all,
                "visits.matches": self._toggle_matches,
                "visits.review": self._toggle_review,
                "visits.next": review.next,
                "visits.previous": review.previous,
                "visits.confirm": lambda: review.answer(Answer.CONFIRM),
                "visits.break": lambda: review.answer(Answer.BREAK),
                "visits.relink": review.relink,
                "visits.lost": lambda: review.answer(Answer.LOST),
                "visits.new": lambda: review.answer(Answer.NEW),
                "visits.back": review.back,
            }
        )
        workspace.display_changed.connect(self._follow)
        workspace.reviewing_changed.connect(self._follow)
        desk.registrar.began.connect(self._show_registering)
        self._follow()

    def register(self) -> None:
        """Register the visits shown anew."""
        self._desk.registrar.register(self._desk.matches.shown)

    def register_all(self) -> None:
        """Register all visits of the study that are detected and not registered yet."""
        registrar, study = self._desk.registrar, self._workspace.study
        if study is not None:
            registrar.register_where_detected(study.images)
        if not registrar.running:
            self._workspace.tell("All visits that were detected are registered already.")

    def _toggle_matches(self) -> None:
        display = self._workspace.display
        self._workspace.set_display(replace(display, layers=display.layers.toggled("matches")))

    def _toggle_review(self) -> None:
        self._desk.match_review.set_on(not self._desk.match_review.on)
        self._follow()

    def _follow(self) -> None:
        self._actions["visits.matches"].setChecked(self._workspace.display.layers.matches)
        self._actions["visits.review"].setChecked(self._desk.match_review.on)

    def _show_registering(self) -> None:
        """Show how far registering is, with a way to stop it."""
        registrar = self._desk.registrar
        strip = self._window.status.begin_work("Registering")
        registrar.progressed.connect(strip.show_progress)
        strip.cancel_asked.connect(registrar.cancel)
        registrar.ended.connect(strip.end)
