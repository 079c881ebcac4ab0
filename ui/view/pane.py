"""One view with the line above it that says what it shows."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.panels.titles import image_titles, read_text
from ui.plain_text import plain_tip
from ui.view.image_view import ImageView
from ui.workspace import Workspace
from workstation.describing import chosen_text

HEADER_PX = 28
MARGIN_PX = 12


class ViewHeader(QWidget):
    """A calm line: what the image is called, when it was taken, whose read is shown and how far it has come.

    Args:
        parent: the Qt parent.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEADER_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setObjectName("view_header")
        self._title = ""
        self._more = ""
        self._mark = ""
        self._marked = False

    @property
    def text(self) -> str:
        """All that it says."""
        return " · ".join(part for part in (self._title, self._mark, self._more) if part)

    @property
    def marked(self) -> bool:
        """Whether it is marked as the view that keys act on."""
        return self._marked

    def show_text(self, title: str, more: str, *, marked: bool = False, mark: str = "") -> None:
        """Say something else.

        Args:
            title: what the image is called.
            more: what else there is to know.
            marked: it is the view that keys act on.
            mark: what should be heeded.
        """
        if (title, more, marked, mark) != (self._title, self._more, self._marked, self._mark):
            self._title, self._more, self._marked, self._mark = title, more, marked, mark
            self.setAccessibleName(self.text)
            self.setToolTip(plain_tip(self.text))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """See Qt."""
        now = theme.current()
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), now.colour("window"))
            heavy = QFont(self.font())
            heavy.setWeight(QFont.Weight.DemiBold)
            room = self.width() - 2.0 * MARGIN_PX
            title = QFontMetricsF(heavy).elidedText(self._title, Qt.TextElideMode.ElideMiddle, room)
            used = QFontMetricsF(heavy).horizontalAdvance(title + "  ")
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.setFont(heavy)
            painter.setPen(now.colour("text"))
            painter.drawText(QRectF(MARGIN_PX, 0, room, HEADER_PX), flags, title)
            painter.setFont(self.font())
            metrics = QFontMetricsF(self.font())
            for text, role in ((self._mark, "warn"), (self._more, "muted")):
                left = max(0.0, room - used)
                shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, left)
                painter.setPen(now.colour(role))
                painter.drawText(QRectF(MARGIN_PX + used, 0, left, HEADER_PX), flags, shown)
                used += metrics.horizontalAdvance(shown + "  ") if shown else 0.0
            line = now.colour("accent" if self._marked else "border")
            height = 2 if self._marked else 1
            painter.fillRect(0, HEADER_PX - height, self.width(), height, line)
        finally:
            painter.end()


class ViewPane(QWidget):
    """A view and its header.

    Args:
        view: the view, which becomes a part of it.
        workspace: what is shown.
        parent: the Qt parent.
    """

    def __init__(self, view: ImageView, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self.view = view
        self._workspace = workspace
        self.header = ViewHeader(self)
        self.setObjectName(f"view_pane_{view.image_id}")
        self.setMinimumWidth(160)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(view, 1)
        for changed in (
            workspace.document_changed,
            workspace.active_changed,
            workspace.shown_changed,
            theme.watcher().changed,
        ):
            changed.connect(self.refresh)
        self.refresh()

    def refresh(self, _change: object = None) -> None:
        """Say what is shown now."""
        study, image_id = self._workspace.study, self.view.image_id
        if study is None or image_id not in study.images:
            return
        shown = self._workspace.shown if image_id in self._workspace.shown else (image_id,)
        title = image_titles(study, shown)[image_id]
        date = study.visit_of(image_id).date
        read = self._workspace.read(image_id)
        how = "" if read is None or read.detection is None else chosen_text(read.detection.parameters)
        marked = len(shown) > 1 and self._workspace.active == image_id
        past = self._workspace.past.get(image_id)
        more = " · ".join(part for part in (date, read_text(read), how) if part)
        self.header.show_text(title, more, marked=marked, mark="" if past is None else past.mark)
        self.view.setAccessibleName(f"Image: {self.header.text}")
        self.header.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the header makes the view the one that keys act on."""
        super().mousePressEvent(event)
        self.view.setFocus(Qt.FocusReason.MouseFocusReason)
