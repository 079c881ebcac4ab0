"""A study put in a file of its own: written beside its place, read back and compared, and only then there."""

import contextlib
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from analysis.measures import RULES_VERSION
from workstation.clock import utc_milliseconds, utc_seconds
from workstation.endpoints import RULES, endpoint_rows
from workstation.errors import UserFacingError
from workstation.images.of_study import verified_bytes
from workstation.model.study import Study
from workstation.storage.atomic import replacing
from workstation.storage.content import Content, FileState, content_of, unstorable
from workstation.storage.creation import creation_row
from workstation.storage.journal import open_journal
from workstation.storage.lock import acquire
from workstation.storage.reader import image_files, read_content
from workstation.storage.writer import write_content

log = logging.getLogger(__name__)


def create_study(path: Path, study: Study, *, user: str, image_files: Mapping[int, bytes] | None = None) -> FileState:
    """Put a new study in a new file. Its audit trail begins with one row, which binds all that it is created with.

    Args:
        path: where to; its folder exists.
        study: with an id of its own (a fresh UUID).
        user: who makes it.
        image_files: the bytes of each embedded image by its id.

    Raises:
        UserFacingError: if there is a file already, or it cannot be written.
    """
    path = Path(os.path.realpath(path))
    try:
        rows = [creation_row(study, user, utc_milliseconds())]
    except ValueError as error:  # UnicodeEncodeError is one
        raise unstorable(error) from error
    content = content_of(study, rows, table_of_endpoints(study), saved_utc=utc_seconds())
    lock = acquire(path)
    with contextlib.ExitStack() as stack:
        stack.callback(lock.release)
        if path.exists():
            raise UserFacingError(
                "there is already a file of this name", file=path, remedy="Choose another name, or move that file."
            )
        journal = open_journal(study.id)
        stack.callback(journal.close)

        def check(temporary: Path) -> None:
            check_written(temporary, path, content, study)
            journal.intend(content.state, path=str(path), base="")

        with replacing(path, check=check) as temporary:
            write_content(temporary, content, image_files or {})
        try:
            journal.mark_saved(content.state, rows, path=str(path), base="")
        except UserFacingError:
            log.warning("the journal could not note that %s is saved; it will when it is opened", path)
    return content.state


def table_of_endpoints(study: Study) -> list[dict[str, str | int | float | None]]:
    """The rows of the file's endpoint table: every read, and which of them is in use."""
    rows = endpoint_rows(study, all_reads=True)
    in_use = {read.id for i in study.images if (read := study.read_in_use(i)) is not None}
    return [
        {**row, "in_use": row["read_id"] in in_use, RULES: None if row["read_id"] is None else RULES_VERSION}
        for row in rows
    ]


def check_written(temporary: Path, target: Path, content: Content, study: Study) -> None:
    """See that a file just written holds what it should, embedded images included.

    Args:
        temporary: the file.
        target: whose place it is to take.
        content: what was written.
        study: the same as a study.

    Raises:
        UserFacingError: if it does not.
    """
    try:
        written, _ = read_content(temporary)
        embedded = [record for record in study.images.values() if record.embedded]
        with image_files(temporary) as files:
            for record in embedded:
                verified_bytes(temporary.parent, record, lambda record: files[record.id]())
        same = written.state == content.state
    except UserFacingError as error:
        log.warning("what was written cannot be read back: %s", error)
        same = False
    if not same:
        raise UserFacingError(
            "what was read back is not what was written, so the file was left as it was",
            file=target,
            remedy="Check the disk, or save to another one; edits are safe in the journal.",
        )
