"""Two reads beside the image: how much is left, what is looked at, a choice for it, and the list of all differences."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.adjudication.difference_list import DifferenceList
from ui.adjudication.review import AdjudicationReview
from ui.panels.buttons import command_button, widget_grid
from ui.panels.fact_rows import heading, muted
from ui.panels.figures import SPACE, counted, number
from ui.panels.hints import key_of, tip_of
from ui.panels.progress_ring import ProgressRing
from ui.panels.refreshing import Refresher
from ui.panels.symbols import mark_icon
from ui.workspace import Workspace
from workstation.adjudication.difference import DifferenceKind
from workstation.adjudication.third_read import Adjudication
from workstation.adjudication.wording import KIND_TEXTS, difference_details, difference_title, settled_text
from workstation.model.read import WITH_READER
from workstation.model.settlement import About, Choice

CHOICES: tuple[tuple[str, Choice, str], ...] = (
    ("adjudication.first", Choice.FIRST, "first_read"),
    ("adjudication.second", Choice.SECOND, "second_read"),
    ("adjudication.both", Choice.BOTH, "both_reads"),
    ("adjudication.neither", Choice.NEITHER, "reject"),
    ("adjudication.edit", Choice.EDITED, "vertices"),
)
TEXTS = {Choice.BOTH: "Both", Choice.NEITHER: "Neither", Choice.EDITED: "By hand"}
KIND_TIPS = {
    DifferenceKind.ONLY_FIRST: "A hair that only the first read has.",
    DifferenceKind.ONLY_SECOND: "A hair that only the second read has.",
    DifferenceKind.LINE: "Both drew something there, but not the same hair.",
    DifferenceKind.COUNTED: "Both have the hair; one rejected it, or puts its root outside the image.",
    DifferenceKind.WIDTH: "Both have the hair; its class differs, or its width by more than the measurement error.",
    DifferenceKind.UNITS: "Hairs that both have are grouped otherwise.",
    DifferenceKind.FIELD: "The measured region.",
    DifferenceKind.CHANGED: "A read was changed after this was settled.",
}
KIND_MARKS = {
    DifferenceKind.ONLY_FIRST: "first read",
    DifferenceKind.ONLY_SECOND: "second read",
    DifferenceKind.LINE: "both reads",
    DifferenceKind.COUNTED: "counted",
    DifferenceKind.WIDTH: "width",
    DifferenceKind.UNITS: "unit",
    DifferenceKind.FIELD: "field",
    DifferenceKind.CHANGED: "changed",
}
LONGEST_NAME = 14
"""Of a reader, on a button."""


class AdjudicationPanel(QWidget):
    """See the module.

    Args:
        workspace: what is shown.
        review: the way through the differences.
        parent: the Qt parent.
    """

    def __init__(self, workspace: Workspace, review: AdjudicationReview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("adjudication_panel")
        self._workspace, self._review = workspace, review
        self.readers = (_reader("first"), _reader("second"))
        self.blinded = QCheckBox("Hide the names")
        self.blinded.setObjectName("adjudication_blinded")
        self.blinded.setToolTip("Reader 1 and reader 2 in place of names; the third read is begun with it.")
        self.blinded.clicked.connect(review.set_blinded)
        self.problems = muted(name="adjudication_problems")
        self.problems.setProperty("role", "warn")
        self.ring = ProgressRing()
        self.left = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.left.setObjectName("differences_left")
        self.chips = {kind: self._chip(kind) for kind in DifferenceKind}
        self._chip_grid, self._arranged = widget_grid(list(self.chips.values()), 2), list(DifferenceKind)
        self.previous = command_button("adjudication.previous.in_panel", "previous", "Previous")
        self.previous.clicked.connect(lambda: review.previous())
        self.next = command_button("adjudication.next.in_panel", "next", "Next")
        self.next.clicked.connect(lambda: review.next())
        self.title, self.details = heading(name="difference_title"), muted(name="difference_details")
        self.settled = muted(name="difference_settled")
        self.choices = {
            choice: command_button(f"{command}.in_panel", icon, TEXTS.get(choice, ""))
            for command, choice, icon in CHOICES
        }
        self.reopen = command_button("adjudication.reopen.in_panel", "back", "Open again")
        for choice, button in self.choices.items():
            button.setCheckable(True)  # pressed in where it was settled so
            button.clicked.connect(lambda _checked, choice=choice: self._choose(choice))
        self.reopen.clicked.connect(lambda: review.reopen())
        self.list = DifferenceList(review)
        self.submit = command_button("image.submit.in_panel", "reviewed", "Submit the third read")
        self.submit.clicked.connect(lambda: review.submit())
        self._lay_out()
        self._refresher = Refresher(self, self._refresh)
        for changed in (review.changed, workspace.settings_changed):
            changed.connect(self._refresher.ask)

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    def _refresh(self) -> None:
        found = self._review.adjudication
        self._show_keys()
        if found is None:
            return
        for label, name in zip(self.readers, self._review.names, strict=True):
            label.setText(name)
        self.blinded.setChecked(self._workspace.display.blinded)
        problems = self._review.problems
        self.problems.setText("\n".join(problems))
        self.problems.setVisible(bool(problems))
        self._show_left(found)
        self._show_current(found)
        self.list.show_all(found, self._review.names)
        self._show_submit(found)

    def _show_left(self, found: Adjudication) -> None:
        counts = found.open_counts()
        present = {difference.kind for difference in found.differences}
        self._arrange(present)
        for kind, chip in self.chips.items():
            chip.setText(f"{KIND_TEXTS[kind]}  {number(counts[kind])}")
            chip.setChecked(kind in self._review.kinds)
            chip.setAccessibleName(f"{KIND_TEXTS[kind]}, {counts[kind]} left")
        self.ring.show_progress(found.n_left, found.share_done)
        self.left.setText(left_text(found))
        for button in (self.previous, self.next):
            button.setEnabled(found.n_left > 0)

    def _show_current(self, found: Adjudication) -> None:
        review, difference = self._review, self._review.current
        names, settlement = review.names, review.settlement
        nothing = "Nothing is looked at." if found.differences else "The two reads do not differ."
        self.title.setText(nothing if difference is None else difference_title(difference, names))
        self.details.setText("" if difference is None else difference_details(difference, found.comparison, names))
        self.settled.setText(settled_text(settlement, names))
        for label in (self.details, self.settled):
            label.setVisible(bool(label.text()))
        may = review.can_settle and difference is not None
        of_hairs = difference is not None and difference.about is About.HAIR
        for choice, button in self.choices.items():
            button.setEnabled(may and (of_hairs or choice not in (Choice.BOTH, Choice.NEITHER)))
            button.setChecked(settlement is not None and settlement.choice is choice)
        self.reopen.setEnabled(may and settlement is not None)

    def _show_submit(self, found: Adjudication) -> None:
        third = found.third
        mine = third is not None and self._review.can_settle and third.review.state in WITH_READER
        self.submit.setVisible(mine)
        self.submit.setEnabled(mine and not found.open and not self._review.problems)
        self.submit.setDefault(not found.open)

    def _show_keys(self) -> None:
        settings = self._workspace.settings
        names = dict(zip((Choice.FIRST, Choice.SECOND), self._review.names, strict=True))
        for command, choice, _ in CHOICES:
            button, text = self.choices[choice], TEXTS.get(choice) or _short(names[choice])
            button.setText(f"{text}  {key_of(command, settings)}".strip())
            button.setAccessibleName(TEXTS.get(choice) or f"As {names[choice]}")
            button.setToolTip(tip_of(command, settings))
        for command, button, text in (
            ("adjudication.previous", self.previous, "Previous"),
            ("adjudication.next", self.next, "Next"),
            ("adjudication.reopen", self.reopen, "Open again"),
            ("image.submit", self.submit, "Submit the third read"),
        ):
            button.setText(f"{text}  {key_of(command, settings)}".strip())
            button.setToolTip(tip_of(command, settings))

    def _choose(self, choice: Choice) -> None:
        if choice is Choice.EDITED:
            self._review.edit()
        else:
            self._review.choose(choice)
        self._refresher.ask()  # a click has set the mark whether or not anything came of it

    def _choose_kinds(self) -> None:
        self._review.choose_kinds(kind for kind, chip in self.chips.items() if chip.isChecked() and not chip.isHidden())

    def _arrange(self, present: set[DifferenceKind]) -> None:
        """Put the chips of the kinds that there are side by side, without gaps."""
        shown = [kind for kind in DifferenceKind if kind in present]
        if shown == self._arranged:
            return
        self._arranged = shown
        for chip in self.chips.values():
            self._chip_grid.removeWidget(chip)
            chip.hide()
        for place, kind in enumerate(shown):
            self._chip_grid.addWidget(self.chips[kind], place // 2, place % 2)
            self.chips[kind].show()

    def _chip(self, kind: DifferenceKind) -> QPushButton:
        chip = QPushButton()
        chip.setObjectName(f"chip_{kind.name.lower()}")
        chip.setCheckable(True)
        chip.setProperty("role", "chip")
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.setToolTip(KIND_TIPS[kind])
        chip.setIcon(mark_icon(KIND_MARKS[kind]))
        chip.clicked.connect(self._choose_kinds)
        return chip

    def _lay_out(self) -> None:
        legend = QGridLayout()
        legend.setHorizontalSpacing(8)
        legend.setVerticalSpacing(2)
        for row, (label, icon) in enumerate(zip(self.readers, ("first read", "second read"), strict=True)):
            sample = QLabel()
            sample.setPixmap(mark_icon(icon).pixmap(16, 16))
            legend.addWidget(sample, row, 0)
            legend.addWidget(label, row, 1)
        legend.addWidget(self.blinded, 0, 2, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        legend.setColumnStretch(1, 1)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.left, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(legend)
        layout.addWidget(self.problems)
        layout.addLayout(top)
        layout.addLayout(self._chip_grid)
        layout.addLayout(widget_grid([self.previous, self.next], 2))
        layout.addWidget(self.title)
        layout.addWidget(self.details)
        layout.addWidget(self.settled)
        first, second, *rest = self.choices.values()
        layout.addLayout(widget_grid([first, second], 2))
        layout.addLayout(widget_grid([*rest, self.reopen], 2))
        layout.addWidget(self.list)
        layout.addWidget(self.submit)


def left_text(found: Adjudication) -> str:
    """How much is left to settle, and how far the reads agree, as sentences."""
    f1 = found.comparison.f1
    agree = "" if f1 != f1 else f"The reads share {number(100 * f1, 1)}{SPACE}% of their hairs (F1)."
    if not found.differences:
        return f"Nothing is to be settled. {agree}".strip()
    if found.n_left:
        return f"{number(found.n_left)} of {counted(len(found.differences), 'difference')} left. {agree}".strip()
    return f"{counted(len(found.differences), 'difference')} settled, none left. {agree}".strip()


def _short(name: str) -> str:
    """A name that has room on a button."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _reader(which: str) -> QLabel:
    label = QLabel(textFormat=Qt.TextFormat.PlainText)
    label.setObjectName(f"{which}_reader")
    return label
