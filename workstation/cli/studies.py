"""Opening and making studies for the commands."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.console import say
from workstation.errors import UserFacingError
from workstation.importing import discard_embedded, embedded_files, images_folder
from workstation.model.study import Study
from workstation.session import Session, create_study, open_study
from workstation.settings import Settings, load_settings

HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"

StudyPath = Annotated[Path, typer.Argument(metavar="STUDY.h5", help="The study file.")]
Embed = Annotated[bool, typer.Option("--embed", help="Keep the images inside the study file, not beside it.")]


def settings() -> Settings:
    """The user's settings; should they be unreadable, that is said."""
    return load_settings(say)


def user_name() -> str:
    """Who works: the reader's name of the settings, else the name of the account."""
    return settings().reader or getpass.getuser()


def is_study(path: Path) -> bool:
    """Whether a path means a study: by its name, or by its first bytes."""
    if path.suffix.lower() in (".h5", ".hdf5"):
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
    if session.read_only_because is not None:
        session.close()
        raise UserFacingError(
            f"the study cannot be changed now: {session.read_only_because.removesuffix('.')}", file=path
        )
    _tell(session)
    return session


def refuse_existing(path: Path) -> None:
    """Refuse to make a study where a file is, before any image is read.

    Raises:
        UserFacingError: if there is one, or the folder is missing.
    """
    if path.exists():
        raise UserFacingError("there is already a file of this name", file=path, remedy="Choose another name.")
    if not path.absolute().parent.is_dir():
        raise UserFacingError("the folder does not exist", file=path.absolute().parent, remedy="Make it first.")


def save_new(study: Study, path: Path) -> None:
    """Put a new study in its file; its images lie in their place."""
    folder = path.absolute().parent
    create_study(path, study, image_files=embedded_files(study, folder))
    discard_embedded(study, folder)
    if any(not record.embedded for record in study.images.values()):
        say(f"{path}: {len(study.images)} images, kept in {images_folder(path).name}/ beside it.")
    else:
        say(f"{path}: {len(study.images)} images, kept inside.")


def _tell(session: Session) -> None:
    for message in (session.recovered.message, *session.recovered.notices):
        if message:
            say(message)
