"""What a worker's piece of work is given and gives back."""

from collections.abc import Callable
from typing import Any, BinaryIO

from workstation.isolation.allowance import Allowance

Plain = dict[str, Any]
"""What JSON can say."""
Allow = Callable[[Allowance], None]
"""Allows the work more for its next part."""
Task = Callable[[Plain, BinaryIO, Allow], Plain]
"""Gets the arguments and the shared file, at its beginning."""


def read_exactly(file: BinaryIO, into: Any) -> None:
    """Fill a buffer from an unbuffered file.

    Raises:
        EOFError: if it ends before.
    """
    view = memoryview(into).cast("B")
    while view:
        n = file.readinto(view)  # type: ignore[attr-defined]
        if not n:
            raise EOFError("the shared file is too short")
        view = view[n:]


def write_all(file: Any, data: Any) -> None:
    """Write a whole buffer to an unbuffered file."""
    view = memoryview(data).cast("B")
    while view:
        view = view[file.write(view) :]
