"""What all charts of a report share."""

from itertools import cycle, islice
from typing import TYPE_CHECKING, Literal

from workstation.palette import BLACK, BLUE, GREEN, ORANGE, PURPLE, SKY_BLUE, VERMILLION, Rgb

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAGE_IN = 6.9
"""The width of a page less its margins."""
TEXT_PT, SMALL_PT = 8.0, 7.0
QUIET = "#6b7280"
FAINT = "#d5d9de"

Dashes = Literal["-"] | tuple[float, tuple[float, ...]]
Look = tuple[str, Dashes, str]
"""Colour, dashes and mark of a line."""
_COLOURS: tuple[Rgb, ...] = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY_BLUE, BLACK)
_DASHES: tuple[Dashes, ...] = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
_MARKS = ("o", "s", "^", "D", "v", "P", "X")


def looks(n: int) -> list[Look]:
    """So many ways to draw a line that differ without colour."""
    return list(islice(zip(map(hex_of, cycle(_COLOURS)), cycle(_DASHES), cycle(_MARKS), strict=False), n))


def hex_of(colour: Rgb) -> str:
    """`#0072b2`."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def sheet(height_in: float, width_in: float = PAGE_IN) -> "Figure":
    """An empty figure, laid out when it is drawn."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.06, wspace=0.03, hspace=0.05)
    figure = Figure(figsize=(width_in, height_in), layout=layout, facecolor="white")
    return figure


def plain(axes: "Axes", *, title: str = "") -> None:
    """Axes without a box, with small text."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(QUIET)
    axes.tick_params(labelsize=SMALL_PT, color=QUIET)
    if title:
        axes.set_title(title, fontsize=TEXT_PT, loc="left", fontweight="bold", wrap=True)


def shortened(text: str, most: int) -> str:
    """Text that fits: `a long na…`."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def plain_text(text: str) -> str:
    """Text that matplotlib takes as it is: `$` begins no formula."""
    return text.replace("$", r"\$")
