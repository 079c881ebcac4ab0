"""Contact sheets of real images that have no truth, to be looked at: `python -m tests.benchmarks.sheet FOLDER`.

Each row of a page shows an image, and what was found in it: lines along the hairs, from red (doubtful) to green (sure),
with a dot at each root, hollow where the root is out of sight. The images are no part of the product: without them a
sentence says so. They have no scale either; detection guesses one.
"""

import argparse
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from analysis.detection import Detection, Source
from analysis.detection import DetectionParameters as Parameters
from analysis.pipeline import detect
from tests.benchmarks.measuring_data import LOOKED_AT, shared
from tests.benchmarks.processes import pool
from tools.drawing import Picture, sure_colour, written
from workstation.images import load

CELL_WIDTH, PAGE_HEIGHT, CAPTION_HEIGHT, GAP = 900, 1500, 26, 6
SUBPIXEL_BITS = 4


def overlay(picture: Picture, detection: Detection, scale: float, *, numbered: bool) -> Picture:
    """A picture, shown `scale` times as large as the image, with what was found drawn on it."""
    drawn = picture.copy()
    for index in range(detection.n_hairs):
        points = (detection.vertices_of(index) + 0.5) * scale - 0.5
        sure = float(np.clip(detection.confidence[index], 0, 1))
        fixed = np.round(points * 2**SUBPIXEL_BITS).astype(np.int32)
        cv2.polylines(drawn, [fixed], False, sure_colour(sure), 1, cv2.LINE_AA, SUBPIXEL_BITS)
        filled = -1 if detection.root_visible[index] else 1
        x, y = (int(v) for v in fixed[0])
        cv2.circle(drawn, (x, y), 4 << SUBPIXEL_BITS, (60, 160, 255), filled, cv2.LINE_AA, SUBPIXEL_BITS)
        if numbered:
            written(drawn, str(index), (round(points[0, 0]) + 5, round(points[0, 1]) - 3), 0.42)
    return drawn


def row(source: Source, numbered: bool, path: Path) -> tuple[Picture, str]:
    """An image beside its overlay, below a caption; and the caption."""
    image = load(path).pixels
    found = detect(image, None, Parameters(source=source))
    scale = CELL_WIDTH / image.shape[1]
    size = (CELL_WIDTH, round(image.shape[0] * scale))
    shown = cv2.resize(image, size, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
    caption = (
        f"{path.parent.name}/{path.name}: {found.n_hairs} hairs, {(found.confidence > 0.5).sum()} of them above 0.5; "
        f"{found.parameters.preset}, {found.parameters.polarity}, {found.um_per_px:.1f} um/px guessed"
    )
    cells = np.full((size[1] + CAPTION_HEIGHT + GAP, 2 * CELL_WIDTH + GAP, 3), 255, np.uint8)
    below = slice(CAPTION_HEIGHT, CAPTION_HEIGHT + size[1])
    cells[below, :CELL_WIDTH] = shown
    cells[below, -CELL_WIDTH:] = overlay(shown, found, scale, numbered=numbered)
    cv2.putText(cells, caption, (4, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    return cells, caption


def pages(rows: list[Picture]) -> Iterator[Picture]:
    """Rows put below one another, as many on a page as there is room for, at least one."""
    page: list[Picture] = []
    for cells in rows:
        if page and sum(map(len, page)) + len(cells) > PAGE_HEIGHT:
            yield np.concatenate(page)
            page = []
        page.append(cells)
    if page:
        yield np.concatenate(page)


def draw_sheet(images: list[Path], target: Path, source: Source, *, numbered: bool) -> list[str]:
    """Write pages `TARGET-1.png`, `TARGET-2.png` … and give the captions."""
    with pool() as processes:
        rows, captions = zip(*processes.map(partial(row, source, numbered), images), strict=True)
    for number, page in enumerate(pages(list(rows)), 1):
        cv2.imwrite(str(target.with_name(f"{target.name}-{number}.png")), page[..., ::-1])
    return list(captions)


def main() -> None:
    """Draw the pages of the folders named, or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the pages")
    parser.add_argument("names", nargs="*", default=LOOKED_AT, help=f"of {', '.join(LOOKED_AT)}; all if none is given")
    parser.add_argument("--numbered", action="store_true", help="number the hairs")
    parser.add_argument("--source", type=Source, choices=list(Source), default=Source.NETWORK)
    arguments = parser.parse_intermixed_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in arguments.names:
        folder = shared() / "realdata" / name
        images = sorted(p for p in folder.glob("*") if p.suffix in (".jpg", ".png"))
        if not images:
            print(f"There are no images in {folder}: no page of {name}.")
            continue
        for caption in draw_sheet(images, arguments.out / name, arguments.source, numbered=arguments.numbered):
            print(caption)


if __name__ == "__main__":
    main()
