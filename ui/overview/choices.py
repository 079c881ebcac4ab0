"""What of an overview is wanted: words that a subject's row holds, and a kind of visit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ui.overview.wording import WORDS, subject_line
from workstation.model.study import Subject
from workstation.trial.overview import Cell, Progress, Row, Timing


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind of visit to look for."""

    text: str
    fits: Callable[[Cell], bool]


def _is(progress: Progress) -> Choice:
    word = WORDS[progress]
    return Choice(word[:1].upper() + word[1:], lambda cell: cell.progress is progress)


ALL = Choice("All visits", lambda _: True)
CHOICES = (
    ALL,
    Choice("Missed", lambda cell: cell.timing is Timing.MISSED),
    Choice("Early or late", lambda cell: cell.timing in (Timing.EARLY, Timing.LATE)),
    Choice("With a warning", lambda cell: bool(cell.warnings or cell.missing_sites)),
    *map(_is, (Progress.NO_IMAGE, Progress.NOT_DETECTED, Progress.DETECTED, Progress.IN_REVIEW, Progress.RETURNED)),
    Choice("Submitted or further", lambda cell: cell.progress >= Progress.SUBMITTED),
    Choice("Accepted or signed", lambda cell: cell.progress >= Progress.ACCEPTED),
)


def chosen_rows(rows: Iterable[Row], text: str, choice: Choice) -> list[Row]:
    """The rows whose subject says all the words of a text, in any order, and which have such a visit."""
    words = text.casefold().split()
    return [row for row in rows if _says(row.subject, words) and any(map(choice.fits, row.cells))]


def _says(subject: Subject, words: Iterable[str]) -> bool:
    line = f"{subject.id} {subject_line(subject)}".casefold()
    # "male" is no part of "female" to a person
    return all(any(part.startswith(word) for part in line.split()) for word in words)
