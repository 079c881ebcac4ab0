"""The installed command `trichodesk`: the commands that need no window, and the window."""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

INTERRUPTED = 130
FAILED = 1


def main() -> int:
    """Run the program; gives its exit status.

    The program is imported only here, so that Ctrl-C ends it without a traceback from its first moment.
    """
    signal.signal(signal.SIGINT, _end_at_once)
    from ui.display_server import has_display

    open_window = _open_window if has_display() else None
    if open_window is not None and _asks_for_window(sys.argv[1:]):
        return open_window(Path(sys.argv[1]) if sys.argv[1:] else None)
    from workstation.cli.application import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    return run(open_window=open_window)


def _asks_for_window(arguments: list[str]) -> bool:
    """Nothing at all, or one study: a window should not wait for what the commands stand on."""
    if not arguments:
        return True
    return len(arguments) == 1 and Path(arguments[0]).suffix.lower() in (".h5", ".hdf5")


def _open_window(study: Path | None, *, detect: bool = False) -> int:
    try:
        from ui.launch import run
    except ImportError as error:  # a system library that Qt needs
        what = f"the window cannot be opened ({error})"
        os.write(2, f"trichodesk: {what}. `make run` installs what is missing, or names it.\n".encode())
        return FAILED
    return run(study, detect=detect)


def _end_at_once(_number: int, _frame: FrameType | None) -> None:
    """While modules are imported nothing is open, and an exception in between would be shown as theirs."""
    os.write(2, b"trichodesk: interrupted; no file was changed.\n")
    os._exit(INTERRUPTED)
