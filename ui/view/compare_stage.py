"""Where two registered visits are shown one over the other: which two, and what is said where that cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.registration.result import Verdict
from analysis.registration.way import Way
from ui.background import Background
from ui.comparing import Comparing
from ui.panels.titles import image_titles
from ui.pixels import PixelStore
from ui.view.compare_layer import CompareLayer, Frame, prepared_in_frame
from ui.view.compare_view import CompareView
from ui.view.image_view import ImageView
from ui.view.pane import ViewHeader
from ui.view.viewport import Viewport
from ui.view.zoomable import ZoomableWidget
from ui.workspace import Workspace
from workstation.model.study import Study
from workstation.ways import Route, route_between, why_no_route

TOO_FEW = "Blink, curtain and fade need two visits: show another one beside this one first."
WAY_OUT = "To lay one over the other, register them; landmarks placed by hand help where that fails."


@dataclass(frozen=True, slots=True)
class Pair:
    """Two images and the way from the first to the second."""

    first: int
    second: int
    route: Route


class CompareStage(QWidget):
    """A line that says what is compared, and the view.

    Args:
        comparing: the mode.
        workspace: what is shown.
        pixels: where the images come from.
        background: prepares them for drawing.
        parent: the Qt parent.
    """

    menu_asked = Signal(object, QPoint)
    """See `ImageView`."""
    viewport_changed = Signal(int, object)
    """The id of the image whose pixels are the frame's, and the `Viewport`."""

    def __init__(
        self,
        comparing: Comparing,
        workspace: Workspace,
        pixels: PixelStore,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("compare_stage")
        self._comparing, self._workspace, self._pixels, self._background = comparing, workspace, pixels, background
        self._pair: Pair | None = None
        self._view: CompareView | None = None
        self.header = ViewHeader(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.header)

    @property
    def view(self) -> CompareView | None:
        """The view; None where nothing is compared."""
        return self._view

    def show_pair(self, views: Mapping[int, ImageView]) -> str:
        """Show two of the images that stand side by side one over the other.

        Args:
            views: their views, left to right.

        Returns:
            Why that cannot be, in plain words; empty where it can.
        """
        study = self._workspace.study
        if study is None or len(views) < 2:
            return TOO_FEW
        pair = self._chosen(study, tuple(views))
        if isinstance(pair, str):
            return pair
        if self._view is None or self._pair is None or not _alike(pair, self._pair):
            same_frame = self._pair is not None and self._pair.first == pair.first
            before: ZoomableWidget = self._view if self._view is not None and same_frame else views[pair.first]
            viewport = None if before.fitted else before.viewport.turned_to(0.0)
            self.clear()
            self._build(study, pair, views, viewport)
        self._pair = pair
        self._say(study, pair)
        return ""

    def clear(self) -> None:
        """Show nothing and give the memory back."""
        if self._view is not None:
            self._view.retire()
            self._column.removeWidget(self._view)
            self._view.hide()
            self._view.deleteLater()
        self._view, self._pair = None, None

    def show_points(self, image_id: int, points_px: np.ndarray, *, zoom: bool) -> bool:
        """Glide to a place in one of both images, and show that one where it is hidden; whether it is one of both."""
        layer = None if self._view is None else self._view.layer_of(image_id)
        if self._view is None or layer is None:
            return False
        second = layer is self._view.layers[1]
        if self._comparing.hides(second):
            self._comparing.show_only(second)
        self._view.show_points(layer.to_frame(points_px), zoom=zoom)
        return True

    def _chosen(self, study: Study, shown: tuple[int, ...]) -> Pair | str:
        """The leftmost image and the active one, or the next that can be; the earlier of both is the frame."""
        active = self._workspace.active
        kept = self._pair.second if self._pair is not None and self._pair.first == shown[0] else None
        first, others = shown[0], shown[1:]
        asked = next((i for i in (active, kept) if i in others), None)
        second = asked or next((i for i in others if route_between(study, first, i) is not None), others[0])
        route = route_between(study, first, second)
        if route is None:
            return f"{why_no_route(study, first, second)} {WAY_OUT}"
        if route.pairs[0].image_ids == (second, first):
            first, second = second, first
            route = Route(route.way.reversed, route.pairs)
        return Pair(first, second, route)

    def _build(self, study: Study, pair: Pair, views: Mapping[int, ImageView], viewport: Viewport | None) -> None:
        font, back = self.font().family(), pair.route.way.reversed
        own, other = study.images[pair.first], study.images[pair.second]
        prepared = prepared_in_frame(other, own, back, self._pixels, self._background, self)
        first, second = (
            CompareLayer(i, Frame(pair.first, way), self._workspace, views[i], image, self._background, font, self)
            for i, way, image in ((pair.first, Way(), views[pair.first].prepared), (pair.second, back, prepared))
        )
        titles = image_titles(study, (pair.first, pair.second))
        names = titles[pair.first], titles[pair.second]
        self._view = CompareView(first, second, names, self._comparing, self._workspace, self._pixels, self)
        self._view.setAccessibleName(f"Images: {names[0]} and {names[1]}, one over the other")
        self._view.menu_asked.connect(self.menu_asked)
        self._view.peek_changed.connect(self._view.set_peeking)
        self._view.viewport_changed.connect(lambda now: self.viewport_changed.emit(pair.first, now))
        self._column.addWidget(self._view, 1)
        prepared.fetch(local_contrast=self._workspace.display.adjustments.local_contrast)
        if viewport is not None:
            self._view.set_viewport(viewport)
        self._view.show()

    def _say(self, study: Study, pair: Pair) -> None:
        titles = image_titles(study, (pair.first, pair.second))
        results = [p.registration.result for p in pair.route.pairs if p.registration is not None]
        residual_um = float(np.hypot.reduce([result.residual_um for result in results]))
        to_check = pair.route.verdict is Verdict.CHECK
        mark = f"Check the registration: {pair.route.reason}" if to_check else ""
        more = "" if np.isnan(residual_um) else f"registered, {residual_um:.0f} µm apart on average"
        self.header.show_text(" and ".join(titles[i] for i in (pair.first, pair.second)), more, mark=mark)


def _alike(one: Pair, other: Pair) -> bool:
    return (one.first, one.second) == (other.first, other.second) and one.route.way == other.route.way
