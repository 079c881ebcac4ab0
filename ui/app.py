"""The installed command `trichodesk`: the commands that need no window, and the window."""

import os
import signal
from types import FrameType

INTERRUPTED = 130


def main() -> int:
    """Run the program; gives its exit status.

    The program is imported only here, so that Ctrl-C ends it without a traceback from its first moment.
    """
    signal.signal(signal.SIGINT, _end_at_once)
    from workstation.cli.application import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    return run()


def _end_at_once(_number: int, _frame: FrameType | None) -> None:
    """While modules are imported nothing is open, and an exception in between would be shown as theirs."""
    os.write(2, b"trichodesk: interrupted; no file was changed.\n")
    os._exit(INTERRUPTED)
