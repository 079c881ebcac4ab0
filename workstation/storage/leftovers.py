"""What a killed program leaves beside a study: a half-written file, a half-made lock."""

import contextlib
import re
import time
from pathlib import Path

from workstation.storage.lock import lock_path

LOCKING_TAKES_S = 60.0
"""Longer than anybody needs to make a lock file."""


def remove_leftovers(path: Path) -> None:
    """Remove what a killed program left beside the study; whoever holds the lock is the only one who saves."""
    half_saved = re.compile(rf"\.{re.escape(path.stem[:80])}\.[0-9a-f]{{12}}\.tmp{re.escape(path.suffix)}")
    half_locked = re.compile(rf"{re.escape(lock_path(path).name)}\.[0-9a-f]{{32}}")
    beside: list[Path] = []
    with contextlib.suppress(OSError):  # a folder may be written and not be listed
        beside = list(path.parent.iterdir())
    for found in beside:
        with contextlib.suppress(OSError):
            # another program may be about to try the lock
            is_old = time.time() - found.stat().st_mtime > LOCKING_TAKES_S
            if half_saved.fullmatch(found.name) or (is_old and half_locked.fullmatch(found.name)):
                found.unlink()
