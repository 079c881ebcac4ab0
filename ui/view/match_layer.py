"""Matches as they are drawn over one image and kept between frames."""

from dataclasses import dataclass, replace

from PySide6.QtGui import QPainter

from ui.view.cached_layer import CachedLayer
from ui.view.drawing import Drawing
from ui.view.geometry import ReadGeometry
from ui.view.layers import Display
from ui.view.match_marks import Marks, Partners
from ui.view.match_painter import match_labels, paint_matches, paint_partners
from ui.view.sheet import Sheet
from ui.view.unit_labels import Label
from ui.view.unit_shapes import same_units
from ui.view.viewport import Viewport


class MatchLayer:
    """See the module."""

    def __init__(self) -> None:
        self._layer = CachedLayer(opaque=False)
        self._marks: Marks | None = None
        self._partners = Partners()
        self._labels: dict[int, Label] = {}
        self._drawn: _Drawn | None = None

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
        self._marks, self._partners = marks, partners
        if marks is None and self._drawn is not None:
            self._layer.release()
            self._drawn = None
        return before != (marks, partners)

    def release(self) -> None:
        """Give all memory back; nothing will be drawn any more."""
        self._layer.release()
        self._marks, self._labels, self._drawn = None, {}, None

    def display_beside(self, display: Display) -> Display:
        """How the read is shown beside the marks, which stand in place of the units' outlines and numbers of hairs."""
        if self._marks is None:
            return display
        return replace(display, layers=replace(display.layers, units=False, unit_counts=False))

    def paint_over(
        self,
        painter: QPainter,
        drawing: Drawing,
        viewport: Viewport,
        pen_px: float,
        *,
        moving: bool,
        overlay: float = 1.0,
    ) -> bool:
        """Draw matches over the drawing of their read.

        Args:
            painter: paints in device pixels.
            drawing: of the read.
            viewport: in device pixels.
            pen_px: a thin line.
            moving: as for `paint`.
            overlay: how strongly, 0 to 1.

        Returns:
            As `paint`.
        """
        layers, geometry = drawing.display.layers, drawing.geometry
        sheet = drawing.sheet(viewport, pen_px)
        if geometry is None or sheet is None or not layers.visible or overlay == 0:
            return True
        painter.setOpacity(layers.opacity * overlay)
        sharp = self.paint(painter, geometry, sheet, moving=moving)
        painter.setOpacity(1.0)
        return sharp

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
        if moving and layer.viewport is not None and not layer.fits(viewport):
            layer.paint_scaled(painter, viewport)
            return False
        self._bring_up_to_date(_Drawn(geometry, marks, sheet.full, sheet.pen_px, viewport.scale, viewport.turn), sheet)
        layer.update(viewport, lambda p, _, box: paint_matches(p, geometry, sheet, marks, self._labels, box))
        layer.paint(painter)
        return True

    def _bring_up_to_date(self, now: "_Drawn", sheet: Sheet) -> None:
        """Place numbers, and forget what looks otherwise than it was drawn: after an edit that is little."""
        before, self._drawn = self._drawn, now
        if before is None or not now.lies_as(before):
            self._layer.forget()
            self._labels = match_labels(now.geometry, sheet, now.marks)
            return
        same = now.same_as(before)
        if same is None:
            return
        labels = self._labels
        kept = {unit_id: label for unit_id, label in labels.items() if unit_id in same}
        self._labels = match_labels(now.geometry, sheet, now.marks, kept=kept, but=same)
        for units in (before.geometry.units, now.geometry.units):
            for unit_id, shape in units.items():
                if unit_id not in same:
                    self._layer.forget_box(sheet.around(shape.box))
        for unit_id in labels.keys() | self._labels.keys():
            if labels.get(unit_id) != self._labels.get(unit_id):
                for label in filter(None, (labels.get(unit_id), self._labels.get(unit_id))):
                    x, y = sheet.viewport.step_to_image((label.x, label.y)).tolist()
                    self._layer.forget_box(sheet.around((x, y, x, y)))


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """What was drawn, and how it lay."""

    geometry: ReadGeometry
    marks: Marks
    full: bool
    pen_px: float
    scale: float
    turn: float

    def lies_as(self, other: "_Drawn") -> bool:
        """Whether all that decides about every unit is the same."""
        return (self.full, self.pen_px, self.scale, self.turn) == (other.full, other.pen_px, other.scale, other.turn)

    def same_as(self, other: "_Drawn") -> frozenset[int] | None:
        """The units that look the same as in another one; None where all do."""
        if self.geometry is other.geometry and (self.marks is other.marks or self.marks == other.marks):
            return None
        same = same_units(other.geometry.units, self.geometry.units)
        return frozenset(unit_id for unit_id in same if self.marks.get(unit_id) == other.marks.get(unit_id))
