"""What a blinded reader has to do, and how far it is: pairs in the order of the work file."""

from collections.abc import Sequence
from dataclasses import dataclass

from workstation.counting import counted
from workstation.model.package import Package
from workstation.model.read import FINISHED, Read
from workstation.model.study import Study


@dataclass(frozen=True, slots=True)
class WorkPair:
    """A coded subject–site pair."""

    code: str
    image_ids: tuple[int, ...]
    """Its pictures, A, B, …"""
    n_done: int
    """Of them, whose read is submitted."""

    @property
    def is_done(self) -> bool:
        """Whether nothing of it is left to do."""
        return self.n_done == len(self.image_ids)


def own_read(work: Study, image_id: int) -> Read | None:
    """The reader's read of a picture; None where it is not begun."""
    reads = [read for read in work.reads_of(image_id) if read.editable]
    return reads[-1] if reads else None


def is_submitted(work: Study, image_id: int) -> bool:
    """Whether a picture is done."""
    read = own_read(work, image_id)
    return read is not None and read.review.state in FINISHED


def work_pairs(work: Study) -> tuple[WorkPair, ...]:
    """The pairs of a work file, in the order of its pictures."""
    found: dict[str, list[int]] = {}
    for image_id in sorted(work.images):
        found.setdefault(work.visit_of(image_id).subject, []).append(image_id)
    return tuple(
        WorkPair(code, tuple(ids), sum(is_submitted(work, image_id) for image_id in ids)) for code, ids in found.items()
    )


def next_open(pairs: Sequence[WorkPair], code: str) -> WorkPair | None:
    """The next pair that is not done, after one of them and then from the start; None where all others are done."""
    place = next((i for i, pair in enumerate(pairs) if pair.code == code), -1)
    return next((pair for pair in (*pairs[place + 1 :], *pairs[: max(place, 0)]) if not pair.is_done), None)


def progress_text(work: Study) -> str:
    """`Blinded read for Ada: 3 of 24 done`; empty where the study is no work file."""
    if work.blinding is None:
        return ""
    pairs = work_pairs(work)
    n_done, n = sum(pair.n_done for pair in pairs), len(work.images)
    return f"Blinded read for {work.blinding.reader}: {n_done} of {n} done"


def package_state(study: Study, package: Package) -> str:
    """How much of a package came back: `handed out`, `21 of 24 pictures came back`."""
    if package.returned is None:
        return "handed out"
    back = {(read.image_id, read.repeat) for read in study.reads.values() if read.package == package.id}
    if len(back) == len(package.items):
        return "came back"
    return f"{len(back)} of {counted(len(package.items), 'picture')} came back"
