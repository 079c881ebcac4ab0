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
    arguments = sys.argv[1:]
    if _asks_for_window(arguments):
        return _open_asked(Path(arguments[0]) if arguments else None)
    from ui.display_server import has_display
    from workstation.cli.application import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    return run(open_window=_open_window if has_display() else None)


def _asks_for_window(arguments: list[str]) -> bool:
    """Nothing at all, or one study file; everything else is for the command line to understand."""
    if not arguments:
        return True
    first = Path(arguments[0])
    return len(arguments) == 1 and not arguments[0].startswith("-") and first.suffix.lower() in (".h5", ".hdf5")


def _open_asked(study: Path | None) -> int:
    from ui.display_server import WITHOUT_SCREEN, has_display

    if not has_display() and os.environ.get("QT_QPA_PLATFORM", "") not in WITHOUT_SCREEN:
        what = "there is no display to open a window on"
        remedy = "`trichodesk --help` lists the commands that need none."
        os.write(2, f"trichodesk: {what}. {remedy}\n".encode())
        return FAILED
    return _open_window(study)


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
