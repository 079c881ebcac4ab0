"""Puts the overlay of one read together: field, units, hairs, and on top what is selected or pointed at."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QPainter

from ui.view.boxes import Box
from ui.view.field_painter import paint_exclusion, paint_field
from ui.view.geometry import ReadGeometry
from ui.view.hair_painter import paint_hairs, paint_lifted, paint_vertices, shown_hairs
from ui.view.inks import TEXT_PENS
from ui.view.sheet import Sheet
from ui.view.unit_labels import Label, place_labels
from ui.view.unit_painter import margin_pens, paint_lifted_units, paint_units


def labels_for(
    geometry: ReadGeometry,
    sheet: Sheet,
    *,
    box_px: Box | None = None,
    kept: Mapping[int, Label] | None = None,
    but: frozenset[int] = frozenset(),
) -> dict[int, Label]:
    """The places of the units' numbers.

    Args:
        geometry: the read.
        sheet: how it lies.
        box_px: only units in this box of the image; all of them if None.
        kept: numbers that have their places already.
        but: units that need no place.
    """
    units = geometry.units.values() if box_px is None else geometry.units_in(sheet.around(box_px))
    return place_labels(
        sorted((unit for unit in units if unit.id not in but), key=lambda unit: unit.id),
        sheet.viewport,
        margin_pens(sheet) * sheet.pen_px,
        TEXT_PENS * sheet.pen_px,
        tries=8 if sheet.full else 2,
        kept=kept,
    )


def paint_overlay(
    painter: QPainter, geometry: ReadGeometry, sheet: Sheet, labels: Mapping[int, Label], box_px: Box
) -> None:
    """Draw what of a read meets a box of the image.

    Args:
        painter: paints in device pixels, clipped to the box.
        geometry: the read.
        sheet: how it lies.
        labels: as from `labels_for`.
        box_px: left, top, right, bottom in the image.
    """
    around = sheet.around(box_px)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_field(painter, geometry.read.field, sheet, around)
    units = geometry.units_in(around)
    hairs = shown_hairs(geometry.hairs_in(around), sheet.layers)
    paint_hairs(painter, hairs, sheet)
    paint_units(painter, units, sheet, labels)


@dataclass(frozen=True, slots=True)
class Emphasis:
    """What stands out in one image."""

    selected_hairs: frozenset[int] = frozenset()
    selected_units: frozenset[int] = frozenset()
    hovered_hairs: frozenset[int] = frozenset()
    hovered_units: frozenset[int] = frozenset()
    hovered_exclusion: int | None = None

    @property
    def hovers(self) -> bool:
        """Whether anything is pointed at."""
        return bool(self.hovered_hairs or self.hovered_units or self.hovered_exclusion is not None)


def paint_selected(painter: QPainter, geometry: ReadGeometry, sheet: Sheet, emphasis: Emphasis, box_px: Box) -> None:
    """Draw the selected hairs and units of a box; the vertices of a hair selected alone."""
    if not (emphasis.selected_hairs or emphasis.selected_units):
        return
    around = sheet.around(box_px)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    units = [unit for unit in geometry.units_in(around) if unit.id in emphasis.selected_units]
    hairs = [shape for shape in geometry.hairs_in(around) if shape.hair.id in emphasis.selected_hairs]
    paint_lifted_units(painter, units, sheet)
    paint_lifted(painter, hairs, sheet, strength=1.0)
    if len(emphasis.selected_hairs) == 1 and not emphasis.selected_units:
        for shape in hairs:
            paint_vertices(painter, shape, sheet)


def paint_hovered(painter: QPainter, geometry: ReadGeometry, sheet: Sheet, emphasis: Emphasis) -> None:
    """Draw what is pointed at; what is selected stands out already, and its vertices stay to be seen."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for exclusion in geometry.read.field.exclusions:
        if exclusion.id == emphasis.hovered_exclusion:
            paint_exclusion(painter, exclusion, sheet, lifted=True)
    units = [geometry.units[i] for i in sorted(emphasis.hovered_units - emphasis.selected_units) if i in geometry.units]
    hairs = [geometry.hairs[i] for i in sorted(emphasis.hovered_hairs - emphasis.selected_hairs) if i in geometry.hairs]
    paint_lifted_units(painter, units, sheet)
    paint_lifted(painter, hairs, sheet, strength=0.7)
