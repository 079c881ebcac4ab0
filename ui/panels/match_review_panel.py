"""The match review beside the images: how the pair is registered, what is left, and a verdict on what is selected."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from analysis.matching.match import Status
from ui.matching.match_review import MatchReview
from ui.matching.matched_pair import MatchedPair, Stage
from ui.matching.registrar import Registrar
from ui.matching.wording import TITLES, decided_text, left_text, match_details, match_title, stage_text
from ui.panels.buttons import command_button, widget_grid
from ui.panels.fact_rows import heading, muted
from ui.panels.figures import number
from ui.panels.hints import key_of, tip_of
from ui.panels.progress_ring import ProgressRing
from ui.panels.refreshing import Refresher
from ui.panels.symbols import mark_icon, status_icon
from ui.panels.titles import image_titles
from ui.workspace import Workspace
from workstation.match_review import Answer, Reason

VERDICTS: tuple[tuple[str, str, str], ...] = (
    ("visits.confirm", "Confirm", "accept"),
    ("visits.break", "Break", "unlinked"),
    ("visits.relink", "Relink", "relink"),
    ("visits.lost", "Lost", "lost"),
    ("visits.new", "New", "new_at_visit"),
    ("visits.back", "Back", "back"),
)
REASON_TEXTS = {
    Reason.UNCERTAIN: "Uncertain",
    Reason.LOST: "Lost",
    Reason.NEW: "New",
    Reason.CHANGED: "Changed",
}
REASON_TIPS = {
    Reason.UNCERTAIN: "The program is not sure which unit it is at the other visit, or whether it is there.",
    Reason.LOST: "There at the earlier visit, not found at the later one.",
    Reason.NEW: "Not found at the earlier visit.",
    Reason.CHANGED: "Kept, but a hair came or went, or a width changed by more than the measurement error; "
    "the most changed first.",
}


class MatchReviewPanel(QWidget):
    """See the module.

    Args:
        workspace: what is shown.
        review: the way through the matches.
        registrar: registers a pair.
        parent: the Qt parent.
    """

    detect_asked = Signal()
    """Hairs are to be detected in the images shown: matches need both."""

    def __init__(
        self, workspace: Workspace, review: MatchReview, registrar: Registrar, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("match_review_panel")
        self._workspace, self._review, self._registrar = workspace, review, registrar
        self.state = heading(name="pair_state")
        self.why = muted(name="pair_why")
        self.register = command_button("visits.register.button", "register", "Register")
        self.register.clicked.connect(self._register)
        self.detect = command_button("image.detect.button", "detect", "Detect hairs")
        self.detect.clicked.connect(self.detect_asked)
        self.ring = ProgressRing()
        self.left = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.left.setObjectName("matches_left")
        self.chips = {reason: self._chip(reason) for reason in Reason}
        self.previous = command_button("visits.previous.button", "previous", "Previous")
        self.previous.clicked.connect(lambda: review.previous())
        self.next = command_button("visits.next.button", "next", "Next")
        self.next.clicked.connect(lambda: review.next())
        self.title = heading(name="match_title")
        self.details = muted(name="match_details")
        self.decided = muted(name="match_decided")
        self.verdicts = {command: command_button(f"{command}.button", icon, text) for command, text, icon in VERDICTS}
        self.verdicts["visits.relink"].setCheckable(True)  # pressed in while a click on the partner is awaited
        for command, do in _handlers(review).items():
            self.verdicts[command].clicked.connect(lambda _checked, do=do: do())
        self._lay_out()
        self._refresher = Refresher(self, self._refresh)
        for changed in (
            review.changed,
            registrar.changed,
            workspace.session_changed,
            workspace.settings_changed,
        ):
            changed.connect(self._refresher.ask)

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    def _refresh(self) -> None:
        pair = self._review.pair
        self._show_keys()
        self._show_state(pair)
        has_matches = pair is not None and pair.matching is not None
        self._matched.setVisible(has_matches)
        if has_matches:
            self._show_queue()
            self._show_match()

    def _show_state(self, pair: MatchedPair | None) -> None:
        registering = pair is not None and self._registrar.registers(pair.ids)
        stage = Stage.NO_READ if pair is None else pair.stage
        self.state.setText(
            "Registering …" if registering else "" if pair is None else TITLES[stage] + self._which(pair)
        )
        self.state.setProperty("role", "warn" if stage in (Stage.CHECK, Stage.FAILED) else "heading")
        self.state.style().polish(self.state)
        nothing = "Show two visits of one area side by side."
        self.why.setText("" if registering else nothing if pair is None else stage_text(pair))
        due = stage in (Stage.UNREGISTERED, Stage.FAILED) and not registering
        self.register.setVisible(pair is not None and due and self._workspace.can_edit)
        self.detect.setVisible(pair is not None and stage is Stage.NO_READ and self._workspace.can_edit)

    def _which(self, pair: MatchedPair) -> str:
        """Which pair it is, where more than one is shown."""
        study, shown = self._workspace.study, self._workspace.shown
        if study is None or len(shown) < 3:
            return ""
        titles = image_titles(study, shown)
        return f": {titles[pair.ids.baseline_image_id]} → {titles[pair.ids.followup_image_id]}"

    def _show_queue(self) -> None:
        everything, queue = self._review.all, self._review.queue
        counts = everything.counts()
        for reason, chip in self.chips.items():
            chip.setText(f"{REASON_TEXTS[reason]}  {number(counts[reason])}")
            chip.setChecked(reason in self._review.reasons)
            chip.setAccessibleName(f"{REASON_TEXTS[reason]}, {counts[reason]} left")
        self.ring.show_progress(everything.n_left, everything.share_done)
        self.left.setText(left_text(everything))
        for button in (self.previous, self.next):
            button.setEnabled(queue.n_left > 0)

    def _show_match(self) -> None:
        review, pair = self._review, self._review.pair
        match, decision = review.match, review.decision
        assert pair is not None
        self.title.setText(match_title(match))
        self.details.setText(match_details(match, pair, review.all.item_of(match)))
        waits = "Click its partner in the other image." if review.linking else ""
        self.decided.setText(waits or decided_text(match, decision))
        can_edit = self._workspace.can_edit
        has_both = match is not None and None not in (match.baseline_id, match.followup_id)
        sure = match is not None and (match.status is not Status.UNCERTAIN or has_both)
        possible = {
            "visits.confirm": sure,
            "visits.break": has_both,
            "visits.relink": match is not None,
            "visits.lost": match is not None and match.baseline_id is not None,
            "visits.new": match is not None and match.followup_id is not None,
            "visits.back": bool(review.decisions),
        }
        for command, button in self.verdicts.items():
            button.setEnabled(can_edit and possible[command])
        self.verdicts["visits.relink"].setChecked(review.linking)

    def _show_keys(self) -> None:
        settings = self._workspace.settings
        named = {"visits.previous": self.previous, "visits.next": self.next, "visits.register": self.register}
        for command, button in {**named, **self.verdicts}.items():
            text = button.accessibleName()
            button.setText(f"{text}  {key_of(command, settings)}".strip())
            button.setToolTip(tip_of(command, settings))

    def _register(self) -> None:
        if (pair := self._review.pair) is not None:
            self._registrar.register([pair.ids])

    def _choose(self) -> None:
        self._review.choose(reason for reason, chip in self.chips.items() if chip.isChecked())

    def _chip(self, reason: Reason) -> QPushButton:
        chip = QPushButton()
        chip.setObjectName(f"chip_{reason}")
        chip.setCheckable(True)
        chip.setProperty("role", "chip")
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.setToolTip(REASON_TIPS[reason])
        chip.setIcon(mark_icon("changed") if reason is Reason.CHANGED else status_icon(Status(str(reason))))
        chip.clicked.connect(self._choose)
        return chip

    def _lay_out(self) -> None:
        self._matched = QWidget()
        inside = QVBoxLayout(self._matched)
        inside.setContentsMargins(0, 4, 0, 0)
        inside.setSpacing(6)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.left, 1)
        inside.addLayout(top)
        inside.addLayout(widget_grid(list(self.chips.values()), 2))
        inside.addLayout(widget_grid([self.previous, self.next], 2))
        inside.addWidget(self.title)
        inside.addWidget(self.details)
        inside.addWidget(self.decided)
        inside.addLayout(widget_grid(list(self.verdicts.values()), 3))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 8)
        layout.setSpacing(4)
        for widget in (self.state, self.why, self.register, self.detect, self._matched):
            layout.addWidget(widget)


def _handlers(review: MatchReview) -> dict[str, Callable[[], object]]:
    return {
        "visits.confirm": lambda: review.answer(Answer.CONFIRM),
        "visits.break": lambda: review.answer(Answer.BREAK),
        "visits.relink": review.relink,
        "visits.lost": lambda: review.answer(Answer.LOST),
        "visits.new": lambda: review.answer(Answer.NEW),
        "visits.back": review.back,
    }
