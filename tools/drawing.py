"""What pictures of found hairs are drawn with where they are to be looked at: the colour of a confidence, and words."""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""(H, W, 3) RGB."""
BLACK, WHITE = (0, 0, 0), (255, 255, 255)


def sure_colour(confidence: float) -> tuple[int, int, int]:
    """From red (doubtful) over yellow to green (sure), for a confidence of 0 to 1."""
    return round(255 * min(1, 2 - 2 * confidence)), round(255 * min(1, 2 * confidence)), 0


def written(picture: Picture, text: str, corner: tuple[int, int], size: float) -> None:
    """Write on a picture, from the lower left corner (x, y) on, so that it can be read on light and dark."""
    for thickness, colour in ((3, BLACK), (1, WHITE)):
        cv2.putText(picture, text, corner, cv2.FONT_HERSHEY_SIMPLEX, size, colour, thickness, cv2.LINE_AA)
