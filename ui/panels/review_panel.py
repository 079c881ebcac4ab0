"""The doubtful hairs of the active image: how many are left, what they may cost, and the way through them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import corrections
from ui.panels.buttons import command_button
from ui.panels.doubtful import go_next, go_previous
from ui.panels.fact_rows import muted
from ui.panels.figures import DASH, SPACE, counted, number
from ui.panels.hints import key_of, tip_of
from ui.panels.progress_ring import ProgressRing
from ui.panels.refreshing import Refresher
from ui.panels.titles import kind_text
from ui.panels.verdict_buttons import GIVE_VERDICT, VerdictButtons
from ui.workspace import Workspace
from workstation.model.hair import Status
from workstation.model.read import Read, ReadState
from workstation.reviewing import ReviewGoal, ReviewProgress, review_goal, review_progress

ERROR_TIP = (
    "The sum of 1 − confidence over the counted hairs that nobody has judged: so many of them are expected to be "
    "wrong. Hairs that the detection missed are not in it. The limit is set in the settings, under Measuring."
)


SUBMITS = {
    ReadState.DETECTED: "Submit read",
    ReadState.IN_REVIEW: "Submit read",
    ReadState.RETURNED: "Submit again",
    ReadState.SUBMITTED: "Withdraw",
}
"""What the button says; it is not there in any other state."""


class ReviewPanel(QWidget):
    """See the module.

    Args:
        workspace: whose active image is reviewed.
        parent: the Qt parent.
    """

    detect_asked = Signal()
    """Hairs are to be detected at once: the active image has none yet."""
    amend_asked = Signal()
    """The signed read that is shown is to be corrected."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("review_panel")
        self._workspace = workspace
        self.ring = ProgressRing()
        self.left = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.left.setObjectName("review_left")
        self.error = muted(name="review_error")
        self.error.setToolTip(ERROR_TIP)
        self.previous = command_button("image.previous_doubtful.button", "previous", "Previous")
        self.previous.clicked.connect(lambda: go_previous(workspace))
        self.next = command_button("image.next_doubtful.button", "next", "Next")
        self.next.clicked.connect(lambda: go_next(workspace))
        self.verdict = VerdictButtons(self._judge, lambda: workspace.settings, "review_verdict")
        self.state = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.state.setObjectName("review_state")
        self.done = command_button("image.submit.button", "reviewed", "Submit read")
        self.done.clicked.connect(lambda: corrections.submit_or_withdraw(workspace))
        self.amend = command_button("image.amend.button", "vertices", "Amend…")
        self.amend.setToolTip(tip_of("image.amend", workspace.settings))
        self.amend.clicked.connect(self.amend_asked)
        self.detect = command_button("image.detect.button", "detect", "Detect hairs")
        self.detect.clicked.connect(self.detect_asked)
        self._lay_out()
        self._refresher = Refresher(self, self._refresh)
        for changed in (
            workspace.session_changed,
            workspace.active_changed,
            workspace.selection_changed,
            workspace.document_changed,
            workspace.settings_changed,
        ):
            changed.connect(self._refresher.ask)

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    def _refresh(self) -> None:
        workspace, study, read = self._workspace, self._workspace.study, self._workspace.active_read
        self._show_keys()
        self.verdict.setVisible(read is not None)
        if study is None or read is None:
            self._show_nothing()
            return
        progress = review_progress(study, read, workspace.settings.doubtful_below)
        self.detect.setVisible(False)
        self.ring.setVisible(True)
        self.ring.show_progress(progress.n_left, progress.share_done)
        goal = review_goal(read, workspace.settings.error_below_percent)
        self.left.setText(left_text(progress, read))
        self.error.setText(goal_text(goal))
        for button in (self.previous, self.next):
            button.setVisible(progress.n_left > 0 or not goal.reached)
        self._show_verdict(read)
        self._show_state(read, goal.reached)

    def _show_state(self, read: Read, goal_reached: bool) -> None:
        """How far the read has come, why it cannot be corrected, and what can be done."""
        workspace, session = self._workspace, self._workspace.session
        user = "" if session is None else session.document.user
        told = state_sentence(read, user, asked=read.image_id in workspace.asked_reads)
        self.state.setText(told)
        self.state.setVisible(bool(told))
        own = not read.editable or read.reader == user
        text = SUBMITS.get(read.review.state)
        self.done.setVisible(own and text is not None)
        self.done.setText(_with_key(text or "", "image.submit", workspace))
        self.done.setEnabled(workspace.can_edit)
        self.done.setDefault(goal_reached and read.review.state is not ReadState.SUBMITTED)
        self.amend.setVisible(read.review.state is ReadState.SIGNED and workspace.can_edit)

    def _show_nothing(self) -> None:
        self.left.setText("Nothing is detected in this image yet." if self._workspace.active else "No image is shown.")
        self.error.setText("")
        self.detect.setVisible(self._workspace.active is not None and self._workspace.can_edit)
        for widget in (self.ring, self.previous, self.next, self.state, self.done, self.amend):
            widget.setVisible(False)

    def _show_verdict(self, read: Read) -> None:
        here = self._workspace.selection.read_id == read.id
        hairs = [read.hairs[i] for i in self._workspace.selected_hairs() if i in read.hairs] if here else []
        statuses = {hair.status for hair in hairs}
        self.verdict.show_status(next(iter(statuses)) if len(statuses) == 1 else None)
        self.verdict.setEnabled(bool(hairs) and self._workspace.can_edit)

    def _show_keys(self) -> None:
        for button, text, command in (
            (self.previous, "Previous", "image.previous_doubtful"),
            (self.next, "Next", "image.next_doubtful"),
        ):
            button.setText(_with_key(text, command, self._workspace))
            button.setToolTip(tip_of(command, self._workspace.settings))
        self.done.setToolTip(tip_of("image.submit", self._workspace.settings))
        key = key_of("image.detect", self._workspace.settings)
        choose = f"\n{key} lets you choose what to look for." if key else ""
        self.detect.setToolTip(f"At once, in the images shown, with what the settings say.{choose}")

    def _judge(self, status: Status) -> None:
        GIVE_VERDICT[status](self._workspace)

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addStretch(1)
        texts.addWidget(self.left)
        texts.addWidget(self.error)
        texts.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addLayout(texts, 1)
        ways = QGridLayout()
        ways.setSpacing(4)
        for column, button in enumerate((self.previous, self.next)):
            ways.addWidget(button, 0, column)
            ways.setColumnStretch(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addLayout(ways)
        layout.addWidget(self.verdict)
        layout.addWidget(self.state)
        layout.addWidget(self.done)
        layout.addWidget(self.amend)
        layout.addWidget(self.detect)


def left_text(progress: ReviewProgress, read: Read) -> str:
    """How many doubtful hairs are left, as a sentence."""
    if progress.n_left:
        return f"{number(progress.n_left)} of {counted(progress.n_all, 'doubtful hair')} left"
    return "No doubtful hair is left." if progress.n_all else "No hair of this image is doubtful."


def state_sentence(read: Read, user: str, *, asked: bool = False) -> str:
    """Whose read it is and what that means for correcting it; empty where it simply can be corrected."""
    own, review = read.reader == user, read.review
    by = f" by {review.decided_by}" if review.decided_by else ""
    match review.state:
        case ReadState.DETECTED:
            return ""
        case ReadState.SUBMITTED if own:
            return "Submitted: it waits for somebody else's decision. To correct it, withdraw it."
        case ReadState.RETURNED if own:
            return f"Returned{by}: the remarks say what to look at again."
        case ReadState.ACCEPTED if own:
            return f"Accepted{by}: it stands. To correct it, ask for it to be returned."
        case ReadState.SIGNED:
            return "Signed and locked. It changes only by an amendment, which keeps the signed read."
        case _ if own:
            return f"In progress: {kind_text(read)}." if kind_text(read) else ""
        case _ if asked:
            return f"This is the read of {read.reader}, {review.state}: you look at it, and cannot correct it."
        case _:
            return f"This is the read of {read.reader}, {review.state}. A correction begins your own beside it."


def goal_text(goal: ReviewGoal) -> str:
    """How many of the hairs may still be wrong, and whether that is few enough to stop."""
    error = goal.error
    if not error.hair_count:
        return f"Expected error: {DASH}"
    share, limit = f"{number(error.percent, 1)}{SPACE}%", f"{goal.limit_percent:g}{SPACE}%"
    about = f"About {number(error.hairs, 1)}{SPACE}hairs ({share}) may still be wrong"
    if goal.reached:
        return f"{about}, within your limit of {limit}: you may stop."
    return f"{about}, above your limit of {limit}: review on, {counted(goal.n_needed, 'hair')} at least."


def _with_key(text: str, command_id: str, workspace: Workspace) -> str:
    return f"{text}  {key_of(command_id, workspace.settings)}".strip()
