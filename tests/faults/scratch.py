"""Where files are written that nobody keeps: in memory where that can be, for syncing a disk takes longest."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from workstation.home import HOME_VARIABLE

IN_MEMORY = Path("/dev/shm")


@contextmanager
def scratch_folder(*, on_disk: bool = False) -> Iterator[Path]:
    """A folder that is gone afterwards; the program's own files lie in it meanwhile, also those of child processes."""
    place = IN_MEMORY if IN_MEMORY.is_dir() and not on_disk else None
    with tempfile.TemporaryDirectory(dir=place, prefix="trichodesk-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        with patch.dict("os.environ", {HOME_VARIABLE: str(home)}):
            yield Path(folder)
