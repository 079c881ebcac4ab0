"""How long synthetic fields take to draw, on one core."""

import time

import cv2

from analysis.synthetic import large_pair, make_phantom, phantom
from analysis.synthetic.cases import case_spec
from tests.benchmarks.figure import Figure

SECTION = "synthetic fields"


def _seconds(case: str, size_px: tuple[int, int], um_per_px: float = 5.525) -> tuple[float, int]:
    start = time.perf_counter()
    made = phantom(case, 1, size_px=size_px, um_per_px=um_per_px)
    return time.perf_counter() - start, len(made.truth.hairs)


def figures() -> list[Figure]:
    """Seconds to draw fields of several sizes with OpenCV on one thread."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        make_phantom(case_spec("dark", size_px=(64, 64)), 0)
        rows = []
        for name, case, size in (
            ("clipped, 1.3 MP", "dark", (1280, 1024)),
            ("long and dense, 1.3 MP", "long_dense", (1280, 1024)),
            ("clipped, 12 MP", "dark", (4000, 3000)),
        ):
            seconds, hairs = _seconds(case, size)
            goal = "≤ 2 s" if case == "dark" and size[0] == 1280 else ""
            rows.append(Figure(SECTION, name, round(seconds, 2), "s", goal, f"{hairs} hairs"))
        start = time.perf_counter()
        first, later = large_pair(1)
        hairs = len(first.truth.hairs) + len(later.phantom.truth.hairs)
        rows.append(
            Figure(SECTION, "pair of 12 MP", round(time.perf_counter() - start, 1), "s", note=f"{hairs} hairs in all")
        )
        return rows
    finally:
        cv2.setNumThreads(threads)
