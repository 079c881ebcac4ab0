"""The colours that carry meaning, for pictures, exports and the window alike.

From the palette of Okabe and Ito, which stays apart under the common kinds of colour blindness (M. Okabe, K. Ito,
Color Universal Design, 2008). Every meaning also has a shape, so that no colour stands alone.
"""

from analysis.matching.match import Status
from analysis.measures import WidthClass

Rgb = tuple[int, int, int]

BLACK: Rgb = (0, 0, 0)
WHITE: Rgb = (255, 255, 255)
ORANGE: Rgb = (230, 159, 0)
SKY_BLUE: Rgb = (86, 180, 233)
GREEN: Rgb = (0, 158, 115)
YELLOW: Rgb = (240, 228, 66)
BLUE: Rgb = (0, 114, 178)
VERMILLION: Rgb = (213, 94, 0)
PURPLE: Rgb = (204, 121, 167)
GREY: Rgb = (153, 153, 153)

CLASS_COLOURS: dict[WidthClass | None, Rgb] = {
    WidthClass.VELLUS: SKY_BLUE,
    WidthClass.INTERMEDIATE: YELLOW,
    WidthClass.TERMINAL: ORANGE,
    None: GREY,
}
"""By a hair's class; None where its width or the image's scale is not known."""
REJECTED: Rgb = GREY
UNIT: Rgb = GREEN
FIELD: Rgb = BLUE
EXCLUDED: Rgb = VERMILLION
MATCH_COLOURS: dict[Status, Rgb] = {
    Status.KEPT: SKY_BLUE,
    Status.LOST: VERMILLION,
    Status.NEW: GREEN,
    Status.UNCERTAIN: PURPLE,
}
"""By what became of a unit or a hair from one visit to another."""
MATCHED: tuple[Rgb, ...] = (SKY_BLUE, ORANGE, YELLOW, WHITE)
"""Units that were kept, in turn by their numbers; their partners have the same. Light: numbers stand in them too."""
FIRST_READ: Rgb = VERMILLION
"""What only the first of two reads has; drawn in full lines, roots as rings."""
SECOND_READ: Rgb = SKY_BLUE
"""What only the second has; drawn dashed, roots as squares."""


def matched_colour(number: int) -> Rgb:
    """The colour of a kept unit by its number at the baseline."""
    return MATCHED[number % len(MATCHED)]
