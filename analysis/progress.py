"""How long work tells how far it is, and how it is stopped."""

from collections.abc import Callable

Report = Callable[[str, float], None]
"""Called with the stage's name and the share of the whole work that is done (0 to 1).

A report may raise `Cancelled`; the work then ends at once and has changed nothing.
"""


class Cancelled(Exception):
    """The user cancelled the work that was in progress."""


def silent(stage: str, fraction: float) -> None:
    """A report that nobody reads."""


def part_of(report: Report, start: float, share: float) -> Report:
    """A report for a piece of work that makes up `share` of the whole and begins at `start`."""

    def piece(stage: str, fraction: float) -> None:
        report(stage, start + share * fraction)

    return piece
