"""Bringing a work file back into its study: what its reader submitted, and its whole trail, in one edit.

What is not submitted stays with its reader and comes with a later merge of the same work file. A read that its reader
took back, changed and submitted anew after it came in comes as a further read that amends the one before.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from workstation.blinding.checking import Checked, check_work_file
from workstation.blinding.packing import refuse_unlisted
from workstation.clock import utc_seconds
from workstation.counting import counted
from workstation.document import Document
from workstation.errors import UserFacingError
from workstation.model.package import Package, PackageItem, Returned
from workstation.model.patch import Change, Kind, Patch
from workstation.model.read import DECIDED, FINISHED, Read
from workstation.model.reading import Remark
from workstation.model.study import Study
from workstation.session import Session
from workstation.storage.annotation import annotation_digest
from workstation.storage.codec import canonical


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a work file would bring in."""

    package: Package
    """As the study is to know it."""
    reads: tuple[Read, ...]
    """New ones, with their numbers in the study."""
    patch: Patch | None
    """None where there is nothing new."""
    n_waiting: int
    """Pictures whose read is not submitted yet."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is said of it."""
        reader, n = self.package.reader, len(self.package.items)
        if self.patch is None:
            first = f"Nothing new: all that {reader} submitted came in before."
        else:
            again = sum(read.amends is not None for read in self.reads)
            amending = f", {again} of them in place of one that came in before" if again else ""
            first = f"{counted(len(self.reads), 'read')} by {reader}{amending}."
        waiting = (
            f"{self.n_waiting} of {counted(n, 'picture')} {'is' if self.n_waiting == 1 else 'are'} not submitted yet."
        )
        return (first, waiting) if self.n_waiting else (first,)


def incoming(study: Study, checked: Checked) -> Incoming:
    """What a checked work file brings into a study.

    Args:
        study: as it is now.
        checked: the work file, checked against this study or an earlier state of it.

    Raises:
        UserFacingError: if nothing in it is submitted, or a read that came in before was accepted since and is another
            one now.
    """
    work, package = checked.work, study.packages[checked.package.id]
    if package != checked.package:
        raise UserFacingError(
            "the study changed while the work file was checked", file=checked.path, remedy="Merge it again."
        )
    now, then = _finished(work), _finished(checked.then)
    if not now and not then:
        raise UserFacingError(
            f"{package.reader} submitted nothing in it yet", file=checked.path, remedy="Merge it when something is."
        )
    items = {item.package_image_id: item for item in package.items}
    reads: list[Read] = []
    study_ids: dict[int, int] = {}
    for place, read in sorted(now.items()):
        before = _before(study, package, items[place])
        if before is not None and _is_the_same(read, then.get(place), before):
            if annotation_digest(read) == annotation_digest(before):
                study_ids[read.id] = before.id
            continue
        if before is not None and before.review.state in DECIDED:
            raise UserFacingError(
                f"the read of {items[place].code} {items[place].place} was {before.review.state} in the study, and "
                f"{package.reader} has changed it since it came in",
                file=checked.path,
                remedy="What is accepted stands; amend it in the study if it is wrong.",
            )
        new_id = max(study.reads, default=0) + 1 + len(reads)
        reads.append(_as_of_study(read, new_id, items[place], package, before, study, work))
        study_ids[read.id] = new_id
    return _with_patch(study, checked, package, reads, study_ids, n_waiting=len(items) - len(now))


def merge_checked(document: Document, checked: Checked) -> Incoming:
    """Bring in a checked work file; in the thread that the document belongs to.

    Raises:
        UserFacingError: as `incoming`, if the user may not, or the journal could not be written.
    """
    refuse_unlisted(document.study, document.user)
    found = incoming(document.study, checked)
    if found.patch is not None:
        document.apply(found.patch, reason=f"from {checked.path.name}")
    return found


def merge_work_file(session: Session, path: Path) -> Incoming:
    """Check a work file, bring it in and save the study; twice is harmless.

    Killed at any moment, the study either has all of it or nothing, in its file or in the journal.

    Args:
        session: the open study.
        path: the work file, which is only read.

    Raises:
        UserFacingError: if the user may not, the file is refused, or the study cannot be written.
    """
    refuse_unlisted(session.study, session.document.user)
    found = merge_checked(session.document, check_work_file(session.study, path))
    session.save()
    return found


