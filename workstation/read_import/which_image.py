"""Which image of a study a file is of: by the image's SHA-256, else by its name; never by a guess."""

from collections.abc import Mapping
from pathlib import Path, PurePath

from workstation.errors import UserFacingError
from workstation.file_names import folded, safe_name
from workstation.image_names import image_names, stem_of
from workstation.model.study import ImageRecord, Study
from workstation.read_import.found import FoundRead


def image_of(study: Study, found: FoundRead, file: Path, given: str = "") -> tuple[ImageRecord, list[str]]:
    """The image, and what is to be said of how it was found.

    Args:
        study: the study.
        found: what the file says.
        file: the file: where it names no image, its own name does.
        given: the image's name as the user has it; goes before what the file says.

    Raises:
        UserFacingError: if there is none, there are several, or its size is another one.
    """
    names = image_names(study)
    said: list[str] = []
    same_bytes = [i for i, image in study.images.items() if found.sha256 and image.sha256 == found.sha256]
    wanted = given or found.image_name or file.stem
    if given or not same_bytes:
        ids = _named(study, names, wanted, whole_name=bool(given or found.image_name))
    else:
        ids = same_bytes if len(same_bytes) == 1 else [i for i in same_bytes if folded(names[i]) == folded(wanted)]
        ids = ids or same_bytes
    if len(ids) != 1:
        raise _unclear(ids, names, wanted, file)
    image = study.images[ids[0]]
    if found.sha256 and image.sha256 != found.sha256:
        said.append(f"It was made on another file of the name {wanted}: its SHA-256 is not that of the study's image.")
    if found.size_px is not None and found.size_px != (image.width_px, image.height_px):
        width, height = found.size_px
        raise UserFacingError(
            f"it is of an image of {width} × {height} px, but {names[image.id]} has "
            f"{image.width_px} × {image.height_px} px",
            file=file,
            remedy="Import it into the study that has that image.",
        )
    return image, said


def _named(study: Study, names: Mapping[int, str], wanted: str, *, whole_name: bool) -> list[int]:
    """The images called so: in tables, or when they were imported; the suffix need not be told."""
    plain = PurePath(wanted.replace("\\", "/")).name
    found: list[int] = []
    for id_, image in study.images.items():
        called = {names[id_], image.source_name, PurePath(image.path).name}
        if folded(plain) in {folded(name) for name in called if name}:
            found.append(id_)
    if found:
        return found
    stem = safe_name(PurePath(plain).stem if whole_name else plain)
    stems = {i: {stem_of(names[i]), PurePath(image.source_name).stem} for i, image in study.images.items()}
    return [i for i, known in stems.items() if folded(stem) in {folded(name) for name in known if name}]


def _unclear(ids: list[int], names: Mapping[int, str], wanted: str, file: Path) -> UserFacingError:
    if not ids:
        return UserFacingError(
            f"the study has no image {wanted}",
            file=file,
            remedy="Give the file the image's name, or name the image with --image.",
        )
    listed = ", ".join(names[i] for i in ids[:5])
    return UserFacingError(
        f"{len(ids)} images of the study may be meant: {listed}",
        file=file,
        remedy="Give the file the name of one, or name it with --image.",
    )
