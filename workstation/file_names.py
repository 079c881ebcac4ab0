"""Names that Windows, macOS and Linux accept as a file's."""

import re
import unicodedata

FORBIDDEN = frozenset('<>:"/\\|?*')
MAX_BYTES = 120
"""Of a name's stem, in UTF-8: file systems take 255 with what is put around it."""
MAX_SUFFIX = 10
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def safe_name(text: str, max_bytes: int = MAX_BYTES) -> str:
    """A file name without suffix, as like the text as can be; empty where nothing is left of it.

    It begins like no formula, so that it stands in a table as it is.
    """
    plain = unicodedata.normalize("NFC", text)
    name = "".join("_" if c in FORBIDDEN or not c.isprintable() else c for c in plain)
    name = re.sub(r"^[=+@-]", "_", name.strip(" ."))
    name = f"_{name}" if _RESERVED.fullmatch(name) else name
    return name.encode("utf-8", "replace")[:max_bytes].decode("utf-8", "ignore").rstrip(" .")


def safe_suffix(suffix: str) -> str:
    """`.jpg` and the like; empty where there is none worth keeping."""
    kept = "".join(c for c in suffix[1:] if c.isascii() and c.isalnum())
    return f".{kept[:MAX_SUFFIX]}" if kept else ""


def folded(name: str) -> str:
    """What two names must differ in, so that they are two on Windows and macOS as well."""
    return unicodedata.normalize("NFC", name).casefold()


def words_of(text: str) -> list[str]:
    """The words of a text, runs of letters and digits, folded."""
    return _WORD.findall(folded(text))
