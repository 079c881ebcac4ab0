"""Detection: accuracy, reliability of the confidence, and speed, each by the network and by filters alone.

The whole takes some twelve minutes on two cores; `TRICHODESK_BENCH_SHARE`, a number up to 1, takes so many of the
fields and phantoms.
"""

from tests.benchmarks import detection_accuracy, detection_reliability, detection_speed
from tests.benchmarks.figure import Figure
from tests.benchmarks.processes import pool


def figures() -> list[Figure]:
    """Speed first, while nothing else runs."""
    rows = detection_speed.figures()
    with pool() as processes:
        return detection_accuracy.figures(processes) + detection_reliability.figures(processes) + rows
