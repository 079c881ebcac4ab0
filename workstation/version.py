"""Which version of the program this is."""

from functools import cache
from importlib import metadata


@cache
def software_version() -> str:
    """The installed version, as it is written into files: `0.1.0`."""
    return metadata.version("trichodesk")
