"""What was dropped on the window: a study, a manifest, or images, loose or in folders."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData

from workstation.importing.dicom_facts import is_dicom

STUDY_SUFFIXES = (".h5", ".hdf5")
IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".dcm", ".dicom")
MANIFEST_SUFFIX = ".csv"
MOST_FILES = 20_000
MOST_SEEN = 100_000
OF_A_STUDY = ".images"
"""How the folder of a study's own copies ends."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """One of the three, the others empty."""

    study: Path | None = None
    manifest: Path | None = None
    images: tuple[Path, ...] = ()


def what_was_dropped(data: QMimeData) -> Dropped | None:
    """What a drag carries; None where it is nothing that the window can open."""
    return sorted_out([Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()])


def sorted_out(paths: list[Path]) -> Dropped | None:
    """What paths are: the first study, else the first manifest, else all images, those in folders included."""
    for path in paths:
        if path.suffix.lower() in STUDY_SUFFIXES:
            return Dropped(study=path)
    for path in paths:
        if path.suffix.lower() == MANIFEST_SUFFIX:
            return Dropped(manifest=path)
    images = images_in(paths)
    return Dropped(images=images) if images else None


def images_in(paths: list[Path]) -> tuple[Path, ...]:
    """Image files by their names, those in folders included, however deep, in order; what cannot be read is none."""
    found: list[Path] = []
    for path in paths:
        with suppress(OSError):
            files = _files_in(path) if path.is_dir() else [path]
            found += [file for file in files if _is_image(file)]
    return tuple(dict.fromkeys(found[:MOST_FILES]))


def _files_in(folder: Path) -> Iterator[Path]:
    """All files below a folder, folder by folder; hidden ones and those of a study are left out."""
    seen = 0
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and not f.endswith(OF_A_STUDY))
        seen += len(files) + len(folders)
        if seen > MOST_SEEN:  # somebody drops a whole disk
            return
        yield from (Path(at, name) for name in sorted(files) if not name.startswith("."))


def _is_image(file: Path) -> bool:
    """By its name; DICOM files often have no suffix, and are known by their first bytes."""
    return file.is_file() and (file.suffix.lower() in IMAGE_SUFFIXES or (not file.suffix and is_dicom(file)))
