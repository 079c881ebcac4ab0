"""The agreement of a study's readers: every endpoint, hairs and units, classes and drift."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from itertools import groupby

import numpy as np

from analysis.agreement.bland_altman import bland_altman
from analysis.agreement.drift import drift
from analysis.agreement.icc import icc_2_1
from analysis.agreement.repeatability import repeatability
from analysis.measures import ENDPOINTS
from analysis.progress import Report, silent
from workstation.agreement.objects import object_agreement
from workstation.agreement.read_pairs import Kind, ReadPair, Started, compared_reads, left_out, read_pairs, started_of
from workstation.agreement.results import Agreement, Comparison, OutcomeAgreement, Point
from workstation.agreement.times import Times, times_of
from workstation.counting import counted
from workstation.endpoints import endpoints_of
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.trial.outcomes import LABELS
from workstation.trial.results import Outcome

DRIFT_PLACES, DRIFT_DAYS = 10.0, 30.0
"""A drift is told for so many reads, or days."""
COUNT_LABELS = {
    "hair_count": "hairs",
    "fu_count": "follicular units",
    "vellus_count": "vellus hairs",
    "intermediate_count": "intermediate hairs",
    "terminal_count": "terminal hairs",
    "field_cm2": "field area",
}
NO_PAIR = "No image has finished reads by two readers, nor a hidden repeat: reads are compared once they are submitted."
UNIT = (
    "The unit is the image, nested in subjects: intervals take into account that images of one subject are alike. "
    "Hairs are no replicates."
)
DEPENDENT = (
    "Reads that begin with the same detection are not independent: what it missed or invented, both readers are led "
    "to. Their agreement stands apart and is as a rule higher than that of blank reads."
)


@cache
def agreement_outcomes() -> tuple[Outcome, ...]:
    """What is compared: every endpoint in a physical unit, counts and the field's area among them.

    Two reads of one image can be compared in more than two visits can: the field of view is the same.
    """
    labels = LABELS | COUNT_LABELS
    return tuple(
        Outcome(each.name, labels[each.name], each.unit, each.digits, each.description)
        for each in ENDPOINTS
        if each.name in labels
    )


def agreement_of(study: Study, progress: Report = silent) -> Agreement:
    """Compare the readers of a study.

    Args:
        study: the study.
        progress: told of every comparison; may cancel.
    """
    pairs, times = read_pairs(study), times_of(study)
    by_key: dict[tuple[Kind, Started, tuple[str, ...]], list[ReadPair]] = defaultdict(list)
    for pair in pairs:
        for key in _keys_of(pair):
            by_key[key].append(pair)
    repeats = [key for key in by_key if key[0] is Kind.REPEATS]
    for started, keys in groupby(sorted(repeats, key=_order), key=lambda key: key[1]):
        if len(list(keys)) == 2:  # all readers together, and the only one of them
            del by_key[(Kind.REPEATS, started, ())]
    tables = _tables_of_everybody(study)
    comparisons = []
    for done, key in enumerate(sorted(by_key, key=_order)):
        share = partial(_of_one, progress, done, len(by_key) + len(tables))
        share(0.0)
        comparisons.append(_compared(study, key, by_key[key], times, share))
    comparisons += [_everybody(study, started, reads) for started, reads in tables.items()]
    comparisons.sort(key=lambda comparison: _order(comparison.key))
    return Agreement(tuple(comparisons), _warnings(study, comparisons), UNIT, "" if comparisons else NO_PAIR)


def _of_one(progress: Report, done: int, of: int, share: float) -> None:
    progress("comparing readers", (done + share) / of)


def _keys_of(pair: ReadPair) -> tuple[tuple[Kind, Started, tuple[str, ...]], ...]:
    """The comparisons that a pair is in: a repeat is in its reader's, and in that of all readers together."""
    if pair.kind is Kind.READERS:
        return ((pair.kind, pair.started, (pair.first.reader, pair.second.reader)),)
    return (pair.kind, pair.started, (pair.first.reader,)), (pair.kind, pair.started, ())


def _order(key: tuple[Kind, Started, tuple[str, ...]]) -> tuple[int, int, tuple[str, ...]]:
    return list(Kind).index(key[0]), list(Started).index(key[1]), key[2]


