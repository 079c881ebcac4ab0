"""Adjudication: a real case settled by a stated rule, simulated readers with known error, and speed."""

import time
from dataclasses import dataclass, replace
from types import MappingProxyType

import cv2
import numpy as np

from analysis.detection import Detection
from analysis.pipeline import detect
from tests.benchmarks.figure import Figure
from tests.benchmarks.measuring_data import FIELDS, shared
from tests.benchmarks.two_readers import two_readers
from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation.adjudication.difference import Difference
from workstation.adjudication.differences import compare_reads
from workstation.adjudication.third_read import adjudication_of
from workstation.adjudication.trigger import two_reads_of
from workstation.edits.adjudication import begin_third_read, settle
from workstation.model.field import Field
from workstation.model.patch import apply
from workstation.model.read import Read, ReadState
from workstation.model.settlement import About, Choice
from workstation.model.study import Study

SECTION = "Adjudication"
NOW = "2026-01-02T03:04:05Z"
REACH_PX = 18.1
"""100 µm at the fields' scale: a detected hair whose root or shaft is so near is the reader's."""
SIDE_PX, N_HAIRS, PER_UNIT = 4000, 2000, 2
MISSED, ADDED, MOVED_PX, WIDTH_SD_PX = 0.03, 0.02, 1.5, 0.3
"""Of a simulated reader: shares of hairs, and standard deviations."""


def figures() -> list[Figure]:
    """The real case, then simulated readers."""
    return [*_real_case(), *_simulated()]


@dataclass(frozen=True)
class Settled:
    """A third read and what making it took."""

    study: Study
    read: Read
    n: int
    seconds_each: float
    taken: dict[Choice, int]


def settle_all(study: Study, first: int, second: int, rule) -> Settled:
    """Settle everything by a rule that gives a choice for a difference."""
    study = apply(study, begun := begin_third_read(study, first, second, "Adjudicator", NOW))
    third = begun.changes[0].id
    spent, n, taken = 0.0, 0, dict.fromkeys(Choice, 0)
    while (difference := adjudication_of(study, study.reads[third]).after(None)) is not None:
        choice = rule(study, difference)
        began = time.perf_counter()
        study = apply(study, settle(study, study.reads[third], difference, choice))
        spent, n = spent + time.perf_counter() - began, n + 1
        taken[choice] += 1
    return Settled(study, study.reads[third], n, spent / max(n, 1), taken)


# --- the real case ------------------------------------------------------------------------------------------------


def by_evidence(found: Detection, first: Read, second: Read):
    """A rule: a hair stays if the detection has one there; units are grouped as more of its pairs of hairs are."""

    def rule(_study: Study, difference: Difference) -> Choice:
        if difference.about is About.HAIR:
            sides = [(Choice.FIRST, first, difference.first_ids), (Choice.SECOND, second, difference.second_ids)]
            seen = {
                choice: bool(ids) and all(_is_seen(found, read.hairs[i]) for i in ids) for choice, read, ids in sides
            }
            if not difference.second_ids:
                return Choice.FIRST if seen[Choice.FIRST] else Choice.SECOND
            if not difference.first_ids:
                return Choice.SECOND if seen[Choice.SECOND] else Choice.FIRST
            return Choice.SECOND if seen[Choice.SECOND] and not seen[Choice.FIRST] else Choice.FIRST
        return _nearer_grouping(found, first, second, difference)

    return rule


def _is_seen(found: Detection, hair) -> bool:
    roots = found.vertices_px[found.first_vertex]
    return bool((np.hypot(*(roots - hair.root_px).T) <= REACH_PX).any())


def _nearer_grouping(found: Detection, first: Read, second: Read, difference: Difference) -> Choice:
    """Of the hairs in question, whose pairs in one unit are more often those of the detection; the first's if equal."""
    hairs = [h for h in first.hairs.values() if h.unit_id in difference.first_ids]
    partner = {h.id: _nearest(second, h.root_px) for h in hairs}
    detected = {h.id: _unit_at(found, h.root_px) for h in hairs}
    score = {Choice.FIRST: 0, Choice.SECOND: 0}
    for k, a in enumerate(hairs):
        for b in hairs[k + 1 :]:
            truth = detected[a.id] == detected[b.id]
            score[Choice.FIRST] += (a.unit_id == b.unit_id) == truth
            score[Choice.SECOND] += (partner[a.id].unit_id == partner[b.id].unit_id) == truth
    return Choice.SECOND if score[Choice.SECOND] > score[Choice.FIRST] else Choice.FIRST


def _nearest(read: Read, root_px):
    return min(read.hairs.values(), key=lambda h: float(np.hypot(*(h.root_px - root_px))))


def _unit_at(found: Detection, root_px) -> int:
    roots = found.vertices_px[found.first_vertex]
    return int(found.unit[np.argmin(np.hypot(*(roots - root_px).T))])


