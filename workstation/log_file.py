"""The program's log, and all that it says of its own errors: no patient is named, so that whoever asks for help can
send it as it is.

Messages are written without the texts that were put into them: files are named after subjects, comments quote people.
What stays is what a programmer needs: when, where in the code, which kind of error, and numbers.
"""

import errno
import logging
import re
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE_NAME = "trichodesk.log"
MAX_BYTES = 1_000_000
OLD_FILES = 2
HIDDEN = "…"
MAX_FRAMES = 40
"""Of one error: endless recursion has a thousand."""

_OWN_ROOT = f"{Path(__file__).parents[1].as_posix()}/"
_ABOUT_CODE = (AttributeError, NameError, ImportError, TypeError, IndexError, ArithmeticError, RecursionError)
"""Their words come from the code alone."""
_CODE_FILE = re.compile(r'File "([^"\n]*)"')
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|‹[^›\n]*›|„[^“\n]*“|“[^”\n]*”")
_PATH = re.compile(r"(?:\b[A-Za-z]:[\\/]|\\\\|(?<![\w/.])~?/(?=[^\s/]))[^\n]*?(?=: |, |$)", re.MULTILINE)


def without_names(text: str) -> str:
    """A text without what may name a patient: nothing quoted, no path but that of code, from its package on."""
    return "\n".join(_line_without_names(line) for line in text.splitlines())


def anonymous_trace(error: BaseException) -> str:
    """The traceback of an error and of those that led to it, without the texts that may name a patient."""
    parts: list[str] = []
    link, seen = "", set[int]()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        parts.insert(0, f"{_frames(current)}{_named(current)}{link}")
        link = "\nwhich led to:" if current.__cause__ is not None else "\nand, while that was dealt with:"
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(parts)


class AnonymousFormatter(logging.Formatter):
    """Writes a log record without the texts that were put into its message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, or more with a traceback."""
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {_message(record)}"
        error = record.exc_info[1] if record.exc_info else None
        return line if error is None else f"{line}\n{anonymous_trace(error)}"


def log_to(folder: Path) -> logging.Handler:
    """Have everything logged in a file in a folder, which begins anew when it is large.

    Returns:
        What does it; `stop_logging` ends it.
    """
    handler = RotatingFileHandler(
        folder / FILE_NAME, maxBytes=MAX_BYTES, backupCount=OLD_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(AnonymousFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(min(root.level, logging.INFO) or logging.INFO)
    for noisy in ("matplotlib", "PIL", "h5py"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return handler


def log_to_terminal() -> None:
    """Have warnings on standard error, unless they go anywhere yet; whoever asks for help copies them from there."""
    root = logging.getLogger()
    if not root.handlers:
        handler = logging.StreamHandler()
        handler.setLevel(logging.WARNING)
        handler.setFormatter(AnonymousFormatter())
        root.addHandler(handler)


def stop_logging(handler: logging.Handler) -> None:
    """Close the log."""
    logging.getLogger().removeHandler(handler)
    handler.close()


def tail(folder: Path, n_lines: int = 60) -> str:
    """The last lines of the log; empty where there is none."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - 200 * n_lines))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-n_lines:])


def _message(record: logging.LogRecord) -> str:
    template = record.msg if isinstance(record.msg, str) else str(_masked(record.msg))
    if not record.args:
        return without_names(template)
    try:
        if isinstance(record.args, dict):
            filled = template % {key: _masked(value) for key, value in record.args.items()}
        else:
            filled = template % tuple(_masked(value) for value in record.args)
    except (TypeError, ValueError):  # %d of a text, say
        filled = template
    return filled


def _masked(value: object) -> object:
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    if isinstance(value, BaseException):
        return type(value).__name__
    return f"{HIDDEN}{value.suffix}" if isinstance(value, Path) else HIDDEN


def _frames(error: BaseException) -> str:
    frames = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)
    shown = frames[-MAX_FRAMES:]
    cut = [f"  ({len(frames) - len(shown)} more)\n"] if len(frames) > len(shown) else []
    lines = [f'  File "{_from_package(f.filename)}", line {f.lineno}, in {f.name}\n' for f in shown]
    return "".join([*cut, *lines])


def _named(error: BaseException) -> str:
    kind = type(error).__name__
    if isinstance(error, OSError) and error.errno is not None:
        return f"{kind}: {errno.errorcode.get(error.errno, error.errno)}"
    if isinstance(error, _ABOUT_CODE) and (text := _PATH.sub(HIDDEN, str(error))):
        return f"{kind}: {text}"
    return kind  # other words may name files and people; the lines above say which error it is


def _line_without_names(line: str) -> str:
    if (code := _CODE_FILE.search(line)) is not None:
        return f'{line[: code.start()]}File "{_from_package(code.group(1))}"{line[code.end() :]}'
    return _PATH.sub(HIDDEN, _QUOTED.sub(HIDDEN, line))


def _from_package(file: str) -> str:
    """`ui/saving.py` of `/home/zoe/programs/trichodesk/ui/saving.py`."""
    path = file.replace("\\", "/")
    for root in (_OWN_ROOT, "/site-packages/"):
        if root in path:
            return path.rpartition(root)[2]
    return path.rpartition("/")[2]
