"""Opening and making studies for the commands."""

import hashlib
import os
import shlex
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Protocol

import typer

from analysis.progress import Report
from workstation.cli.console import progress_bar, say
from workstation.counting import counted
from workstation.errors import UserFacingError
from workstation.home import account_name
from workstation.importing import discard_embedded, embedded_files, images_folder, same_pictures
from workstation.importing.studies import Save
from workstation.model.study import Study, WidthCutoffs
from workstation.session import Session, create_study, open_study
from workstation.settings import Settings, load_settings

HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
STUDY_SUFFIXES = (".h5", ".hdf5")

# readable=False: a file that may not be read is a problem to mend, told as such, and no wrong usage
StudyPath = Annotated[Path, typer.Argument(metavar="STUDY.h5", help="The study file.", readable=False)]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the record.")]
Embed = Annotated[bool, typer.Option("--embed", help="Keep the images inside the study file, not beside it.")]


def settings() -> Settings:
    """The user's settings; should they be unreadable, that is said."""
    return load_settings(_say_once)


@cache
def _say_once(message: str) -> None:
    say(message)


def user_name() -> str:
    """Who works: the reader's name of the settings, else the name of the account."""
    return settings().reader or account_name()


def is_study(path: Path) -> bool:
    """Whether a path means a study: by its name, or by its first bytes."""
    if path.suffix.lower() in STUDY_SUFFIXES:
        return True
    try:
        with path.open("rb") as file:
            return file.read(len(HDF5_SIGNATURE)) == HDF5_SIGNATURE
    except OSError:
        return False


def open_to_read(path: Path) -> Session:
    """A study as it is now, edits that are not in the file yet included; nothing is locked or changed."""
    session = open_study(path, user_name(), read_only=True)
    _tell(session)
    return session


def open_to_change(path: Path) -> Session:
    """A study that can be changed.

    Raises:
        UserFacingError: if somebody else has it open, or it cannot be written.
    """
    session = open_study(path, user_name())
    session.backups = settings().backups_kept
    if session.read_only_because is not None:
        session.close()
        raise UserFacingError(
            f"the study cannot be changed now: {session.read_only_because.removesuffix('.')}", file=path
        )
    _tell(session)
    return session


class Importer(Protocol):
    """Makes a study of images and places these beside it, as `workstation.importing.study_from_images` does."""

    def __call__(
        self,
        study_path: Path,
        *,
        cutoffs: WidthCutoffs,
        embed: bool,
        max_megapixels: float,
        save: Save,
        report: Report,
    ) -> Study:
        """Make it, and call `save` with it before the work counts as done."""


def make_study(path: Path, bring: Importer, *, embed: bool = False) -> Study:
    """Make a study in a new file; if anything fails, nothing is left behind.

    Raises:
        UserFacingError: if there is a file already, an image cannot be imported, or the study cannot be written.
    """
    chosen, folder = settings(), path.absolute().parent

    def save(study: Study) -> None:
        create_study(path, study, user=user_name(), image_files=embedded_files(study, folder))

    with progress_bar("importing") as report:
        study = bring(
            path,
            cutoffs=chosen.cutoffs,
            embed=embed,
            max_megapixels=chosen.max_megapixels,
            save=save,
            report=report,
        )
    discard_embedded(study, folder)
    where = "inside" if embed else f"in {images_folder(path).name}{os.sep} beside it"
    say(f"{path}: {counted(len(study.images), 'image')}, kept {where}.")
    for sentence in same_pictures(study):
        say(f"note: {sentence}")
    return study


def was_made_of(path: Path, images: Sequence[Path], um_per_px: float | None, *, embed: bool) -> bool:
    """Whether a study is there already that these images make, so that an interrupted command can go on with it."""
    if path.suffix.lower() not in STUDY_SUFFIXES or not path.is_file():
        return False
    with open_study(path, user_name(), read_only=True) as session:
        records = session.study.images.values()
    files = list(dict.fromkeys(image.resolve() for image in images))
    try:
        wanted = sorted(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
    except OSError:
        return False  # which one it is will be told when it is imported
    scales = {record.calibration.um_per_px for record in records if record.calibration is not None}
    return (
        wanted == sorted(record.sha256 for record in records)
        and (um_per_px is None or scales == {um_per_px})
        and all(record.embedded is embed for record in records)
    )


def check_new(path: Path) -> None:
    """Refuse a place where no study can be made, before any image is read.

    Raises:
        UserFacingError: if the name is not a study's, something has it already, or the folder is missing.
    """
    if path.suffix.lower() not in STUDY_SUFFIXES:
        raise UserFacingError("the name of a study ends in .h5", file=path, remedy="Choose such a name.")
    if path.is_dir():
        raise UserFacingError("a folder has this name", file=path, remedy="Choose another name.")
    if path.exists():
        remedy = f"Choose another name, or go on with that study: {detect_command(path)}"
        raise UserFacingError("there is already a file of this name", file=path, remedy=remedy)
    if not path.absolute().parent.is_dir():
        raise UserFacingError("the folder does not exist", file=path.absolute().parent, remedy="Make it first.")


def detect_command(study: Path) -> str:
    """What to type to detect in a study."""
    return f"trichodesk detect {shlex.quote(str(study))}"


def _tell(session: Session) -> None:
    for message in (session.recovered.message, *session.recovered.notices):
        if message:
            say(message)
