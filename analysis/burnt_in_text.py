"""Text that software wrote into a picture: names, dates, readings.

No lens draws an edge as sharp as software does, and letters stand in lines. A stroke of text reaches its full contrast
within a pixel; that of a hair takes several, however fine it is. Marks that are sharp, or of a colour that neither skin
nor hair has, are taken for text where three or more of one colour stand in a line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

STROKE_PX = 15
"""Strokes are narrower than that."""
MIN_CONTRAST = 45
"""Grey levels, of at least one colour, between ink and ground."""
MIN_HEIGHT_PX = 5
MAX_HEIGHT_PX = 90
MAX_WIDTH_PX = 1500
"""Letters that touch are one mark."""
MIN_SHARPNESS = 0.72
"""Share of a mark's full contrast that its outline reaches from one pixel to the next, of the median pixel."""
MIN_LETTERS = 3
MAX_HEIGHT_RATIO = 2.5
"""Between two letters of a line."""
MAX_COLOUR_STEP = 60
"""Between two letters of a line, in grey levels of each colour."""
MAX_LINE_HEIGHT = 2.2
"""Of a line, next to that of its median letter: marks that climb on and on are no line."""
STROKES_A_LETTER = 1.5
"""That a row through a letter crosses, on the average."""
MIN_BRANCHED = 0.34
"""Share of the letters of a line that a row or column crosses twice."""
MAX_SHARED = 1 / 3
"""Of a line that runs down with one that runs across: letters of the latter stand above each other, too."""
REACH = 2.5
"""How far from a line, next to its height, marks of its row belong to it: letters that touch a hair are not sharp."""
BLACK, WHITE, VIVID = 20, 238, 45
"""Grey levels, and chroma levels away from the skin's own colour."""
MAX_GAP = 1.6
"""Between two letters of a line, next to the taller one's height: a space is about half of it."""
MARGIN = 0.35
"""Around a line, next to its height: dots and commas are no letters here and lie at its ends."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels, the last two not included."""


@dataclass(frozen=True, slots=True)
class _Mark:
    x: int
    y: int
    width: int
    height: int
    colour: tuple[int, int, int]
    strokes: tuple[int, int]
    """How many a row and a column through it cross, at most."""

    @property
    def letters(self) -> float:
        """One, or of letters that touch as many as their strokes make."""
        return max(1.0, self.strokes[0] / STROKES_A_LETTER)

    @property
    def turned(self) -> "_Mark":
        """The same with rows and columns exchanged."""
        return _Mark(self.y, self.x, self.height, self.width, self.colour, self.strokes[::-1])


def find_text(image_rgb: NDArray[np.uint8]) -> list[Box]:
    """Find lines of text, upright or turned by a right angle.

    Args:
        image_rgb: uint8 (H, W, 3) at its own scale, where an edge of text is still one pixel sharp.

    Returns:
        A box around each line, inside the image.
    """
    marks = _marks(image_rgb)
    height, width = image_rgb.shape[:2]
    across = [_clipped(box, width, height) for box in _lines(marks)]
    down = [_clipped((y0, x0, y1, x1), width, height) for x0, y0, x1, y1 in _lines([mark.turned for mark in marks])]
    return across + [box for box in down if all(_shared(box, other) < MAX_SHARED for other in across)]


def _marks(image_rgb: NDArray[np.uint8]) -> list[_Mark]:
    """Marks that may be letters, by each of the ways in which text stands out; one may be found twice."""
    grey = cv2.cvtColor(image_rgb, cv2.COLOR_RGB2GRAY)
    found: list[_Mark] = []
    # JPEG blurs colours and not brightness; without it, colours alone may be sharp
    for plane in (grey[..., None], image_rgb):
        near, full = (_highest(_gradient(plane, size)) for size in (3, 9))
        sharp = near >= MIN_SHARPNESS * full
        for ink in _inks(plane):
            found += _marks_of(ink, sharp, image_rgb)
    vivid = _vivid(image_rgb)
    return found + _marks_of(vivid, vivid > 0, image_rgb)


