"""One image with its overlay as it is drawn: the parts that are kept between frames, and what makes them stale."""

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from analysis.detection import FloatArray
from ui.view.boxes import Box, corners
from ui.view.cached_layer import CachedLayer
from ui.view.geometry import ReadGeometry, changed_boxes
from ui.view.hair_shapes import Look
from ui.view.layers import Display
from ui.view.overlay import Emphasis, labels_for, paint_hovered, paint_overlay, paint_selected
from ui.view.polygons import polygon
from ui.view.pyramid import Pyramid, pixels_of
from ui.view.sheet import Sheet, sheet_of
from ui.view.toning import adjust
from ui.view.unit_labels import Label
from ui.view.unit_painter import has_numbers
from ui.view.unit_shapes import same_units
from ui.view.viewport import Viewport
from workstation.model.read import Read

DIMMED = 0.7
"""The overlay's opacity while something in it is pointed at."""
QUICK_HAIRS, QUICK_LINES = 20, 400
"""So many hairs with marks, or mere lines, are drawn within a frame; more are drawn when the zooming pauses."""
FEW_SELECTED = 60


class Drawing:
    """The kept parts. Everything is in device pixels.

    Args:
        font: the family of the numbers.
    """

    def __init__(self, font: str) -> None:
        self._font = font
        self._base = CachedLayer(opaque=True)
        self._overlay = CachedLayer(opaque=False)
        self._selected = CachedLayer(opaque=False)
        self._pyramid: Pyramid | None = None
        self._edge_px: FloatArray | None = None
        self._geometry: ReadGeometry | None = None
        self._display = Display()
        self._emphasis = Emphasis()
        self._canvas = QColor("#1b1b1b")
        self._labels: dict[int, Label] = {}
        self._labelled: tuple[object, ...] = ()
        self._pen_px = 1.0

    @property
    def pyramid(self) -> Pyramid | None:
        """The image; None while there is none."""
        return self._pyramid

    @property
    def geometry(self) -> ReadGeometry | None:
        """The read; None while there is none."""
        return self._geometry

    @property
    def overlay(self) -> CachedLayer:
        """The layer of hairs, units and field."""
        return self._overlay

    @property
    def display(self) -> Display:
        """How it is shown."""
        return self._display

    @property
    def emphasis(self) -> Emphasis:
        """What stands out."""
        return self._emphasis

    def set_pyramid(self, pyramid: Pyramid | None) -> None:
        """Show another image."""
        before = self._image_size
        self._pyramid = pyramid
        self._base.forget()
        if self._image_size != before:
            self._overlay.forget()

    def set_read(self, read: Read | None, look: Look) -> None:
        """Show another read, or the same one after an edit: only what changed is drawn anew."""
        before = self._geometry
        after = None if read is None else ReadGeometry.of(read, look, before)
        boxes = changed_boxes(before, after)
        self._geometry = after
        if boxes == []:
            return
        self._selected.forget()
        own = self._overlay.viewport
        if boxes is None or before is None or after is None or own is None:
            self._overlay.forget()
            return
        sheet = self._sheet(own)
        if sheet.full != self._sheet_of(before, own).full:
            self._overlay.forget()
            return
        for box in boxes:
            self._overlay.forget_box(sheet.around(box))
        self._label_again(sheet, same_units(before.units, after.units))

    def set_display(self, display: Display) -> None:
        """Show the overlay or the image otherwise."""
        before, self._display = self._display, display
        if before.adjustments != display.adjustments:
            self._base.forget()
        if before.layers != display.layers:
            self._overlay.forget()
            self._selected.forget()

    def set_emphasis(self, emphasis: Emphasis) -> None:
        """Have other things stand out."""
        before, self._emphasis = self._emphasis, emphasis
        if (before.selected_hairs, before.selected_units) != (emphasis.selected_hairs, emphasis.selected_units):
            self._selected.forget()

    def set_edge(self, edge_px: FloatArray) -> None:
        """Have the canvas seen outside of a polygon (K, 2) of the image: it shows nothing there."""
        self._edge_px = edge_px
        self._base.forget()

    def set_canvas(self, colour: QColor) -> None:
        """Have another colour around the image."""
        self._canvas = colour
        self._base.forget()

    def release(self) -> None:
        """Give all memory back; nothing will be drawn any more."""
        for layer in (self._base, self._overlay, self._selected):
            layer.release()
        self._pyramid, self._geometry, self._labels, self._labelled = None, None, {}, ()

    def forget(self) -> None:
        """Draw everything anew next time."""
        for layer in (self._base, self._overlay, self._selected):
            layer.forget()

    def paint(
        self, painter: QPainter, viewport: Viewport, pen_px: float, *, moving: bool, overlay: float, image: float = 1.0
    ) -> bool:
        """Draw everything.

        Args:
            painter: paints in device pixels.
            viewport: in device pixels, its image on whole pixels.
            pen_px: a thin line.
            moving: more frames will follow at once: what takes long may be drawn as it was, scaled.
            overlay: how strongly the overlay is drawn, 0 to 1.
            image: how strongly the image is drawn, over what is there already, 0 to 1.

        Returns:
            Whether all is as sharp as it gets; if not, draw again when nothing moves.
        """
        self._pen_px = pen_px
        painter.setOpacity(image)
        sharp = self._paint_base(painter, viewport, in_haste=moving)
        painter.setOpacity(1.0)
        layers = self._display.layers
        opacity = layers.opacity * overlay
        if self._geometry is None or not layers.visible or opacity == 0:
            return sharp
        sheet = self._sheet(viewport)
        hovers = self._emphasis.hovers
        painter.setOpacity(opacity * (DIMMED if hovers else 1.0))
        sharp &= self._paint_overlay(painter, viewport, sheet, in_haste=moving)
        painter.setOpacity(opacity)
        sharp &= self._paint_selected(painter, viewport, sheet, in_haste=moving)
        paint_hovered(painter, self._geometry, sheet, self._emphasis)
        painter.setOpacity(1.0)
        return sharp

    def _paint_base(self, painter: QPainter, viewport: Viewport, *, in_haste: bool) -> bool:
        """The image. While the scale changes it goes straight to the view, for it will not be used again."""
        if in_haste and not self._base.fits(viewport) and not self._display.adjustments.pointwise:
            self._base.forget()
            everything = QRect(0, 0, *viewport.size)
            self._fill_around(painter, everything, viewport)
            if self._pyramid is not None:
                self._pyramid.paint(painter, viewport, viewport.visible_px)
                if self._edge_px is not None:
                    self._clear_around(painter, everything, viewport)
            return False
        self._base.update(viewport, self._draw_base, self._finish)
        self._base.paint(painter)
        return True

    def _paint_overlay(self, painter: QPainter, viewport: Viewport, sheet: Sheet, *, in_haste: bool) -> bool:
        """Hairs, units and field. While the scale changes few are drawn straight to the view, many as they were."""
        assert self._geometry is not None
        if not in_haste or self._overlay.fits(viewport):
            self._label(sheet)
            self._layer(painter, self._overlay, viewport, sheet)
            return True
        if self._is_quick(sheet) and painter.opacity() == 1.0:
            in_sight = viewport.visible_px
            labels = labels_for(self._geometry, sheet, box_px=in_sight) if has_numbers(sheet) else {}
            painter.save()
            paint_overlay(painter, self._geometry, sheet, labels, in_sight)
            painter.restore()
        elif self._overlay.viewport is not None:
            self._overlay.paint_scaled(painter, viewport)
        return False

    def _paint_selected(self, painter: QPainter, viewport: Viewport, sheet: Sheet, *, in_haste: bool) -> bool:
        emphasis = self._emphasis
        n_selected = len(emphasis.selected_hairs) + len(emphasis.selected_units)
        if not n_selected:
            self._selected.release()
            return True
        if not in_haste or n_selected <= FEW_SELECTED or self._selected.fits(viewport):
            self._layer(painter, self._selected, viewport, sheet)
            return True
        self._selected.paint_scaled(painter, viewport)
        return False

    def _layer(self, painter: QPainter, layer: CachedLayer, viewport: Viewport, sheet: Sheet) -> None:
        layer.update(viewport, lambda p, _, box: self._draw_layer(layer, sheet, p, box))
        layer.paint(painter)

    def _draw_layer(self, layer: CachedLayer, sheet: Sheet, painter: QPainter, box_px: Box) -> None:
        assert self._geometry is not None
        if layer is self._overlay:
            paint_overlay(painter, self._geometry, sheet, self._labels, box_px)
        else:
            paint_selected(painter, self._geometry, sheet, self._emphasis, box_px)

    def _draw_base(self, painter: QPainter, rect: QRect, box_px: Box) -> None:
        assert self._base.viewport is not None
        self._fill_around(painter, rect, self._base.viewport)
        if self._pyramid is not None:
            self._pyramid.paint(painter, self._base.viewport, box_px)

    def _fill_around(self, painter: QPainter, rect: QRect, viewport: Viewport) -> None:
        """The canvas where the image does not cover it."""
        # the image's edge may lie within a pixel, which it then covers in part
        if viewport.turn or not self._image_rect(viewport).adjusted(1, 1, -1, -1).contains(rect):
            painter.fillRect(rect, self._canvas)

    @property
    def _image_size(self) -> tuple[int, int]:
        return (0, 0) if self._pyramid is None else self._pyramid.size

    def _image_rect(self, viewport: Viewport) -> QRect:
        """Where the whole image lies; around it where it is turned."""
        width, height = self._image_size
        left, top, right, bottom = viewport.box_in_view((-0.5, -0.5, width - 0.5, height - 0.5))
        return QRect(round(left), round(top), round(right) - round(left), round(bottom) - round(top))

    def _finish(self, image: QImage, rect: QRect, offset: QPoint) -> None:
        """Adjust the pixels of the image in a rectangle, not the canvas around it."""
        viewport, adjustments = self._base.viewport, self._display.adjustments
        if self._pyramid is None or viewport is None:
            return
        inside = self._image_rect(viewport).intersected(rect).translated(offset)
        if adjustments.pointwise and not inside.isEmpty():
            rows = slice(inside.top(), inside.bottom() + 1)
            columns = slice(inside.left(), inside.right() + 1)
            pixels = pixels_of(image)[rows, columns]
            toned = pixels.copy()
            adjust(toned, adjustments)
            pixels[:] = toned
        if self._edge_px is not None or (viewport.turn and adjustments.pointwise):
            painter = QPainter(image)
            try:
                painter.translate(offset)
                painter.setClipRect(rect)
                self._clear_around(painter, rect, viewport)
            finally:
                painter.end()

    def _clear_around(self, painter: QPainter, rect: QRect, viewport: Viewport) -> None:
        """The canvas where the image shows nothing."""
        width, height = self._image_size
        whole = corners((-0.5, -0.5, width - 0.5, height - 0.5))
        around = QPainterPath()
        around.addRect(QRectF(rect))
        around.addPolygon(polygon(viewport.to_view(whole if self._edge_px is None else self._edge_px)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillPath(around, self._canvas)

    def sheet(self, viewport: Viewport, pen_px: float) -> Sheet | None:
        """How the read lies on a drawing, for whoever paints over it; None while there is no read."""
        self._pen_px = pen_px
        return None if self._geometry is None else self._sheet(viewport)

    def _sheet(self, viewport: Viewport) -> Sheet:
        assert self._geometry is not None
        return self._sheet_of(self._geometry, viewport)

    def _sheet_of(self, geometry: ReadGeometry, viewport: Viewport) -> Sheet:
        return sheet_of(geometry, viewport, self._pen_px, self._display.layers, self._font, self._image_size)

    def _label(self, sheet: Sheet) -> None:
        """Place the units' numbers over the whole image, where anything that decides about them changed."""
        assert self._geometry is not None
        key = self._label_key(sheet)
        if key != self._labelled:
            self._labels = labels_for(self._geometry, sheet) if has_numbers(sheet) else {}
            self._labelled = key

    def _label_again(self, sheet: Sheet, same: frozenset[int]) -> None:
        """Place the numbers of units that changed; all others keep their places."""
        assert self._geometry is not None
        if not has_numbers(sheet) or not self._labelled:
            self._labelled = ()
            return
        before = self._labels
        kept = {i: label for i, label in before.items() if i in same}
        self._labels = labels_for(self._geometry, sheet, kept=kept, but=same)
        self._labelled = self._label_key(sheet)
        self._forget_moved(sheet, before)

    def _label_key(self, sheet: Sheet) -> tuple[object, ...]:
        viewport = sheet.viewport
        return (self._geometry, viewport.scale, viewport.turn, sheet.full, sheet.pen_px, has_numbers(sheet))

    def _forget_moved(self, sheet: Sheet, before: dict[int, Label]) -> None:
        """Draw anew where numbers stand elsewhere than they did."""
        for unit_id in before.keys() | self._labels.keys():
            if before.get(unit_id) != self._labels.get(unit_id):
                self._forget_label(sheet, before.get(unit_id))
                self._forget_label(sheet, self._labels.get(unit_id))

    def _forget_label(self, sheet: Sheet, label: Label | None) -> None:
        if label is not None:
            x, y = sheet.viewport.step_to_image((label.x, label.y)).tolist()
            self._overlay.forget_box(sheet.around((x, y, x, y)))

    def _is_quick(self, sheet: Sheet) -> bool:
        assert self._geometry is not None
        return sheet.expected_hairs <= (QUICK_HAIRS if sheet.full else QUICK_LINES)
