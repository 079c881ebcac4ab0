"""Whether a work file is what its reader made of what was handed out: everything is looked at before anything comes in.

What is checked: that the file holds together (as `trichodesk verify` does), that it was made from this study, that what
was handed out is unchanged, that its whole trail, edit by edit, leads from that to what it holds, that every edit is
one that its reader may make, that this computer has no unsaved edits of it, and that it continues what came in before.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from workstation.blinding.work_file import handed_out, handed_sha256, strange_parts
from workstation.counting import counted
from workstation.entry import Entry
from workstation.errors import EditRefused, UserFacingError
from workstation.model.package import Package
from workstation.model.patch import IN_READ, Kind, StalePatchError, apply
from workstation.model.read import DETECTOR, Read
from workstation.model.study import Study
from workstation.permissions import refuse
from workstation.storage.audit import AuditRow
from workstation.storage.creation import created_with
from workstation.storage.journal import open_journal_for_reading
from workstation.storage.reader import StudyFile, read_study
from workstation.storage.recovery import recover
from workstation.storage.rewinding import rewind
from workstation.storage.verify import verify

OF_READER = frozenset({Kind.READ, Kind.REMARK, Kind.SIGNATURE, *IN_READ})
"""What can change in a work file."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A work file that may come in."""

    path: Path
    package: Package
    """As the study knows it."""
    work: Study
    """What the file holds."""
    rows: tuple[AuditRow, ...]
    """Its whole audit trail."""
    then: Study
    """What it held when it came in last; where it never did, what was handed out."""

    @property
    def state(self) -> tuple[int, str]:
        """The number of edits in it, and the hash of the last of them."""
        return len(self.rows), self.rows[-1].sha256 if self.rows else ""

    @property
    def is_known(self) -> bool:
        """Whether just this came in before."""
        back = self.package.returned
        return back is not None and (back.revision, back.head_sha256) == self.state


def check_work_file(study: Study, path: Path) -> Checked:
    """See that a work file may come into a study. On any thread; nothing is changed.

    Args:
        study: the study as it is.
        path: the work file.

    Raises:
        UserFacingError: if it may not, with the reason in one sentence.
    """
    path = Path(os.path.realpath(path))
    file = read_study(path)
    package = _package_of(study, file, path)
    handed = handed_out(file.study)
    if strange := strange_parts(handed):
        raise _refused(path, f"it holds {strange[0]}")
    if handed_sha256(handed) != package.handed_sha256 or not _same_pictures(handed, package):
        raise _refused(path, "what was handed out in it was changed")
    if failed := next((finding for finding in verify(path) if not finding.holds), None):
        raise _refused(path, f"the work file does not hold: {failed.message.removesuffix('.')}")
    _refuse_unsaved(file, path)
    revision = _known_revision(package, file, path)
    return Checked(path, package, file.study, file.audit_rows, _replayed(handed, file, package, revision, path))


def _refused(
    path: Path, what: str, remedy: str = "Ask its reader for the work file as it is there."
) -> UserFacingError:
    return UserFacingError(what, file=path, remedy=remedy)


def _package_of(study: Study, file: StudyFile, path: Path) -> Package:
    blinding = file.study.blinding
    if blinding is None:
        raise _refused(path, "this is no work file of a blinded reader", "Choose a file that trichodesk package made.")
    package = study.packages.get(blinding.package_id)
    if package is None:
        raise _refused(path, "this work file was made from another study", "Merge it into that one.")
    mine = (package.study_id, package.reader, package.start, package.created_utc)
    if mine != (file.study.id, blinding.reader, blinding.start, file.study.created_utc):
        raise _refused(path, "it says of itself something else than the study noted when it was made")
    return package


def _refuse_unsaved(file: StudyFile, path: Path) -> None:
    """Edits that this computer's journal has and the file lacks would be left out unnoticed."""
    journal = open_journal_for_reading(file.state.study_id)
    if journal is None:
        return
    try:
        n = recover(file, path, journal, read_only=True).recovery.n_edits
    finally:
        journal.close()
    if n:
        raise _refused(
            path,
            f"{counted(n, 'edit')} made in it on this computer {'is' if n == 1 else 'are'} not saved in it yet",
            "Open it once and close it again; then merge.",
        )


