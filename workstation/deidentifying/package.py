"""Writing a de-identified package: a study file and its pictures in a folder, looked through at the end."""

import contextlib
import secrets
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.progress import Report, silent
from workstation.clock import utc_seconds
from workstation.deidentifying.key import Key, Shuffle, make_key, write_key
from workstation.deidentifying.pictures import CleanPicture, clean_picture
from workstation.deidentifying.searching import Finding, search_package, secrets_of
from workstation.deidentifying.study import deidentified
from workstation.endpoints import um_per_px
from workstation.errors import UserFacingError
from workstation.images import load_of
from workstation.importing.placing import images_folder
from workstation.model.read import DETECTOR
from workstation.model.study import Study
from workstation.session import Session
from workstation.storage.atomic import explain
from workstation.writing import create_study

STUDY_NAME = "study.h5"
FINDINGS_SHOWN = 10
LOOK_AT_EACH = (
    "Look at each image before you pass it on: what is not found cannot be masked, and a scalp may be recognised."
)


def at_random(values: list[str]) -> None:
    """Bring values into an order that nobody can foretell."""
    secrets.SystemRandom().shuffle(values)


@dataclass(frozen=True, slots=True)
class Package:
    """What was written."""

    study: Path
    images: tuple[Path, ...]
    key: Path | None
    masked: Mapping[str, int]
    """Regions that were masked, by the image's new file name; only images that have some."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What its maker should know."""
        n = len(self.images)
        told = f"{n} image{'s' if n != 1 else ''}; text and margins were masked in {len(self.masked)} of them."
        no_key = "No key was written: nobody can tell any more which code stands for whom."
        return (told, LOOK_AT_EACH) if self.key is not None else (told, LOOK_AT_EACH, no_key)


def write_package(
    session: Session,
    out_dir: Path,
    *,
    key_file: Path | None = None,
    keep_comments: bool = False,
    shuffle: Shuffle = at_random,
    report: Report = silent,
) -> Package:
    """Write a study without what tells of whom, when and by whom it is.

    Last of all the package is searched for every subject code, date, reader and file name of the original; where one is
    found, nothing is left behind.

    Args:
        session: the open study.
        out_dir: the folder; it is made, or empty.
        key_file: where to write what stands for what, outside that folder; None: nobody can tell any more.
        keep_comments: free text stays.
        shuffle: brings the subjects into a random order.
        report: told of the progress; may cancel.

    Raises:
        UserFacingError: if an image is missing, something cannot be written, or something is found in the end.
        Cancelled: if the report asks for it.
    """
    check_places(out_dir, key_file)
    study, now_utc = session.study, utc_seconds()
    key = make_key(study, shuffle)
    made_folder = not out_dir.exists()
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error, out_dir) from error
    with contextlib.ExitStack() as stack:
        stack.callback(_clear, out_dir, made_folder)
        path = out_dir / STUDY_NAME
        pictures = _write_pictures(session, key, images_folder(path), report)
        new = deidentified(
            study,
            key,
            pictures,
            study_id=str(uuid.uuid4()),
            now_utc=now_utc,
            folder=images_folder(path).name,
            keep_comments=keep_comments,
        )
        create_study(path, new, user=DETECTOR)  # nobody's name is in the package
        report("searching the package", 0.95)
        _refuse_findings(search_package(out_dir, secrets_of(study, session.path), since_utc=now_utc), out_dir)
        masked = {i: len(picture.masked_px) for i, picture in pictures.items()}
        if key_file is not None:
            write_key(key_file, key, study, new.id, masked)
        stack.pop_all()
    files = tuple(images_folder(path) / name for name in key.images.values())
    return Package(path, files, key_file, {key.images[i]: n for i, n in masked.items() if n})


def check_places(out_dir: Path, key_file: Path | None) -> None:
    """See that a package and its key can go where they shall.

    Args:
        out_dir: the folder of the package.
        key_file: the key's; None: there will be none.

    Raises:
        UserFacingError: if the folder is not empty, or the key would lie in it, replace a file or has no folder.
    """
    if out_dir.exists() and (not out_dir.is_dir() or any(out_dir.iterdir())):
        raise UserFacingError(
            "the folder of a de-identified package must be empty",
            file=out_dir,
            remedy="Name a folder that is not there yet.",
        )
    if key_file is None:
        return
    if key_file.resolve().is_relative_to(out_dir.resolve()):
        raise UserFacingError(
            "the key would lie in the package that it opens",
            file=key_file,
            remedy="Name a file outside of that folder.",
        )
    if not key_file.parent.is_dir():
        raise UserFacingError("the key's folder does not exist", file=key_file, remedy="Make the folder first.")
    if key_file.exists():
        raise UserFacingError(
            "there is already a file of this name", file=key_file, remedy="Choose another name for the key."
        )


def _write_pictures(session: Session, key: Key, folder: Path, report: Report) -> dict[int, CleanPicture]:
    study: Study = session.study
    home = session.path.parent
    pictures: dict[int, CleanPicture] = {}
    try:
        folder.mkdir()
        for done, (id_, record) in enumerate(study.images.items()):
            report("masking and writing images", 0.9 * done / len(study.images))
            pixels = load_of(home, record, embedded=lambda image: session.image_file(image.id)).pixels
            picture = clean_picture(pixels, um_per_px(record))
            (folder / key.images[id_]).write_bytes(picture.png)
            pictures[id_] = _without_bytes(picture)
    except OSError as error:
        raise explain(error, folder) from error
    return pictures


def _without_bytes(picture: CleanPicture) -> CleanPicture:
    """What is still needed of a picture that is written: memory must not grow with the study."""
    return CleanPicture(b"", picture.sha256, picture.masked_px)


def _refuse_findings(found: list[Finding], out_dir: Path) -> None:
    if not found:
        return
    shown = [str(finding) for finding in found[:FINDINGS_SHOWN]]
    if len(found) > FINDINGS_SHOWN:
        shown.append(f"… and {len(found) - FINDINGS_SHOWN} more")
    raise UserFacingError(
        "\n  ".join(["the package was not kept, for it still held what should not be in it:", *shown]),
        file=out_dir,
        remedy="Change these texts in a copy of the study, and try again.",
    )


def _clear(folder: Path, made: bool) -> None:
    """Take back what was written; the folder was empty before."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    if made:
        with contextlib.suppress(OSError):
            folder.rmdir()
