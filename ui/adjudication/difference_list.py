"""All differences of two reads in a list: a click goes there; what is settled has a tick and says how."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from ui.adjudication.review import AdjudicationReview
from ui.icons import icon
from ui.plain_text import plain_tip
from workstation.adjudication.difference import Difference
from workstation.adjudication.third_read import Adjudication
from workstation.adjudication.wording import Names, choice_text, difference_title

HEIGHT_PX = 168


class DifferenceList(QListWidget):
    """See the module.

    Args:
        review: goes to what is clicked.
    """

    def __init__(self, review: AdjudicationReview) -> None:
        super().__init__()
        self._review = review
        self._shown: tuple[Difference, ...] = ()
        self.setObjectName("differences")
        self.setAccessibleName("Differences")
        self.setFixedHeight(HEIGHT_PX)
        self.setUniformItemSizes(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard with the image
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._go)
        self.itemActivated.connect(self._go)

    def show_all(self, found: Adjudication, names: Names) -> None:
        """Show the differences of two reads, those chosen to be gone through; the one looked at is marked."""
        shown = tuple(d for d in found.differences if d.kind in self._review.kinds)
        if shown != self._shown:
            self._shown = shown
            self.clear()
            for _ in shown:
                self.addItem(QListWidgetItem())
        tick, current = icon("tick"), self._review.current
        for row, difference in enumerate(shown):
            settlement, item = found.settlement_of(difference), self.item(row)
            open_ = settlement is None or difference in found.open
            how = "" if open_ or settlement is None else f" · {choice_text(settlement.choice, names)}"
            text = f"{row + 1}  {difference_title(difference, names)}{how}"
            if item.text() != text:
                item.setText(text)
                item.setToolTip(plain_tip(text))
                item.setIcon(icon("minus") if open_ else tick)
        self.setCurrentRow(shown.index(current) if current in shown else -1)

    def _go(self, item: QListWidgetItem) -> None:
        self._review.show(self._shown[self.row(item)])
