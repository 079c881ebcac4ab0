"""Whether a study file still holds together: its structure, its checksums, its audit trail, its images, its journal."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from workstation.counting import counted
from workstation.errors import UserFacingError
from workstation.images.of_study import verify_unchanged
from workstation.model.pair_validity import pair_problems
from workstation.model.read import DECIDED
from workstation.model.screening import read_problems
from workstation.model.study import ImageRecord, Study
from workstation.sentences import as_sentence
from workstation.signing.checking import signatures_hold
from workstation.storage.audit import AuditRow, first_break
from workstation.storage.journal import open_journal_for_reading
from workstation.storage.reader import StudyFile, damaged, image_files, read_study
from workstation.storage.recovery import recover
from workstation.storage.rewinding import rewind
from workstation.storage.trail_checks import begins_with_creation, package_problems, state_problems

OLDER = (
    "The study was made before format 1.4: what it was created with stands in no row, and only what changed since is "
    "bound by the trail."
)


class Check(StrEnum):
    """What is looked at."""

    FILE = "file"
    """It can be read, is made of what a study is made of, and its checksums hold."""
    VALUES = "values"
    """Every read, every pair and all that was recorded is what the program could have made."""
    CREATION = "creation"
    """What was there from the start is what the first row of the audit trail says."""
    AUDIT = "audit trail"
    """Each row follows on the one before, and none is missing."""
    PACKAGES = "work files"
    """The audit trails that came back in work files hold, too."""
    READS = "reads and trail"
    """The trail leads to the reads, and to everything else, that the file holds."""
    STATES = "states"
    """Nobody accepted a read of their own, and no signed read was changed."""
    SIGNATURES = "signatures"
    """Each fits on its image, its read and its place in the trail; typed names and unknown keys are told as such."""
    IMAGES = "images"
    """They are there and are what was imported."""
    JOURNAL = "journal"
    """What this computer knows of the study agrees with the file."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: Check
    holds: bool
    message: str
    """A sentence or two, without a path where the study itself is meant."""


def verify(path: Path) -> list[Finding]:
    """Check a study without changing anything.

    A file that cannot be read gives one finding; else there is at least one for every check, in the order of `Check`,
    but that a trail which does not hold is not followed back: nothing is said then of the creation, nor of how the
    trail leads to the reads. A missing journal is no fault: a study from another computer has none here.
    """
    path = Path(os.path.realpath(path))
    try:
        file = read_study(path)
    except UserFacingError as error:
        return [Finding(Check.FILE, False, f"{as_sentence(error.what)} {error.remedy}".strip())]
    newer = f" Parts of format {file.from_newer} are not known to this program." if file.from_newer else ""
    fine = f"Edit {file.state.revision}, saved {file.saved_utc}; every checksum holds.{newer}"
    return [
        Finding(Check.FILE, True, fine),
        *_values(file),
        *_trail(file),
        *_found(Check.STATES, state_problems(file.study, file.audit_rows), _states_text(file.study)),
        *_signatures(file),
        *_images(file, path),
        *_journal(file, path),
    ]


def _values(file: StudyFile) -> list[Finding]:
    study = file.study
    found = [Finding(Check.VALUES, False, f"Read {read.id}: {problem}.") for read, problem in read_problems(study)]
    found += [Finding(Check.VALUES, False, as_sentence(problem)) for problem in pair_problems(study)]
    n_hairs = sum(len(read.hairs) for read in study.reads.values())
    listed = [f"{len(study.reads)} reads with {n_hairs} hairs"]
    # the trial was looked at when the file was read
    for n, one, many in (
        (len(study.pairs), "pair of images", "pairs of images"),
        (len(study.responses), "filled-in questionnaire", "filled-in questionnaires"),
        (len(study.events), "adverse event", "adverse events"),
    ):
        if n:
            listed.append(f"{n} {one if n == 1 else many}")
    *first, last = listed
    fine = f"{', '.join(first)} and {last}" if first else last
    return found or [Finding(Check.VALUES, True, f"{fine} are valid.")]


