"""What is measured on an image once its hairs and units are known: counts, widths, distances.

`measure` takes columns and gives `Endpoints`; `ENDPOINTS` says of each endpoint its unit, its meaning and its digits.
"""

from analysis.measures.counts import HairColumns, WidthClass, unit_centres, width_classes
from analysis.measures.distances import delaunay_edge_px, nearest_neighbour_px
from analysis.measures.endpoints import ENDPOINTS, RULES_VERSION, Endpoint, Endpoints, change, measure
from analysis.measures.field_area import MeasuredField

__all__ = [
    "ENDPOINTS",
    "RULES_VERSION",
    "Endpoint",
    "Endpoints",
    "HairColumns",
    "MeasuredField",
    "WidthClass",
    "change",
    "delaunay_edge_px",
    "measure",
    "nearest_neighbour_px",
    "unit_centres",
    "width_classes",
]
