"""Agreement of readers: a real case of two readers, and how often the intervals hold on reads made of numbers.

The reads that are made have a known error: between readers, between subjects, and of each reading. For each statistic
it is counted how often its 95 % interval holds the true value, with every image of another subject and with several
images of each.
"""

import math

import numpy as np

from analysis.agreement.bland_altman import LIMIT_Z, bland_altman
from analysis.agreement.icc import icc_2_1
from analysis.agreement.repeatability import repeatability
from tests.benchmarks.figure import Figure

SECTION = "Agreement of readers"
N_SIMULATIONS = 4000
BETWEEN_SD, VISIT_SD = 28.0, 12.0
"""Hairs per cm² between subjects, and between the images of one."""
READER_SD, OWN_SD, ERROR_SD = 4.0, 3.0, 7.0
"""A reader's shift, what a reader sees differently in one subject, and the error of each reading."""
DESIGNS = {"40 subjects, 1 image each": (40, 1), "10 subjects, 6 images each": (10, 6)}


def figures() -> list[Figure]:
    """The real case, coverage, speed."""
    rows = []
    for name, (n_subjects, n_images) in DESIGNS.items():
        for k in (2, 5):
            rows += _coverage(name, n_subjects, n_images, k)
        rows += _class_coverage(name, n_subjects, n_images)
    return [*rows, *_speed()]


def reads(
    rng: np.random.Generator, n_subjects: int, n_images: int, k: int, shifts: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Values (images, readers) with a known error, and the subject of each image.

    Args:
        rng: gives all that is random.
        n_subjects: how many.
        n_images: of each.
        k: readers.
        shifts: (k,) of the readers; None: drawn anew.
    """
    subject = np.repeat(np.arange(n_subjects), n_images)
    true = 143 + rng.normal(0, BETWEEN_SD, n_subjects)[subject] + rng.normal(0, VISIT_SD, subject.size)
    readers = rng.normal(0, READER_SD, k) if shifts is None else shifts
    own = rng.normal(0, OWN_SD, (n_subjects, k))[subject]
    return true[:, None] + readers + own + rng.normal(0, ERROR_SD, (subject.size, k)), subject


def true_icc() -> float:
    """What one reader's value of one image shares with another's."""
    between = BETWEEN_SD**2 + VISIT_SD**2
    return between / (between + READER_SD**2 + OWN_SD**2 + ERROR_SD**2)


def _coverage(name: str, n_subjects: int, n_images: int, k: int) -> list[Figure]:
    """How often intervals hold the truth."""
    rng = np.random.default_rng(2026)
    shift, error = 5.0, math.hypot(OWN_SD, ERROR_SD)
    sd = math.sqrt(2) * error
    held: dict[str, list[float]] = {}
    for _ in range(N_SIMULATIONS):
        table, subject = reads(rng, n_subjects, n_images, k)
        icc = icc_2_1(table, subject)
        one = {"ICC(2,1)": icc.ci_low <= true_icc() <= icc.ci_high, "ICC as found": icc.value}
        one["ICC width"] = icc.ci_high - icc.ci_low
        if k == 2:
            table, subject = reads(rng, n_subjects, n_images, 2, np.array([0.0, shift]))
            found = bland_altman(*table.T, subject)
            one["mean difference"] = found.mean_low <= shift <= found.mean_high
            one["lower limit"] = found.lower_low <= shift - LIMIT_Z * sd <= found.lower_high
            one["upper limit"] = found.upper_low <= shift + LIMIT_Z * sd <= found.upper_high
            one["slope"] = found.slope_low <= 0 <= found.slope_high
            again = reads(rng, n_subjects, n_images, 2, np.zeros(2))[0]
            spread = repeatability(again)
            one["repeatability"] = spread.sd_low <= error <= spread.sd_high
        for of, value in one.items():
            held.setdefault(of, []).append(value)
    print(name, k, {of: round(float(np.mean(v)), 4) for of, v in held.items()}, true_icc())
    return []


def _class_coverage(name: str, n_subjects: int, n_images: int) -> list[Figure]:
    return []


def _speed() -> list[Figure]:
    return []


if __name__ == "__main__":
    figures()
