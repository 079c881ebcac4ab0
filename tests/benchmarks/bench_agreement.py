"""Agreement of readers: a real case of two readers, and how often the intervals hold on reads made of numbers.

The reads that are made have a known error: of a reader, of a reader in one subject, and of each reading. For each
statistic it is counted how often its 95 % interval holds the true value, with every image of another subject and with
several images of each; and how often the one would that takes images, or hairs, for independent.
"""

import math
import time
from collections.abc import Callable

import numpy as np

from analysis.agreement.bland_altman import LIMIT_Z, bland_altman
from analysis.agreement.icc import icc_2_1
from analysis.agreement.kappa import Weights, kappa
from analysis.agreement.objects import Objects, match_objects
from analysis.agreement.repeatability import repeatability
from analysis.agreement.share import share_of
from tests.benchmarks.figure import Figure
from tests.benchmarks.measuring_data import FIELDS, shared
from tests.benchmarks.two_readers import two_readers
from tests.workstation.reader_study import read_trial
from workstation.agreement.comparing import agreement_of

SECTION = "Agreement of readers"
N_SIMULATIONS, N_OF_HAIRS = 4000, 1500
BETWEEN_SD, VISIT_SD = 28.0, 12.0
"""Hairs per cm² between subjects, and between the images of one."""
READER_SD, OWN_SD, ERROR_SD = 4.0, 3.0, 7.0
"""A reader's shift, what a reader sees differently in one subject, and the error of each reading."""
SHIFT = 5.0
"""Between the two readers of the limits of agreement."""
DESIGNS = {"40 subjects, 1 image each": (40, 1), "10 subjects, 6 images each": (10, 6)}
HAIRS, CUTS_UM = 100, (30.0, 60.0)
GOAL, RAW = "93–97", "images taken for independent"
Shares = dict[str, list[float]]


def figures() -> list[Figure]:
    """The real case, coverage, speed."""
    rows = _real_case()
    for name, (n_subjects, n_images) in DESIGNS.items():
        for k in (2, 5):
            rows += _icc(name, n_subjects, n_images, k)
        rows += _two_readings(name, n_subjects, n_images)
        rows += _hairs(name, n_subjects, n_images)
    return [*rows, *_speed()]


def _real_case() -> list[Figure]:
    """Two fields that were annotated twice."""
    study = two_readers()
    if study is None:
        return [Figure(SECTION, "two readers of real fields", None, "", note=f"{shared() / FIELDS} is not there")]
    objects = agreement_of(study).comparisons[0].objects
    assert objects is not None
    rows = []
    for image in objects.images:
        of = f"real field {image.subject}"
        counts = f"{image.first_hairs} and {image.second_hairs} hairs, {image.shared_hairs} in both"
        rows += [
            Figure(SECTION, f"{of}: hair F1 of two readers", image.hair_f1, "", note=counts),
            Figure(SECTION, f"{of}: unit F1", image.unit_f1, ""),
            Figure(SECTION, f"{of}: difference of counts", image.count_difference_percent, "%"),
            Figure(SECTION, f"{of}: roots apart, median", image.root_distance_um, "µm"),
        ]
    return [
        *rows,
        Figure(SECTION, "both real fields: hair F1", objects.hair_f1.value, ""),
        Figure(SECTION, "both real fields: unit F1", objects.unit_f1.value, ""),
        Figure(SECTION, "both real fields: 95 of 100 roots within", objects.root_distance_um_95, "µm"),
    ]


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


def _icc(name: str, n_subjects: int, n_images: int, k: int) -> list[Figure]:
    rng, held = np.random.default_rng(2026), Shares()
    for _ in range(N_SIMULATIONS):
        table, subject = reads(rng, n_subjects, n_images, k)
        found, raw = icc_2_1(table, subject), icc_2_1(table)
        _note(held, value=found.value, own=_holds(found, true_icc()), raw=_holds(raw, true_icc()))
    of = f"{name}, {k} readers: ICC(2,1)"
    mean = 100 * float(np.mean(held["value"])), f"true: {100 * true_icc():.1f}"
    return [Figure(SECTION, f"{of}, mean", mean[0], "%", note=mean[1]), *_coverage(of, held, "own", "raw", n_images)]


def _two_readings(name: str, n_subjects: int, n_images: int) -> list[Figure]:
    """Limits of agreement of two readers, one of whom counts more; repeatability of one."""
    rng, held = np.random.default_rng(2027), Shares()
    error = math.hypot(OWN_SD, ERROR_SD)
    ends = {s: SHIFT + s * LIMIT_Z * math.sqrt(2) * error for s in (-1, 1)}
    for _ in range(N_SIMULATIONS):
        table, subject = reads(rng, n_subjects, n_images, 2, np.array([0.0, SHIFT]))
        found, raw = bland_altman(*table.T, subject), bland_altman(*table.T)
        spread = repeatability(reads(rng, n_subjects, n_images, 2, np.zeros(2))[0])
        _note(
            held,
            mean=found.mean_low <= SHIFT <= found.mean_high,
            mean_raw=raw.mean_low <= SHIFT <= raw.mean_high,
            lower=found.lower_low <= ends[-1] <= found.lower_high,
            lower_raw=raw.lower_low <= ends[-1] <= raw.lower_high,
            upper=found.upper_low <= ends[1] <= found.upper_high,
            upper_raw=raw.upper_low <= ends[1] <= raw.upper_high,
            slope=found.slope_low <= 0 <= found.slope_high,
            slope_raw=raw.slope_low <= 0 <= raw.slope_high,
            sd=spread.sd_low <= error <= spread.sd_high,
        )
    rows = []
    for part, said in (
        ("mean", "mean difference"),
        ("lower", "lower limit of agreement"),
        ("upper", "upper limit"),
        ("slope", "slope of the difference on the mean"),
    ):
        rows += _coverage(f"{name}: {said}", held, part, f"{part}_raw", n_images)
    return [*rows, *_coverage(f"{name}: SD within an image, by repeats", held, "sd", "sd", 1)]


