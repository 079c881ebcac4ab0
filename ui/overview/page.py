"""The overview of a study as a page of the window: what is looked for above, the grid below."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.elided import ElidedLabel
from ui.overview.choices import CHOICES
from ui.overview.grid import OverviewGrid
from ui.overview.menu import Deeds, cell_menu, with_baseline
from ui.overview.model import Index, OverviewModel
from ui.overview.painter import THUMBNAIL_PX, CellPainter
from ui.overview.wording import summary
from ui.panels.refreshing import Refresher
from ui.pictures import PictureStore, Thumbnail
from ui.theme import GRID_PX
from ui.workspace import Workspace
from workstation.trial.overview import overview

MARGIN_PX = 2 * GRID_PX
NOTICE_PX = 52 * GRID_PX
SEARCH_PX = 32 * GRID_PX
WAIT_MS = 60
RESTS_ON = ("subjects", "visits", "images", "reads", "plan")
"""What an overview looks at: it is not worked out anew for an answer that was entered."""
LARGER = 1.5
"""A small picture covers its frame: it is made so much larger than what just fits."""


class OverviewPage(QWidget):
    """See the module.

    Args:
        workspace: whose study.
        pictures: the thumbnails.
        deeds: what the window does with what is chosen here.
        parent: the Qt parent.
    """

    def __init__(
        self, workspace: Workspace, pictures: PictureStore, deeds: Deeds, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("overview")
        self.setAccessibleName("Study overview")
        self._workspace, self._pictures, self._deeds = workspace, pictures, deeds
        self._ordered: dict[int, Thumbnail] = {}
        self.model = OverviewModel()
        self.grid = OverviewGrid(self.model)
        self.grid.setItemDelegate(CellPainter(self._picture, self.grid))
        self.text = QLineEdit(placeholderText="Code, sex, age, grade or arm", clearButtonEnabled=True)
        self.choice = QComboBox()
        self._told = ElidedLabel()
        self._lay_out()
        self._refresher = Refresher(self, self._refresh, WAIT_MS)
        for changed in (workspace.session_changed, workspace.document_changed):
            changed.connect(self._refresher.ask)
        workspace.session_changed.connect(self._forget)
        pictures.ready.connect(self._show_pictures)
        self._connect()
        self._refresh()

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    def look_for(self) -> None:
        """Let the user type whom to look for."""
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The grid has the keyboard, where there is one."""
        super().focusInEvent(event)
        self.grid.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves from everywhere: lines, lists and buttons hand it on."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    # --- what it is made of ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        title = QLabel("Overview")
        title.setProperty("role", "heading")
        self.text.setObjectName("overview.text")
        self.text.setAccessibleName("Find subjects")
        self.text.setFixedWidth(SEARCH_PX)
        self.choice.setObjectName("overview.choice")
        self.choice.setAccessibleName("Which visits")
        self.choice.addItems([choice.text for choice in CHOICES])
        self._told.setObjectName("overview.summary")
        self._told.setProperty("role", "muted")
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN_PX, GRID_PX, MARGIN_PX, GRID_PX)
        head.setSpacing(GRID_PX)
        head.addWidget(title)
        head.addWidget(self._told, 1)
        head.addWidget(self.text)
        head.addWidget(self.choice)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self._none_found())
        self._stack.addWidget(self._empty())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.text.textChanged.connect(self._filter)
        self.text.returnPressed.connect(self.grid.setFocus)
        self.choice.currentIndexChanged.connect(self._filter)
        self.grid.opened.connect(self._open)
        self.grid.subject_opened.connect(lambda code: self._deeds.subject(code, None))
        self.grid.menu_asked.connect(self._open_menu)
        self.grid.typed.connect(self._type)
        self.grid.left.connect(self._leave)
        self.grid.in_sight_changed.connect(self._show_pictures)

    def _none_found(self) -> QWidget:
        again = QPushButton("Show &all subjects")
        again.setObjectName("overview.show_all")
        again.clicked.connect(self._show_all)
        return _notice("No subject fits what is looked for.", "", again)

    def _empty(self) -> QWidget:
        add = QPushButton("Subjects an&d visits…")
        add.setObjectName("overview.add_subjects")
        add.clicked.connect(lambda: self._deeds.subject("", None))
        text = (
            "Add subjects and their visits by hand, or drop images into the window: what their names tell is filled in."
        )
        return _notice("There is no subject in this study yet.", text, add)

    # --- following ---------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        study = self._workspace.study
        if study is None:
            return
        self.model.show_overview(study.derived(overview, *RESTS_ON))
        self._show_state()
        self._show_pictures()

    def _filter(self, *_: object) -> None:
        self.model.set_filter(self.text.text(), CHOICES[self.choice.currentIndex()])
        self._show_state()

    def _show_state(self) -> None:
        rows = self.model.overview.rows
        for part in (self.text, self.choice):
            part.setEnabled(bool(rows))
        self._stack.setCurrentIndex(2 if not rows else 0 if self.model.rows else 1)
        cells = [cell for row in self.model.rows for cell in row.cells]
        self._told.setText(summary(len(rows), len(self.model.rows), cells) if rows else "")

    def _forget(self) -> None:
        """Another study: what was looked for in the one before is not meant."""
        self._ordered.clear()
        self._show_all()

    def _show_all(self) -> None:
        self.text.clear()
        self.choice.setCurrentIndex(0)
        self.grid.setFocus()

    # --- small pictures ----------------------------------------------------------------------------------------

    def _show_pictures(self) -> None:
        """Ask for the pictures that are in sight, and for no others any longer."""
        study = self._workspace.study
        if study is None or not self.isVisible():
            return
        side = round(max(THUMBNAIL_PX) * self.devicePixelRatioF() * LARGER)
        wanted = {}
        for row, column in self.grid.in_sight():
            for image_id in self.model.rows[row].cells[column].image_ids[:1]:
                if image_id in study.images:
                    wanted[image_id] = Thumbnail(image_id, study.images[image_id].sha256, (side, side))
        self._pictures.give_up(order for image_id, order in self._ordered.items() if image_id not in wanted)
        self._ordered = wanted
        for order in wanted.values():
            self._pictures.picture(order)
        self.grid.viewport().update()

    def _picture(self, image_id: int) -> tuple[QImage | None, bool]:
        """What there is of a picture now; painting asks for nothing new."""
        order = self._ordered.get(image_id)
        if order is None:
            return None, False
        return self._pictures.kept(order), self._pictures.failed(order)

    # --- doings ------------------------------------------------------------------------------------------------

    def _open(self, index: Index) -> None:
        study, cell = self._workspace.study, self.model.cell(index)
        if study is None:
            return
        if cell.image_ids:
            self._deeds.open(with_baseline(study, cell.image_ids[0]))
        else:
            visit_id = cell.visit_ids[0] if cell.visit_ids else None
            self._deeds.subject(self.model.rows[index.row()].subject.id, visit_id)

    def _open_menu(self, index: Index, at: QPoint) -> None:
        study = self._workspace.study
        if study is None or not index.isValid():
            return
        self.grid.setCurrentIndex(index)
        subject = self.model.rows[index.row()].subject.id
        menu = cell_menu(self, study, subject, self.model.cell(index), self._deeds)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _type(self, text: str) -> None:
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.setText(text)

    def _leave(self) -> None:
        """Esc: show all subjects again, else go back to the images."""
        if self.text.text() or self.choice.currentIndex():
            self._show_all()
        else:
            self._deeds.open(self._workspace.shown)


def _notice(title: str, text: str, button: QPushButton) -> QWidget:
    """What is said where there is nothing to show, with the way out."""
    heading, more = QLabel(title), QLabel(text, wordWrap=True)
    heading.setProperty("role", "heading")
    more.setProperty("role", "muted")
    more.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    more.setMaximumWidth(NOTICE_PX)
    more.ensurePolished()
    more.setMinimumHeight(max(more.heightForWidth(NOTICE_PX), 0))  # a layout that centres it would leave it one line
    more.setMinimumWidth(NOTICE_PX)
    more.setVisible(bool(text))
    notice = QWidget()
    column = QVBoxLayout(notice)
    column.setSpacing(2 * GRID_PX)
    column.addStretch(2)
    for part in (heading, more, button):
        column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addStretch(3)
    return notice
