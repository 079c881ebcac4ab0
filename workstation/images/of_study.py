"""The images of a study: found inside its folder alone, and read only if they are what was imported."""

import hashlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from workstation.errors import UserFacingError
from workstation.images.header import DEFAULT_MAX_MEGAPIXELS, opened
from workstation.images.loading import LoadedImage, load, read_all

if TYPE_CHECKING:  # a worker, which decodes alone, starts sooner without it
    from workstation.model.study import ImageRecord

Embedded = Callable[["ImageRecord"], bytes]
"""Gives the bytes of an image that is kept inside the study file."""


def file_of(study_folder: Path, record: "ImageRecord") -> Path:
    """Where an image lies, without links.

    Raises:
        UserFacingError: if its path leads out of the study's folder, be it by `..`, an absolute path or a link.
    """
    path = record.path
    parts = PurePosixPath(path).parts
    foreign = PureWindowsPath(path)
    if not parts or "\0" in path or "\\" in path or ".." in parts or path.startswith("/") or foreign.drive:
        raise _outside(path)
    root = study_folder.resolve()
    try:
        found = root.joinpath(*parts).resolve()
    except (OSError, RuntimeError) as error:
        raise _outside(path) from error
    if not found.is_relative_to(root):
        raise _outside(path)
    return found


def _outside(path: str) -> UserFacingError:
    return UserFacingError(
        "the study names an image outside its own folder, which is never read",
        file=path,
        remedy="Import the image again.",
    )


def load_of(
    study_folder: Path,
    record: "ImageRecord",
    *,
    max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
    embedded: Embedded | None = None,
) -> LoadedImage:
    """Decode an image of a study after checking that it is the one that was imported.

    Raises:
        UserFacingError: if it is missing, has changed since, or as `load`.
    """
    name = Path(record.path)
    return load(verified_bytes(study_folder, record, embedded), max_megapixels=max_megapixels, name=name)


def verify_unchanged(study_folder: Path, record: "ImageRecord", embedded: Embedded | None = None) -> None:
    """Check that an image of a study is there and is the one that was imported, without decoding it.

    Raises:
        UserFacingError: if it is not.
    """
    verified_bytes(study_folder, record, embedded)


def verified_bytes(study_folder: Path, record: "ImageRecord", embedded: Embedded | None = None) -> bytes:
    """The bytes of an image of a study, whose SHA-256 is the one taken at import.

    Raises:
        UserFacingError: if the image is missing or has changed since.
    """
    if record.embedded and embedded is not None:
        data, where = embedded(record), Path(record.path)
    else:
        where = file_of(study_folder, record)
        with opened(where) as file:
            data = read_all(file, where)
    found = hashlib.sha256(data).hexdigest()
    if found != record.sha256:
        raise UserFacingError(
            f"the image changed since it was imported (SHA-256 {found[:12]}… instead of {record.sha256[:12]}…)",
            file=where,
            remedy="Put the original file back in its place, or import this one as a new image.",
        )
    return data
