"""A foldable section of the right-hand column."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from ui import theme

HEIGHT_PX = 32
CHEVRON_PX = 4.0


class Section(QWidget):
    """A title that folds what stands below it.

    Args:
        title: in sentence case.
        content: what is shown; its object name, with `.section` after it, becomes the section's.
        parent: the Qt parent.
        folded: whether it begins folded.
    """

    folded_changed = Signal(bool)

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None, *, folded: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName(f"{content.objectName()}.section")
        self.content = content
        self._header = _Header(title)
        self._header.setObjectName(f"{content.objectName()}.header")
        self._header.toggled.connect(self._show_content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header)
        layout.addWidget(content)
        self.set_folded(folded)

    @property
    def folded(self) -> bool:
        """Whether only the title is seen."""
        return not self._header.isChecked()

    def set_folded(self, folded: bool) -> None:
        """Fold or unfold."""
        self._header.setChecked(not folded)
        self._set_shown(not folded)

    def _show_content(self, shown: bool) -> None:
        self._set_shown(shown)
        self.folded_changed.emit(not shown)

    def _set_shown(self, shown: bool) -> None:
        """A title alone takes no room that is left over."""
        self.content.setVisible(shown)
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Preferred, policy.Preferred if shown else policy.Fixed)


def foldings(window: QWidget) -> dict[str, bool]:
    """Which sections within a widget are folded, by object name: what a window remembers."""
    return {section.objectName(): section.folded for section in window.findChildren(Section)}


def restore_foldings(window: QWidget, folded: Mapping[str, object]) -> None:
    """Fold sections as they were; one that is not named stays as it is."""
    for section in window.findChildren(Section):
        if isinstance(was := folded.get(section.objectName()), bool):
            section.set_folded(was)


class _Header(QAbstractButton):
    """The title with a chevron: a click, Space or Enter turns it, Left folds and Right unfolds."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setText(title)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.toggled.connect(self._describe)
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(120, HEIGHT_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.toggle()
            case Qt.Key.Key_Left:
                self.setChecked(False)
            case Qt.Key.Key_Right:
                self.setChecked(True)
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.underMouse():
                painter.fillRect(self.rect(), colours.colour("hover"))
            painter.fillRect(QRectF(0, 0, self.width(), 1), colours.colour("border"))
            painter.setPen(QPen(colours.colour("muted"), 1.5))
            painter.drawPolyline(_chevron(QPointF(14, self.height() / 2), self.isChecked()))
            bold = self.font()
            bold.setBold(True)
            painter.setFont(bold)
            painter.setPen(colours.colour("text"))
            row = QRectF(self.rect()).adjusted(26, 0, -10, 0)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
            if self.hasFocus():
                painter.setPen(QPen(colours.colour("link"), 2))
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        finally:
            painter.end()

    def _describe(self) -> None:
        state = "unfolded" if self.isChecked() else "folded"
        self.setAccessibleName(f"{self.text()}, {state}")


def _chevron(centre: QPointF, down: bool) -> QPolygonF:
    a = CHEVRON_PX
    ends = [(-a, -a / 2), (0, a / 2), (a, -a / 2)] if down else [(-a / 2, -a), (a / 2, 0), (-a / 2, a)]
    return QPolygonF([centre + QPointF(x, y) for x, y in ends])