def first_fault(findings: Sequence[Finding]) -> Finding | None:
    """The first thing that does not hold; None where everything does."""
    return next((finding for finding in findings if not finding.holds), None)


def _found(check: Check, problems: Iterable[str], fine: str) -> list[Finding]:
    """A finding for each problem, or that there is none."""
    return [Finding(check, False, as_sentence(problem)) for problem in problems] or [Finding(check, True, fine)]


def _trail(file: StudyFile) -> list[Finding]:
    state, rows = file.state, file.audit_rows
    returned = [package for package in file.study.packages.values() if package.returned is not None]
    came = f"{counted(len(returned), 'work file')} came back; each one's trail holds."
    packages = _found(Check.PACKAGES, package_problems(file.study), came if returned else "None came back.")
    broken = first_break(rows, state.study_id, state.revision, state.audit_sha256)
    if broken is not None:
        return [Finding(Check.AUDIT, False, as_sentence(broken)), *packages]
    past = rewind(file.study, rows, check_digests=True)
    created = begins_with_creation(rows)
    at_creation = created and len(past.entries) == len(rows) - 1
    if at_creation:
        creation = Finding(Check.CREATION, False, as_sentence(past.problem))
    elif created and past.problem:
        creation = Finding(Check.CREATION, True, f"{_creation_text(rows[0])} It was not followed back to.")
    elif created:
        creation = Finding(Check.CREATION, True, f"{_creation_text(rows[0])} It is in the file as it was.")
    else:
        creation = Finding(Check.CREATION, True, OLDER)
    chain = f"{counted(len(rows), 'row')}, the last one {state.audit_sha256[:12]}…; each follows on the one before."
    leads = [past.problem] if past.problem and not at_creation else []
    return [
        creation,
        Finding(Check.AUDIT, True, chain),
        *packages,
        *_found(Check.READS, leads, "The trail leads to all that the file holds."),
    ]


def _creation_text(row: AuditRow) -> str:
    return f"Created by {row.user} at {row.utc} with what audit row 1 binds."


def _states_text(study: Study) -> str:
    n = sum(read.review.state in DECIDED for read in study.reads.values())
    return f"{counted(n, 'read is', 'reads are')} accepted or signed, none by its own reader's word alone."


def _signatures(file: StudyFile) -> list[Finding]:
    holds, sentences = signatures_hold(file.study, file.audit_rows)
    return [Finding(Check.SIGNATURES, holds, sentence) for sentence in sentences]


def _images(file: StudyFile, path: Path) -> list[Finding]:
    found: list[Finding] = []
    with image_files(path) as files:

        def embedded(record: ImageRecord) -> bytes:
            if record.id not in files:
                raise damaged(path, f"the embedded image {record.id} is missing")
            return files[record.id]()

        for record in file.study.images.values():
            try:
                verify_unchanged(path.parent, record, embedded)
            except UserFacingError as error:
                found.append(Finding(Check.IMAGES, False, f"{record.path}: {error.what}."))
    return found or [Finding(Check.IMAGES, True, f"{len(file.study.images)} images are what was imported.")]


def _journal(file: StudyFile, path: Path) -> list[Finding]:
    journal = open_journal_for_reading(file.state.study_id)
    if journal is None:
        return [Finding(Check.JOURNAL, True, "This computer has no journal of the study.")]
    try:
        recovery = recover(file, path, journal, read_only=True).recovery
    except UserFacingError as error:
        return [Finding(Check.JOURNAL, False, as_sentence(error.what))]
    finally:
        journal.close()
    if recovery.notices:
        return [Finding(Check.JOURNAL, False, notice) for notice in recovery.notices]
    if recovery.n_edits:
        n = "1 edit is" if recovery.n_edits == 1 else f"{recovery.n_edits} edits are"
        return [Finding(Check.JOURNAL, True, f"{n} in the journal and not in the file yet.")]
    return [Finding(Check.JOURNAL, True, "The file holds every edit that this computer knows of.")]