def _finished(work: Study) -> dict[int, Read]:
    """By picture the latest read of a person that is submitted."""
    found: dict[int, Read] = {}
    for read_id in sorted(work.reads):
        read = work.reads[read_id]
        if read.editable and read.review.state in FINISHED:
            found[read.image_id] = read
    return found


def _before(study: Study, package: Package, item: PackageItem) -> Read | None:
    """The read of a picture that came in last."""
    reads = [r for r in study.reads_of(item.image_id) if (r.package, r.repeat) == (package.id, item.repeat)]
    return reads[-1] if reads else None


def _is_the_same(now: Read, then: Read | None, before: Read) -> bool:
    """Whether a read says what it said when it came in, whatever became of it in the study."""
    return annotation_digest(now) == annotation_digest(before if then is None else then)


def _as_of_study(
    read: Read, new_id: int, item: PackageItem, package: Package, before: Read | None, study: Study, work: Study
) -> Read:
    source = None if read.based_on is None else work.reads[read.based_on]
    return replace(
        read,
        id=new_id,
        image_id=item.image_id,
        based_on=None if source is None else _detection_like(source, item.image_id, study),
        amends=None if before is None else before.id,
        package=package.id,
        repeat=item.repeat,
    )


def _detection_like(source: Read, image_id: int, study: Study) -> int | None:
    """The study's own detection that was handed out; a read that began from another read of its reader has none."""
    wanted = annotation_digest(source)
    found = [read.id for read in study.reads_of(image_id) if not read.editable and annotation_digest(read) == wanted]
    return found[-1] if found else None


def _with_patch(
    study: Study, checked: Checked, package: Package, reads: list[Read], study_ids: Mapping[int, int], n_waiting: int
) -> Incoming:
    changes = [Change(Kind.READ, read.id, None, read) for read in reads]
    changes += _remarks(study, checked, study_ids) + _signatures(study, checked, study_ids)
    if not changes:
        return Incoming(package, (), None, n_waiting)
    revision, head = checked.state
    rows = tuple(canonical(asdict(row)) for row in checked.rows)
    after = replace(package, returned=Returned(utc_seconds(), revision, head, rows))
    patch = Patch("merge package", None, (*changes, Change(Kind.PACKAGE, 0, package, after)))
    return Incoming(after, tuple(reads), patch, n_waiting)


def _remarks(study: Study, checked: Checked, study_ids: Mapping[int, int]) -> list[Change]:
    """What its reader remarked on reads that came in, now or before."""
    known = {_said(remark): remark.id for remark in study.remarks.values()}
    ids: dict[int, int] = {}
    changes: list[Change] = []
    for remark_id, remark in sorted(checked.work.remarks.items()):
        if remark.read_id not in study_ids:
            continue
        moved = replace(
            remark,
            read_id=study_ids[remark.read_id],
            answers=None if remark.answers is None else ids.get(remark.answers),
        )
        if (there := known.get(_said(moved))) is not None:
            ids[remark_id] = there
            continue
        ids[remark_id] = max(study.remarks, default=0) + 1 + len(changes)
        changes.append(Change(Kind.REMARK, ids[remark_id], None, replace(moved, id=ids[remark_id])))
    return changes


def _said(remark: Remark) -> tuple[int, str, str, str]:
    return remark.read_id, remark.author, remark.created_utc, remark.text


def _signatures(study: Study, checked: Checked, study_ids: Mapping[int, int]) -> list[Change]:
    """Signatures on reads that came in; they stay bound to the work file's picture and trail.

    One that came in before stays on the read that it came with, also where another one stands in its place now.
    """
    known = {replace(signature, id=0, read_id=0) for signature in study.signatures.values()}
    changes: list[Change] = []
    for _, signature in sorted(checked.work.signatures.items()):
        if signature.read_id not in study_ids:
            continue
        if replace(signature, id=0, read_id=0) not in known:
            new_id = max(study.signatures, default=0) + 1 + len(changes)
            moved = replace(signature, id=new_id, read_id=study_ids[signature.read_id])
            changes.append(Change(Kind.SIGNATURE, new_id, None, moved))
    return changes
