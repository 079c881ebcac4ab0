"""What is seen while no study is open: three ways to begin, the studies of late, and who is reading."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from ui.background import Background
from ui.banner import Banner
from ui.choice_card import ChoiceCard
from ui.icons import app_icon
from ui.preview_picture import PreviewPicture
from ui.recent_files import RecentFiles
from ui.theme import GRID_PX
from workstation.settings import Settings

LEAST_WIDTH_PX, GREATEST_WIDTH_PX = 880, 1120
"""Of the column in the middle."""
APP_ICON_PX = 56
ABOUT = "Correct detected hairs and follicular units by hand, measure them, and see what changed between two visits."


class StartPage(QScrollArea):
    """The page. What it asks for, the window does.

    Args:
        settings: the program's.
        background: looks at recent files off the main thread.
        parent: the window.
    """

    demo_asked = Signal()
    images_asked = Signal()
    study_asked = Signal()
    recent_chosen = Signal(object)
    """The `Path` of a study."""
    recent_removed = Signal(object)
    """The `Path` of a study that should not be listed any more."""
    reader_named = Signal(str)

    def __init__(self, settings: Settings, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start")
        self.setAccessibleName("Start")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._page = QFrame()
        self._page.setObjectName("start.page")
        self._column = QVBoxLayout()
        self._column.setSpacing(2 * GRID_PX)
        self._banners = QVBoxLayout()
        self._preview = PreviewPicture()
        self._recent_heading = _heading("Recent")
        self.recent = RecentFiles(background)
        self.recent.chosen.connect(self.recent_chosen)
        self.recent.removed.connect(self.recent_removed)
        self._reader = self._reader_line()
        self._fill()
        self.show_settings(settings)

    def show_settings(self, settings: Settings) -> None:
        """Show the recent studies, and ask for the reader's name where it is not known."""
        paths = settings.recent_files
        self.recent.show_paths(paths)
        self.recent.setFixedHeight(self.recent.height_for_all())
        self._recent_heading.setVisible(bool(paths))
        self.recent.setVisible(bool(paths))
        self._preview.setVisible(not paths)
        self._reader.setVisible(not settings.reader)

    def add_banner(self, banner: Banner) -> None:
        """Tell something before all else: a crash that can be reported, say."""
        self._banners.addWidget(banner)

    def show_drop_target(self, wanted: bool) -> None:
        """Show that what is dragged over the window would be taken, or no longer."""
        self._page.setProperty("role", "drop_target" if wanted else "")
        self._page.style().polish(self._page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand in the upper middle, whatever the window's size."""
        super().resizeEvent(event)
        self._above.changeSize(0, max(4 * GRID_PX, self.height() // 7))
        self._holder.setMaximumWidth(min(max(LEAST_WIDTH_PX, self.width() // 2), GREATEST_WIDTH_PX))
        self._outer.invalidate()

    def _fill(self) -> None:
        self._column.addLayout(_title())
        self._column.addLayout(self._banners)
        self._column.addSpacing(GRID_PX)
        self._column.addLayout(self._choices())
        hint = QLabel("Images and studies can also be dropped into the window.")
        hint.setProperty("role", "muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(hint)
        self._column.addWidget(self._reader)
        self._column.addSpacing(GRID_PX)
        self._column.addWidget(self._preview)
        self._column.addWidget(self._recent_heading)
        self._column.addWidget(self.recent)
        self._column.addStretch(1)
        self._holder = holder = QWidget()
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        holder.setLayout(self._column)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(holder, 1000)
        row.addStretch(1)
        self._outer = QVBoxLayout(self._page)
        self._outer.setContentsMargins(4 * GRID_PX, 0, 4 * GRID_PX, 4 * GRID_PX)
        self._above = QSpacerItem(0, 4 * GRID_PX)
        self._outer.addSpacerItem(self._above)
        self._outer.addLayout(row, 1)
        self.setWidget(self._page)

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2 * GRID_PX)
        for name, icon, title, text, asked in (
            (
                "demo",
                "demo",
                "Open the &demo",
                "Two visits of one synthetic scalp, twelve weeks apart",
                self.demo_asked,
            ),
            ("images", "images", "Open ima&ges…", "Photographs become a new study: JPEG, PNG, TIFF", self.images_asked),
            ("study", "open", "Open a &study…", "Go on with a study file that was made before", self.study_asked),
        ):
            card = ChoiceCard(icon, title, text)
            card.setObjectName(f"start.{name}")
            card.clicked.connect(asked)
            row.addWidget(card, 1)
        return row

    def _reader_line(self) -> QWidget:
        line = QLineEdit(maxLength=200, placeholderText="Name or initials")
        line.setObjectName("start.reader")
        line.setFixedWidth(30 * GRID_PX)
        label = QLabel("&Your name, under which your corrections are kept:")
        label.setBuddy(line)
        done = QPushButton("Keep")
        done.setObjectName("start.keep_reader")
        done.setEnabled(False)
        line.textChanged.connect(lambda text: done.setEnabled(bool(text.strip())))
        for asked in (line.returnPressed, done.clicked):
            asked.connect(lambda *_: self._name_reader(line.text().strip()))
        row = QHBoxLayout()
        row.setContentsMargins(0, GRID_PX, 0, 0)
        row.setSpacing(GRID_PX)
        for part in (label, line, done):
            row.addWidget(part)
        row.addStretch(1)
        asking = QWidget()
        asking.setLayout(row)
        return asking

    def _name_reader(self, name: str) -> None:
        if name:
            self.reader_named.emit(name)


def _title() -> QHBoxLayout:
    sign = QLabel()
    sign.setPixmap(app_icon().pixmap(QSize(APP_ICON_PX, APP_ICON_PX), sign.devicePixelRatioF()))
    name = QLabel("trichodesk")
    name.setProperty("role", "title")
    about = QLabel(ABOUT, wordWrap=True)
    about.setProperty("role", "muted")
    words = QVBoxLayout()
    words.setSpacing(GRID_PX // 2)
    words.addWidget(name)
    words.addWidget(about)
    row = QHBoxLayout()
    row.setSpacing(2 * GRID_PX)
    row.addWidget(sign)
    row.addLayout(words, 1)
    return row


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label
