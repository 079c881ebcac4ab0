"""Whether a study file still holds together: its structure, its checksums, its audit trail, its images, its journal."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from workstation.errors import UserFacingError
from workstation.images.of_study import verify_unchanged
from workstation.model.pair_validity import pair_problems
from workstation.model.screening import read_problems
from workstation.model.study import ImageRecord
from workstation.signing.checking import signatures_hold
from workstation.storage.audit import first_break
from workstation.storage.journal import open_journal_for_reading
from workstation.storage.reader import StudyFile, damaged, image_files, read_study
from workstation.storage.recovery import as_sentence, recover
from workstation.storage.rewinding import rewind


class Check(StrEnum):
    """What is looked at."""

    FILE = "file"
    """It can be read, is made of what a study is made of, and its checksums hold."""
    VALUES = "values"
    """Every read, every pair and all that was recorded is what the program could have made."""
    AUDIT = "audit trail"
    """Its chain holds and leads to the values in the file."""
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

    A file that cannot be read gives one finding; else there is at least one for every check. A missing journal is no
    fault: a study that comes from another computer has none here.
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
        *_audit(file),
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


def _audit(file: StudyFile) -> list[Finding]:
    state = file.state
    broken = first_break(file.audit_rows, state.study_id, state.revision, state.audit_sha256)
    if broken is not None:
        return [Finding(Check.AUDIT, False, as_sentence(broken))]
    past = rewind(file.study, file.audit_rows, check_digests=True)
    if past.problem:
        return [Finding(Check.AUDIT, False, as_sentence(past.problem))]
    what = f"{state.revision} rows, the last one {state.audit_sha256[:12]}…; they lead to the values in the file."
    return [Finding(Check.AUDIT, True, what)]


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
