"""Measures detection in one image, as a process of its own: `python -m tests.benchmarks.detection_probe --help`.

Prints JSON: seconds on the clock and of the processors for a blur and the whole detection by each source named, and by
how much the process grew in the first of these; with `--parts` also for the image's preparation, each evidence, and a
snap. It works with two threads.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
import psutil

from analysis.detection import DetectionParameters, Source
from analysis.learned import learned_evidence
from analysis.pipeline import detect
from analysis.preprocess import prepare_image
from analysis.ridges import ridge_evidence
from analysis.snapping import prepare, snap

UM_PER_PX = 5.525
THREADS = 2
BLUR_SIGMA_PX = 6.0
WARM_UP_PX = 200
CLICKS_PX = np.array([[1000.0, 750.0], [1150.0, 880.0]])
Times = tuple[float, float]


def timed(work: Callable[[], object], times: int = 1) -> Times:
    """The least seconds on the clock and of the processors that some work takes."""
    taken = []
    for _ in range(times):
        clock, processors = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - clock, time.process_time() - processors))
    return min(t[0] for t in taken), min(t[1] for t in taken)


def detection(image: np.ndarray, sources: list[Source]) -> dict[str, object]:
    """Times of a blur and of detection, and how much memory the first of these took."""
    plane = np.ascontiguousarray(image[..., 1], dtype=np.float32)
    for source in sources:  # what is loaded once is no part of an image's time or memory
        detect(image[:WARM_UP_PX, :WARM_UP_PX], UM_PER_PX, DetectionParameters(source=source))
    found: dict[str, object] = {"blur": timed(partial(cv2.GaussianBlur, plane, (0, 0), BLUR_SIGMA_PX), 5)}
    del plane
    # the peak of a process cannot be taken back: the first detection tells it
    before = psutil.Process().memory_info().rss
    for source in sources:
        found[f"detect {source}"] = timed(partial(detect, image, UM_PER_PX, DetectionParameters(source=source)))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        found.setdefault("bytes_per_px", (peak - before) / (image.size / 3))
    return found


def parts(image: np.ndarray) -> dict[str, object]:
    """Times of what comes before the decoder, and of a snap."""
    found: dict[str, object] = {"prepare": timed(partial(prepare_image, image, UM_PER_PX), 2)}
    prepared = prepare_image(image, UM_PER_PX)
    found["ridges"] = timed(partial(ridge_evidence, prepared), 2)
    found["network"] = timed(partial(learned_evidence, prepared), 2)
    guide = prepare(image, UM_PER_PX)
    found["snap"] = timed(partial(snap, guide, CLICKS_PX), 5)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("image")
    parser.add_argument("sources", nargs="+", type=Source)
    parser.add_argument("--parts", action="store_true")
    arguments = parser.parse_args()
    cv2.setNumThreads(THREADS)
    image = np.load(arguments.image)
    found = detection(image, arguments.sources)
    print(json.dumps(found | parts(image) if arguments.parts else found))


if __name__ == "__main__":
    main()
