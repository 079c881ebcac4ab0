"""How hair widths are distributed at the visits shown, drawn off the main thread."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from analysis.measures import width_classes
from ui import theme
from ui.background import Background, Task
from ui.panels.fact_rows import muted
from ui.panels.figures import SPACE, counted, number
from ui.panels.refreshing import Refresher
from ui.panels.titles import image_titles
from ui.theme import Theme
from ui.workspace import Workspace
from workstation.areas import by_time
from workstation.endpoints import measured_field
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study, WidthCutoffs
from workstation.palette import Rgb
from workstation.pictures.canvas import Pixels
from workstation.pictures.histogram import ChartColours, WidthSeries, width_histogram

WAIT_MS = 250
"""Edits come in bursts; the chart follows once they pause."""
HEIGHT_PX = 208
DPI = 80
"""Of a plain screen: text of 10 points is then 11 px high, as in the panels."""


@dataclass(frozen=True, eq=False)
class ChartOrder:
    """All that a drawing is made of; the same on any thread."""

    shown: tuple[tuple[str, ImageRecord, Read], ...]
    """One visit, or the earliest and the latest, each with its title; all have a scale."""
    cutoffs: WidthCutoffs
    colours: ChartColours
    size_px: tuple[int, int]
    ratio: float

    def same(self, other: "ChartOrder | None") -> bool:
        """Whether the drawing would be the same."""
        return other is not None and (
            [(t, i, id(r)) for t, i, r in self.shown] == [(t, i, id(r)) for t, i, r in other.shown]
            and (self.cutoffs, self.colours, self.size_px, self.ratio)
            == (other.cutoffs, other.colours, other.size_px, other.ratio)
        )


@dataclass(frozen=True, eq=False)
class Chart:
    """A drawing with what it shows in words."""

    pixels: Pixels
    summary: str


def draw(order: ChartOrder) -> Chart:
    """Draw the histogram; imports matplotlib at its first call."""
    series = [series_of(*visit) for visit in order.shown]
    size_in = order.size_px[0] / DPI, order.size_px[1] / DPI
    dpi = round(DPI * order.ratio)
    pixels = width_histogram(series, order.cutoffs, size_in=size_in, dpi=dpi, colours=order.colours)
    return Chart(pixels, "\n".join(summary(one, order.cutoffs) for one in series))


def series_of(title: str, image: ImageRecord, read: Read) -> WidthSeries:
    """The widths of a read's counted hairs, of an image with a scale."""
    assert image.calibration is not None
    field = measured_field(read.field)
    counted_hairs = read.columns.counts & field.contains(read.columns.root_px)
    width_um = read.columns.width_px[counted_hairs] * image.calibration.um_per_px
    return WidthSeries(title, width_um, image.calibration.cm2(field.area_px2) or None)


def summary(series: WidthSeries, cutoffs: WidthCutoffs) -> str:
    """A histogram in words: number, mean and spread, and how the classes divide."""
    known = series.width_um[np.isfinite(series.width_um)]
    if not len(known):
        return f"{series.label}: no hair has a width"
    spread = f" ± {number(float(known.std(ddof=1)), 1)}" if len(known) > 1 else ""
    classes = width_classes(known, cutoffs.vellus_below_um, cutoffs.terminal_from_um)
    divided = ", ".join(f"{int(mask.sum())} {name}" for name, mask in classes.items())
    return (
        f"{series.label}: {counted(len(known), 'hair')}, {number(float(known.mean()), 1)}{spread}{SPACE}µm; {divided}"
    )


class WidthChart(QWidget):
    """See the module.

    Args:
        workspace: whose shown images are compared.
        background: draws.
        parent: the Qt parent.
    """

    def __init__(self, workspace: Workspace, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("width_chart")
        self._workspace = workspace
        self._background = background
        self._task: Task[Chart] | None = None
        self._ordered: ChartOrder | None = None
        self.picture = _Picture()
        self._note = muted(name="width_note")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self.picture)
        layout.addWidget(self._note)
        self._say("The widths of the hairs shown stand here.")
        self._refresher = Refresher(self, self._refresh, WAIT_MS)
        for changed in (workspace.session_changed, workspace.shown_changed, workspace.document_changed):
            changed.connect(self._refresher.ask)
        theme.watcher().changed.connect(self._refresher.ask)

    def refresh_now(self) -> None:
        """Have what is due drawn at once; the picture follows when it is ready."""
        self._refresher.now()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw for the new size; until then the old picture is stretched."""
        super().resizeEvent(event)
        self._refresher.ask()

    def _refresh(self) -> None:
        study = self._workspace.study
        visits = () if study is None else self._visits(study)
        self._say("" if visits else self._why_not(study))
        if study is None or not visits:
            self._ordered = None
            return
        size_px = self.width() - 16, HEIGHT_PX
        colours = chart_colours(theme.current())
        order = ChartOrder(visits, study.cutoffs, colours, size_px, self.devicePixelRatioF())
        if order.same(self._ordered):
            return
        self._ordered = order
        if self._task is not None:
            self._task.drop()
        self._task = self._background.submit(lambda: draw(order), self._show, name="drawing the widths")

    def _say(self, why_not: str) -> None:
        """Say why there is no chart; empty where there is one."""
        self._note.setText(why_not)
        self._note.setVisible(bool(why_not))
        self.picture.setVisible(not why_not)

    def _visits(self, study: Study) -> tuple[tuple[str, ImageRecord, Read], ...]:
        titles = image_titles(study, self._workspace.shown)
        found = []
        for image_id in by_time(study, self._workspace.shown):
            read, image = self._workspace.read(image_id), study.images[image_id]
            if read is not None and read.hairs and image.calibration is not None:
                found.append((titles[image_id], image, read))
        return (found[0], found[-1]) if len(found) > 1 else tuple(found)

    def _why_not(self, study: Study | None) -> str:
        shown = () if study is None else self._workspace.shown
        if study is None or not shown:
            return "The widths of the hairs shown stand here."
        if all(study.images[i].calibration is None for i in shown):
            return "Without a scale no width in µm is known. Ctrl+M sets the scale."
        return "Nothing is detected in the images shown yet."

    def _show(self, chart: Chart) -> None:
        self._task = None
        ratio = 1.0 if self._ordered is None else self._ordered.ratio
        self.picture.show_chart(chart, ratio)


class _Picture(QWidget):
    """The drawing, sharp on every screen."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("width_picture")
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.image = QImage()

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT_PX)

    def show_chart(self, chart: Chart, ratio: float) -> None:
        height, width, _ = chart.pixels.shape
        self.image = QImage(chart.pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        self.image.setDevicePixelRatio(ratio)
        self.setAccessibleName("Histogram of hair widths")
        self.setAccessibleDescription(chart.summary)
        self.setToolTip(chart.summary)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            if not self.image.isNull():
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(QRectF(self.rect()), self.image)
        finally:
            painter.end()


def chart_colours(colours: Theme) -> ChartColours:
    """The chart in a theme's colours."""
    return ChartColours(_rgb(colours, "window"), _rgb(colours, "text"), _rgb(colours, "muted"))


def _rgb(colours: Theme, role: str) -> Rgb:
    colour = colours.colour(role)
    return colour.red(), colour.green(), colour.blue()
