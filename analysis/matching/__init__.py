"""The same follicular units and hairs at two visits: which were kept, which were lost, which are new.

`match` takes two visits' hairs and the warp between their images and gives a `Matching`; `change_between` says what has
changed.
"""

from analysis.matching.change import MIN_OVERLAP, WIDTH_ERROR_UM, Change, NoChange, Tally, WidthChanges, change_between
from analysis.matching.match import Level, Match, Matching, Ruling, Status
from analysis.matching.matcher import match
from analysis.matching.visit import VisitHairs

__all__ = [
    "MIN_OVERLAP",
    "WIDTH_ERROR_UM",
    "Change",
    "Level",
    "Match",
    "Matching",
    "NoChange",
    "Ruling",
    "Status",
    "Tally",
    "VisitHairs",
    "WidthChanges",
    "change_between",
    "match",
]
