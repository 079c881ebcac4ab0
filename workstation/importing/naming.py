"""What an imported image is called in the study's folder of images."""

from collections.abc import Iterator

from workstation.file_names import safe_name
from workstation.manifest import ManifestRow


def safe_stem(text: str) -> str:
    """A safe file name without suffix, never empty."""
    return safe_name(text) or "image"


def candidates(row: ManifestRow, plain_is_free: bool) -> Iterator[str]:
    """Names without suffix for an image, in order of preference, without end: the first that is free is taken.

    The image's own name, if no other image of the study has it; else `<subject>_<visit>_<site>_<name>`; else that
    with a number.
    """
    if plain_is_free:
        yield safe_stem(row.image.stem)
    long = safe_stem(f"{row.subject}_{row.visit}_{row.site}_{row.image.stem}")
    yield long
    number = 2
    while True:
        yield f"{long}_{number}"
        number += 1
