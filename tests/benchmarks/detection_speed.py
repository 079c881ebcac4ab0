"""How fast detection is, as multiples of a Gaussian blur of the same image, and how it grows with the image."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from analysis.detection import Source
from analysis.synthetic import phantom
from tests.benchmarks.detection_probe import UM_PER_PX
from tests.benchmarks.figure import Figure
from workstation.home import HOME_VARIABLE

SECTION = "detection: speed"
ROOT = Path(__file__).parent.parent.parent
SIZES_PX = {3: (2000, 1500), 12: (4000, 3000), 24: (6000, 4000)}
"""(width, height) by megapixels; the smaller are pieces of the largest."""
N_IMAGES, SMALL_PX = 8, (900, 700)
GOALS = {Source.RIDGES: "≤ 10", Source.NETWORK: "≤ 25"}
BLUR = "GaussianBlur of one float32 channel, σ = 6 px; both with two threads"
Measured = dict[str, Any]


def measured(image: np.ndarray, folder: Path, *words: str) -> Measured:
    """What `detection_probe` finds in a process of its own."""
    path = folder / "image.npy"
    np.save(path, image)
    command = [sys.executable, "-m", "tests.benchmarks.detection_probe", str(path), *words]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: Measured = json.loads(done.stdout)
    return found


def figures() -> list[Figure]:
    """12 MP by both sources, growth by the network, and several images at once."""
    largest = phantom("dark", 1, size_px=SIZES_PX[24], um_per_px=UM_PER_PX).image
    pieces = {size: np.ascontiguousarray(largest[:height, :width]) for size, (width, height) in SIZES_PX.items()}
    with tempfile.TemporaryDirectory() as name:
        usual = measured(pieces[12], Path(name), Source.NETWORK, Source.RIDGES, "--parts")
        small, large = (measured(pieces[size], Path(name), Source.NETWORK) for size in (3, 24))
        return [*_of_12_mp(usual), *_growth(small, usual, large), jobs_figure(Path(name))]


def _of_12_mp(found: Measured) -> Iterator[Figure]:
    def times_blur(name: str, what: str, goal: str = "", note: str = "") -> Figure:
        clock, processors = (mine / blur for mine, blur in zip(found[what], found["blur"], strict=True))
        by_processors = f"by processor time {processors:.1f}"
        return Figure(SECTION, name, clock, "× blur", goal, f"{by_processors}; {note}" if note else by_processors)

    for source, goal in GOALS.items():
        seconds = f"{found[f'detect {source}'][0]:.1f} s; {BLUR}"
        yield times_blur(f"detection of 12 MP, {source}", f"detect {source}", goal, seconds)
    for source in GOALS:
        yield times_blur(f"evidence alone of 12 MP, {source}", str(source))
    yield times_blur("preparing an image of 12 MP", "prepare")
    yield Figure(SECTION, "a snap of 200 px in 12 MP", 1e3 * found["snap"][0], "ms", "≤ 30")


def _growth(small: Measured, usual: Measured, large: Measured) -> Iterator[Figure]:
    seconds = [found[f"detect {Source.NETWORK}"] for found in (small, large)]
    clock, processors = (more / less / (24 / 3) for less, more in zip(*seconds, strict=True))
    note = f"1: linear; {seconds[0][0]:.1f} and {seconds[1][0]:.1f} s, by processor time {processors:.2f}"
    yield Figure(SECTION, "time for a pixel of 24 MP against one of 3 MP", clock, "×", "about 1", note)
    for megapixels, found in ((3, small), (12, usual), (24, large)):
        yield Figure(
            SECTION, f"peak memory above the image, {megapixels} MP", found["bytes_per_px"], "bytes/px", "≤ 40",
            "by the network; of a process that has detected before",
        )  # fmt: skip


def jobs_figure(folder: Path) -> Figure:
    """`trichodesk detect` over several small images, with two jobs against one."""
    paths = []
    for number in range(N_IMAGES):
        image = phantom("dark", 100 + number, size_px=SMALL_PX, um_per_px=UM_PER_PX).image
        paths.append(str(folder / f"{number}.png"))
        cv2.imwrite(paths[-1], image[..., ::-1])
    seconds = {jobs: _command_s(folder, paths, jobs) for jobs in (1, 2)}
    note = (
        f"{N_IMAGES} images of {SMALL_PX[0]} × {SMALL_PX[1]}: {seconds[1]:.1f} and {seconds[2]:.1f} s, start included"
    )
    name = "trichodesk detect --jobs 2, faster than --jobs 1"
    return Figure(SECTION, name, seconds[1] / seconds[2], "×", "", note)


def _command_s(folder: Path, paths: list[str], jobs: int) -> float:
    study = folder / f"{jobs}.h5"
    words = ["detect", *paths, "--um-per-px", str(UM_PER_PX), "-o", str(study), "--jobs", str(jobs)]
    code = f"from workstation.cli.application import main\nif __name__ == '__main__':\n    main({words!r})\n"
    environment = {**os.environ, HOME_VARIABLE: str(folder / "home")}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start
