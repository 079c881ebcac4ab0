"""Looks through a finished work file for anything that tells more than its reader is to know.

It is independent of what made the work file: it knows the original study and reads the file as it lies.
"""

from collections.abc import Collection
from pathlib import Path

from workstation.blinding.work_file import SITE, handed_out, handed_sha256, strange_parts
from workstation.deidentifying.searching import Secret, search_file, secrets_of
from workstation.errors import UserFacingError
from workstation.file_names import folded, words_of
from workstation.model.read import DETECTOR
from workstation.model.study import Study
from workstation.storage.creation import CREATED
from workstation.storage.reader import read_study


def hidden_words(study: Study) -> Collection[str]:
    """All that no code may be by chance, folded: every subject code, reader, date and file name of a study."""
    return {folded(secret.text) for secret in secrets_of(study, Path())}


def findings_in(path: Path, name: str, study: Study, study_path: Path, work: Study) -> list[str]:
    """What is in a work file and should not be, a clause each.

    Args:
        path: the work file.
        name: what it is to be called.
        study: the original.
        study_path: its file.
        work: what the work file is meant to hold.
    """
    try:
        file = read_study(path)
    except UserFacingError as error:
        return [error.what]
    found = [f"{part} in {name}" for part in strange_parts(file.study)]
    if [(row.operation, row.user) for row in file.audit_rows] != [(CREATED, DETECTOR)]:
        found.append(f"more in the audit trail of {name} than that it was made")
    others = [read.reader for read in file.study.reads.values() if read.editable]
    found += [f"a read of {reader} in {name}" for reader in others]
    if handed_out(file.study) != file.study and not others:
        found.append(f"remarks or signatures in {name}")
    if file.study.blinding != work.blinding or handed_sha256(file.study) != handed_sha256(work):
        found.append(f"something else than was meant in {name}")
    pictures = [image.sha256 for image in file.study.images.values()]
    if len(set(pictures)) != len(pictures):
        found.append(f"two pictures of the same bytes in {name}")
    secrets = [secret for secret in secrets_of(study, study_path) if not _is_its_own(secret, work)]
    return found + [str(finding) for finding in search_file(path, name, secrets, since_utc=work.created_utc)]


def _is_its_own(secret: Secret, work: Study) -> bool:
    """Whether a word stands in a work file for another reason: its reader's name, a place, the one site."""
    reader = "" if work.blinding is None else work.blinding.reader
    own = {folded(SITE), *(folded(visit.name) for visit in work.visits.values())}
    words = f" {' '.join(words_of(secret.text))} "
    return folded(secret.text) in own or words in f" {' '.join(words_of(reader))} "
