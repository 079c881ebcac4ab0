"""Which images two readers read so differently that a third read is needed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from workstation.endpoints import counted_hairs, units_of
from workstation.model.read import DETECTOR, FINISHED, Read
from workstation.model.study import Study


@dataclass(frozen=True, slots=True)
class TwoReads:
    """Two readers' finished reads of one image, and how far their counts are apart."""

    image_id: int
    first_id: int
    """The older read."""
    second_id: int
    hairs: tuple[int, int]
    """Counted in each."""
    units: tuple[int, int]
    third_id: int | None
    """The read that settles them; None where none was begun."""
    is_finished: bool
    """That read is submitted, or further; also where another third read of the image is."""
    limit_percent: float
    """Of the study's rules."""

    @property
    def hairs_percent(self) -> float:
        """The counts' difference in percent of their mean; 0 where both are."""
        return percent_apart(*self.hairs)

    @property
    def units_percent(self) -> float:
        """The same of units."""
        return percent_apart(*self.units)

    @property
    def percent(self) -> float:
        """The larger of the two."""
        return max(self.hairs_percent, self.units_percent)

    @property
    def is_due(self) -> bool:
        """Whether the study's rules ask for a third read that is not there yet, or not finished."""
        return self.percent > self.limit_percent and not self.is_finished


def needs_adjudication(study: Study) -> tuple[TwoReads, ...]:
    """The images that need a third read, the largest difference first: of each the two reads farthest apart."""
    found: dict[int, TwoReads] = {}
    for pair in two_reads(study):
        if pair.is_due and (pair.image_id not in found or pair.percent > found[pair.image_id].percent):
            found[pair.image_id] = pair
    return tuple(sorted(found.values(), key=lambda pair: (-pair.percent, pair.image_id)))


def two_reads(study: Study) -> Iterator[TwoReads]:
    """Every two readers' finished reads of one image, whether they differ or not, by image."""
    for image_id in sorted(study.images):
        yield from two_reads_of(study, image_id)


def two_reads_of(study: Study, image_id: int) -> Iterator[TwoReads]:
    """The same of one image. Where a read was amended, its amendment stands for it, whoever made that."""
    reads = study.reads_of(image_id)
    finished = any(read.adjudicates is not None and _is_done(read) for read in reads)
    amended = study.amended_reads(image_id)
    for first, second in combinations(_of_each_reader([read for read in reads if read.id not in amended]), 2):
        settles = [r for r in reads if r.adjudicates is not None and set(r.adjudicates) == {first.id, second.id}]
        here, there = counts_of(first), counts_of(second)
        yield TwoReads(
            image_id=image_id,
            first_id=first.id,
            second_id=second.id,
            hairs=(here[0], there[0]),
            units=(here[1], there[1]),
            third_id=settles[-1].id if settles else None,
            is_finished=finished,
            limit_percent=study.reading.adjudicate_above_percent,
        )


def counts_of(read: Read) -> tuple[int, int]:
    """Hairs and units that a read counts on its own field; kept with it."""
    known: tuple[int, int] | None = read.remembered.get("counts")
    if known is None:
        known = sum(counted_hairs(read).values()), int(units_of(read)[1].sum())
        read.remembered["counts"] = known
    return known


def percent_apart(a: int, b: int) -> float:
    """How far two counts are apart, in percent of their mean; 0 where both are 0."""
    return 200 * abs(a - b) / (a + b) if a + b else 0.0


def _of_each_reader(reads: Sequence[Read]) -> list[Read]:
    """The latest finished read of each reader, in the order in which they were begun; no third reads, no repeats."""
    latest: dict[str, Read] = {}
    for read in reads:
        if _is_done(read) and read.adjudicates is None and not read.repeat and read.reader != DETECTOR:
            latest[read.reader] = read
    return sorted(latest.values(), key=lambda read: read.id)


def _is_done(read: Read) -> bool:
    return read.review.state in FINISHED and not read.repeat
