"""The bar above the images: which participant, which site, which visits side by side, how far they have come."""

from PySide6.QtCore import QPoint, QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ui.elided import ElidedLabel
from ui.icons import set_icon
from ui.panels.image_browser import ImageBrowser
from ui.panels.refreshing import Refresher
from ui.panels.row import WheelGuard, icon_button
from ui.panels.titles import file_name, image_titles
from ui.panels.visit_chips import VisitChips
from ui.panels.visit_states import StateMemory
from ui.workspace import Workspace
from workstation.areas import Area, area_of, areas_of, ends, has_visits, images_of, subjects
from workstation.model.study import Study

BOX_PX = 140


class VisitBar(QWidget):
    """See the module. A study in which no site was seen twice is a list of images: it has arrows instead of chips.

    Args:
        workspace: whose shown images are set.
        parent: the Qt parent.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("visit_bar_content")
        self._workspace = workspace
        self._states = StateMemory()
        self.subject = _box("visit_subject", "Subject")
        self.subject.activated.connect(self._take_subject)
        self.site = _box("visit_site", "Site")
        self.site.activated.connect(self._take_site)
        self.chips = VisitChips()
        self.chips.chosen.connect(workspace.set_shown)
        self.earlier = icon_button("previous", "image_previous", "Previous image")
        self.earlier.clicked.connect(lambda: self._step(-1))
        self.later = icon_button("next", "image_next", "Next image")
        self.later.clicked.connect(lambda: self._step(1))
        self.browse = QToolButton()
        self.browse.setObjectName("image_browse")
        self.browse.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.browse.setToolTip("All images of the study, to be found by name")
        set_icon(self.browse, "images")
        self.browse.clicked.connect(self.open_browser)
        self.state = ElidedLabel()
        self.state.setObjectName("visit_state")
        self.state.setProperty("role", "muted")
        self._popup = QFrame(self, Qt.WindowType.Popup)
        self._popup.setProperty("role", "popup")
        self.browser = ImageBrowser(self._popup)
        self.browser.chosen.connect(self._take_browsed)
        self._lay_out()
        workspace.session_changed.connect(self._forget)
        self._refresher = Refresher(self, self._refresh)
        for changed in (
            workspace.session_changed,
            workspace.shown_changed,
            workspace.active_changed,
            workspace.document_changed,
            workspace.settings_changed,
        ):
            changed.connect(self._refresher.ask)

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    def open_browser(self) -> None:
        """Open the list of all images below its button."""
        study, below = self._workspace.study, self._workspace.settings.doubtful_below
        if study is None:
            return
        self.browser.show_images(
            study, lambda i: self._states.state(i, self._workspace.read(i), below), self._workspace.shown
        )
        self._popup.move(self.browse.mapToGlobal(QPoint(0, self.browse.height())))
        self._popup.resize(self.browser.sizeHint())
        self._popup.show()
        self.browser.text.setFocus()
        self.browser.text.selectAll()

    def _forget(self) -> None:
        """Another study: the one before is not held in memory for what was known of its images."""
        self._states = StateMemory()
        self._popup.hide()
        self.browser.forget()

    def _refresh(self) -> None:
        study, shown = self._workspace.study, self._workspace.shown
        if study is None or not study.images:
            for widget in (self.subject, self.site, self.chips, self.earlier, self.later, self.browse):
                widget.hide()
            self.state.setText("" if study is None else "This study has no images yet.")
            return
        area = area_of(study, shown[0] if shown else min(study.images))
        visited = has_visits(study)
        self._fill(self.subject, subjects(study), area.subject)
        self._fill(self.site, tuple(a.site for a in areas_of(study, area.subject)), area.site)
        if not visited and len(subjects(study)) == 1:
            self.site.hide()  # each image is a site of its own there: the arrows and the list go through them
        self._show_chips(study, area)
        self.chips.setVisible(visited)
        for arrow in (self.earlier, self.later):
            arrow.setVisible(not visited and len(study.images) > 1)
        self.browse.setVisible(len(study.images) > 1)
        self.browse.setText("All images" if visited or not shown else file_name(study.images[shown[0]]))
        self._show_state(study)

    def _show_chips(self, study: Study, area: Area) -> None:
        ids, below = images_of(study, area), self._workspace.settings.doubtful_below
        states = {i: self._states.state(i, self._workspace.read(i), below) for i in ids}
        titles = image_titles(study, ids)
        self.chips.show_visits({i: titles[i] for i in ids}, states, self._workspace.shown)

    def _show_state(self, study: Study) -> None:
        active = self._workspace.active
        if active is None:
            self.state.setText("")
            return
        state = self._states.state(active, self._workspace.read(active), self._workspace.settings.doubtful_below)
        alone = len(self._workspace.shown) == 1
        title = "" if alone else f"{image_titles(study, self._workspace.shown)[active]}: "
        self.state.setText(f"{title}{state.sentence}")

    def _take_subject(self, place: int) -> None:
        if (study := self._workspace.study) is not None:
            areas = areas_of(study, self.subject.itemText(place))
            same_site = [area for area in areas if area.site == self.site.currentText()]
            self._show_area(study, (same_site or areas)[0])

    def _take_site(self, place: int) -> None:
        if (study := self._workspace.study) is not None:
            self._show_area(study, Area(self.subject.currentText(), self.site.itemText(place)))

    def _show_area(self, study: Study, area: Area) -> None:
        self._workspace.set_shown(ends(images_of(study, area)))

    def _take_browsed(self, image_ids: tuple[int, ...]) -> None:
        self._popup.hide()
        self._workspace.set_shown(image_ids)

    def _step(self, step: int) -> None:
        study, shown = self._workspace.study, self._workspace.shown
        if study is not None and study.images:
            ids = sorted(study.images)
            place = ids.index(shown[0]) + step if shown else 0
            self._workspace.set_shown((ids[place % len(ids)],))

    @staticmethod
    def _fill(box: QComboBox, texts: tuple[str, ...], current: str) -> None:
        with QSignalBlocker(box):
            if texts != tuple(box.itemText(row) for row in range(box.count())):
                box.clear()
                box.addItems(texts)
            box.setCurrentIndex(texts.index(current))
        box.setVisible(len(texts) > 1)

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._popup)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.browser)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(6)
        for widget in (self.subject, self.site, self.earlier, self.browse, self.later):
            row.addWidget(widget)
        row.addWidget(self.chips)
        # gets the room that the visits leave
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.state, 1)


def _box(name: str, title: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(title)
    box.setToolTip(title)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    WheelGuard(box)
    box.setMaximumWidth(BOX_PX)
    box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return box
