"""Whether hairs given a confidence of so much are right so often, on synthetic images that nothing was fitted on.

`python -m tests.benchmarks.detection_reliability` measures it for the network and draws docs/pictures/reliability.png.
The images and what counts as right are those of `tools/fit_confidence.py`; the hairs and their confidence are what
`detect` gives.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import numpy as np

from analysis.detection import DetectionParameters, Source
from analysis.lines import even
from analysis.pipeline import detect
from analysis.preprocess import Frame
from tests.benchmarks.figure import Figure
from tests.benchmarks.processes import pool
from tests.benchmarks.share import some
from tools.fit_confidence import RIGHT, labels, render, true_lines

SECTION = "detection: reliability"
IMAGES = range(100_000, 100_032)
"""Numbers of images, far from those that `fit_confidence` and `training` count from 0."""
BINS = np.arange(0, 1, 0.1)
PLOT = Path("docs/pictures/reliability.png")
Known = tuple[np.ndarray, np.ndarray]


def known_of(number: int) -> dict[Source, Known]:
    """By source, of each hair found in one image the confidence, and whether it is right."""
    made, um_per_px = render(number)
    frame = Frame.of(*made.image.shape[:2], um_per_px)
    truth = true_lines(made, frame)
    known = {}
    for source in Source:
        found = detect(made.image, um_per_px, DetectionParameters(source=source))
        lines = even([frame.to_work(found.vertices_of(i)) for i in range(found.n_hairs)])
        known[source] = (found.confidence, are_right(*labels(lines, truth, frame.um_per_work_px)))
    return known


def are_right(right: np.ndarray, hair: np.ndarray) -> np.ndarray:
    """(N,) which lines are right, each hair once, given how right each is and which hair it follows."""
    best = np.zeros(len(right), bool)
    for index in set(hair.tolist()) - {-1}:
        own = np.flatnonzero(hair == index)
        first = own[np.argmax(right[own])]
        best[first] = right[first] > RIGHT
    return best


def measured(processes: Executor) -> dict[Source, Known]:
    """By source, confidence and rightness of all hairs found in the images."""
    images = list(processes.map(known_of, some(IMAGES)))
    return {source: tuple(map(np.concatenate, zip(*(k[source] for k in images), strict=True))) for source in Source}


def figures(processes: Executor) -> list[Figure]:
    """A row for each tenth of confidence."""
    return [row for source, known in measured(processes).items() for row in _rows(source, *known)]


def _rows(source: Source, said: np.ndarray, right: np.ndarray) -> Iterator[Figure]:
    for mean, share, count in table(said, right):
        low = min(9, int(mean * 10)) / 10
        note = f"{count} hairs, {mean:.2f} in the mean"
        name = f"{source}: right of those given {low:.1f} to {low + 0.1:.1f}"
        yield Figure(SECTION, name, share, "", f"{low:.1f} to {low + 0.1:.1f}", note)
    note = f"{len(right)} hairs, given {said.mean():.2f} in the mean"
    yield Figure(SECTION, f"{source}: right of all", float(right.mean()), "", "", note)


def table(said: np.ndarray, right: np.ndarray) -> list[tuple[float, float, int]]:
    """For each tenth: the mean probability said, the share right, and how many."""
    rows = []
    for low in BINS:
        inside = (said >= low) & (said < low + 0.1 + (low > 0.89))
        if inside.any():
            rows.append((float(said[inside].mean()), float(right[inside].mean()), int(inside.sum())))
    return rows


def draw(rows: list[tuple[float, float, int]], path: Path) -> None:
    """The table as a picture."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.7")
    said, true, count = zip(*rows, strict=True)
    axes.scatter(said, true, s=[12 + n / 4 for n in count])
    for x, y, n in rows:
        axes.annotate(str(n), (x, y), xytext=(4, -11), textcoords="offset points", fontsize=7)
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1))
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    with pool() as processes:
        draw(table(*measured(processes)[Source.NETWORK]), PLOT)
