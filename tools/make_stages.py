"""Draws the stages of detection for docs/detection.md: `python -m tools.make_stages`, into docs/pictures.

One piece of a synthetic field, nine times: the image, what filters and the network see in it, what the decoder makes of
that, and what is given in the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from analysis.decoder.candidates import candidates
from analysis.decoder.decode import BLURRED_UM
from analysis.detection import Detection, DetectionParameters, Preset
from analysis.evidence import Evidence, Votes
from analysis.learned import PLANES, STRIDE, evidence_from, planes_of
from analysis.pipeline import detect
from analysis.preprocess import Frame, Prepared, prepare_image
from analysis.ridges import ridge_evidence
from analysis.synthetic import phantom
from tools.drawing import BLACK, WHITE, Picture, sure_colour, written

TARGET = Path("docs/pictures/detection-stages.jpg")
CASE, SEED, UM_PER_PX = "dense", 12, 5.525
CORNER_WORK, SIZE_WORK = (462, 84), (214, 172)
"""The piece, in pixels at the working scale."""
ENLARGED, COLUMNS, GAP, CAPTION = 2, 3, 6, 24
JPEG_QUALITY = 88
WORDS = 0.36
"""Size of the words in a picture."""
EVERY_VOTE, AXIS_ABOVE = 5, 0.4
ORANGE, BLUE = (255, 170, 40), (80, 170, 255)


@dataclass(frozen=True)
class Piece:
    """The piece of the field that is shown."""

    frame: Frame

    def plain(self, plane: np.ndarray) -> Picture:
        """A plane (h, w) of 0 to 1, or a picture (h, w, 3), at the working scale or the votes' stride: its piece."""
        height, width = self.frame.work_size[::-1]
        stride = 1 if plane.shape[0] == height else STRIDE
        whole = cv2.resize(plane, (plane.shape[1] * stride, plane.shape[0] * stride), interpolation=cv2.INTER_LINEAR)
        (x, y), (across, down) = CORNER_WORK, SIZE_WORK
        cut = whole[:height, :width][y : y + down, x : x + across]
        shown = cv2.resize(cut, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
        if plane.ndim == 2:
            shown = cv2.cvtColor((255 * shown.clip(0, 1)).astype(np.uint8), cv2.COLOR_GRAY2RGB)
        return shown

    def places(self, points_work: np.ndarray) -> np.ndarray:
        """Work pixels (..., 2) as pixels of the piece."""
        return (points_work - np.array(CORNER_WORK) + 0.5) * ENLARGED - 0.5

    def draw(self, picture: Picture, points_work: np.ndarray, colour: Sequence[int]) -> None:
        """Draw a line (V, 2) on a piece."""
        points = np.round(self.places(points_work) * 16).astype(np.int32)
        cv2.polylines(picture, [points], False, tuple(colour), 1, cv2.LINE_AA, 4)

    def dot(self, picture: Picture, point_work: np.ndarray, colour: Sequence[int], radius: int = 4) -> None:
        """Draw a dot on a piece."""
        x, y = np.round(self.places(point_work) * 16).astype(int).tolist()
        cv2.circle(picture, (x, y), radius * 16, tuple(colour), -1, cv2.LINE_AA, 4)


def ends_of(piece: Piece, planes: dict[str, np.ndarray]) -> Picture:
    """Coverage in grey; over it roots in blue and tips in orange, white where the network cannot tell which."""
    root, tip = (piece.plain(planes[name]) / 255 for name in ("root", "tip"))
    cover = 0.4 * piece.plain(planes["cover"]) * (1 - np.maximum(root, tip))
    return (cover + root * BLUE + tip * ORANGE).clip(0, 255).astype(np.uint8)


def chords_of(piece: Piece, votes: Votes, ground: Picture) -> Picture:
    """Every few pixels of an axis: the chord that the pixel names, the brighter the more name it."""
    rows, columns = np.nonzero(votes.line[::STRIDE, ::STRIDE] > AXIS_ABOVE)
    place = np.column_stack([columns, rows])[::EVERY_VOTE]
    middle = (place + 0.5) * STRIDE - 0.5 + votes.middle[place[:, 1], place[:, 0]]
    half = votes.half_chord[place[:, 1], place[:, 0]]
    many = np.zeros(ground.shape, np.float32)
    for centre, reach in zip(middle, half, strict=True):
        one = np.zeros_like(ground)
        piece.draw(one, np.array([centre - reach, centre + reach]), ORANGE)
        many += 0.25 * one
    return (0.35 * ground + many).clip(0, 255).astype(np.uint8)


def lines_on(piece: Piece, ground: Picture, lines: np.ndarray) -> Picture:
    """All lines, thin, over a dark ground."""
    picture = (0.35 * ground).astype(np.uint8)
    for line in lines:
        piece.draw(picture, line, ORANGE)
    return picture


def chosen_on(piece: Piece, ground: Picture, found: Detection) -> Picture:
    """The hairs, from red (doubtful) to green (sure), each with its confidence."""
    picture = ground.copy()
    for index, sure in enumerate(found.confidence.tolist()):
        line = piece.frame.to_work(found.vertices_of(index))
        piece.draw(picture, line, sure_colour(sure))
        x, y = np.round(piece.places(line[len(line) // 2])).astype(int).tolist()
        written(picture, f"{sure:.2f}"[1:] if sure < 0.995 else "1", (x + 4, y - 3), WORDS)
    return picture


def units_on(piece: Piece, ground: Picture, found: Detection) -> Picture:
    """The hairs as wide as they were measured, their roots joined to their unit's centre."""
    picture = ground.copy()
    lines = [piece.frame.to_work(found.vertices_of(i)) for i in range(found.n_hairs)]
    for line, width_px in zip(lines, found.width_px, strict=True):
        wide = max(1, round(width_px * piece.frame.work_per_px * ENLARGED))
        over = picture.copy()
        points = np.round(piece.places(line) * 16).astype(np.int32)
        cv2.polylines(over, [points], False, ORANGE, wide, cv2.LINE_AA, 4)
        picture = cv2.addWeighted(over, 0.45, picture, 0.55, 0)
    for unit in range(found.n_units):
        roots = np.array([lines[i][0] for i in np.flatnonzero(found.unit == unit)])
        centre = roots.mean(axis=0)
        for root in roots:
            piece.draw(picture, np.array([centre, root]), WHITE)
            piece.dot(picture, root, BLUE)
        piece.dot(picture, centre, WHITE, 2)
    return picture


def stages(image: Picture) -> list[tuple[str, Picture]]:
    """Captions and pictures of an image (H, W, 3) that has the piece in it."""
    prepared: Prepared = prepare_image(image, UM_PER_PX)
    planes = planes_of(prepared)
    evidence: Evidence = evidence_from(planes, prepared)
    assert evidence.votes is not None
    named = dict(zip(PLANES, planes, strict=True))
    shortest = (DetectionParameters().min_length_um - BLURRED_UM) / prepared.frame.um_per_work_px
    found = detect(image, UM_PER_PX)
    offered = candidates(evidence, shortest, clipped=found.parameters.preset is not Preset.LONG).lines
    piece = Piece(prepared.frame)
    ground = piece.plain(prepared.work)
    return [
        ("1 the image", ground),
        ("2 contrast", piece.plain(prepared.contrast)),
        ("3 score of the filters", piece.plain(ridge_evidence(prepared).score)),
        ("4 network: coverage, roots (blue), tips (orange)", ends_of(piece, named)),
        ("5 network: centrelines", piece.plain(named["line"])),
        ("6 network: votes, the chord each pixel names", chords_of(piece, evidence.votes, ground)),
        (f"7 candidates ({inside(piece, offered)} in this piece)", lines_on(piece, ground, offered)),
        ("8 chosen, with their confidence", chosen_on(piece, ground, found)),
        ("9 roots, widths, units", units_on(piece, ground, found)),
    ]


def inside(piece: Piece, lines: np.ndarray) -> int:
    """How many lines (N, V, 2) have their middle in the piece."""
    middle = piece.places(lines[:, lines.shape[1] // 2])
    return int(((middle >= 0) & (middle < np.array(SIZE_WORK) * ENLARGED)).all(axis=1).sum())


def sheet(drawn: list[tuple[str, Picture]]) -> Picture:
    """The pictures in rows, each below its caption."""
    cells = []
    for caption, picture in drawn:
        cell = np.full((picture.shape[0] + CAPTION + GAP, picture.shape[1] + GAP, 3), 255, np.uint8)
        cell[CAPTION : CAPTION + picture.shape[0], : picture.shape[1]] = picture
        cv2.putText(cell, caption, (2, 17), cv2.FONT_HERSHEY_SIMPLEX, 0.48, BLACK, 1, cv2.LINE_AA)
        cells.append(cell)
    return np.vstack([np.hstack(cells[first : first + COLUMNS]) for first in range(0, len(cells), COLUMNS)])


def main() -> None:
    image = phantom(CASE, SEED, um_per_px=UM_PER_PX).image
    cv2.imwrite(str(TARGET), sheet(stages(image))[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])


if __name__ == "__main__":
    main()
