"""What it costs that files from outside are opened by a worker."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import psutil

from tests.benchmarks.bench_images import encoded, scene
from tests.benchmarks.figure import Figure
from tests.workstation.storage.studies import study
from workstation.home import HOME_VARIABLE
from workstation.images import load
from workstation.images.here import decode_here
from workstation.isolation import calling, warm_up
from workstation.session import create_study, open_study

SECTION = "Files from outside"
REPEATS = 15
ROOT = Path(__file__).parents[2]


def figures() -> list[Figure]:
    """A worker's start and memory, what it adds to an image and to the opening of a study."""
    return [*of_workers(), *of_images(), *of_studies()]


def median_ms(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median time of a few runs."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1e3 * float(np.median(times))


def paired_ms(one: Callable[[], object], other: Callable[[], object]) -> float:
    """Median of how much longer the one takes than the other, in turns: the computer may do other work meanwhile."""
    return float(np.median([median_ms(one, 1) - median_ms(other, 1) for _ in range(REPEATS)]))


def of_workers() -> list[Figure]:
    """Start, until it has decoded a first small image; its memory; how long whoever warms it up is held."""
    tiny = cv2.imencode(".png", np.zeros((8, 8, 3), np.uint8))[1].tobytes()

    def start_anew() -> None:
        calling._close()
        calling._present = None
        load(tiny)

    started_ms = median_ms(start_anew, 5)
    (worker,) = psutil.Process().children()
    memory = worker.memory_full_info().uss
    calling._close()
    calling._present = None
    held_ms = median_ms(warm_up, 1)
    return [
        Figure(SECTION, "start of a worker, to its first image", started_ms, "ms"),
        Figure(SECTION, "…what the window waits for it", held_ms, "ms", "", "it starts beside it"),
        Figure(SECTION, "…memory of its own, idle", memory / 1e6, "MB"),
    ]


def of_images() -> list[Figure]:
    """Milliseconds that a worker adds to an image."""
    found = []
    for name, width, height in (("8 × 8 px", 8, 8), ("1280 × 1024 px", 1280, 1024), ("4000 × 3000 px", 4000, 3000)):
        pixels = np.zeros((8, 8, 3), np.uint8) if width == 8 else scene(width, height)
        data = encoded(pixels, "JPEG", quality=92)
        load(data)
        adds_ms = paired_ms(lambda data=data: load(data), lambda data=data: decode_here(data, 150.0))
        here_ms = median_ms(lambda data=data: decode_here(data, 150.0))
        found.append(Figure(SECTION, f"a worker adds to a JPEG of {name}", adds_ms, "ms", "", f"to {here_ms:.1f} ms"))
    return found


OPEN = """
import sys, time
from pathlib import Path
from workstation.session import open_study
start = time.perf_counter()
open_study(Path(sys.argv[1]), "Ada").close()
print(1e3 * (time.perf_counter() - start))
"""


def of_studies() -> list[Figure]:
    """Milliseconds until a small study is open: known to this computer, a stranger, and a stranger to a new process."""
    with tempfile.TemporaryDirectory() as folder:
        before = os.environ.get(HOME_VARIABLE)
        os.environ[HOME_VARIABLE] = str(Path(folder) / "home")
        try:
            return list(_of_studies(Path(folder)))
        finally:
            if before is None:
                del os.environ[HOME_VARIABLE]
            else:
                os.environ[HOME_VARIABLE] = before


def _of_studies(folder: Path) -> list[Figure]:
    path = folder / "trial.h5"
    create_study(path, study(), user="Zoë")
    size = f"a file of {path.stat().st_size / 1e3:.0f} kB"
    numbers = iter(range(1000))

    def stranger() -> Path:
        copy = folder / f"stranger {next(numbers)}.h5"
        shutil.copy(path, copy)
        return copy

    def opened_anew(one: Path) -> float:
        done = subprocess.run([sys.executable, "-c", OPEN, one], capture_output=True, text=True, check=True, cwd=ROOT)
        return float(done.stdout)

    known = median_ms(lambda: open_study(path, "Ada").close())
    warm = median_ms(lambda: open_study(stranger(), "Ada").close())
    cold_known = float(np.median([opened_anew(path) for _ in range(5)]))
    cold = float(np.median([opened_anew(stranger()) for _ in range(5)]))
    return [
        Figure(SECTION, "open a study known here", known, "ms", "", size),
        Figure(SECTION, "…a worker adds to a stranger's, in the window", warm - known, "ms", "< 500"),
        Figure(SECTION, "…a worker adds to a stranger's, in a command", cold - cold_known, "ms", "< 500"),
    ]
