"""What became of the selected unit over the visits of its area."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.matching.matches import Matches
from ui.panels.fact_rows import muted
from ui.panels.history_columns import HistoryColumn, HistoryColumns
from ui.panels.refreshing import Refresher
from ui.panels.titles import image_titles
from ui.pictures import Crop, PictureStore
from ui.workspace import Workspace
from workstation.areas import by_time
from workstation.entry import Selection
from workstation.model.study import Study
from workstation.unit_history import UnitAt, UnitHistory, area_visits, pairs_of_visits, unit_history

SIDE_UM = 1000.0
"""How much skin a crop shows: a unit, its hairs and its neighbours."""
SHOWN_AROUND_UM = 500.0


class UnitHistoryPanel(QWidget):
    """See the module. Hidden unless one unit is selected, or hairs of one, of an area with several visits.

    Args:
        workspace: whose selection it is.
        matches: what is known of pairs of visits.
        pictures: the crops.
        parent: the Qt parent.
    """

    def __init__(
        self, workspace: Workspace, matches: Matches, pictures: PictureStore, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("unit_history")
        self._workspace, self._matches, self._pictures = workspace, matches, pictures
        self._history: UnitHistory | None = None
        self._title = muted(name="history_title")
        self.columns = HistoryColumns()
        self.columns.chosen.connect(self._show_visit)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.columns)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self._scroll)
        self._refresher = Refresher(self, self._refresh)
        for changed in (workspace.session_changed, workspace.selection_changed, workspace.document_changed):
            changed.connect(self._follow)
        matches.changed.connect(self._refresher.ask)
        pictures.ready.connect(self._show_pictures)
        self._follow()

    @property
    def history(self) -> UnitHistory | None:
        """What it shows."""
        return self._history

    @property
    def title(self) -> str:
        """The line above the columns."""
        return self._title.text()

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Crops are as large as their columns."""
        super().resizeEvent(event)
        self._fit()
        self._show_pictures()

    def _follow(self, _change: object = None) -> None:
        self.setVisible(self._chosen() is not None)
        self._refresher.ask()

    def _chosen(self) -> tuple[Study, int, int] | None:
        """The study, the image and the unit that is selected, or that all selected hairs are of."""
        workspace, study, image_id = self._workspace, self._workspace.study, self._workspace.selected_image
        read = None if image_id is None else workspace.read(image_id)
        if study is None or image_id is None or read is None:
            return None
        units = {read.hairs[i].unit_id for i in workspace.selected_hairs() if i in read.hairs}
        unit_id = units.pop() if len(units) == 1 else None
        if unit_id is None or len(area_visits(study, image_id)) < 2:
            return None
        return study, image_id, unit_id

    def _refresh(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        study, image_id, unit_id = chosen
        images = area_visits(study, image_id)
        reads = {i: read for i in images if (read := self._workspace.read(i)) is not None}
        known = {ids: self._matches.pair(ids).matching for ids in pairs_of_visits(images)}
        matchings = {ids: matching for ids, matching in known.items() if matching is not None}
        self._history = history = unit_history(study, reads, matchings, image_id, unit_id)
        titles = image_titles(study, images)
        new = history.new_at
        self.columns.show_columns(
            [_column(at, titles[at.image_id], at is new, image_id) for at in history.visits]
        )  # fmt: skip
        self._title.setText(f"Unit {unit_id} over time: found at {history.n_seen} of {len(images)} visits")
        self._fit()
        self._show_pictures()

    def _fit(self) -> None:
        """As high as the columns, with room for a bar where they are too many."""
        columns = self.columns
        too_wide = columns.minimumWidth() > self._scroll.viewport().width()
        bar = self._scroll.horizontalScrollBar().sizeHint().height() if too_wide else 0
        height = columns.sizeHint().height()
        columns.setFixedHeight(height)
        self._scroll.setFixedHeight(height + bar)

    def _show_pictures(self) -> None:
        study, history = self._workspace.study, self._history
        if study is None or history is None or not self.isVisible() or self._chosen() is None:
            return
        side_px = round(self.columns.crop_px * self.devicePixelRatioF())
        orders = {at.image_id: _crop(study, at, side_px) for at in history.visits if at.image_id in study.images}
        found = {i: self._pictures.picture(order) for i, order in orders.items() if order is not None}
        self.columns.show_pictures({i: picture for i, picture in found.items() if picture is not None})

    def _show_visit(self, image_id: int) -> None:
        """Show the unit at a visit, beside the one that it is selected in; selected there, if it is there."""
        workspace, study, history = self._workspace, self._workspace.study, self._history
        at = next((at for at in history.visits if at.image_id == image_id), None) if history else None
        if study is None or at is None:
            return
        if image_id not in workspace.shown:
            beside = workspace.selected_image
            workspace.set_shown(by_time(study, (image_id,) if beside is None else (beside, image_id)))
        workspace.set_active(image_id)
        if at.spot is not None:
            x, y = at.spot.at_px.tolist()
            reach = SHOWN_AROUND_UM * float(abs(at.spot.px_per_um).max())
            workspace.reveal(image_id, [(x - reach, y - reach), (x + reach, y + reach)])
        read = workspace.read(image_id)
        if read is not None and at.link.unit_id is not None:
            workspace.select(Selection(read.id, frozenset(), frozenset({at.link.unit_id})))


def _column(at: UnitAt, title: str, appeared: bool, selected_image: int) -> HistoryColumn:
    return HistoryColumn(
        at.image_id,
        title,
        at.link.presence,
        appeared,
        at.n_hairs,
        at.sum_width_um,
        at.link.unit_id,
        at.image_id == selected_image,
    )


def _crop(study: Study, at: UnitAt, side_px: int) -> Crop | None:
    if at.spot is None or side_px < 1:
        return None
    x, y = at.spot.at_px.tolist()
    a, b, c, d = at.spot.px_per_um.ravel().tolist()
    return Crop(at.image_id, study.images[at.image_id].sha256, (x, y), (a, b, c, d), SIDE_UM, side_px)
