"""Several images side by side, panned and zoomed together."""

import json
from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ui.background import Background
from ui.comparing import Comparing, Mode
from ui.pixels import PixelStore
from ui.pointing import Reveal
from ui.tools.host import ToolHost
from ui.view.compare_stage import CompareStage
from ui.view.hand_view import HandView
from ui.view.image_view import ImageView
from ui.view.linker import Linker
from ui.view.linking import Passages
from ui.view.no_image import NoImage
from ui.view.pane import ViewPane
from ui.workspace import Workspace

ZOOM_STEP = 1.4


class ComparisonView(QWidget):
    """Views of the images that the workspace shows.

    Args:
        workspace: what is shown.
        pixels: where the images come from.
        tools: the tool in hand.
        background: prepares images for drawing.
        parent: the Qt parent.
    """

    menu_asked = Signal(object, QPoint)
    """See `ImageView`."""
    viewport_changed = Signal(int, object)
    """An image's id and its `Viewport`."""
    linked_changed = Signal(bool)
    views_changed = Signal()
    """Other images stand side by side."""
    preview_answered = Signal(bool)
    """See `ImageView`."""

    def __init__(
        self,
        workspace: Workspace,
        pixels: PixelStore,
        tools: ToolHost,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("comparison")
        self._workspace, self._pixels, self._tools, self._background = workspace, pixels, tools, background
        self._panes: dict[int, ViewPane] = {}
        self._focus_is_due = False
        """The view that had the keyboard is gone, and which view is active now is not known yet."""
        self._linker = Linker(workspace, self)
        self._linker.viewport_changed.connect(self.viewport_changed)
        self._linker.linked_changed.connect(self.linked_changed)
        self._shares: dict[int, list[float]] = {}
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setObjectName("view_splitter")
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(4)
        self._splitter.splitterMoved.connect(self._note_shares)
        self._nothing = NoImage(workspace, self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._splitter)
        self.comparing = Comparing(self)
        self._stage = CompareStage(self.comparing, workspace, pixels, background, self)
        self._stage.viewport_changed.connect(self.viewport_changed)
        self._stage.menu_asked.connect(self.menu_asked)
        self._stack.addWidget(self._stage)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        workspace.session_changed.connect(self._clear)
        workspace.shown_changed.connect(self._show_shown)
        workspace.active_changed.connect(self._follow_active)
        workspace.reveal_asked.connect(self._reveal)
        workspace.document_changed.connect(self._compare)
        self.comparing.mode_changed.connect(self._compare)
        self._show_shown()

    # --- the views ---------------------------------------------------------------------------------------------

    @property
    def views(self) -> dict[int, ImageView]:
        """The views by image id, left to right."""
        return {image_id: pane.view for image_id, pane in self._panes.items()}

    def view_of(self, image_id: int) -> ImageView | None:
        """The view of an image; None where it is not shown."""
        pane = self._panes.get(image_id)
        return None if pane is None else pane.view

    @property
    def current_view(self) -> HandView | None:
        """The view that keys act on and that is seen: that of the active image, or of two one over the other."""
        return self.active_view if self._stage.view is None else self._stage.view

    @property
    def active_view(self) -> ImageView | None:
        """The view that keys act on."""
        active = self._workspace.active
        return None if active is None else self.view_of(active)

    def set_images(self, image_ids: Iterable[int]) -> None:
        """Show these images, left to right; views of images that stay are kept as they are."""
        wanted = list(dict.fromkeys(image_ids))
        had_focus = any(view.hasFocus() for view in self.views.values())
        for image_id in [i for i in self._panes if i not in wanted]:
            self._remove(image_id)
        self._panes = {i: self._panes.get(i) or self._made(i) for i in wanted}
        for place, pane in enumerate(self._panes.values()):
            if self._splitter.indexOf(pane) != place:
                self._splitter.insertWidget(place, pane)
            self._splitter.setStretchFactor(place, 1)
            pane.show()  # the splitter shows by itself only what it had to move
        self._lay_out()
        self._linker.set_views(self.views)
        self._compare()
        self._focus_is_due = had_focus and self.active_view is None
        if had_focus and (view := self.active_view) is not None:
            view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.views_changed.emit()

    def _made(self, image_id: int) -> ViewPane:
        view = ImageView(image_id, self._workspace, self._pixels, self._tools, self._background, self)
        view.viewport_changed.connect(lambda viewport: self._linker.follow(image_id, viewport))
        view.menu_asked.connect(self.menu_asked)
        view.peek_changed.connect(self._peek)
        view.preview_answered.connect(self.preview_answered)
        return ViewPane(view, self._workspace, self._splitter)

    def _remove(self, image_id: int) -> None:
        pane = self._panes.pop(image_id)
        pane.view.retire()
        pane.hide()
        pane.setParent(None)
        pane.deleteLater()

    def _clear(self) -> None:
        """Another study has other images, though their ids may be the same."""
        self.comparing.set_mode(Mode.SIDE_BY_SIDE)
        self.set_images(())

    def _show_shown(self) -> None:
        self.set_images(self._workspace.shown)

    def _compare(self, _change: object = None) -> None:
        """Show two visits one over the other, or the views beside each other as they were."""
        had_focus = self.current_view is not None and self.current_view.hasFocus()
        why_not = self._stage.show_pair(self.views) if self.comparing.over else ""
        if why_not:
            self._workspace.tell(why_not)
            self.comparing.set_mode(Mode.SIDE_BY_SIDE)  # which comes back here
            return
        if not self.comparing.over:
            self._stage.clear()
        elif self._stack.currentWidget() is not self._stage:
            had_focus = had_focus or any(view.hasFocus() for view in self.views.values())
        self._stack.setCurrentIndex(2 if self.comparing.over else 1 if self._panes else 0)
        if had_focus and (view := self.current_view) is not None:
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _peek(self, peeking: bool) -> None:
        for view in self.views.values():
            view.set_peeking(peeking)

    def _follow_active(self) -> None:
        if self.comparing.over:
            self._compare()
            return
        view = self.active_view
        others = [other for other in self.views.values() if other is not view]
        if view is not None and (self._focus_is_due or any(other.hasFocus() for other in others)):
            self._focus_is_due = False
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- panning and zooming -----------------------------------------------------------------------------------

    @property
    def linked(self) -> bool:
        """Whether the views pan and zoom together."""
        return self._linker.linked

    def set_linked(self, linked: bool) -> None:
        """Link the views as they stand, or let each go its own way."""
        self._linker.set_linked(linked)

    @property
    def passages(self) -> Passages:
        """How the registered ones of the images that are shown lie to each other, by their ids."""
        return self._linker.passages

    def fit(self) -> None:
        """Show whole images: in all views where they are linked, else in the active one."""
        if self._stage.view is not None:
            self._stage.view.fit()
            return
        for view in self._together():
            view.fit()
        self._linker.fit_fitted()

    def one_to_one(self) -> None:
        """Show the active image's pixels as pixels of the screen."""
        if (view := self.current_view) is not None:
            view.one_to_one()

    def zoom_in(self) -> None:
        """Zoom the active view in by a step."""
        if (view := self.current_view) is not None:
            view.zoom_by(ZOOM_STEP)

    def zoom_out(self) -> None:
        """Zoom the active view out by a step."""
        if (view := self.current_view) is not None:
            view.zoom_by(1 / ZOOM_STEP)

    def show_points(self, image_id: int, points_px: Iterable[tuple[float, float]], *, zoom: bool = True) -> None:
        """Glide to a place in an image.

        Args:
            image_id: the image; nothing happens where it is not shown.
            points_px: what should be seen.
            zoom: to a scale that suits the place; else as it is, if the place fits into the view.
        """
        view, points = self.view_of(image_id), np.array(list(points_px), dtype=np.float64).reshape(-1, 2)
        if view is None or not len(points):
            return
        if self._stage.show_points(image_id, points, zoom=zoom):
            return
        view.show_points(points, zoom=zoom)

    def _together(self) -> list[ImageView]:
        active = self.active_view
        return list(self.views.values()) if self.linked or active is None else [active]

    def _reveal(self, wish: Reveal) -> None:
        self.show_points(wish.image_id, wish.points_px)

    # --- the layout --------------------------------------------------------------------------------------------

    def reset_layout(self) -> None:
        """Give all views the same width."""
        self._shares.clear()
        self._lay_out()

    def layout_state(self) -> str:
        """The widths for each number of views, as text to be kept."""
        return json.dumps({str(n): [round(share, 4) for share in shares] for n, shares in self._shares.items()})

    def restore_layout(self, text: str) -> None:
        """Take over widths that were kept; what cannot be understood is passed over."""
        try:
            kept = json.loads(text)
            self._shares = {
                int(n): [float(share) for share in shares]
                for n, shares in kept.items()
                if len(shares) == int(n) and all(0.01 < float(share) < 1.01 for share in shares)
            }
        except (ValueError, TypeError, AttributeError):
            self._shares = {}
        self._lay_out()

    def _lay_out(self) -> None:
        n = len(self._panes)
        shares = self._shares.get(n) or [1.0] * n
        self._splitter.setSizes([max(1, round(10_000 * share)) for share in shares])

    def _note_shares(self) -> None:
        sizes: list[int] = self._splitter.sizes()
        total = sum(size for size in sizes)
        if len(sizes) > 1 and total:
            self._shares[len(sizes)] = [size / total for size in sizes]
