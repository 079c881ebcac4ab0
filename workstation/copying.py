"""A copy of a study in another file, with its images, that nobody can take for the original.

The copy keeps the study's id and its whole audit trail, to which it adds one row, `copy study`: who copied, when, from
which file, and under which paths its images lie now. So the trail of the copy and that of the original part at that
row: no unsaved edit of the one, in the journal that they share, fits on the other.
"""

import contextlib
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from analysis.progress import Report
from workstation.clock import utc_milliseconds, utc_seconds
from workstation.entry import Action, Entry
from workstation.errors import UserFacingError
from workstation.file_names import folded
from workstation.images.of_study import file_of, verified_bytes
from workstation.importing.placing import Placing
from workstation.model.patch import Change, Kind, Patch, apply
from workstation.model.study import ImageRecord, Study
from workstation.storage.atomic import replacing
from workstation.storage.audit import AuditRow, genesis, row_of
from workstation.storage.content import content_of
from workstation.storage.journal import StudyJournal
from workstation.storage.lock import acquire
from workstation.storage.writer import write_content
from workstation.writing import check_written, table_of_endpoints

log = logging.getLogger(__name__)


def copy_study(
    study: Study,
    rows: Sequence[AuditRow],
    path: Path,
    *,
    source: Path,
    user: str,
    image_file: Callable[[int], bytes],
    journal: StudyJournal | None,
    backups: int | None,
    trail_problem: str,
    report: Report,
) -> tuple[str, ...]:
    """Put a study with its images in another file. `Session.save_copy` is for everybody else.

    Args:
        study: as it is.
        rows: its whole audit trail.
        path: where to.
        source: the file it comes from.
        user: who copies.
        image_file: gives the bytes of an embedded image.
        journal: is told of the copy; None where this computer does not vouch for the study.
        backups: None: do not replace a file; else how many earlier states of a replaced one to keep.
        trail_problem: what is wrong with the trail, to stand in the new row.
        report: told of the progress; may cancel.

    Returns:
        A sentence for each image that the copy lacks.

    Raises:
        UserFacingError, Cancelled: as `Session.save_copy`.
    """
    path = Path(os.path.realpath(path))
    if path == source or (path.exists() and os.path.samefile(path, source)):
        raise UserFacingError("this is the study itself", file=path, remedy="Save it, or choose another name.")
    with contextlib.ExitStack() as stack:
        stack.callback(acquire(path).release)
        if path.exists() and backups is None:
            raise UserFacingError(
                "there is already a file of this name", file=path, remedy="Choose another name, or move that file."
            )
        embedded = {i: image_file(i) for i, image in study.images.items() if image.embedded}
        beside = [image for image in study.images.values() if not image.embedded]
        moved: list[ImageRecord] = []
        lacking: tuple[str, ...] = ()
        if beside:
            placing = stack.enter_context(Placing(path))
            moved, lacking = _place(beside, source.parent, placing, report)
        report("saving", 1.0)
        changes = tuple(Change(Kind.IMAGE, image.id, study.images[image.id], image) for image in moved)
        reason = f"from {source.name}, edit {len(rows)}" + (f"; {trail_problem}" if trail_problem else "")
        patch = Patch("copy study", None, changes)
        entry = Entry(len(rows) + 1, utc_milliseconds(datetime.now(UTC)), user, Action.DO, patch, reason=reason)
        row, _ = row_of(entry, rows[-1].sha256 if rows else genesis(study.id))
        _write(apply(study, patch), [*rows, row], path, embedded, journal, backups or 0)
    return lacking


def _write(
    study: Study,
    rows: Sequence[AuditRow],
    path: Path,
    embedded: dict[int, bytes],
    journal: StudyJournal | None,
    backups: int,
) -> None:
    content = content_of(study, rows, table_of_endpoints(study), saved_utc=utc_seconds())

    def check(temporary: Path) -> None:
        check_written(temporary, path, content, study)
        if journal is not None:
            journal.intend(content.state, path=str(path), base="")

    with replacing(path, backups=backups, check=check) as temporary:
        write_content(temporary, content, embedded)
    if journal is None:
        return
    try:
        journal.mark_saved(content.state, rows, path=str(path), base="")
    except UserFacingError:
        log.warning("the journal could not note that %s is saved; it will when it is opened", path)


def _place(
    images: Sequence[ImageRecord], folder: Path, placing: Placing, report: Report
) -> tuple[list[ImageRecord], tuple[str, ...]]:
    """Place images from a study's folder beside its copy: their records there, and what could not be placed."""
    moved: list[ImageRecord] = []
    lacking: list[str] = []
    taken: set[str] = set()
    for done, image in enumerate(images):
        report("copying images", done / len(images))
        try:
            verified_bytes(folder, image)
            file = file_of(folder, image)
        except UserFacingError as error:
            lacking.append(f"{PurePosixPath(image.path).name} is not in the copy: {error.what}.")
            file = None
        name = _free_name(image, file, placing, taken)
        moved.append(replace(image, path=f"{placing.folder.name}/{name}"))
    return moved, tuple(lacking)


def _free_name(image: ImageRecord, file: Path | None, placing: Placing, taken: set[str]) -> str:
    """The name under which an image was placed, or, of one that is missing, would have been."""
    plain = PurePosixPath(image.path)
    number = 1
    while True:
        name = plain.name if number == 1 else f"{plain.stem}_{number}{plain.suffix}"
        if folded(name) not in taken and (file is None or placing.place(file, name, image.sha256)):
            taken.add(folded(name))
            return name
        number += 1