def _real_case() -> list[Figure]:
    study = two_readers()
    if study is None:
        return [Figure(SECTION, "two real fields annotated twice", None, "", note="../shared/realdata is not there")]
    rows = []
    for image in study.images.values():
        first, second = study.reads_of(image.id)
        name = image.path.removesuffix(".jpg").partition("_")[2]
        (pair,) = two_reads_of(study, image.id)
        comparison = compare_reads(study, first, second)
        kinds = ", ".join(f"{kind.value} {n}" for kind, n in comparison.counts().items() if n)
        pixels = cv2.cvtColor(cv2.imread(str(shared() / FIELDS / image.path)), cv2.COLOR_BGR2RGB)
        assert image.calibration is not None
        found = detect(pixels, image.calibration.um_per_px)
        done = settle_all(study, first.id, second.id, by_evidence(found, first, second))
        f1 = [compare_reads(done.study, done.read, read).f1 for read in (first, second)]
        chosen = ", ".join(f"{choice.value} {n}" for choice, n in done.taken.items() if n)
        hairs, units = f"{pair.hairs[0]} and {pair.hairs[1]} hairs", f"units {pair.units_percent:.1f} %"
        rows += [
            Figure(SECTION, f"{name}: F1 of the two readers", comparison.f1, "", note=hairs),
            Figure(SECTION, f"{name}: counts apart, hairs", pair.hairs_percent, "%", note=units),
            Figure(SECTION, f"{name}: differences", len(comparison.differences), "", note=kinds),
            Figure(SECTION, f"{name}: settled by the detection's evidence", done.n, "", note=chosen),
            Figure(SECTION, f"{name}: hairs of the third read", len(done.read.hairs), ""),
            Figure(SECTION, f"{name}: F1 of the third read with the first", f1[0], ""),
            Figure(SECTION, f"{name}: F1 of the third read with the second", f1[1], ""),
        ]  # fmt: skip
    return rows


# --- simulated readers --------------------------------------------------------------------------------------------


def simulated(seed: int = 0) -> tuple[Study, np.ndarray]:
    """Two readers of 2,000 hairs, each with known error; and the true roots, (N, 2)."""
    rng = np.random.default_rng(seed)
    step = SIDE_PX / np.sqrt(N_HAIRS / PER_UNIT)
    grid = np.stack(np.meshgrid(*2 * [np.arange(step / 2, SIDE_PX - 80, step)]), -1).reshape(-1, 2)
    roots = np.repeat(grid, PER_UNIT, axis=0)[:N_HAIRS] + np.tile([[0, 0], [12, 0]], (len(grid), 1))[:N_HAIRS]
    ways = rng.normal([10, 55], [12, 6], (len(roots), 2))
    widths = np.clip(rng.normal(60, 15, len(roots)), 12, None) / 5.5
    reads = []
    for read_id, reader in ((1, "Ada"), (2, "Bo")):
        seen = np.flatnonzero(rng.random(len(roots)) >= MISSED)
        at = roots + rng.normal(0, MOVED_PX, roots.shape)
        wide = widths + rng.normal(0, WIDTH_SD_PX, len(roots))
        hairs = [
            make_hair(int(i) + 1, 10_000 + int(i) // PER_UNIT, [at[i], at[i] + ways[i]], float(wide[i])) for i in seen
        ]
        extra = rng.uniform(50, SIDE_PX - 100, (round(ADDED * len(roots)), 2))
        hairs += [make_hair(20_000 + k, 30_000 + k, [p, p + np.array([40, 20])]) for k, p in enumerate(extra)]
        whole = Field.whole_image(SIDE_PX, SIDE_PX)
        reads.append(make_read(hairs, id_=read_id, reader=reader, state=ReadState.SUBMITTED, field=whole))
    image = replace(make_image(), width_px=SIDE_PX, height_px=SIDE_PX)
    scale = replace(image.calibration, um_per_px=5.5)
    return replace(make_study(reads, [replace(image, calibration=scale)])), roots


def _simulated() -> list[Figure]:
    study, roots = simulated()
    first, second = study.reads[1], study.reads[2]
    compare_reads(study, second, first)  # everything is imported
    began = time.perf_counter()
    comparison = compare_reads(study, first, second)
    compared_s = time.perf_counter() - began
    began = time.perf_counter()
    begin_third_read(study, 1, 2, "Adjudicator", NOW)
    begun_s = time.perf_counter() - began

    def by_truth(_study: Study, difference: Difference) -> Choice:
        if difference.about is not About.HAIR or (difference.first_ids and difference.second_ids):
            return Choice.FIRST
        is_there = bool((np.hypot(*(roots - difference.place_px).T) <= REACH_PX).any())
        return Choice.BOTH if is_there else Choice.NEITHER

    fewer = replace(study, reads=MappingProxyType(dict(study.reads)))
    done = settle_all(fewer, 1, 2, by_truth)
    kinds = ", ".join(f"{kind.value} {n}" for kind, n in comparison.counts().items() if n)
    f1, there = f"F1 {comparison.f1:.3f}", f"{len(roots)} are there"
    return [
        Figure(SECTION, "2,000 hairs each: comparing two reads", 1e3 * compared_s, "ms", "< 300", kinds),
        Figure(SECTION, "2,000 hairs each: differences", len(comparison.differences), "", note=f1),
        Figure(SECTION, "2,000 hairs each: beginning a third read", 1e3 * begun_s, "ms"),
        Figure(SECTION, "2,000 hairs each: settling one difference", 1e3 * done.seconds_each, "ms", "< 50",
               f"mean of {done.n}"),
        Figure(SECTION, "2,000 hairs each: hairs of the third read", len(done.read.hairs), "", note=there),
    ]  # fmt: skip
