"""Pictures for reports and papers: the image with what was found drawn over it, and the widths as a histogram."""

from workstation.pictures.canvas import write_png
from workstation.pictures.histogram import WidthSeries, figure_pixels, width_figure, width_histogram
from workstation.pictures.overlay import overlay_picture

__all__ = ["WidthSeries", "figure_pixels", "overlay_picture", "width_figure", "width_histogram", "write_png"]
