"""What a worker may use, held to by itself: the system stops it where it can, a timer of its own does everywhere."""

import faulthandler
import math
import os
import sys
from pathlib import Path
from typing import TextIO

from workstation.isolation.allowance import Allowance

if sys.platform != "win32":
    import resource

OPEN_FILES = 64


class Limits:
    """Those of this process. Made once, when all that the work needs is imported."""

    def __init__(self) -> None:
        self._nowhere: TextIO = open(os.devnull, "w")  # noqa: SIM115 - as long as the process lives
        if sys.platform != "win32":
            _lower(resource.RLIMIT_CORE, 0)  # a picture of somebody's head has no business in a core dump
            _lower(resource.RLIMIT_NOFILE, OPEN_FILES)

    def allow(self, allowance: Allowance) -> None:
        """Begin a piece of work, or its next part: from now on it may use this much."""
        # by a thread that needs no interpreter: also where it is stuck inside a library
        faulthandler.dump_traceback_later(allowance.seconds, exit=True, file=self._nowhere)
        if sys.platform != "win32":
            used = resource.getrusage(resource.RUSAGE_SELF)
            _lower(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + allowance.cpu_seconds))
            if taken := _address_space():
                _lower(resource.RLIMIT_AS, taken + allowance.memory_bytes)

    def lift(self) -> None:
        """The work is done; what follows is the program's own."""
        faulthandler.cancel_dump_traceback_later()
        if sys.platform != "win32":
            for kind in (resource.RLIMIT_CPU, resource.RLIMIT_AS):
                _lower(kind, resource.RLIM_INFINITY)


if sys.platform != "win32":

    def _lower(kind: int, soft: int) -> None:
        """Set the limit that holds; never above the one that the system gave."""
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            soft = hard if soft == resource.RLIM_INFINITY else min(soft, hard)
        resource.setrlimit(kind, (soft, hard))


def _address_space() -> int:
    """What this process takes at present, in bytes; 0 where the system does not tell, or does not keep such a limit."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