def _hairs(name: str, n_subjects: int, n_images: int) -> list[Figure]:
    """Class kappa and F1, with readers who differ more in one subject than in another."""
    rng, held = np.random.default_rng(2028), Shares()
    many = _classed(rng, 40_000, 1)
    true_kappa = kappa(many[0], many[1], 3, Weights.LINEAR).value
    shared_, both = _found(rng, 400_000, 1)[:2]
    true_f1 = float(2 * shared_.sum() / both.sum())
    for _ in range(N_OF_HAIRS):
        first, second, subject = _classed(rng, n_subjects, n_images)
        own = kappa(first, second, 3, Weights.LINEAR, subject)
        raw = kappa(first, second, 3, Weights.LINEAR)
        n_shared, n_both, of_image = _found(rng, n_subjects, n_images)
        f1, f1_raw = share_of(2 * n_shared, n_both, of_image), share_of(2 * n_shared, n_both)
        _note(
            held,
            kappa=_holds(own, true_kappa),
            kappa_raw=_holds(raw, true_kappa),
            f1=_holds(f1, true_f1),
            f1_raw=_holds(f1_raw, true_f1),
        )
    kappas = _coverage(
        f"{name}: class kappa, weighted, {true_kappa:.2f}", held, "kappa", "kappa_raw", 2, "hairs taken for independent"
    )
    return [*kappas, *_coverage(f"{name}: hair F1, {true_f1:.2f}", held, "f1", "f1_raw", n_images)]


def _classed(rng: np.random.Generator, n_subjects: int, n_images: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Classes of hairs by two readers, and the subject of each hair."""
    subject = np.repeat(np.arange(n_subjects), n_images * HAIRS)
    width = rng.normal(55, 8, n_subjects)[subject] + rng.normal(0, 15, subject.size)
    drawn = width + rng.normal(0, 3, (2, n_subjects))[:, subject] + rng.normal(0, 4, (2, subject.size))
    first, second = np.digitize(drawn, CUTS_UM)
    return first, second, subject


def _found(rng: np.random.Generator, n_subjects: int, n_images: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hairs that both readers have and the sum of both, of each image, and its subject; fine hair is missed more."""
    subject = np.repeat(np.arange(n_subjects), n_images)
    missed = rng.beta(2, 30, n_subjects)[subject]
    seen = rng.random((2, subject.size, HAIRS)) >= missed[:, None]
    return seen.all(axis=0).sum(axis=1), seen.sum(axis=(0, 2)), subject


def _holds(found: object, truth: float) -> bool:
    return bool(found.ci_low <= truth <= found.ci_high)  # type: ignore[attr-defined]


def _note(held: Shares, **numbers: float) -> None:
    for name, number in numbers.items():
        held.setdefault(name, []).append(float(number))


def _coverage(of: str, held: Shares, own: str, raw: str, n_images: int, why: str = RAW) -> list[Figure]:
    """How often an interval holds, and where units are nested, how often the one would that knows nothing of it."""
    note = f"{len(held[own]):,} times"
    if n_images > 1:
        note += f"; {why}: {100 * np.mean(held[raw]):.1f} %"
    return [Figure(SECTION, f"{of}: 95 % interval holds", 100 * float(np.mean(held[own])), "%", GOAL, note)]


def _speed() -> list[Figure]:
    rng = np.random.default_rng(1)
    places, turned = rng.uniform(0, 2000, (2000, 2)), rng.normal(size=(2000, 2))
    first, second = (Objects(places + rng.normal(0, 2, places.shape), turned) for _ in range(2))
    seconds = _least(lambda: match_objects(first, second, 18.0), 5)
    rows = [Figure(SECTION, "pairing 2 × 2,000 hairs", 1000 * seconds, "ms", "≤ 100")]
    study = read_trial(n_subjects=10, n_images=6, repeats=12)
    started = time.perf_counter()
    agreement_of(study)
    seconds = time.perf_counter() - started
    return [*rows, Figure(SECTION, "comparing readers of 60 images, 12 of them twice", seconds, "s", "≤ 5")]


def _least(action: Callable[[], object], times: int) -> float:
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


if __name__ == "__main__":
    for figure in figures():
        print(figure.name, "|", figure.value, figure.unit, "|", figure.goal, "|", figure.note)
