"""File names that every system accepts and that are unique within a study."""

import unicodedata
from collections.abc import Iterator

from workstation.manifest import ManifestRow

FORBIDDEN = frozenset('<>:"/\\|?*')
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
MAX_STEM_BYTES = 120
MAX_SUFFIX = 10


def safe_stem(text: str) -> str:
    """A file name without suffix that Windows, macOS and Linux accept, as like the text as can be."""
    plain = unicodedata.normalize("NFC", text)
    name = "".join("_" if c in FORBIDDEN or not c.isprintable() else c for c in plain)
    name = name.encode("utf-8", "replace")[:MAX_STEM_BYTES].decode("utf-8", "ignore").strip(" .")
    if not name:
        return "image"
    return f"_{name}" if name.split(".")[0].casefold() in RESERVED else name


def safe_suffix(suffix: str) -> str:
    """`.jpg` and the like; empty where there is none worth keeping."""
    kept = "".join(c for c in suffix[1:] if c.isascii() and c.isalnum())
    return f".{kept[:MAX_SUFFIX]}" if kept else ""


def folded(stem: str) -> str:
    """What two names must differ in, so that they are two on Windows and macOS as well."""
    return unicodedata.normalize("NFC", stem).casefold()


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
