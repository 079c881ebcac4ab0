"""Keeps views together: they pan, zoom and turn as their images lie to each other."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from ui.view.image_view import ImageView
from ui.view.linking import Link, Passage, common_fit, registered_fit
from ui.view.passages import PassageMemory
from ui.view.viewport import Viewport
from ui.workspace import Workspace

Views = Mapping[int, ImageView]


class Linker(QObject):
    """See the module. Views of registered images show the same place in the skin, others go as far as each other.

    Args:
        workspace: whose study knows what is registered, and whose cursor is shown in the other images too.
        parent: the Qt parent.
    """

    linked_changed = Signal(bool)
    viewport_changed = Signal(int, object)
    """An image's id and its `Viewport`."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._views: Views = {}
        self._linked = True
        self._link: Link | None = None
        self._leading = False
        self._memory = PassageMemory()
        self._passages: dict[tuple[int, int], Passage] = {}
        self._refit = QTimer(self, singleShot=True, interval=0)
        self._refit.timeout.connect(self.fit_fitted)
        workspace.document_changed.connect(self._follow_study)
        workspace.cursor_changed.connect(self._show_partners)

    @property
    def linked(self) -> bool:
        """Whether the views pan and zoom together."""
        return self._linked

    @property
    def passages(self) -> Mapping[tuple[int, int], Passage]:
        """How the registered ones of the images lie to each other, by their ids."""
        return self._passages

    def set_linked(self, linked: bool) -> None:
        """Link the views as they stand, or let each go its own way, upright."""
        if linked != self._linked:
            self._linked = linked
            self.linked_changed.emit(linked)
            self._begin()

    def set_views(self, views: Views) -> None:
        """Keep these together, left to right."""
        self._views = dict(views)
        self._passages = self._memory.between(self._workspace.study, tuple(views))
        self._begin()
        self._refit.start()

    def follow(self, image_id: int, viewport: Viewport) -> None:
        """Have the other views follow one that moved."""
        view = self._views.get(image_id)
        if view is None:
            return
        self.viewport_changed.emit(image_id, viewport)
        if self._leading:
            return
        if view.fitted:
            self._link = None
            self._refit.start()
        else:
            self._lead(image_id, viewport)

    def fit_fitted(self) -> None:
        """Bring fitted views to one scale; what they keep between them is taken anew from there."""
        views = self._views
        fitted = {i: view.fitted_viewport() for i, view in views.items() if view.fitted}
        if self._linked:
            scales = common_fit(fitted, self._scales())
            fitted = {i: viewport.scaled_to(scales[i]) for i, viewport in fitted.items()}
            for first, others in self._registered().items():
                if all(i in fitted for i in (first, *others)):
                    together = {i: fitted[i] for i in (first, *others)}
                    fitted |= registered_fit(first, views[first].image_size, together, self._passages)
        self._leading = True
        try:
            for i, viewport in fitted.items():
                views[i].fit(viewport)
        finally:
            self._leading = False
        if views and len(fitted) == len(views):
            self._link = self._link_now()

    def _follow_study(self, _change: object) -> None:
        """Images may have been registered."""
        passages = self._memory.between(self._workspace.study, tuple(self._views))
        if passages != self._passages:
            self._passages = passages
            self._begin()
            self._refit.start()

    def _begin(self) -> None:
        """Turn registered images as they lie to each other, and have all follow the one that keys act on."""
        self._link = None
        turns = dict.fromkeys(self._views, 0.0)
        if self._linked:
            for first, others in self._registered().items():
                turns |= {i: -self._passages[first, i].turn for i in others}
        self._leading = True
        try:
            for i, view in self._views.items():
                view.set_turn(turns[i])
        finally:
            self._leading = False
        moved = [i for i, view in self._views.items() if not view.fitted]
        if moved:
            leader = self._workspace.active if self._workspace.active in moved else moved[0]
            self._lead(leader, self._views[leader].viewport)
        self._show_partners()

    def _registered(self) -> dict[int, list[int]]:
        """The first image of those that are registered to each other, and the others."""
        groups: dict[int, list[int]] = {}
        for i in self._views:
            first = next((k for k in groups if (k, i) in self._passages), None)
            if first is None:
                groups[i] = []
            else:
                groups[first].append(i)
        return {first: others for first, others in groups.items() if others}

    def _lead(self, leader: int, viewport: Viewport) -> None:
        views = self._views
        if not self._linked or len(views) < 2:
            return
        if self._link is None:
            self._link = self._link_now()
        others = {i: view.viewport for i, view in views.items() if i != leader}
        self._leading = True
        try:
            for i, followed in self._link.follow(leader, viewport, others).items():
                views[i].follow(followed)
        finally:
            self._leading = False

    def _link_now(self) -> Link:
        return Link.of({i: v.viewport for i, v in self._views.items()}, self._scales(), self._passages)

    def _scales(self) -> dict[int, float | None]:
        return {i: view.um_per_px for i, view in self._views.items()}

    def _show_partners(self) -> None:
        """Mark in the other images the place in the skin where the cursor is."""
        cursor = self._workspace.cursor
        for i, view in self._views.items():
            passage = None if cursor is None else self._passages.get((cursor.image_id, i))
            if cursor is None or passage is None:
                view.set_partner(None)
            else:
                x, y = passage.there(np.array([cursor.position_px]))[0].tolist()
                view.set_partner((x, y))
