"""How far the figures can be trusted: what was reviewed, what was changed by hand, how the registration came out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.registration.result import Verdict
from workstation.counting import counted
from workstation.model.hair import Origin, Status
from workstation.model.read import Read, ReadState
from workstation.model.study import Study
from workstation.quality.edits_made import detection_of
from workstation.report.document import Block, Column, Facts, Heading, Row, RowKind, Table
from workstation.report.material import Material
from workstation.report.signatures import signatures_fact
from workstation.report.third_reads import third_reads
from workstation.reviewing import is_doubtful
from workstation.trial.wording import NO_VALUE, number


@dataclass(frozen=True, slots=True)
class Work:
    """What was done by hand in some reads."""

    reads: int = 0
    hairs: int = 0
    """Of the reads in use, rejected ones included."""
    judged: int = 0
    """Accepted, rejected, changed or added by a reader."""
    added: int = 0
    changed: int = 0
    rejected: int = 0
    deleted: int = 0
    """Of the detection, no longer there."""
    doubtful: int = 0

    def __add__(self, other: "Work") -> "Work":
        """Of both."""
        mine, theirs = _counts(self), _counts(other)
        return Work(*(a + b for a, b in zip(mine, theirs, strict=True)))


def work_in(study: Study, read: Read, doubtful_below: float) -> Work:
    """What was done by hand in one read, next to the detection that it began with."""
    hairs = read.hairs.values()
    source = detection_of(study, read)
    return Work(
        reads=1,
        hairs=len(read.hairs),
        judged=sum(h.status is not Status.UNREVIEWED or h.origin is not Origin.DETECTED for h in hairs),
        added=sum(h.origin is Origin.ADDED for h in hairs),
        changed=sum(h.origin is Origin.EDITED for h in hairs),
        rejected=sum(h.status is Status.REJECTED for h in hairs),
        deleted=0 if source is None else sum(hair_id not in read.hairs for hair_id in source.hairs),
        doubtful=sum(is_doubtful(h, doubtful_below) for h in hairs),
    )


def quality(material: Material) -> list[Block]:
    """The chapter."""
    blocks: list[Block] = [Heading("Quality")]
    if material.reads:
        blocks.append(_readers(material))
        blocks += third_reads(material)
    if facts := (*_registrations(material), *_stamps(material)):
        blocks += [Heading("Registration and time", 2), Facts(facts)]
    return blocks


def _readers(material: Material) -> Table:
    by_reader: dict[str, Work] = {}
    states: dict[str, Counter[ReadState]] = {}
    for read in material.reads.values():
        by_reader[read.reader] = by_reader.get(read.reader, Work()) + work_in(
            material.study, read, material.doubtful_below
        )
        states.setdefault(read.reader, Counter())[read.review.state] += 1
    rows = [_work_row(reader, states[reader], by_reader[reader]) for reader in sorted(by_reader)]
    if len(rows) > 1:
        every = sum(states.values(), Counter[ReadState]())
        rows.append(_work_row("all", every, sum(by_reader.values(), Work()), RowKind.STRONG))
    columns = (
        Column("reader", share=1.6),
        Column("reads", share=1.8),
        Column("hairs", is_number=True),
        Column("reviewed", "% of hairs", is_number=True),
        Column("added", is_number=True, share=0.8),
        Column("changed", is_number=True, share=0.9),
        Column("rejected", is_number=True, share=0.9),
        Column("deleted", is_number=True, share=0.8),
        Column("doubtful left", is_number=True, share=0.9),
    )
    notes = (
        "Of the reads in use. Reviewed: hairs that a reader accepted, rejected, changed or added. Added to deleted: "
        "next to the detection that the read began with. Doubtful: detected with a confidence below "
        f"{material.doubtful_below:g} and not judged by anybody.",
    )
    return Table("Review of the detection, by reader", columns, tuple(rows), notes)


def _work_row(reader: str, states: Counter[ReadState], work: Work, kind: RowKind = RowKind.PLAIN) -> Row:
    said = "\n".join(f"{n} {state.value}" for state, n in states.most_common())
    share = number(100 * work.judged / work.hairs, 0) if work.hairs else NO_VALUE
    counts = (work.added, work.changed, work.rejected, work.deleted, work.doubtful)
    return Row((reader, said, str(work.hairs), share, *map(str, counts)), kind)


def _registrations(material: Material) -> tuple[tuple[str, str], ...]:
    records = [pair.registration for pair in material.study.pairs.values() if pair.registration is not None]
    if not records:
        return (("Registration", "no pair of images was registered"),)
    verdicts = Counter(record.result.verdict for record in records)
    said = ", ".join(f"{verdicts[verdict]} {verdict.value}" for verdict in Verdict)
    usable = [record.result for record in records if record.usable]
    landmarks = sum(bool(record.n_landmarks) for record in records)
    decisions = sum(len(pair.decisions) for pair in material.study.pairs.values())
    facts = [("Registered pairs", f"{len(records)}: {said}; {landmarks} with landmarks set by hand")]
    if usable:
        facts.append(("Distance of units found again", f"median {_median([r.residual_um for r in usable])} µm"))
        overlap = _median([100 * r.overlap for r in usable])
        facts.append(("Overlap with the earlier field", f"median {overlap} %"))
    facts.append(("Decisions of readers on matches", str(decisions)))
    return tuple(facts)


def _stamps(material: Material) -> Iterable[tuple[str, str]]:
    study = material.study
    yield "Study made", _moment(study.created_utc)
    made = sorted(read.created_utc for read in material.reads.values())
    if made:
        yield "Reads in use made", _span(made)
    registered = sorted(p.registration.created_utc for p in study.pairs.values() if p.registration is not None)
    if registered:
        yield "Registrations made", _span(registered)
    yield "Edits in the audit trail", counted(material.revision, "edit")
    yield signatures_fact(material)


def _span(moments: Sequence[str]) -> str:
    return " to ".join(_moment(moment) for moment in dict.fromkeys((moments[0], moments[-1])))


def _moment(utc: str) -> str:
    return f"{utc.replace('T', ' ').removesuffix('Z')} UTC"


def _median(values: Sequence[float]) -> str:
    return number(float(np.median(values)), 0)


def _counts(work: Work) -> tuple[int, ...]:
    return (
        work.reads, work.hairs, work.judged, work.added, work.changed, work.rejected, work.deleted, work.doubtful,
    )  # fmt: skip
