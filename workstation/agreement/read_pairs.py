"""Which reads of a study can be compared: of two readers, and of one reader who was shown an image twice."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from workstation.model.package import Start
from workstation.model.read import FINISHED, Read
from workstation.model.study import Study


class Started(StrEnum):
    """What the reads of a comparison began with. Reads that begin with one detection are not independent."""

    BLANK = "both blank"
    DETECTION = "both from the detection"
    MIXED = "one blank, one from the detection"


class Kind(StrEnum):
    """Who is compared with whom."""

    READERS = "two readers"
    EVERYBODY = "all readers"
    REPEATS = "the same reader twice"


@dataclass(frozen=True, slots=True)
class ReadPair:
    """Two reads of one image."""

    kind: Kind
    started: Started
    image_id: int
    subject: str
    first: Read
    second: Read


def start_of(study: Study, read: Read) -> Start:
    """What a read began with: that of its package, else whether it has a detection behind it."""
    package = study.packages.get(read.package)
    if package is not None:
        return package.start
    return Start.DETECTION if any(r.detection is not None for r in _behind(study, read)) else Start.BLANK


def compared_reads(study: Study, image_id: int, *, repeats: bool = False) -> dict[str, Read]:
    """The finished read of each reader of an image, by the reader's name.

    Neither third reads nor amendments of what was accepted: they were made in knowledge of others. Of several reads of
    one reader it is the latest, also where that came out of a work file in place of an earlier one.

    Args:
        study: the study.
        image_id: the image.
        repeats: the hidden repeats instead.
    """
    return {
        read.reader: read
        for read in study.reads_of(image_id)
        if read.review.state in FINISHED
        and read.adjudicates is None
        and not study.amends_decided(read)
        and bool(read.repeat) is repeats
    }


def read_pairs(study: Study) -> list[ReadPair]:
    """All pairs of reads that can be compared, by image; readers by their names, a repeat after its first read.

    Where one read was made from the other, they are none.
    """
    return [
        ReadPair(kind, started_of(study, first, second), image_id, study.visit_of(image_id).subject, first, second)
        for image_id in sorted(study.images)
        for kind, first, second in _pairs_of(study, image_id)
        if first not in _behind(study, second) and second not in _behind(study, first)
    ]


def started_of(study: Study, *reads: Read) -> Started:
    """What some reads began with."""
    starts = {start_of(study, read) for read in reads}
    if len(starts) > 1:
        return Started.MIXED
    return Started.BLANK if starts == {Start.BLANK} else Started.DETECTION


def left_out(study: Study) -> dict[str, int]:
    """How many reads of people are in no comparison, by the reason."""
    found: dict[str, int] = defaultdict(int)
    for read in study.reads.values():
        if not read.editable or read.adjudicates is not None or study.amends_decided(read):
            continue
        if read.review.state not in FINISHED:
            found["not submitted"] += 1
        elif compared_reads(study, read.image_id, repeats=bool(read.repeat)).get(read.reader) is not read:
            found["replaced by a later read of the same reader"] += 1
        elif read.repeat and read.reader not in compared_reads(study, read.image_id):
            found["a repeat without its first read"] += 1
    return dict(found)


def _pairs_of(study: Study, image_id: int) -> Iterator[tuple[Kind, Read, Read]]:
    first, again = (compared_reads(study, image_id, repeats=repeats) for repeats in (False, True))
    for one, other in combinations(sorted(first), 2):
        yield Kind.READERS, first[one], first[other]
    for reader in sorted(first.keys() & again.keys()):
        yield Kind.REPEATS, first[reader], again[reader]


def _behind(study: Study, read: Read) -> list[Read]:
    """The reads that a read was made from, itself not among them."""
    found: list[Read] = []
    while read.based_on is not None and read.based_on in study.reads and read.based_on < read.id:
        read = study.reads[read.based_on]
        found.append(read)
    return found