def _same_pictures(handed: Study, package: Package) -> bool:
    there = {
        image.id: (handed.visits[image.visit_id].subject, handed.visits[image.visit_id].name, image.sha256)
        for image in handed.images.values()
    }
    return there == {item.package_image_id: (item.code, item.place, item.sha256) for item in package.items}


def _known_revision(package: Package, file: StudyFile, path: Path) -> int:
    """How many of its edits came in before."""
    back, rows = package.returned, file.audit_rows
    if back is None:
        return 0
    heads = [row.sha256 for row in rows]
    if len(rows) >= back.revision and (not back.revision or heads[back.revision - 1] == back.head_sha256):
        return back.revision
    if len(rows) < back.revision and not (heads and f'"sha256":"{heads[-1]}"' not in back.rows[len(rows) - 1]):
        raise _refused(
            path,
            f"it is an earlier state, with {counted(len(rows) - 1, 'edit')}, of what came in with {back.revision - 1} "
            "already",
            "Merge the latest one.",
        )
    raise _refused(
        path,
        "another copy of this work file came in before, and the two differ in what their reader did",
        "Find out which of them is the right one; one work file is to be worked in once.",
    )


def _replayed(handed: Study, file: StudyFile, package: Package, revision: int, path: Path) -> Study:
    """What the work file held after so many of its edits; sees that all of them lead to what it holds."""
    past = rewind(file.study, file.audit_rows)
    if past.problem or not past.entries:
        raise _refused(path, f"its trail does not lead to what it holds: {past.problem or 'it has none'}")
    study, then = handed, handed
    beginning, *edits = past.entries
    if created_with(beginning) is None or beginning.user != DETECTOR:
        raise _refused(path, "its trail does not begin with its making")
    for number, entry in enumerate(edits, start=1):
        if why := _why_foreign(entry, study, package):
            raise _refused(path, f"its edit {number} is not one that {package.reader} may make: {why}")
        try:
            refuse(study, entry.patch, entry.user)
            study = apply(study, entry.patch)
        except EditRefused as error:
            what = f"its edit {number} is not one that {package.reader} may make: {error.what}"
            raise _refused(path, what) from error
        except StalePatchError as error:
            raise _refused(path, f"its edit {number} does not follow the one before it ({error})") from error
        then = study if number + 1 == revision else then
    if not _same(study, file.study):
        raise _refused(path, "its trail does not lead from what was handed out to what it holds")
    return then


def _same(one: Study, other: Study) -> bool:
    if one.reads.keys() != other.reads.keys():
        return False
    if not all(read.same_content(other.reads[i]) for i, read in one.reads.items()):
        return False
    return (dict(one.remarks), dict(one.signatures)) == (dict(other.remarks), dict(other.signatures))


def _why_foreign(entry: Entry, study: Study, package: Package) -> str:
    """Why an edit is not its reader's; empty where it is."""
    patch = entry.patch
    if entry.user != package.reader:
        return f"it was made by {entry.user}"
    if strange := [change.kind for change in patch.changes if change.kind not in OF_READER]:
        return f"it changes a {strange[0]}"
    if any(change.kind in IN_READ for change in patch.changes):
        read = study.reads.get(-1 if patch.read_id is None else patch.read_id)
        if read is None or not _is_own(read, package):
            return "it changes a read that is not theirs"
    if any(_brings_foreign(change.after, package) for change in patch.changes):
        return "it brings in a read that is not theirs"
    return ""


def _brings_foreign(value: object, package: Package) -> bool:
    if not isinstance(value, Read):
        return False
    return not _is_own(value, package) or bool(value.package or value.repeat or value.adjudicates or value.amends)


def _is_own(read: Read, package: Package) -> bool:
    return read.editable and read.reader == package.reader
