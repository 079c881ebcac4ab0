"""The film strip: all visits of an area above the images, where there are more than two."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from analysis.matching.change import Change, NoChange
from ui.matching.changes import Changes
from ui.matching.matches import Matches
from ui.panels.fact_rows import muted
from ui.panels.film_frame import FRAME_PX, THUMBNAIL_PX, FilmFrame
from ui.panels.film_states import film_states, strip_images
from ui.panels.refreshing import Refresher
from ui.pictures import PictureStore, Thumbnail
from ui.workspace import Workspace
from workstation.pairing import PairIds

HEIGHT_PX = FRAME_PX[1] + 8
HEAD_PX = 104
WAIT_MS = 60


class FilmStrip(QWidget):
    """See the module. Hides itself where there is nothing to step through, or the user folded it away.

    Args:
        workspace: whose shown images are set.
        matches: what is known of pairs of visits.
        changes: what changed between them.
        pictures: the thumbnails.
        parent: the Qt parent.
    """

    def __init__(
        self,
        workspace: Workspace,
        matches: Matches,
        changes: Changes,
        pictures: PictureStore,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("film_strip")
        self.setAccessibleName("All visits of this area")
        self.setFixedHeight(HEIGHT_PX)
        self._workspace, self._matches, self._changes, self._pictures = workspace, matches, changes, pictures
        self._wanted = True
        self._images: tuple[int, ...] = ()
        self.frames: dict[int, FilmFrame] = {}
        self._lay_out()
        self._refresher = Refresher(self, self._refresh, WAIT_MS)
        self._bring_into_sight = QTimer(self, singleShot=True, interval=0)
        self._bring_into_sight.timeout.connect(self._show_latest)
        for changed in (workspace.session_changed, workspace.shown_changed, workspace.document_changed):
            changed.connect(self._follow)
        changes.changed.connect(self._refresher.ask)
        pictures.ready.connect(self._show_pictures)
        self._follow()

    @property
    def wanted(self) -> bool:
        """Whether it is shown where there is something to show."""
        return self._wanted

    def set_wanted(self, wanted: bool) -> None:
        """Show it where there is something to show, or never."""
        self._wanted = wanted
        self._follow()

    @property
    def images(self) -> tuple[int, ...]:
        """The images that it shows, earliest first."""
        return self._images

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    def step(self, step: int) -> None:
        """Show a later visit (1) or an earlier one (−1) beside the first, whichever is the latest one shown."""
        if not self._images:
            return
        places = [place for place, image_id in enumerate(self._images) if image_id in self._workspace.shown]
        place = min(max((places or [0])[-1] + step, 1), len(self._images) - 1)
        self._beside_first(self._images[place])

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move the strip sideways."""
        bar = self._scroll.horizontalScrollBar()
        bar.setValue(bar.value() - (event.angleDelta().y() or event.angleDelta().x()) // 2)
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Turn the wheel, which would else move nothing; see to what is in sight once frames are laid out."""
        if watched is self._row and event.type() == QEvent.Type.Resize:
            self._bring_into_sight.start()
        if watched is self._scroll.viewport() and isinstance(event, QWheelEvent):
            self.wheelEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        head, title = QWidget(), QLabel("Visits")
        title.setProperty("role", "heading")
        head.setFixedWidth(HEAD_PX)
        words = QVBoxLayout(head)
        words.setContentsMargins(12, 4, 4, 4)
        words.setSpacing(0)
        words.addWidget(title)
        words.addWidget(muted("Net change of hairs since …"))
        words.addStretch(1)
        self._row = QWidget()
        self._frames = QHBoxLayout(self._row)
        self._frames.setContentsMargins(0, 4, 0, 4)
        self._frames.setSpacing(4)
        self._frames.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("film_scroll")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._row)
        for watched in (self._row, self._scroll.viewport()):
            watched.installEventFilter(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self._scroll, 1)

    def _follow(self, _change: object = None) -> None:
        study = self._workspace.study
        there = study is not None and study.blinding is None and self._wanted
        self._images = strip_images(study, self._workspace.shown) if study is not None and there else ()
        self.setVisible(bool(self._images))
        self._refresher.ask()

    def _refresh(self) -> None:
        study, shown = self._workspace.study, self._workspace.shown
        if study is None or not self._images:
            return
        if list(self._images) != list(self.frames):
            self._make()
        for state in film_states(study, self._images, self._matches.pair, self._counts):
            self.frames[state.image_id].show_state(state, shown=state.image_id in shown)
        self._show_pictures()
        self._bring_into_sight.start()

    def _counts(self, ids: PairIds) -> Change | NoChange | None:
        found = self._changes.change(ids)
        return None if found is None else found.counts

    def _show_latest(self) -> None:
        """Bring the visits shown into sight, the latest above all, unless somebody goes through them by keyboard."""
        if any(frame.hasFocus() for frame in self.frames.values()):
            return
        for image_id, frame in self.frames.items():
            if image_id in self._workspace.shown:
                self._scroll.ensureWidgetVisible(frame, 0, 0)

    def _make(self) -> None:
        """Frames for these images; those that stay are kept, and with them the keyboard."""
        for image_id in [i for i in self.frames if i not in self._images]:
            frame = self.frames.pop(image_id)
            self._frames.removeWidget(frame)
            frame.hide()
            frame.deleteLater()
        self.frames = {i: self.frames.get(i) or self._made(i) for i in self._images}
        for place, frame in enumerate(self.frames.values()):
            self._frames.insertWidget(place, frame)

    def _made(self, image_id: int) -> FilmFrame:
        frame = FilmFrame(image_id)
        frame.beside_first.connect(self._beside_first)
        frame.beside_before.connect(self._beside_before)
        frame.moved.connect(self._move)
        return frame

    def _show_pictures(self) -> None:
        study = self._workspace.study
        if study is None or not self.isVisible():
            return
        ratio = self.devicePixelRatioF()
        size = round(THUMBNAIL_PX[0] * ratio), round(THUMBNAIL_PX[1] * ratio)
        for image_id, frame in self.frames.items():
            if image_id in study.images:
                order = Thumbnail(image_id, study.images[image_id].sha256, size)
                frame.show_picture(self._pictures.picture(order), unreadable=self._pictures.failed(order))

    def _beside_first(self, image_id: int) -> None:
        self._show_two(self._images[0], image_id)

    def _beside_before(self, image_id: int) -> None:
        place = self._images.index(image_id)
        self._show_two(self._images[max(place - 1, 0)], image_id)

    def _show_two(self, earlier: int, image_id: int) -> None:
        """Show two visits, the later one to be acted on."""
        self._workspace.set_shown((earlier, image_id))
        self._workspace.set_active(image_id)

    def _move(self, image_id: int, step: int) -> None:
        """Give the keyboard to the next visit."""
        place = self._images.index(image_id) + step
        if 0 <= place < len(self._images):
            frame = self.frames[self._images[place]]
            frame.setFocus(Qt.FocusReason.TabFocusReason)
            self._scroll.ensureWidgetVisible(frame)
