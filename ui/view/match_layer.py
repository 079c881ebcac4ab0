"""Matches as they are drawn over one image and kept between frames."""

from PySide6.QtGui import QPainter

from ui.view.cached_layer import CachedLayer
from ui.view.geometry import ReadGeometry
from ui.view.match_marks import Marks, Partners
from ui.view.match_painter import match_labels, paint_matches, paint_partners
from ui.view.sheet import Sheet
from ui.view.unit_labels import Label


class MatchLayer:
    """See the module."""

    def __init__(self) -> None:
        self._layer = CachedLayer(opaque=False)
        self._marks: Marks | None = None
        self._partners = Partners()
        self._labels: dict[int, Label] = {}
        self._labelled: tuple[object, ...] = ()
        self._geometry: ReadGeometry | None = None

    @property
    def marks(self) -> Marks | None:
        """What is drawn; None: matches are not shown."""
        return self._marks

    @property
    def partners(self) -> Partners:
        """What stands out."""
        return self._partners

    @property
    def labels(self) -> dict[int, Label]:
        """Where numbers stand, by the unit's id."""
        return self._labels

    def show(self, marks: Marks | None, partners: Partners) -> bool:
        """Draw something else, or nothing; whether anything looks otherwise."""
        before = self._marks, self._partners
        if marks != self._marks:
            self._marks = marks
            self._layer.forget()
            self._labelled = ()
            if marks is None:
                self._layer.release()
        self._partners = partners
        return before != (marks, partners)

    def release(self) -> None:
        """Give all memory back; nothing will be drawn any more."""
        self._layer.release()
        self._marks, self._labels, self._geometry = None, {}, None

    def paint(self, painter: QPainter, geometry: ReadGeometry, sheet: Sheet, *, moving: bool) -> bool:
        """Draw matches.

        Args:
            painter: paints in device pixels.
            geometry: the read.
            sheet: how it lies.
            moving: more frames will follow at once: they may be drawn as they were, scaled.

        Returns:
            Whether all is as sharp as it gets.
        """
        sharp = True
        if self._marks is not None:
            sharp = self._paint_marks(painter, geometry, sheet, self._marks, moving=moving)
        if self._partners.any:
            paint_partners(painter, geometry, sheet, self._partners)
        return sharp

    def _paint_marks(
        self, painter: QPainter, geometry: ReadGeometry, sheet: Sheet, marks: Marks, *, moving: bool
    ) -> bool:
        layer, viewport = self._layer, sheet.viewport
        if geometry is not self._geometry:
            self._geometry = geometry
            layer.forget()
        if moving and layer.viewport is not None and not layer.fits(viewport):
            layer.paint_scaled(painter, viewport)
            return False
        key = (geometry, marks, viewport.scale, viewport.turn, sheet.full, sheet.pen_px)
        if key != self._labelled:
            self._labels, self._labelled = match_labels(geometry, sheet, marks), key
        layer.update(viewport, lambda p, _, box: paint_matches(p, geometry, sheet, marks, self._labels, box))
        layer.paint(painter)
        return True