def _inks(plane: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Where there may be strokes (H, W), of a plane (H, W, C): lighter or darker than around, or black or white."""
    stroke = cv2.getStructuringElement(cv2.MORPH_RECT, (STROKE_PX, STROKE_PX))
    for way in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):
        yield (_highest(_channels(cv2.morphologyEx(plane, way, stroke))) > MIN_CONTRAST).view(np.uint8)
    if plane.shape[2] == 1:
        yield (plane[..., 0] <= BLACK).view(np.uint8)
        yield (plane[..., 0] >= WHITE).view(np.uint8)


def _vivid(image_rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    _, red, blue = cv2.split(cv2.cvtColor(image_rgb, cv2.COLOR_RGB2YCrCb))
    off = [cv2.absdiff(c, np.full_like(c, np.uint8(np.median(c[::4, ::4])))) for c in (red, blue)]
    vivid: NDArray[np.uint8] = (cv2.max(off[0], off[1]) > VIVID).view(np.uint8)
    return vivid


def _marks_of(ink: NDArray[np.uint8], sharp: NDArray[np.bool_], image_rgb: NDArray[np.uint8]) -> list[_Mark]:
    """The connected marks of a mask whose outline is sharp on more than half of its length."""
    n, label, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    core = cv2.erode(ink, np.ones((3, 3), np.uint8), borderValue=0)
    edge = (ink > 0) & (core == 0)
    of_edge = label[edge]
    n_edge = np.bincount(of_edge, minlength=n)
    n_sharp = np.bincount(of_edge, weights=sharp[edge], minlength=n)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    good = (n_sharp > 0.5 * np.maximum(n_edge, 1)) & (width <= MAX_WIDTH_PX) & (height <= MAX_WIDTH_PX)
    good &= (np.maximum(width, height) >= MIN_HEIGHT_PX) & (np.arange(n) > 0)
    marks = []
    for i in np.flatnonzero(good):
        x, y, w, h = (int(value) for value in stats[i][:4])
        part = slice(y, y + h), slice(x, x + w)
        inside = label[part] == i
        strokes = _most_strokes(inside), _most_strokes(inside.T)
        inside = inside & (core[part] > 0) if (inside & (core[part] > 0)).any() else inside
        red, green, blue = (int(value) for value in np.median(image_rgb[part][inside], axis=0))
        marks.append(_Mark(x, y, w, h, (red, green, blue), strokes))
    return marks


def _most_strokes(inside: NDArray[np.bool_]) -> int:
    """How many runs the fullest of three rows in the middle has."""
    rows = inside[[int(share * len(inside)) for share in (0.35, 0.5, 0.65)]].astype(np.int8)
    return int((np.diff(rows, axis=1, prepend=0) > 0).sum(axis=1).max())


def _lines(marks: Sequence[_Mark]) -> list[Box]:
    """Boxes around marks that stand side by side as letters do."""
    letters = sorted((m for m in marks if MIN_HEIGHT_PX <= m.height <= MAX_HEIGHT_PX), key=lambda m: m.x)
    leader = list(range(len(letters)))

    def first(i: int) -> int:
        while leader[i] != i:
            leader[i] = i = leader[leader[i]]
        return i

    for i, one in enumerate(letters):
        for j in range(i + 1, len(letters)):
            if letters[j].x > one.x + one.width + MAX_GAP * MAX_HEIGHT_PX:
                break
            if _side_by_side(one, letters[j]):
                leader[first(j)] = first(i)
    groups: dict[int, list[_Mark]] = {}
    for i, mark in enumerate(letters):
        groups.setdefault(first(i), []).append(mark)
    return _joined([_with_neighbours(group, letters) for group in groups.values() if _is_text(group)])


def _with_neighbours(line: Sequence[_Mark], letters: Sequence[_Mark]) -> Box:
    """The box around a line and further marks of its row."""
    x0, y0, x1, y1 = _around(line)
    height = float(np.median([m.height for m in line]))
    row = [m for m in letters if y0 <= m.y and m.y + m.height <= y1 and m.height >= 0.4 * height]
    grown = True
    while grown:
        near = [m for m in row if m.x < x1 + REACH * height and m.x + m.width > x0 - REACH * height]
        left, right = min([x0, *(m.x for m in near)]), max([x1, *(m.x + m.width for m in near)])
        grown = (left, right) != (x0, x1)
        x0, x1 = left, right
    return x0, y0, x1, y1


def _joined(boxes: list[Box]) -> list[Box]:
    """Boxes of one row that are near to each other as one: what lies between them is text, too."""
    found: list[Box] = []
    for box in sorted(boxes):
        for at, other in enumerate(found):
            height = min(box[3] - box[1], other[3] - other[1])
            overlap = min(box[3], other[3]) - max(box[1], other[1])
            if overlap >= 0.6 * height and box[0] - other[2] <= REACH * height:
                found[at] = other[0], min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])
                break
        else:
            found.append(box)
    return found


def _is_text(line: Sequence[_Mark]) -> bool:
    """Whether it has letters enough, side by side and not one above the other."""
    places = {round(m.x / m.height): m.letters for m in line}  # a mark that was found in two ways is one letter
    height = max(m.y + m.height for m in line) - min(m.y for m in line)
    branched = [max(m.strokes) > 1 for m in line]  # as most letters are, and single hairs are not
    if sum(branched) < MIN_BRANCHED * len(line) or sum(places.values()) < MIN_LETTERS:
        return False
    return height <= MAX_LINE_HEIGHT * float(np.median([m.height for m in line]))


def _side_by_side(one: _Mark, other: _Mark) -> bool:
    low, high = min(one.height, other.height), max(one.height, other.height)
    overlap = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    gap = other.x - (one.x + one.width)
    if overlap < 0.6 * low or high > MAX_HEIGHT_RATIO * low or not -0.5 * low <= gap <= MAX_GAP * high:
        return False
    return max(abs(a - b) for a, b in zip(one.colour, other.colour, strict=True)) <= MAX_COLOUR_STEP


def _around(line: Sequence[_Mark]) -> Box:
    top, bottom = min(m.y for m in line), max(m.y + m.height for m in line)
    margin = max(3, round(MARGIN * (bottom - top)))
    left, right = min(m.x for m in line), max(m.x + m.width for m in line)
    return left - 2 * margin, top - margin, right + 2 * margin, bottom + margin


def _clipped(box: Box, width: int, height: int) -> Box:
    x0, y0, x1, y1 = box
    return max(0, x0), max(0, y0), min(width, x1), min(height, y1)


def _shared(box: Box, other: Box) -> float:
    """Share of a box that another one covers."""
    width, height = min(box[2], other[2]) - max(box[0], other[0]), min(box[3], other[3]) - max(box[1], other[1])
    return max(0, width) * max(0, height) / ((box[2] - box[0]) * (box[3] - box[1]))


def _highest(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The highest channel (H, W) of (H, W, C)."""
    highest: NDArray[np.uint8] = np.ascontiguousarray(image[..., 0])
    for channel in range(1, image.shape[2]):
        highest = np.asarray(cv2.max(highest, np.ascontiguousarray(image[..., channel])), np.uint8)
    return highest


def _channels(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W, C), also where OpenCV took away a single channel."""
    return image if image.ndim == 3 else image[..., None]


def _gradient(plane: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    return _channels(np.asarray(cv2.morphologyEx(plane, cv2.MORPH_GRADIENT, np.ones((size, size), np.uint8)), np.uint8))
