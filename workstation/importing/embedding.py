"""Images that are kept inside the study file: the bytes to put there, and what is then no longer needed beside it."""

import contextlib
from pathlib import Path

from workstation.images.of_study import file_of, verified_bytes
from workstation.model.study import Study


def embedded_files(study: Study, study_folder: Path) -> dict[int, bytes]:
    """The bytes of each embedded image by its id, from the files placed beside the study at import.

    Raises:
        UserFacingError: if one is missing or has changed since.
    """
    return {i: verified_bytes(study_folder, record) for i, record in study.images.items() if record.embedded}


def discard_embedded(study: Study, study_folder: Path) -> None:
    """Remove the files of embedded images beside the study, once the study is saved with them inside."""
    folders = set()
    for record in study.images.values():
        if record.embedded:
            path = file_of(study_folder, record)
            path.unlink(missing_ok=True)
            folders.add(path.parent)
    for folder in folders - {study_folder.resolve()}:
        with contextlib.suppress(OSError):  # other files are in it
            folder.rmdir()
