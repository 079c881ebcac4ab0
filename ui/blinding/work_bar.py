"""The calm line above the images of a work file: for whom, how much is done, where one is, what to do next."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from ui.icons import IconLabel, set_icon
from ui.theme import GRID_PX
from workstation.blinding.queue import WorkPair

PROGRESS_PX = 14 * GRID_PX


class WorkBar(QFrame):
    """See the module. It shows what it is told.

    Args:
        parent: the Qt parent.
    """

    submit_asked = Signal()
    next_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("work_bar")
        self.setProperty("role", "card")
        self.text = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.text.setObjectName("work_bar.text")
        self.progress = QProgressBar(textVisible=False)
        self.progress.setObjectName("work_bar.progress")
        self.progress.setAccessibleName("Pictures done")
        self.progress.setFixedSize(PROGRESS_PX, GRID_PX)
        self.place = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.place.setObjectName("work_bar.place")
        self.place.setProperty("role", "muted")
        self.submit = QPushButton()
        self.submit.setObjectName("work_bar.submit")
        self.submit.clicked.connect(self.submit_asked)
        set_icon(self.submit, "reviewed")
        self.next = QPushButton("Next pair", flat=True)
        self.next.setObjectName("work_bar.next")
        self.next.clicked.connect(self.next_asked)
        set_icon(self.next, "next")
        for button in (self.submit, self.next):
            button.setIconSize(QSize(16, 16))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard with the image
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        row.setSpacing(2 * GRID_PX)
        row.addWidget(IconLabel("hide", "muted"))
        for part in (self.text, self.progress, self.place):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.submit)
        row.addWidget(self.next)

    def show_work(
        self, text: str, pairs: tuple[WorkPair, ...], pair: WorkPair | None, *, n_left: int, is_reader: bool
    ) -> None:
        """Show how far the work is.

        Args:
            text: for whom, and how much is done.
            pairs: all.
            pair: the one that is shown.
            n_left: how many of its pictures can be submitted.
            is_reader: whether whoever looks is the one that it is for.
        """
        self.text.setText(text)
        self.setAccessibleName(text)
        n_done, n = sum(one.n_done for one in pairs), sum(len(one.image_ids) for one in pairs)
        self.progress.setRange(0, n)
        self.progress.setValue(n_done)
        number = 0 if pair is None else pairs.index(pair) + 1
        self.place.setText("" if pair is None else f"Pair {pair.code} · {number} of {len(pairs)}")
        self.submit.setText("Submit the pair" if n_left > 1 else "Submit the picture")
        self.submit.setVisible(n_left > 0)
        self.next.setVisible(is_reader and any(one is not pair and not one.is_done for one in pairs))