def _compared(
    study: Study,
    key: tuple[Kind, Started, tuple[str, ...]],
    pairs: Sequence[ReadPair],
    times: Times,
    progress: Callable[[float], None],
) -> Comparison:
    kind, started, readers = key
    subjects = [pair.subject for pair in pairs]
    both = [(endpoints_of(study, p.first).as_dict(), endpoints_of(study, p.second).as_dict()) for p in pairs]
    stamps = [times.of(pair.first, pair.second) for pair in pairs]
    outcomes = []
    for outcome in agreement_outcomes():
        values = np.array([[first[outcome.name], second[outcome.name]] for first, second in both], dtype=np.float64)
        points = tuple(
            Point(pair.image_id, pair.subject, pair.first.id, first, second, place, day)
            for pair, (first, second), (place, day) in zip(pairs, values.tolist(), stamps, strict=True)
            if not (np.isnan(first) or np.isnan(second))
        )
        outcomes.append(_outcome(outcome, values, subjects, points))
    return Comparison(
        kind,
        started,
        readers,
        len(pairs),
        len(set(subjects)),
        tuple(outcomes),
        object_agreement(study, pairs, progress),
    )


def _outcome(
    outcome: Outcome, values: np.ndarray, subjects: Sequence[str], points: tuple[Point, ...]
) -> OutcomeAgreement:
    differences = [point.difference for point in points]
    return OutcomeAgreement(
        outcome,
        icc_2_1(values, subjects),
        repeatability(values),
        bland_altman(values[:, 0], values[:, 1], subjects),
        drift(differences, [p.place for p in points], per=DRIFT_PLACES, along="in the order of reading"),
        drift(differences, [p.day for p in points], per=DRIFT_DAYS, along="in the days of reading"),
        points,
    )


def _tables_of_everybody(study: Study) -> Mapping[Started, list[Sequence[Read]]]:
    """The images that all readers have read, where there are more than two, by what those reads began with."""
    reads = {image_id: compared_reads(study, image_id) for image_id in sorted(study.images)}
    readers = sorted({reader for of_image in reads.values() for reader in of_image})
    found: dict[Started, list[Sequence[Read]]] = defaultdict(list)
    if len(readers) > 2:
        for of_image in reads.values():
            if len(of_image) == len(readers):
                row = [of_image[reader] for reader in readers]
                found[started_of(study, *row)].append(row)
    return found


def _everybody(study: Study, started: Started, rows: list[Sequence[Read]]) -> Comparison:
    """Of more than two readers: ICC and spread alone."""
    subjects = [study.visit_of(row[0].image_id).subject for row in rows]
    measured = [[endpoints_of(study, read).as_dict() for read in row] for row in rows]
    outcomes = []
    for outcome in agreement_outcomes():
        values = np.array([[each[outcome.name] for each in row] for row in measured], dtype=np.float64)
        icc, spread = icc_2_1(values, subjects), repeatability(values)
        outcomes.append(OutcomeAgreement(outcome, icc, spread, None, None, None, ()))
    readers = tuple(read.reader for read in rows[0])
    return Comparison(Kind.EVERYBODY, started, readers, len(rows), len(set(subjects)), tuple(outcomes), None)


def _warnings(study: Study, comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    found = []
    if any(comparison.started is not Started.BLANK for comparison in comparisons):
        found.append(DEPENDENT)
    if comparisons and not any(comparison.kind is Kind.REPEATS for comparison in comparisons):
        found.append("There are no hidden repeats, so a reader's own repeatability is not known.")
    unscaled = sum(image.calibration is None for image in study.images.values())
    if comparisons and unscaled:
        found.append(f"{counted(unscaled, 'image')} without a scale: of these, counts and shares alone are compared.")
    found += [f"Left out: {counted(n, 'read')} {reason}." for reason, n in left_out(study).items()]
    corrected = sum(read.review.n_submitted > 1 for read in study.reads.values() if read.adjudicates is None)
    if comparisons and corrected:
        found.append(
            f"{counted(corrected, 'read')} submitted more than once: what was corrected after remarks agrees better "
            "than what the reader saw alone."
        )
    return tuple(found)
